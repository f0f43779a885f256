"""The problems of registering clients, keys and scopes. Those of the token server are its own."""

from __future__ import annotations

from fullmakt.foundation.terms.problem import Problem


class UnknownClient(Problem):
    """A change names a client that does not exist."""

    code, status, title = "FM-00201", 404, "The client does not exist."


class ClientExists(Problem):
    """A new client has the id of another."""

    code, status, title = "FM-00202", 409, "The client exists already."


class UnusableClient(Problem):
    """A client's id, name or token lifetime is out of bounds."""

    code, status, title = "FM-00203", 400, "The client cannot be registered."


class UnknownScope(Problem):
    """A client or an access names a scope that does not exist."""

    code, status, title = "FM-00204", 400, "The scope does not exist."


class ScopeExists(Problem):
    """A new scope has the name of another."""

    code, status, title = "FM-00205", 409, "The scope exists already."


class UnusableScopeName(Problem):
    """A scope's name is not `prefix:subscope`."""

    code, status, title = "FM-00206", 400, "The scope's name cannot be used."


class UnusableKeyId(Problem):
    """A key's id has other characters than letters, digits and `._-`, or is too long."""

    code, status, title = "FM-00207", 400, "The key id cannot be used."


class KeyIdTaken(Problem):
    """The client has another key with this id."""

    code, status, title = "FM-00208", 409, "The client has another key with this id."


class TooManyKeys(Problem):
    """The client has as many keys as it may have."""

    code, status, title = "FM-00209", 409, "The client has as many keys as it may have."


class UnknownKey(Problem):
    """The client has no key with this id."""

    code, status, title = "FM-00210", 404, "The client has no such key."
