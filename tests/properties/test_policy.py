"""Laws of the policy evaluator, tried on random policies and requests.

Alphabets are small on purpose: rules meet requests, and each other, often enough to matter.
"""

from __future__ import annotations

import re
from functools import cache
from itertools import product

from hypothesis import assume, event, given
from hypothesis import strategies as st

from fullmakt.access.policy import data_types as types
from fullmakt.access.policy import names
from fullmakt.access.policy.combining import RULE_COMBINING
from fullmakt.access.policy.compile import CompiledPolicy, compile_policy
from fullmakt.access.policy.functions import V1, V3
from fullmakt.access.policy.interpret import interpret
from fullmakt.access.policy.model import (
    AllOf,
    AnyOf,
    Apply,
    AssignmentExpression,
    AttributeDesignator,
    AttributeValue,
    DirectiveExpression,
    Directives,
    Effect,
    Expression,
    Match,
    Policy,
    Rule,
    Target,
    VariableReference,
)
from fullmakt.access.policy.outcome import Decision
from fullmakt.access.policy.parse import parse_policy
from fullmakt.access.policy.patterns import compile_pattern
from fullmakt.access.policy.request import Entry, RequestAttributes, StringBag, TypedValue
from fullmakt.access.policy.trail import RecordedTrail
from fullmakt.access.policy.write import PlainRule, write_policy
from tests.unit.policy.documents import SHORT_NAMES, document_of

LEVEL = (names.SUBJECT, "urn:test:level")
STATE = (names.ENVIRONMENT, "urn:test:state")
TEXTS = {
    SHORT_NAMES["resource"]: ["ske-a", "ske-b"],
    SHORT_NAMES["org"]: ["skd", "nav"],
    SHORT_NAMES["app"]: ["mva"],
    SHORT_NAMES["action"]: ["read", "write"],
    SHORT_NAMES["package"]: ["post", "Skatt", "skatt"],
    SHORT_NAMES["role"]: ["dagl", "DAGL", "lede"],
    STATE: ["open", "closed"],
}
ISSUERS = st.sampled_from([None, None, None, "urn:test:issuer"])

# --- policies -----------------------------------------------------------------------------------


@cache
def designators(name: tuple[str, str], data_type: str) -> st.SearchStrategy[AttributeDesignator]:
    return st.builds(
        AttributeDesignator,
        st.just(name[0]),
        st.just(name[1]),
        st.just(data_type),
        must_be_present=st.sampled_from([False, False, False, True]),
        issuer=ISSUERS,
    )


@cache
def equalities(name: tuple[str, str]) -> st.SearchStrategy[Match]:
    """Plain matches, as policies of this domain are made of."""
    ignores_case = name in {SHORT_NAMES["package"], SHORT_NAMES["role"]}
    function_id = V3 + "string-equal-ignore-case" if ignores_case else V1 + "string-equal"
    plain = AttributeDesignator(*name, types.STRING, must_be_present=False)
    return st.sampled_from(TEXTS[name]).map(
        lambda text: Match(function_id, AttributeValue(types.STRING, text), plain)
    )


@st.composite
def odd_matches(draw: st.DrawFn) -> Match:
    """Any match: other functions, issuers, values that must be present."""
    if draw(st.booleans()):
        literal = AttributeValue(types.INTEGER, draw(st.integers(1, 3)))
        function_id = V1 + draw(st.sampled_from(["integer-equal", "integer-less-than"]))
        return Match(function_id, literal, draw(designators(LEVEL, types.INTEGER)))
    name = draw(st.sampled_from(list(TEXTS)))
    function_id, texts = draw(
        st.sampled_from(
            [
                (V1 + "string-equal", TEXTS[name]),
                (V3 + "string-equal-ignore-case", TEXTS[name]),
                (V1 + "string-regexp-match", ["^s", "e$", "a|o"]),
            ]
        )
    )
    literal = AttributeValue(types.STRING, draw(st.sampled_from(texts)))
    return Match(function_id, literal, draw(designators(name, types.STRING)))


ODD_MATCHES = odd_matches()


def any_ofs(matches: st.SearchStrategy[Match], *, widest: int = 1) -> st.SearchStrategy[AnyOf]:
    all_of = st.lists(matches, min_size=1, max_size=widest).map(lambda held: AllOf(tuple(held)))
    return st.lists(all_of, min_size=1, max_size=3).map(lambda held: AnyOf(tuple(held)))


