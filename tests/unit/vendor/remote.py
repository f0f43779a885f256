"""The other side of the network: answers by method and path, and what was asked of it.

It stands where the real servers would. Its answers have the shapes of Altinn's, Maskinporten's and
Skatteetaten's public documentation.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import httpx

from fullmakt.foundation.jose.keys import PrivateKey, PublicKey
from fullmakt.foundation.jose.tokens import read_token, sign
from fullmakt.vendor import ClientKey, Environment, GivenToken, Transport

BASE = "http://127.0.0.1:8080"
ENVIRONMENT = Environment.local(BASE)
CLIENT_ID = "fc9a8287-9a37-4a6c-9b0b-1a0a4b1f6c11"
AT = datetime(2026, 9, 1, 10, 0, tzinfo=UTC)
TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
KEY = ClientKey.generate(kid="vendor-key")
ALTINN_KEY = PrivateKey.generate(kid="altinn-key")
Reply = httpx.Response | Exception | Callable[[httpx.Request], httpx.Response]


class Remote:
    """Answers each method and path with the replies given for it; the last one is repeated."""

    def __init__(self) -> None:
        self.asked: list[httpx.Request] = []
        self._replies: defaultdict[tuple[str, str], list[Reply]] = defaultdict(list)
        self.http = httpx.Client(transport=httpx.MockTransport(self.handle))

    def on(self, method: str, path: str, *replies: Reply) -> None:
        self._replies[method, path] += replies

    def handle(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        replies = self._replies.get((request.method, request.url.path))
        if not replies:
            return httpx.Response(501, text=f"{request.method} {request.url.path} is not prepared")
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if isinstance(reply, Exception):
            raise reply
        if callable(reply):
            return reply(request)
        return httpx.Response(reply.status_code, headers=reply.headers, content=reply.content)

    def transport(self, compact: str = "a-token") -> Transport:
        return Transport(ENVIRONMENT, GivenToken.of(compact), http=self.http)

    @property
    def last(self) -> httpx.Request:
        return self.asked[-1]

    @property
    def last_json(self) -> dict:
        return json.loads(self.last.content)


class MovableClock:
    """A clock that stands still until it is moved."""

    def __init__(self, at: datetime = AT) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def advance(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def token_answer(access_token: str = "maskinporten-token", *, lasts_s: int = 120) -> httpx.Response:
    return httpx.Response(
        200,
        json={
            "access_token": access_token,
            "token_type": "Bearer",
            "expires_in": lasts_s,
            "scope": "altinn:instances.read",
        },
    )


def altinn_token(*, lasts_s: int = 1800, issued: datetime = AT) -> str:
    issued_s = int(issued.timestamp())
    claims = {"iss": f"{BASE}/authentication/api/v1/openid/", "iat": issued_s}
    return sign(json.dumps({**claims, "exp": issued_s + lasts_s}).encode(), ALTINN_KEY, kind="JWT")


def grant_of(request: httpx.Request, key: PublicKey | None = None) -> dict:
    """The verified claims of the grant in a token request."""
    form = parse_qs(request.content.decode())
    return dict(read_token(form["assertion"][0]).verify(key or PublicKey.from_jwk(KEY.public_jwk)))


def problem(code: str, status: int, title: str, **extensions: object) -> httpx.Response:
    return httpx.Response(
        status,
        headers={"Content-Type": "application/problem+json"},
        json={
            "type": f"urn:altinn:error:{code}",
            "title": title,
            "status": status,
            "code": code,
            "traceId": TRACE,
            **extensions,
        },
    )


def plain_problem(status: int, title: str, **members: object) -> httpx.Response:
    return httpx.Response(
        status,
        headers={"Content-Type": "application/problem+json"},
        json={"type": "about:blank", "title": title, "status": status, **members},
    )


def refused(status: int, error: str, reason: str) -> httpx.Response:
    challenge = f'Bearer error="{error}", error_description="{reason}"'
    return httpx.Response(status, headers={"WWW-Authenticate": challenge})
