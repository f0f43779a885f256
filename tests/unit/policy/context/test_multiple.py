"""Which decisions a request asks for, and several of them made one."""

from __future__ import annotations

import pytest

from fullmakt.access.policy import names
from fullmakt.access.policy.context.errors import ContextRefused
from fullmakt.access.policy.context.limits import ContextLimits
from fullmakt.access.policy.context.model import (
    ContextAttribute,
    ContextCategory,
    ContextRequest,
    ContextStatus,
    Result,
)
from fullmakt.access.policy.context.multiple import (
    DanglingReference,
    combined,
    individual_requests,
)
from fullmakt.access.policy.data_types import STRING
from fullmakt.access.policy.model import AttributeValue
from fullmakt.access.policy.outcome import Decision, Directive, MissingAttribute


def category(kind: str, own_id: str | None = None) -> ContextCategory:
    return ContextCategory(kind, id=own_id)


S1, S2 = category("s", "s1"), category("s", "s2")
A1, A2 = category("a", "a1"), category("a", "a2")
R1 = category("r", "r1")


def test_one_of_each_category_is_one_decision() -> None:
    assert individual_requests(ContextRequest((S1, A1, R1))) == [(S1, A1, R1)]


def test_repeated_categories_are_asked_in_every_combination() -> None:
    request = ContextRequest((S1, A1, S2, R1, A2))

    assert individual_requests(request) == [
        (S1, A1, R1),
        (S1, A2, R1),
        (S2, A1, R1),
        (S2, A2, R1),
    ]


def test_references_are_asked_in_their_order_and_nothing_besides() -> None:
    request = ContextRequest((S1, S2, A1, R1), (("s2", "a1", "r1"), ("s1", "a1")))

    nameless = ContextRequest((*request.categories, category("e")), request.references)

    assert individual_requests(request) == [(S2, A1, R1), (S1, A1)]
    assert individual_requests(nameless) == individual_requests(request)


def test_one_reference_is_one_decision() -> None:
    request = ContextRequest((S1, S2, A1), (("s2", "a1"),))

    assert individual_requests(request) == [(S2, A1)]


def test_two_of_a_kind_in_one_reference_are_asked_one_by_one() -> None:
    request = ContextRequest((S1, S2, A1), (("s1", "s2", "a1"), ("s2",)))

    assert individual_requests(request) == [(S1, A1), (S2, A1), (S2,)]


def test_a_reference_leads_to_one_category() -> None:
    with pytest.raises(ContextRefused, match="the id `s1` stands twice"):
        individual_requests(ContextRequest((S1, S1, A1), (("s1", "a1"),)))


def test_a_reference_that_leads_nowhere_keeps_no_other_from_being_asked() -> None:
    request = ContextRequest((S1, A1), (("s1", "a2", "r9"), ("s1", "a1")))

    dangling, sound = individual_requests(request)

    assert sound == (S1, A1)
    assert isinstance(dangling, DanglingReference)
    assert dangling.result == Result(
        Decision.INDETERMINATE,
        ContextStatus((names.STATUS_SYNTAX_ERROR,), "the reference `a2` leads to no category"),
    )


def test_references_that_lead_nowhere_count_as_decisions() -> None:
    request = ContextRequest((S1,), (("x",), ("s1",), ("y",)))

    with pytest.raises(ContextRefused, match="asks for 3 decisions; at most 2"):
        individual_requests(request, ContextLimits(most_decisions=2))


def test_more_decisions_than_the_limit_are_refused_before_any_is_made() -> None:
    request = ContextRequest(tuple(category(f"c{n // 50}") for n in range(500)))

    with pytest.raises(ContextRefused, match=f"asks for {50**10} decisions; at most 1000"):
        individual_requests(request)


def test_the_limit_itself_is_answered() -> None:
    request = ContextRequest((S1, S2, A1, A2))

    assert len(individual_requests(request, ContextLimits(most_decisions=4))) == 4


def test_values_are_counted_as_often_as_they_are_asked() -> None:
    values = (AttributeValue(STRING, "x"),) * 30
    heavy = ContextCategory("r", (ContextAttribute("urn:a", values),))
    request = ContextRequest((S1, S2, A1, A2, heavy))

    with pytest.raises(ContextRefused, match="asks about 120 values in all; at most 119"):
        individual_requests(request, ContextLimits(most_values_asked=119))
    assert len(individual_requests(request, ContextLimits(most_values_asked=120))) == 4


OK = ContextStatus((names.STATUS_OK,))
PERMIT, DENY = Result(Decision.PERMIT, OK), Result(Decision.DENY, OK)
ABSENT = ContextStatus(
    (names.STATUS_MISSING_ATTRIBUTE,), "`age` must be", (MissingAttribute("s", "age", STRING),)
)
FAILED = Result(Decision.INDETERMINATE, ABSENT)
BROKEN = Result(
    Decision.INDETERMINATE, ContextStatus((names.STATUS_PROCESSING_ERROR,), "divided by zero")
)


@pytest.mark.parametrize(
    "results, decision, codes, message",
    [
        ((PERMIT, PERMIT), "Permit", [names.STATUS_OK], ""),
        ((DENY, DENY), "Deny", [names.STATUS_OK], ""),
        (
            (PERMIT, DENY),
            "Indeterminate",
            [names.STATUS_PROCESSING_ERROR],
            "the decisions differ: Deny, Permit",
        ),
        (
            (PERMIT, FAILED),
            "Indeterminate",
            [names.STATUS_PROCESSING_ERROR],
            "the decisions differ: Indeterminate, Permit",
        ),
        (
            (FAILED, BROKEN),
            "Indeterminate",
            [names.STATUS_PROCESSING_ERROR, names.STATUS_MISSING_ATTRIBUTE],
            "`age` must be",
        ),
        (
            (BROKEN, FAILED),
            "Indeterminate",
            [names.STATUS_PROCESSING_ERROR],
            "divided by zero",
        ),
    ],
)
def test_a_combined_decision_is_what_all_agree_on(
    results: tuple[Result, ...], decision: str, codes: list[str], message: str
) -> None:
    found = combined(results)

    assert found == Result(Decision(decision), ContextStatus(tuple(codes), message))


def test_what_must_be_done_cannot_be_combined() -> None:
    dutiful = Result(Decision.PERMIT, OK, (Directive("urn:o", ()),))

    found = combined([dutiful, PERMIT])

    assert found.decision is Decision.INDETERMINATE
    assert found.status == ContextStatus(
        (names.STATUS_PROCESSING_ERROR,), "obligations and advice cannot be combined"
    )
