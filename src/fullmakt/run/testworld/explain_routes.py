"""Why a decision is what it is, and what was asked under one correlation id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get, post
from litestar.params import RawBody

from fullmakt.access.decisions.model import Decision, Reason
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.moments import write_moment
from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.run.testworld import control_wire
from fullmakt.run.testworld.control_door import neighbour
from fullmakt.run.testworld.explain_names import read_question
from fullmakt.systems.system_users.service import find_system_user

if TYPE_CHECKING:
    from uuid import UUID

    from fullmakt.access.decisions.service import AnsweredQuestion
    from fullmakt.access.delegations.standings import Reference
    from fullmakt.systems.system_users.model import SystemUser

AnyRequest = Request[Any, Any, Any]


@get("/fullmakt/explain", guards=[neighbour], sync_to_thread=True)
def explain(
    request: AnyRequest, decisions: Given[DecisionPoint], database: Given[Database]
) -> Response[bytes]:
    """The decision on a question in the query, with every reason."""
    given = {name: str(value) for name, value in request.query_params.items()}
    return _explained(given, decisions, database)


@post("/fullmakt/explain", guards=[neighbour], status_code=200, sync_to_thread=True)
def explain_body(
    decisions: Given[DecisionPoint], database: Given[Database], body: RawBody
) -> Response[bytes]:
    """The same for a question in the body, with the same names."""
    value = control_wire.read_value(body)
    if not isinstance(value, dict):
        raise InvalidInput({"$": ("The body must be an object.",)})
    given = {name: str(each) for name, each in value.items() if each is not None}
    return _explained(given, decisions, database)


def _explained(
    given: Mapping[str, str], decisions: DecisionPoint, database: Database
) -> Response[bytes]:
    with database.reading() as reading:
        question = read_question(given, reading)
    decision = decisions.explain(question)
    with database.reading() as reading:
        references = {each.uuid: find_system_user(reading, each.uuid) for each in decision.instead}
    instead = _write_instead(decision, references)
    told = {"instead": instead, "moreInstead": decision.has_more_instead}
    return json_answer({**write_decision(decision), **told})


def _write_instead(
    decision: Decision, references: Mapping[UUID, SystemUser | None]
) -> list[dict[str, object]]:
    written: list[dict[str, object]] = []
    for each in decision.instead:
        found = references[each.uuid]
        reference = None if found is None else found.external_ref
        written.append({"systemUser": str(each.uuid), "name": each.name, "externalRef": reference})
    return written


@get("/fullmakt/trace", guards=[neighbour], sync_to_thread=True)
def trace(request: AnyRequest, decisions: Given[DecisionPoint]) -> Response[bytes]:
    """What the decision point was asked over HTTP under one correlation id, and why it answered so.

    The reasons are those of the facts as they are now.
    """
    sought = request.query_params.get("correlation")
    if not sought:
        raise InvalidInput({"correlation": ("The correlation field is required.",)})
    found = decisions.recent(sought)
    return json_answer(
        {"correlation": sought, "decisions": [_answered(each, decisions) for each in found]}
    )


def _answered(each: AnsweredQuestion, decisions: DecisionPoint) -> dict[str, object]:
    asked = each.asked
    explained = decisions.explain_asked(asked)
    return {
        "at": write_moment(each.at),
        "revision": each.revision,
        "subject": None if asked.subject is None else _reference(asked.subject.reference),
        "action": ", ".join(asked.actions),
        "resource": asked.resource,
        "party": None if asked.party is None else _reference(asked.party),
        "decision": each.answer.outcome.value,
        "message": each.answer.message,
        "reasons": [_reason(reason) for reason in explained.reasons],
        "explainedAtRevision": explained.revision,
    }


def _reference(named: Reference) -> str:
    value = str(named.value)
    return f"{value[:6]}*****" if named.key.value == "personno" else value


def write_decision(decision: Decision) -> dict[str, object]:
    """A decision and its reasons."""
    return {
        "decision": decision.outcome.value,
        "status": decision.status,
        "message": decision.message,
        "revision": decision.revision,
        "stopsAt": None if decision.stops_at is None else decision.stops_at.value,
        "obligations": [
            {"id": each.id, "attributeId": each.attribute_id, "value": each.value}
            for each in decision.obligations
        ],
        "reasons": [_reason(reason) for reason in decision.reasons],
    }


def _reason(reason: Reason) -> dict[str, object]:
    return {
        "check": reason.check.value,
        "held": reason.held,
        "found": reason.found,
        "written": reason.written,
        "remedy": reason.remedy,
        "revision": reason.revision,
        "since": None if reason.since is None else write_moment(reason.since),
    }


ROUTES = [explain, explain_body, trace]
