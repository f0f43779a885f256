"""Laws of the policy evaluator, tried on random policies and requests."""

from __future__ import annotations

import re
from random import Random

from hypothesis import assume, event, given
from hypothesis import strategies as st

from fullmakt.access.policy import data_types as types
from fullmakt.access.policy import names
from fullmakt.access.policy.compile import CompiledPolicy, compile_policy
from fullmakt.access.policy.compile_sets import compile_tree
from fullmakt.access.policy.errors import PolicyRefused
from fullmakt.access.policy.interpret import interpret, interpret_tree
from fullmakt.access.policy.model import Policy, PolicyTree
from fullmakt.access.policy.outcome import Decision
from fullmakt.access.policy.parse import parse_policy
from fullmakt.access.policy.parse_sets import parse_policies
from fullmakt.access.policy.patterns import compile_pattern
from fullmakt.access.policy.request import RequestAttributes, StringBag, TypedValue
from fullmakt.access.policy.trail import RecordedTrail
from fullmakt.access.policy.write import PlainRule, write_policy
from tests.unit.policy.documents import SHORT_NAMES, document_of, documents_of
from tests.unit.policy.mutations import mutated
from tests.unit.policy.strategies import GRID, policies, requests
from tests.unit.policy.typed_strategies import trees, typed_policies, typed_requests


@given(policies(), requests())
def test_a_compiled_policy_answers_as_it_is_interpreted(
    policy: Policy, request: RequestAttributes
) -> None:
    compiled = compile_policy(policy)

    for asked in (request, *GRID):
        answer = compiled.evaluate(asked)
        assert answer == interpret(policy, asked)
        event(answer.verdict.value)


@given(typed_policies(), typed_requests())
def test_every_function_answers_compiled_as_interpreted(
    policy: Policy, request: RequestAttributes
) -> None:
    answer = compile_policy(policy).evaluate(request)

    assert answer == interpret(policy, request)
    event(answer.verdict.value)


@given(trees(), requests())
def test_a_compiled_tree_answers_as_it_is_interpreted(
    tree: PolicyTree, request: RequestAttributes
) -> None:
    compiled = compile_tree(tree)

    for asked in (request, *GRID[::7]):
        answer = compiled.evaluate(asked)
        assert answer == interpret_tree(tree, asked)
        assert answer == compiled.evaluate(asked, RecordedTrail())
        event(answer.verdict.value)


@given(trees())
def test_written_trees_read_back_as_themselves(tree: PolicyTree) -> None:
    assert parse_policies(*documents_of(tree)) == tree


SOUND = st.one_of(
    typed_policies().map(lambda policy: [document_of(policy)]), trees().map(documents_of)
)


@given(SOUND, typed_requests(), st.randoms(use_true_random=False))
def test_whatever_the_documents_they_are_refused_with_a_line_or_answered_alike(
    documents: list[bytes], request: RequestAttributes, chance: Random
) -> None:
    refused_at: int | None = None
    try:
        tree = parse_policies(*(mutated(document, chance) for document in documents))
    except PolicyRefused as refusal:
        refused_at = refusal.line
    else:
        answer = compile_tree(tree).evaluate(request)
        assert answer == interpret_tree(tree, request)
    event(f"refused: {refused_at is not None}")
    assert refused_at is None or refused_at >= 1


@given(typed_policies())
def test_a_grown_policy_is_sound(policy: Policy) -> None:
    assert parse_policy(document_of(policy)) == policy


@given(policies(), requests())
def test_a_listener_changes_no_answer_and_hears_of_every_rule_that_decided(
    policy: Policy, request: RequestAttributes
) -> None:
    compiled = compile_policy(policy)

    for asked in (request, *GRID):
        trail = RecordedTrail()
        answer = compiled.evaluate(asked, trail)
        heard = [held.rule_id for held in trail.rules if held.verdict.decision is answer.decision]
        assert answer == compiled.evaluate(asked)
        if answer.decision is not Decision.NOT_APPLICABLE:
            assert heard == list(answer.matched_rules)


@given(policies(), requests())
def test_how_a_request_is_put_makes_no_difference(
    policy: Policy, request: RequestAttributes
) -> None:
    compiled = compile_policy(policy)

    for asked in (request, *GRID):
        answer = compiled.evaluate(asked)
        assert compiled.evaluate(value_by_value(asked)) == answer
        assert compiled.evaluate(only_needed(asked, compiled)) == answer


def value_by_value(request: RequestAttributes) -> RequestAttributes:
    """The same request with every bag in the form that no index serves."""
    return RequestAttributes(
        {
            name: tuple(TypedValue(types.STRING, text) for text in request.bag(name, types.STRING))
            if isinstance(entry, str | StringBag)
            else entry
            for name, entry in request.entries.items()
        }
    )


def only_needed(request: RequestAttributes, policy: CompiledPolicy) -> RequestAttributes:
    """The same request without the subject attributes the policy does not look at."""
    return RequestAttributes(
        {
            name: entry
            for name, entry in request.entries.items()
            if name[0] != names.SUBJECT or name[1] in policy.subject_attributes
        }
    )


@given(policies())
def test_a_written_policy_reads_back_as_itself(policy: Policy) -> None:
    assert parse_policy(document_of(policy)) == policy


CODES = st.sampled_from(["post", "skatt", "revisor"])
PLAIN_RULES = st.builds(
    PlainRule,
    actions=st.lists(st.sampled_from(["read", "write"]), min_size=1, unique=True),
    roles=st.lists(st.sampled_from(["dagl", "LEDE"]), min_size=1, unique=True),
    packages=st.lists(CODES, unique=True),
)


@given(st.sampled_from(["ske-a", "app_skd_mva"]), st.lists(PLAIN_RULES, max_size=4))
def test_every_opening_listed_opens(resource: str, rules: list[PlainRule]) -> None:
    policy = compile_policy(parse_policy(write_policy(resource, rules, app_by_owner=False)))

    for opening in policy.openings():
        request = RequestAttributes(
            {
                SHORT_NAMES["resource"]: opening.resource,
                SHORT_NAMES["action"]: opening.action,
                (names.SUBJECT, opening.attribute_id): opening.value,
            }
        )
        answer = policy.evaluate(request)
        assert answer.decision is Decision.PERMIT
        assert opening.rule_id in answer.matched_rules


@given(st.lists(PLAIN_RULES, max_size=4), st.lists(CODES), CODES)
def test_one_more_package_never_takes_a_permit_away(
    rules: list[PlainRule], held: list[str], more: str
) -> None:
    policy = compile_policy(parse_policy(write_policy("ske-a", rules)))

    def decided(packages: list[str]) -> Decision:
        asked = {SHORT_NAMES["resource"]: "ske-a", SHORT_NAMES["action"]: "read"}
        bag = {SHORT_NAMES["package"]: StringBag(packages)}
        return policy.evaluate(RequestAttributes({**asked, **bag})).decision

    assume(decided(held) is Decision.PERMIT)
    assert decided([*held, more]) is Decision.PERMIT


PIECES = st.recursive(
    st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\d", "^", "$"]),
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map("|".join).map("({})".format),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,}"])).map(
            lambda held: f"(x|{held[0]}){held[1]}"
        ),
    ),
    max_leaves=5,
)


@given(PIECES, st.text("ab1x", max_size=6))
def test_a_pattern_finds_what_another_engine_finds(pattern: str, text: str) -> None:
    # `\Z`: in Python `$` also matches before a last line break; there is none in these texts.
    found = re.search(pattern.replace("$", r"\Z"), text) is not None

    event(f"found: {found}")
    assert compile_pattern(pattern).is_found_in(text) is found
