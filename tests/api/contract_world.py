"""A world that generated calls are made in: its tokens, and the real things that calls may name."""

from __future__ import annotations

import asyncio
import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from fullmakt.run.server.front import Front
from fullmakt.run.testworld.serve import control_application
from fullmakt.run.testworld.world import TestWorld, WorldSettings

BASE = "http://127.0.0.1:1"
_AS_LEARNED = "as-learned"
SECRET = "the-secret-of-this-run"
VENDOR, OWNER, FIRM = "312300109", "212000019", "312300028"
SYSTEM = f"{VENDOR}_maestro_aarsoppgjoer"
DIRECTOR = "12837402229"
AGENT = "ab37a780-c0ba-5841-8f64-a809b36991af"
CLIENT = "312400014"
_META = "/accessmanagement/api/v1/meta/info"
_DELEGATION = "/enduser/clientdelegations/"
_REGISTER = "altinn:register/partylookup.admin"
_PERSONS = ("altinn:portal/", "altinn:clientdelegations", "altinn:accessmanagement/enduser")
_SYSTEM_USERS = ("altinn:instances", "skatteetaten:")
_OWNERS = ("altinn:resourceregistry", "altinn:authorization", "altinn:accessmanagement")


@dataclass(slots=True)
class ContractWorld:
    """A running world without a server."""

    front: Front
    test_world: TestWorld
    real: dict[str, Sequence[str]] = field(default_factory=dict)
    parties_by_path: dict[str, Sequence[str]] = field(default_factory=dict)
    named_by_path: dict[str, Sequence[str]] = field(default_factory=dict)
    _tokens: dict[str, str] = field(default_factory=dict)

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401
        """One call of our own."""

        async def asking() -> httpx.Response:
            transport = httpx.ASGITransport(self.front)
            async with httpx.AsyncClient(transport=transport, base_url=BASE) as http:
                return await http.request(method, path, **more)

        return asyncio.run(asking())

    def authorization(self, security: Sequence[Mapping[str, Sequence[str]]]) -> dict[str, str]:
        """What opens an operation that wants `security`."""
        if not security:
            return {}
        ((scheme, scopes),) = security[0].items()
        wanted = {"runSecret": f"Bearer {SECRET}", "anybody": _BASIC}
        scope = scopes[0] if scopes else "altinn:portal/enduser"
        return {"authorization": wanted.get(scheme) or f"Bearer {self.token(scope)}"}

    def token(self, scope: str) -> str:
        """A token with a scope, of those who would have it."""
        if scope not in self._tokens:
            self._tokens[scope] = self._fetch(scope)
        return self._tokens[scope]

    def _fetch(self, scope: str) -> str:
        if scope.startswith(_PERSONS):
            path, named = "/api/GetPersonalToken", {"pid": DIRECTOR}
        elif scope.startswith(_SYSTEM_USERS):
            path, named = "/api/GetSystemUserToken", {"systemUserId": AGENT}
        elif scope.startswith(_OWNERS):
            path, named = "/api/GetEnterpriseToken", {"orgNo": OWNER, "org": "skd"}
        else:
            path, named = "/api/GetEnterpriseToken", {"orgNo": VENDOR}
        asked = {**named, "scopes": scope}
        answer = self.ask("GET", path, params=asked, headers={"authorization": _BASIC})
        assert answer.status_code == 200, answer.text
        return answer.text

    def real_values(self, path: str) -> Mapping[str, Sequence[str]]:
        """What a path's parameters may be called by: `party` has other names at other paths."""
        party = self.parties_by_path[
            next(each for each in self.parties_by_path if re.match(each, path))
        ]
        named = self.named_by_path[next(each for each in self.named_by_path if each in path)]
        pages = {"/v1/": ("client", "agent"), "/v2/": ("from", "to")}
        unknown = pages["/v2/" if "/v2/" in path else "/v1/"] if _DELEGATION in path else ()
        known = {**self.real, "party": party, "named": named}
        if "/enduser/connections" in path:
            known["from"] = party
        return {name: values for name, values in known.items() if name not in unknown}

    def learn(self) -> None:
        """Ask the world what things of it are called."""
        firm, client = (self._party(number) for number in (FIRM, CLIENT))
        ids = [str(each["partyId"]) for each in (firm, client)]
        uuids = [firm["partyUuid"], client["partyUuid"]]
        self.parties_by_path = {
            "/accessmanagement/.*/(enduser|internal)/": uuids[:1],
            ".*/enduser/systemuser": [FIRM],
            "/authentication/api/v1/systemuser/.*byexternalref": [CLIENT],
            ".*": ids,
        }
        groups = self.ask("GET", f"{_META}/accesspackages/group").json()
        group = groups[0]["id"]
        (area, *_) = self.ask("GET", f"{_META}/accesspackages/group/{group}/areas").json()
        (role, *_) = self.ask("GET", f"{_META}/roles").json()
        packages = self.ask("GET", f"{_META}/accesspackages/area/{area['id']}/packages").json()
        self.named_by_path = {
            "/group/": [group],
            "/area/": [area["id"]],
            "/package/": [packages[0]["id"]],
            "/": [role["id"]],
        }
        requests = [self._request(f"contract-{each}") for each in range(2)]
        pools: Mapping[tuple[str, ...], Sequence[str]] = {
            ("party_id",): ids,
            ("uuid", "party_uuid", "facilitator", "provider", "partyUuid"): uuids[:1],
            ("partyuuid", "facilitatorId"): uuids[:1],
            ("client", "from", "customerId", "clientId"): uuids[1:],
            ("to", "agent", "system_user", "user", "systemUserId", "systemUser"): [AGENT],
            ("number", "orgNo", "orgno", "organization"): [FIRM, CLIENT],
            ("system_id", "system", "system-id"): [SYSTEM],
            ("request_id", "id"): requests,
            ("external_ref", "external-ref", "externalRef"): ["contract-0", "regn"],
            ("identifier", "resource"): ["ske-innrapportering-boligsameie"],
            ("package", "packages"): ["urn:altinn:accesspackage:skattegrunnlag"],
            ("role", "roles"): ["regnskapsforer"],
            ("owner", "org"): ["skd"],
            ("app",): ["mva-melding-innsending-v1"],
            ("action",): ["read", "write"],
            ("code",): ["AS", "REGN"],
            ("variant",): ["AS"],
            ("pid",): [DIRECTOR],
            ("scopes",): ["altinn:portal/enduser"],
            ("token_provider",): ["maskinporten"],
            ("urn",): ["urn:altinn:accesspackage:skattegrunnlag"],
            ("env",): ["tt02"],
        }
        self.real = {name: values for names, values in pools.items() for name in names}

    @contextmanager
    def put_back(self) -> Iterator[None]:
        """The world as it was learned, whatever was done in it meanwhile."""
        before = self.test_world.revision()
        yield
        if self.test_world.revision() != before:
            self.test_world.restore_snapshot(_AS_LEARNED)

    def _party(self, number: str) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {self.token(_REGISTER)}"}
        path = "/register/api/v1/parties/lookup"
        answer = self.ask("POST", path, json={"orgNo": number}, headers=headers)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def _request(self, reference: str) -> str:
        scope = "altinn:authentication/systemuser.request.write"
        body = {
            "externalRef": reference,
            "systemId": SYSTEM,
            "partyOrgNo": CLIENT,
            "accessPackages": [{"urn": "urn:altinn:accesspackage:skattegrunnlag"}],
            "rights": [],
            "redirectUrl": "",
        }
        answer = self.ask(
            "POST",
            "/authentication/api/v1/systemuser/request/vendor",
            json=body,
            headers={"authorization": f"Bearer {self.token(scope)}"},
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])


_BASIC = "Basic " + base64.b64encode(b"any:body").decode()


@contextmanager
def contract_world() -> Iterator[ContractWorld]:
    """The default world, in memory."""
    world = TestWorld(WorldSettings(BASE))
    world.open(None)
    try:
        opened = ContractWorld(control_application(world, base=BASE, secret=SECRET), world)
        opened.learn()
        world.save_snapshot(_AS_LEARNED)
        yield opened
    finally:
        world.close()
