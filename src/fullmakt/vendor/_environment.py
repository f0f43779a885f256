"""Where things are: the addresses of one environment. Nothing else differs between environments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit

_LOCAL = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """The addresses of one environment, without trailing slashes (but for the issuer).

    `apps` has `{owner}` where the service owner's short name goes, if it is part of the host name.
    Addresses must be https, except on this machine. Raises: ValueError.
    """

    maskinporten_issuer: str
    maskinporten_token: str
    platform: str
    apps: str
    vat_validation: str
    vat_app: str = "mva-melding-innsending-v1"

    def __post_init__(self) -> None:
        for address in (
            self.maskinporten_issuer,
            self.maskinporten_token,
            self.platform,
            self.apps,
            self.vat_validation,
        ):
            _check(address)

    @classmethod
    def local(cls, base_url: str) -> Self:
        """A world of Fullmakt that listens at `base_url`, such as `http://127.0.0.1:8080`."""
        base = base_url.rstrip("/")
        return cls(
            maskinporten_issuer=f"{base}/maskinporten/",
            maskinporten_token=f"{base}/maskinporten/token",
            platform=base,
            apps=base,
            vat_validation=f"{base}/api/mva/grensesnittstoette/mva-melding/valider",
        )

    @classmethod
    def tt02(cls) -> Self:
        """Altinn's test environment TT02 with Maskinporten's test environment."""
        return cls(
            maskinporten_issuer="https://test.maskinporten.no/",
            maskinporten_token="https://test.maskinporten.no/token",  # noqa: S106  an address
            platform="https://platform.tt02.altinn.no",
            apps="https://{owner}.apps.tt02.altinn.no",
            vat_validation=(
                "https://idporten-api-sbstest.sits.no"
                "/api/mva/grensesnittstoette/mva-melding/valider"
            ),
            vat_app="mva-melding-innsending-etm2",
        )

    @classmethod
    def production(cls) -> Self:
        """Production."""
        return cls(
            maskinporten_issuer="https://maskinporten.no/",
            maskinporten_token="https://maskinporten.no/token",  # noqa: S106  an address
            platform="https://platform.altinn.no",
            apps="https://{owner}.apps.altinn.no",
            vat_validation=(
                "https://idporten.api.skatteetaten.no"
                "/api/mva/grensesnittstoette/mva-melding/valider"
            ),
        )

    @property
    def authentication(self) -> str:
        """Where the register, requests, system users and the exchange are."""
        return f"{self.platform}/authentication/api/v1"

    def app(self, owner: str, name: str) -> str:
        """The address of an Altinn app: `app("skd", "mva-melding-innsending-v1")`."""
        return f"{self.apps.replace('{owner}', owner)}/{owner}/{name}"


def _check(address: str) -> None:
    parts = urlsplit(address)
    if not parts.hostname or parts.username is not None or parts.query or parts.fragment:
        raise ValueError(f"not an address of an environment: `{_without_user(address)}`")
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL):
        raise ValueError(f"address must be https, except on this machine: `{address}`")


def _without_user(address: str) -> str:
    """The address without what may be a password in front of the host."""
    scheme, separator, rest = address.partition("://")
    return f"{scheme}{separator}{rest.rpartition('@')[2]}"
