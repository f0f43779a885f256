"""Who may do something, what somebody may do, and what another policy would change."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get, post
from litestar.params import RawBody
from litestar.response import Stream

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions import giving
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations.model import Right
from fullmakt.access.parties import service as parties
from fullmakt.access.reach.asking import PAGE_NAME, query_of, read_page
from fullmakt.access.reach.service import Reach
from fullmakt.access.reach.supposing import (
    EndedRole,
    OtherPackages,
    OtherPolicy,
    with_package,
)
from fullmakt.access.reach.what_if import what_if
from fullmakt.access.resources import feeds
from fullmakt.access.resources import service as resources
from fullmakt.access.resources.shelf import PolicyShelf
from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.run.testworld import control_wire
from fullmakt.run.testworld.control_door import neighbour
from fullmakt.run.testworld.explain_names import read_party_asked, read_subject_asked
from fullmakt.run.testworld.worldfile import words

if TYPE_CHECKING:
    from fullmakt.access.parties.model import Party
    from fullmakt.access.reach.model import Difference, Opened
    from fullmakt.access.reach.supposing import Supposed
    from fullmakt.foundation.storage.database import Reading
    from fullmakt.run.testworld.worldfile.entries import Number

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
        _check_resource(reading, right.resource)
        told = Reach(catalog, decisions).list_who_can(reading, right, party, page)
        token = _token(reading, told.next_after)
    return json_answer(
        {"party": _party(party), "who": list(map(_party, told.items)), "next": token}
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
            _check_resource(reading, each)
        told = Reach(catalog, decisions).list_what_can(reading, subject, wanted, page)
        token = _token(reading, told.next_after)
    written = [_opened(each) for each in told.items]
    return json_answer({"subject": _party(subject), "may": written, "next": token})


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


@post("/fullmakt/what-if", guards=[neighbour], status_code=200, sync_to_thread=True)
def what_if_policy(
    *,
    decisions: Given[DecisionPoint],
    database: Given[Database],
    catalog: Given[Catalog],
    policies: Given[PolicyShelf],
    body: RawBody,
) -> Stream:
    """Who would gain and who would lose, if a resource had another policy; as JSON lines."""
    with control_wire.members(body, "resource", "policy") as read:
        identifier = read.required("resource", words.text)
        xml = read.required("policy", words.any_text)
    with database.reading() as reading:
        _check_resource(reading, identifier)
    decisions.catch_up()
    changed = policies.judged(identifier, xml.encode())
    return _told(database, decisions, catalog, OtherPolicy(changed))


@post("/fullmakt/what-if/package", guards=[neighbour], status_code=200, sync_to_thread=True)
def what_if_package(
    *,
    decisions: Given[DecisionPoint],
    database: Given[Database],
    catalog: Given[Catalog],
    body: RawBody,
) -> Stream:
    """Who would gain and who would lose, if a role gave a package, or did not; as JSON lines."""
    known = words.CatalogWords(catalog)
    with control_wire.members(body, "role", "package", "form", "hasAccess") as read:
        role = read.required("role", known.role)
        package = read.required("package", known.package)
        form = read.optional("form", known.form, None)
        has_access = read.required("hasAccess", words.flag)
    other = with_package(catalog, role, package, form=form, has_access=has_access)
    return _told(database, decisions, catalog, OtherPackages(other))


@post("/fullmakt/what-if/role-ended", guards=[neighbour], status_code=200, sync_to_thread=True)
def what_if_role_ended(
    *,
    decisions: Given[DecisionPoint],
    database: Given[Database],
    catalog: Given[Catalog],
    body: RawBody,
) -> Stream:
    """Who would lose what, if a register role ended; as JSON lines."""
    wish = control_wire.read_role(body, words.CatalogWords(catalog))
    with database.reading() as reading:
        giver, holder = _named(reading, "from", wish.giver), _named(reading, "to", wish.holder)
        held = parties.find_assignment(reading, giver, holder, wish.role)
        units = frozenset(each.id for each in parties.list_sub_units(reading, giver))
    if held is None:
        text = f"`{holder.name}` does not have the role `{wish.role}` in `{giver.name}`."
        raise InvalidInput({"role": (text,)})
    ended = EndedRole(held.id, wish.role, giver.id, holder.id, units)
    return _told(database, decisions, catalog, ended)


def _named(reading: Reading, name: str, number: Number) -> Party:
    found = (
        parties.find_organization(reading, number)
        if isinstance(number, OrganizationNumber)
        else parties.find_person(reading, number)
    )
    if found is None:
        raise InvalidInput({name: ("Nobody who is registered has that number.",)})
    return found


def _told(
    database: Database, decisions: DecisionPoint, catalog: Catalog, supposed: Supposed
) -> Stream:
    found = what_if(database, decisions, Reach(catalog, decisions), supposed)
    return Stream(_lines(found), media_type="application/jsonl; charset=utf-8")


def _lines(batches: Iterator[list[Difference]]) -> Iterator[str]:
    for batch in batches:
        if batch:
            yield "".join(
                f"{json.dumps(_difference(each), ensure_ascii=False)}\n" for each in batch
            )


def _check_resource(reading: Reading, identifier: str) -> None:
    if resources.find_policy(reading, identifier) is None:
        text = f"`{identifier[:80]}` is no resource with a policy."
        raise InvalidInput({"resource": (text,)})


def _token(reading: Reading, next_after: int | None) -> str | None:
    return None if next_after is None else str(parties.get_by_inner_id(reading, next_after).uuid)


def _party(party: Party) -> dict[str, object]:
    """A party by its id; people's identity numbers are not told."""
    return {
        "id": str(party.uuid),
        "kind": party.kind.value,
        "name": party.name,
        "organizationNumber": None if party.number is None else party.number.digits,
    }


def _opened(each: Opened) -> dict[str, object]:
    return {
        "party": _party(each.party),
        "packages": sorted(each.packages),
        "roles": sorted(each.roles),
        "actions": {name: list(actions) for name, actions in each.actions.items()},
    }


def _difference(each: Difference) -> dict[str, object]:
    return {
        "change": "gains" if each.gains else "loses",
        "subject": _party(each.subject),
        "party": _party(each.party),
        "resource": each.right.resource,
        "action": each.right.action,
    }


ROUTES = [who_can, what_can, package_opens, what_if_policy, what_if_package, what_if_role_ended]
