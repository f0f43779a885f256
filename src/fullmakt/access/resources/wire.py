"""Resources and their rules as JSON: the platform's names; what is empty is left out."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import UNSET, UnsetType

from fullmakt.access.resources.model import Resource
from fullmakt.access.resources.rules import RuleAttribute, RuleCombination
from fullmakt.foundation.terms.text import LocalizedText

_AVAILABLE_FOR = ("LegalEntityEnterprise", "Company")


class Reference(msgspec.Struct, rename="camel"):
    """Where else the service is known."""

    reference_source: str
    reference: str
    reference_type: str


class Contact(msgspec.Struct, rename="camel"):
    """Where the owner answers questions."""

    category: str
    email: str
    telephone: str
    contact_page: str


class Authority(msgspec.Struct, rename="camel", omit_defaults=True):
    """The owner of a resource."""

    organization: str
    orgcode: str
    name: dict[str, str] | UnsetType = UNSET


class Attribute(msgspec.Struct):
    """An attribute id and the value asked about."""

    id: str
    value: str


class ServiceResource(msgspec.Struct, rename="camel"):
    """One resource."""

    identifier: str
    version_id: int
    title: dict[str, str]
    contact_points: list[Contact]
    delegable: bool
    visible: bool
    has_competent_authority: Authority
    access_list_mode: str
    self_identified_user_enabled: bool
    enterprise_user_enabled: bool
    resource_type: str
    authorization_reference: list[Attribute]
    description: dict[str, str] | UnsetType = UNSET
    right_description: dict[str, str] | UnsetType = UNSET
    resource_references: list[Reference] | UnsetType = UNSET
    available_for_type: list[str] | UnsetType = UNSET


class TypedAttribute(msgspec.Struct):
    """An attribute id and a value, as rules list them."""

    type: str
    value: str


class FlatRule(msgspec.Struct):
    """One way to be let in: who, doing what, on which resource."""

    subject: list[TypedAttribute]
    action: TypedAttribute
    resource: list[TypedAttribute]


class Subject(msgspec.Struct):
    """A subject that a policy names."""

    type: str
    value: str
    urn: str


class Links(msgspec.Struct):
    """Where the next page is; absent on the last."""

    next: str | UnsetType = UNSET


class Subjects(msgspec.Struct):
    """A page of subjects."""

    links: Links
    data: list[Subject]


def write_resource(resource: Resource) -> ServiceResource:
    """The resource as the registry shows it."""
    return ServiceResource(
        identifier=resource.identifier,
        version_id=resource.version_id,
        title=resource.title.as_mapping(),
        description=_text(resource.description),
        right_description=_text(resource.right_description),
        contact_points=[
            Contact(each.category, each.email, each.telephone, each.contact_page)
            for each in resource.contact_points
        ],
        resource_references=[
            Reference(each.source, each.reference, each.reference_type)
            for each in resource.references
        ]
        or UNSET,
        delegable=resource.is_delegable,
        visible=resource.is_visible,
        has_competent_authority=Authority(
            organization=resource.owner.digits,
            orgcode=resource.owner_code,
            name=_text(resource.owner_name),
        ),
        access_list_mode="Disabled",
        self_identified_user_enabled=False,
        enterprise_user_enabled=True,
        available_for_type=list(_AVAILABLE_FOR),
        resource_type=resource.resource_type.value,
        authorization_reference=[
            Attribute(each.id, each.value) for each in resource.authorization_reference
        ],
    )


def _text(text: LocalizedText | None) -> dict[str, str] | UnsetType:
    return UNSET if text is None else text.as_mapping()


def write_rules(combinations: Iterable[RuleCombination]) -> list[FlatRule]:
    """The rules, flattened."""
    return [
        FlatRule(
            subject=[_typed(each) for each in found.subjects],
            action=_typed(found.action),
            resource=[_typed(each) for each in found.resources],
        )
        for found in combinations
    ]


def _typed(attribute: RuleAttribute) -> TypedAttribute:
    return TypedAttribute(attribute.id, attribute.value)


def write_subjects(subjects: Iterable[RuleAttribute]) -> Subjects:
    """The subjects, on one page."""
    return Subjects(
        Links(),
        [Subject(each.id, each.value, f"{each.id}:{each.value}".lower()) for each in subjects],
    )
