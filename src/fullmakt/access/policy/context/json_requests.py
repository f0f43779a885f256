"""Requests in the JSON profile's notation, read and written.

JSON Profile of XACML 3.0 version 1.1 section 4. Shorthand categories may be one object or an array;
what is written uses the general form.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

from fullmakt.access.policy.context.json_categories import read_category, write_category
from fullmakt.access.policy.context.json_members import Node, node_of, optional_flag, read_node
from fullmakt.access.policy.context.limits import DEFAULT_LIMITS, ContextLimits
from fullmakt.access.policy.context.model import ContextCategory, ContextRequest
from fullmakt.access.policy.context.short_names import CATEGORIES

_MEMBERS: Final = (
    *("ReturnPolicyIdList", "CombinedDecision", "XPathVersion", "Category", "MultiRequests"),
    *CATEGORIES,
)


def read_json_request(
    document: bytes | str, limits: ContextLimits = DEFAULT_LIMITS
) -> ContextRequest:
    """The request a document holds. Raises ContextRefused naming the member."""
    return _read_request(read_node(document, "Request", limits), limits)


def request_from_json(value: object, limits: ContextLimits = DEFAULT_LIMITS) -> ContextRequest:
    """The request that a JSON value is, already read. Raises ContextRefused naming the member."""
    return _read_request(node_of(value, "Request", limits), limits)


def _read_request(document: Node, limits: ContextLimits) -> ContextRequest:
    whole = document.members("Request", needs=("Request",))
    node = Node("Request", whole["Request"].value)
    members = node.members(*_MEMBERS)
    if "XPathVersion" in members:
        # SPEC: the version says how to read XPath, of which there is none; it must be a URI's text.
        members["XPathVersion"].text()
    categories = tuple(_categories(members))
    if not categories:
        raise node.refused("has no category: nothing is asked")
    limits.check_values(categories)
    return ContextRequest(
        categories=categories,
        references=_references(members["MultiRequests"]) if "MultiRequests" in members else (),
        returns_policy_ids=optional_flag(members, "ReturnPolicyIdList"),
        wants_combined_decision=optional_flag(members, "CombinedDecision"),
    )


def _categories(members: dict[str, Node]) -> Iterator[ContextCategory]:
    """In the order they stand in the request."""
    for name, node in members.items():
        if name in CATEGORIES or name == "Category":
            for each in node.items():
                yield read_category(each, CATEGORIES.get(name))


def _references(node: Node) -> tuple[tuple[str, ...], ...]:
    members = node.members("RequestReference", needs=("RequestReference",))
    found = tuple(_ids(each) for each in members["RequestReference"].items())
    if not found:
        raise members["RequestReference"].refused("is empty; it needs at least one reference")
    return found


def _ids(node: Node) -> tuple[str, ...]:
    members = node.members("ReferenceId", needs=("ReferenceId",))
    found = tuple(each.text() for each in members["ReferenceId"].items())
    if not found:
        raise members["ReferenceId"].refused("is empty; it needs at least one id")
    return found


def write_json_request(request: ContextRequest) -> bytes:
    """The request as a document that reads back as itself, values of one data type together."""
    written: dict[str, object] = {
        "ReturnPolicyIdList": request.returns_policy_ids,
        "CombinedDecision": request.wants_combined_decision,
        "Category": [write_category(each) for each in request.categories],
    }
    if request.references:
        written["MultiRequests"] = {
            "RequestReference": [{"ReferenceId": list(ids)} for ids in request.references]
        }
    return json.dumps({"Request": written}, ensure_ascii=False).encode()
