"""A small world for the systems' endpoints, with everybody's tokens, on a database of its own.

An accountant with a managing director and a client administrator, a client, a client that gives
less, a stranger, and two vendors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid5

import httpx
from litestar import Litestar, Request, Router
from litestar.di import Provide
from litestar.testing import TestClient
from litestar.types import ASGIApp, Receive, Scope, Send

from fullmakt.access.catalog.service import load_catalog
from fullmakt.access.connections import routes as connections
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations import service as delegations
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import NewOrganization, NewPerson, Party
from fullmakt.access.reach import routes as reach
from fullmakt.access.resources import service as resources
from fullmakt.access.resources.model import NewResource, ResourceReference, ResourceType
from fullmakt.access.resources.service import default_policy
from fullmakt.access.resources.shelf import PolicyShelf
from fullmakt.foundation.bearer.model import Caller, CallingPerson
from fullmakt.foundation.bearer.service import BearerCheck
from fullmakt.foundation.events.ledger import EventLedger
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.doors import caller_of, trace_of
from fullmakt.foundation.http.traces import read_trace
from fullmakt.foundation.jose.keys import PrivateKey, PublicKey
from fullmakt.foundation.jose.tokens import sign
from fullmakt.foundation.storage.database import Database, Work
from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber
from fullmakt.foundation.terms.text import LocalizedText
from fullmakt.identity.logout import routes as logout
from fullmakt.portal.calls import routes as portal_calls
from fullmakt.run.server.failures import EXCEPTION_HANDLERS
from fullmakt.services.notices import routes as notices
from fullmakt.services.notices.delivery import NoticeDelivery
from fullmakt.services.notices.endpoints import EndpointRule
from fullmakt.services.notices.service import FEED
from fullmakt.systems.requests import routes as requests
from fullmakt.systems.system_register import routes as system_register
from fullmakt.systems.system_users import routes as system_users
from fullmakt.systems.system_users.service import SystemUserDirectory
from tests.worlds import TestClock, new_database

ISSUER = "https://issuer.test/"
BASE = "http://127.0.0.1:8080"
_NAMES = UUID("6f1f2b0a-6d7e-5c1c-9a55-2d6f0f5c0e01")

VENDOR, OTHER_VENDOR = "312300109", "312300192"
FIRM, OTHER_FIRM = "312300028", "312300303"
CLIENT, PARTIAL_CLIENT, STRANGER = "312400014", "312700018", "312400138"
SERVICE_OWNER = "212000019"

DIRECTOR, ADMINISTRATOR, OUTSIDER = "12837402229", "04898103388", "15857208479"
CLIENT_DIRECTOR = "08928309801"

SYSTEM = f"{VENDOR}_maestro"
CLIENT_ID = "f1d55a89-81f2-5e38-ab93-821d641efc8d"
PACKAGES = "urn:altinn:accesspackage:"
SIGNING, PLAIN_ACCOUNTANT = (
    f"{PACKAGES}regnskapsforer-med-signeringsrettighet",
    f"{PACKAGES}regnskapsforer-uten-signeringsrettighet",
)
TAX, FARMING = f"{PACKAGES}skattegrunnlag", f"{PACKAGES}jordbruk"
ACCESS_MANAGER = f"{PACKAGES}tilgangsstyrer"
SERVICE, SCOPE_SERVICE = "ske-innrapportering-boligsameie", "ske-some-scope"
APP = "app_skd_mva-melding-innsending-v1"
CLOSED_SERVICE = "ske-closed-to-everybody"
ROLE_SERVICE, KEPT_SERVICE = "ske-by-role-alone", "ske-not-passed-on"

REGISTER_SCOPE = "altinn:authentication/systemregister.write"
REQUEST_WRITE = "altinn:authentication/systemuser.request.write"
REQUEST_READ = "altinn:authentication/systemuser.request.read"
PORTAL = "altinn:portal/enduser"
CLIENTS_READ, CLIENTS_WRITE = "altinn:clientdelegations.read", "altinn:clientdelegations.write"
LOOKUP = "altinn:maskinporten/systemuser.read"


@cache
def signing_key() -> PrivateKey:
    return PrivateKey.generate()


class OneKey:
    """The issuer's only key."""

    def find(self, kid: str) -> PublicKey | None:
        key = signing_key().public
        return key if key.kid == kid else None


