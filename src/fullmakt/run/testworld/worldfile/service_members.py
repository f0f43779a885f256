"""The members of a resource's entry that say how the registry shows it, and who it is for.

All may be left out; those that are as they would be anyway are not written.
"""

from __future__ import annotations

from dataclasses import fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, TypeVar

from fullmakt.access.resources.model import AccessListMode, Consent, Keyword, NewResource, PartyType
from fullmakt.run.testworld.worldfile import words

if TYPE_CHECKING:
    from collections.abc import Callable

    from fullmakt.access.resources.model import Resource
    from fullmakt.run.testworld.worldfile.members import Members

Word = TypeVar("Word", bound=StrEnum)
_TEXTS = {
    "version": "version",
    "homepage": "homepage",
    "status": "status",
    "isPartOf": "is_part_of",
}
_LISTS = {"spatial": "spatial", "produces": "produces", "thematicAreas": "thematic_areas"}
_FLAGS = {
    "visible": "is_visible",
    "selfIdentifiedUserEnabled": "is_for_self_identified_users",
    "enterpriseUserEnabled": "is_for_enterprise_users",
}
_CONSENT = ("consentTemplate", "consentText", "consentMetadata", "isOneTimeConsent")
SERVICE_MEMBERS = (
    *_TEXTS,
    *_LISTS,
    *_FLAGS,
    "ownerName",
    "accessListMode",
    "availableForType",
    "keywords",
    *_CONSENT,
)


def _word(kind: type[Word]) -> Callable[[object], Word]:
    parse = words.one_of(*(word.value for word in kind))
    return lambda value: kind(parse(value))


def _keyword(value: object) -> Keyword:
    held = words.json_object(value)
    return Keyword(words.text(held.get("word")), words.text(held.get("language")))


def _metadata(value: object) -> dict[str, bool]:
    return {name: words.flag(held) for name, held in words.json_object(value).items()}


def with_service_members(resource: NewResource, members: Members) -> NewResource:
    """The resource with what the entry says of it besides."""
    texts = words.list_of(words.text)
    consent = Consent(
        template=members.optional("consentTemplate", words.text, None),
        text=members.optional("consentText", words.localized, None),
        metadata=members.optional("consentMetadata", _metadata, {}),
        is_one_time=members.optional("isOneTimeConsent", words.flag, default=False),
    )
    return replace(
        resource,
        version=members.optional("version", words.text, None),
        homepage=members.optional("homepage", words.text, None),
        status=members.optional("status", words.text, None),
        is_part_of=members.optional("isPartOf", words.text, None),
        spatial=members.optional("spatial", texts, ()),
        produces=members.optional("produces", texts, ()),
        thematic_areas=members.optional("thematicAreas", texts, ()),
        is_visible=members.optional("visible", words.flag, default=True),
        is_for_self_identified_users=members.optional(
            "selfIdentifiedUserEnabled", words.flag, default=False
        ),
        is_for_enterprise_users=members.optional("enterpriseUserEnabled", words.flag, default=True),
        owner_name=members.optional("ownerName", words.localized, None),
        access_list_mode=members.optional(
            "accessListMode", _word(AccessListMode), AccessListMode.DISABLED
        ),
        available_for=members.optional(
            "availableForType", words.list_of(_word(PartyType)), resource.available_for
        ),
        keywords=members.optional("keywords", words.list_of(_keyword), ()),
        consent=None if consent == Consent() else consent,
    )


def write_service_members(resource: NewResource) -> dict[str, object]:
    """What an entry must say of a resource besides, so that it is read back as it is."""
    written: dict[str, object] = {
        member: getattr(resource, name) for member, name in {**_TEXTS, **_FLAGS}.items()
    }
    written |= {member: list(getattr(resource, name)) for member, name in _LISTS.items()}
    written["ownerName"] = resource.owner_name and resource.owner_name.as_mapping()
    written["accessListMode"] = resource.access_list_mode.value
    written["availableForType"] = [each.value for each in resource.available_for]
    written["keywords"] = [
        {"word": each.word, "language": each.language} for each in resource.keywords
    ]
    if resource.consent is not None:
        written |= {
            "consentTemplate": resource.consent.template,
            "consentText": resource.consent.text and resource.consent.text.as_mapping(),
            "consentMetadata": dict(resource.consent.metadata),
            "isOneTimeConsent": resource.consent.is_one_time,
        }
    return {name: value for name, value in written.items() if value is not None}


def is_as_loaded(loaded: NewResource, resource: Resource) -> bool:
    """Whether a resource is still what its entry said; owner codes follow from the owner."""
    return all(
        getattr(loaded, each.name) == getattr(resource, each.name)
        for each in fields(NewResource)
        if each.name != "owner_code"
    )
