"""`fullmakt explain`: the chain in text and as JSON, and wrong input in one line."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator

import pytest

from tests.servers import FULLMAKT, serving

RESOURCE = "app_skd_mva-melding-innsending-v1"
ASKED = ["--action", "write", "--resource", RESOURCE]
Reach = list[str]


@pytest.fixture(scope="module")
def reach(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reach]:
    with serving(tmp_path_factory.mktemp("world"), "--memory") as server:
        yield ["--base-url", server.url]


def explain(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [FULLMAKT, "explain", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_permit_is_told_with_its_chain(reach: Reach) -> None:
    done = explain(*reach, "--system-user", "regn", *ASKED, "--party", "312400014")

    assert (done.returncode, done.stderr) == (0, "")
    first, *chain = done.stdout.splitlines()
    assert first == "Permit"
    assert any("client-link: FJORDGLØTT BAKERI AS (312400014) is linked" in line for line in chain)
    assert any("written: link" in line and ", since 20" in line for line in chain)


def test_a_refusal_is_told_with_where_it_stops_and_the_remedy(reach: Reach) -> None:
    done = explain(*reach, "--system-user", "revi", *ASKED, "--party", "Fjordgløtt Bakeri AS")

    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "NotApplicable: stops at client-link"
    assert any("remedy: the client administrator of RETT REVISJON AS" in line for line in lines)
    (instead,) = [line for line in lines if line.startswith("would work instead")]
    assert "(`regn`)" in instead


@pytest.mark.parametrize(
    "who", [["--person", "Nøyaktig Havørn"], ["--organization", "312300028"]], ids=["person", "org"]
)
def test_persons_and_organisations_ask_too_and_the_answer_is_json_when_wanted(
    reach: Reach, who: list[str]
) -> None:
    done = explain(*reach, *who, *ASKED, "--party", "312400014", "--json")

    told = json.loads(done.stdout)
    assert told["reasons"][0]["check"] == "resource"
    assert told["decision"] == ("Permit" if "--person" in who else "NotApplicable")


@pytest.mark.parametrize(
    "arguments, wanted",
    [
        (["--system-user", "nobody", *ASKED, "--party", "312400014"], "`nobody` is no id"),
        (["--system-user", "regn", *ASKED, "--party", "312400015"], "`312400015`"),
        ([*ASKED, "--party", "312400014"], "say who asks"),
        (["--person", "a", "--system-user", "b", *ASKED, "--party", "c"], "say who asks"),
        (["--system-user", "regn", "--resource", RESOURCE, "--party", "c"], "--action"),
        (["--system-user", "regn", *ASKED], "--party"),
        (["--system-user", "regn", *ASKED, "--party", "312400014", "--xml"], "--xml"),
    ],
)
def test_wrong_input_is_told_in_one_line(reach: Reach, arguments: list[str], wanted: str) -> None:
    done = explain(*reach, *arguments)

    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert wanted in line
