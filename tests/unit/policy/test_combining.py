"""Combining algorithms over every combination, beside the standard's pseudo code.

XACML 3.0 core appendix C, and table 7 of section 7.14.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest

from fullmakt.access.policy.combining import (
    ONLY_ONE_APPLICABLE,
    POLICY_COMBINING,
    RULE_COMBINING,
    WITH_FAILED_TARGET,
)
from fullmakt.access.policy.compile import CompiledPolicy
from fullmakt.access.policy.compile_sets import compile_tree
from fullmakt.access.policy.data_types import BOOLEAN, STRING
from fullmakt.access.policy.interpret import interpret, interpret_tree
from fullmakt.access.policy.model import (
    AllOf,
    AnyOf,
    Apply,
    AttributeDesignator,
    AttributeValue,
    Effect,
    Match,
    Policy,
    PolicySet,
    PolicyTree,
    Rule,
    Target,
)
from fullmakt.access.policy.outcome import Decision, Evaluation, Verdict
from fullmakt.access.policy.request import RequestAttributes
from fullmakt.access.policy.signatures import V1
from tests.unit.policy import pseudo_code
from tests.unit.policy.documents import combining_id

VERDICTS = {
    "P": Verdict.PERMIT,
    "D": Verdict.DENY,
    "N": Verdict.NOT_APPLICABLE,
    "p": Verdict.INDETERMINATE_P,
    "d": Verdict.INDETERMINATE_D,
    "x": Verdict.INDETERMINATE_DP,
}
LETTERS = {verdict: letter for letter, verdict in VERDICTS.items()}
NOTHING = RequestAttributes({})
DENY_OVERRIDES = "urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides"
FIRST = "urn:oasis:names:tc:xacml:1.0:rule-combining-algorithm:first-applicable"


def combinations(letters: str, *, longest: int) -> Iterator[str]:
    for length in range(longest + 1):
        yield from map("".join, product(letters, repeat=length))


@pytest.mark.parametrize("algorithm", pseudo_code.POLICIES)
def test_policies_combine_as_the_pseudo_code_says(algorithm: str) -> None:
    says, combine = pseudo_code.POLICIES[algorithm], POLICY_COMBINING[algorithm]

    for decisions in combinations("PDNpdx", longest=4):
        assert combine(VERDICTS[held] for held in decisions) is VERDICTS[says(decisions)], decisions


@pytest.mark.parametrize("algorithm", pseudo_code.RULES)
def test_rules_combine_as_the_pseudo_code_says(algorithm: str) -> None:
    says, combine = pseudo_code.RULES[algorithm], RULE_COMBINING[algorithm]

    for decisions in combinations("PDNpdx", longest=4):
        assert combine(VERDICTS[held] for held in decisions) is VERDICTS[says(decisions)], decisions


def test_no_algorithm_is_left_out() -> None:
    of_rules = {known for known in RULE_COMBINING if ":rule-combining-" in known}

    assert of_rules == set(pseudo_code.RULES)
    assert set(POLICY_COMBINING) == {*pseudo_code.POLICIES, ONLY_ONE_APPLICABLE}
    assert ONLY_ONE_APPLICABLE == pseudo_code.ONLY_ONE_APPLICABLE


# --- in whole policies ----------------------------------------------------------------------------

FAILS = Apply(
    V1 + "boolean-one-and-only",
    (AttributeDesignator("c", "a", BOOLEAN, must_be_present=False),),
)


def a_target(*, holds: bool | None) -> Target:
    """A target that holds, does not hold, or (None) cannot be evaluated."""
    if holds:
        return Target()
    bag = AttributeDesignator("c", "a", STRING, must_be_present=holds is None)
    match = Match(V1 + "string-equal", AttributeValue(STRING, "a"), bag)
    return Target((AnyOf((AllOf((match,)),)),))


def a_rule(letter: str, number: int = 0) -> Rule:
    """A rule that decides as the letter says."""
    return Rule(
        f"rule {number}",
        Effect.PERMIT if letter in "Pp" else Effect.DENY,
        a_target(holds=letter != "N"),
        FAILS if letter in "pd" else None,
    )


def a_policy(letter: str, *, holds: bool | None = True, number: int = 0) -> Policy:
    """A policy whose rules come to what the letter says, below a target of its own."""
    rules = "pD" if letter == "x" else letter
    combining = FIRST if letter == "x" else DENY_OVERRIDES
    return Policy(
        f"policy {number}",
        "1",
        combining,
        a_target(holds=holds),
        tuple(a_rule(held, at) for at, held in enumerate(rules)),
    )


def both(policy: Policy | PolicySet) -> Evaluation:
    """What it answers to nothing; compiled and interpreted say the same."""
    tree = PolicyTree(policy)
    answer = compile_tree(tree).evaluate(NOTHING)
    assert answer == interpret_tree(tree, NOTHING)
    return answer


@pytest.mark.parametrize("holds", [True, None, False])
@pytest.mark.parametrize("algorithm", pseudo_code.RULES)
def test_a_policy_decides_as_its_rules_and_target_say(
    algorithm: str, *, holds: bool | None
) -> None:
    for decisions in combinations("PDNpd", longest=2):
        rules = tuple(a_rule(letter, at) for at, letter in enumerate(decisions))
        policy = Policy("p", "1", algorithm, a_target(holds=holds), rules)

        answer = CompiledPolicy(policy).evaluate(NOTHING)

        assert answer == interpret(policy, NOTHING)
        assert LETTERS[answer.verdict] == _below(holds, pseudo_code.RULES[algorithm](decisions))


@pytest.mark.parametrize("holds", [True, None, False])
@pytest.mark.parametrize("algorithm", pseudo_code.POLICIES)
def test_a_set_decides_as_its_members_and_target_say(algorithm: str, *, holds: bool | None) -> None:
    for decisions in combinations("PDNpdx", longest=2):
        members = tuple(a_policy(letter, number=at) for at, letter in enumerate(decisions))

        answer = both(PolicySet("s", "1", algorithm, a_target(holds=holds), members))

        assert LETTERS[answer.verdict] == _below(holds, pseudo_code.POLICIES[algorithm](decisions))


@pytest.mark.parametrize("holds", [True, None, False])
def test_only_one_may_be_applicable(*, holds: bool | None) -> None:
    kinds = [(True, letter) for letter in "PDNpdx"] + [(False, "P"), (None, "P")]
    for count in range(3):
        for policies in product(kinds, repeat=count):
            members = tuple(
                a_policy(letter, holds=applies, number=at)
                for at, (applies, letter) in enumerate(policies)
            )

            answer = both(PolicySet("s", "1", ONLY_ONE_APPLICABLE, a_target(holds=holds), members))

            said = pseudo_code.only_one_applicable(policies)
            assert LETTERS[answer.verdict] == _below(holds, said), policies


def _below(holds: bool | None, combined: str) -> str:  # noqa: FBT001  as the parameter above
    if holds is None:
        return pseudo_code.target_indeterminate(combined)
    return combined if holds else "N"


def test_two_applicable_where_one_may_be_are_named() -> None:
    members = (a_policy("P", number=1), a_policy("P", number=2))

    answer = both(PolicySet("s", "1", ONLY_ONE_APPLICABLE, Target(), members))

    assert (
        answer.status.message == "only one policy may apply, and `policy 1` and `policy 2` both do"
    )
    assert answer.applicable == ()


# --- how they read --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "algorithm, rules, left",
    [
        ("deny-overrides", "DP", "P"),
        ("permit-overrides", "PD", "D"),
        ("deny-unless-permit", "DPN", "N"),
        ("permit-unless-deny", "PDN", "N"),
        ("first-applicable", "NPD", "D"),
        ("legacy deny-overrides", "PDP", "P"),
        ("legacy permit-overrides", "DPD", "D"),
        ("deny-overrides", "PP", ""),
    ],
)
def test_nothing_is_read_after_the_answer_is_settled(algorithm: str, rules: str, left: str) -> None:
    verdicts: Iterator[Verdict] = iter([VERDICTS[rule] for rule in rules])

    RULE_COMBINING[combining_id(algorithm)](verdicts)

    assert list(verdicts) == [VERDICTS[rule] for rule in left]


def test_ids_of_the_policy_family_are_accepted_for_rules() -> None:
    rule_ids = {known for known in RULE_COMBINING if ":rule-combining-" in known}

    for known in rule_ids:
        as_policy = known.replace(":rule-combining-", ":policy-combining-")
        assert RULE_COMBINING[as_policy] is RULE_COMBINING[known]
    assert len(RULE_COMBINING) == 2 * len(rule_ids)


@pytest.mark.parametrize("combined", "NPDpdx")
def test_a_failed_target_answers_as_table_7_says(combined: str) -> None:
    answer = VERDICTS[pseudo_code.target_indeterminate(combined)]

    assert WITH_FAILED_TARGET[VERDICTS[combined]] is answer


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_verdict_is_a_decision_without_its_extended_form(verdict: Verdict) -> None:
    decision = verdict.decision

    assert verdict.value.startswith(decision)
    assert (decision is Decision.INDETERMINATE) is verdict.value.endswith("}")
