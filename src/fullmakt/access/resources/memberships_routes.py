"""Memberships over HTTP: what a party may use by being on access lists.

Components of the platform ask, before they let somebody use a resource.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from fullmakt.access.parties.register_door import platform_or
from fullmakt.access.resources import lists_errors as errors
from fullmakt.access.resources import lists_service as service
from fullmakt.access.resources import lists_wire as wire
from fullmakt.access.resources.parameters import Parameters
from fullmakt.access.resources.scopes import ADMIN_SCOPE
from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms import urns

AnyRequest = Request[Any, Any, Any]
may_look_up = platform_or(ADMIN_SCOPE)


@get("/resourceregistry/api/v1/access-lists/memberships", guards=[may_look_up], sync_to_thread=True)
def list_memberships(request: AnyRequest, database: Given[Database]) -> Response[bytes]:
    """What a party may use by being on access lists; on one resource, or on all."""
    party, resource = _read_membership_query(Parameters.of(request))
    with database.reading() as reading:
        try:
            found = service.find_party(reading, party)
        except ValueError:
            raise errors.not_a_party(party) from None
        listed = (
            [] if found is None else service.list_memberships(reading, found, resource=resource)
        )
    return json_answer(wire.write_memberships(listed), is_indented=True)


def _read_membership_query(query: Parameters) -> tuple[str, str | None]:
    named, resources = query.all("party"), query.all("resource")
    if not named:
        raise errors.no_party()
    if len(named) > 1:
        raise errors.several_parties()
    if len(resources) > 1:
        raise errors.several_resources()
    if not resources:
        return named[0], None
    kind, _, identifier = resources[0].rpartition(":")
    if kind.lower() != urns.RESOURCE or not identifier:
        raise errors.not_a_resource(resources[0])
    return named[0], identifier


ROUTES = [list_memberships]
