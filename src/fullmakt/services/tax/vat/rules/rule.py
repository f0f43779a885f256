"""What a rule is, what it finds, and how findings become deviations.

A rule is a row in a table: its number, how grave a breach is, the categories of return it holds
for, and a pure function that yields what breaks it. The rows are in the sibling files, the table in
`table.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from fullmakt.foundation.terms.text import Language, LocalizedText
from fullmakt.services.tax.vat.faults import quoted
from fullmakt.services.tax.vat.model import Place, VatLine, VatReturn
from fullmakt.services.tax.vat.obligations import TaxpayerFacts
from fullmakt.services.tax.vat.periods import Category

ORDINARY: Final = frozenset({Category.ORDINARY, Category.PRIMARY_INDUSTRY})
COMPENSATION: Final = frozenset({Category.COMPENSATION})
REVERSE_CHARGE: Final = frozenset({Category.REVERSE_CHARGE})
EVERY_CATEGORY: Final = frozenset(Category)


class Severity(StrEnum):
    """How a return with a breach is described; `INVALID` stops it, `DEVIATING` does not."""

    NONE = "ingen avvik"
    DEVIATING = "avvikende skattemelding"
    INVALID = "ugyldig skattemelding"


_GRAVENESS: Final = tuple(Severity)


def worst(severities: Iterable[Severity]) -> Severity:
    """The gravest of `severities`; `NONE` when there are none."""
    return max(severities, key=_GRAVENESS.index, default=Severity.NONE)


@dataclass(frozen=True, slots=True)
class Finding:
    """A place where a rule is broken, with the values its sentence names."""

    place: Place
    values: Mapping[str, str] = field(default_factory=dict)
    vat_code: str | None = None


Finder = Callable[[VatReturn, TaxpayerFacts], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `deviation` is the name a breach has in the result; `text` is the sentence to fill
    in.
    """

    number: str
    severity: Severity
    categories: frozenset[Category]
    deviation: str
    text: LocalizedText
    find: Finder


@dataclass(frozen=True, slots=True)
class Deviation:
    """A breach of a rule at one place, ready to be told."""

    rule: str
    severity: Severity
    code: str
    place: Place
    text: LocalizedText
    vat_code: str | None = None


def deviation_from(rule: Rule, finding: Finding) -> Deviation:
    """The deviation a finding of `rule` amounts to."""
    return Deviation(
        rule=rule.number,
        severity=rule.severity,
        code=rule.deviation,
        place=finding.place,
        text=LocalizedText(
            *(rule.text.in_language(language).format(**finding.values) for language in Language)
        ),
        vat_code=finding.vat_code,
    )


def kroner(amount: Decimal) -> str:
    """An amount for a message: never with an exponent, and without empty decimals."""
    written = format(amount, "f")
    return written.rstrip("0").rstrip(".") if "." in written else written


def on_line(line: VatLine, **values: str) -> Finding:
    """A finding at `line`; its sentence may also name the line's own values."""
    remark = line.remark.chosen if line.remark else ""
    own = {
        "code": quoted(line.code),
        "specification": quoted(line.specification or ""),
        "rate": quoted(line.rate or ""),
        "base": "" if line.base is None else kroner(line.base),
        "vat": kroner(line.vat),
        "remark": quoted(remark),
    }
    return Finding(line.place, own | values, vat_code=quoted(line.code))


def each_line(breaks: Callable[[VatLine], bool]) -> Finder:
    """A finder of the lines that break a rule by themselves."""

    def find(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
        return (on_line(line) for line in vat_return.lines if breaks(line))

    return find
