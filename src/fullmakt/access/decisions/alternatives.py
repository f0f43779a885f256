"""Which other system users of an owner may be permitted: all of them, found from the index.

Those that hold something of the party; and where a rule lets somebody in whatever it is related to,
those that it names, or all that the owner has.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.pages import MOST_ON_A_PAGE, every
from fullmakt.access.parties import service as parties
from fullmakt.access.policy.whom import choices_of
from fullmakt.foundation.terms import urns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.decisions.asking import Asked
    from fullmakt.access.delegations.standings import Standing
    from fullmakt.access.policy.compile import CompiledPolicy
    from fullmakt.access.policy.model import Rule
    from fullmakt.foundation.storage.database import Reading


def list_alternatives(
    reading: Reading, catalog: Catalog, asked: Asked, policy: CompiledPolicy, *, refused: Standing
) -> list[Standing]:
    """The standings of the others of the same owner towards the party of `refused`, by inner id."""
    owner, party = refused.owner, parties.get_by_inner_id(reading, refused.party.id)
    if owner is None:
        return []
    holders = every(lambda page: delegations.list_holders(reading, catalog, party, page))
    found = {each.subject.id: each for each in holders if each.subject.owner == owner.id}
    named = _without_relation(reading, asked, policy, owner.id) - found.keys()
    beside = delegations.list_between(reading, catalog, sorted(named), [party.id])
    found |= {each.subject.id: each for each in beside}
    others = (found[key] for key in sorted(found) if key != refused.subject.id)
    return [each for each in others if not each.is_gone(each.subject)]


def _without_relation(
    reading: Reading, asked: Asked, policy: CompiledPolicy, owner: int
) -> set[int]:
    """The owner's system users that a rule may permit whatever they are related to."""
    named: set[str] = set()
    for action in asked.actions:
        rules = policy.permitting_rules(asked.resource, action)
        found = None if rules is None else _named_in(rules)
        if found is None:
            return _owned(reading, owner)
        named |= found
    known = (parties.find_party(reading, UUID(each)) for each in named if _is_uuid(each))
    return {each.id for each in known if each is not None and each.owner_id == owner}


def _named_in(rules: Iterable[Rule]) -> set[str] | None:
    """The system users that rules name, by what they are compared with; None: any there is."""
    named: set[str] = set()
    for rule in rules:
        choices = choices_of(rule)
        if not choices:
            return None
        fewest = min(
            (
                {each.value for each in part if each.attribute_id == urns.SYSTEM_USER_UUID}
                for part in choices
            ),
            key=len,
        )
        named |= fewest
    return named


def _owned(reading: Reading, owner: int) -> set[int]:
    found: set[int] = set()
    after: int | None = 0
    while after is not None:
        page = parties.list_owned(reading, owner, most=MOST_ON_A_PAGE, after=after)
        found |= {each.id for each in page}
        after = page[-1].id if page else None
    return found


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
