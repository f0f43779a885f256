"""Policy documents from values: a whole `Policy` written as XML, and a short form for cases.

The writer is the tests' own; `access/policy/write.py` writes only plain policies. What it writes
reads back as the same policy (a property holds that).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from fullmakt.access.policy import data_types as types
from fullmakt.access.policy import names
from fullmakt.access.policy.combining import POLICY_COMBINING, RULE_COMBINING
from fullmakt.access.policy.data_types import read_value, write_value
from fullmakt.access.policy.functions import FUNCTIONS
from fullmakt.access.policy.model import (
    AllOf,
    AnyOf,
    Apply,
    AssignmentExpression,
    AttributeDesignator,
    AttributeValue,
    DirectiveExpression,
    Directives,
    Effect,
    Expression,
    Match,
    Member,
    Policy,
    PolicyReference,
    PolicySet,
    PolicyTree,
    Rule,
    Target,
    VariableReference,
)
from fullmakt.access.policy.parse_sets import parse_policies
from fullmakt.access.policy.signatures import V1, V2, V3
from fullmakt.access.policy.special_functions import HIGHER_ORDER_FUNCTIONS, LOGICAL_FUNCTIONS

CATEGORIES = {
    "subject": names.SUBJECT,
    "resource": names.RESOURCE,
    "action": names.ACTION,
    "environment": names.ENVIRONMENT,
}
SHORT_NAMES = {
    "resource": (names.RESOURCE, names.RESOURCE_ID),
    "org": (names.RESOURCE, names.SERVICE_OWNER),
    "app": (names.RESOURCE, names.APP),
    "action": (names.ACTION, names.ACTION_ID),
    "package": (names.SUBJECT, names.ACCESS_PACKAGE),
    "role": (names.SUBJECT, names.ROLE_CODE),
    "number": (names.SUBJECT, names.ORGANIZATION_NUMBER),
}
Short = str | list[Any] | dict[str, Any]
"""An expression in its short form, as YAML gives it."""

_FUNCTION_IDS = {**FUNCTIONS, **LOGICAL_FUNCTIONS, **HIGHER_ORDER_FUNCTIONS}


def document_of(policy: Policy) -> bytes:
    """The policy as an XACML document."""
    return "\n".join(_policy_lines(policy)).encode()


def documents_of(tree: PolicyTree) -> list[bytes]:
    """The documents of a tree: its root, then each that is referred to, once."""
    found = {id(held): held for held in (tree.root, *tree.referenced.values())}
    return ["\n".join(_lines(held)).encode() for held in found.values()]


def _lines(member: Member) -> Iterator[str]:
    if isinstance(member, Policy):
        yield from _policy_lines(member)
    elif isinstance(member, PolicyReference):
        kind = "PolicySetIdReference" if member.is_set else "PolicyIdReference"
        constraints = {
            "Version": member.version,
            "EarliestVersion": member.earliest,
            "LatestVersion": member.latest,
        }
        more = "".join(f' {name}="{held}"' for name, held in constraints.items() if held)
        yield f"<{kind}{more}>{escape(member.policy_id)}</{kind}>"
    else:
        yield (
            f"<PolicySet xmlns={quoteattr(names.NAMESPACE)}"
            f" PolicySetId={quoteattr(member.policy_id)} Version={quoteattr(member.version)}"
            f" PolicyCombiningAlgId={quoteattr(member.combining)}>"
        )
        yield _target(member.target)
        for held in member.members:
            yield from _lines(held)
        yield from _directive_lines(member.directives)
        yield "</PolicySet>"


def _policy_lines(policy: Policy) -> Iterator[str]:
    yield (
        f"<Policy xmlns={quoteattr(names.NAMESPACE)} PolicyId={quoteattr(policy.policy_id)}"
        f" Version={quoteattr(policy.version)} RuleCombiningAlgId={quoteattr(policy.combining)}>"
    )
    yield f"<Description>{escape(policy.description)}</Description>"
    yield _target(policy.target)
    for variable_id, expression in policy.variables.items():
        yield f"<VariableDefinition VariableId={quoteattr(variable_id)}>"
        yield f"{expression_xml(expression)}</VariableDefinition>"
    for rule in policy.rules:
        yield f"<Rule RuleId={quoteattr(rule.rule_id)} Effect={quoteattr(rule.effect)}>"
        yield f"<Description>{escape(rule.description)}</Description>"
        yield _target(rule.target)
        if rule.condition is not None:
            yield f"<Condition>{expression_xml(rule.condition)}</Condition>"
        yield from _directive_lines(rule.directives)
        yield "</Rule>"
    yield from _directive_lines(policy.directives)
    yield "</Policy>"


def _target(target: Target) -> str:
    return "<Target>" + "".join(map(_any_of, target.any_ofs)) + "</Target>"


def _any_of(any_of: AnyOf) -> str:
    return "<AnyOf>" + "".join(map(_all_of, any_of.all_ofs)) + "</AnyOf>"


def _all_of(all_of: AllOf) -> str:
    return "<AllOf>" + "".join(map(_match, all_of.matches)) + "</AllOf>"


def _match(match: Match) -> str:
    return (
        f"<Match MatchId={quoteattr(match.function_id)}>"
        f"{expression_xml(match.literal)}{expression_xml(match.designator)}</Match>"
    )


def expression_xml(expression: Expression) -> str:
    match expression:
        case AttributeValue(data_type, value):
            text = escape(write_value(data_type, value), {"\r": "&#13;"})
            return f"<AttributeValue DataType={quoteattr(data_type)}>{text}</AttributeValue>"
        case AttributeDesignator():
            issuer = "" if expression.issuer is None else f" Issuer={quoteattr(expression.issuer)}"
            return (
                f"<AttributeDesignator Category={quoteattr(expression.category)}"
                f" AttributeId={quoteattr(expression.attribute_id)}"
                f" DataType={quoteattr(expression.data_type)}"
                f' MustBePresent="{str(expression.must_be_present).lower()}"{issuer}/>'
            )
        case VariableReference(variable_id):
            return f"<VariableReference VariableId={quoteattr(variable_id)}/>"
        case Apply(function_id, arguments, predicate):
            given = "" if predicate is None else f"<Function FunctionId={quoteattr(predicate)}/>"
            inner = given + "".join(map(expression_xml, arguments))
            return f"<Apply FunctionId={quoteattr(function_id)}>{inner}</Apply>"


def _directive_lines(directives: Directives) -> Iterator[str]:
    yield from _directive_group("Obligation", "FulfillOn", directives.obligations)
    yield from _directive_group("Advice", "AppliesTo", directives.advice)


def _directive_group(
    kind: str, on: str, expressions: Iterable[DirectiveExpression]
) -> Iterator[str]:
    held = list(expressions)
    if held:
        yield f"<{kind}Expressions>"
        for expression in held:
            yield (
                f"<{kind}Expression {kind}Id={quoteattr(expression.directive_id)}"
                f' {on}="{expression.on}">'
            )
            yield from map(_assignment, expression.assignments)
            yield f"</{kind}Expression>"
        yield f"</{kind}Expressions>"


def _assignment(assignment: AssignmentExpression) -> str:
    more = {"Category": assignment.category, "Issuer": assignment.issuer}
    attributes = "".join(
        f" {name}={quoteattr(text)}" for name, text in more.items() if text is not None
    )
    return (
        f"<AttributeAssignmentExpression AttributeId={quoteattr(assignment.attribute_id)}"
        f"{attributes}>{expression_xml(assignment.expression)}</AttributeAssignmentExpression>"
    )


# --- the short form -----------------------------------------------------------------------------


def policy_from(short: Mapping[str, Any]) -> Policy:
    """A policy from its short form; an unknown key is a fault of the case."""
    _check_keys(short, "combining", "target", "variables", "rules", "obligations", "advice")
    return Policy(
        policy_id="urn:test:policy",
        version="1.0",
        combining=combining_id(short["combining"]),
        target=_target_from(short.get("target", [])),
        rules=tuple(
            _rule_from(rule, f"rule {number}")
            for number, rule in enumerate(short.get("rules", []), start=1)
        ),
        directives=_directives_from(short),
        variables={
            name: expression_from(held) for name, held in short.get("variables", {}).items()
        },
    )


def tree_from(short: Mapping[str, Any], *others: Mapping[str, Any]) -> PolicyTree:
    """A tree from `{id: …, policy: …}` or `{id: …, set: …}`, and others that it may refer to."""
    documents = [_member_from(held) for held in (short, *others)]
    root, *rest = (held for held in documents if not isinstance(held, PolicyReference))
    return parse_policies(*["\n".join(_lines(held)).encode() for held in (root, *rest)])


def _member_from(short: Mapping[str, Any]) -> Member:
    if "policy" in short:
        _check_keys(short, "id", "version", "policy")
        version = short.get("version", "1.0")
        return replace(policy_from(short["policy"]), policy_id=short["id"], version=version)
    if "set" in short:
        _check_keys(short, "id", "version", "set")
        held = short["set"]
        _check_keys(held, "combining", "target", "members", "obligations", "advice")
        return PolicySet(
            policy_id=short["id"],
            version=short.get("version", "1.0"),
            combining=combining_id(held["combining"], of="policy"),
            target=_target_from(held.get("target", [])),
            members=tuple(map(_member_from, held["members"])),
            directives=_directives_from(held),
        )
    _check_keys(short, "refer to", "version", "is set")
    return PolicyReference(short["refer to"], short.get("is set", False), short.get("version"))


def combining_id(name: str, *, of: str = "rule") -> str:
    """The id of a combining algorithm by the end of its name; `legacy …` is that of 1.x."""
    legacy, short = name.startswith("legacy "), name.removeprefix("legacy ")
    ids = [
        known
        for known in {**RULE_COMBINING, **POLICY_COMBINING}
        if known.endswith(f":{of}-combining-algorithm:{short}")
        and (short.endswith("-applicable") or (":xacml:1." in known) is legacy)
    ]
    (found,) = ids
    return found


def function_id(name: str) -> str:
    """The id of a function by the end of its name; the one of XACML 3.0 where there are two."""
    for version in (V3, V2, V1):
        if version + name in _FUNCTION_IDS:
            return version + name
    return name


def _rule_from(short: Mapping[str, Any], rule_id: str) -> Rule:
    _check_keys(short, "effect", "target", "condition", "obligations", "advice", *SHORT_NAMES)
    any_ofs = [
        AnyOf(tuple(AllOf((_equality(name, value),)) for value in _list(short[name])))
        for name in SHORT_NAMES
        if name in short
    ]
    condition = short.get("condition")
    return Rule(
        rule_id=rule_id,
        effect=Effect(short["effect"]),
        target=Target((*any_ofs, *_target_from(short.get("target", [])).any_ofs)),
        condition=None if condition is None else expression_from(condition),
        directives=_directives_from(short),
    )


def _equality(name: str, value: str) -> Match:
    category, attribute_id = SHORT_NAMES[name]
    ignores_case = name in {"role", "package"}
    return Match(
        V3 + "string-equal-ignore-case" if ignores_case else V1 + "string-equal",
        AttributeValue(types.STRING, value),
        AttributeDesignator(category, attribute_id, types.STRING, must_be_present=False),
    )


def _target_from(any_ofs: Iterable[Iterable[Iterable[Any]]]) -> Target:
    return Target(
        tuple(
            AnyOf(tuple(AllOf(tuple(map(_match_from, all_of))) for all_of in any_of))
            for any_of in any_ofs
        )
    )


def _match_from(short: Mapping[str, Any] | list[Any]) -> Match:
    name, literal, bag = short
    value, designator = expression_from(literal), expression_from(bag)
    assert isinstance(value, AttributeValue)
    assert isinstance(designator, AttributeDesignator)
    return Match(function_id(name), value, designator)


def expression_from(short: Short) -> Expression:
    """`text`, `{integer: "3"}`, `{bag: …}`, `{variable: v}`, or `[f, {function: g}, …]`."""
    if isinstance(short, str):
        return AttributeValue(types.STRING, short)
    if isinstance(short, list):
        name, *arguments = short
        predicate = None
        if arguments and isinstance(arguments[0], dict) and "function" in arguments[0]:
            predicate = function_id(arguments.pop(0)["function"])
        return Apply(function_id(name), tuple(map(expression_from, arguments)), predicate)
    if "bag" in short:
        return _designator_from(short)
    ((kind, text),) = short.items()
    if kind == "variable":
        return VariableReference(text)
    return AttributeValue(data_type_named(kind), read_value(data_type_named(kind), text))


def _designator_from(short: dict[str, Any]) -> AttributeDesignator:
    _check_keys(short, "bag", "type", "must", "issuer")
    category, attribute_id = name_from(short["bag"])
    return AttributeDesignator(
        category,
        attribute_id,
        data_type_named(short.get("type", "string")),
        must_be_present=short.get("must", False),
        issuer=short.get("issuer"),
    )


def name_from(text: str) -> tuple[str, str]:
    """`package`, or `subject/urn:x` for an attribute without a short name."""
    if text in SHORT_NAMES:
        return SHORT_NAMES[text]
    category, _, attribute_id = text.partition("/")
    return CATEGORIES[category], attribute_id


def data_type_named(name: str) -> str:
    (found,) = (held.uri for held in types.DATA_TYPES.values() if held.name == name)
    return found


def _directives_from(short: Mapping[str, Any]) -> Directives:
    return Directives(
        tuple(map(_directive_from, short.get("obligations", []))),
        tuple(map(_directive_from, short.get("advice", []))),
    )


def _directive_from(short: Mapping[str, Any]) -> DirectiveExpression:
    _check_keys(short, "id", "with", "assign")
    return DirectiveExpression(
        short["id"],
        Effect(short["with"]),
        tuple(
            AssignmentExpression(name, expression_from(held))
            for name, held in short.get("assign", {}).items()
        ),
    )


def _list(value: str | list[str]) -> list[str]:
    return value if isinstance(value, list) else [value]


def _check_keys(short: Mapping[str, Any], *known: str) -> None:
    unknown = set(short) - set(known)
    assert not unknown, f"unknown keys: {unknown}"
