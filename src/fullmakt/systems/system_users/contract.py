"""What the endpoints of system users are given and answer."""

from __future__ import annotations

from fullmakt.foundation.http.contract import Call, Contract
from fullmakt.systems.system_users import bulk_wire, internal_wire, wire

CONTRACT = Contract(
    about="System users and their clients",
    calls={
        "bulk_routes.search_clients": Call({200: bulk_wire.ClientPageShape}),
        "bulk_routes.add_clients": Call({200: bulk_wire.BulkAnswer}, body=bulk_wire.BulkBody),
        "bulk_routes.remove_clients": Call({200: bulk_wire.BulkAnswer}, body=bulk_wire.BulkBody),
        "bulk_routes.copy_clients": Call({200: bulk_wire.BulkAnswer}),
        "client_routes.list_agents": Call({200: list[wire.OwnedSystemUser]}),
        "client_routes.list_available_clients": Call({200: wire.AgentClients}),
        "client_routes.list_linked_clients": Call({200: wire.AgentClients}),
        "client_routes.link_client": Call({200: wire.AgentAndClient}),
        "client_routes.unlink_client": Call({200: wire.AgentAndClient}),
        "internal_routes.stream_changes": Call({200: internal_wire.ChangedPageShape}),
        "internal_routes.read_changed": Call(
            {200: internal_wire.ChangedSystemUserShape}, refusals=frozenset({410})
        ),
        "own_client_routes.is_own_client": Call({200: bool}),
        "own_client_routes.add_own_client": Call({200: bool}),
        "own_client_routes.remove_own_client": Call({200: bool}),
        "own_initiative_routes.create": Call({200: wire.OwnedSystemUser}, body=wire.OwnWishBody),
        "own_initiative_routes.rename": Call({200: None}, body=wire.RenamingBody),
        "own_initiative_routes.read_access": Call({200: wire.AccessAnswer}),
        "portal_routes.list_standard": Call({200: list[wire.OwnedSystemUser]}),
        "portal_routes.list_agents": Call({200: list[wire.OwnedSystemUser]}),
        "portal_routes.read_one": Call({200: wire.OwnedSystemUser}),
        "portal_routes.delete_standard": Call({202: int, 404: int}),
        "portal_routes.delete_agent": Call({200: None}),
        "portal_routes.list_clients": Call({200: list[wire.ClientShape]}),
        "portal_routes.list_linked": Call({200: list[wire.ClientDelegation]}),
        "portal_routes.link_client": Call({200: list[wire.ClientDelegation]}),
        "portal_routes.unlink_client": Call({200: None}),
        "vendor_routes.find_by_external_id": Call({200: wire.ExternalSystemUser}),
        "vendor_routes.find_by_query": Call({200: wire.ExternalSystemUser}),
        "vendor_routes.list_by_system": Call({200: wire.ExternalPage}),
    },
)
