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

    done = run("what-if", *reach, "--resource", RESOURCE, "--policy", str(policy))

    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert any(
        line.startswith("loses write: ") and line.endswith("for FJORDGLØTT BAKERI AS (312400014)")
        for line in lines
    )


def test_nobody_named_is_one_line(reach: Reach) -> None:
    done = run("what-can", *reach)

    assert done.returncode == 2
    assert done.stderr == (
        "fullmakt: say who with one of --system-user, --person and --organization\n"
    )


def test_a_policy_that_is_none_is_refused(reach: Reach, tmp_path: Path) -> None:
    policy = tmp_path / "policy.xml"
    policy.write_text("<Policy", encoding="utf-8")

    done = run("what-if", *reach, "--resource", RESOURCE, "--policy", str(policy))

    assert done.returncode == 2
    assert done.stderr.startswith("fullmakt: ")
    assert done.stdout == ""
