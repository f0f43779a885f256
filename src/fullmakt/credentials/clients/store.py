"""Clients, keys, scopes and accesses in the database."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, insert, select, update

from fullmakt.credentials.clients.model import (
    MASKINPORTEN,
    AccessState,
    ClientKey,
    MaskinportenClient,
    Scope,
    ScopeAccess,
    UsableScope,
)
from fullmakt.credentials.clients.tables import (
    client_keys,
    client_scopes,
    clients,
    credential_version,
    scope_access,
    scopes,
)
from fullmakt.foundation.jose.keys import PublicKey
from fullmakt.foundation.storage.tables import world
from fullmakt.foundation.terms.moments import utc
from fullmakt.foundation.terms.numbers import OrganizationNumber

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sqlalchemy import Row, Select

    from fullmakt.foundation.storage.database import Reading, Work

_FIRST = 1


def version_statement() -> Select[tuple[str, int | None]]:
    """Asks the world's incarnation and the latest revision that changed a client or a scope."""
    return select(world.c.incarnation, credential_version.c.revision).select_from(
        world.outerjoin(credential_version, credential_version.c.id == world.c.id)
    )


def replace_version(work: Work) -> None:
    """Note that this work changes clients or scopes."""
    noted = work.connection.execute(update(credential_version).values(revision=work.revision))
    if noted.rowcount == 0:
        work.connection.execute(
            insert(credential_version).values(id=_FIRST, revision=work.revision)
        )


def find_client(reading: Reading, client_id: str) -> MaskinportenClient | None:
    """The client with this id, active or not."""
    row = reading.connection.execute(
        select(clients).where(clients.c.client_id == client_id)
    ).one_or_none()
    if row is None:
        return None
    return _client(row, _list_scope_names(reading, client_id))


def list_clients(reading: Reading) -> list[MaskinportenClient]:
    """Every client, active or not."""
    rows = reading.connection.execute(select(clients).order_by(clients.c.client_id)).all()
    return [_client(row, _list_scope_names(reading, row.client_id)) for row in rows]


def _client(row: Row[Any], scope_names: tuple[str, ...]) -> MaskinportenClient:
    return MaskinportenClient(
        client_id=row.client_id,
        organization=OrganizationNumber(row.organization),
        name=row.name,
        scopes=scope_names,
        token_lifetime_s=row.token_lifetime_s,
        is_active=row.is_active,
    )


def _list_scope_names(reading: Reading, client_id: str) -> tuple[str, ...]:
    return tuple(
        reading.connection.execute(
            select(client_scopes.c.scope)
            .where(client_scopes.c.client_id == client_id, client_scopes.c.ended_rev.is_(None))
            .order_by(client_scopes.c.scope)
        ).scalars()
    )


def add_client(work: Work, client: MaskinportenClient) -> None:
    """Keep a new client, without its scopes."""
    work.connection.execute(
        insert(clients).values(
            client_id=client.client_id,
            organization=client.organization.digits,
            name=client.name,
            token_lifetime_s=client.token_lifetime_s,
            is_active=client.is_active,
        )
    )


def replace_client_activity(work: Work, client_id: str, *, is_active: bool) -> None:
    """Say whether the client is active."""
    work.connection.execute(
        update(clients).where(clients.c.client_id == client_id).values(is_active=is_active)
    )


def add_client_scopes(work: Work, client_id: str, names: Sequence[str]) -> None:
    """Open scopes on a client."""
    if names:
        work.connection.execute(
            insert(client_scopes),
            [{"client_id": client_id, "scope": name, "began_rev": work.revision} for name in names],
        )


def end_client_scopes(work: Work, client_id: str, names: Sequence[str]) -> None:
    """Close scopes on a client."""
    work.connection.execute(
        update(client_scopes)
        .where(
            client_scopes.c.client_id == client_id,
            client_scopes.c.scope.in_(names),
            client_scopes.c.ended_rev.is_(None),
        )
        .values(ended_rev=work.revision)
    )


def list_keys(reading: Reading, client_id: str) -> dict[str, ClientKey]:
    """The client's keys by id, in the order they came."""
    rows = reading.connection.execute(
        select(client_keys)
        .where(client_keys.c.client_id == client_id, client_keys.c.ended_rev.is_(None))
        .order_by(client_keys.c.id)
    )
    return {row.kid: ClientKey(_read_key(row.jwk), utc(row.expires_at)) for row in rows}


