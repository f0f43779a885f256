"""Targets of a policy document, from elements to the model: XACML 3.0 core sections 5.6 to 5.9."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from fullmakt.access.policy.model import AllOf, AnyOf, Match, Target
from fullmakt.access.policy.parse_expressions import (
    NO_XPATH,
    read_attribute_value,
    read_designator,
)
from fullmakt.access.policy.xml_document import Element

_Part = TypeVar("_Part")


def read_target(element: Element) -> Target:
    """A `Target`; an empty one holds always."""
    element.check_attributes()
    element.check_no_text()
    return Target(_each(element, "AnyOf", _read_any_of))


def _read_any_of(element: Element) -> AnyOf:
    return AnyOf(_filled(element, "AllOf", _read_all_of))


def _read_all_of(element: Element) -> AllOf:
    return AllOf(_filled(element, "Match", _read_match))


def _read_match(element: Element) -> Match:
    element.check_attributes("MatchId")
    element.check_no_text()
    children = [child.name for child in element.children]
    if "AttributeSelector" in children:
        raise element.refused(NO_XPATH)
    if children != ["AttributeValue", "AttributeDesignator"]:
        raise element.refused("`Match` holds one `AttributeValue` and one `AttributeDesignator`")
    literal, designator = element.children
    return Match(
        element.required("MatchId"),
        read_attribute_value(literal),
        read_designator(designator),
        element.line,
    )


def _filled(element: Element, name: str, read: Callable[[Element], _Part]) -> tuple[_Part, ...]:
    element.check_attributes()
    element.check_no_text()
    if not element.children:
        raise element.refused(f"`{element.name}` is empty; it needs at least one `{name}`")
    return _each(element, name, read)


def _each(element: Element, name: str, read: Callable[[Element], _Part]) -> tuple[_Part, ...]:
    for child in element.children:
        if child.name != name:
            raise child.refused(f"`{child.name}` inside `{element.name}` is not accepted")
    return tuple(read(child) for child in element.children)
