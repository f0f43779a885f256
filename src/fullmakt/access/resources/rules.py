"""What a resource must be to be registered, what its policy must name, and its rules laid flat.

Source: Altinn's public documentation, resource registry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from math import prod

from fullmakt.access.policy import names
from fullmakt.access.policy.model import AllOf, Effect, Policy, Rule
from fullmakt.access.policy.outline import outline_of
from fullmakt.access.resources.errors import PolicyNamesNoResource, PolicyNamesOtherResource
from fullmakt.access.resources.model import APP_TYPES, NewResource, ResourceType
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.problem import InvalidInput

_IDENTIFIER = re.compile(r"[a-z0-9_-]{4,}")
_MIGRATED_IDENTIFIER = re.compile(r"app_[a-z0-9]+_a1-.+:[a-z0-9.]+", re.IGNORECASE)
_LONGEST_IDENTIFIER = 255
_APPLICATION = "ApplicationId"
MOST_COMBINATIONS = 2_000
"""A rule that can be met in more ways than this is not laid flat; the document itself shows it."""


@dataclass(frozen=True, slots=True)
class RuleAttribute:
    """An attribute that a rule asks for, with the value it asks for."""

    id: str
    value: str


@dataclass(frozen=True, slots=True)
class RuleCombination:
    """One way to meet a rule that permits: these subjects may do this action on this resource."""

    subjects: tuple[RuleAttribute, ...]
    action: RuleAttribute
    resources: tuple[RuleAttribute, ...]


def is_identifier(text: str) -> bool:
    """Whether `text` can name a resource at all; what cannot is not asked of the database."""
    return text.isprintable() and len(text) <= _LONGEST_IDENTIFIER


def check_resource(new: NewResource) -> None:
    """Refuse a resource that the registry could not name. Raises: InvalidInput."""
    errors = {
        "Identifier": tuple(_identifier_errors(new)),
        "ResourceType": ("ResourceType needs to be set",)
        if new.resource_type is ResourceType.DEFAULT
        else (),
        "ResourceReferences": tuple(_reference_errors(new)),
    }
    found = {member: texts for member, texts in errors.items() if texts}
    if found:
        raise InvalidInput(found)


def _identifier_errors(new: NewResource) -> list[str]:
    errors = []
    is_migrated = _MIGRATED_IDENTIFIER.fullmatch(new.identifier) is not None
    if not is_identifier(new.identifier):
        errors.append(f"Invalid id. At most {_LONGEST_IDENTIFIER} characters, all printable")
    elif not is_migrated and _IDENTIFIER.fullmatch(new.identifier) is None:
        errors.append(
            "Invalid id. Only a-z and 0-9 is allowed together with _ and -.  Minimum 4 characters"
        )
    if new.identifier.startswith("app_") and new.resource_type not in APP_TYPES:
        errors.append("Invalid Prefix. app_ is only for Altinn Studio apps")
    if new.identifier.startswith("se_") and new.resource_type is not ResourceType.ALTINN_2_SERVICE:
        errors.append("Invalid prefix. Only to be used for Altinn 2 services")
    if new.resource_type in APP_TYPES and not _is_app_of_owner(new):
        errors.append(f"The identifier of an app must begin with `app_{new.owner_code}_`")
    return errors


def _is_app_of_owner(new: NewResource) -> bool:
    app = urns.app_of_resource(new.identifier)
    return app is not None and app[0].lower() == new.owner_code.lower()


def _reference_errors(new: NewResource) -> list[str]:
    if new.resource_type not in APP_TYPES:
        return []
    if any(each.reference_type == _APPLICATION for each in new.references):
        return []
    return [f"An app needs a reference of type `{_APPLICATION}`"]


def check_policy_is_about(policy: Policy, identifier: str) -> None:
    """Hold every rule of a policy to the one resource it is uploaded for.

    Raises: PolicyNamesNoResource, PolicyNamesOtherResource.
    """
    for outline in map(outline_of, policy.rules):
        if outline.resources is None:
            raise PolicyNamesNoResource(outline.rule_id)
        if outline.resources != {identifier}:
            raise PolicyNamesOtherResource(outline.rule_id)


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
