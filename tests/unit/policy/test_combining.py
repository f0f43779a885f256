"""Combining algorithms, row by row: XACML 3.0 core appendix C."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from fullmakt.access.policy.combining import RULE_COMBINING, WITH_FAILED_TARGET
from fullmakt.access.policy.outcome import Decision, Verdict
from tests.unit.policy.documents import combining_id

VERDICTS = {
    "P": Verdict.PERMIT,
    "D": Verdict.DENY,
    "N": Verdict.NOT_APPLICABLE,
    "p": Verdict.INDETERMINATE_P,
    "d": Verdict.INDETERMINATE_D,
    "x": Verdict.INDETERMINATE_DP,
}
# Each row: what the rules say in order, and what the policy says.
ROWS = [
    *(("deny-overrides", *row) for row in (
        ("", "N"), ("N", "N"), ("P", "P"), ("D", "D"), ("p", "p"), ("d", "d"), ("x", "x"),
        ("PD", "D"), ("pD", "D"), ("dD", "D"), ("xD", "D"), ("Px", "x"), ("dp", "x"), ("dP", "x"),
        ("Pp", "P"), ("NP", "P"), ("Np", "p"), ("Nd", "d"), ("xd", "x"),
    )),
    *(("permit-overrides", *row) for row in (
        ("", "N"), ("N", "N"), ("P", "P"), ("D", "D"), ("p", "p"), ("d", "d"), ("x", "x"),
        ("DP", "P"), ("dP", "P"), ("pP", "P"), ("xP", "P"), ("Dx", "x"), ("pd", "x"), ("pD", "x"),
        ("Dd", "D"), ("ND", "D"), ("Nd", "d"), ("Np", "p"), ("xp", "x"),
    )),
    *(("deny-unless-permit", *row) for row in (
        ("", "D"), ("N", "D"), ("D", "D"), ("p", "D"), ("d", "D"), ("x", "D"), ("DP", "P"),
    )),
    *(("permit-unless-deny", *row) for row in (
        ("", "P"), ("N", "P"), ("P", "P"), ("p", "P"), ("d", "P"), ("x", "P"), ("PD", "D"),
    )),
    *(("first-applicable", *row) for row in (
        ("", "N"), ("NN", "N"), ("NPD", "P"), ("NDP", "D"), ("NpP", "x"), ("dP", "x"), ("xD", "x"),
    )),
    *(("legacy deny-overrides", *row) for row in (
        ("", "N"), ("N", "N"), ("PD", "D"), ("dD", "D"), ("dP", "x"), ("d", "x"), ("Pp", "P"),
        ("p", "x"), ("pN", "x"), ("x", "x"), ("P", "P"),
    )),
    *(("legacy permit-overrides", *row) for row in (
        ("", "N"), ("N", "N"), ("DP", "P"), ("pP", "P"), ("pD", "x"), ("p", "x"), ("Dd", "D"),
        ("d", "x"), ("dN", "x"), ("x", "x"), ("D", "D"),
    )),
]  # fmt: skip


@pytest.mark.parametrize("algorithm, rules, policy", ROWS)
def test_rules_combine_as_the_table_says(algorithm: str, rules: str, policy: str) -> None:
    combine = RULE_COMBINING[combining_id(algorithm)]

    assert combine(VERDICTS[rule] for rule in rules) is VERDICTS[policy]


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


@pytest.mark.parametrize("rules", ["PdN", "DpN", "xP", "pd", ""])
@pytest.mark.parametrize("name", ["deny-overrides", "permit-overrides"])
@pytest.mark.parametrize("legacy", ["", "legacy "])
def test_ordered_algorithms_answer_as_the_unordered(name: str, rules: str, legacy: str) -> None:
    plain = RULE_COMBINING[combining_id(legacy + name)]
    ordered = RULE_COMBINING[combining_id(f"{legacy}ordered-{name}")]

    assert ordered(VERDICTS[rule] for rule in rules) is plain(VERDICTS[rule] for rule in rules)


def test_ids_of_the_policy_family_are_accepted_for_rules() -> None:
    rule_ids = {known for known in RULE_COMBINING if ":rule-combining-" in known}

    assert {known.replace(":rule-combining-", ":policy-combining-") for known in rule_ids} == (
        set(RULE_COMBINING) - rule_ids
    )
    assert len(rule_ids) == 11


@pytest.mark.parametrize(
    "combined, answer", [("N", "N"), ("P", "p"), ("D", "d"), ("p", "p"), ("d", "d"), ("x", "x")]
)
def test_a_failed_policy_target_answers_as_table_7_says(combined: str, answer: str) -> None:
    assert WITH_FAILED_TARGET[VERDICTS[combined]] is VERDICTS[answer]


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_verdict_is_a_decision_without_its_extended_form(verdict: Verdict) -> None:
    decision = verdict.decision

    assert verdict.value.startswith(decision)
    assert (decision is Decision.INDETERMINATE) is verdict.value.endswith("}")
