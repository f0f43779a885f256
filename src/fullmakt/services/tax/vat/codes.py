"""The VAT codes of the return (from SAF-T), in the order the form has them.

Which lines a code may stand on is a matter for the rules. The code values are the Tax
Administration's; the descriptions are our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from fullmakt.foundation.terms.text import LocalizedText
from fullmakt.services.tax.vat.periods import Category
from fullmakt.services.tax.vat.rates import RateLevel

Text = LocalizedText


class Direction(StrEnum):
    """Which way the VAT of a code goes. Output VAT is positive, input VAT is negative."""

    OUTPUT = "output"
    INPUT = "input"
    BOTH = "both"


@dataclass(frozen=True, slots=True)
class VatCode:
    """A code with what it is for, which way its VAT goes, and the kind of rate it has."""

    code: str
    direction: Direction
    level: RateLevel
    text: LocalizedText


_OUT, _IN, _BOTH = Direction.OUTPUT, Direction.INPUT, Direction.BOTH
_HIGH, _MEDIUM, _LOW = RateLevel.STANDARD, RateLevel.MEDIUM, RateLevel.LOW
_FISH, _ZERO = RateLevel.RAW_FISH, RateLevel.ZERO

# QUIRK: code 6 is outside the act and has no rate of its own, yet R066 wants one stated: it is 0.
VAT_CODES: Final = (
    VatCode(
        "3",
        _OUT,
        _HIGH,
        Text(
            "salg og uttak, høy sats",
            "sal og uttak, høg sats",
            "sales and withdrawals, standard rate",
        ),
    ),
    VatCode(
        "31",
        _OUT,
        _MEDIUM,
        Text(
            "salg og uttak, middels sats",
            "sal og uttak, middels sats",
            "sales and withdrawals, medium rate",
        ),
    ),
    VatCode(
        "33",
        _OUT,
        _LOW,
        Text(
            "salg og uttak, lav sats", "sal og uttak, låg sats", "sales and withdrawals, low rate"
        ),
    ),
    VatCode("32", _OUT, _FISH, Text("salg av råfisk", "sal av råfisk", "sales of raw fish")),
    VatCode(
        "5",
        _OUT,
        _ZERO,
        Text(
            "salg og uttak fritatt for merverdiavgift",
            "sal og uttak fritekne for meirverdiavgift",
            "zero-rated sales and withdrawals",
        ),
    ),
    VatCode(
        "6",
        _OUT,
        _ZERO,
        Text("salg unntatt fra loven", "sal unnateke frå lova", "sales outside the act"),
    ),
    VatCode(
        "51",
        _OUT,
        _ZERO,
        Text(
            "salg av klimakvoter og gull til næringsdrivende",
            "sal av klimakvotar og gull til næringsdrivande",
            "sales of climate quotas and gold to traders",
        ),
    ),
    VatCode(
        "52",
        _OUT,
        _ZERO,
        Text(
            "utførsel av varer og tjenester",
            "utførsel av varer og tenester",
            "export of goods and services",
        ),
    ),
    VatCode(
        "1",
        _IN,
        _HIGH,
        Text(
            "kjøp med fradragsrett, høy sats",
            "kjøp med frådragsrett, høg sats",
            "deductible purchases, standard rate",
        ),
    ),
    VatCode(
        "11",
        _IN,
        _MEDIUM,
        Text(
            "kjøp med fradragsrett, middels sats",
            "kjøp med frådragsrett, middels sats",
            "deductible purchases, medium rate",
        ),
    ),
    VatCode(
        "13",
        _IN,
        _LOW,
        Text(
            "kjøp med fradragsrett, lav sats",
            "kjøp med frådragsrett, låg sats",
            "deductible purchases, low rate",
        ),
    ),
    VatCode("12", _IN, _FISH, Text("kjøp av råfisk", "kjøp av råfisk", "purchases of raw fish")),
    VatCode(
        "14",
        _IN,
        _HIGH,
        Text(
            "avgift betalt ved innførsel, høy sats",
            "avgift betalt ved innførsel, høg sats",
            "VAT paid at import, standard rate",
        ),
    ),
    VatCode(
        "15",
        _IN,
        _MEDIUM,
        Text(
            "avgift betalt ved innførsel, middels sats",
            "avgift betalt ved innførsel, middels sats",
            "VAT paid at import, medium rate",
        ),
    ),
    VatCode(
        "81",
        _BOTH,
        _HIGH,
        Text(
            "varer fra utlandet med fradragsrett, høy sats",
            "varer frå utlandet med frådragsrett, høg sats",
            "deductible goods from abroad, standard rate",
        ),
    ),
    VatCode(
        "82",
        _OUT,
        _HIGH,
        Text(
            "varer fra utlandet uten fradragsrett, høy sats",
            "varer frå utlandet utan frådragsrett, høg sats",
            "non-deductible goods from abroad, standard rate",
        ),
    ),
    VatCode(
        "83",
        _BOTH,
        _MEDIUM,
        Text(
            "varer fra utlandet med fradragsrett, middels sats",
            "varer frå utlandet med frådragsrett, middels sats",
            "deductible goods from abroad, medium rate",
        ),
    ),
    VatCode(
        "84",
        _OUT,
        _MEDIUM,
        Text(
            "varer fra utlandet uten fradragsrett, middels sats",
            "varer frå utlandet utan frådragsrett, middels sats",
            "non-deductible goods from abroad, medium rate",
        ),
    ),
    VatCode(
        "85",
        _OUT,
        _ZERO,
        Text(
            "avgiftsfrie varer fra utlandet",
            "avgiftsfrie varer frå utlandet",
            "goods from abroad without VAT",
        ),
    ),
    VatCode(
        "86",
        _BOTH,
        _HIGH,
        Text(
            "tjenester fra utlandet med fradragsrett, høy sats",
            "tenester frå utlandet med frådragsrett, høg sats",
            "deductible services from abroad, standard rate",
        ),
    ),
    VatCode(
        "87",
        _OUT,
        _HIGH,
        Text(
            "tjenester fra utlandet uten fradragsrett, høy sats",
            "tenester frå utlandet utan frådragsrett, høg sats",
            "non-deductible services from abroad, standard rate",
        ),
    ),
    VatCode(
        "88",
        _BOTH,
        _LOW,
        Text(
            "tjenester fra utlandet med fradragsrett, lav sats",
            "tenester frå utlandet med frådragsrett, låg sats",
            "deductible services from abroad, low rate",
        ),
    ),
    VatCode(
        "89",
        _OUT,
        _LOW,
        Text(
            "tjenester fra utlandet uten fradragsrett, lav sats",
            "tenester frå utlandet utan frådragsrett, låg sats",
            "non-deductible services from abroad, low rate",
        ),
    ),
    VatCode(
        "91",
        _BOTH,
        _HIGH,
        Text(
            "kjøp av klimakvoter og gull med fradragsrett",
            "kjøp av klimakvotar og gull med frådragsrett",
            "deductible purchases of climate quotas and gold",
        ),
    ),
    VatCode(
        "92",
        _OUT,
        _HIGH,
        Text(
            "kjøp av klimakvoter og gull uten fradragsrett",
            "kjøp av klimakvotar og gull utan frådragsrett",
            "non-deductible purchases of climate quotas and gold",
        ),
    ),
)

_BY_CODE: Final = {code.code: code for code in VAT_CODES}

# SPEC: SAF-T has these too, but they are for the ledger and must not be reported.
LEDGER_ONLY_CODES: Final = frozenset({"0", "7", "20", "21", "22"})

INPUT_CODES: Final = frozenset(code.code for code in VAT_CODES if code.direction is _IN)
OUTPUT_CODES: Final = frozenset(code.code for code in VAT_CODES if code.direction is _OUT)
BOTH_WAY_CODES: Final = frozenset(code.code for code in VAT_CODES if code.direction is _BOTH)
SALES_CODES: Final = frozenset({"3", "31", "32", "33", "5", "51", "52"})

CODES_OF_CATEGORY: Final = {
    Category.ORDINARY: frozenset(_BY_CODE),
    Category.PRIMARY_INDUSTRY: frozenset(_BY_CODE),
    Category.COMPENSATION: frozenset({"1", "11", "13", "14", "15"}) | BOTH_WAY_CODES,
    Category.REVERSE_CHARGE: frozenset({"86", "87", "88", "89", "91", "92"}),
    Category.E_COMMERCE: frozenset[str](),
}


def vat_code(code: str) -> VatCode | None:
    """The code's table entry; None when the return has no such code."""
    return _BY_CODE.get(code)
