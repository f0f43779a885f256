"""What the endpoints of requests are given and answer."""

from __future__ import annotations

from fullmakt.foundation.http.contract import Call, Contract, Link
from fullmakt.systems.requests import change_wire, wire

_ID = {"request_id": "$response.body#/id"}
_OF_STANDARD = (
    Link("requests_vendor_readStandard", _ID),
    Link("requests_deleteRequest", _ID),
)
_OF_AGENT = (
    Link("requests_vendor_readAgent", _ID),
    Link("requests_deleteRequest", _ID),
)

_AS_IT_STANDS = frozenset({409})

CONTRACT = Contract(
    about="Requests for system users, and changes of them",
    calls={
        "change_portal_routes.open_change": Call({200: change_wire.ChangeAnswer}),
        "change_portal_routes.read_change_for_party": Call({200: change_wire.ChangeAnswer}),
        "change_portal_routes.approve_change": Call({200: bool}, refusals=_AS_IT_STANDS),
        "change_portal_routes.reject_change": Call({200: bool}, refusals=_AS_IT_STANDS),
        "change_vendor_routes.make_change": Call(
            {201: change_wire.ChangeAnswer, 200: change_wire.ChangeAnswer},
            body=change_wire.ChangeBody,
            refusals=_AS_IT_STANDS,
        ),
        "change_vendor_routes.read_change": Call({200: change_wire.ChangeAnswer}),
        "change_vendor_routes.read_change_by_reference": Call({200: change_wire.ChangeAnswer}),
        "change_vendor_routes.list_changes": Call({200: change_wire.ChangePageAnswer}),
        "change_vendor_routes.delete_change": Call({202: None}),
        "pending_routes.escalate_standard": Call({200: bool}),
        "pending_routes.escalate_agent": Call({200: bool}),
        "pending_routes.list_pending_standard": Call({200: list[wire.RequestAnswer]}),
        "pending_routes.list_pending_agent": Call({200: list[wire.RequestAnswer]}),
        "portal_routes.open_standard": Call({200: wire.OpenedAnswer}),
        "portal_routes.open_agent": Call({200: wire.OpenedAnswer}),
        "portal_routes.read_standard": Call({200: wire.RequestAnswer}),
        "portal_routes.read_agent": Call({200: wire.RequestAnswer}),
        "portal_routes.approve_standard": Call({200: bool}, refusals=_AS_IT_STANDS),
        "portal_routes.approve_agent": Call({200: bool}, refusals=_AS_IT_STANDS),
        "portal_routes.reject_standard": Call({200: bool}, refusals=_AS_IT_STANDS),
        "portal_routes.reject_agent": Call({200: bool}, refusals=_AS_IT_STANDS),
        "vendor_routes.make_standard": Call(
            {201: wire.RequestAnswer, 200: wire.RequestAnswer},
            body=wire.StandardRequestBody,
            links=_OF_STANDARD,
        ),
        "vendor_routes.make_agent": Call(
            {201: wire.RequestAnswer, 200: wire.RequestAnswer},
            body=wire.AgentRequestBody,
            links=_OF_AGENT,
        ),
        "vendor_routes.read_standard": Call({200: wire.RequestAnswer}),
        "vendor_routes.read_agent": Call({200: wire.RequestAnswer}),
        "vendor_routes.read_standard_by_reference": Call({200: wire.RequestAnswer}),
        "vendor_routes.read_agent_by_reference": Call({200: wire.RequestAnswer}),
        "vendor_routes.list_standard": Call({200: wire.RequestPageAnswer}),
        "vendor_routes.list_agent": Call({200: wire.RequestPageAnswer}),
        "vendor_routes.delete_request": Call({202: None}),
    },
    tells_text=True,
)
