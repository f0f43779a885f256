"""Resources as JSON: the platform's names; what is empty is left out."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from fullmakt.access.resources import rules
from fullmakt.access.resources.model import (
    AccessListMode,
    Consent,
    ContactPoint,
    Keyword,
    NewResource,
    PartyType,
    ReferenceSource,
    ReferenceType,
    Resource,
    ResourceReference,
    ResourceType,
)
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.foundation.terms.text import Language, LocalizedText

Word = TypeVar("Word", bound=StrEnum)
_TYPE_NUMBERS = {
    0: ResourceType.DEFAULT,
    1: ResourceType.SYSTEM_RESOURCE,
    2: ResourceType.MASKINPORTEN_SCHEMA,
    4: ResourceType.ALTINN_2_SERVICE,
    8: ResourceType.ALTINN_APP,
    16: ResourceType.GENERIC_ACCESS_RESOURCE,
    32: ResourceType.BROKER_SERVICE,
    64: ResourceType.CORRESPONDENCE_SERVICE,
    128: ResourceType.CONSENT,
    256: ResourceType.MIGRATED_APP,
}
_OWNER = "HasCompetentAuthority.Organization"
_NO_OWNER = "HasCompetentAuthority needs to be set with valid organization number"
_TEST_OWNER = "ttd"
_UNNAMED, _NOBODY = LocalizedText("", "", ""), OrganizationNumber("000000000")
"""Stand in for what is missing while the rest is read; such a resource is refused."""


class Reference(msgspec.Struct, rename="camel"):
    """Where else the service is known."""

    reference_source: str | None = None
    reference: str | None = None
    reference_type: str | None = None


class Contact(msgspec.Struct, rename="camel"):
    """Where the owner answers questions."""

    category: str | None = None
    email: str | None = None
    telephone: str | None = None
    contact_page: str | None = None


class Authority(msgspec.Struct, rename="camel", omit_defaults=True):
    """The owner of a resource."""

    organization: str | None = None
    orgcode: str | None = None
    name: dict[str, str] | None = None


class Attribute(msgspec.Struct):
    """An attribute id and the value asked about."""

    id: str
    value: str


class KeywordEntry(msgspec.Struct, rename="camel"):
    """A word that people look for the service by."""

    word: str
    language: str


class Fact(msgspec.Struct):
    """A fact that a consent carries."""

    optional: bool = False


class ResourceName(msgspec.Struct):
    """The part of a resource that says which one it is."""

    identifier: str | None = None


class ResourceBody(msgspec.Struct, rename="camel"):
    """A resource as its owner sends it."""

    identifier: str
    contact_points: list[Contact] | None
    version: str | None = None
    title: dict[str, str] | None = None
    description: dict[str, str] | None = None
    right_description: dict[str, str] | None = None
    homepage: str | None = None
    status: str | None = None
    spatial: list[str] | None = None
    is_part_of: str | None = None
    produces: list[str] | None = None
    thematic_areas: list[str] | None = None
    resource_references: list[Reference] | None = None
    delegable: bool = True
    visible: bool = True
    has_competent_authority: Authority | None = None
    keywords: list[KeywordEntry] | None = None
    access_list_mode: str | None = None
    self_identified_user_enabled: bool = False
    enterprise_user_enabled: bool = False
    resource_type: str | int | None = None
    available_for_type: list[str] | None = None
    consent_template: str | None = None
    consent_text: dict[str, str] | None = None
    consent_metadata: dict[str, Fact] | None = None
    is_one_time_consent: bool = False


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
    version: str | UnsetType = UNSET
    description: dict[str, str] | UnsetType = UNSET
    right_description: dict[str, str] | UnsetType = UNSET
    homepage: str | UnsetType = UNSET
    status: str | UnsetType = UNSET
    spatial: list[str] | UnsetType = UNSET
    is_part_of: str | UnsetType = UNSET
    produces: list[str] | UnsetType = UNSET
    thematic_areas: list[str] | UnsetType = UNSET
    resource_references: list[Reference] | UnsetType = UNSET
    keywords: list[KeywordEntry] | UnsetType = UNSET
    available_for_type: list[str] | UnsetType = UNSET
    consent_template: str | UnsetType = UNSET
    consent_text: dict[str, str] | UnsetType = UNSET
    consent_metadata: dict[str, Fact] | UnsetType = UNSET
    is_one_time_consent: bool | UnsetType = UNSET


def read_resource(body: ResourceBody, *, otherwise: OrganizationNumber | None) -> NewResource:
    """The resource that a body tells of. Raises: InvalidInput naming everything that is wrong.

    A resource of the test owner `ttd` that names no organisation belongs to `otherwise`.
    """
    reading = _Reading()
    authority = body.has_competent_authority or Authority()
    owner = reading.owner(authority, otherwise)
    resource_type = reading.resource_type(body.resource_type)
    new = NewResource(
        identifier=body.identifier,
        resource_type=resource_type,
        owner=owner or _NOBODY,
        owner_code=authority.orgcode or "",
        owner_name=reading.text("HasCompetentAuthority.Name", authority.name, is_needed=False),
        title=reading.text("Title", body.title or {}) or _UNNAMED,
        description=reading.text("Description", body.description),
        right_description=reading.text(
            "RightDescription", body.right_description, is_needed=body.delegable
        ),
        is_delegable=body.delegable,
        is_visible=body.visible,
        contact_points=tuple(
            ContactPoint(
                each.category or "",
                each.email or "",
                each.telephone or "",
                each.contact_page or "",
            )
            for each in body.contact_points or ()
        ),
        references=tuple(
            ResourceReference(
                _word_or_text(ReferenceSource, each.reference_source),
                each.reference or "",
                _word_or_text(ReferenceType, each.reference_type),
            )
            for each in body.resource_references or ()
        ),
        access_list_mode=reading.word(
            "AccessListMode", AccessListMode, body.access_list_mode or AccessListMode.DISABLED
        )
        or AccessListMode.DISABLED,
        version=body.version,
        homepage=body.homepage,
        status=body.status,
        is_part_of=body.is_part_of,
        spatial=tuple(body.spatial or ()),
        produces=tuple(body.produces or ()),
        thematic_areas=tuple(body.thematic_areas or ()),
        keywords=tuple(Keyword(each.word, each.language) for each in body.keywords or ()),
        available_for=tuple(
            found
            for each in body.available_for_type or ()
            if (found := reading.word("AvailableForType", PartyType, each)) is not None
        ),
        is_for_self_identified_users=body.self_identified_user_enabled,
        is_for_enterprise_users=body.enterprise_user_enabled,
        consent=_read_consent(body, reading) if resource_type is ResourceType.CONSENT else None,
    )
    for member, texts in rules.errors_of(new).items():
        reading.errors.setdefault(member, texts)
    if reading.errors:
        raise InvalidInput(reading.errors)
    return new


class _Reading:
    """One body being read: what was wrong so far, by member."""

    def __init__(self) -> None:
        self.errors: dict[str, tuple[str, ...]] = {}

    def _add(self, member: str, text: str) -> None:
        self.errors[member] = (*self.errors.get(member, ()), text)

    def owner(
        self, authority: Authority, otherwise: OrganizationNumber | None
    ) -> OrganizationNumber | None:
        number = (authority.organization or "").strip()
        if not number and (authority.orgcode or "").casefold() == _TEST_OWNER and otherwise:
            return otherwise
        try:
            return OrganizationNumber(number)
        except ValueError:
            self._add(_OWNER, _NO_OWNER)
            return None

    def text(
        self, member: str, texts: Mapping[str, str] | None, *, is_needed: bool = True
    ) -> LocalizedText | None:
        """A text; one that nobody needs may be left out, and none may lack a language."""
        if texts is None or not (texts or is_needed):
            return None
        for language in texts:
            if language not in set(Language):
                self._add(member, f"language `{language}` is not kept here: use nb, nn and en")
        missing = rules.missing_texts(member, texts)
        for text in missing:
            self._add(member, text)
        return None if missing else LocalizedText.from_mapping(texts)

    def resource_type(self, given: str | int | None) -> ResourceType:
        if isinstance(given, int):
            found = _TYPE_NUMBERS.get(given)
            if found is None:
                self._add("ResourceType", f"The value '{given}' is not valid.")
            return found or ResourceType.DEFAULT
        found = self.word("ResourceType", ResourceType, given or ResourceType.DEFAULT)
        return found or ResourceType.DEFAULT

    def word(self, member: str, words: type[Word], given: str) -> Word | None:
        """One of the platform's words, whatever its letter case."""
        found = find_word(words, given)
        if found is None:
            self._add(member, f"The value '{given}' is not valid.")
        return found


