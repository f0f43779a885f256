"""Requests as the party that they were sent to has them, and who answered one before."""

from __future__ import annotations

from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import Party
from fullmakt.foundation.storage.database import Reading
from fullmakt.foundation.terms.moments import write_moment
from fullmakt.foundation.terms.problem import Problem
from fullmakt.systems.requests import errors, rules, store
from fullmakt.systems.requests.model import Answer, Answered, AtParty, Request
from fullmakt.systems.system_users.model import SystemUserKind


def get_answerable(reading: Reading, named: AtParty, party: Party, answer: Answer) -> Request:
    """A request of the party that can still be answered so.

    Raises: as `get_of_party`; RequestAlreadyAnswered, telling who answered, and when.
    """
    request = get_of_party(reading, named, party)
    if not rules.is_answerable(request, answer):
        raise already_answered(reading, request)
    return request


def get_of_party(reading: Reading, named: AtParty, party: Party) -> Request:
    """A request of the party.

    Raises: RequestNotFound, RequestOfAnotherParty; for agents AgentRequestNotFound,
    AgentRequestOfAnotherParty.
    """
    is_agent = named.kind is SystemUserKind.AGENT
    request = store.find_request(reading, named.uuid, named.kind)
    if request is None:
        missing: type[Problem] = errors.AgentRequestNotFound if is_agent else errors.RequestNotFound
        message = f"no {named.kind.value} request has id `{named.uuid}`"
        raise missing(message)
    if request.party != party.number:
        message = f"request `{named.uuid}` was not sent to `{party.name}`"
        raise of_another_party(named.kind)(message)
    return request


def of_another_party(kind: SystemUserKind) -> type[Problem]:
    """The problem of a request that was sent to another party than the one named."""
    is_agent = kind is SystemUserKind.AGENT
    return errors.AgentRequestOfAnotherParty if is_agent else errors.RequestOfAnotherParty


def already_answered(reading: Reading, request: Request) -> errors.RequestAlreadyAnswered:
    """The problem that tells who answered the request, and when."""
    told = f"request `{request.uuid}` is `{request.status.value}`"
    return errors.RequestAlreadyAnswered(told + told_by(reading, request.answered))


def told_by(reading: Reading, answered: Answered | None) -> str:
    """Who answered, and when, to be told after a status."""
    if answered is None:
        return ""
    by = parties.find_party(reading, answered.by)
    name = "somebody" if by is None else by.name
    return f": `{name}` answered it at {write_moment(answered.at)}"
