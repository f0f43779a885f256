"""The organisation forms of Enhetsregisteret, by code, with the names it gives them.

Which forms a party may have at all is `access/catalog`'s; here stands only what they are called.
"""

from __future__ import annotations

from typing import Final

FORM_NAMES: Final = {
    "AAFY": "Underenhet til ikke-næringsdrivende",
    "ADOS": "Administrativ enhet - offentlig sektor",
    "ANNA": "Annen juridisk person",
    "ANS": "Ansvarlig selskap med solidarisk ansvar",
    "AS": "Aksjeselskap",
    "ASA": "Allmennaksjeselskap",
    "BA": "Selskap med begrenset ansvar",
    "BBL": "Boligbyggelag",
    "BEDR": "Underenhet til næringsdrivende og offentlig forvaltning",
    "BO": "Andre bo",
    "BRL": "Borettslag",
    "DA": "Ansvarlig selskap med delt ansvar",
    "ENK": "Enkeltpersonforetak",
    "EOFG": "Europeisk økonomisk foretaksgruppe",
    "ESEK": "Eierseksjonssameie",
    "FKF": "Fylkeskommunalt foretak",
    "FLI": "Forening/lag/innretning",
    "FYLK": "Fylkeskommune",
    "GFS": "Gjensidig forsikringsselskap",
    "IKJP": "Andre ikke-juridiske personer",
    "IKS": "Interkommunalt selskap",
    "KBO": "Konkursbo",
    "KF": "Kommunalt foretak",
    "KIRK": "Den norske kirke",
    "KOMM": "Kommune",
    "KS": "Kommandittselskap",
    "KTRF": "Kontorfellesskap",
    "NUF": "Norskregistrert utenlandsk foretak",
    "OPMV": "Særskilt oppdelt enhet, jf. mval. § 2-2",
    "ORGL": "Organisasjonsledd",
    "PERS": "Andre enkeltpersoner som registreres i tilknyttet register",
    "PK": "Pensjonskasse",
    "PRE": "Partrederi",
    "SA": "Samvirkeforetak",
    "SAM": "Tingsrettslig sameie",
    "SE": "Europeisk selskap",
    "SF": "Statsforetak",
    "SPA": "Sparebank",
    "STAT": "Staten",
    "STI": "Stiftelse",
    "SÆR": "Annet foretak iflg. særskilt lov",
    "TVAM": "Tvangsregistrert for MVA",
    "UTBG": "Frivillig registrert utleiebygg",
    "UTLA": "Utenlandsk enhet",
    "VIFE": "Virksomhet drevet i fellesskap",
    "VPFO": "Verdipapirfond",
}

# SPEC: Business Enterprise Registration Act section 2-1: these must stand in Foretaksregisteret.
IN_BUSINESS_REGISTER: Final = frozenset(
    {"ANS", "AS", "ASA", "BA", "BBL", "BRL", "DA", "EOFG", "GFS", "IKS", "KS", "SA", "SE", "SF"}
    | {"SPA"}
)


def form_name(code: str) -> str:
    """What the form is called; the code itself where it has no name."""
    return FORM_NAMES.get(code, code)
