"""The VAT return as it is filled in and written."""

from __future__ import annotations

import dataclasses
from xml.etree.ElementTree import Element, fromstring

import pytest

from fullmakt.vendor import (
    AccountingSystem,
    Attachment,
    PeriodLength,
    VatLine,
    VatPeriod,
    VatRemark,
    VatReturn,
    write_envelope,
    write_return,
)
from tests.unit.vendor.vat_remote import RETURN

RETURN_SPACE = "{no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:v1.0}"
ENVELOPE_SPACE = "{no:skatteetaten:fastsetting:avgift:mva:mvameldinginnsending:v1.0}"


def tree(element: Element, space: str) -> object:
    """An element as nested (name, text or children), its namespace checked and left out."""
    assert element.tag.startswith(space)
    name = element.tag.removeprefix(space)
    children = [tree(child, space) for child in element]
    return (name, children or element.text)


def names(xml: bytes) -> list[str]:
    return [element.tag.rpartition("}")[2] for element in fromstring(xml).iter()]


def test_a_return_is_written_in_the_documented_order() -> None:
    written = tree(fromstring(write_return(RETURN)), RETURN_SPACE)

    period = [
        ("periode", [("skattleggingsperiodeToMaaneder", "juli-august")]),
        ("aar", "2026"),
    ]
    assert written == (
        "mvaMeldingDto",
        [
            ("innsending", [("regnskapssystemsreferanse", "bakeri-2026-t4")]),
            (
                "skattegrunnlagOgBeregnetSkatt",
                [
                    ("skattleggingsperiode", period),
                    ("fastsattMerverdiavgift", "35500"),
                    (
                        "mvaSpesifikasjonslinje",
                        [
                            ("mvaKode", "31"),
                            ("grunnlag", "400000"),
                            ("sats", "15"),
                            ("merverdiavgift", "60000"),
                        ],
                    ),
                    (
                        "mvaSpesifikasjonslinje",
                        [
                            ("mvaKode", "3"),
                            ("grunnlag", "10000"),
                            ("sats", "25"),
                            ("merverdiavgift", "2500"),
                        ],
                    ),
                    (
                        "mvaSpesifikasjonslinje",
                        [("mvaKode", "1"), ("merverdiavgift", "-18000")],
                    ),
                    (
                        "mvaSpesifikasjonslinje",
                        [("mvaKode", "11"), ("merverdiavgift", "-9000")],
                    ),
                ],
            ),
            ("betalingsinformasjon", None),
            ("skattepliktig", [("organisasjonsnummer", "312400014")]),
            ("meldingskategori", "alminnelig"),
        ],
    )


def test_an_envelope_lists_the_return_and_every_attachment() -> None:
    invoice = Attachment("faktura.pdf", "application/pdf", b"%PDF")

    written = tree(
        fromstring(write_envelope(dataclasses.replace(RETURN, attachments=(invoice,)))),
        ENVELOPE_SPACE,
    )

    def file(kind: str, stem: str, extension: str) -> tuple[str, list]:
        return (
            "vedlegg",
            [
                ("vedleggstype", kind),
                ("kildegruppe", "sluttbrukersystem"),
                ("opprettetAv", "RETT REVISJON AS"),
                (
                    "vedleggsfil",
                    [("filnavn", stem), ("filekstensjon", extension), ("filinnhold", kind)],
                ),
            ],
        )

    period = [("periode", [("skattleggingsperiodeToMaaneder", "juli-august")]), ("aar", "2026")]
    assert written == (
        "mvaMeldingInnsending",
        [
            ("norskIdentifikator", [("organisasjonsnummer", "312400014")]),
            ("skattleggingsperiode", period),
            ("meldingskategori", "alminnelig"),
            ("innsendingstype", "komplett"),
            ("instansstatus", "default"),
            ("opprettetAv", "RETT REVISJON AS"),
            file("mva-melding", "mvamelding", "xml"),
            file("binaerVedlegg", "faktura", "pdf"),
        ],
    )


