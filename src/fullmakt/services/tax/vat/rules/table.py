"""The table of rules, and what it is for: `validate` tells everything that is wrong with a return.

A return whose structure is wrong is told so (R001) and nothing else, since nothing else can be
known of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from fullmakt.services.tax.vat.faults import Fault
from fullmakt.services.tax.vat.model import VatReturn
from fullmakt.services.tax.vat.obligations import TaxpayerFacts
from fullmakt.services.tax.vat.reading import Unreadable, read_return
from fullmakt.services.tax.vat.rules.abroad import ABROAD_RULES
from fullmakt.services.tax.vat.rules.amounts import AMOUNT_RULES
from fullmakt.services.tax.vat.rules.content import CONTENT_RULES
from fullmakt.services.tax.vat.rules.register import REGISTER_RULES
from fullmakt.services.tax.vat.rules.rule import (
    Deviation,
    Rule,
    Severity,
    deviation_from,
    worst,
)
from fullmakt.services.tax.vat.rules.specified import SPECIFICATION_RULES

RULES: Final[tuple[Rule, ...]] = tuple(
    sorted(
        CONTENT_RULES + AMOUNT_RULES + SPECIFICATION_RULES + ABROAD_RULES + REGISTER_RULES,
        key=lambda rule: rule.number,
    )
)

STRUCTURE_RULE: Final = "R001"
STRUCTURE_DEVIATION: Final = "MvaMeldingsinnhold_Xml_SkjemaValideringsfeil"

# A return of a thousand lines that are all wrong in the same way need not say so a thousand times.
_MOST_PER_RULE: Final = 100


@dataclass(frozen=True, slots=True)
class Validation:
    """What the rules say of a return. `vat_return` is None when its structure was wrong."""

    vat_return: VatReturn | None
    deviations: tuple[Deviation, ...] = ()

    @property
    def outcome(self) -> Severity:
        """The gravest of the deviations (`avvikVedMeldingslevering`)."""
        return worst(deviation.severity for deviation in self.deviations)

    @property
    def may_be_filed(self) -> bool:
        """Whether the return goes through: a deviating one does, an invalid one does not."""
        return self.vat_return is not None and self.outcome is not Severity.INVALID


def validate(xml: bytes, facts: TaxpayerFacts) -> Validation:
    """Everything that is wrong with the return in `xml`. Never raises, whatever the bytes are."""
    match read_return(xml):
        case Unreadable(faults):
            return Validation(None, tuple(map(_structure_deviation, faults)))
        case VatReturn() as vat_return:
            return Validation(vat_return, deviations_of(vat_return, facts))


def deviations_of(vat_return: VatReturn, facts: TaxpayerFacts) -> tuple[Deviation, ...]:
    """What the rules of the return's category find, in the order of their numbers."""
    return tuple(_deviations(vat_return, facts))


def _deviations(vat_return: VatReturn, facts: TaxpayerFacts) -> Iterator[Deviation]:
    for rule in RULES:
        if vat_return.category in rule.categories:
            for finding in islice(rule.find(vat_return, facts), _MOST_PER_RULE):
                yield deviation_from(rule, finding)


def _structure_deviation(fault: Fault) -> Deviation:
    return Deviation(
        rule=STRUCTURE_RULE,
        severity=Severity.INVALID,
        code=STRUCTURE_DEVIATION,
        place=fault.place,
        text=fault.text,
    )
