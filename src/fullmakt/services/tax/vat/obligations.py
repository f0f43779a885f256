"""What is known about a taxpayer when a return is checked: VAT obligations, what is filed, form and
standing.

Values only: where they are stored and who may change them is not known here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from fullmakt.services.tax.vat.periods import Category, Period, PeriodKind


@dataclass(frozen=True, slots=True)
class VatObligation:
    """A duty to file: from `valid_from`, every period of one kind. All is filed up to and with
    `filed_until`.

    `filed_ahead` are periods filed while an earlier one was missing.
    """

    category: Category
    period_kind: PeriodKind
    valid_from: date
    filed_until: date | None = None
    valid_until: date | None = None
    filed_ahead: frozenset[Period] = frozenset()

    def covers(self, period: Period) -> bool:
        """Whether the duty stands on any day of `period`."""
        return self.valid_from <= period.last_day and (
            self.valid_until is None or period.first_day <= self.valid_until
        )

    def has_filed(self, period: Period) -> bool:
        """Whether a return for `period` is in already, so that another one changes it."""
        return period in self.filed_ahead or (
            self.filed_until is not None and period.last_day <= self.filed_until
        )

    @property
    def next_period(self) -> Period:
        """The first period that is not filed."""
        period = Period.containing(self.period_kind, self._unfiled_from)
        while period in self.filed_ahead:
            period = period.following
        return period

    def missing_before(self, period: Period) -> Iterator[Period]:
        """The periods that should have been filed before `period`, oldest first."""
        candidate = Period.containing(self.period_kind, self._unfiled_from)
        while candidate.last_day < period.first_day:
            if candidate not in self.filed_ahead and self.covers(candidate):
                yield candidate
            candidate = candidate.following

    def with_filed(self, period: Period) -> VatObligation:
        """The obligation after `period` was filed: `filed_until` moves past all that is now filed
        in a row.
        """
        ahead = self.filed_ahead | {period}
        filed_until = self.filed_until
        candidate = Period.containing(self.period_kind, self._unfiled_from)
        while candidate in ahead:
            filed_until = candidate.last_day
            ahead -= {candidate}
            candidate = candidate.following
        if filed_until is not None:
            ahead = frozenset(one for one in ahead if one.last_day > filed_until)
        return replace(self, filed_until=filed_until, filed_ahead=ahead)

    @property
    def _unfiled_from(self) -> date:
        if self.filed_until is None or self.filed_until < self.valid_from:
            return self.valid_from
        return self.filed_until + timedelta(days=1)


@dataclass(frozen=True, slots=True)
class TaxpayerFacts:
    """What the rules may know besides the return. `obligations` is None when the VAT register does
    not answer.

    `today` is the day in Norway on which the return is checked.
    """

    today: date
    obligations: tuple[VatObligation, ...] | None = ()
    organization_form: str | None = None
    is_in_entity_register: bool = True
    is_bankrupt: bool = False
    is_deceased_estate: bool = False
    is_deleted: bool = False
    reporting_unit: str | None = None
    account_number: str | None = None

    def obligations_of(self, category: Category) -> tuple[VatObligation, ...]:
        """The obligations of one category; none when the register does not answer."""
        return tuple(one for one in self.obligations or () if one.category is category)

    def obligation_for(self, category: Category, period: Period) -> VatObligation | None:
        """The obligation that a return of this category and period is filed under, if any."""
        for one in self.obligations_of(category):
            if one.period_kind is period.kind and one.covers(period):
                return one
        return None

    @property
    def may_file_early(self) -> bool:
        """Whether a begun period may be filed at once: cessation, bankruptcy or an estate."""
        return (
            self.is_bankrupt
            or self.is_deceased_estate
            or self.is_deleted
            or self.organization_form == "KBO"
        )
