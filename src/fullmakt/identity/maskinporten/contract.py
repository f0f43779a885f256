"""What the token server is given and answers."""

from __future__ import annotations

import msgspec

from fullmakt.foundation.http.contract import Call, Contract
from fullmakt.identity.maskinporten import wire


class GrantForm(msgspec.Struct):
    """A signed grant (RFC 7523 section 2.1)."""

    grant_type: str
    assertion: str


CONTRACT = Contract(
    about="Access tokens of Maskinporten",
    calls={
        "routes.get_metadata": Call({200: wire.Metadata}),
        "routes.get_metadata_below_issuer": Call({200: wire.Metadata}),
        "routes.get_keys": Call({200: wire.PublishedKeys}),
        "endpoint.issue_token": Call(
            {200: wire.TokenAnswer},
            body={"application/x-www-form-urlencoded": GrantForm},
            refusals=frozenset({503}),
        ),
    },
    problems={"application/json": wire.ErrorAnswer},
)
