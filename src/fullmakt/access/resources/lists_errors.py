"""The problems of access lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.foundation.terms.problem import (
    Fault,
    NotAuthorized,
    PlainProblem,
    Problem,
    ValidationProblem,
)

if TYPE_CHECKING:
    from fullmakt.foundation.bearer.model import Caller


class MembersNotIncluded(Problem):
    """Members were to be shown together with lists."""

    status = 501
    code = "RR-00000"
    title = "Members are not supported yet as an include option for this endpoint."


class MemberNotFound(Problem):
    """A member to add, or to remove, is not a registered organisation."""

    status = 400
    code = "RR-00001"
    title = "One or more party references not found."


class ConnectedResourceNotFound(Problem):
    """A list was to open a resource that is not registered."""

    status = 400
    code = "RR-00002"
    title = "One or more resource references not found."


class ConnectedResourceOfAnother(Problem):
    """A list was to open a resource of another owner."""

    status = 403
    code = "RR-00004"
    title = (
        "Cannot create a access-list connection to a resource not owned by the same service-owner"
        " as the access-list."
    )


class ListNotFound(PlainProblem):
    """The owner has no such list."""

    def __init__(self, owner: str, identifier: str) -> None:
        super().__init__(404, "Not Found", f"`{owner}` has no access list `{identifier}`")


class PreconditionFailed(PlainProblem):
    """The list is no longer, or not yet, what the caller's conditions say."""

    def __init__(self, etag: str | None) -> None:
        now = "there is no such list" if etag is None else f"its entity tag is {etag} now"
        super().__init__(412, "Precondition Failed", f"{now}; read it again, and decide anew")


class ListsOfAnother(NotAuthorized):
    """The lists belong to another organisation than the caller."""

    def __init__(self, owner: str, caller: Caller) -> None:
        super().__init__(
            f"the token is of {caller.organization or 'no organisation'}, and the access lists are"
            f" of `{owner}`; the owner may do this, or a holder of the scope"
            " altinn:resourceregistry/resource.admin"
        )


def _problem(code: str, title: str, *paths: str, detail: str = "") -> ValidationProblem:
    return ValidationProblem(Fault(code, title, paths, detail))


def too_many_to_replace(count: int) -> ValidationProblem:
    """More than 100 members were to replace those of a list."""
    title = "Cannot replace more than 100 members at a time. Use POST and DELETE methods instead."
    return _problem("RR.VLD-00000", title, "/data", detail=f"the body has {count} members")


def too_many_to_change(count: int) -> ValidationProblem:
    """More than 100 members were to be added or removed."""
    title = "Cannot add or remove more than 100 members at a time."
    return _problem("RR.VLD-00001", title, "/data", detail=f"the body has {count} members")


def connections_of_no_resource() -> ValidationProblem:
    """Connections were to be shown with lists, and no resource was named."""
    title = "Resource identifier is required when including resource connections."
    return _problem("RR.VLD-00002", title, "/$QUERY/include", "/$QUERY/resource")


def no_party() -> ValidationProblem:
    """Memberships were asked for, and no party was named."""
    return _problem("RR.VLD-00003", "At least 1 party must be specified.", "/$QUERY/party")


def not_a_party(given: str) -> ValidationProblem:
    """Memberships were asked for, of what names no party."""
    detail = f"`{given[:120]}` names no party"
    return _problem("RR.VLD-00004", "Invalid party URN.", "/$QUERY/party", detail=detail)


def not_a_resource(given: str) -> ValidationProblem:
    """Memberships were asked for, on what names no resource."""
    detail = f"`{given[:120]}` is not `urn:altinn:resource:` and an identifier"
    return _problem("RR.VLD-00005", "Invalid resource URN.", "/$QUERY/resource", detail=detail)


def several_parties() -> ValidationProblem:
    """Memberships were asked for, of more than one party."""
    return _problem("RR.VLD-00006", "Multiple parties currently not supported.", "/$QUERY/party")


def several_resources() -> ValidationProblem:
    """Memberships were asked for, on more than one resource."""
    title = "Multiple resources currently not supported."
    return _problem("RR.VLD-00007", title, "/$QUERY/resource")


def owner_not_registered(owner: str) -> ValidationProblem:
    """No service owner has the short name in the path."""
    title = "Access list owner must be a valid and registered org-code."
    detail = f"no service owner is called `{owner[:120]}`"
    return _problem("RR.VLD-00010", title, "/$PATH/owner", detail=detail)
