"""The apps' endpoints: one set of paths for every app of the house.

Every call wants an Altinn token with the instance scopes, and is asked about at the decision point.
Which apps there are comes in as `apps`, who carries the questions as `ask_decision`.
"""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

from litestar import Request, Response, Router, delete, get, post, put
from litestar.datastructures import State
from litestar.di import Provide
from litestar.params import FromPath, RawBody

from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.doors import json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.http.traces import RequestTrace
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.problem import NotAuthenticated
from fullmakt.services.apps import service, wire
from fullmakt.services.apps.definition import AppDirectory
from fullmakt.services.apps.errors import UnacceptableContentType, UnknownApp
from fullmakt.services.apps.model import LARGEST_ELEMENT, NewElement, Stage
from fullmakt.services.apps.permission import AskDecision, Permissions
from fullmakt.services.apps.service import Visit

READ = scope("altinn:instances.read")
WRITE = scope("altinn:instances.write")

_INSTANCES = "/{org:str}/{app:str}/instances"
_INSTANCE = f"{_INSTANCES}/{{party_id:str}}/{{guid:str}}"
_DATA = f"{_INSTANCE}/data"
_ELEMENT = f"{_DATA}/{{element:str}}"
# One byte more than fits is read, so that what is too large is answered with the reason.
_LARGEST_READ = LARGEST_ELEMENT + 1

AnyRequest = Request[Any, Any, State]


def provide_visit(
    org: FromPath[str],
    app: FromPath[str],
    caller: Given[Caller],
    trace: Given[RequestTrace],
    database: Given[Database],
    addresses: Given[Addresses],
    apps: Given[AppDirectory],
    ask_decision: Given[AskDecision],
) -> Visit:
    """The visit that a request is. Raises: NotAuthenticated, UnknownApp."""
    if caller.issuer not in addresses.altinn_issuers:
        message = (
            f"an app takes Altinn tokens, this one is issued by `{caller.issuer}`; exchange a"
            " Maskinporten token at /authentication/api/v1/exchange/maskinporten first"
        )
        raise NotAuthenticated(message)
    found = apps.find(org, app)
    if found is None:
        raise UnknownApp(org, app)
    return Visit(found, database, Permissions(caller, ask_decision, trace))


@post(_INSTANCES, guards=[WRITE], sync_to_thread=True)
def post_instance(
    request: AnyRequest, visit: Given[Visit], addresses: Given[Addresses], body: RawBody
) -> Response[bytes]:
    """Make an instance for an organisation."""
    content_type = wire.read_content_type(request.headers.get("content-type"))
    if content_type != "application/json":
        message = f"an instance is asked for in `application/json`, not `{content_type}`"
        raise UnacceptableContentType(message)
    case = service.start_instance(visit, wire.read_new_instance(body), new_id=uuid4)
    written = wire.write_instance(case, visit.app, addresses)
    return json_answer(written, status=201, headers={"Location": written.self_links.apps})


@get(_INSTANCE, guards=[READ], sync_to_thread=True)
def get_instance(
    visit: Given[Visit], addresses: Given[Addresses], party_id: FromPath[str], guid: FromPath[str]
) -> Response[bytes]:
    """The instance with its process, status and data elements."""
    case = service.get_case(visit, wire.read_reference(party_id, guid))
    return json_answer(wire.write_instance(case, visit.app, addresses))


@post(
    _DATA,
    guards=[WRITE],
    sync_to_thread=True,
    request_max_body_size=_LARGEST_READ,
)
def post_element(
    request: AnyRequest,
    visit: Given[Visit],
    addresses: Given[Addresses],
    party_id: FromPath[str],
    guid: FromPath[str],
    body: RawBody,
) -> Response[bytes]:
    """Add a data element of the type that the query names."""
    named = {name.casefold(): value for name, value in request.query_params.items()}
    case, element = service.add_element(
        visit,
        wire.read_reference(party_id, guid),
        _new_element(request, body, data_type=named.get("datatype", "")),
        new_id=uuid4,
    )
    written = wire.write_element(element, case.instance, visit.app, addresses)
    return json_answer(written, status=201, headers={"Location": written.self_links.apps})


