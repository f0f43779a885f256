"""What a change says of itself: its kind, what it carries, and which entities' facts it touched."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Connection


class Aspect(StrEnum):
    """The side of an entity that a change touches, and that a decision may rest on."""

    GIVEN = "given"
    """What the entity gives: roles, packages, single rights, links with it as the client."""
    KEYS = "keys"
    """The key roles the entity holds in others."""
    SELF = "self"
    """The entity itself: form, parent, deletion, bankruptcy."""
    POLICY = "policy"
    """A resource and its policy (the id is then the resource's)."""
    LISTS = "lists"
    """Who is on the access lists of a resource, and for what (the id is the resource's)."""


class Touch(NamedTuple):
    """One aspect of one entity (by its inner id)."""

    entity: int
    aspect: Aspect


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that happened: `kind` is its name, `payload` its facts as JSON values."""

    kind: str
    payload: Mapping[str, object] = field(default_factory=dict)
    touches: tuple[Touch, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """The changes of one revision, as they are written to the ledger."""

    revision: int
    at: datetime
    actor: str
    correlation: str
    changes: Sequence[Change]


class Ledger(Protocol):
    """Writes the events of a revision in the transaction that makes it."""

    def append(self, connection: Connection, entry: Entry, *, chain_head: str) -> str:
        """Write `entry` and return the new head of the hash chain."""
        ...
