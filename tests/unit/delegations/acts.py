"""The people of the delegation tests, and what they do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from fullmakt.access.delegations import linking
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.model import Grant, Link, PackageCheck, Right, Wanted
from fullmakt.foundation.events.ledger import Event, list_events
from fullmakt.foundation.storage.database import Database, Work
from tests.cases.decisions.town import Town

Answer = TypeVar("Answer")
ACCOUNTANT, BAKERY, BRANCH, OTHER = "RETT REVISJON AS", "BAKERIET AS", "BAKERIET AVD", "ANNEN AS"
DIRECTOR, CLERK = "Nøyaktig Havørn", "Snill Elg"
SIGNS, PAYROLL = "regnskapsforer-med-signeringsrettighet", "regnskapsforer-lonn"
READ = Right("ske-demo", "read")


def change(database: Database, how: Callable[[Work], Answer]) -> Answer:
    """Do one thing as one work."""
    with database.authority(actor="test", correlation="") as work:
        return how(work)


def revision_of(town: Town) -> int:
    """The revision of the newest event."""
    return events_of(town)[-1].revision


def events_of(town: Town) -> list[Event]:
    with town.database.reading() as reading:
        return list_events(reading, after=0, most=1000)


def link(town: Town, client: str, *packages: str, agent: str = "maestro") -> list[Link]:
    return change(
        town.database,
        lambda work: linking.link_client(
            work,
            town.catalog,
            agent=town.parties[agent],
            facilitator=town.parties[ACCOUNTANT],
            client=town.parties[client],
            wanted=Wanted(frozenset(packages)),
            opened=town.decisions.opened_actions,
        ),
    )


def unlink(town: Town, client: str) -> list[Link]:
    agent, found = town.parties["maestro"], town.parties[client]
    return change(
        town.database, lambda work: linking.unlink_client(work, agent=agent, client=found)
    )


def linked(town: Town) -> list[str]:
    with town.database.reading() as reading:
        found = delegations.list_linked_clients(reading, town.parties["maestro"])
    return [party.name for party in found]


def clients(town: Town, facilitator: str = ACCOUNTANT) -> dict[str, dict[str, frozenset[str]]]:
    """Each client with its relations and what they give."""
    with town.database.reading() as reading:
        found = delegations.list_clients(reading, town.catalog, town.parties[facilitator])
    return {
        client.party.name: {access.role: access.packages for access in client.access}
        for client in found
    }


def give(town: Town, giver: str, receiver: str, *packages: str, by: str) -> list[Grant]:
    return change(
        town.database,
        lambda work: delegations.give_packages(
            work,
            town.catalog,
            giver=town.parties[giver],
            receiver=town.parties[receiver],
            packages=frozenset(packages),
            given_by=town.parties[by],
        ),
    )


def withdraw(
    town: Town, giver: str, receiver: str, *packages: str, rights: tuple[Right, ...] = ()
) -> list[Grant]:
    held = town.parties[giver]
    return change(
        town.database,
        lambda work: delegations.withdraw(
            work,
            giver=held,
            receiver=town.parties[receiver],
            packages=frozenset(packages),
            rights=frozenset(rights),
            withdrawn_by=held,
        ),
    )


def checks(town: Town, person: str, giver: str, *packages: str) -> list[PackageCheck]:
    with town.database.reading() as reading:
        return delegations.check_packages(
            reading,
            town.catalog,
            person=town.parties[person],
            giver=town.parties[giver],
            packages=packages,
        )
