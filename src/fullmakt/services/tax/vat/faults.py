"""Faults in the structure of a document: what is wrong, where, and the sentence that says so.

A fault is never an exception: the validation service answers a broken document with a result that
lists them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from fullmakt.foundation.terms.text import Language, LocalizedText
from fullmakt.services.tax.vat.model import Place

Text = LocalizedText
_LONGEST_QUOTE: Final = 60
_LONGEST_NAME: Final = 200


class FaultKind(StrEnum):
    """The ways a document can be wrong before anybody looks at what it says."""

    TOO_LARGE = "too large"
    TOO_LONG = "too long"
    NOT_XML = "not xml"
    DOCTYPE = "doctype"
    TOO_DEEP = "too deep"
    WRONG_ROOT = "wrong root"
    UNKNOWN_ELEMENT = "unknown element"
    MISPLACED = "misplaced"
    TOO_MANY = "too many"
    MISSING = "missing"
    NO_CHOICE = "no choice"
    UNKNOWN_ATTRIBUTE = "unknown attribute"
    STRAY_TEXT = "stray text"
    BAD_VALUE = "bad value"


FAULT_TEXTS: Final = {
    FaultKind.TOO_LARGE: Text(
        "Dokumentet er på {size} byte; det kan være høyst {most}.",
        "Dokumentet er på {size} byte; det kan vere høgst {most}.",
        "The document has {size} bytes; it may have at most {most}.",
    ),
    FaultKind.TOO_LONG: Text(
        "Dokumentet har flere enn {most} elementer.",
        "Dokumentet har fleire enn {most} element.",
        "The document has more than {most} elements.",
    ),
    FaultKind.NOT_XML: Text(
        "Dokumentet er ikke velformet XML: {problem}.",
        "Dokumentet er ikkje velforma XML: {problem}.",
        "The document is not well-formed XML: {problem}.",
    ),
    FaultKind.DOCTYPE: Text(
        "Dokumentet har en DOCTYPE. Send det uten DOCTYPE og entiteter.",
        "Dokumentet har ein DOCTYPE. Send det utan DOCTYPE og entitetar.",
        "The document has a DOCTYPE. Send it without DOCTYPE and entities.",
    ),
    FaultKind.TOO_DEEP: Text(
        "Elementene er nøstet dypere enn {most} nivåer.",
        "Elementa er nøsta djupare enn {most} nivå.",
        "The elements are nested deeper than {most} levels.",
    ),
    FaultKind.WRONG_ROOT: Text(
        "Rotelementet er `{found}`; det skal være `{wanted}`.",
        "Rotelementet er `{found}`; det skal vere `{wanted}`.",
        "The root element is `{found}`; it must be `{wanted}`.",
    ),
    FaultKind.UNKNOWN_ELEMENT: Text(
        "Elementet `{found}` er ikke kjent her. Her kan stå: {wanted}.",
        "Elementet `{found}` er ikkje kjent her. Her kan stå: {wanted}.",
        "The element `{found}` is not known here. What may stand here: {wanted}.",
    ),
    FaultKind.MISPLACED: Text(
        "Elementet `{found}` står for sent. Rekkefølgen er: {wanted}.",
        "Elementet `{found}` står for seint. Rekkjefølgja er: {wanted}.",
        "The element `{found}` comes too late. The order is: {wanted}.",
    ),
    FaultKind.TOO_MANY: Text(
        "Elementet `{found}` kan stå høyst {most} ganger her.",
        "Elementet `{found}` kan stå høgst {most} gonger her.",
        "The element `{found}` may stand here at most {most} times.",
    ),
    FaultKind.MISSING: Text(
        "Elementet `{wanted}` mangler.",
        "Elementet `{wanted}` manglar.",
        "The element `{wanted}` is missing.",
    ),
    FaultKind.NO_CHOICE: Text(
        "Her skal nøyaktig ett av disse elementene stå: {wanted}.",
        "Her skal nøyaktig eitt av desse elementa stå: {wanted}.",
        "Exactly one of these elements must stand here: {wanted}.",
    ),
    FaultKind.UNKNOWN_ATTRIBUTE: Text(
        "Attributtet `{found}` er ikke kjent her. Elementene har ingen attributter.",
        "Attributtet `{found}` er ikkje kjent her. Elementa har ingen attributt.",
        "The attribute `{found}` is not known here. The elements have no attributes.",
    ),
    FaultKind.STRAY_TEXT: Text(
        "Her står teksten `{found}`; bare elementer kan stå her.",
        "Her står teksten `{found}`; berre element kan stå her.",
        "The text `{found}` stands where only elements may stand.",
    ),
    FaultKind.BAD_VALUE: Text(
        "Verdien `{found}` er ikke gyldig. Den skal være {wanted}.",
        "Verdien `{found}` er ikkje gyldig. Han skal vere {wanted}.",
        "The value `{found}` is not valid. It must be {wanted}.",
    ),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong at one place. `wanted` is what should be there, when it is a phrase."""

    kind: FaultKind
    place: Place
    values: Mapping[str, str] = field(default_factory=dict)
    wanted: LocalizedText | None = None

    @property
    def text(self) -> LocalizedText:
        """The sentence that tells the sender what to mend."""
        return LocalizedText(*(self._in(language) for language in Language))

    def _in(self, language: Language) -> str:
        values = dict(self.values)
        if self.wanted is not None:
            values["wanted"] = self.wanted.in_language(language)
        return FAULT_TEXTS[self.kind].in_language(language).format(**values)


def quoted(text: str) -> str:
    """`text` as it can be shown in a message: on one line and not longer than a line."""
    return _cut(text, _LONGEST_QUOTE)


def quoted_name(name: str, namespace: str) -> str:
    """An element's name with its namespace, long enough to tell two versions apart."""
    return _cut(f"{{{namespace}}}{name}" if namespace else name, _LONGEST_NAME)


def _cut(text: str, most: int) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= most else f"{flat[:most]}…"
