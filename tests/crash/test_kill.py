"""Kill -9 at any moment loses nothing that was acknowledged, leaves nothing half done, and no gap.

A real server process is killed while threads write to it over HTTP; the next one on the same store
is asked what is there. Every round is another moment.
"""

from __future__ import annotations

import itertools
import json
import random
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import uuid4

import httpx
import pytest

from fullmakt.vendor import ClientKey
from tests.number_series import organization_numbers
from tests.servers import NO_AUTHORITIES, RunningServer, free_port, start_server

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

ROUNDS = 50
WRITERS = 3
_ACCOUNTANT = "312300028"
_GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"


@dataclass(slots=True)
class Acknowledged:
    """What the server said was done."""

    organizations: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    attempted_pairs: set[tuple[str, str]] = field(default_factory=set)
    grants: list[str] = field(default_factory=list)


class Writers:
    """Threads that write until the server is gone."""

    def __init__(self, server: RunningServer, known: Acknowledged, numbers: Iterator[str]) -> None:
        self._server = server
        self._known = known
        self._numbers = numbers
        self._lock = threading.Lock()
        self._faults: list[str] = []
        self._refused: list[str] = []
        self._is_over = threading.Event()
        self._threads = [
            threading.Thread(target=self._write, args=(move,))
            for move in itertools.islice(
                itertools.cycle((self._add_organization, self._add_pair)), WRITERS
            )
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def outlive(self, server: RunningServer) -> None:
        """Kill the server under the writers, and wait for them to notice."""
        self._is_over.set()
        server.kill()
        for thread in self._threads:
            thread.join(timeout=60)
        assert not self._refused, self._refused

    def wait_for_one_of_each(self, *, before: tuple[int, int]) -> None:
        """Return when this round has something to lose, of each kind, however busy the machine."""
        until = time.monotonic() + 60
        while time.monotonic() < until:
            if len(self._known.organizations) > before[0] and len(self._known.pairs) > before[1]:
                return
            if self._refused:
                raise AssertionError(self._refused)
            time.sleep(0.005)
        there = (len(self._known.organizations), len(self._known.pairs))
        message = f"acknowledged {there} after {before} in a minute; writers met {self._faults}"
        raise AssertionError(message)

    def _write(self, move: Callable[[httpx.Client], None]) -> None:
        with self._server.control() as control:
            while not self._is_over.is_set():
                try:
                    move(control)
                except httpx.TransportError as fault:
                    self._faults.append(repr(fault))
                except AssertionError as refused:
                    # A server that is killed answers nothing; one that refuses has a fault.
                    self._refused.append(str(refused))
                    return

    def _number(self) -> str:
        with self._lock:
            return next(self._numbers)

    def _add_organization(self, control: httpx.Client) -> None:
        number = self._number()
        answer = control.post("/organizations", json=_organization(number))
        assert answer.is_success, answer.text
        self._known.organizations.add(number)

    def _add_pair(self, control: httpx.Client) -> None:
        """Two units and a role between them, in one request: all or nothing."""
        pair = (self._number(), self._number())
        self._known.attempted_pairs.add(pair)
        client, accountant = pair
        answer = control.post(
            "/world",
            json={
                "organisations": [_organization(client), _organization(accountant)],
                "roles": [_role(client, accountant)],
            },
        )
        assert answer.is_success, answer.text
        self._known.pairs.add(pair)


def _organization(number: str) -> dict[str, object]:
    return {
        "organisasjonsnummer": number,
        "navn": f"ENHET {number}",
        "organisasjonsform": {"kode": "AS", "beskrivelse": "Aksjeselskap"},
    }


def _role(client: str, accountant: str) -> dict[str, object]:
    return {"rollegruppe": "REGN", "rolle": "REGN", "enhet": client, "innehaverEnhet": accountant}


@pytest.mark.slow
def test_fifty_kills_lose_nothing_that_was_acknowledged(database_url: str, tmp_path: Path) -> None:
    chance = random.Random(20261123)
    known, numbers = Acknowledged(), organization_numbers(29_000_000)
    port = free_port()
    server = start_server(tmp_path, "--database", database_url, port=port)
    key, client_id = _register_client(server)
    for _ in range(ROUNDS):
        known_before = (len(known.organizations), len(known.pairs))
        writers = Writers(server, known, numbers)
        writers.start()
        known.grants.append(_use_a_grant(server, key, client_id))
        writers.wait_for_one_of_each(before=known_before)
        time.sleep(chance.uniform(0.0, 0.2))
        writers.outlive(server)
        server = start_server(tmp_path, "--database", database_url, port=port)
        _check(server, known)
    server.kill()

    assert len(known.organizations) >= ROUNDS
    assert len(known.pairs) >= ROUNDS


def _check(server: RunningServer, known: Acknowledged) -> None:
    with server.control() as control:
        world = control.get("/world").json()
        found = {unit["organisasjonsnummer"] for unit in world["organisations"]}
        roles = {(role["enhet"], role["innehaverEnhet"]) for role in world["roles"]}
        assert known.organizations <= found
        for pair in known.pairs:
            assert set(pair) <= found
            assert pair in roles
        for pair in known.attempted_pairs:
            there = {number in found for number in pair} | {pair in roles}
            assert len(there) == 1, f"{pair} is half there"
        events = [json.loads(line) for line in control.get("/events?after=0").text.splitlines()]
        revision = control.get("/health").json()["revision"]
    revisions = sorted({event["revision"] for event in events})
    assert revisions == list(range(1, revision + 1))
    _check_grant_stays_used(server, known.grants[-1])


def _register_client(server: RunningServer) -> tuple[ClientKey, str]:
    key = ClientKey.generate()
    with server.control() as control:
        answer = control.post(
            "/clients",
            json={
                "organization": _ACCOUNTANT,
                "scopes": ["altinn:instances.read"],
                "jwk": dict(key.public_jwk),
            },
        )
        assert answer.is_success, answer.text
        return key, answer.json()["clientId"]


def _use_a_grant(server: RunningServer, key: ClientKey, client_id: str) -> str:
    """Spend a grant for a token."""
    now = int(time.time())
    assertion = key.sign(
        {
            "aud": f"{server.url}/maskinporten/",
            "iss": client_id,
            "scope": "altinn:instances.read",
            "iat": now,
            "exp": now + 119,
            "jti": str(uuid4()),
        }
    )
    answer = _send_grant(server, assertion)
    assert answer.is_success, answer.text
    return assertion


def _send_grant(server: RunningServer, assertion: str) -> httpx.Response:
    form = {"grant_type": _GRANT_TYPE, "assertion": assertion}
    return httpx.post(
        f"{server.url}/maskinporten/token", data=form, timeout=30, verify=NO_AUTHORITIES
    )


def _check_grant_stays_used(server: RunningServer, assertion: str) -> None:
    answer = _send_grant(server, assertion)
    assert answer.status_code == 400
    assert answer.json()["error_uri"].endswith("errors/MP-012"), answer.text
