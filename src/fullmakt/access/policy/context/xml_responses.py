"""Responses in the core standard's XML notation, read and written.

XACML 3.0 core sections 5.47 to 5.58.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from lxml import etree

from fullmakt.access.policy.context.limits import DEFAULT_LIMITS, ContextLimits
from fullmakt.access.policy.context.model import (
    ContextStatus,
    Response,
    Result,
)
from fullmakt.access.policy.context.xml_parts import (
    add_attributes,
    named,
    new_root,
    read_attributes,
    read_literal,
    read_root,
    refusing,
    tag,
    written,
)
from fullmakt.access.policy.data_types import write_value
from fullmakt.access.policy.outcome import (
    Assignment,
    Decision,
    Directive,
    MissingAttribute,
    PolicyIdentifier,
)
from fullmakt.access.policy.xml_document import Element

_IN_RESULT: Final = ("Decision", "Status", "Obligations", "AssociatedAdvice", "Attributes")
_POLICY_LIST: Final = "PolicyIdentifierList"


def write_xml_response(response: Response) -> bytes:
    """The response as a document."""
    root = new_root("Response", {})
    for result in response.results:
        _add_result(etree.SubElement(root, tag("Result")), result)
    return written(root)


def _add_result(element: etree._Element, result: Result) -> None:
    etree.SubElement(element, tag("Decision")).text = result.decision.value
    if result.status is not None:
        _add_status(element, result.status)
    _add_directives(element, "Obligations", "Obligation", result.obligations)
    _add_directives(element, "AssociatedAdvice", "Advice", result.advice)
    for category in result.categories:
        add_attributes(element, category)
    if result.policies:
        listed = etree.SubElement(element, tag(_POLICY_LIST))
        for policy in result.policies:
            name = "PolicySetIdReference" if policy.is_set else "PolicyIdReference"
            known = {"Version": policy.version} if policy.version else {}
            etree.SubElement(listed, tag(name), known).text = policy.policy_id


def _add_status(parent: etree._Element, status: ContextStatus) -> None:
    element = etree.SubElement(parent, tag("Status"))
    inner = element
    for code in status.codes:
        inner = etree.SubElement(inner, tag("StatusCode"), {"Value": code})
    if status.message:
        etree.SubElement(element, tag("StatusMessage")).text = status.message
    if status.missing:
        detail = etree.SubElement(element, tag("StatusDetail"))
        for missing in status.missing:
            known = {
                "Category": missing.category,
                "AttributeId": missing.attribute_id,
                "DataType": missing.data_type,
            }
            if missing.issuer is not None:
                known["Issuer"] = missing.issuer
            etree.SubElement(detail, tag("MissingAttributeDetail"), known)


def _add_directives(
    parent: etree._Element, group: str, kind: str, directives: Sequence[Directive]
) -> None:
    if not directives:
        return
    element = etree.SubElement(parent, tag(group))
    for directive in directives:
        held = etree.SubElement(element, tag(kind), {f"{kind}Id": directive.directive_id})
        for assignment in directive.assignments:
            known = {"AttributeId": assignment.attribute_id, "DataType": assignment.data_type}
            if assignment.category is not None:
                known["Category"] = assignment.category
            if assignment.issuer is not None:
                known["Issuer"] = assignment.issuer
            written_value = write_value(assignment.data_type, assignment.value)
            etree.SubElement(held, tag("AttributeAssignment"), known).text = written_value


# --- reading --------------------------------------------------------------------------------------


def read_xml_response(document: bytes | str, limits: ContextLimits = DEFAULT_LIMITS) -> Response:
    """The response a document holds. Raises ContextRefused naming the line."""
    return refusing(lambda: _read_response(read_root(document, "Response", limits)))


def _read_response(element: Element) -> Response:
    element.check_attributes()
    element.check_no_text()
    if not element.children:
        raise element.refused("`Response` needs at least one `Result`")
    return Response(
        tuple(_read_result(named(each, "Result", inside=element)) for each in element.children)
    )


def _read_result(element: Element) -> Result:
    element.check_attributes()
    element.check_no_text()
    groups: dict[str, list[Element]] = {name: [] for name in (*_IN_RESULT, _POLICY_LIST)}
    for child in element.children:
        if child.name not in groups:
            raise child.refused(f"`{child.name}` inside `Result` is not accepted")
        groups[child.name].append(child)
        if child.name != "Attributes" and len(groups[child.name]) > 1:
            raise child.refused(f"`Result` has more than one `{child.name}`")
    if not groups["Decision"]:
        raise element.refused("`Result` needs a `Decision`")
    return Result(
        decision=_read_decision(groups["Decision"][0]),
        status=next(map(_read_status, groups["Status"]), None),
        obligations=_read_directives(groups["Obligations"], "Obligation"),
        advice=_read_directives(groups["AssociatedAdvice"], "Advice"),
        categories=tuple(map(read_attributes, groups["Attributes"])),
        policies=tuple(
            _read_policy(each) for listed in groups[_POLICY_LIST] for each in listed.children
        ),
    )


def _read_decision(element: Element) -> Decision:
    text = element.text.strip()
    try:
        return Decision(text)
    except ValueError:
        raise element.refused(f"`{text[:80]}` is not a decision") from None


def _read_status(element: Element) -> ContextStatus:
    codes: list[str] = []
    message, missing = "", list[MissingAttribute]()
    for child in element.children:
        match child.name:
            case "StatusCode":
                codes = _read_codes(child)
            case "StatusMessage":
                message = child.text
            case "StatusDetail":
                missing = [_read_missing(each, inside=child) for each in child.children]
            case _:
                raise child.refused(f"`{child.name}` inside `Status` is not accepted")
    if not codes:
        raise element.refused("`Status` needs a `StatusCode`")
    return ContextStatus(tuple(codes), message, tuple(missing))


def _read_codes(element: Element) -> list[str]:
    codes = [element.required("Value")]
    for child in element.children:
        codes += _read_codes(named(child, "StatusCode", inside=element))
    return codes


def _read_missing(element: Element, *, inside: Element) -> MissingAttribute:
    named(element, "MissingAttributeDetail", inside=inside)
    return MissingAttribute(
        element.required("Category"),
        element.required("AttributeId"),
        element.required("DataType"),
        element.attributes.get("Issuer"),
    )


def _read_directives(groups: Sequence[Element], kind: str) -> tuple[Directive, ...]:
    return tuple(
        Directive(
            named(each, kind, inside=group).required(f"{kind}Id"),
            tuple(_read_assignment(child, inside=each) for child in each.children),
        )
        for group in groups
        for each in group.children
    )


def _read_assignment(element: Element, *, inside: Element) -> Assignment:
    named(element, "AttributeAssignment", inside=inside)
    held = read_literal(element)
    return Assignment(
        attribute_id=element.required("AttributeId"),
        data_type=held.data_type,
        value=held.value,
        category=element.attributes.get("Category"),
        issuer=element.attributes.get("Issuer"),
    )


def _read_policy(element: Element) -> PolicyIdentifier:
    is_set = element.name == "PolicySetIdReference"
    if not is_set:
        named(element, "PolicyIdReference", inside=element)
    element.check_attributes("Version")
    return PolicyIdentifier(element.text.strip(), element.attributes.get("Version", ""), is_set)
