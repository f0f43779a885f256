"""The problems of app instances and of asking the decision point about them."""

from __future__ import annotations

from fullmakt.foundation.terms.problem import Problem, TextProblem, TooLarge, Unavailable


class UnknownApp(TextProblem):
    """No app answers under this name."""

    def __init__(self, org: str, name: str) -> None:
        super().__init__(404, f"no app is called `{org}/{name}` here")


class UnknownInstanceOwner(TextProblem):
    """The organisation that an instance is wanted for is not registered."""

    def __init__(self, stated: str) -> None:
        super().__init__(404, f"the instance owner is not registered: `{stated}`")


class UnknownInstance(Problem):
    """The app has no such instance of this party."""

    status, title = 404, "Not Found"


class UnknownElement(Problem):
    """The instance has no such data element."""

    status, title = 404, "Not Found"


class NotPermitted(Problem):
    """The decision point answered something else than Permit."""

    status, title = 403, "Forbidden"


class LevelTooLow(Problem):
    """The decision is Permit for a higher authentication level than the token's."""

    status, title = 403, "Forbidden"


class ObligationNotUnderstood(Problem):
    """The decision is Permit with an obligation that is not known here (XACML 3.0 core 7.18)."""

    status, title = 403, "Forbidden"


class DecisionPointUnreachable(Unavailable):
    """The decision point did not answer, or its answer is not one."""


class InstanceLocked(Problem):
    """Data is sent to an instance that has left the stage of filling in."""

    status, title = 409, "Conflict"


class NoSuchMove(Problem):
    """The sender cannot move the instance on from the stage it is at."""

    status, title = 409, "Conflict"


class StepRefused(TextProblem):
    """The app's own checks stopped the instance from moving on."""

    def __init__(self, text: str) -> None:
        super().__init__(409, text)


class TooManyElements(Problem):
    """The instance has no room for another element of this data type."""

    status, title = 409, "Conflict"


class ElementNeeded(Problem):
    """The element was made with the instance and can be replaced, not removed."""

    status, title = 409, "Conflict"


class UnknownDataType(Problem):
    """The app has no such data type, or none was named."""

    status, title = 400, "Bad Request"


class AppsOwnElement(Problem):
    """The data type is written by the app, never by a sender."""

    status, title = 403, "Forbidden"


class UnacceptableFileName(Problem):
    """The file name is missing, or is not a plain name."""

    status, title = 400, "Bad Request"


class EmptyElement(Problem):
    """A data element was sent without content."""

    status, title = 400, "Bad Request"


class UnacceptableContentType(Problem):
    """The data type does not take content of this type."""

    status, title = 415, "Unsupported Media Type"


class ElementTooLarge(TooLarge):
    """The content is larger than the data type takes."""
