"""What can be wrong with a policy document. Faults while *evaluating* are `outcome.Fault`."""

from __future__ import annotations

from typing import Final

from fullmakt.foundation.terms.problem import Problem

_LONGEST_BEGINNING: Final = 400
_LONGEST_END: Final = 80


class PolicyRefused(Problem):
    """A policy document is not accepted: it is unsafe, malformed, or says what we cannot evaluate.

    `line` is the line of the document, counted from 1; `document` tells which one where several
    are given, the root being 1. However long the names in the document are, `why` is short.
    """

    status = 400
    code = "policy-refused"
    title = "The policy is refused"

    def __init__(self, why: str, *, line: int, document: int = 1) -> None:
        why = _shortened(why)
        where = f"line {line}" if document == 1 else f"document {document}, line {line}"
        more = {} if document == 1 else {"document": str(document)}
        super().__init__(f"{where}: {why}", line=str(line), **more)
        self.why = why
        self.line = line
        self.document = document


def _shortened(why: str) -> str:
    if len(why) <= _LONGEST_BEGINNING + _LONGEST_END:
        return why
    return f"{why[:_LONGEST_BEGINNING]} … {why[-_LONGEST_END:]}"
