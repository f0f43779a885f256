"""What requests and responses share in XML: reading safely, values, attributes, categories.

XACML 3.0 core sections 5.43 to 5.46. The schema's rules are held by hand: what it requires is
required, what it does not know is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

from lxml import etree

from fullmakt.access.policy import names
from fullmakt.access.policy.context.errors import ContextRefused, ValueRefused
from fullmakt.access.policy.context.limits import ContextLimits
from fullmakt.access.policy.context.model import ContextAttribute, ContextCategory
from fullmakt.access.policy.context.short_names import is_xpath
from fullmakt.access.policy.data_types import (
    BadLiteral,
    Value,
    known_data_type,
    read_value,
    write_value,
)
from fullmakt.access.policy.errors import PolicyRefused
from fullmakt.access.policy.model import AttributeValue
from fullmakt.access.policy.xml_document import Element, read_document

XML_ID: Final = "{http://www.w3.org/XML/1998/namespace}id"
_OPAQUE: Final = frozenset({"Content"})
ContextResult = TypeVar("ContextResult")
_FLAGS: Final = {"true": True, "1": True, "false": False, "0": False}


def read_root(document: bytes | str, name: str, limits: ContextLimits) -> Element:
    """The root element, which has that name. Raises ContextRefused."""
    raw = document.encode() if isinstance(document, str) else document
    limits.check_size(raw)
    root = read_document(raw, namespace=names.NAMESPACE, opaque=_OPAQUE)
    if root.name != name:
        raise root.refused(f"the document is a `{root.name}`, not a `{name}`")
    _check_depth(root, limits.deepest)
    return root


def refusing(read: Callable[[], ContextResult]) -> ContextResult:
    """What `read` gives; a refused element is told as one of a request, with its line."""
    try:
        return read()
    except PolicyRefused as refused:
        raise ContextRefused(f"line {refused.line}", refused.why) from None


def _check_depth(element: Element, left: int) -> None:
    if left == 0:
        raise element.refused("elements are nested too deep")
    for child in element.children:
        _check_depth(child, left - 1)


def read_flag(element: Element, name: str) -> bool:
    """A required attribute that is true or false."""
    text = element.required(name)
    if text not in _FLAGS:
        raise element.refused(f"`{name}` is `true` or `false`, not `{text[:80]}`")
    return _FLAGS[text]


def read_attributes(element: Element) -> ContextCategory:
    """An `Attributes` element."""
    element.check_attributes("Category", XML_ID)
    element.check_no_text()
    attributes = []
    for child in element.children:
        if child.name == "Content":
            raise child.refused("`Content` is not accepted: XPath is not evaluated here")
        attributes.append(read_attribute(named(child, "Attribute", inside=element)))
    return ContextCategory(
        category=element.required("Category"),
        attributes=tuple(attributes),
        id=element.attributes.get(XML_ID),
    )


def read_attribute(element: Element) -> ContextAttribute:
    """An `Attribute` element."""
    element.check_attributes("AttributeId", "Issuer", "IncludeInResult")
    element.check_no_text()
    if not element.children:
        raise element.refused("`Attribute` is empty; it needs at least one `AttributeValue`")
    return ContextAttribute(
        attribute_id=element.required("AttributeId"),
        values=tuple(
            read_attribute_value(named(child, "AttributeValue", inside=element))
            for child in element.children
        ),
        issuer=element.attributes.get("Issuer"),
        include_in_result=read_flag(element, "IncludeInResult"),
    )


def read_attribute_value(element: Element) -> AttributeValue:
    """An `AttributeValue` element. Raises ValueRefused for what is not of its data type."""
    element.check_attributes("DataType")
    return read_literal(element)


def read_literal(element: Element) -> AttributeValue:
    """The text of an element as a value of the `DataType` it names. Raises ValueRefused."""
    element.check_no_children()
    data_type = element.required("DataType")
    if is_xpath(data_type):
        raise element.refused("`xpathExpression` is not accepted: XPath is not evaluated here")
    try:
        value = read_value(data_type, element.text)
        return AttributeValue(known_data_type(data_type).uri, value, element.line)
    except BadLiteral as fault:
        raise ValueRefused(f"line {element.line}", str(fault)) from None


def named(child: Element, name: str, *, inside: Element) -> Element:
    """The child, which has that name."""
    if child.name != name:
        raise child.refused(f"`{child.name}` inside `{inside.name}` is not accepted")
    return child


# --- writing --------------------------------------------------------------------------------------


def new_root(kind: str, attributes: dict[str, str]) -> etree._Element:
    """A root element, the namespace being the default one."""
    root = etree.fromstring(f'<{kind} xmlns="{names.NAMESPACE}"/>')
    for name, text in attributes.items():
        root.set(name, text)
    return root


def tag(name: str) -> str:
    """An element's name with its namespace."""
    return f"{{{names.NAMESPACE}}}{name}"


def add_attributes(parent: etree._Element, category: ContextCategory) -> None:
    """Write a category."""
    known = {"Category": category.category}
    if category.id is not None:
        known[XML_ID] = category.id
    element = etree.SubElement(parent, tag("Attributes"), known)
    for attribute in category.attributes:
        own = {
            "AttributeId": attribute.attribute_id,
            "IncludeInResult": str(attribute.include_in_result).lower(),
        }
        if attribute.issuer is not None:
            own["Issuer"] = attribute.issuer
        held = etree.SubElement(element, tag("Attribute"), own)
        for value in attribute.values:
            add_value(held, value.data_type, value.value)


def add_value(parent: etree._Element, data_type: str, value: Value) -> None:
    """Write an `AttributeValue`."""
    element = etree.SubElement(parent, tag("AttributeValue"), {"DataType": data_type})
    element.text = write_value(data_type, value)


def written(root: etree._Element) -> bytes:
    """The document that `root` is."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
