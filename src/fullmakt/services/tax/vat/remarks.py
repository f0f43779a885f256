"""The remarks a return may choose from (utvalgtMerknad): on a line, or on the whole return, by
category.

The code values are the Tax Administration's. Which remark fits which VAT code and sign (R074 to
R076) is left out.
"""

from __future__ import annotations

from typing import Final

from fullmakt.services.tax.vat.periods import Category

_EVERY_LINE: Final = frozenset({"feil i regnskapsprogram", "kreditnota"})

_LINE_ORDINARY_AND_REVERSE: Final = frozenset(
    {
        "periodisering",
        "feil mva-kode brukt tidligere",
        "omsetning før registrering",
        "store anskaffelser",
    }
)

_LINE_ORDINARY: Final = frozenset(
    {
        "avvikende fakturering",
        "forsikringsoppgjør",
        "omberegning eller retur",
        "midlertidig innførsel",
        "gjeninnførsel",
        "tolldeklarasjon på feil organisasjonsnummer",
        "gjenutførsel eller retur",
        "midlertidig utførsel",
        "tjenesteeksport",
        "anskaffelser foretatt før mva registrering",
        "bygg i egenregi",
        "uttak av varer ved sletting av virksomhet i mva-register",
        "fast eiendom",
        "personkjøretøy",
        "demobil",
        "avgiftsfritt salg av fiskefartøy",
        "fradrag føres i kompensasjonsmelding",
    }
)

_LINE_COMPENSATION: Final = frozenset(
    {
        "endring i bruken av bygg, anlegg eller annen fast eiendom",
        "feil mva-kode for kompensasjon brukt tidligere",
        "innførsel av varer",
        "kjøp av tjenester",
        "overdragelse av bygg, anlegg eller annen fast eiendom",
    }
)

SHIPWRECK: Final = "forlis"

_EVERY_RETURN: Final = frozenset({"BFU"})

_RETURN_ORDINARY: Final = frozenset(
    {
        "virksomhet under avvikling",
        "virksomhet har endret selskapsform",
        "omsetningssvikt pga ekstraordinære forhold",
        SHIPWRECK,
    }
)

_RETURN_COMPENSATION: Final = frozenset(
    {
        "endring av bruksområde på bygg, anlegg eller annen fast eiendom",
        "fordelingsnøkkel benyttet på kompensasjonsmeldingen for mva",
        "kompensasjonskravet gjelder flere terminer",
        "korrigering av tidligere kompensasjonskrav",
        "virksomheten er fusjonert eller fisjonert",
        "forholdsmessig kompensasjon",
        "virksomhet under avvikling kompensasjon",
    }
)

_ORDINARY_LINES: Final = _EVERY_LINE | _LINE_ORDINARY_AND_REVERSE | _LINE_ORDINARY
_ORDINARY_RETURNS: Final = _EVERY_RETURN | _RETURN_ORDINARY

LINE_REMARKS: Final = {
    Category.ORDINARY: _ORDINARY_LINES,
    Category.PRIMARY_INDUSTRY: _ORDINARY_LINES,
    Category.COMPENSATION: _EVERY_LINE | _LINE_COMPENSATION,
    Category.REVERSE_CHARGE: _EVERY_LINE | _LINE_ORDINARY_AND_REVERSE,
    Category.E_COMMERCE: frozenset[str](),
}

RETURN_REMARKS: Final = {
    Category.ORDINARY: _ORDINARY_RETURNS,
    Category.PRIMARY_INDUSTRY: _ORDINARY_RETURNS,
    Category.COMPENSATION: _EVERY_RETURN | _RETURN_COMPENSATION,
    Category.REVERSE_CHARGE: _EVERY_RETURN,
    Category.E_COMMERCE: frozenset[str](),
}
