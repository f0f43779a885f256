"""The providers whose tokens may be exchanged, and what an exchange needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Provider(StrEnum):
    """A token provider, as the address names it whatever the letter case."""

    MASKINPORTEN = "maskinporten"
    ID_PORTEN = "id-porten"
    ALTINN_STUDIO = "altinnstudio"


@dataclass(frozen=True, slots=True)
class ExchangeLimits:
    """How long an exchanged token lasts, whatever is left of the one it was made from."""

    lifetime: timedelta = timedelta(minutes=30)
