"""Parties for tests, with defaults for all that does not matter, and a small world of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid5

from fullmakt.access.parties import service
from fullmakt.access.parties.model import NewOrganization, NewPerson, Party, SystemUserVariant
from fullmakt.foundation.storage.database import Database, Work
from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber

_SERIES = UUID("6f1f2b0a-6d7e-5c1c-9a55-2d6f0f5c0e01")
BERGEN: Mapping[str, object] = {
    "land": "Norge",
    "landkode": "NO",
    "postnummer": "5003",
    "poststed": "BERGEN",
    "adresse": ["Bakergata 4", "Bakgården"],
    "kommune": "BERGEN",
    "kommunenummer": "4601",
}


def an_organization(
    digits: str,
    name: str = "NOEN AS",
    form: str = "AS",
    *,
    parent: str | None = None,
    deleted_at: datetime | None = None,
    bankrupt_at: datetime | None = None,
    **details: object,
) -> NewOrganization:
    """An organisation; further members are the register's own."""
    return NewOrganization(
        number=OrganizationNumber(digits),
        name=name,
        form=form,
        uuid=uuid5(_SERIES, digits),
        party_id=int(digits[1:]),
        parent=None if parent is None else OrganizationNumber(parent),
        deleted_at=deleted_at,
        bankrupt_at=bankrupt_at,
        details=details,
    )


def a_person(
    digits: str, first: str = "Mild", last: str = "Surdeig", **details: object
) -> NewPerson:
    """A person; further members are the register's own."""
    return NewPerson(
        number=PersonNumber(digits),
        first_name=first,
        last_name=last,
        uuid=uuid5(_SERIES, digits),
        party_id=int(digits[:8]),
        user_id=int(digits[3:]),
        details=details,
    )


def change(database: Database, make: Callable[[Work], object]) -> None:
    """Do `make` as one change of authority."""
    with database.authority(actor="test", correlation="test") as work:
        make(work)


ACCOUNTANT, AUDITED, BAKERY, OWNERS = "312300028", "312500140", "312400014", "312600137"
MAIN, SUB_UNIT, DELETED, ESTATE = "312800454", "312800144", "313300013", "313200019"
BAKER, CHAIR = "08928309801", "05855814821"
STANDARD = UUID("00000000-0000-4000-8000-000000000001")
AGENT = UUID("00000000-0000-4000-8000-000000000002")


@dataclass(slots=True)
class SmallWorld:
    """A few units of every sort, an accountant with clients, and two system users."""

    database: Database
    parties: dict[str, Party] = field(default_factory=dict)

    def __post_init__(self) -> None:
        change(self.database, self._fill)

    def _fill(self, work: Work) -> None:
        for new in _ORGANIZATIONS:
            self.parties[new.number.digits] = service.add_organization(work, new)
        for person in _PEOPLE:
            self.parties[person.number.digits] = service.add_person(work, person)
        for giver, role, holder in _ROLES:
            service.begin_role(
                work, role=role, giver=self.parties[giver], holder=self.parties[holder]
            )
        owner = self.parties[ACCOUNTANT]
        for uuid, variant in (
            (STANDARD, SystemUserVariant.STANDARD),
            (AGENT, SystemUserVariant.AGENT),
        ):
            service.add_system_user(work, uuid=uuid, owner=owner, variant=variant, name="Maestro")

    def uuid(self, digits: str) -> UUID:
        """The UUID of the party with this number."""
        return self.parties[digits].uuid

    def end_role(self, giver: str, role: str, holder: str) -> None:
        """End a role."""
        change(
            self.database,
            lambda work: service.end_role(
                work, role=role, giver=self.parties[giver], holder=self.parties[holder]
            ),
        )


_ORGANIZATIONS = (
    an_organization(
        ACCOUNTANT, "RETT REVISJON AS", antallAnsatte=34, registrertIMvaregisteret=True
    ),
    an_organization(
        BAKERY,
        "FJORDGLØTT BAKERI AS",
        antallAnsatte=17,
        registrertIMvaregisteret=True,
        registreringsdatoEnhetsregisteret="2010-06-15",
        naeringskode1={"kode": "10.710", "beskrivelse": "Produksjon av brød"},
        forretningsadresse=BERGEN,
        orgcode=None,
        note="fact of ours, not the register's",
        telefon="55 00 00 00",
    ),
    an_organization(AUDITED, "STORFJELL ENTREPRENØR AS"),
    an_organization(OWNERS, "TOLLBUGATA 14 EIERSEKSJONSSAMEIE", "ESEK"),
    an_organization(MAIN, "EGENMELDING TEKNIKK AS"),
    an_organization(
        SUB_UNIT,
        "EGENMELDING TEKNIKK AS AVD VERKSTED",
        "BEDR",
        parent=MAIN,
        forretningsadresse=BERGEN,
    ),
    an_organization(
        DELETED, "FORDUMS HANDEL AS", deleted_at=datetime(2024, 6, 30, tzinfo=UTC), antallAnsatte=3
    ),
    an_organization(
        ESTATE, "TOMFLASKE DRIFT AS KONKURSBO", "KBO", bankrupt_at=datetime(2026, 2, 1, tzinfo=UTC)
    ),
)
_PEOPLE = (
    a_person(BAKER, "Mild", "Surdeig", fodselsdato="1983-12-08", kjoenn="M"),
    a_person(CHAIR, "Stø", "Kai", mellomnavn="På", fodselsdato="1958-05-05"),
)
_ROLES = (
    (BAKERY, "daglig-leder", BAKER),
    (BAKERY, "regnskapsforer", ACCOUNTANT),
    (AUDITED, "styreleder", CHAIR),
    (AUDITED, "styremedlem", BAKER),
    (AUDITED, "revisor", ACCOUNTANT),
    (OWNERS, "forretningsforer", ACCOUNTANT),
    (SUB_UNIT, "hovedenhet", MAIN),
)
