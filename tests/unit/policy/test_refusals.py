"""Documents that are refused: each with its line and its reason. Nothing is partially accepted."""

from __future__ import annotations

import pytest

from fullmakt.access.policy import names
from fullmakt.access.policy.errors import PolicyRefused
from fullmakt.access.policy.parse import parse_policy

XSD = "http://www.w3.org/2001/XMLSchema#"
F1 = "urn:oasis:names:tc:xacml:1.0:function:"
F3 = "urn:oasis:names:tc:xacml:3.0:function:"
DENY_OVERRIDES = "urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides"

HEAD = (
    f'<Policy xmlns="{names.NAMESPACE}" PolicyId="p" Version="1.0"'
    f' RuleCombiningAlgId="{DENY_OVERRIDES}">'
)
VALUE = f'<AttributeValue DataType="{XSD}string">a</AttributeValue>'
NUMBER = f'<AttributeValue DataType="{XSD}integer">1</AttributeValue>'
LONG = "l" * 100_000
BAG = (
    f'<AttributeDesignator Category="c" AttributeId="a" DataType="{XSD}string"'
    ' MustBePresent="false"/>'
)


def policy_with(*lines: str) -> str:
    """A policy whose first line is its own tag; `lines` begin on line 2."""
    return "\n".join([HEAD, *lines, "</Policy>"])


def with_condition(expression: str) -> str:
    """A policy whose one condition stands on line 4."""
    return policy_with(
        "<Target/>",
        '<Rule RuleId="r" Effect="Permit"><Condition>',
        expression,
        "</Condition></Rule>",
    )


def with_match(match: str) -> str:
    """A policy whose one match stands on line 3."""
    return policy_with("<Target><AnyOf><AllOf>", match, "</AllOf></AnyOf></Target>")


def apply(function: str, *arguments: str) -> str:
    return f'<Apply FunctionId="{function}">{"".join(arguments)}</Apply>'


def condition_of(function: str, *arguments: str) -> str:
    return with_condition(apply(function, *arguments))


def obligation_with(assignment: str) -> str:
    return (
        '<ObligationExpressions><ObligationExpression ObligationId="o" FulfillOn="Permit">'
        f"{assignment}</ObligationExpression></ObligationExpressions>"
    )


def refused(document: str | bytes) -> PolicyRefused:
    with pytest.raises(PolicyRefused) as refusal:
        parse_policy(document if isinstance(document, bytes) else document.encode())
    return refusal.value


