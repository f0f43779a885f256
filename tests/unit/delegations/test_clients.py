"""One client asked about is the same as in the list of all of them."""

from __future__ import annotations

from fullmakt.access.catalog.service import load_catalog
from fullmakt.access.delegations.service import find_client, list_clients
from fullmakt.access.parties.service import find_organization, list_organizations
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.run.testworld import store
from fullmakt.run.testworld.world import default_world
from fullmakt.run.testworld.worldfile.applying import apply_world
from fullmakt.run.testworld.worldfile.entries import World
from tests.worlds import new_database

CATALOG = load_catalog()


def test_each_organisation_is_a_client_alone_as_it_is_among_all(database_url: str) -> None:
    database = new_database(database_url)
    store.make_tables(database)
    with database.authority(actor="test", correlation="") as work:
        apply_world(work, CATALOG, default_world(), before=World())
        everybody = list_organizations(work)
        facilitator = find_organization(work, OrganizationNumber("312300028"))
        assert facilitator is not None

        listed = {each.party.id: each for each in list_clients(work, CATALOG, facilitator)}
        alone = {party.id: find_client(work, CATALOG, facilitator, party) for party in everybody}

    database.close()
    assert {inner: found for inner, found in alone.items() if found is not None} == listed
    assert 0 < len(listed) < len(everybody)
