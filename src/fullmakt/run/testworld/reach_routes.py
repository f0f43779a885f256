"""Who may do something, what somebody may do and for whom, and what a package opens."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions import giving
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations.model import Right
from fullmakt.access.parties import service as parties
from fullmakt.access.reach.asking import PAGE_NAME, query_of, read_page
from fullmakt.access.reach.service import Reach
from fullmakt.access.resources import feeds
from fullmakt.access.resources import service as resources
from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.run.testworld.control_door import neighbour
from fullmakt.run.testworld.explain_names import read_party_asked, read_subject_asked

if TYPE_CHECKING:
    from fullmakt.access.parties.model import Party
    from fullmakt.access.reach.model import Opened
    from fullmakt.foundation.storage.database import Reading

AnyRequest = Request[Any, Any, Any]
_MOST = 100


def _given(request: AnyRequest) -> tuple[dict[str, str], dict[str, list[str]]]:
    query = query_of(request.query_params.multi_items())
    twice = {name: ("Give it once.",) for name, values in query.items() if len(values) > 1}
    if twice:
        raise InvalidInput(twice)
    return {name: values[0] for name, values in query.items() if name != PAGE_NAME}, query


@get("/fullmakt/who-can", guards=[neighbour], sync_to_thread=True)
def who_can(
    request: AnyRequest,
    decisions: Given[DecisionPoint],
    database: Given[Database],
    catalog: Given[Catalog],
) -> Response[bytes]:
    """Those who may do an action on a resource for a party, a page at a time."""
    given, query = _given(request)
    with database.reading() as reading:
        party = read_party_asked(given, reading, needs=("action", "resource"))
        page = read_page(reading, query, most=_MOST)
        right = Right(given["resource"], given["action"])
        check_resource(reading, right.resource)
        told = Reach(catalog, decisions).list_who_can(reading, right, party, page)
        token = _token(reading, told.next_after)
    return json_answer(
        {"party": write_party(party), "who": list(map(write_party, told.items)), "next": token}
    )


@get("/fullmakt/what-can", guards=[neighbour], sync_to_thread=True)
def what_can(
    request: AnyRequest,
    decisions: Given[DecisionPoint],
    database: Given[Database],
    catalog: Given[Catalog],
) -> Response[bytes]:
    """What somebody may do and for whom, a page at a time."""
    given, query = _given(request)
    with database.reading() as reading:
        subject = read_subject_asked(given, reading, may=("resource",))
        page = read_page(reading, query, most=_MOST)
        wanted = frozenset({given["resource"]} if given.get("resource") else ())
        for each in wanted:
            check_resource(reading, each)
        told = Reach(catalog, decisions).list_what_can(reading, subject, wanted, page)
        token = _token(reading, told.next_after)
    written = [_opened(each) for each in told.items]
    return json_answer({"subject": write_party(subject), "may": written, "next": token})


@get("/fullmakt/package", guards=[neighbour], sync_to_thread=True)
def package_opens(
    request: AnyRequest,
    decisions: Given[DecisionPoint],
    database: Given[Database],
    catalog: Given[Catalog],
) -> Response[bytes]:
    """What an access package opens by itself, and the roles that give it."""
    named = request.query_params.get("package", "")
    package = catalog.find_package(named)
    if package is None:
        raise InvalidInput({"package": (f"`{named[:80]}` is no access package.",)})
    decisions.catch_up()
    with database.reading() as reading:
        found = feeds.list_named(reading, [package.urn])
    identifiers = sorted({each.identifier for each in found})
    opened = {name: _actions_for(decisions, catalog, name, package.name) for name in identifiers}
    roles = [
        {"role": row.role, "form": row.entity_variant}
        for row in catalog.facts.role_packages
        if row.package == package.name and row.has_access
    ]
    return json_answer({"package": package.name, "opens": opened, "roles": roles})


def _actions_for(
    decisions: DecisionPoint, catalog: Catalog, resource: str, package: str
) -> list[str]:
    shelved = decisions.find_policy(resource)
    if shelved is None:
        return []
    packages = frozenset({package})
    return sorted(giving.opened_actions(catalog, shelved, role=None, packages=packages))


def check_resource(reading: Reading, identifier: str) -> None:
    """Refuse what is no resource with a policy. Raises: InvalidInput."""
    if resources.find_policy(reading, identifier) is None:
        text = f"`{identifier[:80]}` is no resource with a policy."
        raise InvalidInput({"resource": (text,)})


def _token(reading: Reading, next_after: int | None) -> str | None:
    return None if next_after is None else str(parties.get_by_inner_id(reading, next_after).uuid)


def write_party(party: Party) -> dict[str, object]:
    """A party by its id; people's identity numbers are not told."""
    return {
        "id": str(party.uuid),
        "kind": party.kind.value,
        "name": party.name,
        "organizationNumber": None if party.number is None else party.number.digits,
    }


def _opened(each: Opened) -> dict[str, object]:
    return {
        "party": write_party(each.party),
        "packages": sorted(each.packages),
        "roles": sorted(each.roles),
        "actions": {name: list(actions) for name, actions in each.actions.items()},
    }


ROUTES = [who_can, what_can, package_opens]
