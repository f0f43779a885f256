"""A small world around the apps: a database, tokens that are signed, and a decision point far away.

The decision point is the one thing that stands across a network, so here it is a value that reads
the XACML question it gets and answers in XACML from a list of what is permitted.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any
from uuid import UUID

from litestar import Litestar, Request
from litestar.di import Provide
from litestar.testing import TestClient

from fullmakt.access.parties.model import NewOrganization
from fullmakt.access.parties.service import add_organization
from fullmakt.foundation.bearer.service import BearerCheck
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.doors import answer_problem, caller_of, trace_of
from fullmakt.foundation.http.traces import RequestTrace, read_trace
from fullmakt.foundation.jose.keys import PrivateKey, PublicKey
from fullmakt.foundation.jose.tokens import sign
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import Problem
from fullmakt.services.apps import routes as app_routes
from fullmakt.services.apps.definition import App, AppDirectory
from fullmakt.services.apps.errors import DecisionPointUnreachable
from fullmakt.services.tax import routes as tax_routes
from tests.worlds import TestClock

ADDRESSES = Addresses("http://house.test")
BAKERY = OrganizationNumber("312400014")
PLUMBER = OrganizationNumber("312400138")
VENDOR = OrganizationNumber("312300109")
ACCOUNTANT = OrganizationNumber("312300028")
SYSTEM_USER = UUID("ab37a780-c0ba-5841-8f64-a809b36991af")
PARTY_IDS = {BAKERY: 51000005, PLUMBER: 51000006, ACCOUNTANT: 51000001}
INSTANCE_SCOPES = "altinn:instances.read altinn:instances.write"
ALL_ACTIONS = ("instantiate", "read", "write", "confirm", "complete", "delete")

_OK = "urn:oasis:names:tc:xacml:1.0:status:ok"


@cache
def signing_key() -> PrivateKey:
    return PrivateKey.generate(kid="test")


class OneKey:
    def find(self, kid: str) -> PublicKey | None:
        return signing_key().public if kid == "test" else None


def obligation(level: str) -> dict[str, Any]:
    return {
        "id": "urn:altinn:obligation:authenticationLevel1",
        "attributeAssignment": [
            {
                "attributeId": "urn:altinn:obligation-assignment:1",
                "value": level,
                "category": "urn:altinn:minimum-authenticationlevel",
                "dataType": "http://www.w3.org/2001/XMLSchema#integer",
                "issuer": None,
            }
        ],
    }


def an_answer(
    decision: str, *, status: str = _OK, obligations: list[dict[str, Any]] | None = None
) -> bytes:
    code = {"value": status, "statusCode": None}
    result = {
        "decision": decision,
        "status": {"statusMessage": None, "statusDetails": None, "statusCode": code},
        "obligations": obligations,
        "associateAdvice": None,
        "category": None,
        "policyIdentifierList": None,
    }
    return json.dumps({"response": [result]}).encode()


@dataclass(slots=True)
class FarDecisionPoint:
    """Permits what is in `permitted`: (subject, action, organisation number)."""

    permitted: set[tuple[str, str, str]] = field(default_factory=set)
    level: str = "3"
    is_down: bool = False
    traces: list[str] = field(default_factory=list)

    def permit(
        self, party: OrganizationNumber, *actions: str, subject: object = SYSTEM_USER
    ) -> None:
        self.permitted |= {
            (str(subject), action, party.digits) for action in actions or ALL_ACTIONS
        }

    def __call__(self, question: bytes, trace: RequestTrace) -> bytes:
        if self.is_down:
            raise DecisionPointUnreachable("the decision point did not answer")
        self.traces.append(trace.correlation)
        asked = json.loads(question)["Request"]
        subject, action = (_values(asked[name])[0] for name in ("AccessSubject", "Action"))
        resource, party = _values(asked["Resource"])
        if not resource.startswith("app_"):
            return an_answer("Indeterminate", status="urn:oasis:status:processing-error")
        if (subject, action, party) in self.permitted:
            return an_answer("Permit", obligations=[obligation(self.level)])
        return an_answer("NotApplicable")


def _values(categories: list[dict[str, Any]]) -> list[str]:
    return [attribute["Value"] for attribute in categories[0]["Attribute"]]


def a_token(
    clock: TestClock,
    *,
    scopes: str = INSTANCE_SCOPES,
    issuer: str = ADDRESSES.altinn_issuer,
    is_system_users: bool = True,
    is_persons: bool = False,
    **claims: object,
) -> str:
    details = {
        "type": "urn:altinn:systemuser",
        "systemuser_org": {"authority": "iso6523-actorid-upis", "ID": ACCOUNTANT.iso6523},
        "systemuser_id": [str(SYSTEM_USER)],
        "system_id": "312300109_maestro",
    }
    person = {
        "urn:altinn:userid": 20000008,
        "urn:altinn:partyid": 52000008,
        "urn:altinn:party:uuid": "1b70700e-8e12-565a-8c3d-b0c806509d0f",
    }
    vendor = {"consumer": {"authority": "iso6523-actorid-upis", "ID": VENDOR.iso6523}}
    body = {
        "iss": issuer,
        "scope": scopes,
        "exp": int((clock.now() + timedelta(minutes=2)).timestamp()),
        "urn:altinn:authlevel": "3",
        **({} if is_persons else vendor),
        **({"authorization_details": details} if is_system_users and not is_persons else {}),
        **(person if is_persons else {}),
        **claims,
    }
    return sign(json.dumps(body).encode(), signing_key())


@dataclass(slots=True)
class AppWorld:
    """One database, one clock, one decision point, and a client in front of the apps."""

    database: Database
    clock: TestClock
    decisions: FarDecisionPoint
    client: TestClient[Any]

    def headers(self, **token: Any) -> dict[str, str]:  # noqa: ANN401  as `a_token` takes them
        return {"Authorization": f"Bearer {a_token(self.clock, **token)}"}


@contextmanager
def an_app_world(database: Database, clock: TestClock, apps: Iterable[App]) -> Iterator[AppWorld]:
    register_organizations(database)
    decisions = FarDecisionPoint()
    application = _application(database, apps, decisions)
    issuers = {ADDRESSES.altinn_issuer: OneKey(), ADDRESSES.maskinporten_issuer: OneKey()}
    house = _Doorkeeper(BearerCheck(issuers, audiences=frozenset(), clock=clock))

    async def with_house(scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401  ASGI's own
        if scope["type"] == "http":
            scope["fullmakt.house"] = house
            scope["fullmakt.trace"] = read_trace(scope["headers"])
        await application(scope, receive, send)

    # The client runs `with_house`, which is all of the application that it looks at.
    with TestClient(with_house) as client:
        yield AppWorld(database, clock, decisions, client)


@dataclass(frozen=True, slots=True)
class _Doorkeeper:
    bearer: BearerCheck


def _application(database: Database, apps: Iterable[App], decisions: FarDecisionPoint) -> Litestar:
    directory = AppDirectory(apps)

    def provide_caller(request: Request[Any, Any, Any]) -> Any:  # noqa: ANN401
        return caller_of(request)

    def provide_trace(request: Request[Any, Any, Any]) -> Any:  # noqa: ANN401
        return trace_of(request)

    provided: dict[str, Callable[..., Any]] = {
        "database": lambda: database,
        "addresses": lambda: ADDRESSES,
        "apps": lambda: directory,
        "ask_decision": lambda: decisions,
        "caller": provide_caller,
        "trace": provide_trace,
    }
    return Litestar(
        [*tax_routes.ROUTES, *app_routes.ROUTES],
        dependencies={
            name: Provide(provide, sync_to_thread=False) for name, provide in provided.items()
        },
        exception_handlers={Problem: answer_problem},
        openapi_config=None,
        logging_config=None,
    )


def register_organizations(database: Database) -> None:
    names = {BAKERY: "FJORDGLØTT BAKERI AS", PLUMBER: "NORDLYS RØR", ACCOUNTANT: "RETT REVISJON"}
    with database.authority(actor="test", correlation="test") as work:
        for number, party_id in PARTY_IDS.items():
            new = NewOrganization(number, names[number], "AS", UUID(int=party_id), party_id)
            add_organization(work, new)
