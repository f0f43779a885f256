"""The standard's dialect: requests and responses of XACML 3.0, asked of this world's policies.

What is decided is what Altinn's dialect is told; only the notation differs, and what the standard
tells besides: messages, missing attributes, advice, policies. Each individual request is one
question; one that cannot be read is one Indeterminate among the others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.decisions.asking import (
    WORKED_OUT,
    Asked,
    UndecidableError,
    asked_about,
    check_is_asked,
    check_may_be_several,
)
from fullmakt.access.policy import names
from fullmakt.access.policy.context.evaluation import entries_of, sent_back
from fullmakt.access.policy.context.model import ContextStatus, Result
from fullmakt.access.policy.data_types import write_value
from fullmakt.access.policy.outcome import Decision

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fullmakt.access.decisions.walk import Answer
    from fullmakt.access.policy.context.model import ContextCategory


def read_individual(categories: Sequence[ContextCategory]) -> Asked:
    """What the categories of one decision ask. Raises: UndecidableError."""
    subjects = [each for each in categories if each.category == names.SUBJECT]
    resources = [each for each in categories if each.category == names.RESOURCE]
    check_is_asked(
        has_subject=any(each.attributes for each in subjects), has_resource=bool(resources)
    )
    entries = entries_of(categories)
    for attribute_id in WORKED_OUT:
        entries.pop((names.SUBJECT, attribute_id), None)
    return asked_about(_first(subjects), _first(resources), entries)


def _first(categories: Sequence[ContextCategory]) -> dict[str, str]:
    """The attributes of the first category, the one that is looked up."""
    found: dict[str, str] = {}
    for attribute in categories[0].attributes:
        for value in attribute.values:
            text = write_value(value.data_type, value.value)
            if found.setdefault(attribute.attribute_id, text) != text:
                check_may_be_several(attribute.attribute_id)
    return found


def result_of(
    answer: Answer, categories: Sequence[ContextCategory], *, names_policies: bool
) -> Result:
    """The answer to one question, with the attributes that it was asked to send back."""
    evaluation = answer.evaluation
    return Result(
        decision=Decision(answer.outcome.value),
        status=ContextStatus(
            (answer.status,),
            answer.message or "",
            () if evaluation is None else evaluation.status.missing,
        ),
        obligations=answer.obligations,
        advice=() if evaluation is None else evaluation.advice,
        categories=sent_back(categories),
        policies=evaluation.applicable if evaluation is not None and names_policies else (),
    )


def undecidable(fault: UndecidableError, categories: Sequence[ContextCategory]) -> Result:
    """The answer to a question that cannot be read."""
    code = names.STATUS_SYNTAX_ERROR if fault.is_syntax else names.STATUS_PROCESSING_ERROR
    status = ContextStatus((code,), str(fault))
    return Result(Decision.INDETERMINATE, status, categories=sent_back(categories))
