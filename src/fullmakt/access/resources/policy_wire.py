"""Policies laid flat as JSON: rules, rights, subjects, and what others follow the registry by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Generic, TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from fullmakt.access.resources.flat_rules import (
    PolicyRight,
    RegistryRight,
    RuleAttribute,
    RuleCombination,
)
from fullmakt.access.resources.model import ResourceChange, SubjectChange
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.moments import write_moment

Item = TypeVar("Item")


class TypedAttribute(msgspec.Struct):
    """An attribute id and a value, as rules list them."""

    type: str
    value: str


class FlatRule(msgspec.Struct):
    """One way to be let in: who, doing what, on which resource."""

    subject: list[TypedAttribute]
    action: TypedAttribute
    resource: list[TypedAttribute]


class SubjectSet(msgspec.Struct, rename="camel"):
    """Subject attributes that open a right together."""

    subject_attributes: list[TypedAttribute]


class Right(msgspec.Struct, rename="camel"):
    """One action on one resource, and who has it."""

    action: TypedAttribute
    resource: list[TypedAttribute]
    subjects: list[SubjectSet]
    right_key: str
    subject_types: list[str]


class NamedRight(msgspec.Struct):
    """One action on one resource, with what people call it."""

    key: str
    name: str
    resource: list[TypedAttribute]
    action: TypedAttribute


class RightEntry(msgspec.Struct):
    """A right in a list of them."""

    right: NamedRight


class RightList(msgspec.Struct):
    """The rights of a resource."""

    rights: list[RightEntry]


class UrnAttribute(msgspec.Struct):
    """An attribute, and both its parts as one."""

    type: str
    value: str
    urn: str


class SubjectResources(msgspec.Struct):
    """A subject, and the resources whose policies name it."""

    subject: UrnAttribute
    resources: list[UrnAttribute]


class UpdatedSubject(msgspec.Struct, rename="camel"):
    """A resource's policy began, or ceased, to name a subject."""

    subject_urn: str
    resource_urn: str
    updated_at: str
    deleted: bool


class ChangedResource(msgspec.Struct, rename="camel"):
    """A resource, or its policy, became another."""

    resource_id: str
    changed_at: str
    change_id: int


class Links(msgspec.Struct):
    """Where the next page is; absent on the last."""

    next: str | UnsetType = UNSET


class Page(msgspec.Struct, Generic[Item]):
    """A page of a list."""

    links: Links
    data: list[Item]


def page_of(items: list[Item], next_page: str | None = None) -> Page[Item]:
    """`items` as a page, with the address of the next one."""
    return Page(Links(next_page or UNSET), items)


def write_rules(combinations: Iterable[RuleCombination]) -> list[FlatRule]:
    """The rules, flattened."""
    return [
        FlatRule(
            subject=_all_typed(found.subjects),
            action=_typed(found.action),
            resource=_all_typed(found.resources),
        )
        for found in combinations
    ]


def _typed(attribute: RuleAttribute) -> TypedAttribute:
    return TypedAttribute(attribute.id, attribute.value)


def _all_typed(attributes: Iterable[RuleAttribute]) -> list[TypedAttribute]:
    return [_typed(each) for each in attributes]


def write_rights(rights: Iterable[PolicyRight]) -> list[Right]:
    """The rights, each with who has it."""
    return [
        Right(
            action=_typed(right.action),
            resource=_all_typed(right.resources),
            subjects=[SubjectSet(_all_typed(held)) for held in right.subjects],
            right_key=right.key,
            subject_types=list(right.subject_types),
        )
        for right in rights
    ]


def write_registry_rights(rights: Iterable[RegistryRight]) -> RightList:
    """The rights as version 2 lists them; a right is called as its action is."""
    return RightList(
        [
            RightEntry(
                NamedRight(
                    key=right.key,
                    name=right.action.value[:1].upper() + right.action.value[1:],
                    resource=_all_typed(right.resources),
                    action=_typed(right.action),
                )
            )
            for right in rights
        ]
    )


def write_subjects(subjects: Iterable[RuleAttribute]) -> Page[UrnAttribute]:
    """The subjects, on one page."""
    return page_of([UrnAttribute(each.id, each.value, each.urn.lower()) for each in subjects])


def write_named(found: Sequence[SubjectChange]) -> Page[SubjectResources]:
    """Each subject with its resources; `found` is in order of subjects."""
    return page_of(
        [_named(list(held)) for _, held in groupby(found, key=lambda each: each.subject_urn)]
    )


def _named(held: Sequence[SubjectChange]) -> SubjectResources:
    first = held[0]
    return SubjectResources(
        UrnAttribute(first.attribute_id, first.value, first.subject_urn),
        [_resource(each.identifier) for each in held],
    )


def _resource(identifier: str) -> UrnAttribute:
    return UrnAttribute(urns.RESOURCE, identifier, resource_urn(identifier))


def resource_urn(identifier: str) -> str:
    """A resource as one name: `urn:altinn:resource:ske-skattegrunnlag`."""
    return f"{urns.RESOURCE}:{identifier}"


def write_subject_changes(
    found: Iterable[SubjectChange], next_page: str | None
) -> Page[UpdatedSubject]:
    """The feed of subjects."""
    return page_of(
        [
            UpdatedSubject(
                each.subject_urn,
                resource_urn(each.identifier),
                write_moment(each.at),
                each.is_deleted,
            )
            for each in found
        ],
        next_page,
    )


def write_changes(found: Iterable[ResourceChange], next_page: str | None) -> Page[ChangedResource]:
    """The feed of changes."""
    return page_of(
        [ChangedResource(each.identifier, write_moment(each.at), each.id) for each in found],
        next_page,
    )
