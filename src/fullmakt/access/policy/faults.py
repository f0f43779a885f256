"""Every fault of a policy document, for its author: of each rule, not only of the first.

A document with a fault is refused as a whole (`parse_sets.py`). Here a faulty rule is looked away
from, and the rest read again, so that an author mends all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from fullmakt.access.policy import names
from fullmakt.access.policy.errors import PolicyRefused
from fullmakt.access.policy.parse_sets import parse_policies
from fullmakt.access.policy.xml_document import read_document

MOST_FAULTS: Final = 50
_SEPARATOR: Final = " "


def faults_of(document: bytes, *referenced: bytes) -> list[PolicyRefused]:
    """What is wrong with a document, in the order it is met; at most `MOST_FAULTS`.

    `referenced` are sound documents that it may refer to. Of what stands outside rules, and of a
    document that is no XML, the first fault is told alone.
    """
    return list(_faults(document, referenced))


def _faults(document: bytes, referenced: tuple[bytes, ...]) -> Iterator[PolicyRefused]:
    try:
        read_document(document, namespace=names.NAMESPACE)
    except PolicyRefused as refused:
        yield refused
        return
    rules = _rules(document)
    told: set[tuple[int, str]] = set()
    for _ in range(MOST_FAULTS):
        fault = _first_fault(document, referenced)
        # Told again, it did not stand in the rule that shares its line.
        if fault is None or (fault.line, fault.why) in told:
            return
        told.add((fault.line, fault.why))
        yield fault
        faulty = [rule for rule in rules if rule.first_line <= fault.line <= rule.last_line]
        if len(faulty) != 1:
            return
        rules.remove(faulty[0])
        document = _without(document, faulty[0])


def _first_fault(document: bytes, referenced: tuple[bytes, ...]) -> PolicyRefused | None:
    try:
        parse_policies(document, *referenced)
    except PolicyRefused as refused:
        return refused
    return None


@dataclass(slots=True)
class _Rule:
    """Where a rule stands: its bytes and its lines."""

    start: int
    first_line: int
    end: int = 0
    last_line: int = 0


def _rules(document: bytes) -> list[_Rule]:
    parser = expat.ParserCreate(namespace_separator=_SEPARATOR)
    found: list[_Rule] = []
    rule = f"{names.NAMESPACE}{_SEPARATOR}Rule"

    def begin(name: str, _attributes: dict[str, str]) -> None:
        if name == rule:
            found.append(_Rule(parser.CurrentByteIndex, parser.CurrentLineNumber))

    def end(name: str) -> None:
        if name == rule:
            found[-1].end = parser.CurrentByteIndex
            found[-1].last_line = parser.CurrentLineNumber

    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.Parse(document, True)  # noqa: FBT003  the library's own
    return found


def _without(document: bytes, rule: _Rule) -> bytes:
    """The document with blanks where the rule was, so that every line keeps its number."""
    # A rule of one tag ends where expat says; for another, that is where its end tag begins.
    is_one_tag = not document.startswith(b"</", rule.end)
    end = rule.end if is_one_tag else document.index(b">", rule.end) + 1
    blanks = b"".join(b"\n" if byte == ord("\n") else b" " for byte in document[rule.start : end])
    return document[: rule.start] + blanks + document[end:]
