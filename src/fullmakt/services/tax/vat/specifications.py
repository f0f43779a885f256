"""What a line may say beyond its VAT code (mvaSpesifikasjon), and where each of them belongs.

The code values are the Tax Administration's; the descriptions are our own.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from fullmakt.foundation.terms.text import LocalizedText
from fullmakt.services.tax.vat.periods import Category

Text = LocalizedText


class Specification(StrEnum):
    """What a line may say beyond its code."""

    WITHDRAWAL = "uttak"
    LOSS_ON_CLAIM = "tapPåKrav"
    ADJUSTMENT = "justering"
    REVERSAL = "tilbakeføringAvInngåendeMerverdiavgift"
    COMPENSATION_RIGHT = "kompensasjonsrett"
    COMPENSATION_ADJUSTMENT = "justeringMerverdiavgiftskompensasjonFastEiendom"


SPECIFICATION_TEXTS: Final = {
    Specification.WITHDRAWAL: Text("uttak", "uttak", "withdrawal"),
    Specification.LOSS_ON_CLAIM: Text("tap på krav", "tap på krav", "loss on a claim"),
    Specification.ADJUSTMENT: Text(
        "justering for kapitalvarer", "justering for kapitalvarer", "adjustment for capital goods"
    ),
    Specification.REVERSAL: Text(
        "tilbakeføring for kjøretøy og fast eiendom",
        "tilbakeføring for køyretøy og fast eigedom",
        "reversal for vehicles and real property",
    ),
    Specification.COMPENSATION_RIGHT: Text(
        "kjøp med kompensasjonsrett",
        "kjøp med kompensasjonsrett",
        "purchases with a right to compensation",
    ),
    Specification.COMPENSATION_ADJUSTMENT: Text(
        "justering av kompensasjon for fast eiendom",
        "justering av kompensasjon for fast eigedom",
        "adjustment of compensation for real property",
    ),
}

_ORDINARY_SPECIFICATIONS: Final = frozenset(Specification) - {Specification.COMPENSATION_ADJUSTMENT}

SPECIFICATIONS_OF_CATEGORY: Final = {
    Category.ORDINARY: _ORDINARY_SPECIFICATIONS,
    Category.PRIMARY_INDUSTRY: _ORDINARY_SPECIFICATIONS,
    Category.COMPENSATION: frozenset({Specification.COMPENSATION_ADJUSTMENT}),
    Category.REVERSE_CHARGE: frozenset({Specification.COMPENSATION_RIGHT}),
    Category.E_COMMERCE: frozenset[Specification](),
}

CODES_OF_SPECIFICATION: Final = {
    Specification.LOSS_ON_CLAIM: ("1", "11", "12", "13"),
    Specification.WITHDRAWAL: ("3", "5", "31", "33"),
    Specification.ADJUSTMENT: ("1", "81"),
    Specification.REVERSAL: ("1", "81"),
    Specification.COMPENSATION_RIGHT: ("81", "83", "86", "88", "91"),
    Specification.COMPENSATION_ADJUSTMENT: ("1", "14", "81"),
}
