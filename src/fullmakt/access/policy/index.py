"""Which resources and actions a rule is about, read off its target without a request.

Only equality with a constant string, in a match that cannot fail, is read; what is read may be too
wide but never too narrow, so a rule that is left out of an index could not have applied.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from fullmakt.access.policy import names
from fullmakt.access.policy.compile_targets import equality_of
from fullmakt.access.policy.model import AllOf, AnyOf, Match, Target
from fullmakt.access.policy.request import AttributeName

RESOURCE_NAME: Final = (names.RESOURCE, names.RESOURCE_ID)
OWNER_NAME: Final = (names.RESOURCE, names.SERVICE_OWNER)
APP_NAME: Final = (names.RESOURCE, names.APP)
ACTION_NAME: Final = (names.ACTION, names.ACTION_ID)


@dataclass(frozen=True, slots=True)
class App:
    """A resource named by service owner and app."""

    owner: str
    app: str

    @property
    def resource_id(self) -> str:
        """The id of the same app in the resource registry."""
        return f"app_{self.owner}_{self.app}"


ResourceKey = str | App


@dataclass(frozen=True, slots=True)
class Scope:
    """What a rule can be about. None: not narrowed to constants.

    `covered` are the positions of the parts that say nothing beyond this.
    """

    resources: frozenset[ResourceKey] | None
    actions: frozenset[str] | None
    covered: frozenset[int]


def scope_of(target: Target) -> Scope:
    """The scope of a rule, from the first parts that name resources and that name actions."""
    resources: frozenset[ResourceKey] | None = None
    actions: frozenset[str] | None = None
    covered: set[int] = set()
    for position, any_of in enumerate(target.any_ofs):
        named = [_resource_of(all_of) for all_of in any_of.all_ofs]
        if resources is None and None not in named:
            resources = frozenset(key for key in named if key is not None)
            if _name_only(any_of, {RESOURCE_NAME}, {OWNER_NAME, APP_NAME}):
                covered.add(position)
        acted = [_exact_values(all_of).get(ACTION_NAME) for all_of in any_of.all_ofs]
        if actions is None and None not in acted:
            actions = frozenset(action for action in acted if action is not None)
            if _name_only(any_of, {ACTION_NAME}):
                covered.add(position)
    return Scope(resources, actions, frozenset(covered))


def is_about_what(any_of: AnyOf) -> bool:
    """Whether a part of a target looks at the resource and the action only."""
    return all(_is_about_what(match) for all_of in any_of.all_ofs for match in all_of.matches)


def narrowed_of(any_of: AnyOf) -> AnyOf | None:
    """What a part asks of resource and action; None if an alternative asks nothing of them."""
    narrowed = tuple(
        AllOf(tuple(match for match in all_of.matches if _is_about_what(match)))
        for all_of in any_of.all_ofs
    )
    return AnyOf(narrowed) if all(all_of.matches for all_of in narrowed) else None


def _is_about_what(match: Match) -> bool:
    return match.designator.category in {names.RESOURCE, names.ACTION}


def _resource_of(all_of: AllOf) -> ResourceKey | None:
    exact = _exact_values(all_of)
    if RESOURCE_NAME in exact:
        return exact[RESOURCE_NAME]
    if OWNER_NAME in exact and APP_NAME in exact:
        return App(exact[OWNER_NAME], exact[APP_NAME])
    return None


def _exact_values(all_of: AllOf) -> dict[AttributeName, str]:
    equalities = [equality_of(match) for match in all_of.matches]
    return {
        equality.name: equality.value
        for equality in equalities
        if equality is not None and not equality.ignores_case
    }


def _name_only(any_of: AnyOf, *shapes: set[AttributeName]) -> bool:
    return all(
        any(
            len(all_of.matches) == len(shape) and _exact_values(all_of).keys() == shape
            for shape in shapes
        )
        for all_of in any_of.all_ofs
    )