@dataclass(slots=True)
class World:
    """One world behind one HTTP client."""

    database: Database
    clock: TestClock
    decisions: DecisionPoint
    http: httpx.Client
    delivery: NoticeDelivery
    catalog: Any = field(default_factory=load_catalog)

    def token(
        self,
        *scopes: str,
        lives: timedelta = timedelta(minutes=5),
        claims: Mapping[str, object] | None = None,
    ) -> str:
        expires = int((self.clock.now() + lives).timestamp())
        held = {"iss": ISSUER, "exp": expires, "scope": " ".join(scopes), **(claims or {})}
        return sign(json.dumps(held).encode(), signing_key())

    def vendor(self, *scopes: str, organization: str = VENDOR) -> dict[str, str]:
        consumer = {"authority": "iso6523-actorid-upis", "ID": f"0192:{organization}"}
        wanted = scopes or (REGISTER_SCOPE, REQUEST_WRITE, REQUEST_READ)
        return bearer(self.token(*wanted, claims={"consumer": consumer, "client_id": CLIENT_ID}))

    def person(self, number: str, *scopes: str, level: int = 3) -> dict[str, str]:
        party = self.find_person(number)
        claims = {
            "urn:altinn:userid": party.user_id,
            "urn:altinn:partyid": party.party_id,
            "urn:altinn:party:uuid": str(party.uuid),
            "urn:altinn:authlevel": level,
        }
        wanted = scopes or (PORTAL, CLIENTS_READ, CLIENTS_WRITE)
        return bearer(self.token(*wanted, claims=claims))

    def system_user(self, uuid: str, *scopes: str, owner: str = FIRM) -> dict[str, str]:
        consumer = {"authority": "iso6523-actorid-upis", "ID": f"0192:{VENDOR}"}
        details = {
            "type": "urn:altinn:systemuser",
            "systemuser_id": [uuid],
            "systemuser_org": {"authority": "iso6523-actorid-upis", "ID": f"0192:{owner}"},
            "system_id": SYSTEM,
        }
        claims = {"consumer": consumer, "authorization_details": [details]}
        return bearer(self.token(*scopes, claims=claims))

    def caller(self, number: str) -> Caller:
        """A person as the rooms see the bearer of a portal token."""
        party = self.find_person(number)
        assert party.user_id is not None
        return Caller(
            issuer=ISSUER,
            scopes=frozenset(),
            expires_at=self.clock.now(),
            claims={},
            person=CallingPerson(party.user_id, party.party_id, party.uuid),
            authentication_level=3,
        )

    def find_person(self, number: str) -> Party:
        with self.database.reading() as reading:
            found = parties.find_person(reading, PersonNumber(number))
        assert found is not None
        return found

    def organization(self, number: str) -> Party:
        with self.database.reading() as reading:
            return parties.get_organization(reading, OrganizationNumber(number))

    @contextmanager
    def changing(self) -> Iterator[Work]:
        with self.database.authority(actor="test", correlation="0" * 32) as work:
            yield work

    def register(self, **changes: object) -> httpx.Response:
        body = {**system_body(), **changes}
        return self.http.post(REGISTER, json=body, headers=self.vendor())

    def agent_request(self, **changes: object) -> httpx.Response:
        body = {**agent_body(), **changes}
        return self.http.post(f"{REQUESTS}/vendor/agent", json=body, headers=self.vendor())

    def standard_request(self, **changes: object) -> httpx.Response:
        body = {**standard_body(), **changes}
        return self.http.post(f"{REQUESTS}/vendor", json=body, headers=self.vendor())

    def party_id(self, number: str) -> int:
        return self.organization(number).party_id

    def answer(
        self,
        request: str,
        *,
        verb: str = "approve",
        kind: str = "",
        by: str = DIRECTOR,
        party: str = FIRM,
    ) -> httpx.Response:
        path = f"{REQUESTS}{kind}/{self.party_id(party)}/{request}/{verb}"
        return self.http.post(path, headers=self.person(by))

    def approved_agent(self, **changes: object) -> str:
        """The id of a new agent system user of the firm."""
        request = self.agent_request(**changes).json()["id"]
        answer = self.answer(request, kind="/agent")
        assert answer.json() is True, answer.text
        return str(request)

    def approved_standard(self, **changes: object) -> str:
        """The id of a new standard system user of the firm."""
        request = self.standard_request(**changes).json()["id"]
        answer = self.answer(request)
        assert answer.json() is True, answer.text
        return str(request)


