"""Bytes become a tree of elements, each with its path, line and column; or the one fault that
stopped it.

Uses the standard library's expat, since it knows the column as well as the line. Nothing is fetched
and nothing is expanded: a DOCTYPE ends the reading at once. What the elements may be called is left
to `structure.py`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from fullmakt.services.tax.vat.faults import Fault, FaultKind, quoted
from fullmakt.services.tax.vat.model import Place

_BETWEEN: Final = "}"


@dataclass(frozen=True, slots=True)
class ReadingLimits:
    """How much of a document is read."""

    most_bytes: int = 1_000_000
    most_elements: int = 50_000
    deepest: int = 16
    most_faults: int = 100


@dataclass(frozen=True, slots=True)
class Element:
    """One element. `text` is all text directly inside it."""

    name: str
    namespace: str
    place: Place
    attributes: Mapping[str, str]
    children: tuple[Element, ...]
    text: str

    def child(self, name: str) -> Element | None:
        """The first child called `name`."""
        return next((one for one in self.children if one.name == name), None)

    def children_called(self, name: str) -> tuple[Element, ...]:
        """All children called `name`."""
        return tuple(one for one in self.children if one.name == name)

    def text_of(self, name: str) -> str | None:
        """The text of the first child called `name`; None when there is no such child."""
        child = self.child(name)
        return None if child is None else child.text


class _StoppedError(Exception):
    """Reading cannot go on."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.kind)
        self.fault = fault


@dataclass(slots=True)
class _Open:
    """An element whose end has not been seen."""

    name: str
    namespace: str
    place: Place
    attributes: dict[str, str]
    children: list[Element] = field(default_factory=list)
    text: list[str] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)

    def closed(self) -> Element:
        return Element(
            name=self.name,
            namespace=self.namespace,
            place=self.place,
            attributes=self.attributes,
            children=tuple(self.children),
            text="".join(self.text),
        )


class _TreeMaker:
    """Collects what expat reports."""

    def __init__(self, *, listed: frozenset[str], limits: ReadingLimits) -> None:
        self._listed = listed
        self._limits = limits
        self._open: list[_Open] = []
        self._elements = 0
        self.root: Element | None = None
        self._parser = expat.ParserCreate(namespace_separator=_BETWEEN)
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype

    def feed(self, xml: bytes) -> None:
        self._parser.Parse(xml, True)  # noqa: FBT003 - expat takes it by position only

    def place_of_error(self) -> Place:
        path = self._open[-1].place.path if self._open else "/"
        return self._here(path, self._parser.ErrorLineNumber, self._parser.ErrorColumnNumber)

    @staticmethod
    def _here(path: str, line: int, column: int) -> Place:
        return Place(path, line, column + 1)

    def _now(self, path: str) -> Place:
        return self._here(path, self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber)

    def _start(self, expanded: str, attributes: dict[str, str]) -> None:
        namespace, _, name = expanded.rpartition(_BETWEEN)
        place = self._now(self._path(name))
        self._elements += 1
        if len(self._open) >= self._limits.deepest:
            self._stop(FaultKind.TOO_DEEP, place, self._limits.deepest)
        if self._elements > self._limits.most_elements:
            self._stop(FaultKind.TOO_LONG, place, self._limits.most_elements)
        self._open.append(_Open(name, namespace, place, attributes))

    @staticmethod
    def _stop(kind: FaultKind, place: Place, most: int) -> None:
        raise _StoppedError(Fault(kind, place, {"most": str(most)}))

    def _path(self, name: str) -> str:
        if not self._open:
            return f"/{name}"
        parent = self._open[-1]
        parent.seen[name] = parent.seen.get(name, 0) + 1
        index = f"[{parent.seen[name]}]" if name in self._listed else ""
        return f"{parent.place.path}/{name}{index}"

    def _end(self, _expanded: str) -> None:
        element = self._open.pop().closed()
        if self._open:
            self._open[-1].children.append(element)
        else:
            self.root = element

    def _characters(self, text: str) -> None:
        self._open[-1].text.append(text)

    def _doctype(self, *_declared: object) -> None:
        raise _StoppedError(Fault(FaultKind.DOCTYPE, self._now("/")))


def parse(xml: bytes, *, listed: frozenset[str], limits: ReadingLimits) -> Element | Fault:
    """The root element of `xml`, or why there is none. Elements named in `listed` are numbered in
    paths.
    """
    if len(xml) > limits.most_bytes:
        sizes = {"size": str(len(xml)), "most": str(limits.most_bytes)}
        return Fault(FaultKind.TOO_LARGE, Place("/"), sizes)
    maker = _TreeMaker(listed=listed, limits=limits)
    try:
        maker.feed(xml)
    except _StoppedError as stopped:
        return stopped.fault
    except expat.ExpatError as error:
        problem = {"problem": expat.ErrorString(error.code) or "malformed"}
        return Fault(FaultKind.NOT_XML, maker.place_of_error(), problem)
    except (LookupError, ValueError) as error:
        # An encoding Python does not know, or one that expat cannot use, is not an expat error.
        return Fault(FaultKind.NOT_XML, maker.place_of_error(), {"problem": quoted(str(error))})
    if maker.root is None:
        return Fault(FaultKind.NOT_XML, Place("/"), {"problem": "no element found"})
    return maker.root
