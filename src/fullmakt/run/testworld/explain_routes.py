"""Why a decision is what it is, and what was asked under one correlation id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from litestar import Request, Response, get, post
from litestar.params import RawBody

from fullmakt.access.decisions.model import (
    ByOrganizationNumber,
    ByPartyId,
    ByPersonNumber,
    BySystemUser,
    ByUserId,
    ByUuid,
    Decision,
    PartyReference,
    Question,
    Reason,
    Subject,
)
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.terms.moments import write_moment
from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.run.testworld import control_wire
from fullmakt.run.testworld.control_door import neighbour
from fullmakt.run.testworld.worldfile import words

if TYPE_CHECKING:
    from fullmakt.access.decisions.service import AnsweredQuestion
    from fullmakt.access.delegations.standings import Reference

_SUBJECTS = ("systemUser", "userId", "subject", "subjectPerson", "subjectOrganization")
_PARTIES = ("organization", "person", "party", "partyId")
_NAMES = frozenset({*_SUBJECTS, *_PARTIES, "action", "resource"})
AnyRequest = Request[Any, Any, Any]


@get("/fullmakt/explain", guards=[neighbour], sync_to_thread=True)
def explain(request: AnyRequest, decisions: Given[DecisionPoint]) -> Response[bytes]:
    """The decision on a question in the query, with every reason."""
    given = {name: str(value) for name, value in request.query_params.items()}
    return json_answer(write_decision(decisions.explain(read_question(given))))


@post("/fullmakt/explain", guards=[neighbour], status_code=200, sync_to_thread=True)
def explain_body(decisions: Given[DecisionPoint], body: RawBody) -> Response[bytes]:
    """The same for a question in the body, with the same names."""
    value = control_wire.read_value(body)
    if not isinstance(value, dict):
        raise InvalidInput({"$": ("The body must be an object.",)})
    given = {name: str(each) for name, each in value.items() if each is not None}
    return json_answer(write_decision(decisions.explain(read_question(given))))


def read_question(given: Mapping[str, str]) -> Question:
    """The question that parameters ask. Raises: InvalidInput with every fault."""
    faults: dict[str, tuple[str, ...]] = {}
    for name in given.keys() - _NAMES:
        text = f"`{name}` is not a parameter here; known are {', '.join(sorted(_NAMES))}."
        faults[name] = (text,)
    for name in ("action", "resource"):
        if not given.get(name):
            faults[name] = (f"The {name} field is required.",)
    subject = _one_of(given, _SUBJECTS, faults)
    party = _one_of(given, _PARTIES, faults)
    if faults or subject is None or party is None:
        raise InvalidInput(faults)
    return Question(_subject(*subject), given["action"], given["resource"], _party(*party))


def _one_of(
    given: Mapping[str, str], names: tuple[str, ...], faults: dict[str, tuple[str, ...]]
) -> tuple[str, Any] | None:
    present = [name for name in names if given.get(name)]
    if len(present) != 1:
        faults[present[1] if present else names[0]] = (f"Name exactly one of {', '.join(names)}.",)
        return None
    name = present[0]
    try:
        return name, _READERS[name](given[name])
    except ValueError as fault:
        faults[name] = (f"`{given[name][:80]}` {fault}.",)
        return None


def _whole(value: object) -> int:
    text = str(value)
    if not (text.isascii() and text.isdigit()):
        raise ValueError("must be a whole number")
    return int(text)


_READERS = {
    "systemUser": words.uuid,
    "userId": _whole,
    "subject": words.uuid,
    "subjectPerson": words.person_number,
    "subjectOrganization": words.organization_number,
    "organization": words.organization_number,
    "person": words.person_number,
    "party": words.uuid,
    "partyId": _whole,
}


def _subject(name: str, value: Any) -> Subject:  # noqa: ANN401  read by the name's own reader
    match name:
        case "systemUser":
            return BySystemUser(value)
        case "userId":
            return ByUserId(value)
        case "subject":
            return ByUuid(value)
        case "subjectPerson":
            return ByPersonNumber(value)
        case _:
            return ByOrganizationNumber(value)


def _party(name: str, value: Any) -> PartyReference:  # noqa: ANN401  read by the name's own reader
    match name:
        case "organization":
            return ByOrganizationNumber(value)
        case "person":
            return ByPersonNumber(value)
        case "party":
            return ByUuid(value)
        case _:
            return ByPartyId(value)


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
    }


ROUTES = [explain, explain_body, trace]
