"""The problems of giving a system user what its maker may not give on."""

from __future__ import annotations

from collections.abc import Mapping

from fullmakt.foundation.terms.problem import Problem


class PackagesNotDelegable(Problem):
    """The person who approves may not give on all of the packages; the detail tells which."""

    code, status = "AUTH-00053", 400
    title = "The user does not have enough access to delegate the requested access packages"


class PackageForClientsOnly(Problem):
    """Packages are asked for that only follow from client relations, or go to nobody."""

    code, status = "AUTH-00064", 400
    title = (
        "One or more access packages cannot be delegated. Either they are intended for clients or"
        " they cannot be delegated further."
    )


class PackagesNotGiven(Problem):
    """The person who adds the firm itself as a client may not give on all of the packages."""

    code, status = "AUTH-00051", 400
    title = "The delegation of access package to the system user failed"


class RightNotDelegable(Problem):
    """The person who approves may not give on any action of a service, for a reason unknown."""

    code, status, title = "AUTH-00014", 403, "DelegationCheck failed with unknown error."


class RoleMissing(RightNotDelegable):
    """No role gives the person the service."""

    code = "AUTH-00016"
    title = (
        "DelegationCheck failed with error: Has not access by a delegation of role in ER or Altinn."
    )


class DelegationMissing(RightNotDelegable):
    """Nothing was given to the person that holds the service."""

    code = "AUTH-00018"
    title = "DelegationCheck failed with error: Has not access by direct delegation."


class ServiceRightMissing(RightNotDelegable):
    """The service wants the customer to be listed for it."""

    code = "AUTH-00019"
    title = (
        "DelegationCheck failed with error: The service requires explicit access in SRR and the"
        " reportee is missing this."
    )


class LevelTooLow(RightNotDelegable):
    """The service wants a stronger log-in."""

    code = "AUTH-00020"
    title = (
        "DelegationCheck failed with error: The service requires explicit authentication level and"
        " the reportee is missing this."
    )


class PackageMissing(RightNotDelegable):
    """No package gives the person the service."""

    code = "AUTH-00068"
    title = (
        "DelegationCheck failed with error: Has not access by a delegation of package in Altinn."
    )


class NotOnAccessList(RightNotDelegable):
    """The service is for those on a list, and the receiver is not."""

    code = "AUTH-00069"
    title = (
        "DelegationCheck failed with error: The receiver does not have the right based on Access"
        " List delegation."
    )


class ServiceNotDelegable(RightNotDelegable):
    """The service's owner lets nobody pass it on."""

    code = "AUTH-00070"
    title = (
        "DelegationCheck failed with error: The resource cannot be delegated to another user or"
        " entity."
    )


class ServiceIsScope(RightNotDelegable):
    """The service is a Maskinporten scope, which goes to organisations alone."""

    code = "AUTH-00071"
    title = (
        "DelegationCheck failed with error: The resource is not delegable because it is a"
        " Maskinporten schema resource."
    )


BY_REASON: Mapping[str, type[RightNotDelegable]] = {
    "MissingRoleAccess": RoleMissing,
    "MissingDelegationAccess": DelegationMissing,
    "MissingSrrRightAccess": ServiceRightMissing,
    "InsufficientAuthenticationLevel": LevelTooLow,
    "MissingPackageAccess": PackageMissing,
    "AccessListValidationFail": NotOnAccessList,
    "ResourceNotDelegable": ServiceNotDelegable,
    "ResourceIsMaskinPortenSchema": ServiceIsScope,
}
"""The problem for each reason that a delegation check gives; any other is `RightNotDelegable`."""
