"""The form of a token request (RFC 6749 section 3.2, RFC 7523 section 2.1), with an assertion."""

from __future__ import annotations

from urllib.parse import quote, unquote_plus

from fullmakt.identity.maskinporten.errors import (
    MissingParameter,
    RepeatedParameter,
    UnreadableRequest,
    UnsupportedGrantType,
)
from fullmakt.identity.maskinporten.model import JWT_BEARER

_FORM = "application/x-www-form-urlencoded"
_JWT_BEARER_ESCAPED = quote(JWT_BEARER, safe="")
_SHOWN = 80


def read_form(content_type: str, body: bytes) -> str:
    """The assertion in a form; parameters nobody asked for are passed over.

    Raises: UnreadableRequest, MissingParameter, RepeatedParameter, UnsupportedGrantType.
    """
    if content_type.partition(";")[0].strip().lower() != _FORM:
        raise UnreadableRequest(what=f"content type must be {_FORM}: `{content_type[:_SHOWN]}`")
    found: dict[str, str] = {}
    try:
        for pair in body.decode().split("&"):
            name, _, value = pair.partition("=")
            name = _plain(name)
            if name in {"grant_type", "assertion"}:
                if name in found:
                    raise RepeatedParameter(name=name)
                found[name] = _plain(value)
    except UnicodeDecodeError:
        raise UnreadableRequest(what="the form is not UTF-8") from None
    # RFC 6749 section 3.2: a parameter without a value counts as left out.
    for name in ("grant_type", "assertion"):
        if not found.get(name):
            raise MissingParameter(name=name)
    if found["grant_type"] != JWT_BEARER:
        detail = f"`grant_type` must be `{JWT_BEARER}`"
        raise UnsupportedGrantType(detail, grant_type=f"`{found['grant_type'][:_SHOWN]}`")
    return found["assertion"]


def _plain(text: str) -> str:
    if "%" not in text and "+" not in text:
        return text
    # SPEED: every request names the same grant type (benchmarks/token.py).
    return JWT_BEARER if text == _JWT_BEARER_ESCAPED else unquote_plus(text, errors="strict")