PLATFORM = "/authentication/api/v1"
PUBLIC_REGISTER = f"{PLATFORM}/systemregister"
REGISTER = f"{PUBLIC_REGISTER}/vendor"
USERS = f"{PLATFORM}/systemuser"
REQUESTS = f"{USERS}/request"
END_USER = f"{PLATFORM}/enduser/systemuser"


def bearer(token: str) -> dict[str, str]:
    return {"authorization": f"Bearer {token}"}


def named(*urns: str) -> list[dict[str, str]]:
    return [{"urn": urn} for urn in urns]


def right(resource: str) -> dict[str, object]:
    return {"resource": [{"id": "urn:altinn:resource", "value": resource}]}


def system_body() -> dict[str, object]:
    return {
        "id": SYSTEM,
        "vendor": {"authority": "iso6523-actorid-upis", "ID": f"0192:{VENDOR}"},
        "name": {"nb": "Maestro", "nn": "Maestro", "en": "Maestro"},
        "description": {"nb": "Årsoppgjør", "nn": "Årsoppgjer", "en": "Year-end"},
        "rights": [right(SERVICE), right(APP), right(CLOSED_SERVICE)],
        "accessPackages": named(SIGNING, PLAIN_ACCOUNTANT, TAX, ACCESS_MANAGER),
        "clientId": [CLIENT_ID],
        "isVisible": False,
        "allowedRedirectUrls": ["https://maestro.example/receipt"],
    }


def agent_body() -> dict[str, object]:
    return {
        "integrationTitle": "Maestro, clients",
        "externalRef": "regn",
        "systemId": SYSTEM,
        "partyOrgNo": FIRM,
        "accessPackages": named(SIGNING, PLAIN_ACCOUNTANT),
        "redirectUrl": "https://maestro.example/receipt",
    }


def standard_body() -> dict[str, object]:
    return {
        "integrationTitle": "Maestro, own",
        "systemId": SYSTEM,
        "partyOrgNo": FIRM,
        "rights": [right(SERVICE)],
        "accessPackages": named(TAX),
    }


def reason(answer: httpx.Response) -> str:
    """Why an answer with an empty body is what it is."""
    assert answer.content == b"", answer.text
    return answer.headers["www-authenticate"]


def codes(answer: httpx.Response) -> list[str]:
    """The codes of a validation problem, in order."""
    assert answer.status_code == 400, answer.text
    return [fault["code"] for fault in answer.json()["validationErrors"]]


def problem(answer: httpx.Response) -> tuple[int, str]:
    """Status and code; the title and the type are held to the code elsewhere."""
    body = answer.json()
    assert body["type"] == f"urn:altinn:error:{body['code']}"
    assert body["status"] == answer.status_code
    return answer.status_code, body["code"]


def fill_world(url: str) -> None:
    """Make the world's people and services in the empty database at `url`."""
    database = new_database(url)
    with database.authority(actor="test", correlation="0" * 32) as work:
        _add_parties(work)
        _add_services(work)
    database.close()


