"""URNs, moments, texts and problems."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.moments import read_moment, utc, write_moment
from fullmakt.foundation.terms.problem import Fault, InvalidInput, Problem, ValidationProblem
from fullmakt.foundation.terms.text import LocalizedText


def test_a_package_urn_is_read_back_as_its_name() -> None:
    urn = urns.package_urn("skattegrunnlag")

    assert urn == "urn:altinn:accesspackage:skattegrunnlag"
    assert urns.package_name(urn) == "skattegrunnlag"


@pytest.mark.parametrize(
    "urn", ["skattegrunnlag", "urn:altinn:accesspackage:", "urn:altinn:accesspackage:a:b", ""]
)
def test_another_urn_names_no_package(urn: str) -> None:
    with pytest.raises(ValueError, match=f"and a name: `{urn}`$"):
        urns.package_name(urn)


def test_an_apps_resource_id_is_its_owner_and_name() -> None:
    resource = urns.app_resource("skd", "mva_melding-v1")

    assert urns.app_of_resource(resource) == ("skd", "mva_melding-v1")


@pytest.mark.parametrize("resource", ["app", "app_skd", "app_skd_", "ske-innrapportering", ""])
def test_another_resource_is_no_app(resource: str) -> None:
    assert urns.app_of_resource(resource) is None


def test_a_moment_is_written_in_utc_without_trailing_zeros() -> None:
    moment = datetime(2026, 11, 23, 10, 0, 0, 120000, tzinfo=timezone(timedelta(hours=1)))

    assert write_moment(moment) == "2026-11-23T09:00:00.12Z"
    assert write_moment(moment.replace(microsecond=0, second=50)) == "2026-11-23T09:00:50Z"


def test_a_moment_without_a_zone_is_utc() -> None:
    moment = read_moment("2026-11-23T09:00:00")

    assert utc(moment) == datetime(2026, 11, 23, 9, tzinfo=UTC)
    assert read_moment(moment) is moment


def test_a_text_lacking_a_language_says_which() -> None:
    with pytest.raises(ValueError, match="lacks language `nn, en`"):
        LocalizedText.from_mapping({"nb": "Boligsameie"})


@pytest.mark.parametrize(
    "language, text", [("nb", "sameie"), ("nn", "sameige"), ("en", "co-op"), ("se", "co-op")]
)
def test_a_text_is_english_in_a_language_it_does_not_have(language: str, text: str) -> None:
    held = LocalizedText.from_mapping({"nb": "sameie", "nn": "sameige", "en": "co-op"})

    assert held.in_language(language) == text
    assert LocalizedText.from_mapping(held.as_mapping()) == held


class NotHere(Problem):
    """A situation for this test."""

    title = "It is not here."


def test_a_problem_reads_as_its_detail_or_its_title() -> None:
    assert str(NotHere()) == "It is not here."
    assert str(NotHere("`x` is not here")) == "`x` is not here"


def test_problems_with_several_faults_read_as_all_of_them() -> None:
    faults = ValidationProblem(Fault("A", "First"), Fault("B", "Second", detail="`b` is wrong"))

    assert str(faults) == "First; `b` is wrong"
    assert str(InvalidInput({"a": ("One.", "Two."), "b": ("Three.",)})) == "a: One. Two.; b: Three."
