"""What can be wrong with a request or response document."""

from __future__ import annotations

from fullmakt.foundation.terms.problem import Problem


class ContextRefused(Problem):
    """A request or response is not accepted: malformed, too large, or asking for what is left out.

    `where` is the member's path (`Request.Action[0].Attribute`) or the line of the XML document.
    """

    status = 400
    code = "xacml-context-refused"
    title = "The request is refused"

    def __init__(self, where: str, why: str) -> None:
        super().__init__(f"{where}: {why}")
        self.where = where
        self.why = why


class ValueRefused(ContextRefused):
    """A value is not a literal of its data type, or the data type is not known.

    The document is well formed, so a decision point answers Indeterminate with a syntax error
    (XACML 3.0 core section 7.3.1).
    """
