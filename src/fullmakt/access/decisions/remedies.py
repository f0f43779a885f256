"""What would have to change, in words: who does what so that the next question is permitted.

Pure functions of the question, the policy and the standing. What is said here can be done over
HTTP, and tests do it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.decisions import rules
from fullmakt.access.parties.model import PartyKind
from fullmakt.access.policy import names
from fullmakt.access.policy.model import Effect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fullmakt.access.decisions.asking import Asked
    from fullmakt.access.delegations.standings import LinkRow, Standing
    from fullmakt.access.resources.shelf import ShelvedPolicy

PUBLISH = "its owner registers the resource and publishes a policy"
RESTORE = "the register takes the deletion back, if it was a mistake"
NAME_INSTANCE = "the question names an instance that the party has, and says of it what is so"
REGISTER_SUBJECT = "it is registered, or named by an id that is"
REGISTER_PARTY = "it is registered, or the question is about a party that is"
NEW_SYSTEM_USER = "the vendor asks the customer for a new system user, and the customer approves it"
_MOST_NAMED = 6
_WORDS = {names.ACCESS_PACKAGE: "the access package", names.ROLE_CODE: "the role"}

Needed = dict[str, list[str]]
"""By subject attribute, the values any one of which opens what was asked for."""


def needed_for(asked: Asked, shelved: ShelvedPolicy) -> Needed:
    """What the policy's rules ask of a subject for the actions asked for."""
    found: Needed = {}
    for outline in shelved.compiled.outlines:
        is_about = any(outline.may_be_about(asked.resource, action) for action in asked.actions)
        if outline.effect is Effect.PERMIT and is_about:
            for choice in outline.subjects or ():
                held = found.setdefault(choice.attribute_id, [])
                if choice.value not in held:
                    held.append(choice.value)
    return found


def told(needed: Mapping[str, Sequence[str]]) -> str:
    """The values in words: packages first, each attribute with its first values."""
    ordered = sorted(needed.items(), key=lambda each: each[0] != names.ACCESS_PACKAGE)
    parts = []
    for attribute, values in ordered:
        some = " or ".join(f"`{value}`" for value in values[:_MOST_NAMED])
        more = f" (or {len(values) - _MOST_NAMED} more)" if len(values) > _MOST_NAMED else ""
        parts.append(f"{_WORDS.get(attribute, f'`{attribute}`')} {some}{more}")
    return ", or ".join(parts)


def to_be_given(standing: Standing, needed: Needed) -> str:
    """Who gives a package that the policy asks for, or else the right, by the kind of subject."""
    owner, party = standing.owner, standing.party
    packages = needed.get(names.ACCESS_PACKAGE)
    wanted = told({names.ACCESS_PACKAGE: packages}) if packages else "a single right to the action"
    if owner is None:
        return f"{party.label} gives `{standing.subject.name}` {wanted}"
    if rules.is_agent(standing):
        return (
            f"the client administrator of {owner.label} links {party.label} to a system user with"
            f" {wanted}"
        )
    return (
        f"the vendor asks {owner.label} for a change of the system user, or for another one, with"
        f" {wanted}, and {owner.label} approves it"
    )


def to_be_held(standing: Standing, needed: Needed) -> str:
    """What a person or organisation without a role does."""
    roles = {name: values for name, values in needed.items() if name != names.ACCESS_PACKAGE}
    given = to_be_given(standing, needed)
    if standing.subject.kind is PartyKind.PERSON and roles:
        return f"{standing.party.label} registers the subject with {told(roles)}, or {given}"
    return given


def to_be_linked(standing: Standing, *, is_client: bool, is_own_firm: bool) -> str:
    """How a party becomes a client that is linked."""
    owner = "the owner" if standing.owner is None else standing.owner.label
    if is_own_firm:
        return f"an access manager of {owner} adds it as a client of its own system user"
    if is_client:
        return (
            f"the client administrator of {owner} links it to this system user, or to another one"
            " that its relation gives everything to"
        )
    return (
        f"the client registers {owner} as accountant, auditor or business manager, or gives it"
        " packages or single services, and is then linked"
    )


def to_stand_again(link: LinkRow, *, client: str, owner: str) -> str:
    """How a link whose basis ended is made anew."""
    what = (
        f"{client} gives {owner} it again"
        if link.grant is not None
        else f"{owner} is registered as `{link.basis_role}` for {client} again"
    )
    return f"{what}, and the client is linked again"


def own_party(standing: Standing) -> str:
    """What a party does that a system user for its own organisation does not reach."""
    return (
        f"{standing.party.label} approves a system user of its own, or is linked as a client to"
        " one for clients"
    )
