"""What a caller may do for a customer, asked of our own decision point.

The caller is the person of the token, else its system user. The authentication level that a permit
asks for is held against the token's here, since the decision point only states it.
"""

from __future__ import annotations

from enum import StrEnum

from fullmakt.access.decisions.model import (
    BySystemUser,
    ByUuid,
    Decision,
    Outcome,
    Question,
    Subject,
)
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import Party
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.storage.database import Reading
from fullmakt.foundation.terms.problem import NotAuthorized

_SYSTEM_USER_LEVEL = 3


class Duty(StrEnum):
    """The platform's own resources that these questions are about."""

    ACCESS_MANAGEMENT = "altinn_access_management"
    OVERVIEW = "altinn_system_user_overview"
    CLIENT_ADMINISTRATION = "altinn_client_administration"


def check_permitted(
    decisions: DecisionPoint, caller: Caller, *, action: str, duty: Duty, party: Party
) -> None:
    """Refuse a caller that may not do `action` for `party`. Raises: NotAuthorized, with why."""
    why_not = refusal_of(decisions, caller, action=action, duty=duty, party=party)
    if why_not is not None:
        raise NotAuthorized(why_not)


def refusal_of(
    decisions: DecisionPoint, caller: Caller, *, action: str, duty: Duty, party: Party
) -> str | None:
    """Why the caller may not do `action` for `party`; None when it may.

    Raises: NotAuthorized (neither a person nor a system user).
    """
    question = Question(_subject_of(caller), action, duty.value, ByUuid(party.uuid))
    decision = decisions.decide(question)
    if not decision.permitted:
        told = _told(decisions.explain(question))
        return f"{action} on {duty.value} for `{party.name}`: {told}"
    asked, held = decision.authentication_level, _level_of(caller)
    if held < asked:
        return f"authentication level {asked} is needed; the token has {held}"
    return None


def may_person(decisions: DecisionPoint, person: Party, *, duty: Duty, party: Party) -> bool:
    """Whether a person may `write` for `party`, logged in at the level that is asked for."""
    question = Question(ByUuid(person.uuid), "write", duty.value, ByUuid(party.uuid))
    return decisions.decide(question).permitted


def outcome_of(
    decisions: DecisionPoint, caller: Caller, *, action: str, duty: Duty, party: Party
) -> Outcome:
    """The outcome of the same question, for a page that shows it. Deny if the level is too low."""
    question = Question(_subject_of(caller), action, duty.value, ByUuid(party.uuid))
    decision = decisions.decide(question)
    is_too_low = decision.permitted and _level_of(caller) < decision.authentication_level
    return Outcome.DENY if is_too_low else decision.outcome


def get_person(reading: Reading, caller: Caller) -> Party:
    """The person who is logged in. Raises: NotAuthorized."""
    found = parties.find_party(reading, caller.person.party_uuid) if caller.person else None
    if found is None:
        message = "the token names no person who is registered here"
        raise NotAuthorized(message)
    return found


def _subject_of(caller: Caller) -> Subject:
    if caller.person is not None:
        return ByUuid(caller.person.party_uuid)
    if caller.system_user is not None:
        return BySystemUser(caller.system_user.id)
    message = "the token names neither a person nor a system user"
    raise NotAuthorized(message)


def _told(decision: Decision) -> str:
    told = "; ".join(reason.found for reason in decision.reasons if not reason.held)
    return told or decision.message or f"the decision is {decision.outcome.value}"


def _level_of(caller: Caller) -> int:
    # SPEC: the exchange gives every Maskinporten token level 3; one that was not exchanged is the
    # same proof.
    is_machine = caller.person is None and caller.system_user is not None
    return max(caller.authentication_level, _SYSTEM_USER_LEVEL if is_machine else 0)
