"""The VAT return as a vendor fills it in. How it is written to XML is in `_vat_xml`.

Skatteetaten, "mva-melding", information model. What may stand together is for the service to say:
only what could not be written at all is refused here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum, StrEnum

from fullmakt.foundation.terms.numbers import OrganizationNumber

_MONTHS = (
    "januar",
    "februar",
    "mars",
    "april",
    "mai",
    "juni",
    "juli",
    "august",
    "september",
    "oktober",
    "november",
    "desember",
)
_LONGEST_TEXT = 4000
# Characters that XML 1.0 (section 2.2) has no way to write.
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class PeriodLength(Enum):
    """How long a period is; the value is the element it is written in."""

    MONTH = "skattleggingsperiodeMaaned"
    TWO_MONTHS = "skattleggingsperiodeToMaaneder"
    THREE_MONTHS = "skattleggingsperiodeTreMaaneder"
    SIX_MONTHS = "skattleggingsperiodeSeksMaaneder"
    HALF_MONTH = "skattleggingsperiodeHalvMaaned"
    WEEK = "skattleggingsperiodeUke"
    YEAR = "skattleggingsperiodeAar"


def _spans(months: int) -> tuple[str, ...]:
    return tuple(f"{_MONTHS[i]}-{_MONTHS[i + months - 1]}" for i in range(0, 12, months))


_NAMES: dict[PeriodLength, tuple[str, ...]] = {
    PeriodLength.MONTH: _MONTHS,
    PeriodLength.TWO_MONTHS: _spans(2),
    PeriodLength.THREE_MONTHS: _spans(3),
    PeriodLength.SIX_MONTHS: _spans(6),
    PeriodLength.HALF_MONTH: tuple(
        f"{half} halvdel {month}" for month in _MONTHS for half in ("foerste", "andre")
    ),
    PeriodLength.WEEK: tuple(f"uke {week}" for week in range(1, 54)),
    PeriodLength.YEAR: ("aarlig",),
}


class VatCategory(StrEnum):
    """What kind of return it is."""

    ORDINARY = "alminnelig"
    PRIMARY_INDUSTRY = "primaernaering"
    COMPENSATION = "kompensasjon"
    REVERSE_CHARGE = "omvendtAvgiftsplikt"
    E_COMMERCE = "eHandel"


@dataclass(frozen=True, slots=True)
class VatPeriod:
    """One period of a year: `number` counts from 1 within it. Raises: ValueError.

    `VatPeriod(2026, 4)` is July and August 2026.
    """

    year: int
    number: int
    length: PeriodLength = PeriodLength.TWO_MONTHS

    def __post_init__(self) -> None:
        most = len(_NAMES[self.length])
        if not 1 <= self.number <= most:
            raise ValueError(f"period number must be 1 to {most}: `{self.number}`")
        if not 1000 <= self.year <= 9998:
            raise ValueError(f"year must have four digits: `{self.year}`")

    @property
    def name(self) -> str:
        """The name in the return, such as `juli-august`."""
        return _NAMES[self.length][self.number - 1]


@dataclass(frozen=True, slots=True, kw_only=True)
class VatRemark:
    """A remark: free text, or one of the service's chosen words. Raises: ValueError."""

    text: str | None = None
    chosen: str | None = None

    def __post_init__(self) -> None:
        if (self.text is None) == (self.chosen is None):
            raise ValueError("a remark is either `text` or `chosen`")
        check_writable(self.text, self.chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class VatLine:
    """One line. Output VAT is positive, input VAT negative; whole kroner.

    `rate` is a word of the code list: `25`, `15`, `12`, `11,11`, `0`. Lines of input VAT have
    neither `base` nor `rate`.
    """

    code: str
    vat: int
    base: int | None = None
    rate: str | None = None
    specification: str | None = None
    own_code: str | None = None
    remark: VatRemark | None = None

    def __post_init__(self) -> None:
        check_writable(self.code, self.rate, self.specification, self.own_code)


@dataclass(frozen=True, slots=True)
class AccountingSystem:
    """The system that made the return."""

    name: str
    version: str | None = None

    def __post_init__(self) -> None:
        check_writable(self.name, self.version)


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with the return. `name` with its extension: `faktura.pdf`."""

    name: str
    content_type: str
    content: bytes = field(repr=False)

    def __post_init__(self) -> None:
        check_writable(self.name)
        if not re.fullmatch(r'[^\\/"\r\n]+\.[A-Za-z0-9]+', self.name):
            raise ValueError(f"an attachment's name must have an extension: `{self.name}`")


@dataclass(frozen=True, slots=True, kw_only=True)
class VatReturn:
    """A VAT return. `created_by` is who made it, as a name; `reference` is the vendor's own.

    Raises: ValueError for what cannot be written.
    """

    organization: OrganizationNumber
    period: VatPeriod
    reference: str
    created_by: str
    lines: tuple[VatLine, ...] = ()
    category: VatCategory = VatCategory.ORDINARY
    total: int | None = None
    system: AccountingSystem | None = None
    payment_reference: str | None = None
    remark: VatRemark | None = None
    attachments: tuple[Attachment, ...] = ()

    def __post_init__(self) -> None:
        check_writable(self.reference, self.created_by, self.payment_reference)
        names = [attachment.name for attachment in self.attachments]
        twice = {name for name in names if names.count(name) > 1}
        if twice:
            raise ValueError(f"attachments must have different names: `{', '.join(sorted(twice))}`")

    @property
    def payable(self) -> int:
        """The amount payable, negative for a refund: `total`, else the sum of the lines."""
        return sum(line.vat for line in self.lines) if self.total is None else self.total


def check_writable(*texts: str | None) -> None:
    """Refuse text that XML cannot hold or that is too long for the return. Raises: ValueError."""
    for text in texts:
        if text is not None and _UNWRITABLE.search(text):
            raise ValueError(f"text has a character that XML cannot hold: `{text!r}`")
        if text is not None and len(text) > _LONGEST_TEXT:
            raise ValueError(f"text must have at most {_LONGEST_TEXT} characters: `{len(text)}`")
