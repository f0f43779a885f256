"""What the tax service keeps of a taxpayer: its VAT duties, and each return that was filed.

What a return says and which rules hold for it is in the folder `vat`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.services.tax.vat.obligations import VatObligation
from fullmakt.services.tax.vat.periods import Category, Period


@dataclass(frozen=True, slots=True)
class TaxpayerDuty:
    """A VAT duty, and whose it is."""

    organization: OrganizationNumber
    obligation: VatObligation


@dataclass(frozen=True, slots=True)
class VatRegistration:
    """What the VAT register says of an organisation besides its duties.

    In a joint registration `reporting_unit` files for all that take part. `account_number` is where
    refunds go; eleven digits.
    """

    organization: OrganizationNumber
    reporting_unit: OrganizationNumber | None = None
    account_number: str | None = None


@dataclass(frozen=True, slots=True)
class VatFiling:
    """One return that was filed. A later one for the same period and category changes it.

    `submission` is the reference of its app instance, `filed_by` the caller as events name it.
    """

    organization: OrganizationNumber
    category: Category
    period: Period
    submission: str
    total: Decimal
    filed_at: datetime
    filed_by: str

    def is_for(self, category: Category, period: Period) -> bool:
        """Whether it is a return of this category for this period."""
        return self.category is category and self.period == period
