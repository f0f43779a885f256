"""The table of rules as a whole: numbers, names and sentences."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullmakt.foundation.terms.text import Language
from fullmakt.services.tax.vat.codes import VAT_CODES, Direction, VatCode
from fullmakt.services.tax.vat.model import VatLine
from fullmakt.services.tax.vat.periods import Category
from fullmakt.services.tax.vat.rates import rates_for
from fullmakt.services.tax.vat.remarks import LINE_REMARKS, RETURN_REMARKS
from fullmakt.services.tax.vat.rules.rule import Rule, Severity, worst
from fullmakt.services.tax.vat.rules.table import (
    RULES,
    deviations_of,
    validate,
)
from fullmakt.services.tax.vat.specifications import (
    CODES_OF_SPECIFICATION,
    SPECIFICATION_TEXTS,
    Specification,
)
from tests.unit.tax.vat_builders import JULY_AUGUST, a_return, return_xml, some_facts


def test_no_rule_stands_twice() -> None:
    numbers = [rule.number for rule in RULES]

    assert len(numbers) == len(set(numbers))
    assert len({rule.deviation for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.number)
def test_a_sentence_names_the_same_values_in_each_language(rule: Rule) -> None:
    named = [
        {name for _, name, _, _ in Formatter().parse(rule.text.in_language(language)) if name}
        for language in Language
    ]

    assert named[0] == named[1] == named[2]
    assert rule.text.nb != rule.text.en


def test_one_rule_is_told_a_hundred_times_at_most() -> None:
    lines = [VatLine("99", Decimal(1))] * 150

    deviations = deviations_of(a_return(lines), replace(some_facts(), obligations=None))

    assert [deviation.rule for deviation in deviations] == ["R002"] * 100


@given(st.lists(st.sampled_from(Severity)))
def test_the_gravest_decides(severities: list[Severity]) -> None:
    gravest = worst(severities)

    assert gravest in severities or gravest is Severity.NONE
    assert (Severity.INVALID in severities) == (gravest is Severity.INVALID)


def test_a_deviating_return_may_be_filed_and_an_invalid_one_may_not() -> None:
    deviating = validate(return_xml(a_return(total=1)), some_facts())
    invalid = validate(return_xml(a_return([], total=1)), some_facts())

    assert deviating.outcome is Severity.DEVIATING
    assert deviating.may_be_filed
    assert invalid.outcome is Severity.INVALID
    assert not invalid.may_be_filed


@pytest.mark.parametrize("code", VAT_CODES, ids=lambda code: code.code)
def test_every_code_has_one_rate_in_a_period_of_2026(code: VatCode) -> None:
    assert len(rates_for(code.level, JULY_AUGUST)) == 1


def test_specifications_belong_on_codes_that_exist() -> None:
    codes = {code.code for code in VAT_CODES}

    assert set(CODES_OF_SPECIFICATION) == set(SPECIFICATION_TEXTS) == set(Specification)
    assert {code for several in CODES_OF_SPECIFICATION.values() for code in several} <= codes


def test_there_are_codes_in_every_direction() -> None:
    counts = {
        direction: sum(code.direction is direction for code in VAT_CODES) for direction in Direction
    }

    assert counts == {Direction.OUTPUT: 14, Direction.INPUT: 6, Direction.BOTH: 5}


@pytest.mark.parametrize("category", Category)
def test_no_remark_is_for_a_line_and_for_the_whole_return(category: Category) -> None:
    assert not LINE_REMARKS[category] & RETURN_REMARKS[category]
