"""Which way a call looks, which keys rights have, and who may receive.

Pure. Source: Altinn's public documentation, access management for end-user systems.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.connections import errors
from fullmakt.access.connections.model import Direction, Named
from fullmakt.access.parties.model import PartyKind, SystemUserVariant
from fullmakt.access.policy import names
from fullmakt.access.resources.flat_rules import PolicyRight, RuleAttribute
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.problem import ValidationProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fullmakt.access.parties.model import Party
    from fullmakt.access.resources.model import Resource

PORTAL = "altinn:portal/enduser"
_CONNECTIONS = "altinn:accessmanagement/enduser:connections"


def scopes_for(direction: Direction, action: str) -> tuple[str, str]:
    """The scopes that open a call in this direction; `action` is `read` or `write`."""
    return PORTAL, f"{_CONNECTIONS}:{direction.value}.{action}"


def direction_of(named: Named) -> Direction:
    """Whether the party looks at what it gave or at what it was given.

    Raises: ValidationProblem when it is neither or both of the sides.
    """
    sides = (named.giver, named.receiver)
    if sides == (named.party, named.party):
        message = f"`from` and `to` are both `{named.party}`: nobody gives to themselves"
        raise ValidationProblem(errors.sides_not_valid(message))
    if named.giver == named.party:
        return Direction.TO_OTHERS
    if named.receiver == named.party:
        return Direction.FROM_OTHERS
    message = f"`from` or `to` must be the party that is acted for, `{named.party}`"
    raise ValidationProblem(errors.sides_not_valid(message))


def check_receiver(giver: Party, receiver: Party) -> None:
    """Refuse a party that cannot be given anything: deleted, an agent, or another's system user.

    Raises: ValidationProblem.
    """
    if receiver.id == giver.id:
        message = f"`{giver.name}` cannot give to itself"
        raise ValidationProblem(errors.sides_not_valid(message))
    if receiver.is_deleted:
        message = f"`{receiver.name}` is deleted"
        raise ValidationProblem(errors.party_unknown("to", message))
    if receiver.kind is not PartyKind.SYSTEM_USER:
        return
    if receiver.form == SystemUserVariant.AGENT:
        message = f"`{receiver.name}` acts for clients: link clients to it instead"
        raise ValidationProblem(errors.kind_not_allowed("to", message))
    if receiver.owner_id != giver.id:
        message = f"`{receiver.name}` is not a system user of `{giver.name}`"
        raise ValidationProblem(errors.kind_not_allowed("to", message))


def check_giver(giver: Party) -> None:
    """Refuse a giver that is deleted. Raises: ValidationProblem."""
    if giver.is_deleted:
        message = f"`{giver.name}` is deleted, and gives nothing"
        raise ValidationProblem(errors.party_unknown("party", message))


def right_key(resource: Resource, action: str) -> str:
    """The registry's key of a right: `read;ske-innrapportering-boligsameie;` and a hash."""
    named = resource.authorization_reference
    return _key(action, (RuleAttribute(each.id, each.value) for each in named))


def actions_by_key(resource: Resource, actions: Iterable[str]) -> dict[str, str]:
    """The action each key means; an app's rights may be named by its registry id as well."""
    by_registry = (RuleAttribute(urns.RESOURCE, resource.identifier),)
    return {
        key: action
        for action in actions
        for key in (right_key(resource, action), _key(action, by_registry))
    }


def _key(action: str, attributes: Iterable[RuleAttribute]) -> str:
    return PolicyRight(RuleAttribute(names.ACTION_ID, action), tuple(attributes), ()).key
