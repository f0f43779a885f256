"""Random policies and requests, for properties.

Alphabets are small on purpose: rules meet requests, and each other, often enough to matter. Most
rules are as policies of this domain have them; each odd one is odd in one way or two.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import product

from hypothesis import strategies as st

from fullmakt.access.policy import data_types as types
from fullmakt.access.policy import names
from fullmakt.access.policy.combining import RULE_COMBINING
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
from fullmakt.access.policy.request import Entry, RequestAttributes, StringBag, TypedValue
from fullmakt.access.policy.signatures import V1, V3
from tests.unit.policy.documents import SHORT_NAMES

LEVEL = (names.SUBJECT, "urn:test:level")
STATE = (names.ENVIRONMENT, "urn:test:state")
TEXTS = {
    SHORT_NAMES["resource"]: ["ske-a", "ske-b", "SKE-A"],
    SHORT_NAMES["org"]: ["skd"],
    SHORT_NAMES["app"]: ["mva"],
    SHORT_NAMES["action"]: ["read", "write"],
    SHORT_NAMES["package"]: ["post", "Skatt"],
    SHORT_NAMES["role"]: ["dagl", "lede"],
    STATE: ["open", "closed"],
}
ISSUERS = st.sampled_from([None, None, "urn:test:issuer"])

# --- policies -----------------------------------------------------------------------------------


@cache
def designators(name: tuple[str, str], data_type: str) -> st.SearchStrategy[AttributeDesignator]:
    return st.builds(
        AttributeDesignator,
        st.just(name[0]),
        st.just(name[1]),
        st.just(data_type),
        must_be_present=st.booleans(),
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


def any_of(*all_ofs: AllOf) -> AnyOf:
    return AnyOf(all_ofs)


@cache
def plain_parts(name: str) -> st.SearchStrategy[AnyOf]:
    """A part that asks for one of some values of one attribute."""
    return any_ofs(equalities(SHORT_NAMES[name]))


@cache
def odd_parts(name: str) -> st.SearchStrategy[AnyOf]:
    """The same, where alternatives may ask for more, for something else, or in any case."""
    plain = equalities(SHORT_NAMES[name])
    more = st.one_of(plain, equalities(SHORT_NAMES["role"]), ODD_MATCHES)
    widened = st.tuples(plain, more).map(AllOf)
    loose = st.one_of(plain, ODD_MATCHES).map(_ignoring_case).map(lambda match: AllOf((match,)))
    narrow = plain.map(lambda match: AllOf((match,)))
    return st.one_of(
        st.builds(any_of, widened, narrow),
        st.builds(any_of, widened, widened),
        st.builds(any_of, loose),
        any_ofs(st.one_of(plain, ODD_MATCHES), widest=2),
    )


def _ignoring_case(match: Match) -> Match:
    is_text = match.literal.data_type == types.STRING
    return replace(match, function_id=V3 + "string-equal-ignore-case") if is_text else match


WHATS = st.one_of(plain_parts("resource"), plain_parts("resource"), apps())
WHOS = st.one_of(plain_parts("package"), plain_parts("role"))
PLAIN_TARGETS = st.tuples(WHATS, plain_parts("action"), WHOS).map(Target)


@st.composite
def odd_targets(draw: st.DrawFn) -> Target:
    """Who, what and which action in any order; one of them odd or left out, or one part more."""
    parts = list(draw(PLAIN_TARGETS).any_ofs)
    position, name = draw(st.sampled_from(list(enumerate(["resource", "action", "role"]))))
    parts[position : position + 1] = draw(
        st.one_of(
            odd_parts(name).map(lambda part: [part]),
            st.tuples(plain_parts(name), any_ofs(ODD_MATCHES)).map(list),
            st.just([]),
        )
    )
    return Target(tuple(draw(st.permutations(parts))))


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


NO_DIRECTIVES = st.just(Directives())
DIRECTIVES = directives()
EFFECTS = st.sampled_from([Effect.PERMIT, Effect.PERMIT, Effect.DENY])
PLAIN_RULES = st.builds(Rule, st.just(""), EFFECTS, PLAIN_TARGETS)
ODD_RULES = st.one_of(
    st.builds(Rule, st.just(""), EFFECTS, odd_targets()),
    st.builds(Rule, st.just(""), EFFECTS, PLAIN_TARGETS, CONDITIONS),
    st.builds(Rule, st.just(""), EFFECTS, PLAIN_TARGETS, st.none(), DIRECTIVES),
    st.builds(Rule, st.just(""), EFFECTS, odd_targets(), CONDITIONS, DIRECTIVES),
)
OWN_TARGETS = st.lists(any_ofs(ODD_MATCHES), min_size=1, max_size=2).map(
    lambda parts: Target(tuple(parts))
)


@st.composite
def policies(draw: st.DrawFn) -> Policy:
    """Plain rules and odd ones; every other policy has a target or directives of its own."""
    rules = draw(st.lists(st.one_of(PLAIN_RULES, PLAIN_RULES, ODD_RULES), min_size=1, max_size=5))
    own = draw(st.sampled_from(["", "", "target", "directives", "both"]))
    return Policy(
        policy_id="urn:test:policy",
        version="1.0",
        combining=draw(st.sampled_from(sorted(RULE_COMBINING))),
        target=draw(OWN_TARGETS) if own in {"target", "both"} else Target(),
        rules=tuple(
            replace(rule, rule_id=f"rule {number}") for number, rule in enumerate(rules, start=1)
        ),
        directives=draw(DIRECTIVES if own in {"directives", "both"} else NO_DIRECTIVES),
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
        {resource: "ske-a", action: "read", **app},
        {resource: "SKE-A", action: "read"},
        {resource: "ske-b", action: "write", **app},
        {action: "read", **app},
        {resource: StringBag(["ske-a", "ske-b"]), action: StringBag(["read", "write"])},
    ]
    whos: list[dict[tuple[str, str], Entry]] = [
        {},
        {role: StringBag(["DAGL", "lede"]), SHORT_NAMES["package"]: "post"},
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
