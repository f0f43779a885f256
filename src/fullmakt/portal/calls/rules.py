"""Which call of the pages is which call of the platform, and how its problems are told.

Source: Altinn's public documentation. A template's `{name}` is filled from the path, then from the
query, then from the body.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import quote, urlencode

PORTAL, PLATFORM = "/accessmanagement/api/v1", "/authentication/api/v1"
_KEPT = frozenset(
    {
        *(1, 2, 3, 4, 11, 14, 16, 18, 19, 20, 28, 43, 44, 45, 50, 51, 53, 55, 57, 62, 66),
        *(68, 69, 70, 71),
    }
)
_CODE = re.compile(r"AUTH-(\d{5})")
_NAMED = re.compile(r"\{(\w+)\}")
_NOT_FOUND, _GENERIC = 404, "AMUI-00005"
_GENERIC_TITLE = "Default error at the end of logic chain. Not supposed to appear."
_REQUEST_TITLE = "The Id does not refer to a Request in our system."


@dataclass(frozen=True, slots=True)
class PortalCall:
    """A call of the pages and the platform's that it is.

    `name` is its own. `path` and `target` are templates after the two prefixes; `query` maps what
    the platform calls a value to what the pages call it.
    """

    name: str
    method: Literal["GET", "POST", "DELETE"]
    path: str
    target: str
    query: Mapping[str, str] = field(default_factory=dict)
    is_request: bool = False
    """Whether one request is read: whatever is not found is then the request."""

    @property
    def declared_path(self) -> str:
        """The path as the toolkit reads it."""
        path = _NAMED.sub(r"{\1:str}", self.path)
        return f"{PORTAL}/{path}"

    def address(self, given: Mapping[str, str]) -> tuple[str, str]:
        """The platform's path and query, filled with what was given."""
        path = _NAMED.sub(lambda name: quote(given.get(name[1], ""), safe=""), self.target)
        pairs = [(name, given[source]) for name, source in self.query.items() if source in given]
        return f"{PLATFORM}/{path}", urlencode(pairs)


_OWN_CLIENT: Sequence[tuple[str, Literal["GET", "POST", "DELETE"]]] = (
    ("is_own_client", "GET"),
    ("add_own_client", "POST"),
    ("remove_own_client", "DELETE"),
)
_ANSWERED = ("approve", "reject")
_REQUESTS = (
    ("request", "request", "systemuser/request", (*_ANSWERED, "escalate")),
    ("agent_request", "agentrequest", "systemuser/request/agent", (*_ANSWERED, "escalate")),
    ("change_request", "changerequest", "systemuser/changerequest", _ANSWERED),
)
_ONE = "systemuser/{party}/{user}"
_AGENT = "systemuser/agent/{party}/{user}"
_CLIENTS = "systemuser/agentdelegation/{party}/{user}"

CALLS: Sequence[PortalCall] = (
    PortalCall("list_systems", "GET", "systemregister", "systemregister"),
    PortalCall("list_system_users", "GET", "systemuser/{party}", "systemuser/{party}"),
    PortalCall("create_system_user", "POST", "systemuser/{party}", "systemuser/{party}/create"),
    PortalCall("read_system_user", "GET", _ONE, _ONE),
    PortalCall("delete_system_user", "DELETE", _ONE, _ONE),
    PortalCall("list_agents", "GET", "systemuser/agent/{party}", "systemuser/agent/{party}"),
    PortalCall("read_agent", "GET", _AGENT, _ONE),
    PortalCall("delete_agent", "DELETE", _AGENT, _AGENT, {"facilitatorId": "partyuuid"}),
    PortalCall(
        "list_clients",
        "GET",
        f"{_CLIENTS}/delegation",
        "systemuser/agent/{party}/{partyuuid}/{user}/delegations",
    ),
    PortalCall(
        "link_client",
        "POST",
        f"{_CLIENTS}/delegation",
        _AGENT,
        {"provider": "partyuuid", "client": "customerId"},
    ),
    PortalCall(
        "unlink_client",
        "DELETE",
        f"{_CLIENTS}/delegation/{{client}}",
        f"{_AGENT}/client",
        {"provider": "partyuuid", "client": "client"},
    ),
    *(
        PortalCall(name, method, f"{_CLIENTS}/self", f"{_AGENT}/self", {"partyUuid": "partyuuid"})
        for name, method in _OWN_CLIENT
    ),
    *(
        PortalCall(
            f"read_{name}", "GET", f"systemuser/{page}/{{id}}", f"{target}/{{id}}", is_request=True
        )
        for name, page, target, _ in _REQUESTS
    ),
    *(
        PortalCall(
            f"{verb}_{name}",
            "POST",
            f"systemuser/{page}/{{party}}/{{id}}/{verb}",
            f"{target}/{{party}}/{{id}}/{verb}",
        )
        for name, page, target, verbs in _REQUESTS
        for verb in verbs
    ),
)

SYSTEM_USER = PortalCall("read_system_user", "GET", "", _ONE)
RIGHTS = PortalCall("read_rights", "GET", "", "systemregister/{system}/rights")
PACKAGES = PortalCall("read_packages", "GET", "", "systemregister/{system}/accesspackages")
PENDING = (
    PortalCall("list_pending", "GET", "", "systemuser/request/{party}/{number}/pending"),
    PortalCall(
        "list_agent_pending", "GET", "", "systemuser/request/agent/{party}/{number}/pending"
    ),
)
CUSTOMERS = PortalCall(
    "list_customers", "GET", "", "systemuser/agent/{party}/clients", {"facilitator": "partyuuid"}
)


def told_to_portal(status: int, body: bytes, *, is_request: bool) -> tuple[int, bytes]:
    """A refusal of the platform as the portal tells it.

    Its codes begin with AMUI; those it does not know become one, with the platform's words in
    `detail`. An answer without a body (401, 403) stays as it is.
    """
    members = _members(body)
    if members is None:
        return status, body
    found = _CODE.fullmatch(str(members.get("code", "")))
    number = int(found[1]) if found else 0
    told = {**members, "detail": members.get("detail") or members.get("title", "")}
    if is_request and status == _NOT_FOUND:
        told |= _named("AMUI-00010", _REQUEST_TITLE, _NOT_FOUND)
    elif found and number in _KEPT:
        told |= _named(f"AMUI-{found[1]}", str(members.get("title", "")), status)
    else:
        told |= _named(_GENERIC, _GENERIC_TITLE, 400)
        told.pop("statusDescription", None)
    return int(str(told["status"])), json.dumps(told, ensure_ascii=False).encode()


def _members(body: bytes) -> dict[str, object] | None:
    try:
        value = json.loads(body)
    except ValueError:
        return None
    return value if isinstance(value, dict) and "status" in value else None


def _named(code: str, title: str, status: int) -> dict[str, object]:
    return {"type": f"urn:altinn:error:{code}", "title": title, "status": status, "code": code}


def escalated_of(pages: Sequence[Sequence[Mapping[str, object]]]) -> list[Mapping[str, object]]:
    """What waits, of all kinds, as the portal lists it: what somebody has escalated."""
    return [each for page in pages for each in page if each.get("escalated") is True]
