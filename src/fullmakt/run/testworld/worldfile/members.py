"""JSON read member by member, with every fault collected: where, what stands there, what would do.

Nothing is guessed and nothing passed over: a member that the shape does not have is a fault. What
the members mean is `shapes.py`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar, cast

from fullmakt.foundation.terms.problem import Fault, ValidationProblem

Value = TypeVar("Value")
Default = TypeVar("Default")
Parse = Callable[[object], Value]
_LONGEST_SHOWN = 80
_IDENTITY_NUMBER = re.compile(r"\b(\d{6})\d{5}\b")


@dataclass(frozen=True, slots=True)
class WorldFault:
    """One thing that is wrong: the path of the value, the value, and what was expected."""

    path: str
    value: object
    expected: str

    def __str__(self) -> str:
        return f"{self.path}: {self.shown} {self.expected}"

    @property
    def shown(self) -> str:
        """The value in backticks, cut short, with identity numbers starred."""
        text = self.value if isinstance(self.value, str) else _compact(self.value)
        cut = text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"
        return "`" + _IDENTITY_NUMBER.sub(r"\1*****", cut) + "`"


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)


class SecretValueError(ValueError):
    """A value does not hold, and must not be shown: it may hold a private key."""


class WorldRefused(ValidationProblem):
    """A world file, or an entry of one, does not hold; nothing of it was loaded."""

    code, title = "FM-00401", "The world does not hold; nothing was loaded."

    def __init__(self, faults: list[WorldFault]) -> None:
        super().__init__(
            *(
                Fault("FM.VLD-00001", "The value does not hold.", (fault.path,), str(fault))
                for fault in faults
            )
        )
        self.world_faults = tuple(faults)


class Members:
    """The members of one JSON object, taken by name."""

    def __init__(
        self, value: object, path: str, faults: list[WorldFault], known: frozenset[str]
    ) -> None:
        self.path = path
        self._faults = faults
        self._before = len(faults)
        self._members: Mapping[str, object] = {}
        self._is_object = isinstance(value, dict)
        if not isinstance(value, dict):
            self.fault("", value, "must be an object")
            return
        self._members = value
        for name in value.keys() - known:
            expected = f"is not a member here; known are {', '.join(sorted(known))}"
            self.fault(name, name, expected)

    @property
    def is_sound(self) -> bool:
        """Whether no fault has been found since this object was opened."""
        return len(self._faults) == self._before

    def fault(self, name: str, value: object, expected: str) -> None:
        """Note a fault at the member `name`."""
        self._faults.append(WorldFault(_joined(self.path, name), value, expected))

    def required(self, name: str, parse: Parse[Value]) -> Value:
        """The value of a member that must be there.

        INVARIANT: after a fault the result means nothing; callers look at `is_sound` before use.
        """
        value = self._members.get(name)
        if value is None:
            if self._is_object:
                self.fault(name, None, "is missing")
            return cast("Value", None)
        try:
            return parse(value)
        except ValueError as fault:
            self.fault(name, value, str(fault))
            return cast("Value", None)

    def optional(self, name: str, parse: Parse[Value], default: Default) -> Value | Default:
        """The value of a member, or `default` where it is missing, null or faulty."""
        value = self._members.get(name)
        if value is None:
            return default
        try:
            return parse(value)
        except ValueError as fault:
            hides = isinstance(fault, SecretValueError)
            self.fault(name, "the value" if hides else value, str(fault))
            return default

    def verbatim(self, *names: str) -> dict[str, object]:
        """The members of these names as they stand."""
        return {name: self._members[name] for name in names if name in self._members}

    def each(self, name: str) -> Iterator[tuple[str, object]]:
        """The items of a list with their paths; none where it is missing."""
        value = self._members.get(name)
        if value is None:
            return
        if not isinstance(value, list):
            self.fault(name, value, "must be a list")
            return
        for n, item in enumerate(value):
            yield f"{_joined(self.path, name)}[{n}]", item


def _joined(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name
