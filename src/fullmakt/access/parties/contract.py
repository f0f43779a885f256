"""What the endpoints of Altinn Register are given and answer."""

from __future__ import annotations

from fullmakt.access.parties import register_wire as wire
from fullmakt.foundation.http.contract import Call, Contract

CONTRACT = Contract(
    about="Parties, as Altinn Register tells them",
    calls={
        "register_routes.get_party": Call({200: wire.PartyV1}),
        "register_routes.get_party_by_uuid": Call({200: wire.PartyV1}),
        "register_routes.look_up_party": Call({200: wire.PartyV1}, body=wire.PartyLookup),
        "register_routes.get_organization": Call({200: wire.Organization}),
        "register_routes.query_parties": Call(
            {200: wire.Listing, 206: wire.Listing}, body=wire.PartyQuery
        ),
        "register_routes.get_internal_party": Call({200: dict[str, object]}),
        "register_routes.list_customers": Call({200: wire.Listing}),
        "register_routes.list_customers_as_before": Call({200: wire.Listing}),
        "register_routes.list_managing_directors": Call({200: wire.Listing}),
        "register_routes.list_external_roles": Call({200: wire.Listing}),
    },
)
