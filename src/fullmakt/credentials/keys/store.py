"""Our own signing keys in the database, and the profile of the world they belong to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from fullmakt.credentials.keys.model import KeyState, KeyUse, SigningKey
from fullmakt.credentials.keys.tables import signing_keys
from fullmakt.foundation.jose.keys import PrivateKey
from fullmakt.foundation.storage.tables import world
from fullmakt.foundation.terms.moments import utc

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fullmakt.foundation.storage.database import Reading, Work


def get_profile(reading: Reading) -> str:
    """The profile that made the world."""
    profile: str = reading.connection.execute(select(world.c.profile)).scalar_one()
    return profile


def list_keys(reading: Reading, *, at_hand: Iterable[PrivateKey] = ()) -> list[SigningKey]:
    """Every key, oldest first. Those `at_hand` are not read from their text again."""
    # SPEED: reading one takes as long as making one (benchmarks/start.py).
    known = {(key.kid, key.as_pem()): key for key in at_hand}
    rows = reading.connection.execute(select(signing_keys).order_by(signing_keys.c.id))
    return [
        SigningKey(
            use=KeyUse(row.use),
            state=KeyState(row.state),
            profile=row.profile,
            made_at=utc(row.made_at),
            private=known.get((row.kid, row.private_pem))
            or PrivateKey.from_pem(row.private_pem, kid=row.kid),
        )
        for row in rows
    ]


def add_key(work: Work, key: SigningKey) -> None:
    """Keep a new key."""
    work.connection.execute(
        insert(signing_keys).values(
            kid=key.kid,
            use=key.use.value,
            state=key.state.value,
            profile=key.profile,
            made_at=key.made_at,
            private_pem=key.private.as_pem(),
        )
    )
