"""The fields of a party that a caller of Altinn Register may ask for, by name and by group.

Source: Altinn's public documentation, register.
"""

from __future__ import annotations

from typing import Final

from fullmakt.access.parties.register_errors import FieldRefused

_IDENTIFIERS: Final = frozenset({"uuid", "id", "type", "ext-urn", "person-id", "org-id"})
_PARTY: Final = _IDENTIFIERS | {
    *("display-name", "created", "modified", "deleted", "deleted-at", "version", "owner-uuid"),
}
_PERSON: Final = frozenset(
    f"person.{name}"
    for name in (
        *("first-name", "middle-name", "last-name", "short-name", "address", "mailing-address"),
        *("date-of-birth", "date-of-death"),
    )
)
_ORGANIZATION: Final = frozenset(
    f"org.{name}"
    for name in (
        *("status", "type", "telephone", "mobile", "fax", "email", "internet"),
        *("mailing-address", "business-address"),
    )
)
_SYSTEM_USER: Final = frozenset({"sysuser.type"})
_USER: Final = frozenset({"user.id", "user.name"})

_GROUPS: Final = {
    "identifiers": _IDENTIFIERS,
    "party": _PARTY,
    "person": _PERSON,
    "org": _ORGANIZATION,
    "organization": _ORGANIZATION,
    "sysuser": _SYSTEM_USER,
    "user": _USER,
}
FIELDS: Final = _PARTY | _PERSON | _ORGANIZATION | _SYSTEM_USER | _USER
DEFAULT_FIELDS: Final = _IDENTIFIERS | {"display-name"}


def read_fields(text: str | None) -> frozenset[str]:
    """The fields in a comma list; the default ones when there is none. Raises: FieldRefused."""
    names = [name.strip().lower() for name in (text or "").split(",") if name.strip()]
    found: set[str] = set()
    for name in names:
        group = _GROUPS.get(name, frozenset({name}) & FIELDS)
        if not group:
            raise FieldRefused(name)
        found |= group
    return frozenset(found) or DEFAULT_FIELDS
