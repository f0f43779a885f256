"""From the bytes of an XACML 3.0 `Policy` document to a sound `Policy`.

All or nothing: what is not understood is refused with its line, never skipped. Left out so far, and
refused by name: `PolicySet`, references, XPath, combiner parameters, policy issuers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, TypeVar

from fullmakt.access.policy import names
from fullmakt.access.policy.check import check_policy
from fullmakt.access.policy.combining import RULE_COMBINING
from fullmakt.access.policy.model import (
    AllOf,
    AnyOf,
    Directives,
    Expression,
    Match,
    Policy,
    Rule,
    Target,
)
from fullmakt.access.policy.parse_expressions import (
    read_attribute_value,
    read_designator,
    read_directives,
    read_effect,
    read_expression,
)
from fullmakt.access.policy.xml_document import Element, read_document

_Part = TypeVar("_Part")

_VERSION_FORM: Final = re.compile(r"[0-9]+(\.[0-9]+)*")
_ONCE_IN_POLICY: Final = frozenset({
    "Description", "Target", "ObligationExpressions", "AdviceExpressions",
})  # fmt: skip
_IN_POLICY: Final = _ONCE_IN_POLICY | {"VariableDefinition", "Rule"}
_IN_RULE: Final = frozenset({
    "Description", "Target", "Condition", "ObligationExpressions", "AdviceExpressions",
})  # fmt: skip


def parse_policy(document: bytes) -> Policy:
    """The policy a document writes. Raises PolicyRefused."""
    root = read_document(document, namespace=names.NAMESPACE)
    if root.name != "Policy":
        raise root.refused(f"the document is a `{root.name}`; only `Policy` is accepted")
    policy = _read_policy(root)
    check_policy(policy)
    return policy


def _read_policy(element: Element) -> Policy:
    element.check_attributes("PolicyId", "Version", "RuleCombiningAlgId", "MaxDelegationDepth")
    _check_children(element, known=_IN_POLICY, once=_ONCE_IN_POLICY)
    version = element.required("Version")
    if not _VERSION_FORM.fullmatch(version):
        raise element.refused(f"`Version` is numbers with dots between, not `{version}`")
    combining = element.required("RuleCombiningAlgId")
    if combining not in RULE_COMBINING:
        raise element.refused(f"unknown rule combining algorithm `{combining}`")
    target = _only(element, "Target")
    if target is None:
        raise element.refused("`Policy` needs a `Target`; an empty one holds always")
    return Policy(
        policy_id=element.required("PolicyId"),
        version=version,
        combining=combining,
        target=_read_target(target),
        rules=_read_rules(element),
        directives=_read_directives(element),
        variables=_read_variables(element),
        description=_read_description(element),
    )


def _read_rules(policy: Element) -> tuple[Rule, ...]:
    rules: dict[str, Rule] = {}
    for element in _all(policy, "Rule"):
        rule = _read_rule(element)
        if rule.rule_id in rules:
            raise element.refused(f"the rule id `{rule.rule_id}` is used before")
        rules[rule.rule_id] = rule
    return tuple(rules.values())


def _read_rule(element: Element) -> Rule:
    element.check_attributes("RuleId", "Effect")
    _check_children(element, known=_IN_RULE, once=_IN_RULE)
    target, condition = _only(element, "Target"), _only(element, "Condition")
    return Rule(
        rule_id=element.required("RuleId"),
        effect=read_effect(element, "Effect"),
        target=Target() if target is None else _read_target(target),
        condition=None if condition is None else _read_single(condition),
        directives=_read_directives(element),
        description=_read_description(element),
        line=element.line,
    )


def _read_variables(policy: Element) -> Mapping[str, Expression]:
    variables: dict[str, Expression] = {}
    for element in _all(policy, "VariableDefinition"):
        variable_id = element.required("VariableId")
        if variable_id in variables:
            raise element.refused(f"the variable `{variable_id}` is defined before")
        variables[variable_id] = _read_single(element, "VariableId")
    return MappingProxyType(variables)


def _read_single(element: Element, *attributes: str) -> Expression:
    element.check_attributes(*attributes)
    element.check_no_text()
    if len(element.children) != 1:
        raise element.refused(f"`{element.name}` holds exactly one expression")
    return read_expression(element.children[0])


def _read_directives(element: Element) -> Directives:
    obligations, advice = (
        _only(element, "ObligationExpressions"),
        _only(element, "AdviceExpressions"),
    )
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


def _read_description(element: Element) -> str:
    description = _only(element, "Description")
    if description is None:
        return ""
    description.check_attributes()
    description.check_no_children()
    return description.text.strip()


def _read_target(element: Element) -> Target:
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
        raise element.refused("`AttributeSelector` is not accepted: XPath is not evaluated here")
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
    _check_children(element, known=frozenset({name}), once=frozenset())
    return tuple(read(child) for child in element.children)


def _check_children(element: Element, *, known: frozenset[str], once: frozenset[str]) -> None:
    element.check_no_text()
    seen: set[str] = set()
    for child in element.children:
        if child.name not in known:
            raise child.refused(f"`{child.name}` inside `{element.name}` is not accepted")
        if child.name in seen and child.name in once:
            raise child.refused(f"`{element.name}` has more than one `{child.name}`")
        seen.add(child.name)


def _all(element: Element, name: str) -> tuple[Element, ...]:
    return tuple(child for child in element.children if child.name == name)


def _only(element: Element, name: str) -> Element | None:
    return next(iter(_all(element, name)), None)