@st.composite
def apps(draw: st.DrawFn) -> AnyOf:
    owner, app = draw(equalities(SHORT_NAMES["org"])), draw(equalities(SHORT_NAMES["app"]))
    return AnyOf((AllOf((owner, app)),))


@cache
def loose_equalities(name: tuple[str, str]) -> st.SearchStrategy[Match]:
    """Equality in any case, which no index may take for equality."""
    plain = AttributeDesignator(*name, types.STRING, must_be_present=False)
    return st.sampled_from(TEXTS[name]).map(
        lambda text: Match(
            V3 + "string-equal-ignore-case", AttributeValue(types.STRING, text.upper()), plain
        )
    )


@cache
def naming(name: str) -> st.SearchStrategy[AnyOf]:
    """A part about one attribute: mostly plain, sometimes with more to ask in its alternatives."""
    plain, loose = equalities(SHORT_NAMES[name]), loose_equalities(SHORT_NAMES[name])
    mixed = any_ofs(st.one_of(plain, plain, loose, ODD_MATCHES), widest=2)
    return st.one_of(any_ofs(plain), any_ofs(plain), mixed)


WHATS = st.one_of(naming("resource"), naming("resource"), apps())
ODD_PARTS = st.lists(any_ofs(ODD_MATCHES, widest=2), max_size=1)


@st.composite
def targets(draw: st.DrawFn) -> Target:
    """Mostly who, what and which action; sometimes anything."""
    subject = draw(st.sampled_from(["package", "role"]))
    parts = [draw(WHATS), draw(naming("action")), draw(naming(subject))]
    chosen = [part for part in parts if draw(st.integers(0, 9)) > 0]
    return Target(tuple(draw(st.permutations(chosen + draw(ODD_PARTS)))))


TRUTHS = st.booleans().map(lambda value: AttributeValue(types.BOOLEAN, value))


@st.composite
def comparisons(draw: st.DrawFn) -> Expression:
    """Booleans about the request, some of which fail when it has not exactly one value."""
    level = draw(designators(LEVEL, types.INTEGER))
    name = draw(st.sampled_from(list(TEXTS)))
    bag = draw(designators(name, types.STRING))
    literal = AttributeValue(types.STRING, draw(st.sampled_from(TEXTS[name])))
    number = AttributeValue(types.INTEGER, draw(st.integers(0, 3)))
    found: list[Expression] = [
        Apply(
            V1 + "integer-greater-than",
            (Apply(V1 + "integer-one-and-only", (level,)), number),
        ),
        Apply(V1 + "integer-equal", (Apply(V1 + "string-bag-size", (bag,)), number)),
        Apply(V1 + "string-is-in", (literal, bag)),
        Apply(V3 + "any-of", (literal, bag), V3 + "string-equal-ignore-case"),
        Apply(V3 + "all-of", (literal, bag), V1 + "string-less-than-or-equal"),
        Apply(V1 + "string-subset", (bag, Apply(V1 + "string-bag", (literal, literal)))),
        VariableReference("v"),
    ]
    return draw(st.sampled_from(found))


