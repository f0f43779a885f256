"""What the endpoints of the resource registry are given and answer."""

from __future__ import annotations

from typing import Annotated

import msgspec

from fullmakt.access.resources import lists_wire, overview_wire, policy_wire, wire
from fullmakt.foundation.http.contract import Call, Contract

_SOUGHT = (
    "Id",
    "Title",
    "Description",
    "ResourceType",
    "Keyword",
    "Reference",
    "OrgCode",
    "OrganizationId",
)
_OF_ROLE = {"variant": str, "includePackageResources": bool}
_MATCH = {"If-Match": str, "If-None-Match": str}
_CHANGED = frozenset({412})


class PolicyForm(msgspec.Struct, rename="camel"):
    """A policy as a file of a form."""

    policy_file: Annotated[
        str, msgspec.Meta(extra_json_schema={"contentMediaType": "application/xml"})
    ]


_TAKEN = frozenset({409})

_NOT_INCLUDED = frozenset({501})

CONTRACT = Contract(
    about="Resources, their policies, and access lists",
    calls={
        "lists_routes.list_lists": Call(
            {200: policy_wire.Page[lists_wire.ListEntry]},
            query={"include": list[str], "resource": str, "token": str},
            refusals=_NOT_INCLUDED,
        ),
        "lists_routes.get_list": Call(
            {200: lists_wire.ListEntry, 304: None},
            query={"include": list[str]},
            headers=_MATCH,
            refusals=_NOT_INCLUDED,
        ),
        "lists_routes.set_list": Call(
            {200: lists_wire.ListEntry}, body=lists_wire.ListBody, headers=_MATCH, refusals=_CHANGED
        ),
        "lists_routes.delete_list": Call(
            {200: lists_wire.ListEntry, 204: None}, headers=_MATCH, refusals=_CHANGED
        ),
        "lists_routes.list_members": Call(
            {200: policy_wire.Page[lists_wire.MemberEntry], 304: None},
            query={"token": str},
            headers=_MATCH,
        ),
        "lists_routes.change_members": Call(
            {200: policy_wire.Page[lists_wire.MemberEntry]},
            body=lists_wire.MembersBody,
            headers=_MATCH,
            refusals=_CHANGED,
        ),
        "lists_routes.list_connections": Call(
            {200: policy_wire.Page[lists_wire.ConnectionEntry], 304: None},
            query={"token": str},
            headers=_MATCH,
        ),
        "lists_routes.set_connection": Call(
            {200: lists_wire.ConnectionEntry},
            body=lists_wire.ConnectionBody,
            headers=_MATCH,
            refusals=_CHANGED,
        ),
        "lists_routes.delete_connection": Call(
            {200: lists_wire.ConnectionEntry, 204: None}, headers=_MATCH, refusals=_CHANGED
        ),
        "memberships_routes.list_memberships": Call(
            {200: lists_wire.Memberships}, query={"party": list[str], "resource": list[str]}
        ),
        "metadata_routes.list_resources_of_package": Call(
            {200: list[overview_wire.ResourceBrief], 204: None}
        ),
        "metadata_routes.list_resources_of_role_code": Call(
            {200: list[overview_wire.ResourceBrief], 204: None}, query={"role": str, **_OF_ROLE}
        ),
        "metadata_routes.list_resources_of_role": Call(
            {200: list[overview_wire.ResourceBrief], 204: None}, query=_OF_ROLE
        ),
        "policy_routes.get_policy": Call({200: {"text/xml": str}}),
        "policy_routes.upload_policy": Call({201: None}, body={"multipart/form-data": PolicyForm}),
        "policy_routes.list_rules": Call({200: list[policy_wire.FlatRule]}),
        "policy_routes.list_rights": Call({200: list[policy_wire.Right]}),
        "policy_routes.list_registry_rights": Call(
            {200: policy_wire.RightList},
            query={"includeServiceOwnerRights": bool, "includeAppRights": bool},
        ),
        "policy_routes.list_subjects": Call(
            {200: policy_wire.Page[policy_wire.UrnAttribute]}, query={"reloadFromXacml": bool}
        ),
        "policy_routes.list_by_subjects": Call(
            {200: policy_wire.Page[policy_wire.SubjectResources]}, body=list[str]
        ),
        "policy_routes.list_updated": Call(
            {200: policy_wire.Page[policy_wire.UpdatedSubject]},
            query={"since": str, "token": str, "limit": int},
        ),
        "policy_routes.list_changes": Call(
            {200: policy_wire.Page[policy_wire.ChangedResource]}, query={"token": str, "limit": int}
        ),
        "routes.list_resources": Call(
            {200: list[wire.ServiceResource]},
            query={"includeApps": bool, "includeMigratedApps": bool},
        ),
        "routes.search_resources": Call(
            {200: list[wire.ServiceResource]}, query=dict.fromkeys(_SOUGHT, str)
        ),
        "routes.list_owners": Call({200: overview_wire.Owners}),
        "routes.export_resources": Call({200: {"text/turtle": str}}),
        "routes.get_resource": Call({200: wire.ServiceResource}),
        "routes.create_resource": Call({201: None}, body=wire.ResourceBody, refusals=_TAKEN),
        "routes.replace_resource": Call({200: None}, body=wire.ResourceBody, refusals=_TAKEN),
        "routes.delete_resource": Call({204: None}, refusals=_TAKEN),
    },
    tells_text=True,
)
