"""Requests in the core standard's XML notation, read and written: XACML 3.0 core section 5.42."""

from __future__ import annotations

from lxml import etree

from fullmakt.access.policy.context.limits import DEFAULT_LIMITS, ContextLimits
from fullmakt.access.policy.context.model import ContextRequest
from fullmakt.access.policy.context.xml_parts import (
    add_attributes,
    named,
    new_root,
    read_attributes,
    read_flag,
    read_root,
    refusing,
    tag,
    written,
)
from fullmakt.access.policy.xml_document import Element


def read_xml_request(
    document: bytes | str, limits: ContextLimits = DEFAULT_LIMITS
) -> ContextRequest:
    """The request a document holds.

    Raises ContextRefused naming the line: unsafe, malformed, too large, not as the schema says.
    """
    return refusing(lambda: _read_request(read_root(document, "Request", limits), limits))


def _read_request(element: Element, limits: ContextLimits) -> ContextRequest:
    element.check_attributes("ReturnPolicyIdList", "CombinedDecision")
    element.check_no_text()
    children = list(element.children)
    if children and children[0].name == "RequestDefaults":
        _check_defaults(children.pop(0))
    multiple = children.pop() if children and children[-1].name == "MultiRequests" else None
    categories = tuple(
        read_attributes(named(child, "Attributes", inside=element)) for child in children
    )
    if not categories:
        raise element.refused("`Request` needs at least one `Attributes`")
    limits.check_values(categories)
    return ContextRequest(
        categories=categories,
        references=() if multiple is None else _references(multiple),
        returns_policy_ids=read_flag(element, "ReturnPolicyIdList"),
        wants_combined_decision=read_flag(element, "CombinedDecision"),
    )


def _check_defaults(element: Element) -> None:
    """SPEC: the only default is XPath's version, and there is no XPath."""
    element.check_attributes()
    element.check_no_text()
    for child in element.children:
        named(child, "XPathVersion", inside=element).check_no_children()


def _references(element: Element) -> tuple[tuple[str, ...], ...]:
    element.check_attributes()
    element.check_no_text()
    if not element.children:
        raise element.refused("`MultiRequests` needs at least one `RequestReference`")
    return tuple(_ids(named(each, "RequestReference", inside=element)) for each in element.children)


def _ids(element: Element) -> tuple[str, ...]:
    element.check_attributes()
    element.check_no_text()
    if not element.children:
        raise element.refused("`RequestReference` needs at least one `AttributesReference`")
    found = []
    for each in element.children:
        reference = named(each, "AttributesReference", inside=element)
        reference.check_attributes("ReferenceId")
        reference.check_no_children()
        found.append(reference.required("ReferenceId"))
    return tuple(found)


def write_xml_request(request: ContextRequest) -> bytes:
    """The request as a document that reads back as itself."""
    root = new_root(
        "Request",
        {
            "ReturnPolicyIdList": str(request.returns_policy_ids).lower(),
            "CombinedDecision": str(request.wants_combined_decision).lower(),
        },
    )
    for category in request.categories:
        add_attributes(root, category)
    if request.references:
        multiple = etree.SubElement(root, tag("MultiRequests"))
        for ids in request.references:
            reference = etree.SubElement(multiple, tag("RequestReference"))
            for each in ids:
                etree.SubElement(reference, tag("AttributesReference"), {"ReferenceId": each})
    return written(root)
