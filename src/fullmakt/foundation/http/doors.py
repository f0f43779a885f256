"""The door of every Litestar route: who is calling, with which scopes, in which trace.

Who may do what is decided by the rooms; here stands what the token alone can tell.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

from litestar import Response
from litestar.connection import ASGIConnection

from fullmakt.foundation.http.bodies import write_body
from fullmakt.foundation.http.problems import write_problem
from fullmakt.foundation.terms.problem import NotAuthorized, TextProblem

if TYPE_CHECKING:
    from collections.abc import Callable

    from litestar import Request
    from litestar.handlers import BaseRouteHandler

    from fullmakt.foundation.bearer.model import Caller
    from fullmakt.foundation.bearer.service import BearerCheck
    from fullmakt.foundation.http.traces import RequestTrace
    from fullmakt.foundation.terms.problem import Problem

_COOKIE = re.compile(r"(?:^|;)\s*AltinnStudioRuntime=\"?([^;\"]+)")
AnyConnection: TypeAlias = ASGIConnection[Any, Any, Any, Any]
Guard: TypeAlias = "Callable[[AnyConnection, BaseRouteHandler], None]"
_JSON = "application/json"
_CHANGES_NOTHING = frozenset({"GET", "HEAD", "OPTIONS"})
_SHOWN = 80
_HOUSE, _TRACE, _CALLER = "fullmakt.house", "fullmakt.trace", "fullmakt.caller"


class Doorkeeper(Protocol):
    """The part of the house that a door needs."""

    @property
    def bearer(self) -> BearerCheck:
        """Verifies tokens."""
        ...


def caller_of(connection: AnyConnection) -> Caller:
    """The caller of this request, verified once.

    A change that a page of another site sends with the browser's cookie is not the caller's own
    (RFC 6454). Raises: NotAuthenticated, NotAuthorized.
    """
    scope = cast("dict[str, Any]", connection.scope)
    if _CALLER not in scope:
        headers = connection.headers
        if scope["method"] not in _CHANGES_NOTHING and _COOKIE.search(headers.get("cookie", "")):
            _check_origin(headers.get("origin"), host=headers.get("host", ""))
        scope[_CALLER] = caller_from_headers(
            cast("Doorkeeper", scope[_HOUSE]).bearer,
            authorization=headers.get("authorization"),
            cookie=headers.get("cookie"),
        )
    return cast("Caller", scope[_CALLER])


def _check_origin(origin: str | None, *, host: str) -> None:
    # A program that is no browser sends none.
    if origin is not None and origin.partition("://")[2].lower() != host.lower():
        message = f"a page of `{origin[:_SHOWN]}` may not change anything here with a cookie"
        raise NotAuthorized(message)


def caller_from_headers(
    bearer: BearerCheck, *, authorization: str | None, cookie: str | None
) -> Caller:
    """The caller that a request's headers tell of. Raises: NotAuthenticated.

    QUIRK: the cookie wins over the `Authorization` header, as in the original.
    """
    found = _COOKIE.search(cookie) if cookie else None
    return bearer.caller(found[1]) if found else bearer.caller_from_header(authorization)


def trace_of(connection: AnyConnection) -> RequestTrace:
    """The trace of this request."""
    return cast("RequestTrace", cast("dict[str, Any]", connection.scope)[_TRACE])


@dataclass(frozen=True, slots=True)
class ScopeGuard:
    """A guard that wants a token with one of the `accepted` scopes."""

    accepted: tuple[str, ...]

    def __call__(self, connection: AnyConnection, _handler: BaseRouteHandler) -> None:
        """Refuse the caller of another. Raises: NotAuthenticated, NotAuthorized."""
        check_scope(caller_of(connection), *self.accepted)


def scope(*accepted: str) -> Guard:
    """A guard that wants a token with one of the `accepted` scopes."""
    return ScopeGuard(accepted)


def authenticated(connection: AnyConnection, _handler: BaseRouteHandler) -> None:
    """A guard that wants a token that holds, whatever its scopes."""
    caller_of(connection)


def check_scope(caller: Caller, *accepted: str) -> None:
    """Refuse a caller with none of the `accepted` scopes. Raises: NotAuthorized."""
    if caller.scopes.isdisjoint(accepted):
        message = f"the token needs scope {' or '.join(accepted)}"
        raise NotAuthorized(message)


def provide_caller(request: Request[Any, Any, Any]) -> Caller:
    """The caller, as a dependency of a route."""
    return caller_of(request)


def provide_correlation(request: Request[Any, Any, Any]) -> str:
    """The correlation id, as a dependency of a route."""
    return trace_of(request).correlation


def answer_problem(request: Request[Any, Any, Any], problem: Problem) -> Response[bytes]:
    """Litestar's exception handler for problems."""
    if isinstance(problem, TextProblem) and _JSON in request.headers.get("accept", ""):
        # SPEC: a line of text is a JSON string to those who ask for JSON.
        return json_answer(problem.text, status=problem.text_status)
    answer = write_problem(problem, trace=trace_of(request))
    headers = dict(answer.headers)
    media_type = headers.pop("content-type", "text/plain")
    # The toolkit adds the encoding to types of text itself.
    media_type = media_type.partition(";")[0] if media_type.startswith("text/") else media_type
    return Response(answer.body, status_code=answer.status, headers=headers, media_type=media_type)


def json_answer(
    value: object,
    *,
    status: int = 200,
    headers: dict[str, str] | None = None,
    is_indented: bool = False,
) -> Response[bytes]:
    """A JSON answer; unset members are left out."""
    return Response(
        write_body(value, is_indented=is_indented),
        status_code=status,
        headers=headers or {},
        media_type="application/json; charset=utf-8",
    )
