"""Categories with their attributes, as requests and results both write them in JSON.

JSON Profile of XACML 3.0 version 1.1 section 4.2.3.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from fullmakt.access.policy.context.json_members import Node, optional_flag, optional_text
from fullmakt.access.policy.context.json_values import read_values, write_values
from fullmakt.access.policy.context.model import ContextAttribute, ContextCategory
from fullmakt.access.policy.context.short_names import category_named


def read_category(node: Node, own: str | None = None) -> ContextCategory:
    """The category of an object; `own` is the one whose short name it stands under.

    Raises ContextRefused.
    """
    needs = ("CategoryId",) if own is None else ()
    members = node.members("CategoryId", "Id", "Content", "Attribute", needs=needs)
    if "Content" in members:
        raise members["Content"].refused("`Content` is not accepted: XPath is not evaluated here")
    named = optional_text(members, "CategoryId")
    category = own if named is None else category_named(named)
    assert category is not None, "needed above"
    if own not in {None, category}:
        raise members["CategoryId"].refused(f"stands under the name of `{own}`")
    attributes = members["Attribute"].items() if "Attribute" in members else ()
    return ContextCategory(
        category=category,
        attributes=tuple(read_attribute(each) for each in attributes),
        id=optional_text(members, "Id"),
    )


def read_attribute(node: Node) -> ContextAttribute:
    """One attribute with its values. Raises ContextRefused."""
    members = node.members(
        *("AttributeId", "Value", "Issuer", "DataType", "IncludeInResult"),
        needs=("AttributeId", "Value"),
    )
    return ContextAttribute(
        attribute_id=members["AttributeId"].text(),
        values=read_values(members["Value"], members.get("DataType")),
        issuer=optional_text(members, "Issuer"),
        include_in_result=optional_flag(members, "IncludeInResult"),
    )


def write_category(category: ContextCategory) -> dict[str, object]:
    """The category as an object, with full names."""
    written: dict[str, object] = {"CategoryId": category.category}
    if category.id is not None:
        written["Id"] = category.id
    written["Attribute"] = [part for attribute in category.attributes for part in _parts(attribute)]
    return written


def _parts(attribute: ContextAttribute) -> Iterator[dict[str, object]]:
    """One object for each run of values of one data type: a `Value` has one."""
    for data_type, run in groupby(attribute.values, key=lambda value: value.data_type):
        part: dict[str, object] = {
            "AttributeId": attribute.attribute_id,
            "Value": write_values(tuple(run)),
            "DataType": data_type,
        }
        if attribute.issuer is not None:
            part["Issuer"] = attribute.issuer
        if attribute.include_in_result:
            part["IncludeInResult"] = True
        yield part
