"""The problems of giving, linking and withdrawing."""

from __future__ import annotations

from fullmakt.foundation.terms.problem import Problem


class ClientNotFound(Problem):
    """The party named is not a client of the facilitator: no register role, nothing given."""

    code, status, title = "AUTH-00079", 400, "Client not found."


class ClientLacksPackages(Problem):
    """The client gives the facilitator fewer packages than the agent system user carries."""

    code, status = "AUTH-00080", 400
    title = "Client does not have the accesspackages the agent system user requires"


class PackageNotDelegable(Problem):
    """Whoever gives a package may not, or the receiver may not have it."""

    code, status = "FM-00111", 403
    title = "The access package cannot be given on."


class RightNotDelegable(Problem):
    """Whoever gives a single right may not."""

    code, status, title = "FM-00112", 403, "The right cannot be given on."


class NotGiven(Problem):
    """What is to be withdrawn was not given, or was withdrawn before."""

    code, status, title = "FM-00113", 404, "There is nothing to withdraw."
