"""What can be wrong with a policy document. Faults while *evaluating* are `outcome.Fault`."""

from __future__ import annotations

from fullmakt.foundation.terms.problem import Problem


class PolicyRefused(Problem):
    """A policy document is not accepted: it is unsafe, malformed, or says what we cannot evaluate.

    `line` is the line of the document, counted from 1.
    """

    status = 400
    code = "policy-refused"
    title = "The policy is refused"

    def __init__(self, why: str, *, line: int) -> None:
        super().__init__(f"line {line}: {why}", line=str(line))
        self.why = why
        self.line = line
