"""Reading the return and the envelope: what is read back, and what is told when it is not."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fullmakt.services.tax.vat.faults import FAULT_TEXTS, FaultKind
from fullmakt.services.tax.vat.model import (
    AccountingSystem,
    Attachment,
    Envelope,
    Place,
    Remark,
    VatLine,
    VatReturn,
)
from fullmakt.services.tax.vat.periods import PERIOD_NAMES, Category, Period, PeriodKind, weeks_in
from fullmakt.services.tax.vat.reading import Unreadable, read_envelope, read_return
from fullmakt.services.tax.vat.rules.rule import Severity
from fullmakt.services.tax.vat.rules.table import validate
from fullmakt.services.tax.vat.xml_tree import ReadingLimits
from tests.unit.tax.vat_builders import (
    a_return,
    an_envelope,
    envelope_xml,
    return_xml,
    some_facts,
)

_LINE = "/mvaMeldingDto/skattegrunnlagOgBeregnetSkatt/mvaSpesifikasjonslinje"


def _faults(xml: bytes) -> list[tuple[FaultKind, str]]:
    read = read_return(xml)
    assert isinstance(read, Unreadable)
    return [(fault.kind, fault.place.path) for fault in read.faults]


def _changed(old: str, new: str) -> bytes:
    xml = return_xml(a_return())
    assert old.encode() in xml
    return xml.replace(old.encode(), new.encode(), 1)


def test_a_return_without_faults_is_read_whole() -> None:
    written = a_return()

    assert read_return(return_xml(written)) == written


def test_a_line_knows_where_it_stands() -> None:
    read = read_return(return_xml(a_return()))

    assert isinstance(read, VatReturn)
    assert read.lines[1].place == Place(f"{_LINE}[2]", line=5, column=5)


def test_an_envelope_is_read_in_its_namespace_and_in_none() -> None:
    envelope = an_envelope()

    assert read_envelope(envelope_xml(envelope)) == envelope
    assert read_envelope(envelope_xml(envelope, namespace="")) == envelope


def test_a_return_outside_its_namespace_is_refused() -> None:
    assert _faults(return_xml(a_return(), namespace="urn:other")) == [
        (FaultKind.WRONG_ROOT, "/mvaMeldingDto")
    ]


def test_an_envelope_with_an_empty_period_is_read_as_having_none() -> None:
    xml = envelope_xml(an_envelope()).decode()
    start, end = xml.index("<skattleggingsperiode>"), xml.index("<meldingskategori>")

    read = read_envelope(f"{xml[:start]}<skattleggingsperiode/>{xml[end:]}".encode())

    assert isinstance(read, Envelope)
    assert read.period is None


@pytest.mark.parametrize(
    "old, new, kind, path",
    [
        ("<meldingskategori>", "<x/><meldingskategori>", FaultKind.UNKNOWN_ELEMENT, "/x"),
        ("<skattepliktig>", "<skattepliktig a='1'>", FaultKind.UNKNOWN_ATTRIBUTE, "/skattepliktig"),
        ("<skattepliktig>", "<skattepliktig>y", FaultKind.STRAY_TEXT, "/skattepliktig"),
        ("<betalingsinformasjon></betalingsinformasjon>", "", FaultKind.MISSING, ""),
        (">alminnelig<", ">vanlig<", FaultKind.BAD_VALUE, "/meldingskategori"),
        (f">{312400014}<", ">31240001<", FaultKind.BAD_VALUE, "/skattepliktig/organisasjonsnummer"),
        (
            "<betalingsinformasjon>",
            "<betalingsinformasjon/><betalingsinformasjon>",
            FaultKind.TOO_MANY,
            "/betalingsinformasjon",
        ),
        (
            "<meldingskategori>",
            "<innsending><regnskapssystemsreferanse/></innsending><meldingskategori>",
            FaultKind.MISPLACED,
            "/innsending",
        ),
        (
            "<aar>2026",
            "<aar>tjuefire",
            FaultKind.BAD_VALUE,
            "/skattegrunnlagOgBeregnetSkatt/skattleggingsperiode/aar",
        ),
        (
            "<periode>",
            "<periode><skattleggingsperiodeAar>aarlig</skattleggingsperiodeAar>",
            FaultKind.NO_CHOICE,
            "/skattegrunnlagOgBeregnetSkatt/skattleggingsperiode/periode",
        ),
        (
            "<mvaKode>3</mvaKode>",
            "<mvaKode><b>3</b></mvaKode>",
            FaultKind.UNKNOWN_ELEMENT,
            "/skattegrunnlagOgBeregnetSkatt/mvaSpesifikasjonslinje[2]/mvaKode/b",
        ),
        (
            "<grunnlag>400000<",
            "<grunnlag>4e5<",
            FaultKind.BAD_VALUE,
            "/skattegrunnlagOgBeregnetSkatt/mvaSpesifikasjonslinje[1]/grunnlag",
        ),
    ],
)
def test_each_kind_of_structural_fault_is_told_at_its_place(
    old: str, new: str, kind: FaultKind, path: str
) -> None:
    assert (kind, f"/mvaMeldingDto{path}") in _faults(_changed(old, new))


def test_a_return_with_several_faults_is_told_them_all() -> None:
    xml = _changed(">alminnelig<", ">vanlig<").replace(b"<aar>2026", b"<aar>x")

    assert {kind for kind, _ in _faults(xml)} == {FaultKind.BAD_VALUE}
    assert len(_faults(xml)) == 2


def test_a_doctype_is_refused_before_anything_is_expanded() -> None:
    bomb = (
        b'<!DOCTYPE m [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><mvaMeldingDto>&b;</mvaMeldingDto>'
    )

    assert _faults(bomb) == [(FaultKind.DOCTYPE, "/")]


def test_a_deep_document_is_refused() -> None:
    assert _faults(b"<a>" * 17)[0][0] is FaultKind.TOO_DEEP


def test_a_large_document_is_refused_unread() -> None:
    read = read_return(b"<" * 101, ReadingLimits(most_bytes=100))

    assert isinstance(read, Unreadable)
    assert read.faults[0].kind is FaultKind.TOO_LARGE


def test_a_document_of_too_many_elements_is_refused_where_they_become_too_many() -> None:
    read = read_return(return_xml(a_return()), ReadingLimits(most_elements=5))

    assert isinstance(read, Unreadable)
    assert read.faults[0].kind is FaultKind.TOO_LONG
    assert read.faults[0].place.path.endswith("/skattleggingsperiode/periode")


def test_no_more_faults_are_listed_than_the_limit_says() -> None:
    xml = _changed("<meldingskategori>", "<x/>" * 9 + "<meldingskategori>")

    read = read_return(xml, ReadingLimits(most_faults=3))

    assert isinstance(read, Unreadable)
    assert len(read.faults) == 3


def test_a_week_that_the_year_lacks_is_a_fault_and_not_an_error() -> None:
    period = "<skattleggingsperiodeToMaaneder>juli-august</skattleggingsperiodeToMaaneder>"
    week = "<skattleggingsperiodeUke>uke 53</skattleggingsperiodeUke>"

    read = read_return(_changed(period, week).replace(b"<aar>2026", b"<aar>2025"))

    assert isinstance(read, Unreadable)
    assert "uke 53 2025" in read.faults[0].text.nb


@pytest.mark.parametrize("kind", FaultKind)
def test_every_kind_of_fault_has_a_sentence(kind: FaultKind) -> None:
    assert FAULT_TEXTS[kind].en.endswith(".")


def test_the_value_that_is_wrong_is_named_in_each_language() -> None:
    read = read_return(_changed(">alminnelig<", ">vanlig<"))

    assert isinstance(read, Unreadable)
    text = read.faults[0].text
    assert "`vanlig`" in text.nb
    assert "ein av: alminnelig" in text.nn
    assert "one of: alminnelig" in text.en


@given(st.binary(max_size=300))
@example(b'<?xml version="1.0" encoding="foo"?><a/>')
@example(b'<?xml version="1.0" encoding="shift_jis"?><a/>')
@example(b"\xff\xfe<\x00a\x00>\x00")
@example(b"<a xmlns:b='b'><b:c/></a>")
@example(b"<a:b/>")
def test_arbitrary_bytes_give_a_structural_deviation(xml: bytes) -> None:
    validation = validate(xml, some_facts())

    assert {deviation.rule for deviation in validation.deviations} == {"R001"}
    assert validation.outcome is Severity.INVALID


@given(st.data())
def test_a_return_with_some_bytes_replaced_never_raises(data: st.DataObject) -> None:
    xml = bytearray(return_xml(a_return()))
    for _ in range(data.draw(st.integers(1, 4))):
        xml[data.draw(st.integers(0, len(xml) - 1))] = data.draw(st.integers(0, 255))

    validation = validate(bytes(xml), some_facts())

    assert (validation.vat_return is None) == any(
        deviation.rule == "R001" for deviation in validation.deviations
    )


_words = st.text(
    st.characters(min_codepoint=32, exclude_categories=["Cs", "Cn"], exclude_characters="\x7f"),
    max_size=30,
)
_amounts = st.decimals(-(10**12), 10**12, places=2, allow_nan=False)
_remarks = (
    st.none()
    | st.builds(Remark, description=_words)
    | st.builds(Remark, chosen=_words.filter(bool))
)


@st.composite
def _periods(draw: st.DrawFn) -> Period:
    kind = draw(st.sampled_from(PeriodKind))
    year = draw(st.integers(1000, 9998))
    most = weeks_in(year) if kind is PeriodKind.WEEK else len(PERIOD_NAMES[kind])
    return Period(kind, draw(st.integers(1, most)), year)


_lines = st.builds(
    VatLine,
    code=_words,
    vat=_amounts,
    base=st.none() | _amounts,
    rate=st.none() | _words,
    specification=st.none() | _words,
    own_code=st.none() | _words,
    remark=_remarks,
)
_returns = st.builds(
    VatReturn,
    reference=_words,
    period=_periods(),
    total=_amounts,
    category=st.sampled_from(Category),
    lines=st.lists(_lines, max_size=3).map(tuple),
    organization=st.none() | st.just("312400014"),
    system=st.none() | st.builds(AccountingSystem, name=_words, version=st.none() | _words),
    payment_reference=st.none() | _words,
    remark=_remarks,
)
_envelopes = st.builds(
    Envelope,
    identifier=st.just("312400014"),
    period=st.none() | _periods(),
    category=st.sampled_from(Category),
    created_by=_words,
    submission_kind=st.none() | st.just("ikke komplett"),
    instance_status=st.none() | _words,
    attachments=st.lists(
        st.builds(
            Attachment,
            kind=st.just("binaerVedlegg"),
            source=st.just("etat"),
            created_by=_words,
            file_name=_words,
            extension=_words,
            content=_words,
        ),
        max_size=2,
    ).map(tuple),
)


@given(_returns)
def test_what_is_written_as_a_return_is_read_back(written: VatReturn) -> None:
    assert read_return(return_xml(written)) == written


@given(_returns)
def test_any_readable_return_can_be_judged(written: VatReturn) -> None:
    validation = validate(return_xml(written), some_facts())

    assert validation.vat_return == written


@given(_envelopes)
def test_what_is_written_as_an_envelope_is_read_back(written: Envelope) -> None:
    assert read_envelope(envelope_xml(written)) == written


@pytest.mark.parametrize(
    "stamp, is_taken",
    [("2026-09-15T10:00:00Z", True), ("2026-09-15", False), ("i går", False)],
)
def test_an_envelope_states_times_as_dates_with_clock(stamp: str, is_taken: bool) -> None:  # noqa: FBT001
    created = f"<opprettingstidspunkt>{stamp}</opprettingstidspunkt></mvaMeldingInnsending>"
    xml = envelope_xml(an_envelope()).replace(b"</mvaMeldingInnsending>", created.encode())

    assert isinstance(read_envelope(xml), Envelope) is is_taken


def test_an_envelope_for_a_week_that_the_year_lacks_is_a_fault() -> None:
    week = Period(PeriodKind.WEEK, 53, 2026)
    xml = envelope_xml(replace(an_envelope(), period=week)).replace(b"<aar>2026", b"<aar>2025")

    read = read_envelope(xml)

    assert isinstance(read, Unreadable)
    assert read.faults[0].kind is FaultKind.BAD_VALUE


def test_an_amount_keeps_its_decimals() -> None:
    read = read_return(_changed("<grunnlag>400000<", "<grunnlag> +400000.50 <"))

    assert isinstance(read, VatReturn)
    assert read.lines[0].base == Decimal("400000.50")
