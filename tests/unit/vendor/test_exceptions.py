"""The drawn tree of exceptions, and what an exception says."""

from __future__ import annotations

import re

import pytest

from fullmakt.vendor import (
    MaskinportenError,
    PlatformProblem,
    ProblemBody,
    ScopeNotGranted,
    ValidationEntry,
    VatDeviation,
    VatOutcome,
    VatResult,
    VatReturnRefused,
    VendorError,
    _exceptions,
)

_DRAWN = re.compile(r"^(?P<lines>[│ ├└─]*)(?P<name>[A-Z]\w+)(?:  .*)?$")


def drawn() -> dict[str, str]:
    """Class to parent, as the docstring draws them."""
    parents: dict[str, str] = {}
    above: dict[int, str] = {}
    for line in (_exceptions.__doc__ or "").splitlines():
        found = _DRAWN.match(line)
        if found and (found["lines"] or found["name"] == "VendorError"):
            depth = len(found["lines"]) // 4
            above[depth] = found["name"]
            if depth:
                parents[found["name"]] = above[depth - 1]
    return parents


def defined() -> dict[str, str]:
    return {
        name: value.__mro__[1].__name__
        for name, value in vars(_exceptions).items()
        if isinstance(value, type) and issubclass(value, VendorError) and value is not VendorError
    }


def test_the_tree_is_drawn_as_it_is() -> None:
    assert drawn() == defined()


def test_a_maskinporten_error_says_code_word_description_and_trace() -> None:
    error = ScopeNotGranted(
        "forbidden", code="MP-250", description="not granted", trace_id="abc", status=403
    )

    assert str(error) == "MP-250 forbidden: not granted (trace id `abc`)"


def test_a_problem_says_status_code_and_detail() -> None:
    problem = PlatformProblem(
        ProblemBody(404, code="AUTH-00010", title="No such request.", detail="`17` is none")
    )

    assert str(problem) == "404 AUTH-00010: `17` is none"


def test_a_validation_problem_says_what_does_not_hold() -> None:
    entries = (ValidationEntry("AUTH.VLD-00002", "The system id already exists"),)

    problem = PlatformProblem(
        ProblemBody(400, code="STD-00000", title="Errors.", validation_errors=entries)
    )

    assert str(problem) == "400 STD-00000: AUTH.VLD-00002 The system id already exists"


def test_a_refused_return_says_which_rules() -> None:
    deviation = VatDeviation(
        rule="R082", code="X", kind=VatOutcome.INVALID, reason="no decimals", path="/mvaMeldingDto"
    )

    refused = VatReturnRefused("not valid", result=VatResult(VatOutcome.INVALID, (deviation,)))

    assert str(refused) == "not valid (R082 no decimals)"


@pytest.mark.parametrize(
    "error", [MaskinportenError("x", status=400), PlatformProblem(ProblemBody(500))]
)
def test_everything_raised_can_be_caught_at_the_root(error: Exception) -> None:
    assert isinstance(error, VendorError)
