"""Holds a tree of elements against a shape: order, number, choice, kinds of value; nothing unknown.

A shape is a value made of `Group` and `Value`; the two of this service are in `shapes.py`. Every
fault is reported with its place, up to a limit. What the values mean is left to the rules.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from fullmakt.foundation.terms.text import LocalizedText
from fullmakt.services.tax.vat.faults import Fault, FaultKind, quoted, quoted_name
from fullmakt.services.tax.vat.xml_tree import Element

_SPACE: Final = "\t\n\r "
_SCHEMA_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance"
_HARMLESS_ATTRIBUTES: Final = frozenset(
    {f"{_SCHEMA_INSTANCE}}}schemaLocation", f"{_SCHEMA_INSTANCE}}}noNamespaceSchemaLocation"}
)


@dataclass(frozen=True, slots=True)
class Value:
    """An element that holds text only. `wanted` completes the sentence "it must be …"."""

    wanted: LocalizedText
    accepts: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Part:
    """A child element of a group. `most` is None when there is no limit."""

    name: str
    content: Value | Group
    least: int = 1
    most: int | None = 1


@dataclass(frozen=True, slots=True)
class Group:
    """An element that holds elements only: all `parts` in order, or exactly one of them.

    `may_be_empty` lets the element stand without any children.
    """

    parts: tuple[Part, ...]
    is_choice: bool = False
    may_be_empty: bool = False

    def part(self, name: str) -> Part | None:
        """The part called `name`."""
        return next((one for one in self.parts if one.name == name), None)

    @property
    def names(self) -> str:
        """The names of the parts for a message."""
        return ", ".join(f"`{part.name}`" for part in self.parts) or "-"


@dataclass(frozen=True, slots=True)
class Shape:
    """What a document must look like: its root and the namespaces its elements may be in."""

    root: str
    namespaces: frozenset[str]
    content: Group
    listed: frozenset[str] = frozenset()


def faults_in(root: Element, shape: Shape, *, most: int) -> tuple[Fault, ...]:
    """The first `most` faults of the document, in document order as far as it can be told."""
    if root.name != shape.root or root.namespace not in shape.namespaces:
        wanted = quoted_name(shape.root, max(shape.namespaces))
        found = quoted_name(root.name, root.namespace)
        return (Fault(FaultKind.WRONG_ROOT, root.place, {"found": found, "wanted": wanted}),)
    return tuple(islice(_in_group(root, shape.content, root.namespace), most))


def _in_element(element: Element, content: Value | Group, namespace: str) -> Iterator[Fault]:
    match content:
        case Group():
            yield from _in_group(element, content, namespace)
        case Value():
            yield from _in_value(element, content)


def _in_value(element: Element, value: Value) -> Iterator[Fault]:
    yield from _in_attributes(element)
    for child in element.children:
        yield Fault(
            FaultKind.UNKNOWN_ELEMENT, child.place, {"found": quoted(child.name), "wanted": "-"}
        )
    if not element.children and not value.accepts(element.text):
        found = {"found": quoted(element.text)}
        yield Fault(FaultKind.BAD_VALUE, element.place, found, value.wanted)


def _in_attributes(element: Element) -> Iterator[Fault]:
    for name in element.attributes:
        if name not in _HARMLESS_ATTRIBUTES:
            found = {"found": quoted(name.rpartition("}")[2])}
            yield Fault(FaultKind.UNKNOWN_ATTRIBUTE, element.place, found)


def _in_group(element: Element, group: Group, namespace: str) -> Iterator[Fault]:
    yield from _in_attributes(element)
    if element.text.strip(_SPACE):
        yield Fault(FaultKind.STRAY_TEXT, element.place, {"found": quoted(element.text)})
    if group.may_be_empty and not element.children:
        return
    if group.is_choice:
        yield from _number_of_choices(element, group)
    else:
        yield from _missing_parts(element, group)
        yield from _misplaced_parts(element, group)
    for child in element.children:
        part = group.part(child.name) if child.namespace == namespace else None
        if part is None:
            is_foreign = child.namespace != namespace
            shown = quoted_name(child.name, child.namespace if is_foreign else "")
            names = {"found": shown, "wanted": group.names}
            yield Fault(FaultKind.UNKNOWN_ELEMENT, child.place, names)
        else:
            yield from _in_element(child, part.content, namespace)


def _number_of_choices(element: Element, group: Group) -> Iterator[Fault]:
    chosen = [child for child in element.children if group.part(child.name) is not None]
    if len(chosen) != 1:
        yield Fault(FaultKind.NO_CHOICE, element.place, {"wanted": group.names})


def _missing_parts(element: Element, group: Group) -> Iterator[Fault]:
    present = {child.name for child in element.children}
    for part in group.parts:
        if part.least and part.name not in present:
            yield Fault(FaultKind.MISSING, element.place, {"wanted": part.name})


def _misplaced_parts(element: Element, group: Group) -> Iterator[Fault]:
    order = {part.name: number for number, part in enumerate(group.parts)}
    reached = 0
    counts: dict[str, int] = {}
    for child in element.children:
        part = group.part(child.name)
        if part is None:
            continue
        if order[child.name] < reached:
            names = {"found": child.name, "wanted": group.names}
            yield Fault(FaultKind.MISPLACED, child.place, names)
        reached = max(reached, order[child.name])
        counts[child.name] = counts.get(child.name, 0) + 1
        if part.most is not None and counts[child.name] == part.most + 1:
            limits = {"found": child.name, "most": str(part.most)}
            yield Fault(FaultKind.TOO_MANY, child.place, limits)
