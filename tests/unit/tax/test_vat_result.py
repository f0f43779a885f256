"""The validation result as a document."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from xml.etree import ElementTree as ET

from fullmakt.services.tax.vat.model import VatLine
from fullmakt.services.tax.vat.result import RESULT_NAMESPACE, write_validation_result
from fullmakt.services.tax.vat.rules.table import validate
from tests.unit.tax.vat_builders import a_return, return_xml, some_facts

_IN = f"{{{RESULT_NAMESPACE}}}"


def _result(xml: bytes) -> ET.Element:
    return ET.fromstring(write_validation_result(validate(xml, some_facts())))


def _texts(element: ET.Element, name: str) -> list[str]:
    return [found.text or "" for found in element.iter(f"{_IN}{name}")]


def test_a_return_without_deviations_says_so() -> None:
    result = _result(return_xml(a_return()))

    assert _texts(result, "avvikVedMeldingslevering") == ["ingen avvik"]
    assert _texts(result, "avvik") == []


def test_a_wrong_sum_is_told_as_the_published_example_does() -> None:
    result = _result(return_xml(a_return(total=35000)))

    assert _texts(result, "avvikVedMeldingslevering") == ["avvikende skattemelding"]
    assert _texts(result, "stiTilAvvik") == [
        "/mvaMeldingDto/skattegrunnlagOgBeregnetSkatt/fastsattMerverdiavgift"
    ]
    assert _texts(result, "begrunnelse") == [
        "Summen av linjene er 35500, oppgitt fastsatt merverdiavgift er 35000."
    ]
    assert _texts(result, "avvikKode") == [
        "MVA_MELDINGSINNHOLD_SUM_MVA_FEIL_SUMMERING_AV_AVGIFTLINJER"
    ]
    assert _texts(result, "regelDefinisjon") == ["R018"]


def test_two_breaches_on_one_line_stand_under_one_deviation() -> None:
    both = VatLine("1", Decimal(-1), base=Decimal(4), rate="15")

    result = _result(return_xml(a_return([both])))

    assert len(_texts(result, "stiTilAvvik")) == 1
    assert _texts(result, "mvaKode") == ["1"]
    assert _texts(result, "regelDefinisjon") == ["R003", "R019", "R065"]
    assert _texts(result, "avvikVedMeldingslevering") == ["ugyldig skattemelding"]


def test_a_deviation_read_from_bytes_has_its_line_and_column() -> None:
    result = _result(return_xml(a_return()).replace(b">alminnelig<", b">vanlig<"))

    assert _texts(result, "regelDefinisjon") == ["R001"]
    assert _texts(result, "xmlLinjenummer") == ["10"]
    assert _texts(result, "xmlPosisjonPaaLinje") == ["3"]


def test_the_elements_stand_in_the_published_order() -> None:
    line = VatLine("99", Decimal(0))

    result = _result(return_xml(a_return([line])))

    deviation = result.find(f"{_IN}avvik")
    assert deviation is not None
    assert [child.tag.removeprefix(_IN) for child in deviation][:5] == [
        "stiTilAvvik",
        "mvaKode",
        "xmlLinjenummer",
        "xmlPosisjonPaaLinje",
        "avviksinformasjon",
    ]
    assert [child.tag.removeprefix(_IN) for child in deviation[4]] == [
        "begrunnelse",
        "avvikstype",
        "avvikKode",
        "regelDefinisjon",
    ]


def test_markup_in_a_value_stays_text() -> None:
    line = replace(a_return().lines[1], code="<b>&amp;")

    result = _result(return_xml(a_return([line])))

    assert "<b>&amp;" in _texts(result, "mvaKode")
