"""The host names of TT02, Altinn's test environment, and of what stands around it.

A program that calls them, led here, is answered as if it had reached them. The control surface and
the test tokens are at none of them.
"""

from __future__ import annotations

from fullmakt.foundation.http.addresses import HostNames
from fullmakt.run.server.hosts import Host, Hosts

_ACCESS = "/accessmanagement"
_PORTAL = (
    f"{_ACCESS}/ui/",
    f"{_ACCESS}/api/v1/systemuser/",
    f"{_ACCESS}/api/v1/systemregister",
    f"{_ACCESS}/api/v1/systemregister/",
    f"{_ACCESS}/api/v1/logoutredirect",
)
_PLATFORM = (
    f"{_ACCESS}/api/",
    "/authentication/",
    "/authorization/",
    "/broker/",
    "/dialogporten/",
    "/events/",
    "/register/",
    "/resourceregistry/",
)
_VAT = "/api/mva/"

TT02 = Hosts(
    HostNames(
        maskinporten="test.maskinporten.no",
        platform="platform.tt02.altinn.no",
        portal="am.ui.tt02.altinn.no",
        apps="apps.tt02.altinn.no",
        units="data.brreg.no",
        domain="tt02.altinn.no",
    ),
    {
        "test.maskinporten.no": Host(
            ("/token", "/jwk", "/.well-known/oauth-authorization-server"),
            stands_below="/maskinporten",
        ),
        "platform.tt02.altinn.no": Host(_PLATFORM, but_not=_PORTAL),
        "am.ui.tt02.altinn.no": Host(("/", *_PORTAL)),
        "data.brreg.no": Host(("/enhetsregisteret/",)),
        "idporten-api-sbstest.sits.no": Host((_VAT,)),
        "api-test.sits.no": Host(("/api/aksjonaerregister/",)),
    },
)
