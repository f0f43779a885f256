"""Answers written as the platform's JSON: camelCase, with nulls.

SPEED: an answer without echoed attributes is the same bytes for the same outcome, status and
obligations, and those are made once by the compiled policy; they are kept as written
(benchmarks/authorize.py).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from fullmakt.access.decisions import wire
from fullmakt.access.decisions.model import Outcome
from fullmakt.access.policy.data_types import STRING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fullmakt.access.decisions.walk import Answer
    from fullmakt.access.policy.outcome import Directive

_MOST_KEPT = 10_000
_encoder = msgspec.json.Encoder()


class AnswerWriter:
    """Writes answers, and keeps the common ones."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Outcome, str, int], tuple[tuple[Directive, ...], bytes]] = {}

    def write(self, results: Sequence[tuple[Answer, Sequence[wire.Category]]]) -> bytes:
        """The body that holds `results`, each with the categories it was asked by."""
        parts = [self._write_one(answer, asked_by) for answer, asked_by in results]
        return b'{"response":[' + b",".join(parts) + b"]}"

    def _write_one(self, answer: Answer, asked_by: Sequence[wire.Category]) -> bytes:
        if _wants_echo(answer, asked_by):
            return _encoder.encode(_result(answer, _echo(asked_by)))
        # INVARIANT: the obligations are kept beside the bytes, so their id is not given to others.
        key = (answer.outcome, answer.status, id(answer.obligations))
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            written = _encoder.encode(_result(answer, None))
            kept = self._kept[key] = (answer.obligations, written)
        return kept[1]


def _wants_echo(answer: Answer, asked_by: Iterable[wire.Category]) -> bool:
    """SPEC: attributes are sent back when some rule is about the resource and action."""
    if not answer.is_known or answer.outcome is Outcome.INDETERMINATE:
        return False
    return any(
        attribute.include_in_result
        for category in asked_by
        for attribute in category.attribute or ()
    )


def _result(answer: Answer, echo: list[wire.CategoryAnswer] | None) -> wire.ResultAnswer:
    is_permit = answer.outcome is Outcome.PERMIT
    obligations = [_obligation(each) for each in answer.obligations] if is_permit else []
    return wire.ResultAnswer(
        decision=answer.outcome.value,
        status=wire.StatusAnswer(
            status_message=None,
            status_details=None,
            status_code=wire.StatusCodeAnswer(answer.status),
        ),
        obligations=obligations or None,
        associate_advice=None,
        category=echo,
        policy_identifier_list=None,
    )


def _obligation(directive: Directive) -> wire.ObligationAnswer:
    return wire.ObligationAnswer(
        id=directive.directive_id,
        attribute_assignment=[
            wire.AssignmentAnswer(
                attribute_id=assignment.attribute_id,
                value=assignment.text,
                category=assignment.category,
                data_type=assignment.data_type,
                issuer=assignment.issuer,
            )
            for assignment in directive.assignments
        ],
    )


def _echo(asked_by: Sequence[wire.Category]) -> list[wire.CategoryAnswer]:
    """QUIRK: `includeInResult` reads false in what is sent back, and the category's id is lost."""
    echoed = []
    for category in asked_by:
        attributes = [
            wire.AttributeAnswer(
                attribute_id=attribute.attribute_id or "",
                value=attribute.value,
                issuer=None,
                data_type=attribute.data_type or STRING,
                include_in_result=False,
            )
            for attribute in category.attribute or ()
            if attribute.include_in_result
        ]
        if attributes:
            name = category.category_id or ""
            echoed.append(wire.CategoryAnswer(name, None, None, attributes))
    return echoed
