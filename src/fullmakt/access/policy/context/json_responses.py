"""Responses in the JSON profile's notation, read and written.

JSON Profile of XACML 3.0 version 1.1 section 5. What there is none of is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from fullmakt.access.policy import names
from fullmakt.access.policy.context.errors import ContextRefused
from fullmakt.access.policy.context.json_categories import read_category, write_category
from fullmakt.access.policy.context.json_members import Node, node_of, optional_text, read_node
from fullmakt.access.policy.context.json_values import read_values, write_json_value
from fullmakt.access.policy.context.limits import DEFAULT_LIMITS, ContextLimits
from fullmakt.access.policy.context.model import (
    ContextCategory,
    ContextStatus,
    Response,
    Result,
)
from fullmakt.access.policy.outcome import (
    Assignment,
    Decision,
    Directive,
    MissingAttribute,
    PolicyIdentifier,
)


def response_as_json(response: Response) -> dict[str, object]:
    """The response as a JSON value."""
    return {"Response": [_write_result(each) for each in response.results]}


def write_json_response(response: Response) -> bytes:
    """The response as a document."""
    return json.dumps(response_as_json(response), ensure_ascii=False).encode()


def _write_result(result: Result) -> dict[str, object]:
    written: dict[str, object] = {"Decision": result.decision.value}
    if result.status is not None:
        written["Status"] = _write_status(result.status)
    if result.obligations:
        written["Obligations"] = [_write_directive(each) for each in result.obligations]
    if result.advice:
        written["AssociatedAdvice"] = [_write_directive(each) for each in result.advice]
    if result.categories:
        written["Category"] = [write_category(each) for each in result.categories]
    if result.policies:
        written["PolicyIdentifierList"] = _write_policies(result.policies)
    return written


def _write_status(status: ContextStatus) -> dict[str, object]:
    code: dict[str, object] = {}
    for value in reversed(status.codes):
        code = {"Value": value, "StatusCode": code} if code else {"Value": value}
    written: dict[str, object] = {"StatusCode": code}
    if status.message:
        written["StatusMessage"] = status.message
    if status.missing:
        written["StatusDetail"] = [_write_missing(each) for each in status.missing]
    return written


def _write_missing(missing: MissingAttribute) -> dict[str, object]:
    written: dict[str, object] = {
        "Category": missing.category,
        "AttributeId": missing.attribute_id,
        "DataType": missing.data_type,
    }
    if missing.issuer is not None:
        written["Issuer"] = missing.issuer
    return written


def _write_directive(directive: Directive) -> dict[str, object]:
    return {
        "Id": directive.directive_id,
        "AttributeAssignment": [_write_assignment(each) for each in directive.assignments],
    }


def _write_assignment(assignment: Assignment) -> dict[str, object]:
    written: dict[str, object] = {
        "AttributeId": assignment.attribute_id,
        "Value": write_json_value(assignment.data_type, assignment.value),
        "DataType": assignment.data_type,
    }
    if assignment.category is not None:
        written["Category"] = assignment.category
    if assignment.issuer is not None:
        written["Issuer"] = assignment.issuer
    return written


def _write_policies(policies: tuple[PolicyIdentifier, ...]) -> dict[str, object]:
    written: dict[str, list[dict[str, str]]] = {}
    for policy in policies:
        named = {"Id": policy.policy_id}
        if policy.version:
            named["Version"] = policy.version
        member = "PolicySetIdReference" if policy.is_set else "PolicyIdReference"
        written.setdefault(member, []).append(named)
    return dict(written)


# --- reading --------------------------------------------------------------------------------------


def read_json_response(document: bytes | str, limits: ContextLimits = DEFAULT_LIMITS) -> Response:
    """The response a document holds. Raises ContextRefused naming the member."""
    return _read_response(read_node(document, "Response", limits))


def response_from_json(value: object, limits: ContextLimits = DEFAULT_LIMITS) -> Response:
    """The response that a JSON value is, already read. Raises ContextRefused."""
    return _read_response(node_of(value, "Response", limits))


def _read_response(document: Node) -> Response:
    whole = document.members("Response", needs=("Response",))
    node = Node("Response", whole["Response"].value)
    results = tuple(_read_result(each) for each in node.items())
    if not results:
        raise node.refused("is empty; it needs at least one result")
    return Response(results)


def _read_result(node: Node) -> Result:
    members = node.members(
        *("Decision", "Status", "Obligations", "AssociatedAdvice"),
        *("Category", "PolicyIdentifierList"),
        needs=("Decision",),
    )
    return Result(
        decision=_read_decision(members["Decision"]),
        status=_read_status(members["Status"]) if "Status" in members else None,
        obligations=tuple(map(_read_directive, _items(members, "Obligations"))),
        advice=tuple(map(_read_directive, _items(members, "AssociatedAdvice"))),
        categories=tuple(map(_read_category, _items(members, "Category"))),
        policies=_read_policies(members),
    )


def _read_category(node: Node) -> ContextCategory:
    return read_category(node)


def _items(members: dict[str, Node], name: str) -> Iterator[Node]:
    return members[name].items() if name in members else iter(())


def _read_decision(node: Node) -> Decision:
    text = node.text()
    try:
        return Decision(text)
    except ValueError:
        raise node.refused(f"`{text[:80]}` is not a decision") from None


def _read_status(node: Node) -> ContextStatus:
    members = node.members("StatusCode", "StatusMessage", "StatusDetail")
    codes: list[str] = []
    code = members.get("StatusCode")
    while code is not None:
        inner = code.members("Value", "StatusCode", needs=("Value",))
        codes.append(inner["Value"].text())
        code = inner.get("StatusCode")
    return ContextStatus(
        codes=tuple(codes) or (names.STATUS_OK,),
        message=members["StatusMessage"].words() if "StatusMessage" in members else "",
        missing=tuple(map(_read_missing, _items(members, "StatusDetail"))),
    )


def _read_missing(node: Node) -> MissingAttribute:
    members = node.members(
        *("Category", "AttributeId", "DataType", "Issuer"),
        needs=("Category", "AttributeId", "DataType"),
    )
    return MissingAttribute(
        members["Category"].text(),
        members["AttributeId"].text(),
        members["DataType"].text(),
        optional_text(members, "Issuer"),
    )


def _read_directive(node: Node) -> Directive:
    members = node.members("Id", "AttributeAssignment", needs=("Id",))
    assignments = _items(members, "AttributeAssignment")
    return Directive(members["Id"].text(), tuple(map(_read_assignment, assignments)))


def _read_assignment(node: Node) -> Assignment:
    members = node.members(
        *("AttributeId", "Value", "DataType", "Category", "Issuer"), needs=("AttributeId", "Value")
    )
    values = read_values(members["Value"], members.get("DataType"))
    if len(values) != 1:
        raise ContextRefused(members["Value"].path, "an assignment has one value")
    return Assignment(
        attribute_id=members["AttributeId"].text(),
        data_type=values[0].data_type,
        value=values[0].value,
        category=optional_text(members, "Category"),
        issuer=optional_text(members, "Issuer"),
    )


def _read_policies(members: dict[str, Node]) -> tuple[PolicyIdentifier, ...]:
    if "PolicyIdentifierList" not in members:
        return ()
    lists = members["PolicyIdentifierList"].members("PolicyIdReference", "PolicySetIdReference")
    found = []
    for name, node in lists.items():
        for each in node.items():
            named = each.members("Id", "Version", needs=("Id",))
            version = optional_text(named, "Version") or ""
            is_set = name == "PolicySetIdReference"
            found.append(PolicyIdentifier(named["Id"].text(), version, is_set))
    return tuple(found)
