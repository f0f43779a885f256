"""What Altinn Register tells of a party, read from what Enhetsregisteret has told us.

Unit status is our own letter for three states: `N` in order, `K` bankrupt, `S` deleted.
"""

from __future__ import annotations

from collections.abc import Mapping

from fullmakt.access.parties.model import Party
from fullmakt.foundation.terms import urns

Address = dict[str, str | None]


def unit_status(party: Party) -> str:
    """The state of an organisation, in one letter."""
    if party.is_deleted:
        return "S"
    return "N" if party.bankrupt_at is None else "K"


def digits_of(number: object) -> str | None:
    """The digits of a number, if there is one."""
    return None if number is None else str(number)


def told(party: Party, name: str) -> str | None:
    """A text that the register tells of the party, if it does."""
    value = party.details.get(name)
    return value if isinstance(value, str) and value else None


def address_of(party: Party, name: str) -> Address:
    """The address of that name: the lines in one, postal code and city."""
    found = party.details.get(name)
    facts: Mapping[str, object] = found if isinstance(found, Mapping) else {}
    lines = facts.get("adresse")
    text = " ".join(str(line) for line in lines) if isinstance(lines, list) else ""

    def part(of: str) -> str | None:
        return str(facts[of]) if facts.get(of) else None

    return {"address": text or None, "postalCode": part("postnummer"), "city": part("poststed")}


def business_address(party: Party) -> Address:
    """Where a unit does business, or a sub-unit lies."""
    where = "forretningsadresse" if "forretningsadresse" in party.details else "beliggenhetsadresse"
    return address_of(party, where)


def external_urn(party: Party) -> str:
    """What the party is called outside: by its number, a system user by its UUID."""
    if party.number is not None:
        return f"{urns.ORGANIZATION_NUMBER}:{party.number}"
    if party.person_number is not None:
        return f"{urns.PERSON_NUMBER}:{party.person_number}"
    return f"{urns.SYSTEM_USER_UUID}:{party.uuid}"


def short_name(party: Party) -> str | None:
    """A person's last name before the first."""
    last = told(party, "lastName")
    return None if last is None else f"{last} {told(party, 'firstName') or ''}".strip()
