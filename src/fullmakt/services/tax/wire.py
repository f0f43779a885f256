"""The validation result as JSON, and which of its two forms a caller wants.

The JSON has the names of the document (`vat/result.py`); that there is any is a stand-in.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec
from litestar.datastructures.headers import Accept

from fullmakt.services.tax.errors import NoSuchForm
from fullmakt.services.tax.vat.result import deviations_by_place
from fullmakt.services.tax.vat.rules.rule import Deviation
from fullmakt.services.tax.vat.rules.table import Validation


class ResultForm(StrEnum):
    """The forms a validation result has; the first is the usual one."""

    XML = "application/xml"
    XML_TEXT = "text/xml"
    JSON = "application/json"


class InformationJson(msgspec.Struct, rename="camel"):
    """Which rule does not hold, and why."""

    begrunnelse: str
    avvikstype: str
    avvik_kode: str
    regel_definisjon: str


class DeviationJson(msgspec.Struct, rename="camel"):
    """A place, and what does not hold there."""

    sti_til_avvik: str
    avviksinformasjon: list[InformationJson]
    mva_kode: str | msgspec.UnsetType = msgspec.UNSET
    xml_linjenummer: int | msgspec.UnsetType = msgspec.UNSET
    xml_posisjon_paa_linje: int | msgspec.UnsetType = msgspec.UNSET


class ResultJson(msgspec.Struct, rename="camel"):
    """What the rules say of a return."""

    avvik_ved_meldingslevering: str
    avvik: list[DeviationJson]


def read_wanted_form(accept: str | None) -> ResultForm:
    """The form an `Accept` header asks for (RFC 9110 section 12.5.1). Raises: NoSuchForm."""
    stated = accept or "*/*"
    wanted = Accept(stated).best_match([form.value for form in ResultForm])
    if wanted is None:
        message = f"a result is `application/xml` or `application/json`, never `{stated[:80]}`"
        raise NoSuchForm(message)
    return ResultForm(wanted)


def write_result(validation: Validation) -> ResultJson:
    """The result; deviations at the same place stand together, in document order."""
    places = deviations_by_place(validation)
    return ResultJson(str(validation.outcome), [_deviation(each) for each in places])


def _deviation(deviations: list[Deviation]) -> DeviationJson:
    place, code = deviations[0].place, deviations[0].vat_code
    return DeviationJson(
        sti_til_avvik=place.path,
        mva_kode=msgspec.UNSET if code is None else code,
        xml_linjenummer=msgspec.UNSET if place.line is None else place.line,
        xml_posisjon_paa_linje=msgspec.UNSET if place.column is None else place.column,
        avviksinformasjon=[
            InformationJson(each.text.nb, str(each.severity), each.code, each.rule)
            for each in deviations
        ],
    )