UNSAFE = [
    ("<!DOCTYPE a>\n<a/>", 1, "`<!DOCTYPE` is not accepted: no DTD, no entities"),
    ('\n<!DOCTYPE a [<!ENTITY b "c">]>\n<a/>', 2, "`<!DOCTYPE` is not accepted"),
    (policy_with("<!ENTITY>"), 2, "`<!ENTITY` is not accepted"),
    (policy_with("<Target>&unknown;</Target>"), 2, "not well-formed XML: Entity 'unknown'"),
    ("", 1, "not well-formed XML"),
    (HEAD, 1, "not well-formed XML"),
    ("\n<a".encode("utf-16"), 1, "the document is not UTF-8"),
    (b"<a>\n\xff</a>", 2, "the document is not UTF-8"),
    (b"<\x00a\x00/\x00>\x00", 1, "the document is not UTF-8: it holds a zero byte"),
    ("<a>" * 100 + "</a>" * 100, 1, "element `a` is not of the namespace"),
    (f'<a xmlns="{names.NAMESPACE}">' + "\n<a>" * 70 + "</a>" * 71, 65, "nested deeper than 64"),
    ("<a>" * 300 + "</a>" * 300, 1, "elements are nested deeper than 64"),
    (" " * (2 * 1024 * 1024 + 1), 1, "the document has 2097153 bytes, more than 2097152"),
]
STRUCTURE = [
    ("<Policy/>", 1, f"element `Policy` is not of the namespace `{names.NAMESPACE}`"),
    (f'<PolicySet xmlns="{names.NAMESPACE}"/>', 1, "a `PolicySet`, and a resource is opened by"),
    (f'<Rule xmlns="{names.NAMESPACE}"/>', 1, "a `Rule`; only `Policy` is accepted"),
    (policy_with(), 1, "`Policy` needs a `Target`"),
    (policy_with("<Target/>", "<Target/>"), 3, "`Policy` has more than one `Target`"),
    (
        policy_with("<PolicyIssuer/>", "<Target/>"),
        2,
        "`PolicyIssuer` is not accepted: polic",
    ),
    (policy_with("<Target/>", '<x xmlns="urn:x"/>'), 3, "element `{urn:x}x` is not of the namesp"),
    (policy_with("<Target/>", "stray"), 1, "`Policy` holds the text `stray` where none belongs"),
    (policy_with("<Target>stray</Target>"), 2, "`Target` holds the text `stray`"),
    (policy_with("<Target><Rule/></Target>"), 2, "`Rule` inside `Target` is not accepted"),
    (
        policy_with("<Target><AnyOf/></Target>"),
        2,
        "`AnyOf` is empty; it needs at least one `AllOf`",
    ),
    (policy_with("<Target><AnyOf>", "<AllOf/></AnyOf></Target>"), 3, "`AllOf` is empty"),
    (policy_with('<Target x="1"/>'), 2, "`Target` has the attribute `x`, not known here"),
    (HEAD.replace("1.0", "one") + "<Target/></Policy>", 1, "`Version` is numbers with dots"),
    (HEAD.replace(' Version="1.0"', "") + "</Policy>", 1, "`Policy` needs the attribute `Version`"),
    (HEAD.replace('"p"', '" "') + "<Target/></Policy>", 1, "needs the attribute `PolicyId`"),
    (
        HEAD.replace("3.0:rule-combining-algorithm:deny", "1.0:rule-combining-algorithm:maybe")
        + "<Target/></Policy>",
        1,
        "unknown rule combining algorithm `urn:oasis:names:tc:xacml:1.0:rule-combining",
    ),
    (
        policy_with(
            "<Target/>", '<Rule RuleId="r" Effect="Permit"/>', '<Rule RuleId="r" Effect="Deny"/>'
        ),
        4,
        "the rule id `r` is used before",
    ),
    (policy_with("<Target/>", '<Rule Effect="Permit"/>'), 3, "`Rule` needs the attribute `RuleId`"),
    (
        policy_with("<Target/>", '<Rule RuleId="r" Effect="permit"/>'),
        3,
        "`Effect` is `Permit` or `Deny`, not `permit`",
    ),
    (
        policy_with("<Target/>", '<Rule RuleId="r" Effect="Permit">', "<Rule/></Rule>"),
        4,
        "`Rule` inside `Rule` is not accepted",
    ),
    (
        policy_with("<Target/>", '<Rule RuleId="r" Effect="Permit"><Condition/></Rule>'),
        3,
        "`Condition` holds exactly one expression",
    ),
    (
        policy_with("<Description><b/></Description>", "<Target/>"),
        2,
        "`b` does not belong inside `Description`",
    ),
]
MATCHES = [
    (f"<Match>{VALUE}{BAG}</Match>", "`Match` needs the attribute `MatchId`"),
    (
        f'<Match MatchId="{F1}string-equal">{BAG}{VALUE}</Match>',
        "`Match` holds one `AttributeValue`",
    ),
    (
        f'<Match MatchId="{F1}string-equal">{VALUE}<AttributeSelector/></Match>',
        "`AttributeSelector` is not accepted: XPath is not evaluated here",
    ),
    (f'<Match MatchId="urn:x">{VALUE}{BAG}</Match>', "unknown match function `urn:x`"),
    (f'<Match MatchId="{F1}and">{VALUE}{BAG}</Match>', f"unknown match function `{F1}and`"),
    (
        f'<Match MatchId="{F1}integer-equal">{NUMBER}{BAG}</Match>',
        f"`{F1}integer-equal` takes (integer, integer), and is given (integer, string)",
    ),
    (
        f'<Match MatchId="{F1}string-bag">{VALUE}{BAG}</Match>',
        f"`{F1}string-bag` gives a bag of string, not a boolean",
    ),
    (
        f'<Match MatchId="{F1}string-is-in">{VALUE}{BAG}</Match>',
        f"`{F1}string-is-in` takes (string, bag of string), and is given (string, string)",
    ),
    (
        f'<Match MatchId="{F1}string-regexp-match">{VALUE.replace(">a<", ">(<")}{BAG}</Match>',
        "the regular expression is not accepted: a `(` that is not closed",
    ),
    (
        f'<Match MatchId="{F1}string-equal">{VALUE.replace("string", "colour")}{BAG}</Match>',
        f"unknown data type `{XSD}colour`",
    ),
    (
        f'<Match MatchId="{F1}integer-equal">{NUMBER.replace(">1<", ">one<")}{BAG}</Match>',
        f"`one` is not a literal of `{XSD}integer`",
    ),
    (
        f'<Match MatchId="{F1}string-equal">{VALUE.replace(">a<", "><b/><")}{BAG}</Match>',
        "`b` does not belong inside `AttributeValue`",
    ),
    (
        f'<Match MatchId="{F1}string-equal">{VALUE}{BAG.replace("false", "no")}</Match>',
        "`MustBePresent` is `true` or `false`, not `no`",
    ),
    (
        f'<Match MatchId="{F1}string-equal">{VALUE}{BAG.replace("MustBe", "Be")}</Match>',
        "`AttributeDesignator` has the attribute `BePresent`, not known here",
    ),
    (
        f'<Match MatchId="{F1}string-equal">{VALUE}{BAG.replace("string", "colour")}</Match>',
        f"unknown data type `{XSD}colour`",
    ),
]
TRUE = f'<AttributeValue DataType="{XSD}boolean">true</AttributeValue>'
EQUAL = f'<Function FunctionId="{F1}string-equal"/>'
CONDITIONS = [
    (VALUE, "a condition is a boolean, and this is a string"),
    (BAG, "a condition is a boolean, and this is a bag of string"),
    ("<Target/>", "`Target` is not an expression"),
    ("<AttributeSelector/>", "`AttributeSelector` is not accepted: XPath"),
    (EQUAL, "a `Function` stands where a value belongs"),
    (apply(f"{F1}not", TRUE, EQUAL), "a `Function` stands where a value belongs"),
    (apply(f"{F1}not", EQUAL), f"`{F1}not` takes no function as an argument"),
    ('<VariableReference VariableId="v"/>', "unknown variable `v`"),
    (apply("urn:x"), "unknown function `urn:x`"),
    (apply(f"{F3}access-permitted"), f"`{F3}access-permitted`: a policy may not ask for another"),
    (apply(f"{F3}xpath-node-count"), f"`{F3}xpath-node-count`: XPath is not evaluated here"),
    (apply(f"{F1}xpath-node-equal"), f"`{F1}xpath-node-equal`: XPath is not evaluated here"),
    (apply(f"{F1}not"), f"`{F1}not` takes (boolean), and is given ()"),
    (apply(f"{F1}string-bag", VALUE, NUMBER), "takes (string …), and is given (string, integer)"),
    (apply(f"{F1}and", VALUE), f"`{F1}and` takes (boolean …), and is given (string)"),
    (apply(f"{F1}n-of"), f"`{F1}n-of` takes (integer, boolean …), and is given ()"),
    (apply(f"{F1}string-regexp-match", VALUE.replace(">a<", ">)<"), VALUE), "closes nothing"),
    (apply(f"{F3}any-of"), f"the first argument of `{F3}any-of` is a function"),
    (apply(f"{F3}any-of", VALUE, BAG), f"the first argument of `{F3}any-of` is a function"),
    (apply(f"{F3}any-of", EQUAL, BAG, BAG), "takes (function, values and exactly one bag)"),
    (apply(f"{F1}any-of", EQUAL, BAG, VALUE), "takes (function, value, bag)"),
    (apply(f"{F1}any-of-any", EQUAL, BAG, VALUE), "takes (function, bag, bag)"),
    (apply(f"{F3}any-of-any", EQUAL), "takes (function, values and bags)"),
    (apply(f"{F3}any-of", EQUAL, NUMBER, BAG), "(string, string), and is given (integer, string)"),
    (
        apply(f"{F3}any-of", EQUAL.replace("string-equal", "and"), BAG),
        f"`{F1}and` takes (boolean …), and is given (string)",
    ),
    (
        apply(f"{F3}any-of", EQUAL.replace("string-equal", "string-normalize-space"), BAG),
        f"`{F1}string-normalize-space` gives a string, not a boolean",
    ),
    (
        apply(
            f"{F3}any-of", EQUAL.replace("equal", "regexp-match"), VALUE.replace(">a<", ">[<"), BAG
        ),
        "the regular expression is not accepted: the pattern ends too early",
    ),
    (
        apply(f"{F1}not", apply(f"{F1}not", VALUE)),
        f"`{F1}not` takes (boolean), and is given (string)",
    ),
    ("<Apply/>", "`Apply` needs the attribute `FunctionId`"),
    (apply("f", EQUAL.replace("/>", f">{VALUE}</Function>")), "does not belong inside `Function`"),
    (apply("f", EQUAL.replace("/>", ">x</Function>")), "`Function` holds the text `x`"),
    (apply("f", "<Function/>"), "`Function` needs the attribute `FunctionId`"),
]
DIRECTIVES = [
    ("<ObligationExpressions/>", "`ObligationExpressions` is empty; leave it out"),
    ("<ObligationExpressions><Rule/></ObligationExpressions>", "only `ObligationExpression`"),
    ("<AdviceExpressions><ObligationExpression/></AdviceExpressions>", "only `AdviceExpression`"),
    (
        '<AdviceExpressions><AdviceExpression AdviceId="a" AppliesTo="Maybe"/></AdviceExpressions>',
        "`AppliesTo` is `Permit` or `Deny`, not `Maybe`",
    ),
    (obligation_with("<Rule/>"), "`Rule` is not an attribute assignment"),
    (
        obligation_with('<AttributeAssignmentExpression AttributeId="a"/>'),
        "`AttributeAssignmentExpression` holds exactly one expression",
    ),
    (
        obligation_with(
            '<AttributeAssignmentExpression AttributeId="a">'
            f"{apply('urn:x')}</AttributeAssignmentExpression>"
        ),
        "unknown function `urn:x`",
    ),
]


