"""Builds VAT returns, envelopes and facts for tests, with defaults for all that a test does not
care about.

The default return is the bakery's for July and August 2026, and breaks no rule under the default
facts.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape

from fullmakt.services.tax.vat.model import Envelope, Remark, VatLine, VatReturn
from fullmakt.services.tax.vat.obligations import TaxpayerFacts, VatObligation
from fullmakt.services.tax.vat.periods import PERIOD_ELEMENTS, Category, Period, PeriodKind
from fullmakt.services.tax.vat.shapes import ENVELOPE_NAMESPACE, RETURN_NAMESPACE

BAKERY = "312400014"
JULY_AUGUST = Period(PeriodKind.TWO_MONTHS, 4, 2026)

DEFAULT_LINES = (
    VatLine("31", Decimal(60000), base=Decimal(400000), rate="15"),
    VatLine("3", Decimal(2500), base=Decimal(10000), rate="25"),
    VatLine("1", Decimal(-18000)),
    VatLine("11", Decimal(-9000)),
)


def a_return(
    lines: Iterable[VatLine] = DEFAULT_LINES, *, total: int | Decimal | None = None
) -> VatReturn:
    kept = tuple(lines)
    summed = sum((line.vat for line in kept), Decimal(0))
    return VatReturn(
        reference="bakeri-2026-t4",
        period=JULY_AUGUST,
        total=summed if total is None else Decimal(total),
        category=Category.ORDINARY,
        lines=kept,
        organization=BAKERY,
    )


def an_obligation(
    category: Category = Category.ORDINARY,
    period_kind: PeriodKind = PeriodKind.TWO_MONTHS,
    *,
    valid_from: date = date(2022, 1, 1),
    filed_until: date | None = date(2026, 6, 30),
) -> VatObligation:
    return VatObligation(category, period_kind, valid_from, filed_until)


def some_facts() -> TaxpayerFacts:
    return TaxpayerFacts(
        today=date(2026, 9, 15), obligations=(an_obligation(),), organization_form="AS"
    )


def return_xml(vat_return: VatReturn, namespace: str = RETURN_NAMESPACE) -> bytes:
    return b"".join(
        [
            f'<mvaMeldingDto xmlns="{namespace}">\n'.encode(),
            *(f"  {part}\n".encode() for part in _return_parts(vat_return) if part),
            b"</mvaMeldingDto>\n",
        ]
    )


def envelope_xml(envelope: Envelope, namespace: str = ENVELOPE_NAMESPACE) -> bytes:
    identifier = _element("organisasjonsnummer", envelope.identifier)
    attachments = [
        _element(
            "vedlegg",
            _element("vedleggstype", one.kind)
            + _element("kildegruppe", one.source)
            + _text("opprettetAv", one.created_by)
            + _element(
                "vedleggsfil",
                _text("filnavn", one.file_name)
                + _text("filekstensjon", one.extension)
                + _text("filinnhold", one.content),
            ),
        )
        for one in envelope.attachments
    ]
    inner = "".join(
        [
            _element("norskIdentifikator", identifier),
            "" if envelope.period is None else _period(envelope.period),
            _element("meldingskategori", envelope.category),
            _optional("innsendingstype", envelope.submission_kind),
            _optional("instansstatus", envelope.instance_status),
            _text("opprettetAv", envelope.created_by),
            *attachments,
        ]
    )
    declared = f' xmlns="{namespace}"' if namespace else ""
    return f"<mvaMeldingInnsending{declared}>{inner}</mvaMeldingInnsending>".encode()


def an_envelope() -> Envelope:
    return Envelope(
        identifier=BAKERY,
        period=JULY_AUGUST,
        category=Category.ORDINARY,
        created_by="RETT REVISJON AS",
        submission_kind="komplett",
        instance_status="default",
    )


def with_remark(line: VatLine, *, description: str = "", chosen: str = "") -> VatLine:
    return replace(line, remark=Remark(description, chosen))


def _return_parts(vat_return: VatReturn) -> list[str]:
    system = vat_return.system
    return [
        _element(
            "innsending",
            _text("regnskapssystemsreferanse", vat_return.reference)
            + (
                ""
                if system is None
                else _element(
                    "regnskapssystem",
                    _text("systemnavn", system.name) + _optional("systemversjon", system.version),
                )
            ),
        ),
        _element(
            "skattegrunnlagOgBeregnetSkatt",
            _period(vat_return.period)
            + _element("fastsattMerverdiavgift", format(vat_return.total, "f"))
            + "".join("\n    " + _line(line) for line in vat_return.lines),
        ),
        _element(
            "betalingsinformasjon",
            _optional("kundeIdentifikasjonsnummer", vat_return.payment_reference),
        ),
        _element(
            "skattepliktig",
            _optional("organisasjonsnummer", vat_return.organization)
            + _optional("identifikasjonsnummer", vat_return.simplified_registration),
        ),
        _element("meldingskategori", vat_return.category),
        _remark(vat_return.remark),
    ]


def _line(line: VatLine) -> str:
    return _element(
        "mvaSpesifikasjonslinje",
        _text("mvaKode", line.code)
        + _optional("spesifikasjon", line.specification)
        + _optional("mvaKodeRegnskapsystem", line.own_code)
        + ("" if line.base is None else _element("grunnlag", format(line.base, "f")))
        + _optional("sats", line.rate)
        + _element("merverdiavgift", format(line.vat, "f"))
        + _remark(line.remark),
    )


def _remark(remark: Remark | None) -> str:
    if remark is None:
        return ""
    if remark.chosen:
        return _element("merknad", _text("utvalgtMerknad", remark.chosen))
    return _element("merknad", _text("beskrivelse", remark.description))


def _period(period: Period) -> str:
    named = _element("periode", _element(PERIOD_ELEMENTS[period.kind], period.name))
    return _element("skattleggingsperiode", named + _element("aar", str(period.year)))


def _optional(name: str, text: str | None) -> str:
    return "" if text is None else _text(name, text)


def _text(name: str, text: str) -> str:
    return _element(name, escape(text, {"\r": "&#13;"}))


def _element(name: str, inner: str) -> str:
    return f"<{name}>{inner}</{name}>"
