"""The problems of system users and of their client links."""

from __future__ import annotations

from fullmakt.foundation.terms.problem import Fault, Problem


class PartyNotFound(Problem):
    """A path or a request names a customer that is no registered organisation."""

    code, status = "AUTH-00000", 400
    title = "Can't resolve the Organisation Number from the logged in Reportee PartyId."


class SystemUserExists(Problem):
    """The customer has a system user for the system and the reference already."""

    code, status = "AUTH-00004", 400
    title = "Failed to create new SystemUser, existing SystemUser tied to the given System-Id."


class SystemUserNotFound(Problem):
    """A system user is named that is unknown or deleted."""

    code, status, title = "AUTH-00015", 404, "The SystemUser was not found."


class OfAnotherParty(Problem):
    """A system user is to be deleted for a party that does not own it."""

    code, status, title = "AUTH-00024", 403, "you don't have rights to delete this systemuser"


class FacilitatorMismatch(Problem):
    """A client is to be taken from an agent on behalf of a provider other than the party."""

    code, status, title = "AUTH-00031", 400, "Party does not match delegation facilitator."


class NotAnAgent(Problem):
    """What only agent system users can do is asked of a standard one."""

    code, status = "AUTH-00034", 400
    title = "The system user type of the provided system user GUID is not an agent."


class NotStandard(Problem):
    """What only standard system users can do is asked of an agent."""

    code, status = "AUTH-00036", 400
    title = "The system user type of the provided system user GUID is not standard."


class DeletionFacilitatorMismatch(Problem):
    """An agent system user is to be deleted on behalf of a provider other than the party."""

    code, status, title = "AUTH-00039", 400, "Party does not match delegation facilitator"


class ClientsForbidden(Problem):
    """The clients of another provider than the party are asked for."""

    code, status, title = "AUTH-00044", 403, "Forbidden"


_AGENT, _CLIENT = ("?agent",), ("?client",)


def agent_missing() -> Fault:
    """No agent is named."""
    title = "The agent query parameter is missing or invalid"
    return Fault("AUTH.VLD-00014", title, _AGENT, "name an agent system user in `agent`")


def agent_unknown(named: object) -> Fault:
    """The agent named is unknown or deleted.

    QUIRK: the code is that of a missing agent, with another title
    (test_an_unknown_agent_has_the_code_of_a_missing_one).
    """
    detail = f"no system user has id `{named}`"
    return Fault("AUTH.VLD-00014", "System user not found", _AGENT, detail)


def agent_of_other_kind(named: object) -> Fault:
    """The system user named is a standard one."""
    title = "SystemUser is not a valid system user of type agent"
    detail = f"system user `{named}` acts for its owner alone"
    return Fault("AUTH.VLD-00015", title, _AGENT, detail)


_SOURCE = ("?from",)


def of_source(fault: Fault) -> Fault:
    """A fault of the agent that clients are copied from, as the parameter that names it."""
    return Fault(fault.code, fault.title, _SOURCE, fault.detail)


def client_missing() -> Fault:
    """No client is named."""
    title = "The client query parameter is missing or invalid"
    return Fault("AUTH.VLD-00016", title, _CLIENT, "name a client's party in `client`")
