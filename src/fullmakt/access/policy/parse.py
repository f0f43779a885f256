"""From the bytes of an XACML 3.0 `Policy` document to a sound `Policy`.

All or nothing: what is not understood is refused with its line, never skipped. Policy sets, and
documents that refer to others, are `parse_sets.py`. Left out, and refused by name: XPath, policy
issuers. XACML 3.0 core sections 5.14 and 5.21 to 5.24.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fullmakt.access.policy import names
from fullmakt.access.policy.check import check_policy
from fullmakt.access.policy.combining import RULE_COMBINING
from fullmakt.access.policy.model import Expression, Policy, Rule, Target
from fullmakt.access.policy.parse_expressions import read_effect, read_expression
from fullmakt.access.policy.parse_parts import (
    check_header,
    check_parameters,
    check_parameters_of,
    read_all_directives,
    read_description,
    read_own_target,
    read_version,
)
from fullmakt.access.policy.parse_targets import read_target
from fullmakt.access.policy.xml_document import Element, read_document

_IN_POLICY: Final = (
    ("Description",),
    ("PolicyIssuer",),
    ("PolicyDefaults",),
    ("Target",),
    ("CombinerParameters", "RuleCombinerParameters", "VariableDefinition", "Rule"),
    ("ObligationExpressions",),
    ("AdviceExpressions",),
)
_IN_RULE: Final = (
    ("Description",),
    ("Target",),
    ("Condition",),
    ("ObligationExpressions",),
    ("AdviceExpressions",),
)


def parse_policy(document: bytes) -> Policy:
    """The policy a document writes. Raises PolicyRefused."""
    root = read_document(document, namespace=names.NAMESPACE)
    if root.name == "PolicySet":
        raise root.refused(
            "the document is a `PolicySet`, and a resource is opened by one `Policy`: write the"
            " rules of its members as rules of one"
        )
    if root.name != "Policy":
        raise root.refused(f"the document is a `{root.name}`; only `Policy` is accepted")
    return read_policy(root)


def read_policy(element: Element) -> Policy:
    """The sound policy that a `Policy` element writes."""
    element.check_attributes("PolicyId", "Version", "RuleCombiningAlgId", "MaxDelegationDepth")
    element.check_content(*_IN_POLICY)
    check_header(element, defaults="PolicyDefaults")
    combining = element.required("RuleCombiningAlgId")
    if combining not in RULE_COMBINING:
        raise element.refused(f"unknown rule combining algorithm `{combining}`")
    policy = Policy(
        policy_id=element.required("PolicyId"),
        version=read_version(element),
        combining=combining,
        target=read_own_target(element),
        rules=_read_rules(element),
        directives=read_all_directives(element),
        variables=_read_variables(element),
        description=read_description(element),
        line=element.line,
    )
    check_parameters(element)
    check_parameters_of(
        element,
        "RuleCombinerParameters",
        of="RuleIdRef",
        known=[rule.rule_id for rule in policy.rules],
    )
    check_policy(policy)
    return policy


def _read_rules(policy: Element) -> tuple[Rule, ...]:
    rules: dict[str, Rule] = {}
    for element in policy.all_named("Rule"):
        rule = _read_rule(element)
        if rule.rule_id in rules:
            raise element.refused(f"the rule id `{rule.rule_id}` is used before")
        rules[rule.rule_id] = rule
    return tuple(rules.values())


def _read_rule(element: Element) -> Rule:
    element.check_attributes("RuleId", "Effect")
    element.check_content(*_IN_RULE)
    target, condition = element.first_named("Target"), element.first_named("Condition")
    return Rule(
        rule_id=element.required("RuleId"),
        effect=read_effect(element, "Effect"),
        target=Target() if target is None else read_target(target),
        condition=None if condition is None else _read_single(condition),
        directives=read_all_directives(element),
        description=read_description(element),
        line=element.line,
    )


def _read_variables(policy: Element) -> Mapping[str, Expression]:
    variables: dict[str, Expression] = {}
    for element in policy.all_named("VariableDefinition"):
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
