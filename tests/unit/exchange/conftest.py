"""A token house with an exchange in it, spoken to over HTTP in process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from litestar import Litestar, Request
from litestar.di import Provide
from litestar.testing import TestClient

from fullmakt.foundation.bearer.service import BearerCheck
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.doors import answer_problem
from fullmakt.foundation.http.traces import new_trace
from fullmakt.foundation.terms.problem import Problem
from fullmakt.identity.exchange import routes as exchange_routes
from fullmakt.identity.exchange.service import Exchange
from fullmakt.identity.maskinporten import routes as maskinporten_routes
from tests.unit.maskinporten.token_house import (
    ISSUER,
    TokenHouse,
    a_grant,
    token_house,
)

BASE = "http://127.0.0.1:8080"
ALTINN_ISSUER = f"{BASE}/authentication/api/v1/openid/"


@dataclass(frozen=True)
class ExchangeHouse:
    tokens: TokenHouse
    client: TestClient[Litestar]

    def token(self, **claims: object) -> str:
        """A Maskinporten token for a grant with these claims."""
        answer = self.tokens.ask(a_grant(**claims))
        assert answer.status == 200, answer.body
        return str(answer.body["access_token"])

    def exchange(
        self,
        compact: str | None,
        *,
        provider: str = "maskinporten",
        headers: Mapping[str, str] | None = None,
        **query: str,
    ) -> Any:  # noqa: ANN401  httpx's answer
        bearer = {} if compact is None else {"authorization": f"Bearer {compact}"}
        return self.client.get(
            f"/authentication/api/v1/exchange/{provider}",
            headers={"accept": "*/*", **bearer, **(headers or {})},
            params=query,
        )


def _answer(request: Request[Any, Any, Any], problem: Problem) -> Any:  # noqa: ANN401
    request.scope["fullmakt.trace"] = new_trace()  # type: ignore[typeddict-unknown-key]
    return answer_problem(request, problem)


@pytest.fixture
def house(place_url: str) -> Iterator[ExchangeHouse]:
    addresses = Addresses(BASE)
    with token_house(place_url) as tokens:
        bearer = BearerCheck(
            {
                ISSUER: tokens.keys.source("maskinporten"),
                ALTINN_ISSUER: tokens.keys.source("altinn"),
            },
            audiences=frozenset({BASE}),
            clock=tokens.clock,
        )
        exchange = Exchange(
            database=tokens.database,
            bearer=bearer,
            signing_keys=tokens.keys,
            machine_clock=tokens.clock,
            trusted_issuers={ISSUER},
        )
        application = Litestar(
            [*exchange_routes.ROUTES, *maskinporten_routes.ROUTES],
            dependencies={
                "addresses": Provide(lambda: addresses, sync_to_thread=False),
                "exchange": Provide(lambda: exchange, sync_to_thread=False),
                "signing_keys": Provide(lambda: tokens.keys, sync_to_thread=False),
            },
            exception_handlers={Problem: _answer},
        )
        with TestClient(application) as client:
            yield ExchangeHouse(tokens, client)
