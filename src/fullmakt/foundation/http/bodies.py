"""Bodies read into wire structs, and structs written.

Member names are read whatever their letter case, as the platform does; a member that stands twice
is refused, and members nobody asked for are passed over. Values are checked against the struct's
types.
"""

from __future__ import annotations

import types
from functools import cache
from typing import (
    TYPE_CHECKING,
    Any,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec

from fullmakt.foundation.terms.members import DuplicateMemberError, read_json
from fullmakt.foundation.terms.problem import InvalidInput, TooLarge

if TYPE_CHECKING:
    from collections.abc import Mapping

LARGEST_BODY = 1024 * 1024
_DEEPEST = 64

Shape = TypeVar("Shape")
TypeForm: TypeAlias = Any
"""A type, a union or a generic alias: what a member is declared as."""


def read_body(body: bytes, shape: type[Shape], *, largest: int = LARGEST_BODY) -> Shape:
    """The struct that `body` holds. Raises: InvalidInput naming the member, TooLarge."""
    if len(body) > largest:
        message = f"the body has `{len(body)}` bytes; at most {largest} are read"
        raise TooLarge(message)
    try:
        value = read_json(body)
    except DuplicateMemberError as fault:
        raise InvalidInput({"$": (f"{fault}.",)}) from None
    except ValueError as fault:
        raise InvalidInput({"$": (f"The body is not JSON: {fault}.",)}) from None
    try:
        return msgspec.convert(_with_exact_names(value, shape, _DEEPEST), shape)
    except msgspec.ValidationError as fault:
        raise InvalidInput(_member_errors(str(fault))) from None


def read_body_swiftly(
    body: bytes, decoder: msgspec.json.Decoder[Shape], *, largest: int = LARGEST_BODY
) -> Shape:
    """As `read_body`, for bodies that as a rule use the exact names once each and no escapes."""
    value = find_swiftly(body, decoder, largest=largest)
    return read_body(body, decoder.type, largest=largest) if value is None else value


def find_swiftly(
    body: bytes, decoder: msgspec.json.Decoder[Shape], *, largest: int = LARGEST_BODY
) -> Shape | None:
    """The struct that `body` holds, if it does so with the exact names once each and no escapes.

    SPEED: such a body, written again from the struct, has as many colons as it came with; a member
    that stood twice, was not known, or was spelled otherwise changes the count
    (benchmarks/authorize.py).
    INVARIANT: the struct leaves out its defaults and holds texts and booleans only, and no maps.
    What is written again is then never more than what came, so nothing makes up for a lost member.
    """
    if len(body) <= largest and b"\\" not in body:
        try:
            value = decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return None
        written = _encoder.encode(value)
        if written == body or written.count(b":") == body.count(b":"):
            return value
    return None


_encoder = msgspec.json.Encoder()


def write_body(value: object, *, is_indented: bool = False) -> bytes:
    """`value` as JSON; members that are unset are left out."""
    written = _encoder.encode(value)
    return msgspec.json.format(written, indent=2) if is_indented else written


def _member_errors(message: str) -> dict[str, tuple[str, ...]]:
    text, separator, path = message.rpartition(" - at `")
    if not separator:
        return {"$": (f"{message}.",)}
    return {path.rstrip("`"): (f"{text}.",)}


@cache
def _members(shape: type) -> Mapping[str, tuple[str, Any]]:
    hints = get_type_hints(shape)
    return {
        member.encode_name.casefold(): (member.encode_name, hints[member.name])
        for member in msgspec.structs.fields(shape)
    }


def _with_exact_names(value: object, shape: TypeForm, left: int) -> object:
    """`value` with the struct's own spelling of its members, and without those it does not have."""
    if left == 0:
        raise InvalidInput({"$": (f"The body is nested deeper than {_DEEPEST}.",)})
    if isinstance(value, list):
        item = _item_shape(shape)
        return [_with_exact_names(each, item, left - 1) for each in value]
    if not isinstance(value, dict):
        return value
    struct = _struct_of(shape)
    if struct is None:
        item = _item_shape(shape)
        return {name: _with_exact_names(each, item, left - 1) for name, each in value.items()}
    known = _members(struct)
    exact = {}
    for name, each in value.items():
        member = known.get(name.casefold())
        if member is not None:
            exact[member[0]] = _with_exact_names(each, member[1], left - 1)
    return exact


def _struct_of(shape: TypeForm) -> type[msgspec.Struct] | None:
    for choice in _choices(shape):
        if isinstance(choice, type) and issubclass(choice, msgspec.Struct):
            return choice
    return None


def _item_shape(shape: TypeForm) -> TypeForm:
    for choice in _choices(shape):
        arguments = get_args(choice)
        if _origin(choice) in (list, tuple, dict) and arguments:
            return arguments[1] if _origin(choice) is dict else arguments[0]
    return object


def _choices(shape: TypeForm) -> tuple[TypeForm, ...]:
    return get_args(shape) if _origin(shape) in (Union, types.UnionType) else (shape,)


def _origin(shape: TypeForm) -> object:
    return get_origin(shape)
