"""Our own signing keys: what each is used for and where it stands in its life."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from fullmakt.foundation.jose.keys import PrivateKey


class KeyUse(StrEnum):
    """The token server a key signs for."""

    MASKINPORTEN = "maskinporten"
    ALTINN = "altinn"


class KeyState(StrEnum):
    """Where a key stands. All three are published; one key of each use signs."""

    PUBLISHED = "published"
    """Known to those who verify, before it is signed with."""
    SIGNING = "signing"
    RETIRED = "retired"
    """Signed with no more; tokens it signed may still be in use."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """One of our keys. Its representation never shows the private half."""

    use: KeyUse
    state: KeyState
    profile: str
    made_at: datetime
    private: PrivateKey

    @property
    def kid(self) -> str:
        """The key's id, as tokens and the JWKS name it."""
        return self.private.kid
