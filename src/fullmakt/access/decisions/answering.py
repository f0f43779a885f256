"""Answers written as the platform's JSON: camelCase, with nulls.

SPEED: an answer without echoed attributes is the same bytes for the same outcome, status and
obligations, and those are made once by the compiled policy; they are kept as written
(benchmarks/authorize.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from fullmakt.access.decisions import wire
from fullmakt.access.decisions.asking import DATA_TYPES
from fullmakt.access.decisions.model import Outcome
from fullmakt.foundation.terms import urns

if TYPE_CHECKING:
    from fullmakt.access.decisions.walk import Answer
    from fullmakt.access.policy.outcome import Directive

_MOST_KEPT = 10_000
_JSON = "application/json; charset=utf-8"
_encoder = msgspec.json.Encoder()

AskedBy = Sequence[Sequence["wire.Category"]]
"""The subjects, actions, resources and others that a question was asked by."""


class Written(NamedTuple):
    """An answer as it is sent. `head` are the lines of its headers."""

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    head: bytes


class _Kept(NamedTuple):
    result: bytes
    alone: Written
    obligations: tuple[Directive, ...]


class AnswerWriter:
    """Writes answers, and keeps the common ones."""

    def __init__(self) -> None:
        self._kept: dict[tuple[Outcome, str, int], _Kept] = {}

    def write(self, answers: Sequence[Answer], asked_by: Sequence[AskedBy]) -> Written:
        """The body that holds `answers`, each with what it was asked by.

        QUIRK: one question that cannot be looked up is the answer to all of them, and the only one,
        as in the original. Kept: who asks counts the answers. Held by
        test_one_question_that_cannot_be_looked_up_spoils_the_request.
        """
        if len(answers) == 1 and not _wants_echo(answers[0], asked_by[0]):
            return self._keep(answers[0]).alone
        spoilt = next((each for each in answers if each.spoils), None)
        if spoilt is not None:
            return self._keep(spoilt).alone
        return _written(*map(self._write_one, answers, asked_by))

    def write_plain(self, answers: Sequence[Answer]) -> Written:
        """The body that holds one answer, to a question that wants nothing sent back."""
        return self._keep(answers[0]).alone

    def _write_one(self, answer: Answer, asked_by: AskedBy) -> bytes:
        if _wants_echo(answer, asked_by):
            return _encoder.encode(_result(answer, _echo(answer, asked_by) or None))
        return self._keep(answer).result

    def _keep(self, answer: Answer) -> _Kept:
        # INVARIANT: the obligations are kept beside the bytes, so their id is not given to others.
        key = (answer.outcome, answer.status, id(answer.obligations))
        kept = self._kept.get(key)
        if kept is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            result = _encoder.encode(_result(answer, None))
            kept = self._kept[key] = _Kept(result, _written(result), answer.obligations)
        return kept


def _written(*results: bytes) -> Written:
    return written_as(b'{"response":[' + b",".join(results) + b"]}", _JSON)


def written_as(body: bytes, media_type: str) -> Written:
    """A body with the headers that tell of it."""
    headers = ((b"content-type", media_type.encode()), (b"content-length", b"%d" % len(body)))
    return Written(body, headers, b"".join(b"%b: %b\r\n" % each for each in headers))


def _wants_echo(answer: Answer, asked_by: AskedBy) -> bool:
    """SPEC: attributes are sent back when some rule is about the resource and action."""
    if not answer.is_known or answer.outcome is Outcome.INDETERMINATE:
        return False
    if answer.added_party is not None:
        return True
    # SPEED: a generator would take as long as the rest of the writing (benchmarks/authorize.py).
    for group in asked_by:
        for category in group:
            for attribute in category.attribute or ():
                if attribute.include_in_result:
                    return True
    return False


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


def _echo(answer: Answer, asked_by: AskedBy) -> list[wire.CategoryAnswer]:
    """Resources first, then actions, then subjects, then others.

    SPEC: a party that was not named, but is that of an instance, is told unasked.

    QUIRK: `includeInResult` reads false in what is sent back, and the category's id is lost. Kept;
    held by test_several_questions_are_answered_in_order.
    """
    subjects, actions, resources, others = asked_by
    if answer.added_party is not None:
        resources = _with_party(resources, answer.added_party)
    echoed = []
    for category in chain(resources, actions, subjects, others):
        attributes = [_attribute(each) for each in _wanted_back(category)]
        if attributes:
            name = category.category_id or ""
            echoed.append(wire.CategoryAnswer(name, None, None, attributes))
    return echoed


def _with_party(resources: Sequence[wire.Category], party_id: int) -> tuple[wire.Category, ...]:
    first, *others = resources
    added = wire.Attribute(urns.PARTY_ID, str(party_id), include_in_result=True)
    known = [*(first.attribute or ()), added]
    return (wire.Category(category_id=first.category_id, attribute=known), *others)


def _wanted_back(category: wire.Category) -> Iterator[wire.Attribute]:
    """QUIRK: attributes with one id are one bag, and the first says whether it is sent back.

    Kept: clients read the answer by position. Held by
    test_the_first_of_several_values_says_whether_all_are_sent_back.
    """
    bags: dict[str | None, list[wire.Attribute]] = {}
    for attribute in category.attribute or ():
        bags.setdefault(attribute.attribute_id, []).append(attribute)
    for bag in bags.values():
        if bag[0].include_in_result:
            yield from bag


def _attribute(attribute: wire.Attribute) -> wire.AttributeAnswer:
    return wire.AttributeAnswer(
        attribute_id=attribute.attribute_id or "",
        value=attribute.value,
        issuer=None,
        data_type=DATA_TYPES[attribute.data_type],
        include_in_result=False,
    )
