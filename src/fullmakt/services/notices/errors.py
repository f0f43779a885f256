"""The problems of notices."""

from __future__ import annotations

from fullmakt.foundation.terms.problem import Problem


class EndpointRefused(Problem):
    """Notices cannot go to the address, by what it is or where it leads."""

    code, status, title = "FM-00401", 400, "The endpoint is not permitted."


class EndpointNotValidated(Problem):
    """The endpoint does not say that it wants notices from here."""

    code, status, title = "FM-00402", 400, "The endpoint did not accept notices from here."


class SubscriptionNotFound(Problem):
    """No subscription of the caller's has the id."""

    code, status, title = "FM-00403", 404, "The subscription was not found."


class DeadNoticeNotFound(Problem):
    """Nothing of the subscription with that id was given up."""

    code, status, title = "FM-00404", 404, "The dead letter was not found."


class TooManySubscriptions(Problem):
    """The caller has as many subscriptions as one may have."""

    code, status, title = "FM-00405", 409, "There are too many subscriptions."
