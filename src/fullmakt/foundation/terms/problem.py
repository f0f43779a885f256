"""Problems: the answers a caller gets instead of the one asked for.

A problem is one situation with its wire code beside it. How it is written to the wire (which of the
platform's shapes) is decided in `foundation/http`; programming faults are ordinary exceptions, not
problems.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping


class Problem(Exception):
    """An answer to a caller that is not the one asked for. One subclass is one situation."""

    status: ClassVar[int] = 400
    code: ClassVar[str] = ""
    title: ClassVar[str] = ""

    def __init__(self, detail: str = "", **extensions: str) -> None:
        super().__init__(detail or self.title)
        self.detail = detail
        self.extensions: Mapping[str, str] = extensions


@dataclass(frozen=True, slots=True)
class Fault:
    """One entry of a validation problem: what is wrong, where, and the values it is about."""

    code: str
    title: str
    paths: tuple[str, ...] = ()
    detail: str = ""
    extensions: Mapping[str, str] = field(default_factory=dict)


class ValidationProblem(Problem):
    """The request was read, and one or more of its values do not hold."""

    status = 400
    code = "STD-00000"
    title = "One or more validation errors occurred."

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(fault.detail or fault.title for fault in faults))
        self.faults = faults


class InvalidInput(Problem):
    """The request could not be read: malformed, a member missing, or of the wrong type.

    `errors` maps a member or parameter name to what is wrong with it.
    """

    status = 400
    title = "One or more validation errors occurred."

    def __init__(self, errors: Mapping[str, tuple[str, ...]]) -> None:
        super().__init__("; ".join(f"{name}: {' '.join(texts)}" for name, texts in errors.items()))
        self.errors = errors


class PlainProblem(Problem):
    """An answer that carries a status and a title, and no code of its own."""

    def __init__(self, status: int, title: str, detail: str = "", kind: str = "") -> None:
        super().__init__(detail or title)
        self.plain_status = status
        self.plain_title = title
        self.detail = detail
        self.kind = kind


class TextProblem(Problem):
    """An answer whose body is one line of text."""

    def __init__(self, status: int, text: str) -> None:
        super().__init__(text)
        self.text_status = status
        self.text = text


class Refusal(Problem):
    """A request without the authority it needs: 401 or 403 with an empty body.

    The reason stands in the `WWW-Authenticate` header (RFC 6750 section 3), never in the body.
    """

    error: ClassVar[str] = ""


class NotAuthenticated(Refusal):
    """No bearer token, or one that does not hold."""

    status = 401
    error = "invalid_token"
    title = "Unauthorized"


class NotAuthorized(Refusal):
    """The token holds, and does not give what the endpoint needs."""

    status = 403
    error = "insufficient_scope"
    title = "Forbidden"


class TooLarge(Problem):
    """The body is larger than the endpoint reads."""

    status = 413
    title = "Content Too Large"


class Unavailable(Problem):
    """Something the answer depends on cannot be asked just now.

    Try again after `retry_after_s` seconds.
    """

    status = 503
    title = "Service Unavailable"
    retry_after_s: ClassVar[int] = 1
