"""Units, roles and hits as Enhetsregisteret writes them: HAL links, Norwegian names, no nulls.

Open data: a person is shown by name and date of birth, never by an identity number. What the
register tells of a unit beyond what we decide on is passed on member by member, and only members
that are named here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final
from urllib.parse import urlencode

import msgspec
from msgspec import UNSET, UnsetType

from fullmakt.access.catalog.model import Role
from fullmakt.access.parties.model import Party
from fullmakt.access.parties.units_errors import SearchRefused
from fullmakt.access.parties.units_forms import IN_BUSINESS_REGISTER, form_name
from fullmakt.access.parties.units_search import Page
from fullmakt.access.parties.units_service import Hits, Unit, UnitRole
from fullmakt.foundation.http.addresses import Addresses

_BOARD: Final = "STYR"
_GROUP_NAMES: Final = {_BOARD: "Styre"}
_TOLD: Final = (
    *("hjemmeside", "epostadresse", "telefon", "mobil", "postadresse"),
    *("registreringsdatoEnhetsregisteret", "naeringskode1", "naeringskode2", "naeringskode3"),
    *("antallAnsatte", "stiftelsesdato", "institusjonellSektorkode", "underAvviklingDato"),
    *("sisteInnsendteAarsregnskap", "vedtektsfestetFormaal", "aktivitet", "paategninger"),
)
_TOLD_OF_UNITS: Final = (*_TOLD, "forretningsadresse")
_TOLD_OF_SUB_UNITS: Final = (*_TOLD, "beliggenhetsadresse", "oppstartsdato")
_FLAGS: Final = (
    *("registrertIMvaregisteret", "frivilligRegistrertIMvaregisteret"),
    *("registrertIFrivillighetsregisteret", "registrertIStiftelsesregisteret"),
    *("registrertIPartiregisteret", "underAvvikling"),
    *("underTvangsavviklingEllerTvangsopplosning", "erIKonsern"),
)


class Link(msgspec.Struct):
    """Where something is read."""

    href: str


Links = dict[str, Link]


class Code(msgspec.Struct):
    """A code, what it is called, and where that is written."""

    kode: str
    beskrivelse: str
    links: Links = msgspec.field(name="_links")


class PersonName(msgspec.Struct, omit_defaults=True):
    """A person's name."""

    fornavn: str
    etternavn: str
    mellomnavn: str | UnsetType = UNSET


class RolePerson(msgspec.Struct, rename="camel"):
    """A person with a role."""

    navn: PersonName
    er_doed: bool
    fodselsdato: str | UnsetType = UNSET


class RoleUnit(msgspec.Struct, rename="camel"):
    """A unit with a role."""

    organisasjonsnummer: str
    organisasjonsform: Code
    navn: list[str]
    er_slettet: bool
    links: Links = msgspec.field(name="_links")


class RegisterRole(msgspec.Struct):
    """A role: held by a person or by a unit."""

    type: Code
    fratraadt: bool
    avregistrert: bool
    rekkefolge: int
    person: RolePerson | UnsetType = UNSET
    enhet: RoleUnit | UnsetType = UNSET


class RoleGroup(msgspec.Struct, rename="camel"):
    """The roles of one group."""

    type: Code
    sist_endret: str
    roller: list[RegisterRole]


class Roles(msgspec.Struct):
    """The roles in a unit."""

    rollegrupper: list[RoleGroup]
    links: Links = msgspec.field(name="_links")


class PageNumbers(msgspec.Struct, rename="camel"):
    """Which page this is, of how many."""

    size: int
    total_elements: int
    total_pages: int
    number: int


class Listing(msgspec.Struct):
    """A page of something; without hits nothing is embedded."""

    links: Links = msgspec.field(name="_links")
    page: PageNumbers
    embedded: dict[str, list[object]] | UnsetType = msgspec.field(name="_embedded", default=UNSET)


class Fault(msgspec.Struct, rename="camel"):
    """One parameter that cannot be used."""

    feilmelding: str
    parametere: list[str]
    feilaktig_verdi: str


class Refused(msgspec.Struct, rename="camel"):
    """A request that could not be read; `tidsstempel` is milliseconds."""

    tidsstempel: int
    status: int
    feilmelding: str
    valideringsfeil: list[Fault]
    sti: str
    antall_feil: int


