"""Rules on purchases from abroad and of quotas and gold: codes where VAT is both computed and
deducted.

Such a code has output lines (with basis) and input lines (without). The deduction may not exceed
the VAT computed, may not stand alone, and is normally there.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from fullmakt.foundation.terms.text import LocalizedText
from fullmakt.services.tax.vat.model import VatLine, VatReturn
from fullmakt.services.tax.vat.obligations import TaxpayerFacts
from fullmakt.services.tax.vat.rules.rule import (
    ORDINARY,
    Finder,
    Finding,
    Rule,
    Severity,
    kroner,
    on_line,
)

Text = LocalizedText

_GOODS: Final = "MVA_MELDINGSINNHOLD_VARER_KJØPT_FRA_UTLANDET_MED_FRADRAGSRETT_AVVIK"
# QUIRK: the published names spell "tjenster", and the last group has goods and services swapped.
_SERVICES: Final = (
    "MVA_MELDINGSINNHOLD_OMVENDT_AVGIFTSPLIKT_FOR_TJENSTER_KJØPT_FRA_UTLANDET_"
    "MED_FRADRAGSRETT_AVVIK"
)
_QUOTAS: Final = "MVA_MELDINGSINNHOLD_KJØP_AV_KLIMAKVOTER_OG_GULL_MED_FRADRAGSRETT_AVVIK"

_TOO_MUCH: Final = "MELLOM_BEREGNET_OG_INNGÅENDE_AVGIFT_MVA_KODE"
_NOT_COMPUTED: Final = "UTGÅENDE_AVGIFT_MANGLER_MVA_KODE"
_NOT_DEDUCTED: Final = "INNGÅENDE_AVGIFT_MANGLER_MVA_KODE"


def _inputs(lines: tuple[VatLine, ...]) -> list[VatLine]:
    return [line for line in lines if line.base is None]


def _outputs(lines: tuple[VatLine, ...]) -> list[VatLine]:
    return [line for line in lines if line.base is not None]


def _plain(lines: list[VatLine]) -> list[VatLine]:
    return [line for line in lines if not line.specification]


def _deducts_too_much(code: str) -> Finder:
    def find(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
        lines = vat_return.lines_of(code)
        inputs = _inputs(lines)
        deducted = abs(sum((line.vat for line in inputs), Decimal(0)))
        computed = abs(sum((line.vat for line in _outputs(lines)), Decimal(0)))
        if inputs and deducted > computed:
            yield on_line(inputs[0], deducted=kroner(deducted), computed=kroner(computed))

    return find


def _deducts_what_is_not_computed(code: str) -> Finder:
    def find(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
        lines = vat_return.lines_of(code)
        inputs, outputs = _plain(_inputs(lines)), _outputs(lines)
        if len(inputs) > len(outputs):
            counts = {"inputs": str(len(inputs)), "outputs": str(len(outputs))}
            yield on_line(inputs[0], **counts)

    return find


def _computes_without_deducting(code: str) -> Finder:
    def find(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
        lines = vat_return.lines_of(code)
        outputs = _plain(_outputs(lines))
        if outputs and not _plain(_inputs(lines)):
            yield on_line(outputs[0])

    return find


_TEXT_TOO_MUCH: Final = Text(
    "Fradraget på kode {code} er {deducted}, mer enn den beregnede avgiften {computed}.",
    "Frådraget på kode {code} er {deducted}, meir enn den berekna avgifta {computed}.",
    "The deduction on code {code} is {deducted}, more than the computed VAT {computed}.",
)
_TEXT_NOT_COMPUTED: Final = Text(
    "Kode {code} har {inputs} fradragslinjer og {outputs} linjer med grunnlag og sats; avgiften "
    "skal beregnes i samme termin som den trekkes fra.",
    "Kode {code} har {inputs} frådragslinjer og {outputs} linjer med grunnlag og sats; avgifta "
    "skal bereknast i same termin som ho blir trekt frå.",
    "Code {code} has {inputs} deduction lines and {outputs} lines with basis and rate; VAT must "
    "be computed in the period it is deducted in.",
)
_TEXT_NOT_DEDUCTED: Final = Text(
    "Kode {code} gjelder kjøp med fradragsrett, men ingen linje trekker avgiften fra.",
    "Kode {code} gjeld kjøp med frådragsrett, men inga linje trekkjer avgifta frå.",
    "Code {code} is for deductible purchases, but no line deducts the VAT.",
)


def _too_much(number: str, family: str, code: str) -> Rule:
    name = f"{family}_{_TOO_MUCH}_{code}"
    find = _deducts_too_much(code)
    return Rule(number, Severity.DEVIATING, ORDINARY, name, _TEXT_TOO_MUCH, find)


def _not_computed(number: str, family: str, code: str) -> Rule:
    name = f"{family}_{_NOT_COMPUTED}_{code}"
    find = _deducts_what_is_not_computed(code)
    return Rule(number, Severity.INVALID, ORDINARY, name, _TEXT_NOT_COMPUTED, find)


def _not_deducted(number: str, family: str, code: str) -> Rule:
    name = f"{family}_{_NOT_DEDUCTED}_{code}"
    find = _computes_without_deducting(code)
    return Rule(number, Severity.DEVIATING, ORDINARY, name, _TEXT_NOT_DEDUCTED, find)


ABROAD_RULES: Final = (
    _too_much("R023", _GOODS, "81"),
    _too_much("R024", _GOODS, "83"),
    _too_much("R025", _SERVICES, "86"),
    _too_much("R026", _SERVICES, "88"),
    _too_much("R027", _QUOTAS, "91"),
    _not_computed("R028", _GOODS, "81"),
    _not_computed("R029", _GOODS, "83"),
    _not_computed("R030", _SERVICES, "86"),
    _not_computed("R031", _SERVICES, "88"),
    _not_computed("R032", _QUOTAS, "91"),
    _not_deducted("R033", _SERVICES, "81"),
    _not_deducted("R034", _SERVICES, "83"),
    _not_deducted("R035", _GOODS, "86"),
    _not_deducted("R036", _GOODS, "88"),
    _not_deducted("R037", _QUOTAS, "91"),
)
