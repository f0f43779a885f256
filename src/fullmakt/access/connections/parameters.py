"""Parameters of calls, read from text and refused as the framework of the original refuses them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from fullmakt.access.connections.model import Named
from fullmakt.foundation.terms.problem import InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable

_FLAGS = {"true": True, "false": False}


def read_uuid(name: str, text: str | None) -> UUID:
    """The UUID in a parameter that must be there. Raises: InvalidInput."""
    if not text:
        raise InvalidInput({name: (f"The {name} field is required.",)})
    return read_uuid_if_any(name, text) or UUID(int=0)


def read_uuid_if_any(name: str, text: str | None) -> UUID | None:
    """The UUID in a parameter that may be left out. Raises: InvalidInput."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        raise InvalidInput({name: (f"The value '{text}' is not valid.",)}) from None


def read_uuids(name: str, texts: Iterable[str] | None) -> tuple[UUID, ...]:
    """The UUIDs of a parameter that may stand several times. Raises: InvalidInput."""
    return tuple(read_uuid(name, text) for text in texts or ())


def read_flag(name: str, text: str | None, *, default: bool) -> bool:
    """`true` or `false`. Raises: InvalidInput."""
    if not text:
        return default
    found = _FLAGS.get(text.lower())
    if found is None:
        raise InvalidInput({name: (f"The value '{text}' is not valid.",)})
    return found


def read_text(name: str, text: str | None) -> str:
    """A parameter that must be there. Raises: InvalidInput."""
    if not text:
        raise InvalidInput({name: (f"The {name} field is required.",)})
    return text


def read_named(party: str | None, giver: str | None, receiver: str | None) -> Named:
    """The parties of a call: `party`, `from` and `to`. Raises: InvalidInput."""
    return Named(
        read_uuid("party", party),
        read_uuid_if_any("from", giver),
        read_uuid_if_any("to", receiver),
    )


def read_both(party: str | None, giver: str | None, receiver: str | None) -> Named:
    """As `read_named`, where both sides must be named. Raises: InvalidInput."""
    return Named(read_uuid("party", party), read_uuid("from", giver), read_uuid("to", receiver))
