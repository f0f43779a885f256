"""The problems of the parties' room."""

from __future__ import annotations

from fullmakt.foundation.terms.problem import Problem


class PartyExists(Problem):
    """A party with the same number, uuid or party id is registered already."""

    code, status, title = "FM-00101", 409, "The party is registered already."


class UnknownParty(Problem):
    """A change names a party that is not registered."""

    code, status, title = "FM-00102", 404, "The party is not registered."


class RoleAlreadyHeld(Problem):
    """The holder has the role in the giver already."""

    code, status, title = "FM-00103", 409, "The role is held already."


class RoleNotHeld(Problem):
    """The holder does not have the role in the giver."""

    code, status, title = "FM-00104", 404, "The role is not held."
