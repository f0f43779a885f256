"""Who would gain and who would lose, if something were otherwise; as JSON lines.

What is wrong is refused before the first line; nothing is stored.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from litestar import post
from litestar.params import RawBody
from litestar.response import Stream

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.parties import service as parties
from fullmakt.access.reach.service import Reach
from fullmakt.access.reach.supposing import OtherPackages, OtherPolicy, with_package
from fullmakt.access.reach.turning import role_begun, role_ended
from fullmakt.access.reach.what_if import what_if
from fullmakt.access.resources.shelf import PolicyShelf
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.run.testworld import control_wire
from fullmakt.run.testworld.control_door import neighbour
from fullmakt.run.testworld.reach_routes import check_resource, write_party
from fullmakt.run.testworld.worldfile import words

if TYPE_CHECKING:
    from fullmakt.access.parties.model import Party
    from fullmakt.access.reach.model import Difference
    from fullmakt.access.reach.supposing import Supposed
    from fullmakt.foundation.storage.database import Reading
    from fullmakt.run.testworld.worldfile.entries import Number


@post("/fullmakt/what-if", guards=[neighbour], status_code=200, sync_to_thread=True)
def what_if_policy(
    *,
    decisions: Given[DecisionPoint],
    database: Given[Database],
    catalog: Given[Catalog],
    policies: Given[PolicyShelf],
    body: RawBody,
) -> Stream:
    """If a resource had another policy."""
    with control_wire.members(body, "resource", "policy") as read:
        identifier = read.required("resource", words.text)
        xml = read.required("policy", words.any_text)
    with database.reading() as reading:
        check_resource(reading, identifier)
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
    """If a role gave a package, or did not."""
    known = words.CatalogWords(catalog)
    with control_wire.members(body, "role", "package", "form", "hasAccess") as read:
        role = read.required("role", known.role)
        package = read.required("package", known.package)
        form = read.optional("form", known.form, None)
        has_access = read.required("hasAccess", words.flag)
    other = with_package(catalog, role, package, form=form, has_access=has_access)
    return _told(database, decisions, catalog, OtherPackages(other, role, form))


@post("/fullmakt/what-if/role-began", guards=[neighbour], status_code=200, sync_to_thread=True)
def what_if_role_began(
    *,
    decisions: Given[DecisionPoint],
    database: Given[Database],
    catalog: Given[Catalog],
    body: RawBody,
) -> Stream:
    """If a register role began."""
    return _turned(database, decisions, catalog, body, role_begun)


@post("/fullmakt/what-if/role-ended", guards=[neighbour], status_code=200, sync_to_thread=True)
def what_if_role_ended(
    *,
    decisions: Given[DecisionPoint],
    database: Given[Database],
    catalog: Given[Catalog],
    body: RawBody,
) -> Stream:
    """If a register role ended."""
    return _turned(database, decisions, catalog, body, role_ended)


class _Suppose(Protocol):
    def __call__(
        self, reading: Reading, catalog: Catalog, *, role: str, giver: Party, holder: Party
    ) -> Supposed: ...


def _turned(
    database: Database,
    decisions: DecisionPoint,
    catalog: Catalog,
    body: bytes,
    suppose: _Suppose,
) -> Stream:
    wish = control_wire.read_role(body, words.CatalogWords(catalog))
    with database.reading() as reading:
        giver, holder = _named(reading, "from", wish.giver), _named(reading, "to", wish.holder)
        supposed = suppose(reading, catalog, role=wish.role, giver=giver, holder=holder)
    return _told(database, decisions, catalog, supposed)


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


def _difference(each: Difference) -> dict[str, object]:
    return {
        "change": "gains" if each.gains else "loses",
        "subject": write_party(each.subject),
        "party": write_party(each.party),
        "resource": each.right.resource,
        "action": each.right.action,
    }


ROUTES = [what_if_policy, what_if_package, what_if_role_began, what_if_role_ended]
