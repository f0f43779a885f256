"""Clients, keys and scopes registered and looked up.

Registering is authority: each change is an event, and bites on the next request. Whether a grant
holds is `identity/maskinporten`'s to say.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import uuid4

from fullmakt.credentials.clients import rules, store
from fullmakt.credentials.clients.errors import (
    ClientExists,
    ScopeExists,
    UnknownClient,
    UnknownKey,
    UnknownScope,
)
from fullmakt.credentials.clients.model import (
    AccessState,
    ClientKey,
    MaskinportenClient,
    RegisteredClient,
    Scope,
    ScopeAccess,
)
from fullmakt.foundation.storage.model import Change

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from fullmakt.foundation.jose.keys import PublicKey
    from fullmakt.foundation.storage.database import Database, Reading, Work
    from fullmakt.foundation.terms.numbers import OrganizationNumber


def find_client(reading: Reading, client_id: str) -> MaskinportenClient | None:
    """The client with this id, active or not."""
    return store.find_client(reading, client_id)


def get_client(reading: Reading, client_id: str) -> MaskinportenClient:
    """The client with this id. Raises: UnknownClient."""
    client = store.find_client(reading, client_id)
    if client is None:
        message = f"no client has id `{client_id}`"
        raise UnknownClient(message)
    return client


def list_clients(reading: Reading) -> list[MaskinportenClient]:
    """Every client, active or not."""
    return store.list_clients(reading)


def list_keys(reading: Reading, client_id: str) -> list[ClientKey]:
    """The client's keys, in the order they came."""
    return list(store.list_keys(reading, client_id).values())


def list_scopes(reading: Reading) -> list[Scope]:
    """Every scope, with the organisations it is granted to."""
    return store.list_scopes(reading)


def add_client(
    work: Work,
    *,
    organization: OrganizationNumber,
    name: str,
    scopes: Iterable[str],
    token_lifetime_s: int = 0,
    client_id: str | None = None,
) -> MaskinportenClient:
    """Register a client. Raises: UnusableClient, ClientExists, UnknownScope."""
    wanted = tuple(sorted(set(scopes)))
    client = MaskinportenClient(
        client_id=client_id or str(uuid4()),
        organization=organization,
        name=name,
        scopes=wanted,
        token_lifetime_s=rules.token_lifetime(token_lifetime_s),
    )
    rules.check_client(client.client_id, name)
    if store.find_client(work, client.client_id) is not None:
        message = f"client id `{client.client_id}` is in use"
        raise ClientExists(message)
    _check_scopes_exist(work, wanted)
    store.add_client(work, client)
    store.add_client_scopes(work, client.client_id, wanted)
    facts = {"clientId": client.client_id, "organization": organization.digits}
    _record(work, "client.added", {**facts, "scopes": list(wanted)})
    return client


def replace_scopes(work: Work, client_id: str, scopes: Iterable[str]) -> MaskinportenClient:
    """Give a client these scopes and no others. Raises: UnknownClient, UnknownScope."""
    client = get_client(work, client_id)
    held, wanted = set(client.scopes), set(scopes)
    _check_scopes_exist(work, sorted(wanted))
    if held != wanted:
        store.end_client_scopes(work, client_id, sorted(held - wanted))
        store.add_client_scopes(work, client_id, sorted(wanted - held))
        facts = {"clientId": client_id, "scopes": sorted(wanted)}
        _record(work, "client.scopes-replaced", facts)
    return replace(client, scopes=tuple(sorted(wanted)))


def deactivate_client(work: Work, client_id: str) -> None:
    """Refuse the client from now on. Raises: UnknownClient."""
    if get_client(work, client_id).is_active:
        store.replace_client_activity(work, client_id, is_active=False)
        _record(work, "client.deactivated", {"clientId": client_id})


