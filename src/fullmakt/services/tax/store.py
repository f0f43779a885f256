"""VAT duties and filings in the database."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from sqlalchemy import Row, delete, insert, select

from fullmakt.foundation.storage.database import Journal, Reading
from fullmakt.foundation.terms.moments import utc
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.services.tax.model import TaxpayerDuty, VatFiling, VatRegistration
from fullmakt.services.tax.tables import vat_filings, vat_obligations, vat_registrations
from fullmakt.services.tax.vat.obligations import VatObligation
from fullmakt.services.tax.vat.periods import Category, Period, PeriodKind


def replace_duties(
    writing: Reading, organization: OrganizationNumber, obligations: Iterable[VatObligation]
) -> None:
    """Let the organisation have these duties and no others."""
    writing.connection.execute(
        delete(vat_obligations).where(vat_obligations.c.organization == organization.digits)
    )
    rows = [
        {
            "organization": organization.digits,
            "category": one.category.value,
            "period_kind": one.period_kind.value,
            "valid_from": one.valid_from,
            "valid_until": one.valid_until,
            "filed_until": one.filed_until,
            "filed_ahead": _names(one.filed_ahead),
        }
        for one in obligations
    ]
    if rows:
        writing.connection.execute(insert(vat_obligations), rows)


def list_duties(
    reading: Reading, organization: OrganizationNumber | None = None, *, to_change: bool = False
) -> list[TaxpayerDuty]:
    """The duties of one organisation, or of all, as they were stated.

    `to_change` keeps others from filing under them before this transaction ends.
    """
    statement = select(vat_obligations).order_by(vat_obligations.c.id)
    if organization is not None:
        statement = statement.where(vat_obligations.c.organization == organization.digits)
    if to_change:
        statement = statement.with_for_update()
    return [_duty(row) for row in reading.connection.execute(statement)]


def replace_registration(writing: Reading, registration: VatRegistration) -> None:
    """Let this be what the register says of the organisation."""
    number = registration.organization.digits
    writing.connection.execute(
        delete(vat_registrations).where(vat_registrations.c.organization == number)
    )
    unit = registration.reporting_unit
    writing.connection.execute(
        insert(vat_registrations).values(
            organization=number,
            reporting_unit=None if unit is None else unit.digits,
            account_number=registration.account_number,
        )
    )


def list_registrations(
    reading: Reading, organization: OrganizationNumber | None = None
) -> list[VatRegistration]:
    """What the register says of one organisation, or of all it says something of."""
    statement = select(vat_registrations).order_by(vat_registrations.c.organization)
    if organization is not None:
        statement = statement.where(vat_registrations.c.organization == organization.digits)
    return [_registration(row) for row in reading.connection.execute(statement)]


def list_filings(
    reading: Reading, organization: OrganizationNumber | None = None
) -> list[VatFiling]:
    """The returns that one organisation has filed, or all have, oldest first."""
    statement = select(vat_filings).order_by(vat_filings.c.id)
    if organization is not None:
        statement = statement.where(vat_filings.c.organization == organization.digits)
    return [_filing(row) for row in reading.connection.execute(statement)]


def add_filing(journal: Journal, filing: VatFiling) -> None:
    """Write that a return was filed."""
    journal.connection.execute(
        insert(vat_filings).values(
            organization=filing.organization.digits,
            category=filing.category.value,
            period_kind=filing.period.kind.value,
            period_number=filing.period.number,
            period_year=filing.period.year,
            submission=filing.submission,
            total=str(filing.total),
            filed_at=filing.filed_at,
            filed_by=filing.filed_by,
        )
    )


def _names(periods: Iterable[Period]) -> str | None:
    return "\n".join(sorted(period.title for period in periods)) or None


def _periods(kind: PeriodKind, names: str | None) -> frozenset[Period]:
    return frozenset(Period.titled(kind, name) for name in (names or "").splitlines())


def _registration(row: Row[Any]) -> VatRegistration:
    unit = row.reporting_unit
    return VatRegistration(
        organization=OrganizationNumber(row.organization),
        reporting_unit=None if unit is None else OrganizationNumber(unit),
        account_number=row.account_number,
    )


def _duty(row: Row[Any]) -> TaxpayerDuty:
    obligation = VatObligation(
        category=Category(row.category),
        period_kind=PeriodKind(row.period_kind),
        valid_from=row.valid_from,
        filed_until=row.filed_until,
        valid_until=row.valid_until,
        filed_ahead=_periods(PeriodKind(row.period_kind), row.filed_ahead),
    )
    return TaxpayerDuty(OrganizationNumber(row.organization), obligation)


def _filing(row: Row[Any]) -> VatFiling:
    return VatFiling(
        organization=OrganizationNumber(row.organization),
        category=Category(row.category),
        period=Period(PeriodKind(row.period_kind), row.period_number, row.period_year),
        submission=row.submission,
        total=Decimal(row.total),
        filed_at=utc(row.filed_at),
        filed_by=row.filed_by,
    )
