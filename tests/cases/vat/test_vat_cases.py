"""Runs the cases beside this file: each changes a return or what is known, and says which rules it
breaks.

A case names every rule that is broken, so that a rule that fires where it should not is caught as
well. The runner is strict: a key it does not know is a failure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import yaml

from fullmakt.services.tax.vat.model import Remark, VatLine, VatReturn
from fullmakt.services.tax.vat.obligations import TaxpayerFacts, VatObligation
from fullmakt.services.tax.vat.periods import PERIOD_NAMES, Category, Period, PeriodKind
from fullmakt.services.tax.vat.rules.rule import Severity, worst
from fullmakt.services.tax.vat.rules.table import RULES, validate
from tests.unit.tax.vat_builders import a_return, return_xml, some_facts

Keys = Mapping[str, object]

_FILES = sorted(Path(__file__).parent.glob("*.yaml"))
_SEVERITIES = {rule.number: rule.severity for rule in RULES}
_FLAGS = ("is_in_entity_register", "is_bankrupt", "is_deceased_estate", "is_deleted")


@dataclass(frozen=True, slots=True)
class Case:
    file: str
    when: str
    vat_return: VatReturn
    facts: TaxpayerFacts
    expect: tuple[str, ...]

    @property
    def id(self) -> str:
        return f"{self.file}::{self.when}"


def _mapping(value: object, known: set[str], what: str) -> Keys:
    assert isinstance(value, dict), f"{what} must be a mapping: `{value}`"
    unknown = set(value) - known
    assert not unknown, f"{what} has unknown keys: {sorted(unknown)}"
    return value


def _list(value: object, what: str) -> list[object]:
    assert isinstance(value, list), f"{what} must be a list: `{value}`"
    return value


def _word(value: object, what: str) -> str:
    assert isinstance(value, str), f"{what} must be quoted: `{value}`"
    return value


def _day(value: object, what: str) -> date:
    assert isinstance(value, date), f"{what} must be a date: `{value}`"
    return value


def _amount(value: object) -> Decimal:
    assert isinstance(value, int | str), f"an amount must be whole or quoted: `{value}`"
    return Decimal(value)


def _period(value: object) -> Period:
    name, year = _word(value, "period").rsplit(" ", 1)
    kind = next(kind for kind, names in PERIOD_NAMES.items() if name in names)
    return Period.named(kind, name, int(year))


def _remark(keys: Keys) -> Remark | None:
    if "remark" not in keys and "chosen" not in keys:
        return None
    return Remark(_word(keys.get("remark", ""), "remark"), _word(keys.get("chosen", ""), "chosen"))


def _line(value: object) -> VatLine:
    known = {"code", "base", "rate", "vat", "specification", "remark", "chosen"}
    keys = _mapping(value, known, "line")
    return VatLine(
        code=_word(keys["code"], "code"),
        base=_amount(keys["base"]) if "base" in keys else None,
        rate=_word(keys["rate"], "rate") if "rate" in keys else None,
        vat=_amount(keys["vat"]),
        specification=(
            _word(keys["specification"], "specification") if "specification" in keys else None
        ),
        remark=_remark(keys),
    )


def _return(value: object) -> VatReturn:
    known = {"lines", "total", "category", "period", "payment_reference", "remark", "chosen"}
    keys = _mapping(value, known, "return")
    made = a_return()
    if "lines" in keys:
        made = a_return(map(_line, _list(keys["lines"], "lines")))
    if "total" in keys:
        made = replace(made, total=_amount(keys["total"]))
    if "category" in keys:
        made = replace(made, category=Category(_word(keys["category"], "category")))
    if "period" in keys:
        made = replace(made, period=_period(keys["period"]))
    if "payment_reference" in keys:
        reference = _word(keys["payment_reference"], "payment reference")
        made = replace(made, payment_reference=reference)
    return replace(made, remark=_remark(keys))


def _obligation(value: object) -> VatObligation:
    known = {"category", "kind", "from", "until", "filed_until", "filed_ahead"}
    keys = _mapping(value, known, "obligation")
    return VatObligation(
        category=Category(_word(keys.get("category", "alminnelig"), "category")),
        period_kind=PeriodKind(_word(keys.get("kind", "toMaaned"), "kind")),
        valid_from=_day(keys.get("from", date(2022, 1, 1)), "from"),
        valid_until=_day(keys["until"], "until") if "until" in keys else None,
        filed_until=_day(keys["filed_until"], "filed_until") if "filed_until" in keys else None,
        filed_ahead=frozenset(map(_period, _list(keys.get("filed_ahead", []), "filed_ahead"))),
    )


def _facts(value: object) -> TaxpayerFacts:
    words = {"organization_form", "reporting_unit", "account_number"}
    keys = _mapping(value, {"today", "obligations", *words, *_FLAGS}, "facts")
    made = some_facts()
    if "today" in keys:
        made = replace(made, today=_day(keys["today"], "today"))
    if keys.get("obligations") == "unknown":
        made = replace(made, obligations=None)
    elif "obligations" in keys:
        listed = tuple(map(_obligation, _list(keys["obligations"], "obligations")))
        made = replace(made, obligations=listed)
    return replace(
        made,
        organization_form=_word(keys.get("organization_form", "AS"), "organization_form"),
        reporting_unit=_optional_word(keys, "reporting_unit"),
        account_number=_optional_word(keys, "account_number"),
        is_in_entity_register=bool(keys.get("is_in_entity_register", True)),
        is_bankrupt=bool(keys.get("is_bankrupt", False)),
        is_deceased_estate=bool(keys.get("is_deceased_estate", False)),
        is_deleted=bool(keys.get("is_deleted", False)),
    )


def _optional_word(keys: Keys, name: str) -> str | None:
    return _word(keys[name], name) if name in keys else None


def _read(file: Path) -> Keys:
    known = {"about", "source", "rules", "return", "facts", "cases"}
    return _mapping(yaml.safe_load(file.read_text()), known, file.name)


def _cases_of(file: Path) -> list[Case]:
    keys = _read(file)
    shared_return = _mapping_of(keys, "return")
    shared_facts = _mapping_of(keys, "facts")
    cases = []
    for value in _list(keys["cases"], "cases"):
        case = _mapping(value, {"when", "return", "facts", "expect"}, "case")
        cases.append(
            Case(
                file=file.name,
                when=_word(case["when"], "when"),
                vat_return=_return({**shared_return, **_mapping_of(case, "return")}),
                facts=_facts({**shared_facts, **_mapping_of(case, "facts")}),
                expect=tuple(_word(rule, "rule") for rule in _list(case["expect"], "expect")),
            )
        )
    return cases


def _mapping_of(keys: Keys, name: str) -> dict[str, object]:
    value = keys.get(name, {})
    assert isinstance(value, dict), f"{name} must be a mapping: `{value}`"
    return value


_CASES = [case for file in _FILES for case in _cases_of(file)]


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case.id)
def test_a_return_breaks_exactly_the_rules_it_is_said_to(case: Case) -> None:
    validation = validate(return_xml(case.vat_return), case.facts)

    assert tuple(deviation.rule for deviation in validation.deviations) == case.expect
    assert validation.outcome is worst(_SEVERITIES[rule] for rule in case.expect)
    assert validation.may_be_filed is (validation.outcome is not Severity.INVALID)


@pytest.mark.parametrize("file", _FILES, ids=lambda file: file.name)
def test_each_file_shows_its_rules_kept_and_broken(file: Path) -> None:
    rules = {_word(rule, "rule") for rule in _list(_read(file)["rules"], "rules")}
    expected = [set(case.expect) for case in _cases_of(file)]

    assert {rule for rule in rules if not any(rule in broken for broken in expected)} == set()
    assert {rule for rule in rules if all(rule in broken for broken in expected)} == set()


def test_every_rule_has_a_file() -> None:
    shown = {rule for file in _FILES for rule in _list(_read(file)["rules"], "rules")}

    assert shown == {rule.number for rule in RULES}


def test_no_two_cases_have_one_name() -> None:
    names = [case.id for case in _CASES]

    assert len(names) == len(set(names))
