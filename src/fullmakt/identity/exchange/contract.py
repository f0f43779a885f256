"""What the exchange answers."""

from __future__ import annotations

from fullmakt.foundation.http.contract import TEXT, Call, Contract
from fullmakt.foundation.http.doors import authenticated
from fullmakt.identity.exchange import wire

CONTRACT = Contract(
    about="Tokens of Altinn for those of Maskinporten",
    calls={
        "routes.exchange_token": Call(
            {200: {**TEXT, "application/json": str}}, query={"test": bool}, guard=authenticated
        ),
        "routes.get_metadata": Call({200: wire.Metadata}),
        "routes.get_keys": Call({200: wire.PublishedKeys}),
    },
    tells_text=True,
)
