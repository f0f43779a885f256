"""Rules on amounts: sums, products, which lines state basis and rate, signs that need a remark."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_DOWN, Decimal
from typing import Final

from fullmakt.foundation.terms.text import LocalizedText
from fullmakt.services.tax.vat.codes import (
    BOTH_WAY_CODES,
    INPUT_CODES,
    OUTPUT_CODES,
    SALES_CODES,
)
from fullmakt.services.tax.vat.model import VatLine, VatReturn
from fullmakt.services.tax.vat.obligations import TaxpayerFacts
from fullmakt.services.tax.vat.periods import Category, PeriodKind
from fullmakt.services.tax.vat.rates import percent_of
from fullmakt.services.tax.vat.rules.rule import (
    COMPENSATION,
    EVERY_CATEGORY,
    ORDINARY,
    REVERSE_CHARGE,
    Finding,
    Rule,
    Severity,
    each_line,
    kroner,
    on_line,
)
from fullmakt.services.tax.vat.specifications import Specification

Text = LocalizedText

_YEARLY_TURNOVER_BELOW: Final = Decimal(1_100_000)
_REVERSE_CODES: Final = frozenset({"86", "87", "88", "89", "91", "92"})
# QUIRK: code 5 is an output code too, but the published rule leaves it out.
_OPPOSITE_BASE_CODES: Final = (OUTPUT_CODES | BOTH_WAY_CODES) - {"5"}
_PLAIN_LOSS_CODES: Final = frozenset({"1", "11", "12", "13"})
_REVERSING: Final = frozenset(
    {Specification.ADJUSTMENT, Specification.LOSS_ON_CLAIM, Specification.REVERSAL}
)


def computed_vat(line: VatLine) -> Decimal | None:
    """Basis times rate in whole kroner, rounded towards zero; None where either is missing."""
    product = _exact_vat(line)
    return None if product is None else product.quantize(Decimal(1), rounding=ROUND_DOWN)


def _exact_vat(line: VatLine) -> Decimal | None:
    percent = percent_of(line.rate or "")
    if line.base is None or percent is None:
        return None
    return line.base * percent / 100


def _sum(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
    total = sum((line.vat for line in vat_return.lines), Decimal(0))
    if total != vat_return.total:
        sums = {"sum": kroner(total), "stated": kroner(vat_return.total)}
        yield Finding(vat_return.places.total, sums)


def _products(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
    for line in vat_return.lines:
        computed = computed_vat(line)
        if computed is not None and computed != line.vat:
            yield on_line(line, computed=kroner(computed))


def _vat_is_not_below_base(line: VatLine) -> bool:
    return line.base is not None and line.base > 0 and line.base <= line.vat


def _vat_is_left_out(line: VatLine) -> bool:
    computed = _exact_vat(line)
    return line.vat == 0 and computed is not None and computed >= 1


def _has_base_or_rate(line: VatLine) -> bool:
    return line.base is not None or line.rate is not None


def _has_base_and_rate(line: VatLine) -> bool:
    return line.base is not None and line.rate is not None


def _is_input(line: VatLine) -> bool:
    return line.code in INPUT_CODES or (
        line.code in BOTH_WAY_CODES and line.specification in _REVERSING
    )


def _opposite_base(line: VatLine) -> bool:
    return (
        line.code in _OPPOSITE_BASE_CODES
        and line.base is not None
        and line.base < 0
        and not line.has_remark
    )


def _opposite_deduction(line: VatLine) -> bool:
    if line.code not in INPUT_CODES | BOTH_WAY_CODES or line.base is not None or line.vat <= 0:
        return False
    explained = (line.code == "1" and line.specification in _REVERSING) or (
        line.code in _PLAIN_LOSS_CODES and line.specification == Specification.LOSS_ON_CLAIM
    )
    return not (explained or line.has_remark)


def _opposite_compensation(line: VatLine) -> bool:
    explained = line.specification == Specification.COMPENSATION_ADJUSTMENT
    return line.vat > 0 and not (explained or line.has_remark)


def _yearly_turnover(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
    if vat_return.period.kind is not PeriodKind.YEAR:
        return
    bases = (line.base or Decimal(0) for line in vat_return.lines if line.code in SALES_CODES)
    turnover = sum(bases, Decimal(0))
    if turnover >= _YEARLY_TURNOVER_BELOW:
        limits = {"turnover": kroner(turnover), "limit": kroner(_YEARLY_TURNOVER_BELOW)}
        yield Finding(vat_return.places.period, limits)


def _nothing_determined(vat_return: VatReturn, facts: TaxpayerFacts) -> Iterator[Finding]:
    obligation = facts.obligation_for(vat_return.category, vat_return.period)
    is_first = obligation is None or not obligation.has_filed(vat_return.period)
    if is_first and vat_return.total == 0:
        yield Finding(vat_return.places.total)


_NEEDS_BASE_AND_RATE: Final = Text(
    "Linjen med kode {code} mangler grunnlag eller sats; den skal ha begge.",
    "Linja med kode {code} manglar grunnlag eller sats; ho skal ha begge.",
    "The line with code {code} lacks its basis or rate; it must have both.",
)
_OPPOSITE_SIGN: Final = Text(
    "Linjen med kode {code} har motsatt fortegn. Fyll ut en merknad som forklarer det.",
    "Linja med kode {code} har motsett forteikn. Fyll ut ein merknad som forklarer det.",
    "The line with code {code} has the opposite sign. Fill in a remark that explains it.",
)
_NOTHING_DETERMINED: Final = Text(
    "Fastsatt merverdiavgift er 0; da skal meldingen ikke sendes.",
    "Fastsett meirverdiavgift er 0; då skal meldinga ikkje sendast.",
    "The determined VAT is 0; then the return is not to be filed.",
)

AMOUNT_RULES: Final = (
    Rule(
        "R018",
        Severity.DEVIATING,
        EVERY_CATEGORY,
        "MVA_MELDINGSINNHOLD_SUM_MVA_FEIL_SUMMERING_AV_AVGIFTLINJER",
        Text(
            "Summen av linjene er {sum}, oppgitt fastsatt merverdiavgift er {stated}.",
            "Summen av linjene er {sum}, oppgitt fastsett meirverdiavgift er {stated}.",
            "The sum of the lines is {sum}, the stated determined VAT is {stated}.",
        ),
        _sum,
    ),
    Rule(
        "R019",
        Severity.DEVIATING,
        EVERY_CATEGORY,
        "MVA_MELDINGSINNHOLD_GRUNNLAG_GANGER_GJELDENDE_SATS_"
        "FEIL_BEREGNET_MERVERDIAVGIFT_FOR_AVGIFTSLINJE",
        Text(
            "Grunnlag {base} med sats {rate} gir {computed}; linjen har {vat}.",
            "Grunnlag {base} med sats {rate} gir {computed}; linja har {vat}.",
            "The basis {base} at the rate {rate} gives {computed}; the line has {vat}.",
        ),
        _products,
    ),
    Rule(
        "R122",
        Severity.INVALID,
        ORDINARY | REVERSE_CHARGE,
        "MVA_MELDINGSINNHOLD_GRUNNLAG_ER_LAVERE_ENN_BEREGNET_AVGIFT",
        Text(
            "Merverdiavgiften {vat} skal være lavere enn grunnlaget {base}.",
            "Meirverdiavgifta {vat} skal vere lågare enn grunnlaget {base}.",
            "The VAT {vat} must be lower than the basis {base}.",
        ),
        each_line(_vat_is_not_below_base),
    ),
    Rule(
        "R127",
        Severity.INVALID,
        ORDINARY | REVERSE_CHARGE,
        "MVA_MELDINGSINNHOLD_UTGÅENDE_MERVERDIAVGIFT_ER_NULL",
        Text(
            "Grunnlag {base} med sats {rate} gir avgift; merverdiavgift kan ikke være 0.",
            "Grunnlag {base} med sats {rate} gir avgift; meirverdiavgift kan ikkje vere 0.",
            "The basis {base} at the rate {rate} gives VAT; the VAT cannot be 0.",
        ),
        each_line(_vat_is_left_out),
    ),
    Rule(
        "R065",
        Severity.INVALID,
        ORDINARY,
        "MVA_KODE_FOR_INNGÅENDE_AVGIFT_HAR_FEILAKTIG_GRUNNLAG_OG_SATS",
        Text(
            "Linjen med kode {code} er inngående avgift og skal ikke ha grunnlag eller sats.",
            "Linja med kode {code} er inngåande avgift og skal ikkje ha grunnlag eller sats.",
            "The line with code {code} is input VAT and must have neither basis nor rate.",
        ),
        each_line(lambda line: _is_input(line) and _has_base_or_rate(line)),
    ),
    Rule(
        "R066",
        Severity.INVALID,
        ORDINARY,
        "MVA_KODE_FOR_UTGÅENDE_AVGIFT_MANGLER_GRUNNLAG_OG_SATS",
        _NEEDS_BASE_AND_RATE,
        each_line(lambda line: line.code in OUTPUT_CODES and not _has_base_and_rate(line)),
    ),
    Rule(
        "R081",
        Severity.INVALID,
        ORDINARY,
        "MVA_KODE_FOR_INNGÅENDE_ELLER_UTGÅENDE_FEIL_GRUNNLAG_ELLER_SATS",
        Text(
            "Linjen med kode {code} skal ha både grunnlag og sats (utgående) eller ingen av dem "
            "(inngående).",
            "Linja med kode {code} skal ha både grunnlag og sats (utgåande) eller ingen av dei "
            "(inngåande).",
            "The line with code {code} must have both basis and rate (output) or neither (input).",
        ),
        each_line(
            lambda line: line.code in BOTH_WAY_CODES and (line.base is None) != (line.rate is None)
        ),
    ),
    Rule(
        "R093",
        Severity.INVALID,
        COMPENSATION,
        "MVA_KOMPENSASJON_KODE_INNGÅENDE_AVGIFT_MANGLER_GRUNNLAG_OG_SATS",
        _NEEDS_BASE_AND_RATE,
        each_line(lambda line: not _has_base_and_rate(line)),
    ),
    Rule(
        "R109",
        Severity.INVALID,
        REVERSE_CHARGE,
        "MVA_OMVENDT_AVGIFTSPLIKT_MANGLER_GRUNNLAG_OG_SATS",
        _NEEDS_BASE_AND_RATE,
        each_line(lambda line: line.code in _REVERSE_CODES and not _has_base_and_rate(line)),
    ),
    Rule(
        "R020",
        Severity.INVALID,
        ORDINARY,
        "MVA_MELDINGSINNHOLD_UTGÅENDE_MOTSATT_FORTEGN_MERKNAD_TIL_MVA_KODEN_MANGLER",
        _OPPOSITE_SIGN,
        each_line(_opposite_base),
    ),
    Rule(
        "R108",
        Severity.INVALID,
        REVERSE_CHARGE,
        "MVA_OMVENDT_AVGIFTSPLIKT_MELDINGSINNHOLD_UTGÅENDE_MOTSATT_FORTEGN_"
        "MERKNAD_TIL_MVA_KODEN_MANGLER",
        _OPPOSITE_SIGN,
        each_line(lambda line: line.code in _REVERSE_CODES and _opposite_base(line)),
    ),
    Rule(
        "R021",
        Severity.INVALID,
        ORDINARY,
        "MVA_MELDINGSINNHOLD_INNGÅENDE_MOTSATT_FORTEGN_MERKNAD_TIL_MVA_KODEN_MANGLER",
        _OPPOSITE_SIGN,
        each_line(_opposite_deduction),
    ),
    Rule(
        "R086",
        Severity.INVALID,
        COMPENSATION,
        "MVA_KOMPENSASJON_MELDINGSINNHOLD_INNGÅENDE_MOTSATT_FORTEGN_MERKNAD_TIL_MVA_KODEN_MANGLER",
        _OPPOSITE_SIGN,
        each_line(_opposite_compensation),
    ),
    Rule(
        "R052",
        Severity.DEVIATING,
        frozenset({Category.ORDINARY}),
        "MVA_MELDINGSINNHOLD_OMSETNING_OVER_EN_MILLON_FOR_ÅRSTERMINPLIKT",
        Text(
            "Omsetningen er {turnover}; årstermin forutsetter at den er under {limit}.",
            "Omsetninga er {turnover}; årstermin føreset at ho er under {limit}.",
            "The turnover is {turnover}; a yearly period requires that it is below {limit}.",
        ),
        _yearly_turnover,
    ),
    Rule(
        "R098",
        Severity.INVALID,
        COMPENSATION,
        "MVA_KOMPENSASJON_MELDINGSINNHOLD_BELØP_I_FASTSATT_MERVERDIAVGIFT_IKKE_VÆRE_NULL",
        _NOTHING_DETERMINED,
        _nothing_determined,
    ),
    Rule(
        "R118",
        Severity.INVALID,
        REVERSE_CHARGE,
        "MVA_OMVENDT_AVGIFTSPLIKT_FASTSATT_MERVERDIAVGIFT_KR_0",
        _NOTHING_DETERMINED,
        _nothing_determined,
    ),
)
