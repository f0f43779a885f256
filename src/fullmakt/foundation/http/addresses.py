"""Where the house is reached: what links begin with, and the names it issues tokens under.

Configured, never derived from a Host header.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses of one running house. `base` has no trailing slash; issuers have one."""

    base: str

    @property
    def platform(self) -> str:
        """Where the platform's paths begin."""
        return self.base

    @property
    def portal(self) -> str:
        """Where the portal's paths begin."""
        return self.base

    @property
    def apps(self) -> str:
        """Where the apps' paths begin."""
        return self.base

    @property
    def maskinporten(self) -> str:
        """Where the token server's paths begin."""
        return f"{self.base}/maskinporten"

    @property
    def maskinporten_issuer(self) -> str:
        """The issuer of Maskinporten tokens."""
        return f"{self.base}/maskinporten/"

    @property
    def altinn_issuer(self) -> str:
        """The issuer of exchanged and portal tokens."""
        return f"{self.base}/authentication/api/v1/openid/"
