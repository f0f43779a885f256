"""Every kind of revoke: a permit each, and what ends it. All over HTTP.

Rett Revisjon keeps books for a client of its own for each kind. Its system user may write for all
of them while nothing ends.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID, uuid5

from fullmakt.access.resources.service import default_policy
from tests.freshness.nodes import token
from tests.number_series import organization_numbers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.freshness.nodes import Json, Nodes

FIRM, FIRM_PARTY, DIRECTOR, ADMINISTRATOR = "312300028", 51000001, "12837402229", "04898103388"
TAX, MAESTRO = "212000019", "312300109_maestro_aarsoppgjoer"
SIGNING, TAX_BASIS = "regnskapsforer-med-signeringsrettighet", "skattegrunnlag"
PORTAL, CLIENTS = "altinn:portal/enduser", "altinn:clientdelegations.write"
_URN, _SPACE = "urn:altinn:accesspackage:", UUID("6f1f2b0a-6d7e-5c1c-9a55-2d6f0f5c0e01")
_WITH_ONE_AGENT = ("role", "link", "unit", "policy", "access-list", "time")
_KINDS = (*_WITH_ONE_AGENT, "package", "system-user")
_STEP = 3
_LISTS = "/resourceregistry/api/v1/access-lists/skd"
_ORGANIZATION = "urn:altinn:organization:identifier-no"


@dataclass(frozen=True, slots=True)
class Revoke:
    """One thing that is permitted, what ends it, and the check that tells so then."""

    name: str
    question: Json
    stops_at: str
    make: Callable[[], object]

    @property
    def body(self) -> str:
        """The question as a service sends it."""
        about = {
            "AccessSubject": [("urn:altinn:systemuser:uuid", self.question["systemUser"])],
            "Action": [("urn:oasis:names:tc:xacml:1.0:action:action-id", "write")],
            "Resource": [
                ("urn:altinn:resource", self.question["resource"]),
                (_ORGANIZATION, self.question["organization"]),
            ],
        }
        request = {
            category: [
                {"Attribute": [{"AttributeId": name, "Value": value} for name, value in has]}
            ]
            for category, has in about.items()
        }
        return json.dumps({"Request": request})


@dataclass(frozen=True, slots=True)
class Scene:
    """One round's organisations, system users and services, of its own."""

    nodes: Nodes
    number: int
    clients: dict[str, str]

    def id_of(self, what: str) -> UUID:
        """A UUID of this round."""
        return uuid5(_SPACE, f"freshness {self.number} {what}")

    def service(self, kind: str) -> str:
        """The service that is asked about."""
        return f"ske-freshness-{self.number}-{kind}"

    def agent(self, kind: str) -> UUID:
        """The system user that asks: one for all, but for what is given, and for its own end."""
        return self.id_of({"system-user": "doomed", "package": "given"}.get(kind, "agent"))

    def question(self, kind: str) -> Json:
        """The question of a kind, by the names that explain reads."""
        named = kind if kind in {"policy", "access-list"} else "plain"
        return {
            "systemUser": str(self.agent(kind)),
            "action": "write",
            "resource": self.service(named),
            "organization": self.clients[kind],
        }

    def revokes(self) -> Iterator[Revoke]:
        """Each kind of revoke. Time comes last: it passes for all."""
        told: dict[str, tuple[str, Callable[[], object]]] = {
            "role": ("basis", self.end_role),
            "package": ("basis", self._withdraw),
            "link": ("client-link", self._unlink),
            "system-user": ("subject", self._delete_system_user),
            "unit": ("party", partial(self._delete_unit, "unit", days=0)),
            "policy": ("policy-rule", self._replace_policy),
            "access-list": ("access-list", self._leave_list),
            "time": ("party", self._let_time_pass),
        }
        for kind, (stops_at, make) in told.items():
            yield Revoke(f"{kind}-{self.number}", self.question(kind), stops_at, make)

    def role(self) -> Json:
        """The register role that the first client's link rests on."""
        return {"role": "REGN", "from": self.clients["role"], "to": FIRM}

    def end_role(self) -> None:
        """The register ends it."""
        self.nodes.control("/roles/end", self.role())

    def begin_role(self) -> None:
        """The register begins it again."""
        self.nodes.control("/roles", self.role())

    def link(self, kind: str) -> None:
        """The firm's client administrator links a client."""
        self._change_link("POST", kind)

    def _unlink(self) -> None:
        self._change_link("DELETE", "link")

    def _change_link(self, method: str, kind: str) -> None:
        query = {"agent": str(self.agent(kind)), "client": str(self.id_of(kind))}
        path = "/authentication/api/v1/enduser/systemuser/clients"
        self.nodes.call(method, path, self._person(ADMINISTRATOR, CLIENTS), params=query)

    def _withdraw(self) -> None:
        self.nodes.control("/delegations/end", _given(self.clients["package"]))

    def _delete_system_user(self) -> None:
        path = f"/authentication/api/v1/systemuser/agent/{FIRM_PARTY}/{self.agent('system-user')}"
        self.nodes.call("DELETE", path, self._person(DIRECTOR, PORTAL))

    def _delete_unit(self, kind: str, *, days: int) -> None:
        with self.nodes.first.control() as control:
            now = datetime.fromisoformat(control.get("/clock").json()["now"])
        day = (now + timedelta(days=days)).date().isoformat()
        self.nodes.control("/status", {"party": self.clients[kind], "slettedato": day})

    def _replace_policy(self) -> None:
        service = self.service("policy")
        document = default_policy(
            service, roles=("dagl",), packages=(TAX_BASIS,), actions=("write",), minimum_level=3
        )
        self.nodes.call(
            "PUT",
            f"/resourceregistry/api/v1/resource/{service}/policy",
            self._service_owner("altinn:resourceregistry/resource.write"),
            files={"policyFile": ("policy.xml", document, "application/xml")},
        )

    def _leave_list(self) -> None:
        self._change_list("DELETE", "/members", {"data": [self._on_list()]})

    def _on_list(self) -> str:
        return f"{_ORGANIZATION}:{self.clients['access-list']}"

    def _change_list(self, method: str, path: str, body: Json) -> None:
        bearer = self._service_owner("altinn:resourceregistry/accesslist.write")
        self.nodes.call(method, f"{_LISTS}/freshness-{self.number}{path}", bearer, json=body)

    def _let_time_pass(self) -> None:
        for server in self.nodes:
            with server.control() as control:
                assert control.post("/clock", json={"advance": f"P{_STEP}D"}).is_success

    def _person(self, number: str, scopes: str) -> str:
        return token(self.nodes.first, "GetPersonalToken", pid=number, scopes=scopes)

    def _service_owner(self, scopes: str) -> str:
        return token(self.nodes.first, "GetEnterpriseToken", orgNo=TAX, org="skd", scopes=scopes)

    def build(self) -> None:
        """Bring the round into the world: a permit for each kind."""
        self.nodes.control("/world", self._world())
        self._change_list("PUT", "", {"name": "Prøve"})
        self._change_list("PUT", "/members", {"data": [self._on_list()]})
        self._change_list("PUT", f"/resource-connections/{self.service('access-list')}", {})
        self._delete_unit("time", days=_STEP * self.number + 2)

    def _world(self) -> Json:
        form = {"kode": "AS", "beskrivelse": "Aksjeselskap"}
        return {
            "organisations": [
                {
                    "organisasjonsnummer": number,
                    "navn": f"KLIENT {number}",
                    "organisasjonsform": form,
                    "partyUuid": str(self.id_of(kind)),
                }
                for kind, number in self.clients.items()
            ],
            "roles": [
                {"rolle": "DAGL", "enhet": self.clients["package"], "person": DIRECTOR},
                *(
                    {"rolle": "REGN", "enhet": number, "innehaverEnhet": FIRM}
                    for kind, number in self.clients.items()
                    if kind != "package"
                ),
            ],
            "delegations": [_given(self.clients["package"])],
            "resources": [
                {
                    "identifier": self.service(named),
                    "resourceType": "GenericAccessResource",
                    "owner": TAX,
                    **dict.fromkeys(
                        ("title", "description", "rightDescription"),
                        dict.fromkeys(("nb", "nn", "en"), "Prøve"),
                    ),
                    "roles": ["dagl"],
                    "accessPackages": [f"{_URN}{SIGNING}", f"{_URN}{TAX_BASIS}"],
                    "actions": ["write"],
                    "accessListMode": "Enabled" if named == "access-list" else "Disabled",
                }
                for named in ("plain", "policy", "access-list")
            ],
            "systemUsers": [
                self._system_user("agent", SIGNING, *_WITH_ONE_AGENT),
                self._system_user("given", TAX_BASIS, "package"),
                self._system_user("doomed", SIGNING, "system-user"),
            ],
        }

    def _system_user(self, name: str, package: str, *kinds: str) -> Json:
        return {
            "id": str(self.id_of(name)),
            "reportee": FIRM,
            "systemId": MAESTRO,
            "userType": "agent",
            "integrationTitle": f"{name} {self.number}",
            "externalRef": f"{name}-{self.number}",
            "accessPackages": [f"{_URN}{package}"],
            "clients": [self.clients[kind] for kind in kinds],
        }


def _given(client: str) -> Json:
    return {
        "from": client,
        "to": FIRM,
        "accessPackages": [f"{_URN}{TAX_BASIS}"],
        "resources": [],
        "givenBy": DIRECTOR,
    }


def scenes(nodes: Nodes, rounds: int) -> Iterator[Scene]:
    """So many rounds, each of its own clients."""
    numbers = organization_numbers(28_000_000)
    for number in range(rounds):
        scene = Scene(nodes, number, {kind: next(numbers) for kind in _KINDS})
        scene.build()
        yield scene
