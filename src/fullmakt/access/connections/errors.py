"""The faults of connections and client delegation, as Altinn's access management words them."""

from __future__ import annotations

from fullmakt.foundation.terms.problem import Fault


def _query(*names: str) -> tuple[str, ...]:
    return tuple(f"$QUERY/{name}" for name in names)


def resource_not_valid(detail: str) -> Fault:
    """No resource has the identifier."""
    return Fault("AM.VLD-00002", "Resource must be valid.", _query("resource"), detail)


def policy_missing(detail: str) -> Fault:
    """The resource has no policy, so there are no rights to it."""
    return Fault("AM.VLD-00003", "Resource must have a policy.", _query("resource"), detail)


def party_unknown(name: str, detail: str) -> Fault:
    """The query parameter `name` names nobody."""
    return Fault("AM.VLD-00006", "Entity do not exists.", _query(name), detail)


def kind_not_allowed(name: str, detail: str) -> Fault:
    """A party of this kind cannot stand there."""
    title = "This entity type is not allowed here."
    return Fault("AM.VLD-00008", title, _query(name), detail)


def sides_not_valid(detail: str) -> Fault:
    """The parties named do not make a call."""
    title = "One or more query parameters are invalid."
    return Fault("AM.VLD-00009", title, _query("party", "from", "to"), detail)


def still_in_use(detail: str) -> Fault:
    """What is to be removed carries more, and `cascade` is not set."""
    title = "Assignment is active in one or more connections."
    return Fault("AM.VLD-00010", title, _query("cascade"), detail)


def package_unknown(name: str, detail: str) -> Fault:
    """No access package is called that."""
    return Fault("AM.VLD-00011", "Package do not exists.", _query(name), detail)


def may_not_give(path: str, detail: str) -> Fault:
    """The person may not give it on for the party."""
    return Fault("AM.VLD-00026", "User not authorized for operation.", (path,), detail)


def not_to_this_receiver(detail: str) -> Fault:
    """The package does not go to parties of this kind, or not from parties of the giver's."""
    title = "One or more packages is not assignable to receipient."
    return Fault("AM.VLD-00028", title, _query("package", "to"), detail)


def nobody_by_that_name(detail: str) -> Fault:
    """No person has the identity number, or not with that last name."""
    title = "Given external identifiers yielded empty result."
    return Fault("AM.VLD-00034", title, ("/personIdentifier", "/lastName"), detail)


def package_not_assignable(detail: str) -> Fault:
    """The package follows from a role and is not given."""
    title = "One or more packages is not assignable."
    return Fault("AM.VLD-00048", title, _query("package"), detail)


def right_unknown(path: str, detail: str) -> Fault:
    """The key names no right to the resource."""
    return Fault("AM.VLD-00002", "Resource must be valid.", (path,), detail)


def delegation_in_use(detail: str) -> Fault:
    """An agent has something of clients, and `cascade` is not set."""
    title = (
        "The delegation has one or more active access packages associated with it. Set cascade to "
        "true to remove the delegation and its active access packages."
    )
    return Fault("AM.VLD-00031", title, _query("cascade"), detail)


def role_unknown(path: str, detail: str) -> Fault:
    """No role is called that."""
    return Fault("AM.VLD-00029", "Invalid Role.", (path,), detail)


def package_invalid(path: str, detail: str) -> Fault:
    """No access package is called that."""
    return Fault("AM.VLD-00030", "Invalid Package.", (path,), detail)


def assignment_missing(path: str, detail: str) -> Fault:
    """The client does not have that role towards the party, or the person is no agent of it."""
    return Fault("AM.VLD-00032", "Assignment of role do not exist.", (path,), detail)


def package_not_delegable(path: str, detail: str) -> Fault:
    """The package is not passed on to agents."""
    return Fault("AM.VLD-00033", "Package is not delegable.", (path,), detail)
