"""The receipt (kvittering): one plain page in PDF that says what was filed, by whom, when and how
it went.

The same receipt gives the same bytes. The page is text in a font every reader has; what Latin-1
lacks becomes `?`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from textwrap import wrap
from typing import Final

from fullmakt.services.tax.vat.model import VatReturn
from fullmakt.services.tax.vat.payment import Payment
from fullmakt.services.tax.vat.rules.rule import Severity, kroner

_LINE_LENGTH: Final = 85
_MOST_LINES: Final = 45
_FONTS: Final = b"/Resources << /Font << /F1 5 0 R >> >>"
_TITLE: Final = "Kvittering for mva-melding"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says, line by line."""

    title: str
    lines: tuple[str, ...]


def receipt_for(
    vat_return: VatReturn,
    payment: Payment,
    *,
    taxpayer_name: str,
    received_at: datetime,
    outcome: Severity,
) -> Receipt:
    """The receipt for a return that was taken in."""
    return Receipt(
        _TITLE,
        (
            f"Skattepliktig: {taxpayer_name} ({payment.organization})",
            f"Skattleggingsperiode: {vat_return.period.title}",
            f"Meldingskategori: {vat_return.category}",
            f"Regnskapssystemets referanse: {vat_return.reference}",
            f"Innsendingsreferanse: {payment.submission_reference}",
            f"Mottatt: {received_at.isoformat(sep=' ', timespec='seconds')}",
            f"Vurdering: {outcome}",
            "",
            f"Fastsatt merverdiavgift: {kroner(vat_return.total)} kroner",
            f"KID: {payment.payment_reference}",
            f"Kontonummer: {payment.account} ({payment.payee})",
            f"Betalingsfrist: {payment.due.isoformat()}",
        ),
    )


def write_receipt(receipt: Receipt) -> bytes:
    """The receipt as a PDF 1.4 of one page; lines beyond the page are left out."""
    wrapped = [part for line in receipt.lines for part in wrap(line, _LINE_LENGTH) or [""]]
    page = _page_content(receipt.title, wrapped[:_MOST_LINES])
    return _pdf(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R %b >>" % _FONTS,
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(page), page),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        ]
    )


def _page_content(title: str, lines: Sequence[str]) -> bytes:
    shown = b"".join(b"%b Tj T*\n" % _string(line) for line in lines)
    heading = b"/F1 16 Tf 56 780 Td 15 TL %b Tj T* T*\n" % _string(title)
    return b"BT\n%b/F1 11 Tf\n%bET" % (heading, shown)


def _string(text: str) -> bytes:
    safe = "".join(character if character.isprintable() else " " for character in text)
    latin = safe.encode("latin-1", errors="replace")
    return b"(%b)" % latin.replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")


def _pdf(objects: Sequence[bytes]) -> bytes:
    """A file of numbered objects with the table of where each begins. The first is the catalog."""
    written = bytearray(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
    offsets = []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(written))
        written += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = len(written)
    written += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    written += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    written += b"trailer\n<< /Size %d /Root 1 0 R >>\n" % (len(objects) + 1)
    written += b"startxref\n%d\n%%%%EOF\n" % table
    return bytes(written)
