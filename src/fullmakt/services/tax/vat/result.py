"""Writes the validation result (valideringsresultat): how the return is described, and each
deviation.

The sentences are in bokmål, as the service's are; the other languages are on the deviation itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Final

from fullmakt.services.tax.vat.markup import document, group_element, text_element
from fullmakt.services.tax.vat.model import Place
from fullmakt.services.tax.vat.rules.rule import Deviation
from fullmakt.services.tax.vat.rules.table import Validation

RESULT_NAMESPACE: Final = "no:skatteetaten:fastsetting:avgift:mva:valideringsresultat:v1"


def write_validation_result(validation: Validation) -> bytes:
    """The result as a document. Deviations at the same place stand together, in document order."""
    outcome = text_element("avvikVedMeldingslevering", validation.outcome)
    return document(
        "valideringsresultat",
        RESULT_NAMESPACE,
        [outcome, *map(_at_place, deviations_by_place(validation))],
    )


def deviations_by_place(validation: Validation) -> list[list[Deviation]]:
    """The deviations, those at the same place together, in document order."""
    ordered = sorted(validation.deviations, key=_position)
    return [list(group) for _, group in groupby(ordered, key=_position)]


def _position(deviation: Deviation) -> tuple[int, int, str, str]:
    place = deviation.place
    return (place.line or 0, place.column or 0, place.path, deviation.vat_code or "")


def _at_place(deviations: list[Deviation]) -> str:
    first = deviations[0]
    return group_element("avvik", _avvik(first.place, first.vat_code, deviations))


def _avvik(place: Place, vat_code: str | None, deviations: list[Deviation]) -> Iterator[str]:
    yield text_element("stiTilAvvik", place.path)
    if vat_code is not None:
        yield text_element("mvaKode", vat_code)
    if place.line is not None and place.column is not None:
        yield text_element("xmlLinjenummer", str(place.line))
        yield text_element("xmlPosisjonPaaLinje", str(place.column))
    for deviation in deviations:
        yield group_element(
            "avviksinformasjon",
            [
                text_element("begrunnelse", deviation.text.nb),
                text_element("avvikstype", deviation.severity),
                text_element("avvikKode", deviation.code),
                text_element("regelDefinisjon", deviation.rule),
            ],
        )