@put(
    _ELEMENT,
    guards=[WRITE],
    sync_to_thread=True,
    request_max_body_size=_LARGEST_READ,
)
def put_element(
    request: AnyRequest,
    visit: Given[Visit],
    addresses: Given[Addresses],
    party_id: FromPath[str],
    guid: FromPath[str],
    element: FromPath[str],
    body: RawBody,
) -> Response[bytes]:
    """Replace the content of a data element."""
    case, replaced = service.replace_element(
        visit,
        wire.read_reference(party_id, guid),
        wire.read_element_id(element),
        _new_element(request, body, data_type=""),
    )
    written = wire.write_element(replaced, case.instance, visit.app, addresses)
    # QUIRK: the original answers 201 to a replacement too.
    return json_answer(written, status=201, headers={"Location": written.self_links.apps})


def _new_element(request: AnyRequest, body: bytes, *, data_type: str) -> NewElement:
    return NewElement(
        data_type=data_type,
        content_type=wire.read_content_type(request.headers.get("content-type")),
        content=body,
        file_name=wire.read_file_name(request.headers.get("content-disposition")),
    )


@get(_ELEMENT, guards=[READ], sync_to_thread=True)
def get_element(
    visit: Given[Visit], party_id: FromPath[str], guid: FromPath[str], element: FromPath[str]
) -> Response[bytes]:
    """The content of a data element, as it was sent in."""
    found, content = service.get_content(
        visit, wire.read_reference(party_id, guid), wire.read_element_id(element)
    )
    # A sender's file is given back as a file: never shown as a page of this address.
    headers = {
        "Content-Disposition": wire.write_disposition(found),
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, headers=headers, media_type=found.content_type)


@delete(_ELEMENT, guards=[WRITE], sync_to_thread=True, status_code=200)
def delete_element(
    visit: Given[Visit], party_id: FromPath[str], guid: FromPath[str], element: FromPath[str]
) -> Response[bytes]:
    """Remove a data element that the sender added."""
    service.remove_element(
        visit, wire.read_reference(party_id, guid), wire.read_element_id(element)
    )
    return Response(b"", status_code=200, media_type="text/plain")


@get(f"{_INSTANCE}/process", guards=[READ], sync_to_thread=True)
def get_process(
    visit: Given[Visit], party_id: FromPath[str], guid: FromPath[str]
) -> Response[bytes]:
    """How far the instance has come."""
    case = service.get_case(visit, wire.read_reference(party_id, guid))
    return json_answer(wire.write_process(case.instance))


@put(f"{_INSTANCE}/process/next", guards=[WRITE], sync_to_thread=True)
def put_process_next(
    visit: Given[Visit], party_id: FromPath[str], guid: FromPath[str]
) -> Response[bytes]:
    """Take the next step of the process."""
    case = service.move_on(visit, wire.read_reference(party_id, guid), new_id=uuid4)
    return json_answer(wire.write_process(case.instance))


@get(f"{_INSTANCE}/feedback/status", guards=[READ], sync_to_thread=True)
def get_feedback_status(
    visit: Given[Visit], party_id: FromPath[str], guid: FromPath[str]
) -> Response[bytes]:
    """Whether the service owner has answered."""
    case = service.get_case(visit, wire.read_reference(party_id, guid))
    return json_answer(wire.FeedbackStatusJson(case.instance.stage is Stage.ENDED))


@get(f"{_INSTANCE}/feedback", guards=[READ], sync_to_thread=True)
def get_feedback(
    visit: Given[Visit], addresses: Given[Addresses], party_id: FromPath[str], guid: FromPath[str]
) -> Response[bytes]:
    """The instance once the service owner has answered; waits a while for it."""
    reference = wire.read_reference(party_id, guid)
    case = service.get_case_with_feedback(visit, reference, pause=time.sleep)
    return json_answer(wire.write_instance(case, visit.app, addresses))


# INVARIANT: a router holds all methods of a path; registered one by one, Litestar wraps the
# handlers of a path once for each method.
ROUTES = [
    Router(
        "/",
        route_handlers=[
            post_instance,
            get_instance,
            post_element,
            put_element,
            get_element,
            delete_element,
            get_process,
            put_process_next,
            get_feedback_status,
            get_feedback,
        ],
        dependencies={"visit": Provide(provide_visit, sync_to_thread=False)},
    )
]
