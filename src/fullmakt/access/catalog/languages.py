"""Which of the house's languages a reader wants (RFC 9110 section 12.5.4)."""

from __future__ import annotations

from fullmakt.foundation.terms.text import Language

_MEANT = {
    "nb": Language.BOKMAL,
    "no": Language.BOKMAL,
    "nob": Language.BOKMAL,
    "nn": Language.NYNORSK,
    "nno": Language.NYNORSK,
    "en": Language.ENGLISH,
    "eng": Language.ENGLISH,
}


def language_of(accepted: str | None) -> Language:
    """The first of the languages in `Accept-Language`, by weight, that texts exist in.

    Bokmål when there is none: a language nobody wrote in is passed over, as the header allows.
    """
    weighted = []
    for place, part in enumerate((accepted or "").split(",")):
        tag, *parameters = (each.strip() for each in part.split(";"))
        found = _MEANT.get(tag.split("-")[0].lower())
        weight = _weight(parameters)
        if found is not None and weight > 0:
            weighted.append((-weight, place, found))
    return min(weighted)[2] if weighted else Language.BOKMAL


def _weight(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                return float(value)
            except ValueError:
                return 0
    return 1
