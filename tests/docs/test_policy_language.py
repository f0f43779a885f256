"""The page of the policy language names every function, data type and algorithm, and no other."""

from __future__ import annotations

import re
from pathlib import Path

from fullmakt.access.policy.combining import POLICY_COMBINING, RULE_COMBINING
from fullmakt.access.policy.data_types import DATA_TYPES
from fullmakt.access.policy.functions import FUNCTIONS
from fullmakt.access.policy.special_functions import HIGHER_ORDER_FUNCTIONS, LOGICAL_FUNCTIONS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "policy-language.md"
NO_EQUALITY = {"ipAddress", "dnsName"}


def rows(heading: str) -> list[list[str]]:
    """The cells of the table below a heading, its first two lines left out."""
    _, _, below = PAGE.read_text(encoding="utf-8").partition(f"## {heading}\n")
    section = below.partition("\n## ")[0]
    table = [line for line in section.splitlines() if line.startswith("|")]
    return [
        [cell.strip(" `") for cell in re.split(r" \| ", line.strip("| "))] for line in table[2:]
    ]


def a_function(version: str, name: str) -> str:
    return f"urn:oasis:names:tc:xacml:{version}:function:{name}"


def of_every_type() -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for name, _, versions in rows("Data types"):
        for form, takes, gives in rows("Functions that every data type has"):
            if form == "type-equal" and name in NO_EQUALITY:
                continue
            for version in versions.split(", "):
                signature = re.sub(r"\btype\b", name, takes), re.sub(r"\btype\b", name, gives)
                found[a_function(version, form.replace("type-", f"{name}-"))] = signature
    return found


def test_every_function_stands_there_with_what_it_takes_and_gives() -> None:
    told = of_every_type()
    for name, versions, takes, gives in rows("Other functions"):
        told |= {a_function(version, name): (takes, gives) for version in versions.split(", ")}

    assert told == {
        **{held.function_id: (held.signature, str(held.result)) for held in FUNCTIONS.values()},
        **{
            held.function_id: (held.signature, str(held.result))
            for held in LOGICAL_FUNCTIONS.values()
        },
        **{
            held.function_id: (held.signature, "bag" if held.gives_bag else "boolean")
            for held in HIGHER_ORDER_FUNCTIONS.values()
        },
    }


def test_every_data_type_stands_there() -> None:
    told = {uri: name for name, uri, _ in rows("Data types")}

    assert told == {held.uri: held.name for held in DATA_TYPES.values()}


def test_every_algorithm_stands_there() -> None:
    told = {(known, of) for known, of in rows("Combining algorithms")}

    of_rules = {(known, "rules") for known in RULE_COMBINING if ":rule-combining-" in known}
    assert told == of_rules | {(known, "policies") for known in POLICY_COMBINING}
