"""Every call of requests, change requests and system users, with every token that does not fit it.

The table says which scope each call wants; a call that is not in it fails the test of completeness.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta

import httpx

from fullmakt.systems.requests import routes as requests
from fullmakt.systems.system_register import routes as system_register
from fullmakt.systems.system_users import routes as system_users
from tests.api.systems_world import (
    CLIENTS_READ,
    CLIENTS_WRITE,
    LOOKUP,
    PLATFORM,
    PORTAL,
    REGISTER_SCOPE,
    REQUEST_READ,
    REQUEST_WRITE,
    World,
    bearer,
    reason,
)

ADMIN = "altinn:authentication/systemuser.admin"
VENDOR_REQUESTS = "systemuser/request/vendor"
CHANGES = "systemuser/changerequest"
AGENTS = "systemuser/agent/{party}"
TRIPLE = "{system_id}/{party}/{external_ref}"

BY_SCOPE: Mapping[str, tuple[str, ...]] = {
    REQUEST_WRITE: (
        f"POST {VENDOR_REQUESTS}",
        f"POST {VENDOR_REQUESTS}/agent",
        f"DELETE {VENDOR_REQUESTS}/{{request_id}}",
        f"POST {CHANGES}/vendor",
        f"DELETE {CHANGES}/vendor/{{request_id}}",
        "GET systemuser/vendor/byquery",
    ),
    REQUEST_READ: (
        f"GET {VENDOR_REQUESTS}/{{request_id}}",
        f"GET {VENDOR_REQUESTS}/agent/{{request_id}}",
        f"GET {VENDOR_REQUESTS}/byexternalref/{TRIPLE}",
        f"GET {VENDOR_REQUESTS}/agent/byexternalref/{TRIPLE}",
        f"GET {VENDOR_REQUESTS}/bysystem/{{system_id}}",
        f"GET {VENDOR_REQUESTS}/agent/bysystem/{{system_id}}",
        f"GET {CHANGES}/vendor/{{request_id}}",
        f"GET {CHANGES}/vendor/byexternalref/{TRIPLE}",
        f"GET {CHANGES}/vendor/bysystem/{{system_id}}",
    ),
    PORTAL: (
        "GET systemuser/request/{request_id}",
        "GET systemuser/request/agent/{request_id}",
        "POST systemuser/request/{party}/{request_id}/approve",
        "POST systemuser/request/agent/{party}/{request_id}/approve",
        "POST systemuser/request/{party}/{request_id}/escalate",
        "POST systemuser/request/agent/{party}/{request_id}/escalate",
        "GET systemuser/request/{party}/{number}/pending",
        "GET systemuser/request/agent/{party}/{number}/pending",
        "GET systemregister",
        "GET systemregister/{system_id}",
        "GET systemregister/{system_id}/rights",
        "GET systemregister/{system_id}/accesspackages",
    ),
    REGISTER_SCOPE: (
        "GET systemuser/vendor/bysystem/{system_id}",
        "POST systemregister/vendor",
        "GET systemregister/vendor",
        "GET systemregister/vendor/{system_id}",
        "PUT systemregister/vendor/{system_id}",
        "PUT systemregister/vendor/{system_id}/rights",
        "PUT systemregister/vendor/{system_id}/accesspackages",
        "DELETE systemregister/vendor/{system_id}",
        "GET systemregister/vendor/{system_id}/changelog",
    ),
    LOOKUP: ("GET systemuser/byExternalId",),
    ADMIN: (
        "GET systemuser/internal/systemusers/stream",
        "GET systemuser/internal/systemusers/{system_user}",
    ),
    CLIENTS_READ: (
        "GET enduser/systemuser/agents",
        "GET enduser/systemuser/clients/available",
        "GET enduser/systemuser/clients",
        "GET enduser/systemuser/clients/search",
    ),
    CLIENTS_WRITE: (
        "POST enduser/systemuser/clients",
        "DELETE enduser/systemuser/clients",
        "POST enduser/systemuser/clients/bulk/add",
        "POST enduser/systemuser/clients/bulk/remove",
        "POST enduser/systemuser/clients/copy",
    ),
}
ASKED_OF_THE_DECISION_POINT = (
    "GET systemuser/request/{party}/{request_id}",
    "GET systemuser/request/agent/{party}/{request_id}",
    "POST systemuser/request/{party}/{request_id}/reject",
    "POST systemuser/request/agent/{party}/{request_id}/reject",
    f"GET {CHANGES}/{{request_id}}",
    f"GET {CHANGES}/{{party}}/{{request_id}}",
    f"POST {CHANGES}/{{party}}/{{request_id}}/approve",
    f"POST {CHANGES}/{{party}}/{{request_id}}/reject",
    "GET systemuser/{party}",
    "GET systemuser/{party}/{system_user}",
    "DELETE systemuser/{party}/{system_user}",
    "GET systemuser/{party}/{system_user}/delegations",
    "POST systemuser/{party}/create",
    "PUT systemuser",
    f"GET {AGENTS}",
    f"GET {AGENTS}/clients",
    f"GET {AGENTS}/{{facilitator}}/{{system_user}}/delegations",
    f"POST {AGENTS}/{{system_user}}",
    f"DELETE {AGENTS}/{{system_user}}",
    f"DELETE {AGENTS}/{{system_user}}/client",
    f"GET {AGENTS}/{{system_user}}/self",
    f"POST {AGENTS}/{{system_user}}/self",
    f"DELETE {AGENTS}/{{system_user}}/self",
)
SCOPES = {call: scope for scope, calls in BY_SCOPE.items() for call in calls}
CALLS = sorted([*SCOPES, *ASKED_OF_THE_DECISION_POINT])


def ask(world: World, call: str, headers: dict[str, str]) -> httpx.Response:
    method, _, path = call.partition(" ")
    filled = path.replace("{party}", "51000002")
    filled = re.sub(r"\{\w+\}", "505f8488-3d48-4c15-8e21-35cb9432f815", filled)
    return world.http.request(method, f"{PLATFORM}/{filled}", headers=headers)


def test_the_table_has_every_call_and_no_other() -> None:
    rooms = (requests, system_users, system_register)
    served = {
        f"{method} {re.sub(':str', '', path).removeprefix(f'{PLATFORM}/')}"
        for room in rooms
        for route in room.ROUTES
        for path in route.paths
        for method in route.http_methods
        if method != "OPTIONS"
    }

    assert set(CALLS) == served
    assert len(CALLS) == len(set(CALLS))


def test_no_call_is_answered_without_a_token_that_holds(world: World) -> None:
    expired = bearer(world.token(PORTAL, lives=timedelta(minutes=-1)))
    foreign = bearer(world.token(PORTAL, claims={"iss": "https://elsewhere.example/"}))
    elsewhere = bearer(world.token(PORTAL, claims={"aud": "https://elsewhere.example/"}))
    broken = bearer(world.token(PORTAL)[:-8] + "AAAAAAAA")
    tokens = {
        "a bearer token is needed": {},
        "expired": expired,
        "the issuer is not trusted here": foreign,
        "audience": elsewhere,
        "the token does not hold": broken,
    }

    wrong = [
        (call, why, answer.status_code, answer.headers.get("www-authenticate"))
        for call in CALLS
        for why, headers in tokens.items()
        if (answer := ask(world, call, headers)).status_code != 401 or why not in reason(answer)
    ]

    assert wrong == []


def test_no_call_is_answered_without_its_scope(world: World) -> None:
    every = [*BY_SCOPE, "altinn:instances.read"]

    wrong = [
        (call, answer.status_code, answer.headers.get("www-authenticate"))
        for call, scope in SCOPES.items()
        for others in [[each for each in every if each != scope]]
        if (answer := ask(world, call, world.vendor(*others))).status_code != 403
        or f"the token needs scope {scope}" not in reason(answer)
    ]

    assert wrong == []


def test_no_vendor_gets_what_the_decision_point_is_asked_about(world: World) -> None:
    every = world.vendor(*BY_SCOPE)

    let_in = [
        (call, answer.status_code)
        for call in ASKED_OF_THE_DECISION_POINT
        if (answer := ask(world, call, every)).status_code < 400
    ]

    assert let_in == []
