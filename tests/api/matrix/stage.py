"""The world that every endpoint is driven in: kept as it was made, brought back when changed.

One vendor, one firm and one managing director have something of each kind that a call can name; for
each of them there is another who has the same scopes and none of it. Tokens come from the world's
own test-token endpoints and its token server. What is in the world is `making.py`.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from fullmakt.vendor import ClientKey, Environment, Maskinporten
from tests.api.control.served import Control, Json
from tests.api.matrix.declared import PARTY_NAMES

VENDOR, OTHER_VENDOR = "312300109", "312300192"
FIRM, OTHER_FIRM = "312300028", "312300303"
SERVICE_OWNER, OTHER_OWNER, DIRECTORATE = "212000019", "212000124", "212000450"
OTHER_SYSTEM_USER = "72b10e1a-6ba0-59af-88a5-e68c7eea040b"  # of the other vendor's, with a client
DIRECTOR, EMPLOYEE, STRANGER = "12837402229", "27919001270", "30888507198"
TOKEN_SCOPE = "altinn:instances.read"
ELSEWHERE = "https://elsewhere.example/"
_MADE = "as-made"

ACTORS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "vendor": ("Enterprise", {"orgNo": VENDOR}),
    "other vendor": ("Enterprise", {"orgNo": OTHER_VENDOR}),
    "director": ("Personal", {"pid": DIRECTOR}),
    "employee": ("Personal", {"pid": EMPLOYEE}),
    "stranger": ("Personal", {"pid": STRANGER}),
    "service owner": ("Enterprise", {"orgNo": SERVICE_OWNER, "org": "skd"}),
    "other service owner": ("Enterprise", {"orgNo": OTHER_OWNER, "org": "nav"}),
    "directorate": ("Enterprise", {"orgNo": DIRECTORATE}),
    "system user": ("SystemUser", {"systemUserId": "{agent}"}),
    "other system user": ("SystemUser", {"systemUserId": OTHER_SYSTEM_USER}),
}
"""Who calls, and what the test-token endpoint is asked for them."""
ANOTHER = {"service owner": "other service owner", "system user": "other system user"}
"""Who is the wrong organisation for whom; for all the rest it is another vendor."""


@dataclass(slots=True)
class Stage:
    """A running world with everything in it, and what its things are called."""

    control: Control
    elsewhere: Control
    """Another world, whose tokens do not hold here."""
    database: Path | None
    """The SQLite file; None on another engine."""
    names: dict[str, str] = field(default_factory=dict)
    clients: dict[str, Json] = field(default_factory=dict)
    """Maskinporten clients with their keys, by what they are called here."""
    _tokens: dict[tuple[str, ...], str] = field(default_factory=dict)
    _watching: sqlite3.Connection | None = None

    @property
    def other_names(self) -> dict[str, str]:
        """What stands for the party, and for it alone, when it is the other one."""
        return {name: self.names[f"other_{name}"] for name in PARTY_NAMES}

    @property
    def http(self) -> httpx.Client:
        return self.control.stranger

    def bearer(self, actor: str, *scopes: str, lifetime_s: int = 1800) -> dict[str, str]:
        """The header with a token of `actor`, who holds these scopes."""
        return {"authorization": f"Bearer {self.token(actor, *scopes, lifetime_s=lifetime_s)}"}

    def token(self, actor: str, *scopes: str, lifetime_s: int = 1800) -> str:
        """A token from the world's test-token endpoint."""
        key = ("", actor, str(lifetime_s), *scopes)
        if key not in self._tokens:
            self._tokens[key] = self._fetch(self.http, actor, scopes, lifetime_s)
        return self._tokens[key]

    def foreign(self, actor: str, *scopes: str) -> dict[str, str]:
        """The header with a token that another running world issued to the same `actor`."""
        key = ("foreign", actor, *scopes)
        if key not in self._tokens:
            # There, everybody of the default world is: for the agent, another agent.
            actor = "other system user" if actor == "system user" else actor
            self._tokens[key] = self._fetch(self.elsewhere.stranger, actor, scopes, 1800)
        return {"authorization": f"Bearer {self._tokens[key]}"}

    def _fetch(self, http: httpx.Client, actor: str, scopes: Sequence[str], lifetime_s: int) -> str:
        kind, named = ACTORS[actor]
        asked = {name: each.format_map(self.names) for name, each in named.items()}
        asked |= {"env": "tt02", "scopes": " ".join(scopes), "ttl": str(lifetime_s)}
        answer = http.get(f"/api/Get{kind}Token", params=asked, auth=("test", "test"))
        assert answer.is_success, f"{actor}: {answer.text}"
        return answer.text

    def platform_token(self, world: Control | None = None) -> str:
        """A token of a component of the platform, this world's or another's."""
        asked = {"env": "tt02", "app": "authentication"}
        http = (world or self.control).stranger
        answer = http.get("/api/GetPlatformAccessToken", params=asked, auth=("test", "test"))
        return answer.raise_for_status().text

    def from_maskinporten(
        self,
        *,
        client: str = "client",
        resource: str | None = None,
        world: Control | None = None,
    ) -> dict[str, str]:
        """The header with a token of the vendor's, from a token server; made for `resource`."""
        key = ("maskinporten", client, resource or "", "" if world is None else world.base)
        if key not in self._tokens:
            named = self.clients[client if world is None else "foreign_client"]
            environment = Environment.local((world or self.control).base)
            signing = ClientKey.from_jwk(named["jwk"])
            with Maskinporten(environment, named["clientId"], signing) as maskinporten:
                token = maskinporten.token([TOKEN_SCOPE], resource=resource).compact
            self._tokens[key] = token
        return {"authorization": f"Bearer {self._tokens[key]}"}

    def state(self) -> int:
        """A number that changes whenever something is committed to SQLite; else the revision."""
        if self.database is None:
            return int(self.http.get("/fullmakt/health").json()["revision"])
        if self._watching is None:
            self._watching = sqlite3.connect(self.database, check_same_thread=False)
        (version,) = self._watching.execute("PRAGMA data_version").fetchone()
        return int(version)

    def keep(self, name: str = _MADE) -> None:
        """Keep the world as it is now, for `bring_back`."""
        named = {"name": name.replace(" ", "-")}
        self.control.known.post("/fullmakt/snapshots", json=named).raise_for_status()

    def bring_back(self, name: str = _MADE) -> None:
        """The world as it was kept; tokens and ids hold."""
        path = f"/fullmakt/snapshots/{name.replace(' ', '-')}/restore"
        self.control.known.post(path).raise_for_status()

    def close(self) -> None:
        if self._watching is not None:
            self._watching.close()

    def must(self, method: str, path: str, headers: Mapping[str, str], body: object = None) -> Any:  # noqa: ANN401  JSON
        """The JSON of a call that has to succeed."""
        answer = self.http.request(method, path, headers=headers, json=body)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def does(self, path: str, body: object) -> Any:  # noqa: ANN401  JSON
        """The JSON of a change through the control surface."""
        answer = self.control.known.post(f"/fullmakt/{path}", json=body)
        assert answer.is_success, f"{path}: {answer.status_code} {answer.text}"
        return answer.json()
