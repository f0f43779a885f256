"""A return or envelope, whatever is done to it, is read, or told what is wrong and where."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

from hypothesis import given, settings
from hypothesis import strategies as st

from fullmakt.services.tax.vat.reading import Unreadable, read_envelope
from fullmakt.services.tax.vat.result import write_validation_result
from fullmakt.services.tax.vat.rules.table import validate
from tests.unit.tax.vat_builders import (
    a_return,
    an_envelope,
    envelope_xml,
    return_xml,
    some_facts,
)

_RETURN = return_xml(a_return())
_ENVELOPE = envelope_xml(an_envelope())
_RESULT = "{no:skatteetaten:fastsetting:avgift:mva:valideringsresultat:v1}"
_TEXTS = st.sampled_from(
    ["", " ", "0", "-0", "+1", "1e9", "NaN", "Infinity", "٣", "25", "0x1", "uke 53", "9" * 400]
) | st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn"]), max_size=20)


def _remove(tree: Element, draw: st.DrawFn) -> None:
    parent = draw(st.sampled_from([each for each in tree.iter() if len(each)]))
    parent.remove(draw(st.sampled_from(list(parent))))


def _repeat(tree: Element, draw: st.DrawFn) -> None:
    parent = draw(st.sampled_from([each for each in tree.iter() if len(each)]))
    parent.append(draw(st.sampled_from(list(parent))))


def _move(tree: Element, draw: st.DrawFn) -> None:
    child = draw(st.sampled_from(list(tree.iter())[1:]))
    draw(st.sampled_from([each for each in tree.iter() if each not in list(child.iter())])).append(
        child
    )


def _rename(tree: Element, draw: st.DrawFn) -> None:
    each = draw(st.sampled_from(list(tree.iter())))
    each.tag = draw(
        st.sampled_from(["x", "{urn:x}y", each.tag.upper(), *(one.tag for one in tree.iter())])
    )


def _say(tree: Element, draw: st.DrawFn) -> None:
    draw(st.sampled_from(list(tree.iter()))).text = draw(_TEXTS)


def _mark(tree: Element, draw: st.DrawFn) -> None:
    draw(st.sampled_from(list(tree.iter()))).set(
        draw(st.sampled_from(["a", "{urn:x}b"])), draw(_TEXTS)
    )


_DEEDS: list[Callable[[Element, st.DrawFn], None]] = [_remove, _repeat, _move, _rename, _say, _mark]


@st.composite
def _spoiled(draw: st.DrawFn, xml: bytes) -> bytes:
    tree = ET.fromstring(xml)
    for _ in range(draw(st.integers(1, 3))):
        if len(tree):
            draw(st.sampled_from(_DEEDS))(tree, draw)
    written = BytesIO()
    encoding = draw(st.sampled_from(["UTF-8", "UTF-16", "us-ascii"]))
    ET.ElementTree(tree).write(written, encoding=encoding, xml_declaration=True)
    return written.getvalue()


@settings(max_examples=300)
@given(_spoiled(_RETURN))
def test_a_spoiled_return_is_judged_and_every_fault_has_its_place(xml: bytes) -> None:
    validation = validate(xml, some_facts())

    result = ET.fromstring(write_validation_result(validation))
    places = [each.findtext(f"{_RESULT}stiTilAvvik") or "" for each in result]
    assert all(place.startswith("/") for place in places[1:])
    assert len(places) == 1 + len({deviation.place for deviation in validation.deviations})
    for deviation in validation.deviations:
        assert deviation.place.line is not None
        assert deviation.text.nb.endswith(".")
        assert len(deviation.text.nb) < 1500
    assert (validation.vat_return is None) == (
        {deviation.rule for deviation in validation.deviations} == {"R001"}
    )


@settings(max_examples=150)
@given(_spoiled(_ENVELOPE))
def test_a_spoiled_envelope_is_read_or_told_what_is_wrong(xml: bytes) -> None:
    read = read_envelope(xml)

    if isinstance(read, Unreadable):
        assert all(fault.place.path.startswith("/") for fault in read.faults)
        assert all(fault.text.nb.endswith(".") for fault in read.faults)
    else:
        assert read.identifier.isdigit()
