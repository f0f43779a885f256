"""What policies and policy sets have in common, from elements to the model.

Combiner parameters are held to the schema and then left out: no algorithm of the standard has any
(XACML 3.0 core sections 5.16 to 5.20, appendix C).
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Final

from fullmakt.access.policy.model import Directives, Target
from fullmakt.access.policy.parse_expressions import read_attribute_value, read_directives
from fullmakt.access.policy.parse_targets import read_target
from fullmakt.access.policy.versions import is_version
from fullmakt.access.policy.xml_document import Element

_COUNT_FORM: Final = re.compile(r"[+]?[0-9]+")


def check_header(element: Element, *, defaults: str) -> None:
    """Refuse what a policy or set may not begin with."""
    issuer = element.first_named("PolicyIssuer")
    if issuer is not None:
        raise issuer.refused(
            "`PolicyIssuer` is not accepted: policies are not delegated here (XACML administration)"
        )
    depth = element.attributes.get("MaxDelegationDepth")
    if depth is not None and not _COUNT_FORM.fullmatch(depth.strip()):
        raise element.refused(f"`MaxDelegationDepth` is a whole number, not `{depth}`")
    held = element.first_named(defaults)
    if held is not None:
        held.check_attributes()
        held.check_content(("XPathVersion",))
        for version in held.children:
            version.check_attributes()
            version.check_no_children()


def read_version(element: Element) -> str:
    """The version of a policy or set."""
    version = element.required("Version")
    if not is_version(version):
        raise element.refused(f"`Version` is numbers with dots between, not `{version}`")
    return version


def read_own_target(element: Element) -> Target:
    """The target, which a policy or set must have."""
    target = element.first_named("Target")
    if target is None:
        raise element.refused(f"`{element.name}` needs a `Target`; an empty one holds always")
    return read_target(target)


def read_all_directives(element: Element) -> Directives:
    """The obligations and advice of a rule, a policy or a set."""
    obligations = element.first_named("ObligationExpressions")
    advice = element.first_named("AdviceExpressions")
    return Directives(
        obligations=()
        if obligations is None
        else read_directives(
            obligations, of="ObligationExpression", id_name="ObligationId", on_name="FulfillOn"
        ),
        advice=()
        if advice is None
        else read_directives(
            advice, of="AdviceExpression", id_name="AdviceId", on_name="AppliesTo"
        ),
    )


def read_description(element: Element) -> str:
    """The description, if there is one."""
    description = element.first_named("Description")
    if description is None:
        return ""
    description.check_attributes()
    description.check_no_children()
    return description.text.strip()


def check_parameters(element: Element) -> None:
    """Refuse `CombinerParameters` that are not as the schema has them."""
    for held in element.all_named("CombinerParameters"):
        held.check_attributes()
        _check_each_parameter(held)


def check_parameters_of(element: Element, name: str, *, of: str, known: Collection[str]) -> None:
    """Refuse parameters of one rule or member that are malformed or are of none that is known."""
    for held in element.all_named(name):
        held.check_attributes(of)
        if held.required(of) not in known:
            raise held.refused(f"`{of}` names nothing in this `{element.name}`")
        _check_each_parameter(held)


def _check_each_parameter(element: Element) -> None:
    element.check_no_text()
    for parameter in element.children:
        if parameter.name != "CombinerParameter":
            raise parameter.refused(f"`{parameter.name}` is not a combiner parameter")
        parameter.check_attributes("ParameterName")
        parameter.required("ParameterName")
        parameter.check_no_text()
        if [child.name for child in parameter.children] != ["AttributeValue"]:
            raise parameter.refused("`CombinerParameter` holds exactly one `AttributeValue`")
        read_attribute_value(parameter.children[0])
