"""What the decision point is given and answers."""

from __future__ import annotations

from fullmakt.access.decisions import wire
from fullmakt.access.decisions.endpoint import ADMIN_SCOPE, SCOPE
from fullmakt.foundation.http.contract import Call, Contract, TypeForm
from fullmakt.foundation.http.doors import scope

_REFUSALS = frozenset({415, 503})
_STANDARD: dict[str, TypeForm] = {"application/xacml+json": dict, "application/xacml+xml": str}
_IN_XML: dict[str, TypeForm] = {"application/xml": str, "text/xml": str}
_QUESTION: dict[str, TypeForm] = {"application/json": wire.DecisionRequest, **_STANDARD}
_ANSWER: dict[str, TypeForm] = {"application/json": wire.DecisionAnswer, **_STANDARD}

CONTRACT = Contract(
    about="Decisions",
    calls={
        "endpoint.authorize": Call(
            {200: _ANSWER}, body=_QUESTION, refusals=_REFUSALS, guard=scope(SCOPE, ADMIN_SCOPE)
        ),
        "endpoint.decide": Call(
            {200: _ANSWER | _IN_XML}, body=_QUESTION | _IN_XML, refusals=_REFUSALS
        ),
    },
)
