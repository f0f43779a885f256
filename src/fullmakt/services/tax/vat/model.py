"""What a VAT return and its envelope say, once they are known to have the right structure.

Amounts are `Decimal` as written, so that a rule can see decimals. Codes, rates, specifications and
remarks are plain words here: whether they are known is what the rules ask. Facts about the taxpayer
are in `obligations.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from fullmakt.services.tax.vat.periods import Category, Period


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a document: the path of an element and, when it was read from bytes, its line and
    column from 1.
    """

    path: str
    line: int | None = None
    column: int | None = None


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark: either free text or a code from the list of remarks. Neither when the element is
    empty.
    """

    description: str = ""
    chosen: str = ""

    @property
    def says_something(self) -> bool:
        """Whether it has any content at all."""
        return bool(self.description.strip() or self.chosen.strip())


@dataclass(frozen=True, slots=True)
class VatLine:
    """One line (mvaSpesifikasjonslinje). A line with a basis is an output line, one without is an
    input line.
    """

    code: str
    vat: Decimal
    base: Decimal | None = None
    rate: str | None = None
    specification: str | None = None
    own_code: str | None = None
    remark: Remark | None = None
    place: Place = field(default=Place("/mvaMeldingDto"), compare=False)

    @property
    def has_remark(self) -> bool:
        """Whether the line carries a remark that says something."""
        return self.remark is not None and self.remark.says_something


@dataclass(frozen=True, slots=True)
class AccountingSystem:
    """The program that made the return."""

    name: str
    version: str | None = None


@dataclass(frozen=True, slots=True)
class ReturnPlaces:
    """Where the parts of a return stand that rules about the whole return point at."""

    root: Place = Place("/mvaMeldingDto")
    period: Place = Place("/mvaMeldingDto/skattegrunnlagOgBeregnetSkatt/skattleggingsperiode")
    total: Place = Place("/mvaMeldingDto/skattegrunnlagOgBeregnetSkatt/fastsattMerverdiavgift")
    payment: Place = Place("/mvaMeldingDto/betalingsinformasjon")
    taxpayer: Place = Place("/mvaMeldingDto/skattepliktig")
    category: Place = Place("/mvaMeldingDto/meldingskategori")
    remark: Place = Place("/mvaMeldingDto/merknad")


@dataclass(frozen=True, slots=True)
class VatReturn:
    """A VAT return (mvaMeldingDto). `organization` is nine digits whose check digit nobody has
    looked at.
    """

    reference: str
    period: Period
    total: Decimal
    category: Category
    lines: tuple[VatLine, ...] = ()
    organization: str | None = None
    simplified_registration: str | None = None
    system: AccountingSystem | None = None
    payment_reference: str | None = None
    remark: Remark | None = None
    places: ReturnPlaces = field(default=ReturnPlaces(), compare=False)

    def lines_of(self, code: str) -> tuple[VatLine, ...]:
        """The lines that carry `code`, in document order."""
        return tuple(line for line in self.lines if line.code == code)


@dataclass(frozen=True, slots=True)
class Attachment:
    """One entry of the envelope's list of files."""

    kind: str
    source: str
    created_by: str
    file_name: str
    extension: str
    content: str

    @property
    def full_name(self) -> str:
        """File name with extension, as the service compares them."""
        return f"{self.file_name}.{self.extension}" if self.extension else self.file_name


@dataclass(frozen=True, slots=True)
class Envelope:
    """The envelope (mvaMeldingInnsending). `period` is None when missing or empty."""

    identifier: str
    period: Period | None
    category: Category
    created_by: str
    submission_kind: str | None = None
    instance_status: str | None = None
    attachments: tuple[Attachment, ...] = ()