@lru_cache(maxsize=10_000)
def _read_key(jwk: str) -> PublicKey:
    return PublicKey.from_jwk(json.loads(jwk))


def add_key(work: Work, client_id: str, key: ClientKey) -> None:
    """Open a key on a client."""
    work.connection.execute(
        insert(client_keys).values(
            client_id=client_id,
            kid=key.kid,
            jwk=json.dumps(key.public.as_jwk()),
            expires_at=key.expires_at,
            began_rev=work.revision,
        )
    )


def end_key(work: Work, client_id: str, kid: str) -> None:
    """Close a key on a client."""
    work.connection.execute(
        update(client_keys)
        .where(
            client_keys.c.client_id == client_id,
            client_keys.c.kid == kid,
            client_keys.c.ended_rev.is_(None),
        )
        .values(ended_rev=work.revision)
    )


def list_scopes(reading: Reading) -> list[Scope]:
    """Every scope, with the organisations it is granted to."""
    granted: dict[str, set[OrganizationNumber]] = {}
    for access in list_access(reading):
        if access.state is AccessState.APPROVED:
            granted.setdefault(access.scope, set()).add(access.organization)
    rows = reading.connection.execute(select(scopes).order_by(scopes.c.name))
    return [
        Scope(
            name=row.name,
            owner=OrganizationNumber(row.owner),
            accessible_for_all=row.accessible_for_all,
            granted_to=frozenset(granted.get(row.name, ())),
            integration_types=frozenset(json.loads(row.integration_types)),
        )
        for row in rows
    ]


def list_known_scopes(reading: Reading, names: Sequence[str]) -> set[str]:
    """Those of `names` that exist."""
    return set(
        reading.connection.execute(select(scopes.c.name).where(scopes.c.name.in_(names))).scalars()
    )


def add_scope(work: Work, scope: Scope) -> None:
    """Keep a new scope, without its accesses."""
    work.connection.execute(
        insert(scopes).values(
            name=scope.name,
            owner=scope.owner.digits,
            accessible_for_all=scope.accessible_for_all,
            integration_types=json.dumps(sorted(scope.integration_types)),
        )
    )


def list_access(reading: Reading) -> list[ScopeAccess]:
    """Every access that stands."""
    rows = reading.connection.execute(
        select(scope_access)
        .where(scope_access.c.ended_rev.is_(None))
        .order_by(scope_access.c.scope, scope_access.c.organization)
    )
    return [
        ScopeAccess(row.scope, OrganizationNumber(row.organization), AccessState(row.state))
        for row in rows
    ]


def add_access(work: Work, access: ScopeAccess) -> None:
    """Open an access."""
    work.connection.execute(
        insert(scope_access).values(
            scope=access.scope,
            organization=access.organization.digits,
            state=access.state.value,
            began_rev=work.revision,
        )
    )


def end_access(work: Work, scope: str, organization: OrganizationNumber) -> bool:
    """Close what stands between a scope and an organisation; whether anything did."""
    ended = work.connection.execute(
        update(scope_access)
        .where(
            scope_access.c.scope == scope,
            scope_access.c.organization == organization.digits,
            scope_access.c.ended_rev.is_(None),
        )
        .values(ended_rev=work.revision)
    )
    return ended.rowcount > 0


def list_usable_scopes(reading: Reading, client: MaskinportenClient) -> Mapping[str, UsableScope]:
    """The scopes on `client`, as its organisation meets them."""
    rows = reading.connection.execute(
        _USABLE, {"client": client.client_id, "organization": client.organization.digits}
    )
    found = {}
    for row in rows:
        types = json.loads(row.integration_types)
        found[row.name] = UsableScope(
            name=row.name,
            is_for_maskinporten=not types or MASKINPORTEN in types,
            is_granted=row.accessible_for_all or row.state == AccessState.APPROVED,
        )
    return found


_USABLE = (
    select(
        scopes.c.name,
        scopes.c.accessible_for_all,
        scopes.c.integration_types,
        scope_access.c.state,
    )
    .join(client_scopes, client_scopes.c.scope == scopes.c.name)
    .outerjoin(
        scope_access,
        and_(
            scope_access.c.scope == scopes.c.name,
            scope_access.c.organization == bindparam("organization"),
            scope_access.c.ended_rev.is_(None),
        ),
    )
    .where(client_scopes.c.client_id == bindparam("client"), client_scopes.c.ended_rev.is_(None))
)
