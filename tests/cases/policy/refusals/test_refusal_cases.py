"""Runs the refusals beside it: documents that are not accepted, each with its line and its reason.

A file is one idea. `documents` are written in short: `<Policy…>`, `<PolicySet…>` stand for the
opening tags with namespace, ids, version 1 and deny-overrides, `x:string` for a data type of XML
Schema, `f1:`, `f3:` for functions. `when` is what is wrong, `why` a part of what is told.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from fullmakt.access.policy import names
from fullmakt.access.policy.errors import PolicyRefused
from fullmakt.access.policy.parse_sets import parse_policies
from fullmakt.access.policy.signatures import V1, V3

_ALGORITHM = "urn:oasis:names:tc:xacml:3.0:{}-combining-algorithm:deny-overrides"
_SHORT = {
    '"x:': '"http://www.w3.org/2001/XMLSchema#',
    '"f1:': f'"{V1}',
    '"f3:': f'"{V3}',
}


def _cases() -> list[Any]:
    found = []
    for path in sorted(Path(__file__).parent.glob("*.yaml")):
        idea = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert set(idea) == {"about", "source", "cases"}, path.name
        found += [pytest.param(case, id=f"{path.stem}::{case['when']}") for case in idea["cases"]]
    return found


@pytest.mark.parametrize("case", _cases())
def test_documents_are_refused(case: dict[str, Any]) -> None:
    assert {"when", "documents", "line", "why"} <= set(case) <= {
        "when", "documents", "document", "line", "why",
    }  # fmt: skip

    with pytest.raises(PolicyRefused) as refused:
        parse_policies(*map(_written, case["documents"]))

    refusal = refused.value
    assert case["why"] in refusal.why
    assert (refusal.document, refusal.line) == (case.get("document", 1), case["line"])


def test_a_refusal_says_which_document_it_is_about() -> None:
    with pytest.raises(PolicyRefused) as refused:
        parse_policies(_written("<Policy p><Target/></Policy>"), b"<a/>")

    assert refused.value.detail.startswith("document 2, line 1: element `a` is not of")
    assert refused.value.extensions == {"line": "1", "document": "2"}


def _written(short: str) -> bytes:
    text = re.sub(r"<(Policy|PolicySet) (\w+)((?: [^>]*)?)>", _opened, short)
    for begin, whole in _SHORT.items():
        text = text.replace(begin, whole)
    return text.encode()


def _opened(found: re.Match[str]) -> str:
    kind, name, more = found.groups()
    family = "rule" if kind == "Policy" else "policy"
    algorithm = f"{family.title()}CombiningAlgId"
    version = "" if "Version=" in more else ' Version="1"'
    combining = "" if algorithm in more else f' {algorithm}="{_ALGORITHM.format(family)}"'
    return f'<{kind} xmlns="{names.NAMESPACE}" {kind}Id="{name}"{version}{combining}{more}>'
