"""The control surface for Maskinporten: clients, their keys, and scopes."""

from __future__ import annotations

from litestar import Response, post
from litestar.params import FromPath, RawBody

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.parties import service as parties
from fullmakt.credentials.clients import service as clients
from fullmakt.foundation.http.doors import json_answer
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.jose.keys import PrivateKey
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.clock import Clock
from fullmakt.run.testworld import control_wire as wire
from fullmakt.run.testworld import register
from fullmakt.run.testworld.control_door import secret_holder
from fullmakt.run.testworld.register_routes import ACTOR, read_entry
from fullmakt.run.testworld.worldfile.members import WorldFault, WorldRefused
from fullmakt.run.testworld.worldfile.writing import write_scope


@post("/fullmakt/clients", guards=[secret_holder], sync_to_thread=True)
def add_client(
    database: Given[Database], machine_clock: Given[Clock], correlation: Given[str], body: RawBody
) -> Response[bytes]:
    """Register a client. Where no key came with it, one is made and told this once."""
    wish = wire.read_client(body)
    made = PrivateKey.generate() if wish.key is None else None
    public = made.public if made is not None else wish.key
    assert public is not None, "one of the two is there"
    with database.authority(actor=ACTOR, correlation=correlation) as work:
        owner = parties.find_organization(work, wish.organization)
        if owner is None:
            fault = WorldFault("organization", wish.organization.digits, "is not registered")
            raise WorldRefused([fault])
        client = clients.add_client(
            work,
            organization=wish.organization,
            name=wish.name or owner.name,
            scopes=wish.scopes,
            token_lifetime_s=wish.token_lifetime_s,
        )
        key = clients.add_key(work, client.client_id, public, at=machine_clock.now())
    return json_answer({**wire.write_client(client), **wire.write_key(key, made)}, status=201)


@post("/fullmakt/clients/{client_id:str}/keys", guards=[secret_holder], sync_to_thread=True)
def add_key(
    client_id: FromPath[str],
    database: Given[Database],
    machine_clock: Given[Clock],
    correlation: Given[str],
    body: RawBody,
) -> Response[bytes]:
    """Add a key to a client; where none came, one is made and told this once."""
    public = wire.read_key(body)
    made = PrivateKey.generate() if public is None else None
    public = public if made is None else made.public
    assert public is not None, "one of the two is there"
    with database.authority(actor=ACTOR, correlation=correlation) as work:
        key = clients.add_key(work, client_id, public, at=machine_clock.now())
    return json_answer({"clientId": client_id, **wire.write_key(key, made)}, status=201)


@post(
    "/fullmakt/clients/{client_id:str}/keys/{kid:str}/end",
    guards=[secret_holder],
    status_code=200,
    sync_to_thread=True,
)
def end_key(
    client_id: FromPath[str], kid: FromPath[str], database: Given[Database], correlation: Given[str]
) -> Response[bytes]:
    """Remove a key from a client: grants signed with it are refused from now on."""
    with database.authority(actor=ACTOR, correlation=correlation) as work:
        clients.end_key(work, client_id, kid)
        revision = work.revision
    return json_answer({"clientId": client_id, "kid": kid, "revision": revision})


@post("/fullmakt/scopes", guards=[secret_holder], sync_to_thread=True)
def add_scope(
    database: Given[Database], catalog: Given[Catalog], correlation: Given[str], body: RawBody
) -> Response[bytes]:
    """Register a scope, as an entry of `maskinportenScopes` in a world file."""
    scope = read_entry(body, catalog, lambda shapes, value: shapes.scope(value, ""))
    with database.authority(actor=ACTOR, correlation=correlation) as work:
        register.add_scope(work, catalog, scope)
    return json_answer(write_scope(scope), status=201)


ROUTES = [add_client, add_key, end_key, add_scope]
