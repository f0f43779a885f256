"""A house with a token server in it, a client and a system user; and grants to send it."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Callable, Iterator, Mapping, MutableMapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID, uuid4

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from fullmakt.access.parties.model import NewOrganization
from fullmakt.access.parties.service import add_organization
from fullmakt.credentials.clients import service as clients
from fullmakt.credentials.clients.model import AccessState, Scope
from fullmakt.credentials.keys.service import SigningKeys, open_signing_keys
from fullmakt.foundation.jose.keys import PrivateKey
from fullmakt.foundation.jose.tokens import read_token
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.storage.group_commit import Durability
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.identity.maskinporten.endpoint import TokenEndpoint
from fullmakt.identity.maskinporten.model import JWT_BEARER, Issuers
from fullmakt.identity.maskinporten.replay import ReplayGuard
from fullmakt.identity.maskinporten.service import TokenServer
from fullmakt.systems.system_register.model import SystemFacts
from fullmakt.systems.system_register.service import add_system
from fullmakt.systems.system_users.model import SystemUserKind
from fullmakt.systems.system_users.service import SystemUserDirectory, create_system_user
from tests.unit.keys.rsa_keys import rsa_key
from tests.worlds import START, TestClock, new_database

ISSUER = "http://127.0.0.1:8080/maskinporten/"
REAL_ISSUER = "https://test.maskinporten.no/"
VENDOR = OrganizationNumber("310904473")
OWNER = OrganizationNumber("312300028")
OTHER = OrganizationNumber("312400014")
DIRECTORATE = OrganizationNumber("991825827")
SYSTEM = f"{VENDOR}_maestro"
SYSTEM_USER = UUID("505f8488-3d48-4c15-8e21-35cb9432f815")
SECOND_SYSTEM_USER = UUID("ebe4a681-0a8c-429e-a36f-8f9ca942b59f")

CLIENT = "fc9a8287-0c5a-4a3e-9a0f-0f5a3c1d2b10"
STRANGER = "11111111-2222-4333-8444-555555555555"
RETIRED = "22222222-3333-4444-8555-666666666666"
KEYLESS = "33333333-4444-4555-8666-777777777777"
DIRECTORATE_CLIENT = "44444444-5555-4666-8777-888888888888"

SCOPES = {
    "altinn:instances.write": {"granted_to": frozenset({VENDOR})},
    "altinn:instances.read": {"accessible_for_all": True},
    "altinn:closed": {"granted_to": frozenset({OTHER})},
    "altinn:requested": {},
    "altinn:denied": {},
    "idporten:only": {
        "accessible_for_all": True,
        "integration_types": frozenset({"idporten"}),
    },
    "altinn:both": {
        "accessible_for_all": True,
        "integration_types": frozenset({"idporten", "maskinporten"}),
    },
    "altinn:serviceowner": {"accessible_for_all": True},
    "altinn:serviceowner/instances.read": {"accessible_for_all": True},
    "altinn:serviceowners": {"accessible_for_all": True},
}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def code(self) -> str | None:
        """The MP code, if the body's address names one."""
        uri = self.body.get("error_uri")
        return uri.removeprefix(f"{ISSUER}errors/") if uri else None

    @property
    def description(self) -> str:
        """The description before its trace id."""
        return str(self.body["error_description"]).rpartition(" (trace_id: ")[0]

    @property
    def claims(self) -> Mapping[str, Any]:
        """The claims of the token, verified by nobody."""
        return read_token(self.body["access_token"]).claims


@dataclass
class TokenHouse:
    database: Database
    keys: SigningKeys
    endpoint: TokenEndpoint
    replay: ReplayGuard
    clock: TestClock = field(default_factory=TestClock)

    def post(
        self,
        body: bytes | str,
        *,
        content_type: str | None = "application/x-www-form-urlencoded",
        headers: Mapping[str, str] | None = None,
        method: str = "POST",
    ) -> Answer:
        sent = {} if content_type is None else {"content-type": content_type}
        raw = body.encode() if isinstance(body, str) else body
        return asyncio.run(self.call(raw, {**sent, **(headers or {})}, method))

    async def call(self, body: bytes, headers: Mapping[str, str], method: str = "POST") -> Answer:
        """Ask the endpoint, the body in two pieces."""
        pieces: list[dict[str, Any]] = [
            {"type": "http.request", "body": body[:10], "more_body": True},
            {"type": "http.request", "body": body[10:], "more_body": False},
        ]
        told: list[Any] = []

        async def receive() -> dict[str, Any]:
            return pieces.pop(0)

        async def send(message: MutableMapping[str, Any]) -> None:
            told.append(message)

        scope = {
            "type": "http",
            "method": method,
            "headers": [
                (name.encode(), value.encode("latin-1")) for name, value in headers.items()
            ],
        }
        await self.endpoint(scope, receive, send)
        start, content = told
        return Answer(
            start["status"],
            {name.decode(): value.decode() for name, value in start["headers"]},
            json.loads(content["body"]),
        )

    def ask(self, assertion: str) -> Answer:
        return self.post(form(assertion))

    def change(self, how: Callable[[Any], object]) -> None:
        """Change what may be done, as one work."""
        with self.database.authority(actor="test", correlation="") as work:
            how(work)


def form(assertion: str, **more: str) -> str:
    return urlencode({"grant_type": JWT_BEARER, "assertion": assertion, **more})


