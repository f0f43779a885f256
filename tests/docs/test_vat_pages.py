"""The pages on the VAT return say what the code holds: rules, codes, lists, periods, data types."""

from __future__ import annotations

import re
from pathlib import Path

from fullmakt.services.tax.submission import VAT_APP
from fullmakt.services.tax.vat.codes import VAT_CODES
from fullmakt.services.tax.vat.envelope import Mismatch
from fullmakt.services.tax.vat.periods import PERIOD_ELEMENTS, PERIOD_NAMES, Category
from fullmakt.services.tax.vat.remarks import LINE_REMARKS, RETURN_REMARKS
from fullmakt.services.tax.vat.rules.rule import EVERY_CATEGORY, Severity
from fullmakt.services.tax.vat.rules.table import RULES, STRUCTURE_DEVIATION, STRUCTURE_RULE
from fullmakt.services.tax.vat.specifications import (
    CODES_OF_SPECIFICATION,
    SPECIFICATION_TEXTS,
    SPECIFICATIONS_OF_CATEGORY,
    Specification,
)

_REFERENCE = Path(__file__).parents[2] / "docs" / "reference"
_RETURN = (_REFERENCE / "vat-return.md").read_text()
_SERVICES = (_REFERENCE / "services.md").read_text()
_WORDS = {
    Category.ORDINARY: "ordinary",
    Category.PRIMARY_INDUSTRY: "primary",
    Category.COMPENSATION: "compensation",
    Category.REVERSE_CHARGE: "reverse",
}


def _rows(page: str, heading: str) -> list[list[str]]:
    section = page.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| (.+) \|$", section, re.MULTILINE)[1:]
    return [row.split(" | ") for row in rows if not row.startswith("---")]


def _categories(held: set[Category]) -> str:
    if held == EVERY_CATEGORY:
        return "all"
    return ", ".join(word for category, word in _WORDS.items() if category in held)


def test_the_page_lists_every_rule_with_severity_categories_and_name() -> None:
    listed = {
        (number, severity, categories, re.findall(r"`([^`]+)`", name)[0])
        for number, severity, categories, _, name in _rows(_RETURN, "The rules")
    }

    assert listed == {(STRUCTURE_RULE, "U", "all", STRUCTURE_DEVIATION)} | {
        (
            rule.number,
            "U" if rule.severity is Severity.INVALID else "A",
            _categories(set(rule.categories)),
            rule.deviation,
        )
        for rule in RULES
    }


def test_the_page_says_which_rules_are_not_held_and_holds_none_of_them() -> None:
    told = _RETURN.split("Not held here: ", 1)[1].split("\n\n", 1)[0]
    left_out = {int(number) for number in re.findall(r"R(\d{3})", told)}
    first, last = (int(number) for number in re.findall(r"R(\d{3}) to R(\d{3})", told)[0])
    left_out |= set(range(first, last + 1))

    assert not {int(rule.number[1:]) for rule in RULES} & left_out


def test_the_page_lists_every_code_with_its_direction() -> None:
    listed = [row[:3] for row in _rows(_RETURN, "VAT codes and rates")]

    assert listed == [[code.code, code.text.en, code.direction] for code in VAT_CODES]


def test_the_page_lists_every_specification_with_its_codes_and_categories() -> None:
    assert _rows(_RETURN, "Specifications") == [
        [
            f"`{each}`",
            SPECIFICATION_TEXTS[each].en,
            ", ".join(CODES_OF_SPECIFICATION[each]),
            _categories({c for c, held in SPECIFICATIONS_OF_CATEGORY.items() if each in held}),
        ]
        for each in Specification
    ]


def test_the_page_lists_every_remark_with_its_place_and_categories() -> None:
    held = [
        [f"`{remark}`", place, _categories({c for c, of in lists.items() if remark in of})]
        for place, lists in (("a line", LINE_REMARKS), ("the return", RETURN_REMARKS))
        for remark in sorted(frozenset[str]().union(*lists.values()))
    ]

    assert _rows(_RETURN, "Remarks") == held


def test_the_page_lists_every_kind_of_period_with_its_element_and_names() -> None:
    rows = _rows(_RETURN, "Periods and deadlines")

    assert {(kind, element) for kind, element, *_ in rows} == {
        (f"`{kind}`", f"`{element}`") for kind, element in PERIOD_ELEMENTS.items()
    }
    for kind, _, names, _ in rows:
        told = re.findall(r"`([^`]+)`", names)
        of_kind = next(each for word, each in PERIOD_NAMES.items() if f"`{word}`" == kind)
        assert (told[0], told[-1]) == (of_kind[0], of_kind[-1])


def test_the_page_names_every_reason_to_refuse_an_envelope() -> None:
    told = _RETURN.split("**Refusals of the envelope**", 1)[1].split("\n\n", 1)[0]

    assert {reason for reason in Mismatch if f"`{reason}`" not in " ".join(told.split())} == set()


def test_the_page_lists_every_data_type_of_the_app_and_who_writes_it() -> None:
    listed = {(name, writer) for name, _, writer in _rows(_SERVICES, "The VAT return")}

    assert listed == {
        (f"`{each.name}`", "app" if each.is_apps_own else "sender") for each in VAT_APP.data_types
    }


def test_the_page_lists_every_content_type_of_an_attachment() -> None:
    attachment = next(each for each in VAT_APP.data_types if each.name == "binaerVedlegg")
    told = _SERVICES.split("**Attachments** are ", 1)[1].split("\n\n", 1)[0]

    assert set(re.findall(r"`([a-z]+/[^`]+)`", told)) == attachment.content_types
    assert f"{attachment.most} at most" in told
