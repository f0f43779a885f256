"""The problems of the resource registry."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.foundation.terms.problem import (
    Fault,
    InvalidInput,
    NotAuthorized,
    PlainProblem,
    TextProblem,
    ValidationProblem,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fullmakt.foundation.bearer.model import Caller
    from fullmakt.foundation.terms.numbers import OrganizationNumber


class ResourceExists(TextProblem):
    """A resource with the same identifier is registered already."""

    def __init__(self, identifier: str) -> None:
        super().__init__(409, f"The Resource already exist: {identifier}")


class IdentifierOfAnother(TextProblem):
    """Another organisation had a resource with the identifier, and rights to it may stand."""

    def __init__(self, identifier: str, owner: OrganizationNumber) -> None:
        message = (
            f"`{identifier}` was a resource of {owner}, and what was given on it would open yours;"
            " choose another identifier"
        )
        super().__init__(409, message)


class ResourceNotFound(PlainProblem):
    """There is no resource with the identifier, or not in the version asked for."""

    def __init__(self, detail: str) -> None:
        super().__init__(404, "Not Found", detail)


class ResourceOfPolicyNotFound(TextProblem):
    """A policy was asked for, and there is no resource with the identifier."""

    def __init__(self) -> None:
        super().__init__(404, "Unable to find resource")


class PolicyNotFound(TextProblem):
    """The resource has no policy."""

    def __init__(self) -> None:
        super().__init__(404, "Unable to find requested policy")


class PolicyNamesNoResource(TextProblem):
    """A rule of the policy is not narrowed to a resource."""

    def __init__(self, rule_id: str) -> None:
        super().__init__(
            400, "Policy not accepted: Contains rule without reference to registry resource id"
        )
        self.rule_id = rule_id


class PolicyNamesOtherResource(TextProblem):
    """A rule of the policy is about another resource than the one it was uploaded for."""

    def __init__(self, rule_id: str) -> None:
        super().__init__(
            400, "Policy not accepted: Contains rules for a different registry resource"
        )
        self.rule_id = rule_id


class NoSubjects(PlainProblem):
    """The policy of the resource names no subject."""

    def __init__(self, detail: str) -> None:
        super().__init__(404, "Not Found", detail)


class IdentifiersDiffer(TextProblem):
    """A resource is replaced by one with another identifier than the path's."""

    def __init__(self) -> None:
        super().__init__(400, "Id in path does not match ID in resource")


class DeletionNotAllowed(TextProblem):
    """A resource was to be deleted outside a test environment."""

    def __init__(self, environment: str) -> None:
        super().__init__(403, f"Delete operation is not allowed in {environment} environment")


class PolicyFileMissing(TextProblem):
    """A policy was uploaded without its file."""

    def __init__(self) -> None:
        super().__init__(400, "The policy file can not be null")


class ResourceOfUploadUnknown(TextProblem):
    """A policy was uploaded for a resource that is not registered."""

    def __init__(self) -> None:
        super().__init__(400, "Unknown resource")


class ResourceOfAnother(NotAuthorized):
    """The resource belongs, or would belong, to another organisation than the caller."""

    def __init__(self, identifier: str, owner: OrganizationNumber, caller: Caller) -> None:
        super().__init__(
            f"the token is of {caller.organization or 'no organisation'}, and `{identifier}` is of "
            f"{owner}; its owner may do this, or a holder of the scope"
            " altinn:resourceregistry/resource.admin"
        )


class ScopesOfOthers(InvalidInput):
    """A resource refers to Maskinporten scopes outside the prefixes its owner has been given."""

    status = 401
    title = "Unauthorized"

    def __init__(self, scopes: Iterable[str]) -> None:
        super().__init__({"InvalidPrefix": tuple(scopes)})


def _limit_fault(code: str, given: str) -> ValidationProblem:
    return ValidationProblem(
        Fault(code, "Limit must be between 1 and 1000.", ("/$QUERY/limit",), f"limit is `{given}`")
    )


class SubjectLimitOutOfBounds(ValidationProblem):
    """The feed of subjects was asked for fewer than one entry, or more than 1000."""

    def __init__(self, given: str) -> None:
        super().__init__(*_limit_fault("RR.VLD-00008", given).faults)


class ChangeLimitOutOfBounds(ValidationProblem):
    """The feed of changes was asked for fewer than one entry, or more than 1000."""

    def __init__(self, given: str) -> None:
        super().__init__(*_limit_fault("RR.VLD-00011", given).faults)
