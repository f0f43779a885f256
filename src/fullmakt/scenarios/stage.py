"""The stage: one world reached over HTTP, and a record of every call made on it.

Stories know the server by its address alone: the vendor's SDK, the public API and the control API.
"""

from __future__ import annotations

import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from fullmakt.scenarios.model import Call, DecisionTaken, ReasonTold, Step, StoryError
from fullmakt.vendor import ClientKey, Environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_TIMEOUT_S = 30.0
_OPENING = "before-the-story"


class Stage:
    """One running world. `secret` opens its control API, which the register plays through."""

    def __init__(self, base_url: str, secret: str) -> None:
        self.base_url = base_url.rstrip("/")
        self.environment = Environment.local(self.base_url)
        self.steps: list[Step] = []
        self.calls: list[Call] = []
        self._is_opened = False
        self._opening: Mapping[str, Any] | None = None
        self._clients: list[httpx.Client] = []
        # SPEED: reading the machine's certificates takes longer than most steps; once is enough.
        self._trust = httpx.create_ssl_context()
        self._keys: dict[str, ClientKey] = {}
        self._control = self.connection("the world")
        self._control.headers["Authorization"] = f"Bearer {secret}"

    def __repr__(self) -> str:
        return f"Stage(base_url={self.base_url!r})"

    def close(self) -> None:
        """Close every connection."""
        for client in self._clients:
            client.close()

    def key_of(self, who: str) -> ClientKey:
        """The private key an actor made for itself, the same in every world of this stage."""
        if who not in self._keys:
            self._keys[who] = ClientKey.generate()
        return self._keys[who]

    def connection(self, who: str) -> httpx.Client:
        """Connections of one actor: every call is recorded under the actor's name."""

        def begin(request: httpx.Request) -> None:
            request.headers["traceparent"] = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-01"

        def end(answer: httpx.Response) -> None:
            self._record(who, answer)

        client = httpx.Client(
            timeout=_TIMEOUT_S,
            verify=self._trust,
            event_hooks={"request": [begin], "response": [end]},
        )
        self._clients.append(client)
        return client

    def _record(self, who: str, answer: httpx.Response) -> None:
        correlation = answer.headers.get("x-correlation-id", "")
        path = answer.request.url.raw_path.decode()
        call = Call(who, answer.request.method, path, answer.status_code, correlation)
        self.calls.append(call)
        if self.steps and not path.startswith("/fullmakt/"):
            self.steps[-1].calls.append(call)

    @contextmanager
    def step(self, number: int, text: str, *, who: str) -> Iterator[Step]:
        """One step of the story; the decisions taken meanwhile are read from the trace."""
        step = Step(number, text, who)
        self.steps.append(step)
        yield step
        for call in list(step.calls):
            step.decisions.extend(self.decisions_under(call.correlation))

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  JSON
        """Call the control API. Raises: StoryError with the world's own words."""
        answer = self._control.request(method, f"{self.base_url}/fullmakt/{path}", json=body)
        if answer.is_error:
            message = f"the world refused {method} {path}: {answer.status_code} {answer.text}"
            raise StoryError(message)
        return answer.json() if answer.content else None

    def begin(self) -> None:
        """Begin a story in the default world, as it was before anybody did anything in it."""
        if self._is_opened:
            self.control("POST", f"snapshots/{_OPENING}/restore")
        else:
            self.control("POST", "world/reset", {"world": "default"})
            self.control("POST", "snapshots", {"name": _OPENING})
            self._opening = None
            self._is_opened = True
        self.steps, self.calls = [], []

    def world(self) -> Mapping[str, Any]:
        """The facts that every story begins with, as the world's file has them; read once."""
        if self._opening is None:
            self._opening = self.control("GET", "world")
        return self._opening

    def ends_role(self, role: str, *, giver: str, holder: str) -> None:
        """The register ends a role."""
        self.control("POST", "roles/end", {"role": role, "from": giver, "to": holder})

    def registers_client(
        self, *, organization: str, name: str, scopes: Sequence[str], jwk: Mapping[str, str]
    ) -> str:
        """An organisation registers a Maskinporten client with a public key; the client's id."""
        made = self.control(
            "POST",
            "clients",
            {
                "organization": organization,
                "name": name,
                "scopes": list(scopes),
                "jwk": dict(jwk),
            },
        )
        return str(made["clientId"])

    def removes_key(self, client_id: str, kid: str) -> None:
        """The owner of a Maskinporten client removes a key from it."""
        self.control("POST", f"clients/{client_id}/keys/{quote(kid, safe='')}/end")

    def gives(self, package: str, *, giver: str, person: str, by: str) -> None:
        """Somebody gives a person a package, on behalf of an organisation."""
        self.control(
            "POST",
            "delegations",
            {
                "from": giver,
                "toPerson": person,
                "accessPackages": [f"urn:altinn:accesspackage:{package}"],
                "resources": [],
                "givenBy": by,
            },
        )

    def decisions_under(self, correlation: str) -> list[DecisionTaken]:
        """What the decision point was asked under one correlation id."""
        if not correlation:
            return []
        found = self.control("GET", f"trace?correlation={correlation}")
        return [
            DecisionTaken(each["action"], each["resource"], each["party"], each["decision"])
            for each in found["decisions"]
        ]

    def explain(
        self, *, system_user: str, action: str, resource: str, organization: str
    ) -> tuple[str, tuple[ReasonTold, ...]]:
        """The decision, and the chain of reasons that leads to it."""
        query = httpx.QueryParams(
            systemUser=system_user, action=action, resource=resource, organization=organization
        )
        found = self.control("GET", f"explain?{query}")
        chain = tuple(
            ReasonTold(each["check"], each["held"], each["found"], each.get("remedy"))
            for each in found["reasons"]
        )
        return found["decision"], chain
