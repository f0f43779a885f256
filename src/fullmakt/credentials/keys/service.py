"""Our own signing keys: made at the world's start, read once, used for every token.

A key is stamped with the profile of the program that made it, and a program refuses a world or a
key of another: what a test world signed never passes for production's, nor the other way. Changing
the key that signs is not done here yet; the states are there for it.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from fullmakt.credentials.keys import store
from fullmakt.credentials.keys.model import KeyState, KeyUse, SigningKey
from fullmakt.foundation.jose.keys import PrivateKey
from fullmakt.foundation.storage.model import Change

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from fullmakt.foundation.jose.keys import PublicKey
    from fullmakt.foundation.storage.database import Database, Work

_ACTOR = "start"


class ForeignProfileError(Exception):
    """The world, or one of its signing keys, was made by a program of another profile."""


class MissingSigningKeyError(Exception):
    """No key signs for this use: the keys were never made."""


class PublishedKeys:
    """The public keys of one use, for those who verify."""

    def __init__(self, keys: Sequence[PublicKey]) -> None:
        self._keys = {key.kid: key for key in keys}

    def find(self, kid: str) -> PublicKey | None:
        """The key with this id, or None."""
        return self._keys.get(kid)

    def as_jwks(self) -> list[dict[str, str]]:
        """The keys as a JWKS lists them."""
        return [key.as_jwk() for key in self._keys.values()]


class SigningKeys:
    """The signing keys of a running house."""

    def __init__(self, keys: Sequence[SigningKey]) -> None:
        self._signing = {key.use: key.private for key in keys if key.state is KeyState.SIGNING}
        self._published = {
            use: PublishedKeys([key.private.public for key in keys if key.use is use])
            for use in KeyUse
        }

    @property
    def signing(self) -> tuple[PrivateKey, ...]:
        """The keys that sign now."""
        return tuple(self._signing.values())

    def current(self, use: KeyUse | str) -> PrivateKey:
        """The key that signs. Raises: MissingSigningKeyError."""
        key = self._signing.get(KeyUse(use))
        if key is None:
            message = f"no signing key for `{use}`"
            raise MissingSigningKeyError(message)
        return key

    def source(self, use: KeyUse | str) -> PublishedKeys:
        """The public keys, for checking bearer tokens."""
        return self._published[KeyUse(use)]

    def jwks(self, use: KeyUse | str) -> list[dict[str, str]]:
        """The public keys as a JWKS lists them."""
        return self.source(use).as_jwks()


def open_signing_keys(
    database: Database,
    *,
    profile: str,
    make: Callable[[KeyUse], PrivateKey] = lambda _use: PrivateKey.generate(),
    at_hand: Collection[PrivateKey] = (),
) -> SigningKeys:
    """The world's keys; those that are missing are made and kept first.

    Of keys `at_hand` the text is compared, and not read again.

    Raises: ForeignProfileError when the world or a key is not of `profile`.
    """
    with database.reading() as reading:
        _check_profile("the world", store.get_profile(reading), ours=profile)
        held = store.list_keys(reading, at_hand=at_hand)
    missing = _missing(held)
    if missing:
        # Made before the world is locked, side by side: each takes a tenth of a second.
        with ThreadPoolExecutor(len(missing)) as makers:
            made = dict(zip(missing, makers.map(make, missing), strict=True))
        with database.authority(actor=_ACTOR, correlation="") as work:
            for use in _missing(store.list_keys(work)):
                _add(work, use, made[use], profile=profile)
            held = store.list_keys(work, at_hand=[*at_hand, *made.values()])
    for key in held:
        _check_profile(f"signing key `{key.kid}`", key.profile, ours=profile)
    return SigningKeys(held)


def _missing(held: Sequence[SigningKey]) -> list[KeyUse]:
    signing = {key.use for key in held if key.state is KeyState.SIGNING}
    return [use for use in KeyUse if use not in signing]


def _add(work: Work, use: KeyUse, private: PrivateKey, *, profile: str) -> None:
    key = SigningKey(use, KeyState.SIGNING, profile, work.now, private)
    store.add_key(work, key)
    work.record(Change("signing-key.made", {"use": use.value, "kid": key.kid, "profile": profile}))


def _check_profile(what: str, found: str, *, ours: str) -> None:
    if found != ours:
        message = (
            f"{what} was made by a program of profile `{found}`, and this one is `{ours}`;"
            " start the program it belongs to, or a world of its own"
        )
        raise ForeignProfileError(message)
