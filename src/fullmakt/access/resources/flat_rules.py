"""A policy's rules laid flat: who may do what on which resource, as rules, rights and subjects.

Only what targets ask for; conditions are not read, and the document itself shows them.
Source: Altinn's public documentation, resource registry.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from math import prod

from fullmakt.access.policy import names
from fullmakt.access.policy.model import AllOf, Effect, Policy, Rule
from fullmakt.foundation.terms import urns

_ROLES = (urns.ROLE_CODE, "urn:altinn:external-role:ccr", "urn:altinn:external-role:cra")
_DELEGATION = "urn:altinn:resource:delegation"
MOST_COMBINATIONS = 2_000
"""A rule that can be met in more ways than this is not laid flat; the document itself shows it."""


@dataclass(frozen=True, slots=True)
class RuleAttribute:
    """An attribute that a rule asks for, with the value it asks for."""

    id: str
    value: str

    @property
    def urn(self) -> str:
        """Both as one: `urn:altinn:rolecode:dagl`."""
        return f"{self.id}:{self.value}"


@dataclass(frozen=True, slots=True)
class RuleCombination:
    """One way to meet a rule that permits: these subjects may do this action on this resource."""

    subjects: tuple[RuleAttribute, ...]
    action: RuleAttribute
    resources: tuple[RuleAttribute, ...]


def combinations_of(policy: Policy) -> Iterator[RuleCombination]:
    """Every way to meet the target of a rule that permits, rule by rule. Conditions are not read.

    A way that names several actions is one combination for each.
    """
    for rule in policy.rules:
        if rule.effect is Effect.PERMIT and _ways_to_meet(rule) <= MOST_COMBINATIONS:
            for chosen in product(*(any_of.all_ofs for any_of in rule.target.any_ofs)):
                subjects = _asked_for(chosen, names.SUBJECT)
                resources = _asked_for(chosen, names.RESOURCE)
                for action in _asked_for(chosen, names.ACTION):
                    yield RuleCombination(subjects, action, resources)


def _ways_to_meet(rule: Rule) -> int:
    return prod(len(any_of.all_ofs) for any_of in rule.target.any_ofs)


def _asked_for(chosen: Iterable[AllOf], category: str) -> tuple[RuleAttribute, ...]:
    return tuple(
        RuleAttribute(match.designator.attribute_id, str(match.literal.value))
        for all_of in chosen
        for match in all_of.matches
        if match.designator.category == category
    )


def subjects_of(policy: Policy) -> tuple[RuleAttribute, ...]:
    """Every subject that a rule that permits asks for, once, in the order of the document."""
    found = {
        RuleAttribute(match.designator.attribute_id, str(match.literal.value)): None
        for rule in policy.rules
        if rule.effect is Effect.PERMIT
        for any_of in rule.target.any_ofs
        for all_of in any_of.all_ofs
        for match in all_of.matches
        if match.designator.category == names.SUBJECT
    }
    return tuple(found)


@dataclass(frozen=True, slots=True)
class PolicyRight:
    """One action on one resource, and each set of subject attributes that opens it."""

    action: RuleAttribute
    resources: tuple[RuleAttribute, ...]
    subjects: tuple[tuple[RuleAttribute, ...], ...]

    @property
    def key(self) -> str:
        """The action, the values of the resource, and a hash over both with their full URNs."""
        ordered = sorted(self.resources, key=lambda each: each.urn)
        hashed = ";".join((self.action.value, *(each.urn for each in ordered)))
        digest = hashlib.md5(hashed.encode("utf-16-le"), usedforsecurity=False).hexdigest()
        return ";".join((self.action.value, *(each.value for each in ordered), digest))

    @property
    def subject_types(self) -> tuple[str, ...]:
        """The kinds of subject attribute, in lower case and in order."""
        return tuple(sorted({each.id.lower() for held in self.subjects for each in held}))


def rights_of(policy: Policy) -> tuple[PolicyRight, ...]:
    """The policy by right, in the order of the document; who is let in by several rules once."""
    subjects: dict[_Place, dict[tuple[RuleAttribute, ...], None]] = {}
    for found in combinations_of(policy):
        place = (found.action, found.resources)
        subjects.setdefault(place, {})[found.subjects] = None
    return tuple(
        PolicyRight(action, resources, tuple(held))
        for (action, resources), held in subjects.items()
    )


_Place = tuple[RuleAttribute, tuple[RuleAttribute, ...]]


@dataclass(frozen=True, slots=True)
class RegistryRight:
    """One action on a resource of the registry; an app is named by its id there."""

    action: RuleAttribute
    resources: tuple[RuleAttribute, ...]

    @property
    def key(self) -> str:
        """`01` and a hash over the URNs of the resource and of the action, in lower case."""
        parts = [*sorted(self.resources, key=lambda each: each.id), self.action]
        text = ":".join(each.urn for each in parts).lower()
        return "01" + hashlib.sha256(text.encode()).hexdigest()


def registry_rights_of(
    policy: Policy, *, include_service_owner: bool, include_apps: bool
) -> tuple[RegistryRight, ...]:
    """The rights that end users can have, each once.

    A right is left out when nobody but service owners, or apps, has it, unless they are asked for.
    """
    wanted = {*_ROLES, urns.ACCESS_PACKAGE}
    wanted |= {urns.SERVICE_OWNER} if include_service_owner else set()
    wanted |= {_DELEGATION} if include_apps else set()
    found: dict[RegistryRight, None] = {}
    for right in rights_of(policy):
        if any(len(held) == 1 and held[0].id in wanted for held in right.subjects):
            found[RegistryRight(right.action, _by_registry_id(right.resources))] = None
    return tuple(found)


def _by_registry_id(resources: Collection[RuleAttribute]) -> tuple[RuleAttribute, ...]:
    held = {each.id: each.value for each in resources}
    owner, app = held.pop(urns.SERVICE_OWNER, None), held.pop(urns.APP, None)
    if owner is None or app is None:
        return tuple(resources)
    held[urns.RESOURCE] = urns.app_resource(owner, app)
    return tuple(RuleAttribute(name, value) for name, value in held.items())


def subjects_by_urn(policy: Policy) -> Mapping[str, RuleAttribute]:
    """The subjects of a policy by their URN, which tells no letter case."""
    found: dict[str, RuleAttribute] = {}
    for subject in subjects_of(policy):
        found.setdefault(subject.urn.lower(), subject)
    return found