@pytest.mark.parametrize("document, line, why", [*UNSAFE, *STRUCTURE])
def test_a_document_is_refused(document: str | bytes, line: int, why: str) -> None:
    refusal = refused(document)

    assert why in refusal.why
    assert refusal.line == line


@pytest.mark.parametrize("match, why", MATCHES)
def test_a_match_is_refused(match: str, why: str) -> None:
    refusal = refused(with_match(match))

    assert why in refusal.why
    assert refusal.line == 3


@pytest.mark.parametrize("expression, why", CONDITIONS)
def test_a_condition_is_refused(expression: str, why: str) -> None:
    refusal = refused(with_condition(expression))

    assert why in refusal.why
    assert refusal.line == 4


@pytest.mark.parametrize("directives, why", DIRECTIVES)
def test_directives_are_refused(directives: str, why: str) -> None:
    refusal = refused(policy_with("<Target/>", directives))

    assert why in refusal.why
    assert refusal.line == 3


def variable(name: str, expression: str) -> str:
    return f'<VariableDefinition VariableId="{name}">{expression}</VariableDefinition>'


def reference(name: str) -> str:
    return f'<VariableReference VariableId="{name}"/>'


@pytest.mark.parametrize(
    "variables, line, why",
    [
        ([variable("v", VALUE), variable("v", VALUE)], 4, "the variable `v` is defined before"),
        ([variable("v", reference("v"))], 3, "the variable `v` refers to itself"),
        ([variable("v", reference("w")), variable("w", reference("v"))], 3, "`v` refers to itself"),
        ([variable("v", reference("w"))], 3, "unknown variable `w`"),
        ([variable("v", apply("urn:x"))], 3, "unknown function `urn:x`"),
        (["<VariableDefinition/>"], 3, "`VariableDefinition` needs the attribute `VariableId`"),
    ],
)
def test_variables_are_refused(variables: list[str], line: int, why: str) -> None:
    refusal = refused(policy_with("<Target/>", *variables))

    assert why in refusal.why
    assert refusal.line == line


