"""Which events are told, under which names, and to whom."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from uuid import UUID

from fullmakt.services.notices.model import Position

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fullmakt.services.notices.model import Audience, ConcernedUser

TYPES: Final[Mapping[str, str]] = {
    "system-user-created": "no.fullmakt.systemuser.created",
    "system-user-renamed": "no.fullmakt.systemuser.renamed",
    "system-user-closed": "no.fullmakt.systemuser.deleted",
    "client-linked": "no.fullmakt.systemuser.clientlinked",
    "client-unlinked": "no.fullmakt.systemuser.clientunlinked",
    "access-given": "no.fullmakt.systemuser.accessgiven",
    "access-withdrawn": "no.fullmakt.systemuser.accesswithdrawn",
}
"""The type of notice for each kind of event that can be about a system user."""

_TOLD: Final = ("client", "packages", "rights", "name")
_POSITION = re.compile(r"(\d{1,9})\.(\d{1,9})")


def read_subject(payload: Mapping[str, object]) -> UUID | None:
    """The party that an event is about, where it can be a system user."""
    named = payload.get("systemUser") or payload.get("to")
    return UUID(str(named)) if named else None


def is_told(user: ConcernedUser, audience: Audience) -> bool:
    """Whether a change of `user` concerns the audience."""
    return (
        user.vendor == audience.vendor
        or not user.resources.isdisjoint(audience.resources)
        or not user.packages.isdisjoint(audience.opening_packages)
    )


def told_facts(
    payload: Mapping[str, object], user: ConcernedUser, audience: Audience
) -> dict[str, object] | None:
    """What the audience is told of an event; None where nothing of it is its business.

    A service owner is told of the packages and rights that open its own services, and no others.
    """
    facts = {name: payload[name] for name in _TOLD if name in payload}
    if user.vendor == audience.vendor or "packages" not in facts:
        return facts
    packages = [name for name in _texts(facts["packages"]) if name in audience.opening_packages]
    rights = [
        right
        for right in _texts(facts.get("rights"))
        if right.rpartition(":")[0] in audience.resources
    ]
    return {**facts, "packages": packages, "rights": rights} if packages or rights else None


def _texts(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else []


def read_position(text: str) -> Position | None:
    """The position that `revision.n` names, or None where it is no position."""
    found = _POSITION.fullmatch(text)
    return None if found is None else Position(int(found[1]), int(found[2]))


def write_position(position: Position) -> str:
    """A position as `revision.n`."""
    return f"{position.revision}.{position.n}"
