"""Expressions and directives of a policy document, from elements to the model.

Structure and literals only: whether functions are known and given the right types is `check.py`.
XACML 3.0 core sections 5.19 to 5.31 and 5.34 to 5.41.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from fullmakt.access.policy.data_types import BadLiteral, known_data_type, read_value
from fullmakt.access.policy.model import (
    Apply,
    AssignmentExpression,
    AttributeDesignator,
    AttributeValue,
    DirectiveExpression,
    Effect,
    Expression,
    VariableReference,
)
from fullmakt.access.policy.xml_document import Element

NO_XPATH: Final = "`AttributeSelector` is not accepted: XPath is not evaluated here"
_EXPLAINED_REFUSALS: Final = {
    "AttributeSelector": NO_XPATH,
    "Function": "a `Function` stands where a value belongs; only the first argument may be one",
}
_XML_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}


def read_expression(element: Element) -> Expression:
    """Any expression element."""
    reader = _EXPRESSIONS.get(element.name)
    if reader is None:
        raise element.refused(
            _EXPLAINED_REFUSALS.get(element.name, f"`{element.name}` is not an expression")
        )
    return reader(element)


def read_attribute_value(element: Element) -> AttributeValue:
    """A literal, read as the data type it claims."""
    element.check_attributes("DataType")
    element.check_no_children()
    data_type = element.required("DataType")
    try:
        value = read_value(data_type, element.text)
        data_type = known_data_type(data_type).uri
    except BadLiteral as fault:
        raise element.refused(str(fault)) from fault
    return AttributeValue(data_type, value, element.line)


def read_designator(element: Element) -> AttributeDesignator:
    """A reference to a bag of the request."""
    element.check_attributes("Category", "AttributeId", "DataType", "MustBePresent", "Issuer")
    element.check_no_children()
    element.check_no_text()
    try:
        data_type = known_data_type(element.required("DataType")).uri
    except BadLiteral as fault:
        raise element.refused(str(fault)) from fault
    presence = element.required("MustBePresent")
    if presence not in _XML_BOOLEANS:
        raise element.refused(f"`MustBePresent` is `true` or `false`, not `{presence}`")
    return AttributeDesignator(
        category=element.required("Category"),
        attribute_id=element.required("AttributeId"),
        data_type=data_type,
        must_be_present=_XML_BOOLEANS[presence],
        issuer=element.attributes.get("Issuer"),
        line=element.line,
    )


def _read_predicate(element: Element) -> str:
    element.check_attributes("FunctionId")
    element.check_no_children()
    element.check_no_text()
    return element.required("FunctionId")


def _read_variable(element: Element) -> VariableReference:
    element.check_attributes("VariableId")
    element.check_no_children()
    element.check_no_text()
    return VariableReference(element.required("VariableId"), element.line)


def _read_apply(element: Element) -> Apply:
    element.check_attributes("FunctionId")
    element.check_no_text()
    children = list(element.children)
    if children and children[0].name == "Description":
        children.pop(0)
    predicate = None
    if children and children[0].name == "Function":
        predicate = _read_predicate(children.pop(0))
    return Apply(
        element.required("FunctionId"),
        tuple(map(read_expression, children)),
        predicate,
        element.line,
    )


_EXPRESSIONS: Final[Mapping[str, Callable[[Element], Expression]]] = {
    "AttributeValue": read_attribute_value,
    "AttributeDesignator": read_designator,
    "VariableReference": _read_variable,
    "Apply": _read_apply,
}


def read_directives(
    element: Element, *, of: str, id_name: str, on_name: str
) -> tuple[DirectiveExpression, ...]:
    """The children of `ObligationExpressions` or `AdviceExpressions`, all named `of`."""
    element.check_attributes()
    element.check_no_text()
    if not element.children:
        raise element.refused(f"`{element.name}` is empty; leave it out")
    return tuple(_read_directive(child, of, id_name, on_name) for child in element.children)


def _read_directive(element: Element, of: str, id_name: str, on_name: str) -> DirectiveExpression:
    if element.name != of:
        raise element.refused(f"`{element.name}` does not belong here, only `{of}`")
    element.check_attributes(id_name, on_name)
    element.check_no_text()
    return DirectiveExpression(
        element.required(id_name),
        read_effect(element, on_name),
        tuple(_read_assignment(child) for child in element.children),
    )


def _read_assignment(element: Element) -> AssignmentExpression:
    if element.name != "AttributeAssignmentExpression":
        raise element.refused(f"`{element.name}` is not an attribute assignment")
    element.check_attributes("AttributeId", "Category", "Issuer")
    element.check_no_text()
    if len(element.children) != 1:
        raise element.refused("`AttributeAssignmentExpression` holds exactly one expression")
    return AssignmentExpression(
        element.required("AttributeId"),
        read_expression(element.children[0]),
        element.attributes.get("Category"),
        element.attributes.get("Issuer"),
    )


def read_effect(element: Element, attribute: str) -> Effect:
    """`Permit` or `Deny`."""
    text = element.required(attribute)
    if text not in set(Effect):
        raise element.refused(f"`{attribute}` is `Permit` or `Deny`, not `{text}`")
    return Effect(text)
