"""Who may use the control surface: this machine, no web page, and for changes the secret."""

from __future__ import annotations

import re

import pytest

from fullmakt.run.testworld.routes import ROUTES
from tests.api.control.served import SECRET, Control

Served = tuple[str, str]


def every_call() -> list[Served]:
    """Each method and path of the control surface, with something for every parameter."""
    return sorted(
        (str(method), re.sub(r"\{(\w+):\w+\}", r"\1", path))
        for route in ROUTES
        for path in route.paths
        for method in route.http_methods
        if method not in {"HEAD", "OPTIONS"}
    )


READS = {
    ("GET", "/fullmakt/clock"),
    ("GET", "/fullmakt/events"),
    ("GET", "/fullmakt/explain"),
    ("POST", "/fullmakt/explain"),
    ("GET", "/fullmakt/fallen"),
    ("GET", "/fullmakt/health"),
    ("GET", "/fullmakt/openapi.json"),
    ("GET", "/fullmakt/package"),
    ("GET", "/fullmakt/trace"),
    ("GET", "/fullmakt/what-can"),
    ("POST", "/fullmakt/what-if"),
    ("POST", "/fullmakt/what-if/package"),
    ("POST", "/fullmakt/what-if/role-began"),
    ("POST", "/fullmakt/what-if/role-ended"),
    ("GET", "/fullmakt/who-can"),
    ("GET", "/fullmakt/world"),
}
GENERATOR = {
    ("GET", f"/api/Get{of}Token")
    for of in ("Enterprise", "EnterpriseUser", "Personal", "PlatformAccess", "SystemUser")
}
SECRET_CALLS = sorted(set(every_call()) - READS - GENERATOR)
PLAIN_READS = ["health", "world", "clock", "events", "fallen"]

each_call = pytest.mark.parametrize("method, path", every_call())
each_secret_call = pytest.mark.parametrize("method, path", SECRET_CALLS)


def test_what_is_open_to_those_on_this_machine_is_there() -> None:
    assert set(every_call()) >= READS | GENERATOR
    assert len(SECRET_CALLS) >= 17


@each_secret_call
def test_a_call_without_the_secret_is_refused(control: Control, method: str, path: str) -> None:
    answer = control.stranger.request(method, path)

    assert answer.status_code == 401
    assert "the run's secret is needed" in answer.headers["www-authenticate"]


@each_secret_call
def test_a_call_with_another_secret_is_refused(control: Control, method: str, path: str) -> None:
    wrong = {"authorization": f"Bearer {SECRET}x"}

    answer = control.stranger.request(method, path, headers=wrong)

    assert answer.status_code == 401
    assert "the secret is not that of this run" in answer.headers["www-authenticate"]
    assert SECRET not in str(answer.headers)


@pytest.mark.parametrize("path", PLAIN_READS)
def test_a_read_wants_no_secret(control: Control, path: str) -> None:
    assert control.stranger.get(f"/fullmakt/{path}").status_code == 200


def test_a_persons_session_wants_the_secret(control: Control) -> None:
    answer = control.stranger.get("/fullmakt/people/12837402229/token")

    assert answer.status_code == 401
    assert "the run's secret is needed" in answer.headers["www-authenticate"]


@each_call
def test_a_rebound_name_is_refused(control: Control, method: str, path: str) -> None:
    answer = control.known.request(method, path, headers={"host": "attacker.example"})

    assert answer.status_code == 403
    assert "not to `attacker.example`" in answer.json()["detail"]


@each_call
def test_a_page_of_another_site_is_refused_everywhere(
    control: Control, method: str, path: str
) -> None:
    answer = control.known.request(method, path, headers={"origin": "http://attacker.example"})

    assert answer.status_code == 403
    assert "a page of `http://attacker.example` may not use" in answer.json()["detail"]


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:8080"])
def test_this_machines_own_names_are_answered(control: Control, host: str) -> None:
    assert control.known.get("/fullmakt/health", headers={"host": host}).status_code == 200


@pytest.mark.parametrize("origin", ["http://attacker.example", "null", "http://localhost"])
def test_a_page_of_another_site_is_refused(control: Control, origin: str) -> None:
    answer = control.known.get("/fullmakt/health", headers={"origin": origin})

    assert answer.status_code == 403
    assert f"a page of `{origin}` may not use" in answer.json()["detail"]


def test_a_page_of_this_world_is_answered(control: Control) -> None:
    answer = control.known.get("/fullmakt/health", headers={"origin": control.base})

    assert answer.status_code == 200


def test_a_path_that_leads_nowhere_is_told_as_a_problem(control: Control) -> None:
    answer = control.stranger.get("/fullmakt/nothing")

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["detail"] == "`GET /fullmakt/nothing` leads nowhere"


def test_a_method_that_is_not_served_is_told_as_a_problem(control: Control) -> None:
    answer = control.stranger.delete("/fullmakt/health")

    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]
    assert answer.json()["title"] == "Method Not Allowed"


@pytest.mark.parametrize(
    "path",
    [
        "/fullmakt/health",
        "/fullmakt/health/",
        "/fullmakt/nothing",
        "/maskinporten/token",
        "/authorization/api/v1/authorize",
    ],
)
def test_every_answer_carries_the_correlation_of_its_trace(control: Control, path: str) -> None:
    trace = "4bf92f3577b34da6a3ce929d0e0e4736"
    headers = {"traceparent": f"00-{trace}-00f067aa0ba902b7-01"}

    answer = control.stranger.get(path, headers=headers)

    assert answer.headers.get_list("x-correlation-id") == [trace]
