"""JSON read member by member: each has one type and one place, and whatever else is refused.

The JSON profile leaves no room for members of one's own, so a misspelt one is told, not lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from fullmakt.access.policy.context.errors import ContextRefused
from fullmakt.access.policy.context.limits import ContextLimits
from fullmakt.foundation.terms.members import read_json

_KINDS: Final = {
    dict: "an object",
    list: "an array",
    str: "a text",
    bool: "true or false",
    int: "a number",
    float: "a number",
    type(None): "null",
}


@dataclass(frozen=True, slots=True)
class Node:
    """A JSON value and the path it stands at."""

    path: str
    value: object

    def refused(self, why: str) -> ContextRefused:
        """A refusal that names this member."""
        return ContextRefused(self.path, why)

    def wrong(self, wanted: str) -> ContextRefused:
        """A refusal because another kind of value is needed."""
        return self.refused(f"must be {wanted}, not {kind_of(self.value)}")

    def members(self, *known: str, needs: tuple[str, ...] = ()) -> dict[str, Node]:
        """The members of an object. Raises ContextRefused: not one, unknown or missing members."""
        if not isinstance(self.value, dict):
            raise self.wrong("an object")
        for name in self.value:
            if name not in known:
                raise ContextRefused(f"{self.path}.{name[:80]}", "is not a member known here")
        for name in needs:
            if name not in self.value:
                raise self.refused(f"needs the member `{name}`")
        return {name: Node(f"{self.path}.{name}", value) for name, value in self.value.items()}

    def items(self) -> Iterator[Node]:
        """The items of an array, or the single value that stands for an array of one."""
        if not isinstance(self.value, list):
            yield self
            return
        for position, item in enumerate(self.value):
            yield Node(f"{self.path}[{position}]", item)

    def words(self) -> str:
        """The text, which may be blank. Raises ContextRefused: something else."""
        if not isinstance(self.value, str):
            raise self.wrong("a text")
        return self.value

    def text(self) -> str:
        """The text. Raises ContextRefused: something else, or blank."""
        found = self.words()
        if not found.strip():
            raise self.refused("must not be blank")
        return found

    def flag(self) -> bool:
        """The truth value. Raises ContextRefused."""
        if not isinstance(self.value, bool):
            raise self.wrong("true or false")
        return self.value


def kind_of(value: object) -> str:
    """What a JSON value is called in a message."""
    return _KINDS.get(type(value), "something that is not JSON")


def read_node(document: bytes | str, name: str, limits: ContextLimits) -> Node:
    """The whole document under the name of its one member.

    Raises ContextRefused: too large, not JSON, a member that stands twice, nested too deep.
    """
    raw = document.encode() if isinstance(document, str) else document
    limits.check_size(raw)
    try:
        value = read_json(raw)
    except ValueError as fault:
        raise ContextRefused(name, f"the document is not JSON: {fault}") from None
    return node_of(value, name, limits)


def node_of(value: object, name: str, limits: ContextLimits) -> Node:
    """A JSON value that was read already, as `read_node` gives it. Raises ContextRefused."""
    _check_depth(value, name, limits.deepest)
    return Node("$", value)


def _check_depth(value: object, name: str, deepest: int) -> None:
    level: list[object] = [value]
    for _ in range(deepest):
        level = [
            child
            for each in level
            for child in (
                each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
            )
        ]
        if not level:
            return
    raise ContextRefused(name, f"is nested deeper than {deepest}")


def optional_text(members: dict[str, Node], name: str) -> str | None:
    """The text of a member that may be left out. Raises ContextRefused."""
    return members[name].text() if name in members else None


def optional_flag(members: dict[str, Node], name: str) -> bool:
    """The truth value of a member; false when it is left out. Raises ContextRefused."""
    return members[name].flag() if name in members else False
