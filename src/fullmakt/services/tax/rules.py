"""From what is kept of a taxpayer to what the VAT rules may know of it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import reduce

from fullmakt.access.parties.model import Party
from fullmakt.services.tax.model import VatFiling, VatRegistration
from fullmakt.services.tax.vat.obligations import TaxpayerFacts, VatObligation

_SUNDAY = 7
_ESTATE = "BO"


def facts_of(
    party: Party | None,
    obligations: Iterable[VatObligation],
    filings: Iterable[VatFiling],
    registration: VatRegistration,
    *,
    at: datetime,
) -> TaxpayerFacts:
    """The facts about a taxpayer at one moment; `party` is None when it is not registered."""
    today = norwegian_day(at)
    if party is None:
        return TaxpayerFacts(today, is_in_entity_register=False)
    unit = registration.reporting_unit
    return TaxpayerFacts(
        today,
        obligations=with_filings(obligations, filings),
        organization_form=party.form,
        is_bankrupt=party.bankrupt_at is not None and party.bankrupt_at <= at,
        is_deleted=party.deleted_at is not None and party.deleted_at <= at,
        is_deceased_estate=party.form == _ESTATE,
        reporting_unit=None if unit is None else unit.digits,
        account_number=registration.account_number,
    )


def with_filings(
    obligations: Iterable[VatObligation], filings: Iterable[VatFiling]
) -> tuple[VatObligation, ...]:
    """The obligations with what has been filed since they were stated."""
    filed = tuple(filings)
    return tuple(reduce(_with_filing, filed, obligation) for obligation in obligations)


def _with_filing(obligation: VatObligation, filing: VatFiling) -> VatObligation:
    is_under_it = (
        obligation.category is filing.category
        and obligation.period_kind is filing.period.kind
        and obligation.covers(filing.period)
    )
    return obligation.with_filed(filing.period) if is_under_it else obligation


def norwegian_day(at: datetime) -> date:
    """The date in Norway: one hour ahead of UTC, two from the last Sunday of March to October's.

    The change is at 01:00 UTC (directive 2000/84/EC). Not read from the machine's time zones, which
    may be missing.
    """
    moment = at.astimezone(UTC)
    is_summer = _change(moment.year, 3) <= moment < _change(moment.year, 10)
    return (moment + timedelta(hours=2 if is_summer else 1)).date()


def _change(year: int, month: int) -> datetime:
    last = date(year, month, 31)
    sunday = last - timedelta(days=last.isoweekday() % _SUNDAY)
    return datetime(year, month, sunday.day, 1, tzinfo=UTC)
