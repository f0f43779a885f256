"""Service owners, and resources among others, as JSON."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from msgspec import UNSET, UnsetType

from fullmakt.access.parties.model import Party
from fullmakt.access.resources.model import Resource
from fullmakt.access.resources.wire import Authority, write_resource
from fullmakt.foundation.terms.text import Language


class ResourceBrief(msgspec.Struct, rename="camel", kw_only=True):
    """A resource among others that a package opens."""

    ref_id: str
    name: dict[str, str]
    description: dict[str, str] | UnsetType = UNSET
    provider: Authority
    type: str


class Owner(msgspec.Struct):
    """A service owner."""

    name: dict[str, str]
    orgnr: str
    environments: list[str]


class Owners(msgspec.Struct):
    """The service owners by their short names."""

    orgs: dict[str, Owner]


def write_brief(resource: Resource) -> ResourceBrief:
    """The resource among others that a package opens."""
    whole = write_resource(resource)
    return ResourceBrief(
        ref_id=resource.identifier,
        name=whole.title,
        description=whole.description,
        provider=whole.has_competent_authority,
        type=whole.resource_type,
    )


def write_owners(owners: Iterable[Party]) -> Owners:
    """The service owners; each is called the same in every language."""
    return Owners(
        {
            str(party.details["orgcode"]): Owner(
                dict.fromkeys((language.value for language in Language), party.name),
                party.number.digits,
                ["tt02", "production"],
            )
            for party in owners
            if party.number is not None
        }
    )
