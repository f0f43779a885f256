"""What the feed's endpoints are given and answer."""

from __future__ import annotations

from fullmakt.foundation.http.contract import Call, Contract
from fullmakt.services.notices import subscription_wire, wire

CONTRACT = Contract(
    about="The feed of system users",
    calls={
        "routes.read_feed": Call({200: wire.FeedPage}),
        "subscription_routes.subscribe": Call(
            {201: subscription_wire.SubscriptionShape},
            body=subscription_wire.SubscribeBody,
            refusals=frozenset({409}),
        ),
        "subscription_routes.list_subscriptions": Call({200: subscription_wire.SubscriptionList}),
        "subscription_routes.unsubscribe": Call({204: None}),
        "subscription_routes.list_dead_letters": Call({200: subscription_wire.DeadLetters}),
        "subscription_routes.redeliver": Call({200: subscription_wire.Redelivered}),
    },
)