@contextmanager
def open_world(url: str) -> Iterator[World]:
    """The world in a database that has been filled."""
    clock = TestClock()
    database = Database(url, clock=clock, ledger=EventLedger(), is_durable=False)
    try:
        decisions = DecisionPoint(database, load_catalog(), PolicyShelf(database), clock=clock)
        delivery = NoticeDelivery(
            database,
            clock=clock,
            source=f"{BASE}{FEED}",
            rule=EndpointRule.LOOPBACK,
            is_automatic=False,
        )
        with TestClient(_front(database, clock, decisions, delivery)) as http:
            yield World(database, clock, decisions, http, delivery)
    finally:
        database.close()


def _add_parties(work: Work) -> None:
    organizations = {
        number: parties.add_organization(
            work,
            NewOrganization(
                OrganizationNumber(number), name, "AS", uuid5(_NAMES, number), 51000000 + n
            ),
        )
        for n, (number, name) in enumerate(
            {
                VENDOR: "MAESTRO AS",
                OTHER_VENDOR: "KONTROLLEN AS",
                FIRM: "RETT REVISJON AS",
                OTHER_FIRM: "TALLKNUSER REGNSKAP AS",
                CLIENT: "FJORDGLØTT BAKERI AS",
                PARTIAL_CLIENT: "LILLEVIK HANDEL AS",
                STRANGER: "NORDLYS RØR AS",
            }.items()
        )
    }
    people = {
        number: parties.add_person(
            work,
            NewPerson(
                PersonNumber(number), first, last, uuid5(_NAMES, number), 52000000 + n, 20000000 + n
            ),
        )
        for n, (number, first, last) in enumerate(
            [
                (DIRECTOR, "Nøyaktig", "Havørn"),
                (ADMINISTRATOR, "Ryddig", "Sporvogn"),
                (OUTSIDER, "Rask", "Kuleramme"),
                (CLIENT_DIRECTOR, "Mild", "Surdeig"),
            ]
        )
    }
    for role, giver, holder in (
        ("daglig-leder", organizations[FIRM], people[DIRECTOR]),
        ("daglig-leder", organizations[OTHER_FIRM], people[OUTSIDER]),
        ("daglig-leder", organizations[CLIENT], people[CLIENT_DIRECTOR]),
        ("daglig-leder", organizations[PARTIAL_CLIENT], people[CLIENT_DIRECTOR]),
        ("regnskapsforer", organizations[CLIENT], organizations[FIRM]),
    ):
        parties.begin_role(work, role=role, giver=giver, holder=holder)
    for giver, receiver, package, by in (
        (organizations[FIRM], people[ADMINISTRATOR], "klientadministrator", people[DIRECTOR]),
        (
            organizations[PARTIAL_CLIENT],
            organizations[FIRM],
            "skattegrunnlag",
            people[CLIENT_DIRECTOR],
        ),
    ):
        delegations.give_packages(
            work,
            load_catalog(),
            giver=giver,
            receiver=receiver,
            packages=frozenset({package}),
            given_by=by,
        )


_MANAGERS = ("tilgangsstyrer", "hovedadministrator")
_CLIENT_MANAGERS = ("klientadministrator", "hovedadministrator")
_SERVICES = (
    ("altinn_access_management", ResourceType.SYSTEM_RESOURCE, _MANAGERS, ()),
    (
        "altinn_system_user_overview",
        ResourceType.SYSTEM_RESOURCE,
        (*_MANAGERS, "klientadministrator"),
        (),
    ),
    ("altinn_client_administration", ResourceType.SYSTEM_RESOURCE, _CLIENT_MANAGERS, ()),
    (SERVICE, ResourceType.GENERIC_ACCESS_RESOURCE, ("skattegrunnlag",), ("dagl",)),
    (
        APP,
        ResourceType.ALTINN_APP,
        ("merverdiavgift", "regnskapsforer-med-signeringsrettighet"),
        ("dagl",),
    ),
    (CLOSED_SERVICE, ResourceType.GENERIC_ACCESS_RESOURCE, ("konkursbo-lesetilgang",), ()),
    (ROLE_SERVICE, ResourceType.GENERIC_ACCESS_RESOURCE, (), ("regn",)),
    (KEPT_SERVICE, ResourceType.GENERIC_ACCESS_RESOURCE, ("skattegrunnlag",), ("dagl",)),
    (SCOPE_SERVICE, ResourceType.MASKINPORTEN_SCHEMA, ("skattegrunnlag",), ()),
)