def grant_claims(at: datetime = START, **changes: object) -> dict[str, object]:
    """The claims of a grant that holds, with `changes`."""
    now = int(at.timestamp())
    return {
        "aud": ISSUER,
        "iss": CLIENT,
        "scope": "altinn:instances.read altinn:instances.write",
        "iat": now,
        "exp": now + 120,
        "jti": str(uuid4()),
        **changes,
    }


def system_user_details(
    owner: OrganizationNumber | str = OWNER, **more: object
) -> list[dict[str, object]]:
    identifier = owner.iso6523 if isinstance(owner, OrganizationNumber) else owner
    return [
        {
            "type": "urn:altinn:systemuser",
            "systemuser_org": {"authority": "iso6523-actorid-upis", "ID": identifier},
            **more,
        }
    ]


def signed(
    claims: Mapping[str, object] | bytes,
    *,
    key: PrivateKey | None = None,
    header: Mapping[str, object] | None = None,
    without: tuple[str, ...] = (),
) -> str:
    """An assertion over `claims`, with our own header where one is given."""
    signing = key or rsa_key("client")
    members = {"alg": "RS256", "kid": signing.kid, **(header or {})}
    for name in without:
        members.pop(name, None)
    payload = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    signing_input = f"{encoded(json.dumps(members).encode())}.{encoded(payload)}"
    fill = (
        padding.PSS(padding.MGF1(hashes.SHA256()), 32)
        if members["alg"] == "PS256"
        else padding.PKCS1v15()
    )
    digest = {"RS384": hashes.SHA384(), "RS512": hashes.SHA512()}.get(
        str(members["alg"]), hashes.SHA256()
    )
    private = signing.jose_key.private_key
    assert private is not None
    signature = private.sign(signing_input.encode(), fill, digest)
    return f"{signing_input}.{encoded(signature)}"


def encoded(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def a_grant(**changes: object) -> str:
    """A grant that holds, with changed claims."""
    return signed({**grant_claims(), **changes})


@contextmanager
def token_house(url: str) -> Iterator[TokenHouse]:
    """A house at `url` with what the grants above need."""
    clock = TestClock()
    database = new_database(url, clock)
    replay = ReplayGuard(database, machine_clock=clock, durability=Durability.NOTHING)
    try:
        keys = open_signing_keys(database, profile="test", make=lambda use: rsa_key(use.value))
        _settle_in(database)
        server = TokenServer(
            clients=clients.ClientDirectory(database),
            system_users=SystemUserDirectory(database),
            replay=replay,
            signing_keys=keys,
            machine_clock=clock,
            issuers=Issuers(ISSUER, {"test.maskinporten.no": REAL_ISSUER}),
            is_inline=database.is_inline,
        )
        yield TokenHouse(database, keys, TokenEndpoint(server), replay, clock)
    finally:
        replay.close()
        database.close()


def _settle_in(database: Database) -> None:
    with database.authority(actor="test", correlation="") as work:
        _, owner, _ = (
            add_organization(
                work, NewOrganization(number, f"UNIT {number}", "AS", uuid4(), 50000 + n)
            )
            for n, number in enumerate((VENDOR, OWNER, OTHER))
        )
        directorate = NewOrganization(
            DIRECTORATE, "DIREKTORATET", "ORGL", uuid4(), 50009, details={"orgcode": "digdir"}
        )
        add_organization(work, directorate)
        for name, how in SCOPES.items():
            clients.add_scope(work, Scope(name, OTHER, **how))  # type: ignore[arg-type]
        clients.set_scope_access(work, "altinn:requested", VENDOR, AccessState.REQUESTED)
        clients.set_scope_access(work, "altinn:denied", VENDOR, AccessState.DENIED)
        for client_id, name in ((CLIENT, "Maestro"), (RETIRED, "Old"), (KEYLESS, "Keyless")):
            scopes = [scope for scope in SCOPES if "serviceowner" not in scope]
            clients.add_client(
                work, organization=VENDOR, name=name, scopes=scopes, client_id=client_id
            )
        clients.add_client(
            work,
            organization=DIRECTORATE,
            name="Digdir",
            scopes=[scope for scope in SCOPES if scope.startswith("altinn:")],
            client_id=DIRECTORATE_CLIENT,
        )
        for client_id in (CLIENT, RETIRED, DIRECTORATE_CLIENT):
            clients.add_key(work, client_id, rsa_key("client").public, at=START)
        long_ago = START - timedelta(days=366)
        clients.add_key(work, CLIENT, rsa_key("expired").public, at=long_ago)
        clients.add_key(work, RETIRED, rsa_key("retired").public, at=START)
        clients.deactivate_client(work, RETIRED)
        system = add_system(
            work,
            SystemFacts(SYSTEM, {"nb": "Maestro"}, {"nb": "Maestro"}, client_ids=(CLIENT,)),
            vendor=VENDOR,
            internal_id=uuid4(),
        )
        for uuid, reference in ((SYSTEM_USER, None), (SECOND_SYSTEM_USER, "department-2")):
            create_system_user(
                work,
                uuid=uuid,
                system=system,
                owner=owner,
                kind=SystemUserKind.AGENT,
                external_ref=reference,
                title="Maestro",
                packages=(),
                rights=frozenset(),
                given_by=owner,
            )
