"""An answer of the walk as a decision of the kind our own rooms are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.decisions.model import Decision, Obligation

if TYPE_CHECKING:
    from fullmakt.access.decisions.model import Reason
    from fullmakt.access.decisions.walk import Answer
    from fullmakt.access.policy.outcome import Directive


def decision_of(answer: Answer, *, revision: int, reasons: tuple[Reason, ...] = ()) -> Decision:
    """The decision that `answer` is, known as of `revision`."""
    return Decision(
        outcome=answer.outcome,
        reasons=reasons,
        obligations=tuple(
            obligation for directive in answer.obligations for obligation in _obligations(directive)
        ),
        status=answer.status.rpartition(":")[2],
        message=answer.message,
        revision=revision,
    )


def _obligations(directive: Directive) -> list[Obligation]:
    return [
        Obligation(
            id=directive.directive_id,
            attribute_id=assignment.attribute_id,
            value=assignment.text,
            category=assignment.category or "",
            data_type=assignment.data_type,
        )
        for assignment in directive.assignments
    ]