def test_everything_optional_stands_in_its_place() -> None:
    line = VatLine(
        code="1",
        vat=-1,
        base=2,
        rate="11,11",
        specification="justering",
        own_code="A1",
        remark=VatRemark(chosen="avvikende fakturering"),
    )
    full = dataclasses.replace(
        RETURN,
        lines=(line,),
        system=AccountingSystem("Maestro", "1.0"),
        payment_reference="3124000142026041",
        remark=VatRemark(text="se vedlegg"),
    )

    written = names(write_return(full))

    assert written[written.index("innsending") :] == [
        "innsending",
        "regnskapssystemsreferanse",
        "regnskapssystem",
        "systemnavn",
        "systemversjon",
        "skattegrunnlagOgBeregnetSkatt",
        "skattleggingsperiode",
        "periode",
        "skattleggingsperiodeToMaaneder",
        "aar",
        "fastsattMerverdiavgift",
        "mvaSpesifikasjonslinje",
        "mvaKode",
        "spesifikasjon",
        "mvaKodeRegnskapsystem",
        "grunnlag",
        "sats",
        "merverdiavgift",
        "merknad",
        "utvalgtMerknad",
        "betalingsinformasjon",
        "kundeIdentifikasjonsnummer",
        "skattepliktig",
        "organisasjonsnummer",
        "meldingskategori",
        "merknad",
        "beskrivelse",
    ]


def test_what_is_payable_is_the_sum_of_the_lines() -> None:
    assert RETURN.payable == 35500


def test_a_stated_total_goes_before_the_sum() -> None:
    assert dataclasses.replace(RETURN, total=35000).payable == 35000


def test_text_is_escaped() -> None:
    written = write_return(dataclasses.replace(RETURN, reference='<a> & "b" æøå'))

    reference = fromstring(written).find(f"{RETURN_SPACE}innsending/*")
    assert reference is not None
    assert reference.text == '<a> & "b" æøå'


@pytest.mark.parametrize("text", ["\x00", "a\x0bb", "\ud800", "\uffff"])
def test_text_that_xml_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="XML cannot hold"):
        dataclasses.replace(RETURN, reference=text)


def test_text_longer_than_the_return_takes_is_refused() -> None:
    with pytest.raises(ValueError, match="at most 4000 characters"):
        VatRemark(text="x" * 4001)


@pytest.mark.parametrize(
    "length, number, name",
    [
        (PeriodLength.MONTH, 12, "desember"),
        (PeriodLength.TWO_MONTHS, 1, "januar-februar"),
        (PeriodLength.TWO_MONTHS, 6, "november-desember"),
        (PeriodLength.THREE_MONTHS, 2, "april-juni"),
        (PeriodLength.SIX_MONTHS, 2, "juli-desember"),
        (PeriodLength.HALF_MONTH, 2, "andre halvdel januar"),
        (PeriodLength.WEEK, 53, "uke 53"),
        (PeriodLength.YEAR, 1, "aarlig"),
    ],
)
def test_a_period_has_its_documented_name(length: PeriodLength, number: int, name: str) -> None:
    assert VatPeriod(2026, number, length).name == name


@pytest.mark.parametrize(
    "length, number",
    [
        (PeriodLength.MONTH, 13),
        (PeriodLength.TWO_MONTHS, 0),
        (PeriodLength.TWO_MONTHS, 7),
        (PeriodLength.WEEK, 54),
        (PeriodLength.YEAR, 2),
    ],
)
def test_a_period_that_no_year_has_is_refused(length: PeriodLength, number: int) -> None:
    with pytest.raises(ValueError, match=f"`{number}`"):
        VatPeriod(2026, number, length)


@pytest.mark.parametrize("year", [26, 20260])
def test_a_year_without_four_digits_is_refused(year: int) -> None:
    with pytest.raises(ValueError, match="four digits"):
        VatPeriod(year, 1)


def test_a_remark_is_free_text_or_chosen_and_not_both() -> None:
    with pytest.raises(ValueError, match="either `text` or `chosen`"):
        VatRemark(text="a", chosen="b")


@pytest.mark.parametrize("name", ["faktura", "a/b.pdf", 'a".pdf', "a\n.pdf", ""])
def test_an_attachment_needs_a_plain_name_with_an_extension(name: str) -> None:
    with pytest.raises(ValueError, match="must have an extension"):
        Attachment(name, "application/pdf", b"")


def test_two_attachments_cannot_have_the_same_name() -> None:
    invoice = Attachment("faktura.pdf", "application/pdf", b"")

    with pytest.raises(ValueError, match=r"different names: `faktura\.pdf`"):
        dataclasses.replace(RETURN, attachments=(invoice, invoice))


def test_a_return_without_lines_pays_nothing() -> None:
    assert (
        VatReturn(
            organization=RETURN.organization,
            period=RETURN.period,
            reference="r",
            created_by="c",
        ).payable
        == 0
    )
