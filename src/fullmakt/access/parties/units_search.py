"""A search in Enhetsregisteret, read from its parameters.

The filters that the stored facts can answer, and no others: an unknown parameter is refused, since
a filter that is passed over gives hits that nobody asked for.
Source: Brønnøysundregistrene, open data, Enhetsregisteret.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from fullmakt.access.parties.model import Party
from fullmakt.access.parties.units_errors import SearchFault, SearchRefused
from fullmakt.foundation.terms.numbers import OrganizationNumber

DEFAULT_SIZE: Final = 20
DEEPEST: Final = 10_000
"""Hits beyond this many cannot be reached by paging."""


class SortKey(StrEnum):
    """What hits can be sorted by."""

    NAME = "navn"
    NUMBER = "organisasjonsnummer"


@dataclass(frozen=True, slots=True)
class Page:
    """Which part of the hits is wanted: page `number`, counted from 0, of `size` hits."""

    number: int = 0
    size: int = DEFAULT_SIZE

    @property
    def first(self) -> int:
        """The position of the page's first hit."""
        return self.number * self.size


Facts = Mapping[str, object]
Condition = Callable[[Facts], bool]


@dataclass(frozen=True, slots=True)
class UnitSearch:
    """What is searched for.

    Empty or None: not asked. `conditions` are asked of the register's own members of a unit.
    """

    words: tuple[str, ...] = ()
    numbers: frozenset[str] = frozenset()
    forms: frozenset[str] = frozenset()
    parent: str | None = None
    is_bankrupt: bool | None = None
    conditions: tuple[Condition, ...] = ()
    sort: SortKey | None = None
    is_descending: bool = False
    page: Page = Page()

    def holds(self, party: Party) -> bool:
        """Whether every condition holds for a unit that the rest of the search found."""
        return all(condition(party.details) for condition in self.conditions)


@dataclass(slots=True)
class _Reader:
    """Reads the parameters one by one, and gathers what is wrong with them."""

    parameters: Mapping[str, str]
    faults: list[SearchFault]

    def refuse(self, parameter: str, why: str) -> None:
        value = self.parameters[parameter]
        self.faults.append(SearchFault(parameter, value, f"{parameter} er ugyldig: {why}"))

    def texts(self, parameter: str) -> frozenset[str]:
        value = self.parameters.get(parameter, "")
        return frozenset(each.strip() for each in value.split(",") if each.strip())

    def numbers(self, parameter: str) -> frozenset[str]:
        found = self.texts(parameter)
        for each in sorted(found):
            try:
                OrganizationNumber(each)
            except ValueError:
                self.refuse(parameter, f"`{each}` er ikke et organisasjonsnummer")
        return found

    def flag(self, parameter: str) -> bool | None:
        value = self.parameters.get(parameter)
        if value is None:
            return None
        if value.lower() not in {"true", "false"}:
            self.refuse(parameter, "verdien må være true eller false")
        return value.lower() == "true"

    def number(self, parameter: str, default: int, *, least: int = 0) -> int:
        value = self.parameters.get(parameter)
        if value is None:
            return default
        if value.isascii() and value.isdigit() and len(value) < 10 and int(value) >= least:
            return int(value)
        self.refuse(parameter, f"verdien må være et heltall fra {least}")
        return default

    def day(self, parameter: str) -> str | None:
        value = self.parameters.get(parameter)
        if value is None:
            return None
        try:
            return date.fromisoformat(value).isoformat()
        except ValueError:
            self.refuse(parameter, "verdien må være en dato, som 2026-11-23")
            return None


def read_search(parameters: Mapping[str, str], *, at: datetime) -> UnitSearch:
    """The search that `parameters` ask for. Raises: SearchRefused naming each bad parameter."""
    reader = _Reader(parameters, [])
    for unknown in sorted(parameters.keys() - _KNOWN):
        reader.refuse(unknown, "parameteren er ikke kjent her")
    for parameter, value in parameters.items():
        if not value.isprintable():
            reader.refuse(parameter, "verdien kan ikke ha styretegn")
    sort, is_descending = _read_sort(reader)
    search = UnitSearch(
        words=tuple(parameters.get("navn", "").split()),
        numbers=reader.numbers("organisasjonsnummer"),
        forms=reader.texts("organisasjonsform"),
        parent=next(iter(reader.numbers("overordnetEnhet")), None),
        is_bankrupt=reader.flag("konkurs"),
        conditions=_read_conditions(reader),
        sort=sort,
        is_descending=is_descending,
        page=_read_page(reader),
    )
    if reader.faults:
        raise SearchRefused(*reader.faults, at=at)
    return search


