"""Policies over HTTP: uploaded by their owners, read by all, and followed by others.

Source: Altinn's public documentation, resource registry.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get, post, route
from litestar.params import FromPath, RawBody

from fullmakt.access.resources import feeds, policy_wire, publishing, service
from fullmakt.access.resources.errors import ChangeLimitOutOfBounds, SubjectLimitOutOfBounds
from fullmakt.access.resources.parameters import Parameters
from fullmakt.access.resources.scopes import ADMIN_SCOPE, WRITE_SCOPE
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.bodies import read_body
from fullmakt.foundation.http.doors import json_answer, scope
from fullmakt.foundation.http.forms import read_form_file
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database

_REGISTRY = "/resourceregistry/api/v1/resource"
_POLICY = f"{_REGISTRY}/{{identifier:str}}/policy"
_FILE = "policyFile"

AnyRequest = Request[Any, Any, Any]
may_write = scope(WRITE_SCOPE, ADMIN_SCOPE)


@get(_POLICY, sync_to_thread=True)
def get_policy(database: Given[Database], identifier: FromPath[str]) -> Response[bytes]:
    """The document of the policy that stands."""
    with database.reading() as reading:
        policy = service.get_policy(reading, identifier)
    return Response(
        policy.document,
        media_type="text/xml",
        headers={"content-disposition": "attachment; filename=policy.xml"},
    )


@route(
    _POLICY,
    http_method=["POST", "PUT"],
    guards=[may_write],
    status_code=201,
    sync_to_thread=True,
)
def upload_policy(
    request: AnyRequest,
    body: RawBody,
    caller: Given[Caller],
    database: Given[Database],
    correlation: Given[str],
    identifier: FromPath[str],
) -> Response[bytes]:
    """Let the form's file be the policy of a resource, whether there was one before or not."""
    document = read_form_file(body, request.headers.get("content-type"), _FILE)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        publishing.upload_policy(work, identifier, document, caller=caller)
    return Response(b"", status_code=201, headers={"location": f"{identifier}/policy"})


@get(f"{_POLICY}/rules", sync_to_thread=True)
def list_rules(database: Given[Database], identifier: FromPath[str]) -> Response[bytes]:
    """The policy's rules, each way to meet one on its own."""
    with database.reading() as reading:
        rules = service.list_rules(reading, identifier)
    return json_answer(policy_wire.write_rules(rules), is_indented=True)


@get(f"{_POLICY}/rights", sync_to_thread=True)
def list_rights(database: Given[Database], identifier: FromPath[str]) -> Response[bytes]:
    """The policy by right: each with who has it."""
    with database.reading() as reading:
        rights = service.list_rights(reading, identifier)
    return json_answer(policy_wire.write_rights(rights), is_indented=True)


@get("/resourceregistry/api/v2/resource/{identifier:str}/policy/rights", sync_to_thread=True)
def list_registry_rights(
    request: AnyRequest, database: Given[Database], identifier: FromPath[str]
) -> Response[bytes]:
    """The rights that end users can have, with a key of their own."""
    query = Parameters.of(request)
    with database.reading() as reading:
        rights = service.list_registry_rights(
            reading,
            identifier,
            include_service_owner=query.flag("includeServiceOwnerRights"),
            include_apps=query.flag("includeAppRights"),
        )
    return json_answer(policy_wire.write_registry_rights(rights), is_indented=True)


@get(f"{_POLICY}/subjects", sync_to_thread=True)
def list_subjects(
    request: AnyRequest, database: Given[Database], identifier: FromPath[str]
) -> Response[bytes]:
    """The roles, packages and organisations that the policy lets in.

    They are always those of the document, whether `reloadFromXacml` asks for that or not.
    """
    Parameters.of(request).flag("reloadFromXacml")
    with database.reading() as reading:
        subjects = service.list_subjects(reading, identifier)
    return json_answer(policy_wire.write_subjects(subjects), is_indented=True)


@post(f"{_REGISTRY}/bysubjects", status_code=200, sync_to_thread=True)
def list_by_subjects(body: RawBody, database: Given[Database]) -> Response[bytes]:
    """For each subject URN that some policy names, the resources whose policies name it."""
    wanted = read_body(body, list[str])
    with database.reading() as reading:
        found = feeds.list_named(reading, wanted)
    return json_answer(policy_wire.write_named(found), is_indented=True)


@get(f"{_REGISTRY}/updated", sync_to_thread=True)
def list_updated(
    request: AnyRequest, database: Given[Database], addresses: Given[Addresses]
) -> Response[bytes]:
    """Which subjects each policy began, or ceased, to name; in order, to be followed."""
    query = Parameters.of(request)
    limit = query.limit(SubjectLimitOutOfBounds)
    since, after = query.moment("since"), query.cursor(int, str, str)
    with database.reading() as reading:
        page = feeds.list_subject_changes(reading, since=since, after=after, limit=limit)
    next_page = feeds.next_address(f"{addresses.platform}{_REGISTRY}/updated", query, page.cursor)
    return json_answer(policy_wire.write_subject_changes(page.found, next_page), is_indented=True)


@get(f"{_REGISTRY}/changes", sync_to_thread=True)
def list_changes(
    request: AnyRequest, database: Given[Database], addresses: Given[Addresses]
) -> Response[bytes]:
    """Which resources, or their policies, became others; in order, to be followed."""
    query = Parameters.of(request)
    limit = query.limit(ChangeLimitOutOfBounds)
    after = query.cursor(int)
    with database.reading() as reading:
        page = feeds.list_changes(reading, after=after, limit=limit)
    next_page = feeds.next_address(f"{addresses.platform}{_REGISTRY}/changes", query, page.cursor)
    return json_answer(policy_wire.write_changes(page.found, next_page), is_indented=True)


ROUTES = [
    get_policy,
    upload_policy,
    list_rules,
    list_rights,
    list_registry_rights,
    list_subjects,
    list_by_subjects,
    list_updated,
    list_changes,
]
