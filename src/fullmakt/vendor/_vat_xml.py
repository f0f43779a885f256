"""Writes the VAT return (`mvaMeldingDto`) and its envelope (`mvaMeldingInnsending`).

The order of elements is the one Skatteetaten documents, and it matters.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element, SubElement

from fullmakt.vendor._vat_return import VatLine, VatPeriod, VatRemark, VatReturn

RETURN = "no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:v1.0"
ENVELOPE = "no:skatteetaten:fastsetting:avgift:mva:mvameldinginnsending:v1.0"


def write_return(vat_return: VatReturn) -> bytes:
    """The return as XML."""
    root = Element("mvaMeldingDto", {"xmlns": RETURN})
    submission = SubElement(root, "innsending")
    _text(submission, "regnskapssystemsreferanse", vat_return.reference)
    if vat_return.system is not None:
        system = SubElement(submission, "regnskapssystem")
        _text(system, "systemnavn", vat_return.system.name)
        _text(system, "systemversjon", vat_return.system.version)
    basis = SubElement(root, "skattegrunnlagOgBeregnetSkatt")
    _period(basis, vat_return.period)
    _text(basis, "fastsattMerverdiavgift", str(vat_return.payable))
    _lines(basis, vat_return.lines)
    payment = SubElement(root, "betalingsinformasjon")
    _text(payment, "kundeIdentifikasjonsnummer", vat_return.payment_reference)
    _text(SubElement(root, "skattepliktig"), "organisasjonsnummer", str(vat_return.organization))
    _text(root, "meldingskategori", vat_return.category)
    _remark(root, vat_return.remark)
    return _bytes(root)


def write_envelope(vat_return: VatReturn) -> bytes:
    """The envelope as XML: whose return it is, for when, and which files there are."""
    root = Element("mvaMeldingInnsending", {"xmlns": ENVELOPE})
    identifier = SubElement(root, "norskIdentifikator")
    _text(identifier, "organisasjonsnummer", str(vat_return.organization))
    _period(root, vat_return.period)
    _text(root, "meldingskategori", vat_return.category)
    _text(root, "innsendingstype", "komplett")
    # SPEC: optional by the schema, required by the service.
    _text(root, "instansstatus", "default")
    _text(root, "opprettetAv", vat_return.created_by)
    _file(root, vat_return.created_by, "mva-melding", "mvamelding.xml", "mva-melding")
    for attachment in vat_return.attachments:
        _file(root, vat_return.created_by, "binaerVedlegg", attachment.name, "binaerVedlegg")
    return _bytes(root)


def _lines(basis: Element, lines: Iterable[VatLine]) -> None:
    for line in lines:
        element = SubElement(basis, "mvaSpesifikasjonslinje")
        _text(element, "mvaKode", line.code)
        _text(element, "spesifikasjon", line.specification)
        _text(element, "mvaKodeRegnskapsystem", line.own_code)
        _text(element, "grunnlag", None if line.base is None else str(line.base))
        _text(element, "sats", line.rate)
        _text(element, "merverdiavgift", str(line.vat))
        _remark(element, line.remark)


def _period(parent: Element, period: VatPeriod) -> None:
    element = SubElement(parent, "skattleggingsperiode")
    _text(SubElement(element, "periode"), period.length.value, period.name)
    _text(element, "aar", str(period.year))


def _remark(parent: Element, remark: VatRemark | None) -> None:
    if remark is not None:
        element = SubElement(parent, "merknad")
        _text(element, "beskrivelse", remark.text)
        _text(element, "utvalgtMerknad", remark.chosen)


def _file(root: Element, created_by: str, kind: str, name: str, content: str) -> None:
    stem, _, extension = name.rpartition(".")
    attachment = SubElement(root, "vedlegg")
    _text(attachment, "vedleggstype", kind)
    _text(attachment, "kildegruppe", "sluttbrukersystem")
    _text(attachment, "opprettetAv", created_by)
    file = SubElement(attachment, "vedleggsfil")
    _text(file, "filnavn", stem)
    _text(file, "filekstensjon", extension)
    _text(file, "filinnhold", content)


def _text(parent: Element, name: str, text: str | None) -> None:
    if text is not None:
        SubElement(parent, name).text = text


def _bytes(root: Element) -> bytes:
    written: bytes = ET.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written
