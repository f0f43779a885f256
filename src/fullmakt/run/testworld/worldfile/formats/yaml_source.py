"""A world file in YAML, with the line of each value, and the same written.

YAML 1.2's plain words as far as a world needs them (`plain.py`): `NO` is a country, a date is text.
Anchors, aliases, tags and several documents in one file are refused: nothing is expanded or made.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final, TypeVar

import yaml

from fullmakt.run.testworld.worldfile.formats.plain import is_plain, plain_value
from fullmakt.run.testworld.worldfile.formats.source import (
    FilesRefused,
    PlacedFault,
    Source,
    decoded,
    joined,
    nearest,
)

_DEEPEST: Final = 32
# SPEED: the C reader is ten times faster; wheels have it, a build from source may not.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_Event = TypeVar("_Event", bound=yaml.Event)


def read_yaml_source(file: str, content: bytes) -> Source:
    """What the file says. Raises: FilesRefused."""
    text = decoded(file, content)
    try:
        builder = _Builder(file, yaml.parse(text, Loader=_LOADER))
        value = builder.document()
    except yaml.MarkedYAMLError as fault:
        line = None if fault.problem_mark is None else fault.problem_mark.line + 1
        told = f"is not YAML: {fault.problem}"
        raise FilesRefused([PlacedFault(file, line, told)]) from None
    except yaml.YAMLError as fault:
        told = f"is not YAML: {' '.join(str(fault).split())}"
        raise FilesRefused([PlacedFault(file, None, told)]) from None
    return Source(file, value, lambda path: nearest(builder.lines, path))


class _Builder:
    """Makes values from the events of one document."""

    def __init__(self, file: str, events: Iterator[yaml.Event]) -> None:
        self._file = file
        self._events = events
        self.lines: dict[str, int] = {}

    def document(self) -> object:
        self._next(yaml.StreamStartEvent)
        if isinstance(next(self._events), yaml.StreamEndEvent):
            return None
        value = self._value(next(self._events), "", "", depth=0)
        self._next(yaml.DocumentEndEvent)
        after = next(self._events)
        if not isinstance(after, yaml.StreamEndEvent):
            raise self._refused(after, "holds a second document; keep each in a file of its own")
        return value

    def _next(self, kind: type[_Event]) -> None:
        event = next(self._events)
        assert isinstance(event, kind), f"the parser gives {kind.__name__} here"

    def _refused(self, event: yaml.Event, told: str) -> FilesRefused:
        return FilesRefused([PlacedFault(self._file, _line(event), told)])

    def _value(self, event: yaml.Event, path: str, name: str, *, depth: int) -> object:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise self._refused(event, "has an anchor or an alias; write the value out")
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise self._refused(event, f"has the tag `{tag}`; values have no tags here")
        if depth > _DEEPEST:
            raise self._refused(event, f"is nested deeper than {_DEEPEST} levels")
        self.lines[path] = _line(event)
        match event:
            case yaml.MappingStartEvent():
                return self._mapping(path, depth=depth)
            case yaml.SequenceStartEvent():
                return self._sequence(path, name, depth=depth)
            case yaml.ScalarEvent():
                return _scalar(event, name)
            case _:
                raise self._refused(event, "cannot be read as a value")

    def _mapping(self, path: str, *, depth: int) -> dict[str, object]:
        members: dict[str, object] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise self._refused(event, "has a member whose name is not a word")
            name = event.value
            if name.casefold() in {each.casefold() for each in members}:
                raise self._refused(event, f"member `{name}` stands twice")
            at = joined(path, name)
            members[name] = self._value(next(self._events), at, name, depth=depth + 1)
            self.lines[at] = _line(event)
        return members

    def _sequence(self, path: str, name: str, *, depth: int) -> list[object]:
        items: list[object] = []
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            items.append(self._value(event, f"{path}[{len(items)}]", name, depth=depth + 1))
        return items


def _line(event: yaml.Event) -> int:
    assert event.start_mark is not None, "the parser marks every event"
    return event.start_mark.line + 1


def _scalar(event: yaml.ScalarEvent, name: str) -> object:
    is_bare = event.implicit[0] and not event.style
    if not is_bare:
        return event.value
    return plain_value(name, event.value) if event.value not in {"", "~"} else None


class _Word(str):
    """A text that has to be quoted to stay one."""

    __slots__ = ()


class _Writer(yaml.SafeDumper):
    """Quotes what would not be read back as the text it is."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002  nothing is written once for two
        """That every value is written where it stands."""
        return True


def _quoted(writer: yaml.SafeDumper, word: _Word) -> yaml.ScalarNode:
    return writer.represent_scalar("tag:yaml.org,2002:str", str(word), style='"')


def _number(writer: yaml.SafeDumper, number: float) -> yaml.ScalarNode:
    # JSON's form, which is what is read back; it stands bare whatever YAML 1.1 would take it for.
    word = json.dumps(number)
    tag: str = writer.resolve(yaml.ScalarNode, word, (True, False))  # type: ignore[no-untyped-call]
    return writer.represent_scalar(tag, word)


_Writer.add_representer(_Word, _quoted)
_Writer.add_representer(float, _number)


def write_yaml(value: object) -> str:
    """The JSON value as YAML that reads back the same."""
    return yaml.dump(
        _marked(value, ""), Dumper=_Writer, allow_unicode=True, sort_keys=False, width=100
    )


def _marked(value: object, name: str) -> object:
    if isinstance(value, dict):
        return {member: _marked(each, member) for member, each in value.items()}
    if isinstance(value, list):
        return [_marked(each, name) for each in value]
    if isinstance(value, str) and not is_plain(name, value, value):
        return _Word(value)
    return value