def _read_sort(reader: _Reader) -> tuple[SortKey | None, bool]:
    value = reader.parameters.get("sort")
    if value is None:
        return None, False
    key, _, direction = value.partition(",")
    if key not in list(SortKey) or direction.upper() not in {"", "ASC", "DESC"}:
        reader.refuse("sort", "verdien må være navn eller organisasjonsnummer, og ASC eller DESC")
        return None, False
    return SortKey(key), direction.upper() == "DESC"


def _read_page(reader: _Reader) -> Page:
    page = Page(reader.number("page", 0), reader.number("size", DEFAULT_SIZE, least=1))
    if page.first + page.size > DEEPEST:
        named = "page" if "page" in reader.parameters else "size"
        if named in reader.parameters:
            reader.refuse(named, f"bare de første {DEEPEST} treffene kan hentes")
    return page


def _read_conditions(reader: _Reader) -> tuple[Condition, ...]:
    conditions: list[Condition] = []
    for parameter, paths in TEXT_PATHS.items():
        wanted = reader.texts(parameter)
        if wanted:
            conditions.append(_one_of(paths, wanted))
    for parameter in FLAGS:
        flag = reader.flag(parameter)
        if flag is not None:
            conditions.append(_flag_is(parameter, wanted=flag))
    least = reader.number("fraAntallAnsatte", -1)
    most = reader.number("tilAntallAnsatte", -1)
    if least >= 0 or most >= 0:
        conditions.append(_employees_between(least, most))
    first = reader.day("fraRegistreringsdatoEnhetsregisteret")
    last = reader.day("tilRegistreringsdatoEnhetsregisteret")
    if first or last:
        conditions.append(_registered_between(first or "", last or "9999-12-31"))
    return tuple(conditions)


def _one_of(paths: tuple[str, ...], wanted: frozenset[str]) -> Condition:
    return lambda facts: any(str(_member(facts, path)) in wanted for path in paths)


def _flag_is(member: str, *, wanted: bool) -> Condition:
    return lambda facts: bool(facts.get(member)) is wanted


def _employees_between(least: int, most: int) -> Condition:
    def holds(facts: Facts) -> bool:
        employees = facts.get("antallAnsatte")
        return isinstance(employees, int) and employees >= least and (most < 0 or employees <= most)

    return holds


def _registered_between(first: str, last: str) -> Condition:
    def holds(facts: Facts) -> bool:
        registered = facts.get("registreringsdatoEnhetsregisteret")
        return isinstance(registered, str) and first <= registered[:10] <= last

    return holds


def _member(facts: object, path: str) -> object:
    for name in path.split("."):
        facts = facts.get(name) if isinstance(facts, Mapping) else None
    return facts


TEXT_PATHS: Final = {
    "naeringskode": ("naeringskode1.kode", "naeringskode2.kode", "naeringskode3.kode"),
    "institusjonellSektorkode": ("institusjonellSektorkode.kode",),
    "kommunenummer": ("forretningsadresse.kommunenummer", "beliggenhetsadresse.kommunenummer"),
    "forretningsadresse.kommunenummer": ("forretningsadresse.kommunenummer",),
    "forretningsadresse.postnummer": ("forretningsadresse.postnummer",),
    "forretningsadresse.poststed": ("forretningsadresse.poststed",),
    "postadresse.kommunenummer": ("postadresse.kommunenummer",),
    "postadresse.postnummer": ("postadresse.postnummer",),
    "postadresse.poststed": ("postadresse.poststed",),
    "hjemmeside": ("hjemmeside",),
    "sisteInnsendteAarsregnskap": ("sisteInnsendteAarsregnskap",),
}
FLAGS: Final = (
    "registrertIMvaregisteret",
    "frivilligRegistrertIMvaregisteret",
    "underAvvikling",
)
_KNOWN: Final = frozenset(
    {*TEXT_PATHS, *FLAGS, "navn", "organisasjonsnummer", "organisasjonsform", "overordnetEnhet"}
    | {"konkurs", "fraAntallAnsatte", "tilAntallAnsatte", "sort", "page", "size"}
    | {"fraRegistreringsdatoEnhetsregisteret", "tilRegistreringsdatoEnhetsregisteret"}
)
