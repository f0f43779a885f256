"""What the SDK writes is what the service's own reader reads."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

from fullmakt.services.tax.vat.reading import Unreadable, read_envelope, read_return
from fullmakt.vendor import AccountingSystem, Attachment, VatRemark, write_envelope, write_return
from tests.unit.vendor.vat_remote import RETURN


def test_the_service_reads_the_return_that_was_written() -> None:
    full = dataclasses.replace(
        RETURN,
        system=AccountingSystem("Maestro", "1.0"),
        payment_reference="3124000142026041",
        remark=VatRemark(text="se vedlegg"),
    )

    read = read_return(write_return(full))

    assert not isinstance(read, Unreadable)
    assert (read.reference, read.organization, read.total) == (
        "bakeri-2026-t4",
        "312400014",
        Decimal(35500),
    )
    assert read.period.title == "juli-august 2026"
    assert [(line.code, line.vat) for line in read.lines] == [
        ("31", Decimal(60000)),
        ("3", Decimal(2500)),
        ("1", Decimal(-18000)),
        ("11", Decimal(-9000)),
    ]


def test_the_service_reads_the_envelope_that_was_written() -> None:
    invoice = Attachment("faktura.pdf", "application/pdf", b"%PDF")

    read = read_envelope(write_envelope(dataclasses.replace(RETURN, attachments=(invoice,))))

    assert not isinstance(read, Unreadable)
    assert read.identifier == "312400014"
    assert [attachment.full_name for attachment in read.attachments] == [
        "mvamelding.xml",
        "faktura.pdf",
    ]
