"""What a call for authorized parties asks: whose, which, and what of each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import PartyKind
from fullmakt.access.reach.model import Selection
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber
from fullmakt.foundation.terms.problem import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fullmakt.access.parties.model import Party
    from fullmakt.access.reach.wire import Named
    from fullmakt.foundation.storage.database import Reading

_NOBODY_HAS = frozenset(
    {
        "urn:altinn:enterpriseuser:username",
        "urn:altinn:enterpriseuser:uuid",
        "urn:altinn:person:idporten-email",
    }
)
"""Ways of naming that the original knows, and that nobody here is named by."""


@dataclass(frozen=True, slots=True)
class Include:
    """Which of what is held is told of each party. Nobody gives instances here: there are none."""

    roles: bool
    packages: bool
    resources: bool


def read_include(query: Mapping[str, Sequence[str]], *, default: Include) -> Include:
    """What of each party is told. Raises: InvalidInput."""
    read_choice(query, "includeInstances", default=False)
    return Include(
        roles=read_choice(query, "includeRoles", default=default.roles),
        packages=read_choice(query, "includeAccessPackages", default=default.packages),
        resources=read_choice(query, "includeResources", default=default.resources),
    )


def read_selection(
    query: Mapping[str, Sequence[str]], wanted: tuple[Party, ...] | None = None
) -> Selection:
    """Which parties are told. Raises: InvalidInput.

    `auto` is what the original does for somebody who has changed no setting: through key roles and
    sub-units, and nobody who is deleted.
    """
    return Selection(
        via_key_roles=read_choice(query, "includePartiesViaKeyRoles", default=True, auto=True),
        sub_units=read_choice(query, "includeSubParties", default=True, auto=True),
        inactive=read_choice(query, "includeInactiveParties", default=False, auto=False),
        owner=_last(query, "orgCode") or None,
        resources=frozenset(
            name for text in query.get("anyOfResourceIds", ()) for name in text.split(",") if name
        ),
        parties=wanted,
    )


def _last(query: Mapping[str, Sequence[str]], name: str) -> str:
    values = query.get(name) or ("",)
    if len(values) > 1:
        raise InvalidInput({name: (f"`{name}` stands {len(values)} times; give it once.",)})
    return values[0]


def read_choice(
    query: Mapping[str, Sequence[str]], name: str, *, default: bool, auto: bool | None = None
) -> bool:
    """`true` or `false`, and `auto` where it means something. Raises: InvalidInput."""
    text = _last(query, name)
    choices = {"": default, "true": True, "false": False}
    if auto is not None:
        choices["auto"] = auto
    if text.lower() not in choices:
        known = ", ".join(f"`{each}`" for each in choices if each)
        raise InvalidInput({name: (f"The value '{text[:80]}' is not valid: use one of {known}.",)})
    return choices[text.lower()]


def find_named(reading: Reading, named: Named, *, place: str = "") -> Party | None:
    """Whoever an attribute names, None when nobody is. Raises: InvalidInput.

    `place` stands before the names of members in faults.
    """
    if named.type in _NOBODY_HAS:
        return None
    find = _FINDERS.get(named.type)
    if find is None:
        known = ", ".join(sorted({*_FINDERS, *_NOBODY_HAS}))
        text = f"`{named.type[:80]}` names nobody; use one of {known}."
        raise InvalidInput({f"{place}type": (text,)})
    try:
        return find(reading, named.value)
    except ValueError:
        # Identity numbers are not repeated.
        text = f"The value is not one that `{named.type}` can have."
        raise InvalidInput({f"{place}value": (text,)}) from None


def find_filter(reading: Reading, named: Sequence[Named] | None) -> tuple[Party, ...] | None:
    """The parties that are asked for, None for all. Raises: InvalidInput."""
    if not named:
        return None
    found = (
        find_named(reading, each, place=f"partyFilter[{place}].")
        for place, each in enumerate(named)
    )
    return tuple(each for each in found if each is not None)


def _by_uuid(*kinds: PartyKind) -> Callable[[Reading, str], Party | None]:
    def find(reading: Reading, text: str) -> Party | None:
        found = parties.find_party(reading, UUID(text))
        return found if found is not None and found.kind in kinds else None

    return find


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < len(str(2**31))):
        raise ValueError(text)
    return int(text)


_FINDERS: Mapping[str, Callable[[Reading, str], Party | None]] = {
    urns.PARTY_UUID: _by_uuid(*PartyKind),
    urns.PARTY_ID: lambda reading, text: parties.find_party_by_id(reading, _whole(text)),
    urns.USER_ID: lambda reading, text: parties.find_user(reading, _whole(text)),
    urns.PERSON_NUMBER: lambda reading, text: parties.find_person(reading, PersonNumber(text)),
    urns.PERSON_UUID: _by_uuid(PartyKind.PERSON),
    urns.ORGANIZATION_NUMBER: lambda reading, text: parties.find_organization(
        reading, OrganizationNumber(text)
    ),
    urns.ORGANIZATION_UUID: _by_uuid(PartyKind.ORGANIZATION),
    urns.SYSTEM_USER_UUID: _by_uuid(PartyKind.SYSTEM_USER),
}