def booleans_of(leaves: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    def grown(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
        some = st.lists(inner, max_size=3).map(tuple)
        return st.one_of(
            inner.map(lambda held: Apply(V1 + "not", (held,))),
            st.builds(Apply, st.sampled_from([V1 + "and", V1 + "or"]), some),
            st.tuples(st.integers(0, 2), some).map(
                lambda held: Apply(V1 + "n-of", (AttributeValue(types.INTEGER, held[0]), *held[1]))
            ),
        )

    return st.recursive(leaves, grown, max_leaves=5)


CONDITIONS = booleans_of(st.one_of(comparisons(), TRUTHS))
VARIABLE = comparisons().filter(lambda held: not isinstance(held, VariableReference))


@st.composite
def directives(draw: st.DrawFn) -> Directives:
    name = draw(st.sampled_from(list(TEXTS)))
    bag = draw(designators(name, types.STRING))
    found: list[Expression] = [
        AttributeValue(types.STRING, "always"),
        bag,
        Apply(V1 + "string-one-and-only", (bag,)),
        VariableReference("v"),
    ]
    expression = draw(st.sampled_from(found))
    held = DirectiveExpression(
        draw(st.sampled_from(["urn:test:log", "urn:test:level"])),
        draw(st.sampled_from(Effect)),
        (AssignmentExpression("urn:test:a", expression, draw(st.none() | st.just("urn:test:c"))),),
    )
    return Directives((held,), ()) if draw(st.booleans()) else Directives((), (held,))


DIRECTIVES = st.one_of(st.just(Directives()), st.just(Directives()), directives())


TARGETS = targets()
MAYBE_CONDITIONS = st.one_of(st.none(), st.none(), CONDITIONS)
OWN_PARTS = st.lists(any_ofs(ODD_MATCHES), min_size=1, max_size=2)
OWN_TARGETS = st.one_of(
    st.just(Target()), st.just(Target()), OWN_PARTS.map(lambda parts: Target(tuple(parts)))
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    rules = tuple(
        Rule(
            rule_id=f"rule {number}",
            effect=draw(st.sampled_from([Effect.PERMIT, Effect.PERMIT, Effect.DENY])),
            target=draw(TARGETS),
            condition=draw(MAYBE_CONDITIONS),
            directives=draw(DIRECTIVES),
        )
        for number in range(draw(st.integers(0, 6)))
    )
    return Policy(
        policy_id="urn:test:policy",
        version="1.0",
        combining=draw(st.sampled_from(sorted(RULE_COMBINING))),
        target=draw(OWN_TARGETS),
        rules=rules,
        directives=draw(DIRECTIVES),
        variables={"v": draw(VARIABLE)},
    )


# --- requests -----------------------------------------------------------------------------------


@cache
def entries(name: tuple[str, str]) -> st.SearchStrategy[Entry]:
    texts = TEXTS[name]
    typed = st.builds(
        TypedValue,
        st.sampled_from([types.STRING, types.STRING, types.ANY_URI]),
        st.sampled_from(texts),
        ISSUERS,
    )
    return st.one_of(
        st.sampled_from(texts),
        st.sampled_from(texts),
        st.lists(st.sampled_from(texts), max_size=3).map(StringBag),
        st.lists(typed, max_size=2).map(tuple),
    )


@st.composite
def requests(draw: st.DrawFn) -> RequestAttributes:
    held: dict[tuple[str, str], Entry] = {}
    for name in TEXTS:
        if draw(st.integers(0, 4)) > 0:
            held[name] = draw(entries(name))
    levels = draw(st.lists(st.integers(1, 3), max_size=2))
    held[LEVEL] = tuple(TypedValue(types.INTEGER, level) for level in levels)
    return RequestAttributes(held)


def grid() -> list[RequestAttributes]:
    """Requests that every policy is asked: the same few values in all combinations."""
    resource, action, role = SHORT_NAMES["resource"], SHORT_NAMES["action"], SHORT_NAMES["role"]
    app = {SHORT_NAMES["org"]: "skd", SHORT_NAMES["app"]: "mva"}
    whats: list[dict[tuple[str, str], Entry]] = [
        {resource: "ske-a", action: "read"},
        {resource: "ske-b", action: "write", **app},
        {action: "read", **app},
        {resource: StringBag(["ske-a", "ske-b"]), action: StringBag(["read", "write"])},
    ]
    whos: list[dict[tuple[str, str], Entry]] = [
        {},
        {role: StringBag(["DAGL", "lede"])},
        {role: "lede", SHORT_NAMES["package"]: StringBag(["post", "SKATT"])},
        {SHORT_NAMES["package"]: "skatt", STATE: "open"},
    ]
    levels: list[tuple[int, ...]] = [(), (1,), (2, 3)]
    return [
        RequestAttributes(
            {
                **what,
                **who,
                LEVEL: tuple(TypedValue(types.INTEGER, level) for level in held),
            }
        )
        for what, who, held in product(whats, whos, levels)
    ]


GRID = grid()


# --- laws ---------------------------------------------------------------------------------------


@given(policies(), requests())
def test_a_compiled_policy_answers_as_it_is_interpreted(
    policy: Policy, request: RequestAttributes
) -> None:
    compiled = compile_policy(policy)

    for asked in (request, *GRID):
        answer = compiled.evaluate(asked)
        assert answer == interpret(policy, asked)
        event(answer.verdict.value)


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
