"""The validation service for VAT returns: says what is wrong with one, and files nothing.

Filing goes through the app instance (`submission.py`, `services/apps`).
"""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, post
from litestar.datastructures import State
from litestar.params import RawBody

from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.doors import json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.http.traces import RequestTrace
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.services.apps.model import Action
from fullmakt.services.apps.permission import AskDecision, Permissions
from fullmakt.services.tax import wire
from fullmakt.services.tax.errors import NothingToValidate, NotXml
from fullmakt.services.tax.service import validate_return
from fullmakt.services.tax.submission import VAT_APP
from fullmakt.services.tax.vat.result import write_validation_result

VALIDATION = scope("skatteetaten:mvameldingvalidering")
_XML_TYPES = frozenset({"application/xml", "text/xml"})
_XML = "application/xml; charset=utf-8"


@post(
    "/api/mva/grensesnittstoette/mva-melding/valider",
    guards=[VALIDATION],
    sync_to_thread=True,
    status_code=200,
)
def post_validation(
    request: Request[Any, Any, State],
    database: Given[Database],
    caller: Given[Caller],
    trace: Given[RequestTrace],
    ask_decision: Given[AskDecision],
    body: RawBody,
) -> Response[bytes]:
    """Validate a return: 200 with the result, whatever is wrong with it."""
    form = wire.read_wanted_form(request.headers.get("accept"))
    stated = request.headers.get("content-type", "")
    if stated.partition(";")[0].strip().casefold() not in _XML_TYPES:
        message = f"a return is sent as `application/xml`, not `{stated}`"
        raise NotXml(message)
    if not body.strip():
        message = "the body is empty; send the return as XML"
        raise NothingToValidate(message)
    permissions = Permissions(caller, ask_decision, trace)

    def check(organization: OrganizationNumber) -> None:
        permissions.check(Action.READ, resource=VAT_APP.resource, party=organization)

    validation = validate_return(database, body, check=check)
    if form is wire.ResultForm.JSON:
        return json_answer(wire.write_result(validation))
    return Response(write_validation_result(validation), media_type=_XML)


ROUTES = [post_validation]