@pytest.mark.parametrize("step", [1, -1])
def test_variables_that_grow_beyond_bounds_are_refused(step: int) -> None:
    grown = [
        variable(f"v{number}", apply(f"{F1}string-bag-size", BAG))
        if number == 0
        else variable(f"v{number}", apply(f"{F1}integer-bag", *[reference(f"v{number - 1}")] * 200))
        for number in range(2)
    ]
    tall = variable("t", apply(f"{F1}integer-bag-size", *[reference("v1")]))
    most = [
        variable("v2", apply(f"{F1}integer-union", *[reference("v1")] * 30)),
        tall,
    ]

    refusal = refused(policy_with("<Target/>", *[*grown, *most][::step]))

    assert refusal.why == "the expression has more than 10000 parts, variables included"


@pytest.mark.parametrize("step", [1, -1])
def test_variables_nested_beyond_bounds_are_refused(step: int) -> None:
    chain = [variable("v0", apply(f"{F1}not", TRUE))] + [
        variable(f"v{number}", apply(f"{F1}not", reference(f"v{number - 1}")))
        for number in range(1, 60)
    ]

    refusal = refused(policy_with("<Target/>", *chain[::step]))

    assert refusal.why == "the expression has more than 80 levels, variables included"


def test_a_refusal_is_a_problem_with_its_line() -> None:
    refusal = refused(policy_with("<Target/>", "<PolicySet/>"))

    assert (refusal.status, refusal.code) == (400, "policy-refused")
    assert refusal.detail == "line 3: `PolicySet` inside `Policy` is not accepted"
    assert refusal.extensions == {"line": "3"}


@pytest.mark.parametrize(
    "document, beginning, end",
    [
        (policy_with("<Target/>").replace("deny-overrides", LONG), "unknown rule comb", "lll`"),
        (with_condition(f'<Apply FunctionId="{LONG}"/>'), "unknown function", "lll`"),
        (with_condition(VALUE.replace(XSD, f"urn:{LONG}")), "unknown data type", "lll`"),
        (
            policy_with("<Target/>", f'<Rule RuleId="{LONG}" Effect="Deny"/>' * 2),
            "the rule id `lll",
            "lll` is used before",
        ),
    ],
)
def test_a_refusal_is_short_however_long_the_names_are(
    document: str, beginning: str, end: str
) -> None:
    refusal = refused(document)

    assert refusal.why.startswith(beginning)
    assert refusal.why.endswith(end)
    assert len(refusal.detail) < 600