_REFERENCES = {
    ResourceType.ALTINN_APP: (
        ResourceReference("Altinn3", "skd/mva-melding-innsending-v1", "ApplicationId"),
    ),
    ResourceType.MASKINPORTEN_SCHEMA: (
        ResourceReference("ExternalPlatform", "skatteetaten:some.scope", "MaskinportenScope"),
    ),
}


def _add_services(work: Work) -> None:
    for identifier, kind, packages, roles in _SERVICES:
        text = LocalizedText(identifier, identifier, identifier)
        resource = resources.add_resource(
            work,
            NewResource(
                identifier,
                kind,
                OrganizationNumber(SERVICE_OWNER),
                "skd",
                text,
                description=text,
                right_description=text,
                is_delegable=identifier != KEPT_SERVICE,
                references=_REFERENCES.get(kind, ()),
            ),
        )
        policy = default_policy(
            identifier,
            roles=roles,
            packages=packages,
            actions=("read", "write"),
            minimum_level=3,
        )
        resources.set_policy(work, resource, policy)


_GIVEN = (
    "database",
    "decisions",
    "catalog",
    "addresses",
    "system_user_directory",
    "notice_delivery",
)


_ROUTES = [
    *connections.ROUTES,
    *reach.ROUTES,
    *system_register.ROUTES,
    *system_users.ROUTES,
    *requests.ROUTES,
    *logout.ROUTES,
    *portal_calls.ROUTES,
    *notices.ROUTES,
]


@cache
def _application() -> Litestar:
    """One application for all worlds: each request brings the house it is for."""
    return Litestar(
        [Router("/", route_handlers=_ROUTES)],
        dependencies={
            **{name: _of_house(name) for name in _GIVEN},
            "caller": Provide(_caller, sync_to_thread=False),
            "correlation": Provide(_correlation, sync_to_thread=False),
        },
        exception_handlers=EXCEPTION_HANDLERS,
        openapi_config=None,
        logging_config=None,
    )


def _front(
    database: Database, clock: TestClock, decisions: DecisionPoint, delivery: NoticeDelivery
) -> ASGIApp:
    house = SimpleNamespace(
        bearer=BearerCheck({ISSUER: OneKey()}, audiences=frozenset({BASE}), clock=clock),
        database=database,
        decisions=decisions,
        catalog=load_catalog(),
        addresses=Addresses(BASE),
        system_user_directory=SystemUserDirectory(database),
        notice_delivery=delivery,
    )

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if "headers" in scope:
            scope["fullmakt.house"] = house  # type: ignore[typeddict-unknown-key]
            scope["fullmakt.trace"] = read_trace(  # type: ignore[typeddict-unknown-key]
                list(scope["headers"])
            )
        await _application()(scope, receive, send)

    return front


def _of_house(name: str) -> Provide:
    def provide(scope: Scope) -> Any:  # noqa: ANN401  whichever it is
        return getattr(scope["fullmakt.house"], name)  # type: ignore[typeddict-item]

    return Provide(provide, sync_to_thread=False)


def _caller(request: Request[Any, Any, Any]) -> Caller:
    return caller_of(request)


def _correlation(request: Request[Any, Any, Any]) -> str:
    return trace_of(request).correlation
