"""The single values of a world file: numbers, dates, names of the catalog.

Each reader gives the value, or raises ValueError with what was expected of it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import TypeVar
from uuid import UUID

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.resources.model import ResourceType
from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber
from fullmakt.foundation.terms.text import LocalizedText
from fullmakt.services.tax.vat.payment_reference import is_valid_account_number
from fullmakt.services.tax.vat.periods import Period, PeriodKind

Value = TypeVar("Value")


def text(value: object) -> str:
    """Any text but the empty one."""
    if not isinstance(value, str) or not value:
        raise ValueError("must be text")
    return value


def any_text(value: object) -> str:
    """Any text, the empty one too."""
    if not isinstance(value, str):
        raise ValueError("must be text")  # noqa: TRY004  one kind of fault for all
    return value


def flag(value: object) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        raise ValueError("must be true or false")  # noqa: TRY004  one kind of fault for all
    return value


def whole_number(value: object) -> int:
    """A whole number that is not negative."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise ValueError("must be a whole number from 0 to 2147483647")
    return value


def day(value: object) -> date:
    """A date as `2026-11-23`."""
    try:
        return date.fromisoformat(text(value))
    except ValueError:
        raise ValueError("must be a date, as `2026-11-23`") from None


def moment(value: object) -> datetime:
    """A moment with its zone, as `2026-11-23T09:00:00Z`."""
    try:
        found = datetime.fromisoformat(text(value))
    except ValueError:
        raise ValueError("must be a moment, as `2026-11-23T09:00:00Z`") from None
    if found.tzinfo is None:
        raise ValueError("must name its zone, as `2026-11-23T09:00:00Z`")
    return found.astimezone(UTC)


def uuid(value: object) -> UUID:
    """A UUID."""
    try:
        return UUID(text(value))
    except ValueError:
        raise ValueError("must be a UUID") from None


def organization_number(value: object) -> OrganizationNumber:
    """An organisation number with its check digit."""
    digits = text(value)
    if len(digits) != 9 or not (digits.isascii() and digits.isdigit()):
        raise ValueError("must be an organisation number of 9 digits")
    try:
        return OrganizationNumber(digits)
    except ValueError:
        raise ValueError("fails its check digit") from None


def person_number(value: object) -> PersonNumber:
    """A synthetic identity number with its check digits: nobody real stands in a test world."""
    digits = text(value)
    if len(digits) != 11 or not (digits.isascii() and digits.isdigit()):
        raise ValueError("must be an identity number of 11 digits")
    try:
        number = PersonNumber(digits)
    except ValueError:
        raise ValueError("fails its check digits") from None
    if not number.is_synthetic:
        raise ValueError("must be synthetic: 80 is added to the month")
    return number


def account_number(value: object) -> str:
    """A Norwegian bank account number with its check digit."""
    digits = text(value)
    if not is_valid_account_number(digits):
        raise ValueError("must be an account number of 11 digits that pass MOD11")
    return digits


def period(kind: str) -> Callable[[object], Period]:
    """A period of the length that the register calls `kind`, as `juli-august 2026`."""

    def parse(value: object) -> Period:
        return Period.titled(PeriodKind(kind), text(value))

    return parse


def localized(value: object) -> LocalizedText:
    """A text in all three languages."""
    if not isinstance(value, dict) or not all(isinstance(each, str) for each in value.values()):
        raise ValueError("must be a text in `nb`, `nn` and `en`")
    if value.keys() != {"nb", "nn", "en"}:
        raise ValueError("must have exactly `nb`, `nn` and `en`")
    return LocalizedText.from_mapping(value)


def json_object(value: object) -> dict[str, object]:
    """Any object."""
    if not isinstance(value, dict):
        raise ValueError("must be an object")  # noqa: TRY004  one kind of fault for all
    return value


def resource_type(value: object) -> ResourceType:
    """The type of a resource."""
    try:
        return ResourceType(text(value))
    except ValueError:
        known = ", ".join(each.value for each in ResourceType)
        raise ValueError(f"must be one of {known}") from None


def one_of(*words: str) -> Callable[[object], str]:
    """One of a few words."""

    def parse(value: object) -> str:
        if value not in words:
            raise ValueError(f"must be one of {', '.join(words)}")
        return str(value)

    return parse


def list_of(parse: Callable[[object], Value]) -> Callable[[object], tuple[Value, ...]]:
    """A list, each item read by `parse`, none twice."""

    def parse_list(value: object) -> tuple[Value, ...]:
        if not isinstance(value, list):
            raise ValueError("must be a list")  # noqa: TRY004  one kind of fault for all
        found: list[Value] = []
        for n, each in enumerate(value):
            try:
                item = parse(each)
            except ValueError as fault:
                raise ValueError(f"has `{each}` at [{n}], which {fault}") from None
            if item in found:
                raise ValueError(f"has `{each}` twice")
            found.append(item)
        return tuple(found)

    return parse_list


class CatalogWords:
    """The names that the catalog knows."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def package(self, value: object) -> str:
        """The name of an access package, from its URN or name."""
        package = self._catalog.find_package(text(value))
        if package is None:
            raise ValueError("is not an access package of the catalog")
        return package.name

    def role(self, value: object) -> str:
        """The code of a role, from the register's code (`REGN`) or any identifier of it."""
        role = self._catalog.find_role(text(value))
        if role is None:
            raise ValueError("is not a role of the catalog")
        return role.code

    def legacy_role(self, value: object) -> str:
        """A role as policies name it: by its legacy code or its code, kept as written."""
        self.role(value)
        return text(value)

    def form(self, value: object) -> str:
        """The code of an organisation form."""
        if self._catalog.find_organisation_form(text(value)) is None:
            raise ValueError("is not an organisation form of the register")
        return text(value)
