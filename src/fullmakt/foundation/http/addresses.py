"""Where the house is reached: what links begin with, and the names it issues tokens under.

Configured, never derived from a Host header: which of the configured ones a request gets may be
chosen by it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Self

_ALTINN_ISSUER = "/authentication/api/v1/openid/"


@dataclass(frozen=True, slots=True)
class HostNames:
    """The host names that an environment's servers go by, each with https in front.

    An app's is its owner's short name in front of `apps`; cookies that the portal and the platform
    share are of `domain`.
    """

    maskinporten: str
    platform: str
    portal: str
    apps: str
    units: str
    domain: str


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one running house. `base` has no trailing slash; issuers have one.

    Everything is below `base`, and under `names` too where it has them; `is_named` says by which
    of the two links are written.
    """

    base: str
    names: HostNames | None = None
    is_named: bool = False

    def by_name(self) -> Self:
        """The same, written with the names. Raises: ValueError where there are none."""
        if self.names is None:
            message = "this house has no host names"
            raise ValueError(message)
        return replace(self, is_named=True)

    @property
    def _written(self) -> HostNames | None:
        return self.names if self.is_named else None

    @property
    def platform(self) -> str:
        """Where the platform's paths begin."""
        return f"https://{self._written.platform}" if self._written else self.base

    @property
    def portal(self) -> str:
        """Where the portal's paths begin."""
        return f"https://{self._written.portal}" if self._written else self.base

    def apps_of(self, owner: str) -> str:
        """Where the paths of the apps of a service owner, by its short name, begin."""
        return f"https://{owner}.{self._written.apps}" if self._written else self.base

    @property
    def units(self) -> str:
        """Where the paths of Enhetsregisteret begin."""
        return f"https://{self._written.units}" if self._written else self.base

    @property
    def maskinporten(self) -> str:
        """Where the token server's paths begin."""
        if self._written:
            return f"https://{self._written.maskinporten}"
        return f"{self.base}/maskinporten"

    @property
    def maskinporten_issuer(self) -> str:
        """The issuer of Maskinporten tokens."""
        return f"{self.maskinporten}/"

    @property
    def altinn_issuer(self) -> str:
        """The issuer of exchanged and portal tokens."""
        return f"{self.platform}{_ALTINN_ISSUER}"

    @property
    def cookie_domain(self) -> str | None:
        """The domain of cookies that the portal and the platform share; None is the one host."""
        return self._written.domain if self._written else None

    @property
    def written_ways(self) -> tuple[Self, ...]:
        """These, written below the base, and written by name where there are names."""
        below_base = replace(self, is_named=False)
        return (below_base,) if self.names is None else (below_base, self.by_name())

    @property
    def altinn_issuers(self) -> frozenset[str]:
        """Every name that the platform's tokens are issued under."""
        return frozenset(each.altinn_issuer for each in self.written_ways)

    @property
    def maskinporten_issuers(self) -> frozenset[str]:
        """Every name that Maskinporten tokens are issued under."""
        return frozenset(each.maskinporten_issuer for each in self.written_ways)

    @property
    def audiences(self) -> frozenset[str]:
        """What a token that names an audience may name (docs/adr/0014)."""
        return frozenset(
            audience
            for each in self.written_ways
            for audience in (each.platform, f"{each.platform}/", each.altinn_issuer)
        )
