"""Rules on what a return may contain at all: known words, whole kroner, supported categories and
years.

R001, the structure, is told from faults (`table.py`); it is not a row here.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from fullmakt.foundation.terms.text import LocalizedText
from fullmakt.services.tax.vat.codes import CODES_OF_CATEGORY, vat_code
from fullmakt.services.tax.vat.faults import quoted
from fullmakt.services.tax.vat.model import Place, VatReturn
from fullmakt.services.tax.vat.obligations import TaxpayerFacts
from fullmakt.services.tax.vat.payment_reference import is_valid_payment_reference
from fullmakt.services.tax.vat.periods import Category
from fullmakt.services.tax.vat.rates import rates_for
from fullmakt.services.tax.vat.remarks import LINE_REMARKS, RETURN_REMARKS
from fullmakt.services.tax.vat.rules.rule import (
    COMPENSATION,
    EVERY_CATEGORY,
    ORDINARY,
    REVERSE_CHARGE,
    Finder,
    Finding,
    Rule,
    Severity,
    each_line,
    kroner,
    on_line,
)
from fullmakt.services.tax.vat.specifications import SPECIFICATIONS_OF_CATEGORY

Text = LocalizedText

# SPEC: electronic commerce (VOEC) is filed elsewhere.
_SUPPORTED: Final = EVERY_CATEGORY - {Category.E_COMMERCE}
_FIRST_ORDINARY_YEAR: Final = 2022
_FIRST_OTHER_YEAR: Final = 2023


def _rates(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
    for line in vat_return.lines:
        code = vat_code(line.code)
        if line.rate is None or code is None:
            continue
        allowed = rates_for(code.level, vat_return.period)
        if line.rate not in allowed:
            yield on_line(line, allowed=" / ".join(allowed) or "-")


def _specifications(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
    known = SPECIFICATIONS_OF_CATEGORY[vat_return.category]
    for line in vat_return.lines:
        if line.specification and line.specification not in known:
            yield on_line(line, allowed=", ".join(sorted(known)))


def _line_remarks(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
    known = LINE_REMARKS[vat_return.category]
    for line in vat_return.lines:
        if line.remark and line.remark.chosen and line.remark.chosen not in known:
            yield on_line(line)


def _return_remark(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
    remark = vat_return.remark
    if remark and remark.chosen and remark.chosen not in RETURN_REMARKS[vat_return.category]:
        yield Finding(vat_return.places.remark, {"remark": quoted(remark.chosen)})


def _codes_of_category(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
    allowed = CODES_OF_CATEGORY[vat_return.category]
    for line in vat_return.lines:
        if line.code not in allowed:
            yield on_line(line, category=vat_return.category)


def _codes_of_duty(vat_return: VatReturn, facts: TaxpayerFacts) -> Iterator[Finding]:
    if facts.obligations:
        yield from _codes_of_category(vat_return, facts)


def _category(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
    if vat_return.category not in _SUPPORTED:
        yield Finding(vat_return.places.category, {"category": vat_return.category})


def _not_before(year: int) -> Finder:
    def find(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
        if vat_return.period.year < year:
            stated = {"year": str(vat_return.period.year), "first": str(year)}
            yield Finding(vat_return.places.period, stated)

    return find


def _decimals(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
    def broken(amount: Decimal | None, place: Place) -> Iterator[Finding]:
        if amount is not None and amount != amount.to_integral_value():
            yield Finding(place, {"amount": kroner(amount)})

    yield from broken(vat_return.total, vat_return.places.total)
    for line in vat_return.lines:
        yield from broken(line.base, line.place)
        yield from broken(line.vat, line.place)


def _total_without_lines(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
    if vat_return.total and not vat_return.lines:
        yield Finding(vat_return.places.total, {"total": kroner(vat_return.total)})


def _payment_reference(vat_return: VatReturn, facts: TaxpayerFacts) -> Iterator[Finding]:
    reference = vat_return.payment_reference
    if not reference:
        return
    if not is_valid_payment_reference(reference) or reference == facts.account_number:
        yield Finding(vat_return.places.payment, {"reference": quoted(reference)})


_NOT_THIS_YEAR: Final = Text(
    "Perioden er fra {year}; denne meldingskategorien tas imot fra og med {first}.",
    "Perioden er frå {year}; denne meldingskategorien blir teken imot frå og med {first}.",
    "The period is of {year}; returns of this category are taken from {first} on.",
)
_LINES_NEEDED: Final = Text(
    "Fastsatt merverdiavgift er {total}, men meldingen har ingen linjer.",
    "Fastsett meirverdiavgift er {total}, men meldinga har ingen linjer.",
    "The determined VAT is {total}, but the return has no lines.",
)
_NOT_THIS_CATEGORY: Final = Text(
    "Mva-koden `{code}` kan ikke brukes i meldingskategorien {category}.",
    "Mva-koden `{code}` kan ikkje brukast i meldingskategorien {category}.",
    "The VAT code `{code}` cannot be used in the category {category}.",
)

CONTENT_RULES: Final = (
    Rule(
        "R002",
        Severity.INVALID,
        EVERY_CATEGORY,
        "MvaMeldingsinnhold_MvaKode_UkjentMvaKode",
        Text(
            "Mva-koden `{code}` er ikke kjent. Koden skal være en av dem som kan rapporteres.",
            "Mva-koden `{code}` er ikkje kjend. Koden skal vere ein av dei som kan rapporterast.",
            "The VAT code `{code}` is not known. It must be one of those that can be reported.",
        ),
        each_line(lambda line: vat_code(line.code) is None),
    ),
    Rule(
        "R003",
        Severity.INVALID,
        EVERY_CATEGORY,
        "MvaMeldingsinnhold_MvaSats_UkjentSats",
        Text(
            "Satsen `{rate}` gjelder ikke for kode {code} i perioden. Gyldig: {allowed}.",
            "Satsen `{rate}` gjeld ikkje for kode {code} i perioden. Gyldig: {allowed}.",
            "The rate `{rate}` does not hold for code {code} in the period. Valid: {allowed}.",
        ),
        _rates,
    ),
    Rule(
        "R069",
        Severity.INVALID,
        EVERY_CATEGORY,
        "MvaMeldingsinnhold_MvaSpesifikasjoner_UkjentSpesifikasjon",
        Text(
            "Spesifikasjonen `{specification}` kan ikke brukes her. Gyldige: {allowed}.",
            "Spesifikasjonen `{specification}` kan ikkje brukast her. Gyldige: {allowed}.",
            "The specification `{specification}` cannot be used here. Valid: {allowed}.",
        ),
        _specifications,
    ),
    Rule(
        "R070",
        Severity.INVALID,
        EVERY_CATEGORY,
        "MvaMeldingsinnhold_SpesifikasjonslinjeMerknad_UkjentMerknad",
        Text(
            "Merknaden `{remark}` er ikke kjent for linjer. Bruk en fra listen eller beskrivelse.",
            "Merknaden `{remark}` er ikkje kjend for linjer. Bruk ein frå lista eller beskrivelse.",
            "The remark `{remark}` is not known for lines. Use one of the list, or free text.",
        ),
        _line_remarks,
    ),
    Rule(
        "R071",
        Severity.INVALID,
        EVERY_CATEGORY,
        "MvaMeldingsinnhold_MvaMeldingMerknad_UkjentMerknad",
        Text(
            "Merknaden `{remark}` er ikke kjent for meldingen. Bruk en fra listen, eller "
            "beskrivelse.",
            "Merknaden `{remark}` er ikkje kjend for meldinga. Bruk ein frå lista, eller "
            "beskrivelse.",
            "The remark `{remark}` is not known for the return. Use one of the list, or free text.",
        ),
        _return_remark,
    ),
    Rule(
        "R053",
        Severity.INVALID,
        frozenset({Category.ORDINARY}),
        "MVA_MELDINGSINNHOLD_UGYLDIG_MVA_KODE_FOR_OPPGITT_MELDINGSKATEGORI_"
        "ALMINNELIG_NÆRING_MED_PLIKT",
        _NOT_THIS_CATEGORY,
        _codes_of_duty,
    ),
    Rule(
        "R054",
        Severity.INVALID,
        frozenset({Category.PRIMARY_INDUSTRY}),
        "MVA_MELDINGSINNHOLD_UGYLDIG_MVA_KODE_FOR_OPPGITT_MELDINGSKATEGORI_PRIMÆRNÆRING_MED_PLIKT",
        _NOT_THIS_CATEGORY,
        _codes_of_duty,
    ),
    Rule(
        "R088",
        Severity.INVALID,
        COMPENSATION,
        "MVA_KOMPENSASJON_MELDINGSINNHOLD_UGYLDIG_MVA_KODE_FOR_OPPGITT_MELDINGSKATEGORI",
        _NOT_THIS_CATEGORY,
        _codes_of_category,
    ),
    Rule(
        "R113",
        Severity.INVALID,
        REVERSE_CHARGE,
        "MVA_OMVENDT_AVGIFTSPLIKT_MELDINGSINNHOLD_UGYLDIG_MVA_KODE_FOR_OPPGITT_MELDINGSKATEGORI",
        _NOT_THIS_CATEGORY,
        _codes_of_category,
    ),
    Rule(
        "R104",
        Severity.INVALID,
        EVERY_CATEGORY,
        "MVA_MELDINGSKATEGORI_UGYLDIG",
        Text(
            "Meldingskategorien `{category}` tas ikke imot her.",
            "Meldingskategorien `{category}` blir ikkje teken imot her.",
            "Returns of the category `{category}` are not taken here.",
        ),
        _category,
    ),
    Rule(
        "R077",
        Severity.INVALID,
        ORDINARY,
        "INNLEVERING_MELDING_FRA_FØR_2022",
        _NOT_THIS_YEAR,
        _not_before(_FIRST_ORDINARY_YEAR),
    ),
    Rule(
        "R092",
        Severity.INVALID,
        COMPENSATION,
        "MVA_KOMPENSASJON_INNLEVERING_MELDING_FRA_FØR_2023",
        _NOT_THIS_YEAR,
        _not_before(_FIRST_OTHER_YEAR),
    ),
    Rule(
        "R103",
        Severity.INVALID,
        REVERSE_CHARGE,
        "MVA_MELDINGSKATEGORI_OMVENDT_AVGIFTSPLIKT_INNLEVERING_MELDING_FRA_FØR_2023",
        _NOT_THIS_YEAR,
        _not_before(_FIRST_OTHER_YEAR),
    ),
    Rule(
        "R082",
        Severity.INVALID,
        EVERY_CATEGORY,
        "MVA_MELDINGSINNHOLD_BELØP_INNEHOLDER_DESIMALER",
        Text(
            "Beløpet {amount} har desimaler. Alle beløp skal være i hele kroner.",
            "Beløpet {amount} har desimalar. Alle beløp skal vere i heile kroner.",
            "The amount {amount} has decimals. All amounts must be in whole kroner.",
        ),
        _decimals,
    ),
    Rule(
        "R084",
        Severity.INVALID,
        ORDINARY,
        "MVA_MELDINGSINNHOLD_BELØP_I_FASTSATT_MERVERDIAVGIFT_MANGLER_MVA_KODER",
        _LINES_NEEDED,
        _total_without_lines,
    ),
    Rule(
        "R100",
        Severity.INVALID,
        COMPENSATION,
        "MVA_KOMPENSASJON_MELDINGSINNHOLD_BELØP_I_FASTSATT_MERVERDIAVGIFT_MANGLER_MVA_KODER",
        _LINES_NEEDED,
        _total_without_lines,
    ),
    Rule(
        "R107",
        Severity.INVALID,
        REVERSE_CHARGE,
        "MVA_OMVENDT_AVGIFTSPLIKT_MELDINGSINNHOLD_BELØP_I_FASTSATT_MERVERDIAVGIFT_"
        "MANGLER_MVA_KODER",
        _LINES_NEEDED,
        _total_without_lines,
    ),
    Rule(
        "R079",
        Severity.INVALID,
        EVERY_CATEGORY,
        "MVA_MELDINGSINNHOLD_KID_NUMMER_GYLDIG",
        Text(
            "KID-nummeret `{reference}` er ikke gyldig: 2 til 25 siffer med kontrollsiffer etter "
            "MOD10 eller MOD11, og ikke kontonummeret.",
            "KID-nummeret `{reference}` er ikkje gyldig: 2 til 25 siffer med kontrollsiffer etter "
            "MOD10 eller MOD11, og ikkje kontonummeret.",
            "The payment reference `{reference}` is not valid: 2 to 25 digits with a check digit "
            "by MOD10 or MOD11, and not the account number.",
        ),
        _payment_reference,
    ),
)
