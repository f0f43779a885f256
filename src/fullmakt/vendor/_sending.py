"""Sends the requests of flows over httpx, in the calling thread."""

from __future__ import annotations

import httpx

from fullmakt.vendor._exceptions import Unreachable
from fullmakt.vendor._flow import JSON, Request

TIMEOUT_S = 30.0


def new_http() -> httpx.Client:
    """A client as the SDK makes it where none is given."""
    return httpx.Client(timeout=TIMEOUT_S)


def send(
    http: httpx.Client, request: Request, *, authorization: str | None = None
) -> httpx.Response:
    """The answer to `request`, read to its end. Redirects are not followed. Raises: Unreachable."""
    headers = {"Accept": JSON, **request.headers}
    if authorization is not None:
        headers["Authorization"] = authorization
    built = http.build_request(
        request.method,
        request.url,
        params=dict(request.params) or None,
        headers=headers,
        json=request.json,
        data=request.form,
        content=request.content,
        timeout=httpx.USE_CLIENT_DEFAULT if request.timeout_s is None else request.timeout_s,
    )
    # INVARIANT: the token alone says who calls. Altinn lets a session cookie win over it, and the
    # cookie may have come with another system user's answer.
    built.headers.pop("Cookie", None)
    try:
        # INVARIANT: a token or grant goes only to the address the request names, so a redirect
        # is an answer like any other.
        return http.send(built, auth=None, follow_redirects=False)
    except httpx.HTTPError as fault:
        # The fault's own text is left out where it may quote what was sent.
        why = "" if isinstance(fault, httpx.LocalProtocolError) else f" {fault}"
        kind = type(fault).__name__
        raise Unreachable(f"no answer from `{request.url}`: {kind}{why}".rstrip()) from None
