"""One case a line: policies and a request as JSON in, a response or an error as JSON out.

The line `{"id": …, "policies": ["<Policy …>", …], "request": {…} or "<Request …>"}` is answered
with `{"id": …, "response": {…}}`, in the JSON profile's notation, or `{"id": …, "error": "…"}`.
"""

from __future__ import annotations

import json
from datetime import datetime

from fullmakt.access.policy.context.errors import ContextRefused
from fullmakt.access.policy.context.evaluation import Evaluator
from fullmakt.access.policy.context.json_members import Node
from fullmakt.access.policy.context.json_responses import response_as_json
from fullmakt.access.policy.errors import PolicyRefused
from fullmakt.foundation.terms.members import read_json


def answer_case(evaluator: Evaluator, line: bytes, *, at: datetime) -> bytes:
    """The line that answers a line, without its end. Whatever is wrong is told in it."""
    answer = _answer(evaluator, line, at)
    try:
        written = json.dumps(answer, ensure_ascii=False, allow_nan=False)
    except ValueError:
        # What is answered is JSON whatever was asked; only the id is the asker's own.
        why = "id: a number is larger than any double, so it cannot be answered with"
        written = json.dumps({"id": None, "error": why})
    return written.encode()


def _answer(evaluator: Evaluator, line: bytes, at: datetime) -> dict[str, object]:
    try:
        value = read_json(line)
    except ValueError as fault:
        return {"id": None, "error": f"the line is not JSON: {fault}"}
    case_id = value.get("id") if isinstance(value, dict) else None
    try:
        return {"id": case_id, "response": _answered(evaluator, value, at)}
    except (ContextRefused, PolicyRefused) as refused:
        return {"id": case_id, "error": str(refused)}


def _answered(evaluator: Evaluator, value: object, at: datetime) -> dict[str, object]:
    members = Node("case", value).members(
        "id", "policies", "request", needs=("policies", "request")
    )
    if not isinstance(members["policies"].value, list):
        raise members["policies"].wrong("an array of texts")
    policies = [each.text() for each in members["policies"].items()]
    request = members["request"].value
    if not isinstance(request, str | dict):
        raise members["request"].wrong("a request as an object or as text")
    return response_as_json(evaluator.evaluate(policies, request, at=at))
