"""The problems of asking for a system user and of answering."""

from __future__ import annotations

from fullmakt.foundation.terms.problem import Problem


class RightNotOnSystem(Problem):
    """Single services are asked for that the system is not registered with, or nothing at all."""

    code, status = "AUTH-00001", 400
    title = "One or more Right not found or not delegable."


class RequestAccepted(Problem):
    """A request with the same reference was accepted before."""

    code, status = "AUTH-00006", 400
    title = "The combination of External Ids refer to an already Accepted SystemUser."


class RequestPending(Problem):
    """A request with the same reference waits for an answer."""

    code, status = "AUTH-00007", 400
    title = "The combination of External Ids refer to a Pending Request, please reuse or delete."


class RequestDenied(Problem):
    """A request with the same reference was denied."""

    code, status = "AUTH-00008", 400
    title = (
        "The combination of External Ids refer to a Denied Request, please delete and renew the"
        " Request."
    )


class RequestRejected(Problem):
    """A request with the same reference was rejected."""

    code, status = "AUTH-00009", 400
    title = (
        "The combination of External Ids refer to a Rejected Request, please delete and renew the"
        " Request."
    )


class RequestNotFound(Problem):
    """No request has the id or the reference; or it is of the other kind, or deleted."""

    code, status = "AUTH-00010", 404
    title = "The Id does not refer to a Request in our system."


class RequestAlreadyAnswered(Problem):
    """A request is answered a second time; the detail tells who answered first, and when."""

    code, status, title = "AUTH-00013", 409, "The Status of the Request is not New."


class SystemHasNoName(Problem):
    """The system has no name in bokmål, which its system users are named by."""

    code, status, title = "AUTH-00017", 404, "The SystemName was not found."


class RedirectNotAllowed(Problem):
    """The address to come back to is none of those the system is registered with."""

    code, status, title = "AUTH-00021", 400, "The RedirectUri was not found or not valid."


class VendorNotInToken(Problem):
    """The token names no organisation that could be the vendor."""

    code, status = "AUTH-00023", 401
    title = "Can't resolve the Organisation Number for the Vendor from the Token."


class SystemHasNoRedirects(Problem):
    """An address to come back to is named, and the system is registered with none."""

    code, status, title = "AUTH-00026", 400, "No redirect uris are set for the system"


class AgentRequestNotFound(Problem):
    """An agent request is answered that is unknown or deleted."""

    code, status = "AUTH-00030", 404
    title = "The Id does not refer to an AgentRequest in our system."


class RequestOfAnotherParty(Problem):
    """A request is answered for a party that it was not sent to."""

    code, status, title = "AUTH-00041", 403, "Party does not match request's orgno"


class AgentRequestOfAnotherParty(Problem):
    """An agent request is answered for a party that it was not sent to."""

    code, status, title = "AUTH-00042", 403, "Party does not match agent request's orgno"


class PackagesInvalid(Problem):
    """A change asks for packages that the system is not registered with any more."""

    code, status, title = "AUTH-00052", 400, "One or more access packages are invalid"


class CorrelationIdUsed(Problem):
    """A change request is sent under the id of one that is answered or deleted."""

    code, status = "AUTH-00061", 409
    title = (
        "The Status of the Request is not New. Please generate a new CorrellationId for a new"
        " Change Request"
    )


class AgentWithoutPackages(Problem):
    """An agent request asks for no packages."""

    code, status = "AUTH-00058", 400
    title = "No AccessPackages found, an Agent SystemUser must have at least one"


class NothingAskedFor(Problem):
    """A standard request asks for neither packages nor single services."""

    code, status = "AUTH-00059", 400
    title = "No AccessPackages or Single Rights found, a SystemUser must have at least one"


class PackageNotForClients(Problem):
    """An agent request asks for packages that are not passed on for clients."""

    code, status = "AUTH-00065", 400
    title = (
        "One or more access packages cannot be delegated because they are not intended for client"
        " relationships"
    )


class NotRelatedToParty(Problem):
    """Somebody without any relation to the customer opens its request."""

    code, status = "AUTH-00066", 403
    title = "The request requires logged in user to have accessmanager write."


class RequestTimedOut(Problem):
    """A request is approved that was sent too long ago.

    Ours: the original lets it be approved for ever.
    """

    code, status, title = "FM-00001", 409, "The Request has timed out."
