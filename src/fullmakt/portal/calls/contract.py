"""What the calls behind the portal's pages are given and answer: what the platform's own are."""

from __future__ import annotations

from uuid import UUID

import msgspec

from fullmakt.foundation.http.contract import Call, Contract, TypeForm
from fullmakt.systems.requests.contract import CONTRACT as REQUESTS
from fullmakt.systems.system_register.contract import CONTRACT as REGISTER
from fullmakt.systems.system_users.contract import CONTRACT as USERS

_RIGHTS = REGISTER.calls["routes.read_rights"].answers[200]
_PACKAGES = REGISTER.calls["routes.read_packages"].answers[200]
RegisteredRights = msgspec.defstruct(
    "RegisteredRights", [("rights", _RIGHTS), ("accessPackages", _PACKAGES)]
)


class ClientBody(msgspec.Struct, rename="camel"):
    """The client to link, by its party uuid."""

    customer_id: UUID


def _call(contract: Contract, target: str, *query: str, body: TypeForm = None) -> Call:
    of_platform = contract.calls[target]
    return Call(
        of_platform.answers,
        body=body or of_platform.body,
        query=dict.fromkeys(query, UUID),
        refusals=of_platform.refusals,
    )


CONTRACT = Contract(
    about="The calls of the portal's pages",
    calls={
        "routes.list_systems": _call(REGISTER, "routes.list_visible_systems"),
        "routes.list_system_users": _call(USERS, "portal_routes.list_standard"),
        "routes.create_system_user": _call(USERS, "own_initiative_routes.create"),
        "routes.read_system_user": _call(USERS, "portal_routes.read_one"),
        "routes.delete_system_user": _call(USERS, "portal_routes.delete_standard"),
        "routes.list_agents": _call(USERS, "portal_routes.list_agents"),
        "routes.read_agent": _call(USERS, "portal_routes.read_one"),
        "routes.delete_agent": _call(USERS, "portal_routes.delete_agent", "partyuuid"),
        "routes.list_clients": _call(USERS, "portal_routes.list_linked", "partyuuid"),
        "routes.link_client": _call(
            USERS, "portal_routes.link_client", "partyuuid", body=ClientBody
        ),
        "routes.unlink_client": _call(USERS, "portal_routes.unlink_client", "partyuuid"),
        "routes.is_own_client": _call(USERS, "own_client_routes.is_own_client", "partyuuid"),
        "routes.add_own_client": _call(USERS, "own_client_routes.add_own_client", "partyuuid"),
        "routes.remove_own_client": _call(
            USERS, "own_client_routes.remove_own_client", "partyuuid"
        ),
        "routes.read_request": _call(REQUESTS, "portal_routes.open_standard"),
        "routes.read_agent_request": _call(REQUESTS, "portal_routes.open_agent"),
        "routes.read_change_request": _call(REQUESTS, "change_portal_routes.open_change"),
        "routes.list_customers": _call(USERS, "portal_routes.list_clients", "partyuuid"),
        "routes.approve_request": _call(REQUESTS, "portal_routes.approve_standard"),
        "routes.reject_request": _call(REQUESTS, "portal_routes.reject_standard"),
        "routes.escalate_request": _call(REQUESTS, "pending_routes.escalate_standard"),
        "routes.approve_agent_request": _call(REQUESTS, "portal_routes.approve_agent"),
        "routes.reject_agent_request": _call(REQUESTS, "portal_routes.reject_agent"),
        "routes.escalate_agent_request": _call(REQUESTS, "pending_routes.escalate_agent"),
        "routes.approve_change_request": _call(REQUESTS, "change_portal_routes.approve_change"),
        "routes.reject_change_request": _call(REQUESTS, "change_portal_routes.reject_change"),
        "routes.read_rights": Call({200: RegisteredRights}),
        "routes.list_pending": _call(REQUESTS, "pending_routes.list_pending_standard"),
    },
    tells_text=True,
)
