"""The tables of VAT duties and of what has been filed: facts of the tax service, no authority."""

from __future__ import annotations

from sqlalchemy import Column, Date, DateTime, Index, Integer, String, Table, Text

from fullmakt.foundation.storage.tables import metadata

vat_obligations = Table(
    "vat_obligations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization", String(9), nullable=False, index=True),
    Column("category", String(32), nullable=False),
    Column("period_kind", String(16), nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_until", Date),
    Column("filed_until", Date),
    Column("filed_ahead", Text),
)

vat_registrations = Table(
    "vat_registrations",
    metadata,
    Column("organization", String(9), primary_key=True),
    Column("reporting_unit", String(9)),
    Column("account_number", String(11)),
)

vat_filings = Table(
    "vat_filings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("organization", String(9), nullable=False),
    Column("category", String(32), nullable=False),
    Column("period_kind", String(16), nullable=False),
    Column("period_number", Integer, nullable=False),
    Column("period_year", Integer, nullable=False),
    Column("submission", String(60), nullable=False),
    Column("total", String(40), nullable=False),
    Column("filed_at", DateTime(timezone=True), nullable=False),
    Column("filed_by", String(200), nullable=False),
)

Index("ix_vat_filings_of", vat_filings.c.organization, vat_filings.c.period_year)