def find_word(words: type[Word], given: str) -> Word | None:
    """The one of `words` that is spelled so, whatever the letter case."""
    return next((word for word in words if word.value.lower() == given.strip().lower()), None)


def find_resource_type(given: str) -> ResourceType | None:
    """The type of resource that is named so, or has that number."""
    if given.isascii() and given.isdigit() and len(given) <= 3:
        return _TYPE_NUMBERS.get(int(given))
    return find_word(ResourceType, given)


def _word_or_text(words: type[StrEnum], given: str | None) -> str:
    text = given or "Default"
    found = find_word(words, text)
    return text if found is None else found.value


def _read_consent(body: ResourceBody, reading: _Reading) -> Consent:
    facts = body.consent_metadata or {}
    return Consent(
        template=body.consent_template,
        text=reading.text("ConsentText", body.consent_text, is_needed=False),
        metadata={name: fact.optional for name, fact in facts.items()},
        is_one_time=body.is_one_time_consent,
    )


def write_resource(resource: Resource) -> ServiceResource:
    """The resource as the registry shows it."""
    consent = resource.consent or Consent()
    return ServiceResource(
        identifier=resource.identifier,
        version=resource.version or UNSET,
        version_id=resource.version_id,
        title=resource.title.as_mapping(),
        description=_text(resource.description),
        right_description=_text(resource.right_description),
        homepage=resource.homepage or UNSET,
        status=resource.status or UNSET,
        spatial=list(resource.spatial) or UNSET,
        is_part_of=resource.is_part_of or UNSET,
        produces=list(resource.produces) or UNSET,
        thematic_areas=list(resource.thematic_areas) or UNSET,
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
            name=resource.owner_name.as_mapping() if resource.owner_name else None,
        ),
        keywords=[KeywordEntry(each.word, each.language) for each in resource.keywords] or UNSET,
        access_list_mode=resource.access_list_mode.value,
        self_identified_user_enabled=resource.is_for_self_identified_users,
        enterprise_user_enabled=resource.is_for_enterprise_users,
        available_for_type=[each.value for each in resource.available_for] or UNSET,
        resource_type=resource.resource_type.value,
        authorization_reference=[
            Attribute(each.id, each.value) for each in resource.authorization_reference
        ],
        consent_template=consent.template or UNSET,
        consent_text=_text(consent.text),
        consent_metadata={name: Fact(held) for name, held in consent.metadata.items()} or UNSET,
        is_one_time_consent=UNSET if resource.consent is None else consent.is_one_time,
    )


def _text(text: LocalizedText | None) -> dict[str, str] | UnsetType:
    return UNSET if text is None else text.as_mapping()
