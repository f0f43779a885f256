"""Rules on specified lines: which code a specification belongs on, and what else such a line must
have.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from fullmakt.foundation.terms.text import LocalizedText
from fullmakt.services.tax.vat.codes import BOTH_WAY_CODES
from fullmakt.services.tax.vat.model import VatLine, VatReturn
from fullmakt.services.tax.vat.obligations import TaxpayerFacts
from fullmakt.services.tax.vat.periods import Category
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
    on_line,
)
from fullmakt.services.tax.vat.specifications import CODES_OF_SPECIFICATION, Specification

Text = LocalizedText

_NEVER_COMPENSATED: Final = frozenset(
    {Specification.LOSS_ON_CLAIM, Specification.WITHDRAWAL, Specification.REVERSAL}
)
_COMPENSATED_SERVICES: Final = frozenset({"86", "88", "91"})

_WRONG_CODE: Final = Text(
    "Spesifikasjonen {specification} kan ikke stå på kode {code}. Den hører til {allowed}.",
    "Spesifikasjonen {specification} kan ikkje stå på kode {code}. Han høyrer til {allowed}.",
    "The specification {specification} cannot stand on code {code}. It belongs on {allowed}.",
)
_NOT_IN_CATEGORY: Final = Text(
    "Spesifikasjonen {specification} kan ikke brukes i denne meldingskategorien.",
    "Spesifikasjonen {specification} kan ikkje brukast i denne meldingskategorien.",
    "The specification {specification} cannot be used in this category of return.",
)


def _only_on(specification: Specification, codes: tuple[str, ...]) -> Finder:
    def find(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
        for line in vat_return.lines:
            if line.specification == specification and line.code not in codes:
                yield on_line(line, allowed=", ".join(codes))

    return find


def _belongs(
    number: str, specification: Specification, deviation: str, categories: frozenset[Category]
) -> Rule:
    return Rule(
        number,
        Severity.INVALID,
        categories,
        deviation,
        _WRONG_CODE,
        _only_on(specification, CODES_OF_SPECIFICATION[specification]),
    )


def _never(specifications: frozenset[Specification]) -> Callable[[VatLine], bool]:
    return lambda line: line.specification in specifications


def _lacks_compensation_right(line: VatLine) -> bool:
    return (
        line.code in _COMPENSATED_SERVICES
        and line.specification != Specification.COMPENSATION_RIGHT
    )


def _right_without_base(line: VatLine) -> bool:
    return line.specification == Specification.COMPENSATION_RIGHT and (
        line.code not in BOTH_WAY_CODES or line.base is None or line.rate is None
    )


def _code_with_and_without(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
    plain = {line.code for line in vat_return.lines if not line.specification}
    for line in vat_return.lines:
        if line.specification and line.code in plain:
            yield on_line(line)


SPECIFICATION_RULES: Final = (
    _belongs(
        "R038",
        Specification.LOSS_ON_CLAIM,
        "MVA_MELDINGSINNHOLD_SPESIFIKASJONSLINJE_TAP_PÅ_KRAV_FØRT_PÅ_FEIL_MVA_KODE",
        ORDINARY,
    ),
    _belongs(
        "R039",
        Specification.WITHDRAWAL,
        "MVA_MELDINGSINNHOLD_SPESIFIKASJONSLINJE_UTTAK_FØRT_PÅ_FEIL_MVA_KODE",
        ORDINARY,
    ),
    _belongs(
        "R040",
        Specification.ADJUSTMENT,
        "MVA_MELDINGSINNHOLD_SPESIFIKASJONSLINJE_JUSTERING_FØRT_PÅ_FEIL_MVA_KODE",
        ORDINARY,
    ),
    _belongs(
        "R041",
        Specification.REVERSAL,
        "MVA_MELDINGSINNHOLD_SPESIFIKASJONSLINJE_TILBAKEFØRING_INNGÅENDE_AVGIFT_"
        "9_6_OG_9_7_FØRT_PÅ_FEIL_MVA_KODE",
        ORDINARY,
    ),
    _belongs(
        "R114",
        Specification.COMPENSATION_RIGHT,
        "MVA_MELDINGSINNHOLD_SPESIFIKASJONSLINJE_KJØP_MED_KOMPENSASJONSRETT_FØRT_PÅ_FEIL_MVA_KODE",
        ORDINARY,
    ),
    _belongs(
        "R087",
        Specification.COMPENSATION_ADJUSTMENT,
        "MVA_KOMPENSASJON_MELDINGSINNHOLD_SPESIFIKASJONSLINJE_JUSTERING_FØRT_PÅ_FEIL_MVA_KODE",
        COMPENSATION,
    ),
    Rule(
        "R111",
        Severity.INVALID,
        REVERSE_CHARGE,
        "MVA_OMVENDT_AVGIFTSPLIKT_SPESIFIKASJONSLINJE_KJØP_MED_KOMPENSASJONSRETT_FØRT_PÅ_FEIL_KODE",
        _WRONG_CODE,
        _only_on(Specification.COMPENSATION_RIGHT, ("86", "88", "91")),
    ),
    Rule(
        "R091",
        Severity.INVALID,
        COMPENSATION,
        "MVA_KOMPENSASJON_MELDINGSINNHOLD_UGYLDIG_SPESIFIKASJONSLINJE",
        _NOT_IN_CATEGORY,
        each_line(_never(_NEVER_COMPENSATED)),
    ),
    Rule(
        "R110",
        Severity.INVALID,
        REVERSE_CHARGE,
        "MVA_OMVENDT_AVGIFTSPLIKT_MELDINGSINNHOLD_UGYLDIG_SPESIFIKASJONSLINJE",
        _NOT_IN_CATEGORY,
        each_line(_never(_NEVER_COMPENSATED)),
    ),
    Rule(
        "R112",
        Severity.INVALID,
        REVERSE_CHARGE,
        "MVA_OMVENDT_AVGIFTSPLIKT_SPESIFIKASJONSLINJE_KJØP_MED_KOMPENSASJONSRETT",
        Text(
            "Kode {code} står både med og uten spesifikasjon; bruk bare linjen med.",
            "Kode {code} står både med og utan spesifikasjon; bruk berre linja med.",
            "Code {code} stands both with and without a specification; use only the line with.",
        ),
        _code_with_and_without,
    ),
    Rule(
        "R124",
        Severity.INVALID,
        REVERSE_CHARGE,
        "MVA_OMVENDT_AVGIFTSPLIKT_SPESIFIKASJON_MANGLER",
        Text(
            "Linjen med kode {code} skal ha spesifikasjonen kompensasjonsrett.",
            "Linja med kode {code} skal ha spesifikasjonen kompensasjonsrett.",
            "The line with code {code} must have the specification kompensasjonsrett.",
        ),
        each_line(_lacks_compensation_right),
    ),
    Rule(
        "R116",
        Severity.INVALID,
        ORDINARY | REVERSE_CHARGE,
        "MVA_SPESIFIKASJONSLINJEN_KJØP_MED_KOMPENSASJONSRETT_MANGLER_GRUNNLAG_OG_SATS",
        Text(
            "Linjen med kompensasjonsrett på kode {code} skal ha grunnlag og sats.",
            "Linja med kompensasjonsrett på kode {code} skal ha grunnlag og sats.",
            "The line with a right to compensation on code {code} must have basis and rate.",
        ),
        each_line(_right_without_base),
    ),
    Rule(
        "R078",
        Severity.INVALID,
        EVERY_CATEGORY,
        "MVA_MELDINGSINNHOLD_MERKNAD_MANGLER",
        Text(
            "Tilbakeføring på kode {code} skal ha en merknad som sier hva den gjelder.",
            "Tilbakeføring på kode {code} skal ha ein merknad som seier kva ho gjeld.",
            "A reversal on code {code} must have a remark that says what it concerns.",
        ),
        each_line(
            lambda line: line.specification == Specification.REVERSAL and not line.has_remark
        ),
    ),
)
