"""What the test world's own endpoints are given and answer."""

from __future__ import annotations

from fullmakt.foundation.http.contract import JSON_LINES, TEXT, Call, Contract, TypeForm
from fullmakt.run.testworld.contract_shapes import (
    Added,
    ClientBody,
    Clock,
    ClockBody,
    EndedKey,
    EndedRole,
    Explained,
    Fell,
    Health,
    KeyBody,
    MadeClient,
    MadeKey,
    OtherPackage,
    OtherPolicy,
    PackageOpens,
    Registered,
    ResetBody,
    Revision,
    Role,
    RoleBody,
    Snapshot,
    SnapshotBody,
    StatusBody,
    Traced,
    WhatCan,
    WhoCan,
)

_WORLD: dict[str, TypeForm] = {"application/json": dict, "application/yaml": str}
_RIGHT = {"action": str, "resource": str}
_PARTY = {"organization": str, "person": str, "party": str}
_SUBJECT = dict.fromkeys(
    ("systemUser", "userId", "subject", "subjectPerson", "subjectOrganization"), str
)
_QUESTION = {**_SUBJECT, "serviceOwner": str, **_RIGHT, **_PARTY}
_ENTERPRISE = {
    **dict.fromkeys(("env", "scopes", "org", "orgNo", "orgName", "supplierOrgNo"), str),
    **dict.fromkeys(("partyuuid", "userName", "delegationSource"), str),
    **dict.fromkeys(("partyId", "userId", "ttl"), int),
}
_PERSONAL = {
    **dict.fromkeys(("env", "scopes", "partyuuid", "pid", "userName", "clientAmr"), str),
    **dict.fromkeys(("consumerOrgNo", "delegationSource"), str),
    **dict.fromkeys(("userId", "partyId", "authLvl", "ttl", "bulkCount"), int),
}
_SYSTEM_USER = {
    **dict.fromkeys(("env", "scopes", "systemUserId", "orgNo", "clientId"), str),
    "ttl": int,
}

_TAKEN = frozenset({409})

CONTRACT = Contract(
    about="The test world: its contents, its clock, test tokens, and the reasons for decisions",
    calls={
        "client_routes.add_client": Call({201: MadeClient}, body=ClientBody, refusals=_TAKEN),
        "client_routes.add_key": Call(
            {201: MadeKey}, body=KeyBody, is_body_optional=True, refusals=_TAKEN
        ),
        "client_routes.end_key": Call({200: EndedKey}),
        "client_routes.add_scope": Call(
            {201: dict[str, object]}, body=dict[str, object], refusals=_TAKEN
        ),
        "control_routes.get_health": Call({200: Health}),
        "control_routes.get_world": Call({200: _WORLD}),
        "control_routes.post_world": Call({200: Added}, body=_WORLD),
        "control_routes.reset_world": Call({200: Revision}, body=ResetBody, is_body_optional=True),
        "control_routes.save_snapshot": Call(
            {201: Snapshot}, body=SnapshotBody, is_body_optional=True
        ),
        "control_routes.restore_snapshot": Call({200: Snapshot}),
        "control_routes.get_clock": Call({200: Clock}),
        "control_routes.move_clock": Call({200: Clock}, body=ClockBody),
        "description_routes.get_description": Call({200: dict[str, object]}),
        "event_routes.get_events": Call(
            {200: {**JSON_LINES, "text/event-stream": str}}, query={"after": int, "touches": str}
        ),
        "explain_routes.explain": Call({200: Explained}, query=_QUESTION),
        "explain_routes.explain_body": Call({200: Explained}, body=dict[str, object]),
        "explain_routes.trace": Call({200: Traced}, query={"correlation": str}),
        "generator_routes.get_personal_token": Call(
            {200: {**TEXT, "application/json": dict[str, str]}}, query=_PERSONAL
        ),
        "generator_routes.get_enterprise_token": Call({200: TEXT}, query=_ENTERPRISE),
        "generator_routes.get_enterprise_user_token": Call({200: TEXT}, query=_ENTERPRISE),
        "generator_routes.get_platform_access_token": Call(
            {200: TEXT}, query=dict.fromkeys(("env", "app", "org"), str) | {"ttl": int}
        ),
        "generator_routes.get_system_user_token": Call({200: TEXT}, query=_SYSTEM_USER),
        "generator_routes.get_session_token": Call(
            {200: TEXT}, query={"party": str, "level": int, "scopes": str}
        ),
        "reach_routes.who_can": Call({200: WhoCan}, query={**_PARTY, **_RIGHT, "token": str}),
        "reach_routes.what_can": Call(
            {200: WhatCan}, query={**_SUBJECT, "resource": str, "token": str}
        ),
        "reach_routes.package_opens": Call({200: PackageOpens}, query={"package": str}),
        "what_if_routes.what_if_policy": Call({200: JSON_LINES}, body=OtherPolicy),
        "what_if_routes.what_if_package": Call({200: JSON_LINES}, body=OtherPackage),
        "what_if_routes.what_if_role_ended": Call({200: JSON_LINES}, body=RoleBody),
        "what_if_routes.what_if_role_began": Call({200: JSON_LINES}, body=RoleBody),
        "register_routes.add_organization": Call(
            {201: Registered}, body=dict[str, object], refusals=_TAKEN
        ),
        "register_routes.add_person": Call(
            {201: Registered}, body=dict[str, object], refusals=_TAKEN
        ),
        "register_routes.change_status": Call({200: Fell}, body=StatusBody),
        "register_routes.begin_role": Call({201: Role}, body=RoleBody, refusals=_TAKEN),
        "register_routes.end_role": Call({200: EndedRole}, body=RoleBody),
        "register_routes.list_fallen": Call({200: Fell}, query={"revision": int}),
        "register_routes.give": Call({201: Revision}, body=dict[str, object]),
        "register_routes.withdraw": Call({200: Fell}, body=dict[str, object]),
    },
)
