"""A small application for tests: the routes of one room over a world, as the house serves them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import msgspec
import pytest
from litestar import Litestar, Request, Router
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.testing import TestClient
from litestar.types import ASGIApp, Receive, Scope, Send

from fullmakt.access.catalog.service import load_catalog
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.bearer.service import BearerCheck
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.doors import answer_problem, caller_of, trace_of
from fullmakt.foundation.http.traces import new_trace
from fullmakt.foundation.jose.keys import PrivateKey, PublicKey
from fullmakt.foundation.jose.tokens import sign
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.problem import Problem
from fullmakt.services.apps.definition import AppDirectory
from fullmakt.services.tax.submission import VAT_APP
from tests.engines import PostgresServer
from tests.worlds import START, TestClock, new_database

BASE = "http://fullmakt.test"
ISSUER = "https://issuer.test/"


@cache
def signing_key() -> PrivateKey:
    return PrivateKey.generate()


class OneKey:
    """The source of one key, for every issuer."""

    def find(self, kid: str) -> PublicKey | None:
        """The key, if that is its id."""
        return signing_key().public if kid == signing_key().kid else None


@dataclass(slots=True)
class SmallHouse:
    """What a request brings with it."""

    bearer: BearerCheck


def bearer_check(issuers: Sequence[str] = (ISSUER,)) -> BearerCheck:
    return BearerCheck(dict.fromkeys(issuers, OneKey()), audiences=frozenset(), clock=TestClock())


def token(*scopes: str, **claims: object) -> str:
    """A token that holds, with these scopes; claims may replace what it has."""
    expires = int((START + timedelta(minutes=2)).timestamp())
    content = {"iss": ISSUER, "exp": expires, "scope": " ".join(scopes), **claims}
    return sign(msgspec.json.encode(content), signing_key())


def authorized(*scopes: str, **claims: object) -> dict[str, str]:
    """The header of a caller with these scopes."""
    return {"Authorization": f"Bearer {token(*scopes, **claims)}"}


@dataclass(slots=True)
class _InHouse:
    """Brings the house and a trace into every request."""

    app: ASGIApp
    house: SmallHouse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        entries: dict[str, Any] = scope  # type: ignore[assignment]
        entries["fullmakt.house"], entries["fullmakt.trace"] = self.house, new_trace()
        await self.app(scope, receive, send)


def served(
    routes: Sequence[HTTPRouteHandler], database: Database, bearer: BearerCheck | None = None
) -> TestClient[Any]:
    """A client of an application with these routes."""
    given: dict[str, object] = {
        "database": database,
        "catalog": load_catalog(),
        "addresses": Addresses(BASE),
        "profile": "test",
        "apps": AppDirectory([VAT_APP]),
    }
    app = Litestar(
        # In one router: see `run/server/assembly.py`.
        route_handlers=[Router("/", route_handlers=list(routes))],
        dependencies={
            **{name: _given(value) for name, value in given.items()},
            "caller": Provide(_caller, sync_to_thread=False),
            "correlation": Provide(_correlation, sync_to_thread=False),
        },
        exception_handlers={Problem: answer_problem},
        openapi_config=None,
        logging_config=None,
    )
    house = SmallHouse(bearer or bearer_check())
    return TestClient(_InHouse(app, house), base_url=BASE)


def _caller(request: Request[Any, Any, Any]) -> Caller:
    return caller_of(request)


def _correlation(request: Request[Any, Any, Any]) -> str:
    return trace_of(request).correlation


def _given(value: object) -> Provide:
    def provide() -> Any:  # noqa: ANN401
        return value

    return Provide(provide, sync_to_thread=False)


@contextmanager
def shared_database(
    request: pytest.FixtureRequest, folder: pytest.TempPathFactory
) -> Iterator[Database]:
    """An empty world for a module of tests that only read, on the engine that `request` names."""
    with ExitStack() as opened:
        if request.param == "sqlite":
            url = f"sqlite:///{folder.mktemp('shared') / 'test.sqlite'}"
        else:
            server: PostgresServer = request.getfixturevalue("postgres")
            url = server.url(opened.enter_context(server.database()))
        database = new_database(url)
        opened.callback(database.close)
        yield database
