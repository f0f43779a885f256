"""The problems of the validation service."""

from __future__ import annotations

from fullmakt.foundation.terms.problem import Problem


class NotXml(Problem):
    """A return is sent for validation as something else than XML."""

    status, title = 406, "Not Acceptable"


class NoSuchForm(Problem):
    """The result of a validation is wanted in a form it does not have."""

    status, title = 406, "Not Acceptable"


class NothingToValidate(Problem):
    """Validation is asked for without a return."""

    status, title = 400, "Bad Request"
