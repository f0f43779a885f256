"""What the endpoints of connections and client delegation are given and answer."""

from __future__ import annotations

from uuid import UUID

from fullmakt.access.connections import check_wire, client_wire, internal_wire, wire
from fullmakt.foundation.http.contract import Call, Contract

# Version 1 calls them `from` and `to`, version 2 by what they are.
_CLIENT = {"from": UUID, "client": UUID}
_AGENT = {"to": UUID, "agent": UUID}

CONTRACT = Contract(
    about="Connections between parties, and client delegation",
    calls={
        "check_routes.check_packages": Call({200: wire.Paged[check_wire.CheckedPackage]}),
        "check_routes.check_rights": Call({200: check_wire.CheckedResource}),
        "client_routes.list_clients": Call({200: wire.Paged[client_wire.ClientShape]}),
        "client_routes.list_agents": Call({200: wire.Paged[client_wire.AgentShape]}),
        "client_routes.add_agent": Call(
            {200: wire.AssignmentShape}, body=wire.PersonBody, is_body_optional=True
        ),
        "client_routes.remove_agent": Call({204: None}, query={"party": UUID, **_AGENT}),
        "client_routes.drop_client": Call({204: None}, query={"party": UUID, **_CLIENT, **_AGENT}),
        "client_routes.list_of_agent": Call(
            {200: wire.Paged[client_wire.ClientShape]}, query={"party": UUID, **_AGENT}
        ),
        "client_routes.list_of_client": Call(
            {200: wire.Paged[client_wire.AgentShape]}, query={"party": UUID, **_CLIENT}
        ),
        "client_routes.delegate": Call(
            {200: list[client_wire.PassedShape]},
            body=client_wire.ValuesBody,
            query={"party": UUID, **_CLIENT, **_AGENT},
        ),
        "client_routes.undelegate": Call(
            {200: list[client_wire.PassedShape]},
            body=client_wire.ValuesBody,
            query={"party": UUID, **_CLIENT, **_AGENT},
        ),
        "client_routes.undelegate_by_post": Call(
            {200: list[client_wire.PassedShape]},
            body=client_wire.ValuesBody,
            query={"party": UUID, **_CLIENT, **_AGENT},
        ),
        "internal_routes.list_clients": Call({200: list[internal_wire.FlatClient]}),
        "internal_routes.list_connections": Call({200: list[internal_wire.FlatConnection]}),
        "internal_routes.delegate": Call(
            {200: list[internal_wire.Made]}, body=internal_wire.DelegationBody
        ),
        "internal_routes.delete_delegation": Call({200: None}),
        "internal_routes.delete_assignment": Call({200: None}),
        "internal_routes.delete_agent_assignment": Call({200: None}),
        "my_routes.list_my_clients": Call({200: wire.Paged[client_wire.ProviderShape]}),
        "my_routes.list_my_providers": Call({200: wire.Paged[wire.PartyShape]}),
        "my_routes.leave_provider": Call({204: None}),
        "my_routes.leave_client": Call({204: None}, query=_CLIENT),
        "my_routes.let_go": Call(
            {200: list[client_wire.PassedShape]}, body=client_wire.ValuesBody, query=_CLIENT
        ),
        "my_routes.let_go_by_post": Call(
            {200: list[client_wire.PassedShape]}, body=client_wire.ValuesBody, query=_CLIENT
        ),
        "routes.list_connections": Call({200: wire.Paged[wire.Connection]}),
        "routes.add_right_holder": Call(
            {200: wire.AssignmentShape}, body=wire.PersonBody, is_body_optional=True
        ),
        "routes.remove_right_holder": Call({204: None}),
        "routes.list_packages": Call({200: wire.Paged[wire.PackagePermissions]}),
        "routes.give_package": Call(
            {200: wire.GivenPackage}, body=wire.PersonBody, is_body_optional=True
        ),
        "routes.withdraw_package": Call({204: None}),
        "routes.list_resources": Call({200: wire.Paged[wire.ResourcePermissions]}),
        "routes.withdraw_rights": Call({204: None}),
        "routes.list_rights": Call({200: wire.ResourceRights}),
        "routes.give_rights": Call({201: None}, body=wire.RightKeys),
        "routes.replace_rights": Call({200: None}, body=wire.RightKeys),
    },
)
