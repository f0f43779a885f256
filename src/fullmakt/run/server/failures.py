"""What the web toolkit refuses by itself, and faults of our own, answered in documented shapes.

A path that leads nowhere, a method that is not served, a parameter that cannot be read; and any
exception that nobody expected, which is logged under the correlation id and told as a bare 500.
"""

from __future__ import annotations

import logging
import re
from http import HTTPStatus
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandlersMap

from fullmakt.foundation.http.doors import answer_problem, trace_of
from fullmakt.foundation.terms.problem import InvalidInput, PlainProblem, Problem

_logger = logging.getLogger(__name__)
_BODY = "$"
_MISSING = re.compile(r"Missing required \w+ parameter '([^']+)'")


def problem_of(request: Request[Any, Any, Any], refused: HTTPException) -> Problem:
    """The problem that a refusal of the toolkit's is."""
    if isinstance(refused, ValidationException):
        return InvalidInput(_member_errors(request, refused))
    status = refused.status_code
    if status == HTTPStatus.BAD_REQUEST:
        return InvalidInput({_BODY: (f"{refused.detail}.",)})
    where = f"`{request.method} {request.url.path}`"
    details = {
        HTTPStatus.NOT_FOUND: f"{where} leads nowhere",
        HTTPStatus.METHOD_NOT_ALLOWED: f"{where} is not served; another method may be",
    }
    return PlainProblem(
        status, HTTPStatus(status).phrase, details.get(HTTPStatus(status), refused.detail)
    )


def _member_errors(
    request: Request[Any, Any, Any], refused: ValidationException
) -> dict[str, tuple[str, ...]]:
    missing = _MISSING.search(refused.detail)
    if missing:
        return {missing[1]: (f"The {missing[1]} field is required.",)}
    errors: dict[str, tuple[str, ...]] = {}
    for each in refused.extra if isinstance(refused.extra, list) else []:
        name = str(each.get("key", _BODY))
        given = request.query_params.get(name, request.path_params.get(name))
        text = str(each.get("message", "not valid"))
        errors[name] = (text if given is None else f"The value '{given}' is not valid.",)
    return errors or {_BODY: ("The request cannot be read.",)}


def _answer_refused(request: Request[Any, Any, Any], refused: HTTPException) -> Response[bytes]:
    answer = answer_problem(request, problem_of(request, refused))
    answer.headers.update(refused.headers or {})
    return answer


def _answer_fault(request: Request[Any, Any, Any], fault: Exception) -> Response[bytes]:
    trace = trace_of(request)
    _logger.error(
        "no answer to %s %s, trace %s",
        request.method,
        request.url.path,
        trace.correlation,
        exc_info=fault,
    )
    return answer_problem(request, PlainProblem(500, "Internal Server Error"))


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    Problem: answer_problem,
    HTTPException: _answer_refused,
    Exception: _answer_fault,
}
