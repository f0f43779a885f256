"""`fullmakt who-can`, `what-can` and `what-if`, in text and as JSON lines."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from fullmakt.access.policy.write import PlainRule, write_policy
from tests.servers import FULLMAKT, serving

RESOURCE = "app_skd_mva-melding-innsending-v1"
Reach = list[str]


@pytest.fixture(scope="module")
def reach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reach]:
    with serving(tmp_path_factory.mktemp("world"), "--memory") as server:
        yield ["--base-url", server.url]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [FULLMAKT, *arguments], capture_output=True, text=True, timeout=60, check=False
    )


def test_who_can_names_those_who_may(reach: Reach) -> None:
    asked = ["--action", "write", "--resource", RESOURCE, "--party", "312400014"]

    done = run("who-can", *reach, *asked)
    as_json = run("who-can", *reach, *asked, "--json")

    assert (done.returncode, done.stderr) == (0, "")
    told = [json.loads(line) for line in as_json.stdout.splitlines()]
    assert len(done.stdout.splitlines()) == len(told) > 1
    assert "system-user" in {each["kind"] for each in told}


def test_what_can_tells_party_by_party(reach: Reach) -> None:
    done = run("what-can", *reach, "--system-user", "regn", "--resource", RESOURCE)

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "FJORDGLØTT BAKERI AS (312400014)" in lines
    assert any(line.startswith(f"  {RESOURCE}: ") and "write" in line for line in lines)


def test_what_if_tells_who_would_lose(reach: Reach, tmp_path: Path) -> None:
    policy = tmp_path / "policy.xml"
    rules = [PlainRule(("write",), organizations=("312300109",))]
    policy.write_bytes(write_policy(RESOURCE, rules))

    done = run("what-if", "policy", *reach, "--resource", RESOURCE, "--policy", str(policy))

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert any(
        line.startswith(f"loses write on {RESOURCE}: ")
        and line.endswith("for FJORDGLØTT BAKERI AS (312400014)")
        for line in lines
    )


def test_what_if_a_role_began_or_ended_and_a_package_were_not_given(reach: Reach) -> None:
    role = ["role", "--role", "REGN", "--to", "312300028", "--json"]
    package = ["package", "--role", "forretningsforer", "--package", "forretningsforer-eiendom"]

    begun = run("what-if", *role, "--from", "312800454", "--begins", *reach)
    ended = run("what-if", *role, "--from", "312400014", "--ends", *reach)
    taken = run("what-if", *package, "--form", "ESEK", "--gives-not", "--json", *reach)

    for done, change, number in (
        (begun, "gains", "312800454"),
        (ended, "loses", "312400014"),
        (taken, "loses", None),
    ):
        assert (done.returncode, done.stderr) == (0, "")
        told = [json.loads(line) for line in done.stdout.splitlines()]
        assert {each["change"] for each in told} == {change}
        assert number in {None, *(each["party"]["organizationNumber"] for each in told)}


def test_a_role_that_is_held_already_does_not_begin(reach: Reach) -> None:
    role = ["--role", "REGN", "--from", "312400014", "--to", "312300028", "--begins"]

    done = run("what-if", "role", *role, *reach)

    assert done.returncode == 2
    assert "is `regnskapsforer` of `FJORDGLØTT BAKERI AS` already" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "asked, told",
    [
        (["role", "--role", "REGN", "--from", "312400014", "--to", "312300028"], "`--begins`"),
        (["package", "--role", "REGN", "--package", "skattegrunnlag"], "`--gives`"),
    ],
)
def test_which_way_it_would_be_has_to_be_said(reach: Reach, asked: list[str], told: str) -> None:
    done = run("what-if", *asked, *reach)

    assert done.returncode == 2
    assert told in done.stderr
    assert done.stdout == ""


def test_a_policy_that_is_no_text_is_refused(reach: Reach, tmp_path: Path) -> None:
    policy = tmp_path / "policy.xml"
    policy.write_bytes(b"\xff\xfe<Policy/>")

    done = run("what-if", "policy", *reach, "--resource", RESOURCE, "--policy", str(policy))

    assert done.returncode == 2
    assert "cannot be read as UTF-8" in done.stderr


def test_nobody_named_is_one_line(reach: Reach) -> None:
    done = run("what-can", *reach)

    assert done.returncode == 2
    assert done.stderr == (
        "fullmakt: say who with one of --system-user, --person and --organization\n"
    )


def test_a_policy_that_is_none_is_refused(reach: Reach, tmp_path: Path) -> None:
    policy = tmp_path / "policy.xml"
    policy.write_text("<Policy", encoding="utf-8")

    done = run("what-if", "policy", *reach, "--resource", RESOURCE, "--policy", str(policy))

    assert done.returncode == 2
    assert done.stderr.startswith("fullmakt: ")
    assert done.stdout == ""
