"""Writing policies of this domain: who may do what on one resource, as an XACML 3.0 document.

Plain rules only: one of some roles, packages or organisations may do each of some actions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lxml import etree

from fullmakt.access.policy import names
from fullmakt.access.policy.compile_targets import STRING_EQUAL, STRING_EQUAL_IGNORE_CASE
from fullmakt.access.policy.data_types import INTEGER, STRING

_DENY_OVERRIDES: Final = "urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides"
_PACKAGE_PREFIX: Final = names.ACCESS_PACKAGE + ":"


@dataclass(frozen=True, slots=True)
class PlainRule:
    """Anybody with one of the roles, packages or organisation numbers may do each of the actions.

    Roles are role codes (`dagl`) in any case; packages are named by code or by URN. What stands in
    a document is always the code, in lower case for roles.
    """

    actions: Sequence[str]
    roles: Sequence[str] = ()
    packages: Sequence[str] = ()
    organizations: Sequence[str] = ()
    description: str = ""

    def __post_init__(self) -> None:
        """A rule that opens nothing, or for nobody, is a fault of the one who writes it."""
        if not self.actions or not (self.roles or self.packages or self.organizations):
            raise ValueError("a plain rule needs an action, and a role, package or organisation")


def write_policy(
    resource: str,
    rules: Sequence[PlainRule],
    *,
    minimum_level: int | None = None,
    app_by_owner: bool = True,
    version: str = "1.0",
) -> bytes:
    """The document that opens a resource by plain rules, with the level of login it asks for.

    An app (`app_{owner}_{app}`) is named by its owner and app, as apps' own policies do, unless
    `app_by_owner` is false.
    """
    policy = etree.Element(
        _tag("Policy"),
        {
            "PolicyId": f"urn:altinn:resource:policyid:{resource}",
            "Version": version,
            "RuleCombiningAlgId": _DENY_OVERRIDES,
        },
        nsmap={"xacml": names.NAMESPACE},
    )
    etree.SubElement(policy, _tag("Target"))
    named = _resource_matches(resource, app_by_owner=app_by_owner)
    for number, rule in enumerate(rules, start=1):
        _add_rule(policy, f"urn:altinn:resource:{resource}:ruleid:{number}", rule, named)
    if minimum_level is not None:
        _add_minimum_level(policy, minimum_level)
    return etree.tostring(policy, encoding="UTF-8", xml_declaration=True, pretty_print=True)


@dataclass(frozen=True, slots=True)
class _Match:
    category: str
    attribute_id: str
    value: str
    function_id: str = STRING_EQUAL


def _resource_matches(resource: str, *, app_by_owner: bool) -> tuple[_Match, ...]:
    prefix, _, rest = resource.partition("_")
    owner, _, app = rest.partition("_")
    if app_by_owner and prefix == "app" and owner and app:
        return (
            _Match(names.RESOURCE, names.SERVICE_OWNER, owner),
            _Match(names.RESOURCE, names.APP, app),
        )
    return (_Match(names.RESOURCE, names.RESOURCE_ID, resource),)


def _subject_matches(rule: PlainRule) -> Iterator[_Match]:
    for role in rule.roles:
        yield _Match(names.SUBJECT, names.ROLE_CODE, role.lower(), STRING_EQUAL_IGNORE_CASE)
    for package in rule.packages:
        code = package.removeprefix(_PACKAGE_PREFIX)
        yield _Match(names.SUBJECT, names.ACCESS_PACKAGE, code, STRING_EQUAL_IGNORE_CASE)
    for number in rule.organizations:
        yield _Match(names.SUBJECT, names.ORGANIZATION_NUMBER, number)


def _add_rule(
    policy: etree._Element, rule_id: str, rule: PlainRule, resource: tuple[_Match, ...]
) -> None:
    element = etree.SubElement(policy, _tag("Rule"), {"RuleId": rule_id, "Effect": "Permit"})
    if rule.description:
        etree.SubElement(element, _tag("Description")).text = rule.description
    target = etree.SubElement(element, _tag("Target"))
    _add_any_of(target, ((match,) for match in _subject_matches(rule)))
    _add_any_of(target, (resource,))
    _add_any_of(
        target, ((_Match(names.ACTION, names.ACTION_ID, action),) for action in rule.actions)
    )


def _add_any_of(target: etree._Element, alternatives: Iterable[tuple[_Match, ...]]) -> None:
    any_of = etree.SubElement(target, _tag("AnyOf"))
    for matches in alternatives:
        all_of = etree.SubElement(any_of, _tag("AllOf"))
        for match in matches:
            element = etree.SubElement(all_of, _tag("Match"), {"MatchId": match.function_id})
            _add_value(element, STRING, match.value)
            etree.SubElement(
                element,
                _tag("AttributeDesignator"),
                {
                    "AttributeId": match.attribute_id,
                    "Category": match.category,
                    "DataType": STRING,
                    "MustBePresent": "false",
                },
            )


def _add_minimum_level(policy: etree._Element, level: int) -> None:
    obligations = etree.SubElement(policy, _tag("ObligationExpressions"))
    obligation = etree.SubElement(
        obligations,
        _tag("ObligationExpression"),
        {"ObligationId": names.MINIMUM_LEVEL_OBLIGATION, "FulfillOn": "Permit"},
    )
    assignment = etree.SubElement(
        obligation,
        _tag("AttributeAssignmentExpression"),
        {"AttributeId": names.MINIMUM_LEVEL_ASSIGNMENT, "Category": names.MINIMUM_LEVEL},
    )
    _add_value(assignment, INTEGER, str(level))


def _add_value(parent: etree._Element, data_type: str, text: str) -> None:
    value = etree.SubElement(parent, _tag("AttributeValue"), {"DataType": data_type})
    value.text = text


def _tag(name: str) -> str:
    return f"{{{names.NAMESPACE}}}{name}"