class Index(msgspec.Struct):
    """Where the register begins."""

    links: Links = msgspec.field(name="_links")


class UnitWriter:
    """Writes units with links that begin where the house is reached."""

    def __init__(self, addresses: Addresses) -> None:
        self._base = f"{addresses.units}/enhetsregisteret/api"

    def index(self) -> Index:
        """The places of the register."""
        places = ("enheter", "underenheter", "organisasjonsformer", "roller/rolletyper")
        links = {place.rpartition("/")[2]: self._link(place) for place in places}
        return Index({"self": Link(self._base), **links})

    def unit(self, unit: Unit) -> dict[str, object]:
        """A unit or a sub-unit; one that is deleted in the reduced form."""
        party = unit.party
        if party.is_deleted:
            return self._deleted(party)
        facts = _facts_of_sub_unit(party.details) if party.is_sub_unit else party.details
        told = _TOLD_OF_SUB_UNITS if party.is_sub_unit else _TOLD_OF_UNITS
        return {
            **self._named(party),
            **{name: facts[name] for name in told if facts.get(name) is not None},
            **_claims(party),
            **({"overordnetEnhet": unit.parent.digits} if unit.parent is not None else {}),
            "_links": self._links_of(unit),
            "respons_klasse": "Underenhet" if party.is_sub_unit else "Enhet",
        }

    def _named(self, party: Party) -> dict[str, object]:
        return {
            "organisasjonsnummer": str(party.number),
            "navn": party.name,
            "organisasjonsform": self.form(party.form),
        }

    def _deleted(self, party: Party) -> dict[str, object]:
        return {
            **self._named(party),
            "slettedato": f"{party.deleted_at:%Y-%m-%d}",
            "_links": {"self": self._unit_link(party)},
            "respons_klasse": "SlettetUnderenhet" if party.is_sub_unit else "SlettetEnhet",
        }

    def _links_of(self, unit: Unit) -> Links:
        links = {"self": self._unit_link(unit.party)}
        if unit.parent is not None:
            links["overordnetEnhet"] = self._link(f"enheter/{unit.parent}")
        return links

    def _unit_link(self, party: Party) -> Link:
        kind = "underenheter" if party.is_sub_unit else "enheter"
        return self._link(f"{kind}/{party.number}")

    def _link(self, place: str) -> Link:
        return Link(f"{self._base}/{place}")

    def _code(self, place: str, code: str, name: str) -> Code:
        return Code(code, name, {"self": self._link(f"{place}/{code}")})

    def form(self, code: str) -> Code:
        """An organisation form."""
        return self._code("organisasjonsformer", code, form_name(code))

    def role_types(self, roles: Iterable[Role]) -> dict[str, Code]:
        """The types of role, by code and in its order."""
        return _by_code(map(self._role_type, roles))

    def role_group_types(self, roles: Iterable[Role]) -> dict[str, Code]:
        """The groups that roles are listed in, by code and in its order."""
        return _by_code(map(self._role_group_type, roles))

    def _role_type(self, role: Role) -> Code:
        return self._code("roller/rolletyper", str(role.register_code), role.names.nb)

    def _role_group_type(self, role: Role) -> Code:
        group = str(role.register_group)
        return self._code("roller/rollegruppetyper", group, _GROUP_NAMES.get(group, role.names.nb))

    def roles(self, unit: Party, held: Iterable[UnitRole]) -> Roles:
        """The roles in a unit, in groups as they began."""
        groups: dict[str, list[UnitRole]] = {}
        for each in held:
            groups.setdefault(str(each.role.register_group), []).append(each)
        own = f"enheter/{unit.number}"
        return Roles(
            [self._group(members) for members in groups.values()],
            {"self": self._link(f"{own}/roller"), "enhet": self._link(own)},
        )

    def _group(self, members: list[UnitRole]) -> RoleGroup:
        changed = max(member.began for member in members)
        return RoleGroup(
            type=self._role_group_type(members[0].role),
            sist_endret=f"{changed:%Y-%m-%d}",
            roller=[self._role(member, place) for place, member in enumerate(members)],
        )

    def _role(self, member: UnitRole, place: int) -> RegisterRole:
        holder = member.holder
        is_unit = holder.number is not None
        return RegisterRole(
            type=self._role_type(member.role),
            # QUIRK: one word is replacing the other; while both are in use, both are written.
            fratraadt=False,
            avregistrert=False,
            rekkefolge=place,
            enhet=self._role_unit(holder) if is_unit else UNSET,
            person=UNSET if is_unit else _role_person(holder),
        )

    def _role_unit(self, holder: Party) -> RoleUnit:
        return RoleUnit(
            organisasjonsnummer=str(holder.number),
            organisasjonsform=self.form(holder.form),
            navn=[holder.name],
            er_slettet=holder.is_deleted,
            links={"self": self._unit_link(holder)},
        )

    def hits(self, place: str, hits: Hits, page: Page, asked: Mapping[str, str]) -> Listing:
        """One page of units or sub-units; `asked` are the parameters of the search."""
        pages = -(-hits.count // page.size)
        filters = {name: value for name, value in asked.items() if name not in {"page", "size"}}

        def link(number: int) -> Link:
            query = urlencode({**filters, "page": number, "size": page.size})
            return Link(f"{self._base}/{place}?{query}")

        links = {"self": link(page.number)}
        if pages:
            links |= {"first": link(0), "last": link(pages - 1)}
        if page.number + 1 < pages:
            links["next"] = link(page.number + 1)
        if 0 < page.number <= pages:
            links["prev"] = link(page.number - 1)
        units = [self.unit(unit) for unit in hits.units]
        return Listing(
            links,
            PageNumbers(page.size, hits.count, pages, page.number),
            {place: list(units)} if units else UNSET,
        )

    def codes(self, place: str, codes: Iterable[Code]) -> Listing:
        """Every code of one kind, on one page."""
        found: list[object] = list(codes)
        name = place.partition("/")[0] if place.startswith("organ") else place.rpartition("/")[2]
        numbers = PageNumbers(len(found), len(found), 1, 0)
        return Listing({"self": self._link(place)}, numbers, {name: found})

    def forms(self, place: str, codes: Iterable[str]) -> Listing:
        """Organisation forms, in order of code."""
        return self.codes(place, [self.form(code) for code in sorted(codes)])


def _by_code(codes: Iterable[Code]) -> dict[str, Code]:
    found = {each.kode: each for each in codes}
    return {code: found[code] for code in sorted(found)}


def _facts_of_sub_unit(facts: Mapping[str, object]) -> Mapping[str, object]:
    """A sub-unit's address is where it lies, whatever it was registered as."""
    return {"beliggenhetsadresse": facts.get("forretningsadresse"), **facts}


def _claims(party: Party) -> dict[str, object]:
    facts = party.details
    claims: dict[str, object] = {name: bool(facts.get(name, False)) for name in _FLAGS}
    claims["harRegistrertAntallAnsatte"] = facts.get("antallAnsatte") is not None
    claims["registrertIForetaksregisteret"] = bool(
        facts.get("registrertIForetaksregisteret", party.form in IN_BUSINESS_REGISTER)
    )
    claims["konkurs"] = party.bankrupt_at is not None
    if party.bankrupt_at is not None:
        claims["konkursdato"] = f"{party.bankrupt_at:%Y-%m-%d}"
    claims["maalform"] = facts.get("maalform") or "Bokmål"
    return claims


def _role_person(person: Party) -> RolePerson:
    facts = person.details
    return RolePerson(
        navn=PersonName(
            fornavn=str(facts.get("firstName", "")),
            etternavn=str(facts.get("lastName", "")),
            mellomnavn=_text(facts, "mellomnavn"),
        ),
        er_doed=bool(facts.get("erDoed", False)),
        fodselsdato=_text(facts, "fodselsdato"),
    )


def _text(facts: Mapping[str, object], name: str) -> str | UnsetType:
    value = facts.get(name)
    return value if isinstance(value, str) and value else UNSET


def write_refused(problem: SearchRefused, *, path: str) -> Refused:
    """A refused search, naming each parameter and the value it had."""
    return Refused(
        tidsstempel=int(problem.at.timestamp() * 1000),
        status=problem.status,
        feilmelding=problem.title,
        valideringsfeil=[
            Fault(fault.text, [fault.parameter], f"[{fault.value}]") for fault in problem.faults
        ],
        sti=path,
        antall_feil=len(problem.faults),
    )
