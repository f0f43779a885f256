"""The shapes of the two documents that come in: the return and the envelope. Written from their
public description.

Where the shape is our own choice, `docs/reference/vat-return.md` says so.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

from fullmakt.foundation.terms.text import LocalizedText
from fullmakt.services.tax.vat.periods import PERIOD_ELEMENTS, PERIOD_NAMES, Category
from fullmakt.services.tax.vat.structure import Group, Part, Shape, Value

RETURN_NAMESPACE: Final = (
    "no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:v1.0"
)
ENVELOPE_NAMESPACE: Final = "no:skatteetaten:fastsetting:avgift:mva:mvameldinginnsending:v1.0"

_LONGEST_TEXT: Final = 4000
_AMOUNT: Final = re.compile(r"[+-]?([0-9]{1,15}(\.[0-9]{0,9})?|\.[0-9]{1,9})")
_YEAR: Final = re.compile(r"[1-9][0-9]{3}")
_LAST_YEAR: Final = 9998
_SPACE: Final = "\t\n\r "
Text = LocalizedText


def _is_amount(text: str) -> bool:
    return _AMOUNT.fullmatch(text.strip(_SPACE)) is not None


def _is_year(text: str) -> bool:
    year = text.strip(_SPACE)
    return _YEAR.fullmatch(year) is not None and int(year) <= _LAST_YEAR


def _is_timestamp(text: str) -> bool:
    try:
        moment = datetime.fromisoformat(text.strip(_SPACE))
    except ValueError:
        return False
    return "T" in text and moment.year > 0


def _digits(length: int) -> Value:
    pattern = re.compile(f"[0-9]{{{length}}}")
    wanted = Text(f"{length} siffer", f"{length} siffer", f"{length} digits")
    return Value(wanted, lambda text: pattern.fullmatch(text) is not None)


def _one_of(*words: str) -> Value:
    known = frozenset(words)
    listed = ", ".join(words) if len(words) <= 12 else f"{words[0]}, …, {words[-1]}"
    return Value(
        Text(f"en av: {listed}", f"ein av: {listed}", f"one of: {listed}"), known.__contains__
    )


_TEXT: Final = Value(
    Text("høyst 4000 tegn", "høgst 4000 teikn", "at most 4000 characters"),
    lambda text: len(text) <= _LONGEST_TEXT,
)
_NUMBER: Final = Value(
    Text(
        "et beløp med høyst 15 sifre, med punktum foran desimaler",
        "eit beløp med høgst 15 siffer, med punktum framfor desimalar",
        "an amount of at most 15 digits, with a point before decimals",
    ),
    _is_amount,
)
_YEAR_NUMBER: Final = Value(Text("et årstall", "eit årstal", "a year"), _is_year)
_TIMESTAMP: Final = Value(
    Text("dato og klokkeslett", "dato og klokkeslett", "a date and time"), _is_timestamp
)
_CATEGORY: Final = _one_of(*Category)
_ORGANIZATION: Final = _digits(9)
_SIMPLIFIED: Final = _digits(7)

_PERIOD: Final = Group(
    (
        Part(
            "periode",
            Group(
                tuple(
                    Part(element, _one_of(*PERIOD_NAMES[kind]))
                    for kind, element in PERIOD_ELEMENTS.items()
                ),
                is_choice=True,
            ),
        ),
        Part("aar", _YEAR_NUMBER),
    )
)

_REMARK: Final = Group((Part("beskrivelse", _TEXT), Part("utvalgtMerknad", _TEXT)), is_choice=True)

_LINE: Final = Group(
    (
        Part("mvaKode", _TEXT),
        Part("spesifikasjon", _TEXT, least=0),
        Part("mvaKodeRegnskapsystem", _TEXT, least=0),
        Part("grunnlag", _NUMBER, least=0),
        Part("sats", _TEXT, least=0),
        Part("merverdiavgift", _NUMBER),
        Part("merknad", _REMARK, least=0),
    )
)

RETURN_SHAPE: Final = Shape(
    root="mvaMeldingDto",
    namespaces=frozenset({RETURN_NAMESPACE}),
    listed=frozenset({"mvaSpesifikasjonslinje"}),
    content=Group(
        (
            Part(
                "innsending",
                Group(
                    (
                        Part("regnskapssystemsreferanse", _TEXT),
                        Part(
                            "regnskapssystem",
                            Group(
                                (Part("systemnavn", _TEXT), Part("systemversjon", _TEXT, least=0))
                            ),
                            least=0,
                        ),
                    )
                ),
            ),
            Part(
                "skattegrunnlagOgBeregnetSkatt",
                Group(
                    (
                        Part("skattleggingsperiode", _PERIOD),
                        Part("fastsattMerverdiavgift", _NUMBER),
                        Part("mvaSpesifikasjonslinje", _LINE, least=0, most=None),
                    )
                ),
            ),
            Part(
                "betalingsinformasjon",
                Group((Part("kundeIdentifikasjonsnummer", _TEXT, least=0),)),
            ),
            Part(
                "skattepliktig",
                Group(
                    (
                        Part("organisasjonsnummer", _ORGANIZATION),
                        Part("identifikasjonsnummer", _SIMPLIFIED),
                    ),
                    is_choice=True,
                    may_be_empty=True,
                ),
            ),
            Part("meldingskategori", _CATEGORY),
            Part("merknad", _REMARK, least=0),
        )
    ),
)

_ATTACHMENT: Final = Group(
    (
        Part("vedleggstype", _one_of("mva-melding", "binaerVedlegg")),
        Part("kildegruppe", _one_of("etat", "sluttbrukersystem", "sluttbruker")),
        Part("opprettetAv", _TEXT),
        Part("opprettingstidspunkt", _TIMESTAMP, least=0),
        Part(
            "vedleggsfil",
            Group(
                (Part("filnavn", _TEXT), Part("filekstensjon", _TEXT), Part("filinnhold", _TEXT))
            ),
        ),
    )
)

# A missing period and a missing status have refusals of their own, so the shape lets them pass.
ENVELOPE_SHAPE: Final = Shape(
    root="mvaMeldingInnsending",
    namespaces=frozenset({ENVELOPE_NAMESPACE, ""}),
    listed=frozenset({"vedlegg"}),
    content=Group(
        (
            Part(
                "norskIdentifikator",
                Group(
                    (
                        Part("organisasjonsnummer", _ORGANIZATION),
                        Part("identifikasjonsnummer", _SIMPLIFIED),
                        Part("foedselsnummer", _digits(11)),
                    ),
                    is_choice=True,
                ),
            ),
            Part(
                "skattleggingsperiode",
                Group(_PERIOD.parts, may_be_empty=True),
                least=0,
            ),
            Part("meldingskategori", _CATEGORY),
            Part("innsendingstype", _one_of("komplett", "ikke komplett"), least=0),
            Part("instansstatus", _TEXT, least=0),
            Part("opprettetAv", _TEXT),
            Part("opprettingstidspunkt", _TIMESTAMP, least=0),
            Part("vedlegg", _ATTACHMENT, least=0, most=None),
            Part("endringstidspunkt", _TIMESTAMP, least=0),
        )
    ),
)
