"""Pages are by key: whoever stays is told once, whatever else happens between two pages."""

from __future__ import annotations

from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.pages import Page
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import NewOrganization
from fullmakt.foundation.terms.numbers import OrganizationNumber
from tests.cases.decisions.facts import uuid_of
from tests.cases.decisions.town import Town
from tests.worlds import new_database

FIRM = "RETT REVISJON AS"


def numbers(wanted: int) -> list[OrganizationNumber]:
    found: list[OrganizationNumber] = []
    digits = 314_000_000
    while len(found) < wanted:
        digits += 1
        try:
            found.append(OrganizationNumber(str(digits)))
        except ValueError:
            continue
    return found


def test_clients_that_stay_are_on_one_page_each_while_others_come_and_go(
    place_url: str,
) -> None:
    town = Town(new_database(place_url))
    town.tell("organizations", {"name": FIRM})
    names = [f"KLIENT {n} AS" for n in range(24)]
    with town.database.authority(actor="town", correlation="") as work:
        for n, number in enumerate(numbers(len(names))):
            new = NewOrganization(number, names[n], "AS", uuid_of(names[n]), 70_000 + n)
            town.parties[names[n]] = parties.add_organization(work, new)
    for name in names[::2]:
        town.tell("roles", {"from": name, "role": "regnskapsforer", "to": FIRM})
    stays, comes = names[::4], names[1::2]
    goes = [name for name in names[::2] if name not in stays]
    told: list[str] = []
    page: Page | None = Page(most=3)

    while page is not None:
        with town.database.reading() as reading:
            found = delegations.list_reached(reading, town.catalog, town.parties[FIRM], page)
        told += [each.party.name for each in found.items]
        page = None if found.next_after is None else Page(found.next_after, page.most)
        if goes:
            town.tell("ended", {"from": goes.pop(), "role": "regnskapsforer", "to": FIRM})
        if comes:
            town.tell("roles", {"from": comes.pop(0), "role": "regnskapsforer", "to": FIRM})

    assert len(told) == len(set(told))
    assert set(stays) <= set(told)
    town.database.close()