def add_key(work: Work, client_id: str, public: PublicKey, *, at: datetime) -> ClientKey:
    """Register a key, or renew it; `at` is the machine's time, which tokens go by.

    Raises: UnknownClient, UnusableKeyId, KeyIdTaken, TooManyKeys.
    """
    get_client(work, client_id)
    held = store.list_keys(work, client_id)
    key = rules.register_key(public, held, at=at)
    if key.kid in held:
        store.end_key(work, client_id, key.kid)
    store.add_key(work, client_id, key)
    _record(work, "client.key-added", {"clientId": client_id, "kid": key.kid})
    return key


def end_key(work: Work, client_id: str, kid: str) -> None:
    """Remove a key. Raises: UnknownClient, UnknownKey."""
    get_client(work, client_id)
    if kid not in store.list_keys(work, client_id):
        message = f"client `{client_id}` has no key `{kid}`"
        raise UnknownKey(message)
    store.end_key(work, client_id, kid)
    _record(work, "client.key-removed", {"clientId": client_id, "kid": kid})


def add_scope(work: Work, scope: Scope) -> Scope:
    """Register a scope and grant it to those it names. Raises: UnusableScopeName, ScopeExists."""
    rules.check_scope_name(scope.name)
    if store.list_known_scopes(work, [scope.name]):
        message = f"scope `{scope.name}` is registered"
        raise ScopeExists(message)
    store.add_scope(work, scope)
    for organization in sorted(scope.granted_to):
        store.add_access(work, ScopeAccess(scope.name, organization, AccessState.APPROVED))
    granted = [organization.digits for organization in sorted(scope.granted_to)]
    facts = {"scope": scope.name, "owner": scope.owner.digits, "grantedTo": granted}
    _record(work, "scope.added", {**facts, "accessibleForAll": scope.accessible_for_all})
    return scope


def set_scope_access(
    work: Work, scope: str, organization: OrganizationNumber, state: AccessState
) -> ScopeAccess:
    """Say whether `organization` may use `scope`. Raises: UnknownScope."""
    _check_scopes_exist(work, [scope])
    access = ScopeAccess(scope, organization, state)
    store.end_access(work, scope, organization)
    store.add_access(work, access)
    facts = {"scope": scope, "organization": organization.digits, "state": state.value}
    _record(work, "scope.access-set", facts)
    return access


def _check_scopes_exist(work: Work, names: Sequence[str]) -> None:
    unknown = sorted(set(names) - store.list_known_scopes(work, names))
    if unknown:
        message = f"not registered: `{', '.join(unknown)}`; register the scope first"
        raise UnknownScope(message)


def _record(work: Work, kind: str, facts: Mapping[str, object]) -> None:
    store.replace_version(work)
    work.record(Change(kind, facts))


class ClientDirectory:
    """What the token server asks of clients, remembered until any client or scope changes.

    INVARIANT: the version is read before what is remembered is used, and again in the snapshot that
    fills it, so a key removed or an access revoked is not used by a request sent after that.
    """

    def __init__(self, database: Database, *, most_remembered: int = 10_000) -> None:
        self._database = database
        self._version_text = database.text_of(store.version_statement())
        self._most_remembered = most_remembered
        self._version: tuple[object, ...] = ()
        self._remembered: OrderedDict[str, RegisteredClient] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, client_id: str) -> RegisteredClient | None:
        """The active client with this id, with its keys and scopes as they are now."""
        version = self._database.ask(self._version_text, {})[0]
        with self._lock:
            if self._version == version:
                found = self._remembered.get(client_id)
                if found is not None:
                    return found
        return self._load(client_id)

    def _load(self, client_id: str) -> RegisteredClient | None:
        with self._database.reading() as reading:
            version = tuple(reading.connection.execute(store.version_statement()).one())
            client = store.find_client(reading, client_id)
            if client is None or not client.is_active:
                return None
            keys = store.list_keys(reading, client_id)
            found = RegisteredClient(client, keys, store.list_usable_scopes(reading, client))
        with self._lock:
            if self._version != version:
                self._version = version
                self._remembered.clear()
            self._remembered[client_id] = found
            while len(self._remembered) > self._most_remembered:
                self._remembered.popitem(last=False)
        return found
