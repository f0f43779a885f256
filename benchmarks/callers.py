"""Callers with real keys and tokens: clients in the world, grants signed beforehand."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from functools import cache, partial
from typing import TYPE_CHECKING
from urllib.parse import urlencode
from uuid import uuid4

from benchmarks.worlds import OWNER, open_database
from fullmakt.credentials.clients import service as clients
from fullmakt.credentials.clients.model import Scope
from fullmakt.foundation.jose.keys import PrivateKey
from fullmakt.vendor import ClientKey

if TYPE_CHECKING:
    from collections.abc import Sequence

SCOPE = "altinn:authorization/authorize"
GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_LIFETIME_S = 3600


@cache
def register_client(url: str) -> tuple[str, str]:
    """Register the services' owner as a client with a key; the client's id and the key's PEM.

    A world has one such client, whoever asks for it.
    """
    key = PrivateKey.generate()
    database = open_database(url)
    with database.authority(actor="benchmark", correlation="benchmark") as work:
        granted = frozenset({OWNER})
        clients.add_scope(work, Scope(name=SCOPE, owner=OWNER, granted_to=granted))
        client = clients.add_client(
            work,
            organization=OWNER,
            name="Benchmark",
            scopes=(SCOPE,),
            token_lifetime_s=_LIFETIME_S,
        )
        clients.add_key(work, client.client_id, key.public, at=work.now)
    database.close()
    return client.client_id, key.as_pem()


def sign_grants(pem: str, client_id: str, issuer: str, count: int) -> list[str]:
    """`count` different grants as form bodies, signed on both cores."""
    with ProcessPoolExecutor(2) as pool:
        sign = partial(_sign_some, pem, client_id, issuer)
        halves = pool.map(sign, (count // 2, count - count // 2))
        return [body for half in halves for body in half]


def _sign_some(pem: str, client_id: str, issuer: str, count: int) -> Sequence[str]:
    key = ClientKey.from_pem(pem)
    now = int(time.time())
    claims = {"aud": issuer, "iss": client_id, "scope": SCOPE, "iat": now, "exp": now + 119}
    return [
        urlencode(
            {"grant_type": GRANT_TYPE, "assertion": key.sign({**claims, "jti": str(uuid4())})}
        )
        for _ in range(count)
    ]
