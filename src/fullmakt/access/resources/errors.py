"""The problems of the resource registry."""

from __future__ import annotations

from fullmakt.foundation.terms.problem import PlainProblem, TextProblem


class ResourceExists(TextProblem):
    """A resource with the same identifier is registered already."""

    def __init__(self, identifier: str) -> None:
        super().__init__(409, f"The Resource already exist: {identifier}")


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
