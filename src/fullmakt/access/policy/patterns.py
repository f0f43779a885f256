r"""Regular expressions of XML Schema, with the anchors XPath adds, matched in linear time.

A pattern becomes a small automaton and every position of the text is read once with the set of
states it could be in, so no pattern can take exponential time (a backtracking engine can be made
to). Read: literals, `.`, classes with ranges, negation and subtraction, `\d \w \s \i \c` and their
opposites, `\p{L}` categories, `\p{IsThai}` blocks, groups, `|`, `? * + {n,m}` (also the reluctant
forms, which match the same texts) and the anchors `^ $`. Refused: back-references, flags, and what
is too large.
SPEC: XML Schema part 2 appendix F; XPath and XQuery functions section 7.6.1.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, assert_never

from fullmakt.access.policy.pattern_blocks import BLOCKS

LONGEST_PATTERN: Final = 256
LONGEST_TEXT: Final = 2048
MOST_STATES: Final = 1000
_DEEPEST: Final = 20

_Accepts = Callable[[str], bool]

_ESCAPED: Final = {"n": "\n", "r": "\r", "t": "\t"} | {c: c for c in r"\|.-^?*+{}()[]$"}
_CATEGORIES: Final = frozenset(
    kind + detail
    for kind, details in {
        "L": "ultmo",
        "M": "nce",
        "N": "dlo",
        "P": "cdseifo",
        "Z": "slp",
        "S": "mcko",
        "C": "cfon",
    }.items()
    for detail in ("", *details)
)
_SPECIAL: Final = frozenset(r".\?*+{}()|[]^$")


class BadPattern(ValueError):
    """A text is not a pattern that is read here."""


class TextTooLong(ValueError):
    """A text is longer than what a pattern is matched against."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """A compiled pattern. State numbers index `steps` and `free`; `end` is the accepting state.

    `steps[n]` is what state n reads on its way to a next state; `free[n]` are the states reached
    without reading, each under an anchor (`^`, `$`) or none.
    """

    steps: tuple[tuple[_Accepts, int] | None, ...]
    free: tuple[tuple[tuple[str, int], ...], ...]
    start: int
    end: int

    def is_found_in(self, text: str) -> bool:
        """Whether some part of the text matches. Raises TextTooLong."""
        if len(text) > LONGEST_TEXT:
            raise TextTooLong(f"a text of {len(text)} characters, more than {LONGEST_TEXT}")
        states: set[int] = set()
        for position in range(len(text) + 1):
            states = self._closure(states | {self.start}, position, len(text))
            if self.end in states:
                return True
            if position < len(text):
                states = self._after(states, text[position])
        return False

    def _after(self, states: set[int], character: str) -> set[int]:
        return {
            step[1]
            for step in (self.steps[state] for state in states)
            if step is not None and step[0](character)
        }

    def _closure(self, states: set[int], position: int, length: int) -> set[int]:
        reached, waiting = set(states), list(states)
        while waiting:
            for anchor, state in self.free[waiting.pop()]:
                holds = not anchor or position == (0 if anchor == "^" else length)
                if holds and state not in reached:
                    reached.add(state)
                    waiting.append(state)
        return reached


@lru_cache(maxsize=512)
def compile_pattern(source: str) -> Pattern:
    """The pattern a text writes. Raises BadPattern."""
    if len(source) > LONGEST_PATTERN:
        raise BadPattern(f"a pattern of {len(source)} characters, more than {LONGEST_PATTERN}")
    reader = _Reader(source)
    parsed = reader.read()
    builder = _Builder()
    end = builder.new_state()
    start = builder.add(parsed, end)
    return Pattern(tuple(builder.steps), tuple(map(tuple, builder.free)), start, end)


@dataclass(frozen=True, slots=True)
class _One:
    accepts: _Accepts


@dataclass(frozen=True, slots=True)
class _Anchor:
    where: str


@dataclass(frozen=True, slots=True)
class _Sequence:
    parts: tuple[_Node, ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    options: tuple[_Node, ...]


@dataclass(frozen=True, slots=True)
class _Repeat:
    part: _Node
    least: int
    most: int | None


_Node = _One | _Anchor | _Sequence | _Choice | _Repeat


class _Builder:
    """Builds the automaton backwards: `add(node, after)` is a state from which node leads on."""

    def __init__(self) -> None:
        self.steps: list[tuple[_Accepts, int] | None] = []
        self.free: list[list[tuple[str, int]]] = []

    def new_state(self, *free: tuple[str, int]) -> int:
        if len(self.steps) >= MOST_STATES:
            raise BadPattern(f"a pattern that needs more than {MOST_STATES} states")
        self.steps.append(None)
        self.free.append(list(free))
        return len(self.steps) - 1

    def add(self, node: _Node, after: int) -> int:
        match node:
            case _One(accepts):
                state = self.new_state()
                self.steps[state] = (accepts, after)
                return state
            case _Anchor(where):
                return self.new_state((where, after))
            case _Sequence(parts):
                for part in reversed(parts):
                    after = self.add(part, after)
                return after
            case _Choice(options):
                return self.new_state(*(("", self.add(option, after)) for option in options))
            case _Repeat(part, least, most):
                return self._add_repeat(part, least, most, after)
            case _:
                assert_never(node)

    def _add_repeat(self, part: _Node, least: int, most: int | None, after: int) -> int:
        if most is None:
            loop = self.new_state(("", after))
            self.free[loop].append(("", self.add(part, loop)))
            after = loop
        else:
            skip = after
            for _ in range(most - least):
                after = self.new_state(("", skip), ("", self.add(part, after)))
        for _ in range(least):
            after = self.add(part, after)
        return after


class _Reader:
    """Reads a pattern by descent, one character ahead."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._depth = 0

    def read(self) -> _Node:
        node = self._choice()
        if self._at < len(self._source):
            raise self._fault("a `)` that closes nothing")
        return node

    def _fault(self, what: str) -> BadPattern:
        return BadPattern(f"{what} at character {self._at + 1} of `{self._source}`")

    def _peek(self) -> str:
        return self._source[self._at : self._at + 1]

    def _take(self) -> str:
        taken = self._peek()
        if not taken:
            raise self._fault("the pattern ends too early")
        self._at += 1
        return taken

    def _takes(self, wanted: str) -> bool:
        if not self._source.startswith(wanted, self._at):
            return False
        self._at += len(wanted)
        return True

    def _choice(self) -> _Node:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._fault(f"groups nested deeper than {_DEEPEST}")
        options = [self._sequence()]
        while self._takes("|"):
            options.append(self._sequence())
        self._depth -= 1
        return options[0] if len(options) == 1 else _Choice(tuple(options))

    def _sequence(self) -> _Node:
        parts: list[_Node] = []
        while self._peek() not in {"", "|", ")"}:
            parts.append(self._repeated(self._atom()))
        return _Sequence(tuple(parts))

    def _repeated(self, atom: _Node) -> _Node:
        bounds = self._bounds()
        if bounds is None:
            return atom
        if isinstance(atom, _Anchor):
            raise self._fault("a repeated anchor")
        self._takes("?")
        return _Repeat(atom, *bounds)

    def _bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("?", (0, 1)), ("*", (0, None)), ("+", (1, None))):
            if self._takes(sign):
                return bounds
        if not self._takes("{"):
            return None
        least = self._number()
        most: int | None = least
        if self._takes(","):
            most = None if self._peek() == "}" else self._number()
        if not self._takes("}") or (most is not None and most < least):
            raise self._fault("a malformed repetition")
        return least, most

    def _number(self) -> int:
        start = self._at
        while self._peek() in set("0123456789"):
            self._at += 1
        digits = self._source[start : self._at]
        if not digits or len(digits) > 3:
            raise self._fault("a repetition without a number of at most 3 digits")
        return int(digits)

    def _atom(self) -> _Node:
        character = self._take()
        match character:
            case "^" | "$":
                return _Anchor(character)
            case ".":
                return _One(lambda read: read not in {"\n", "\r"})
            case "[":
                return _One(self._class())
            case "\\":
                return _One(self._escape())
            case "(":
                if self._peek() == "?":
                    raise self._fault("a group with a flag or a look-around")
                group = self._choice()
                if not self._takes(")"):
                    raise self._fault("a `(` that is not closed")
                return group
            case _ if character in _SPECIAL:
                self._at -= 1
                raise self._fault(f"a `{character}` that must be escaped")
            case _:
                return _One(character.__eq__)

    def _escape(self) -> _Accepts:
        character = self._take()
        if character in _ESCAPED:
            return _ESCAPED[character].__eq__
        if character in {"p", "P"}:
            return _negated(self._category(), is_negated=character == "P")
        kind = _CLASSES.get(character.lower())
        if kind is None:
            raise self._fault(f"an unknown escape `\\{character}`")
        return _negated(kind, is_negated=character.isupper())

    def _category(self) -> _Accepts:
        close = self._source.find("}", self._at)
        if close < 0 or not self._takes("{"):
            raise self._fault("a `\\p` without a category in braces")
        name = self._source[self._at : close]
        block = BLOCKS.get(name.removeprefix("Is")) if name.startswith("Is") else None
        if block is None and name not in _CATEGORIES:
            raise self._fault(f"an unknown category `{name}`")
        self._at = close + 1
        if block is None:
            return lambda read: unicodedata.category(read).startswith(name)
        return lambda read: any(first <= ord(read) <= last for first, last in block)

    def _class(self) -> _Accepts:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise self._fault(f"classes nested deeper than {_DEEPEST}")
        is_negated = self._takes("^")
        members: list[_Accepts] = []
        without: _Accepts | None = None
        while not self._takes("]"):
            if without is not None:
                raise self._fault("a class that goes on after its subtraction")
            if members and self._takes("-["):
                without = self._class()
            else:
                members.append(self._member())
        if not members:
            raise self._fault("an empty class")
        self._depth -= 1
        return _class_of(tuple(members), is_negated=is_negated, without=without)

    def _member(self) -> _Accepts:
        character = self._take()
        if character == "[":
            raise self._fault("a `[` that must be escaped")
        if character == "\\":
            escaped = self._peek()
            accepts = self._escape()
            if escaped not in _ESCAPED:
                return accepts
            character = _ESCAPED[escaped]
        if not self._is_range():
            return character.__eq__
        self._take()
        last = self._take()
        if last == "\\":
            last = _ESCAPED.get(self._take(), "")
        if last < character:
            raise self._fault("a range that runs backwards")
        return lambda read: character <= read <= last

    def _is_range(self) -> bool:
        following = self._source[self._at : self._at + 2]
        return len(following) == 2 and following[0] == "-" and following[1] not in {"]", "["}


def _negated(accepts: _Accepts, *, is_negated: bool) -> _Accepts:
    return (lambda read: not accepts(read)) if is_negated else accepts


def _class_of(
    members: tuple[_Accepts, ...], *, is_negated: bool, without: _Accepts | None
) -> _Accepts:
    def accepts(read: str) -> bool:
        held = any(member(read) for member in members) is not is_negated
        return held and not (without is not None and without(read))

    return accepts


def _is_name_start(read: str) -> bool:
    return read in {"_", ":"} or unicodedata.category(read)[0] == "L"


def _is_name_character(read: str) -> bool:
    return _is_name_start(read) or read in {"-", ".", "·"} or unicodedata.category(read)[0] in "MN"


_CLASSES: Final[dict[str, _Accepts]] = {
    "d": lambda read: unicodedata.category(read) == "Nd",
    "s": lambda read: read in {" ", "\t", "\n", "\r"},
    "w": lambda read: unicodedata.category(read)[0] not in "PZC",
    "i": _is_name_start,
    "c": _is_name_character,
}
