"""Reads the return and the envelope: bytes in, a typed value or the list of faults out. Never an
exception.

Whether what is read may be filed is left to the rules and to `envelope.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fullmakt.foundation.terms.text import LocalizedText
from fullmakt.services.tax.vat.faults import Fault, FaultKind, quoted
from fullmakt.services.tax.vat.model import (
    AccountingSystem,
    Attachment,
    Envelope,
    Remark,
    ReturnPlaces,
    VatLine,
    VatReturn,
)
from fullmakt.services.tax.vat.periods import PERIOD_ELEMENTS, Category, Period, PeriodKind
from fullmakt.services.tax.vat.shapes import ENVELOPE_SHAPE, RETURN_SHAPE
from fullmakt.services.tax.vat.structure import Shape, faults_in
from fullmakt.services.tax.vat.xml_tree import Element, ReadingLimits, parse

_DEFAULT_LIMITS: Final = ReadingLimits()
_KIND_OF_ELEMENT: Final = {element: kind for kind, element in PERIOD_ELEMENTS.items()}
_WEEK_OF_THAT_YEAR: Final = LocalizedText(
    "en uke som finnes i det året", "ei veke som finst i det året", "a week that year has"
)


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A document without the right structure, and why; there is at least one fault."""

    faults: tuple[Fault, ...]


def read_return(xml: bytes, limits: ReadingLimits = _DEFAULT_LIMITS) -> VatReturn | Unreadable:
    """The return (`mvaMeldingDto`) in `xml`."""
    root = _checked_tree(xml, RETURN_SHAPE, limits)
    if isinstance(root, Unreadable):
        return root
    basis = _only(root, "skattegrunnlagOgBeregnetSkatt")
    period = _period(_only(basis, "skattleggingsperiode"))
    if isinstance(period, Fault):
        return Unreadable((period,))
    taxpayer = _only(root, "skattepliktig")
    submission = _only(root, "innsending")
    return VatReturn(
        reference=_only(submission, "regnskapssystemsreferanse").text,
        system=_system(submission.child("regnskapssystem")),
        period=period,
        total=_amount(_only(basis, "fastsattMerverdiavgift")),
        lines=tuple(map(_line, basis.children_called("mvaSpesifikasjonslinje"))),
        payment_reference=_only(root, "betalingsinformasjon").text_of("kundeIdentifikasjonsnummer"),
        organization=taxpayer.text_of("organisasjonsnummer"),
        simplified_registration=taxpayer.text_of("identifikasjonsnummer"),
        category=Category(_only(root, "meldingskategori").text),
        remark=_remark(root.child("merknad")),
        places=_places(root, basis),
    )


def read_envelope(xml: bytes, limits: ReadingLimits = _DEFAULT_LIMITS) -> Envelope | Unreadable:
    """The envelope (`mvaMeldingInnsending`) in `xml`, in its namespace or in none."""
    root = _checked_tree(xml, ENVELOPE_SHAPE, limits)
    if isinstance(root, Unreadable):
        return root
    stated = root.child("skattleggingsperiode")
    period = _period(stated) if stated is not None and stated.children else None
    if isinstance(period, Fault):
        return Unreadable((period,))
    return Envelope(
        identifier=_only(root, "norskIdentifikator").children[0].text,
        period=period,
        category=Category(_only(root, "meldingskategori").text),
        created_by=_only(root, "opprettetAv").text,
        submission_kind=root.text_of("innsendingstype"),
        instance_status=root.text_of("instansstatus"),
        attachments=tuple(map(_attachment, root.children_called("vedlegg"))),
    )


def _checked_tree(xml: bytes, shape: Shape, limits: ReadingLimits) -> Element | Unreadable:
    root = parse(xml, listed=shape.listed, limits=limits)
    if isinstance(root, Fault):
        return Unreadable((root,))
    faults = faults_in(root, shape, most=limits.most_faults)
    return Unreadable(faults) if faults else root


def _only(element: Element, name: str) -> Element:
    child = element.child(name)
    # INVARIANT: the shape has been checked, so a required child is there.
    assert child is not None, name
    return child


def _amount(element: Element) -> Decimal:
    return Decimal(element.text.strip())


def _period(stated: Element) -> Period | Fault:
    named = _only(stated, "periode").children[0]
    year = int(_only(stated, "aar").text.strip())
    kind = _KIND_OF_ELEMENT[named.name]
    try:
        return Period.named(kind, named.text, year)
    except ValueError:
        # Names and years are checked already: only a week 53 that the year lacks comes here.
        assert kind is PeriodKind.WEEK, named.text
        found = {"found": quoted(f"{named.text} {year}")}
        return Fault(FaultKind.BAD_VALUE, named.place, found, _WEEK_OF_THAT_YEAR)


def _line(element: Element) -> VatLine:
    base = element.child("grunnlag")
    return VatLine(
        code=_only(element, "mvaKode").text,
        specification=element.text_of("spesifikasjon"),
        own_code=element.text_of("mvaKodeRegnskapsystem"),
        base=None if base is None else _amount(base),
        rate=element.text_of("sats"),
        vat=_amount(_only(element, "merverdiavgift")),
        remark=_remark(element.child("merknad")),
        place=element.place,
    )


def _remark(element: Element | None) -> Remark | None:
    if element is None:
        return None
    return Remark(
        description=element.text_of("beskrivelse") or "",
        chosen=element.text_of("utvalgtMerknad") or "",
    )


def _system(element: Element | None) -> AccountingSystem | None:
    if element is None:
        return None
    return AccountingSystem(_only(element, "systemnavn").text, element.text_of("systemversjon"))


def _places(root: Element, basis: Element) -> ReturnPlaces:
    remark = root.child("merknad")
    return ReturnPlaces(
        root=root.place,
        period=_only(basis, "skattleggingsperiode").place,
        total=_only(basis, "fastsattMerverdiavgift").place,
        payment=_only(root, "betalingsinformasjon").place,
        taxpayer=_only(root, "skattepliktig").place,
        category=_only(root, "meldingskategori").place,
        remark=root.place if remark is None else remark.place,
    )


def _attachment(element: Element) -> Attachment:
    file = _only(element, "vedleggsfil")
    return Attachment(
        kind=_only(element, "vedleggstype").text,
        source=_only(element, "kildegruppe").text,
        created_by=_only(element, "opprettetAv").text,
        file_name=_only(file, "filnavn").text,
        extension=_only(file, "filekstensjon").text,
        content=_only(file, "filinnhold").text,
    )
