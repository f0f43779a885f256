"""`fullmakt policy` as a program: answers on stdout, exit codes, and lines as they come."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fullmakt.access.policy import names
from fullmakt.access.policy.context.json_requests import read_json_request
from fullmakt.access.policy.context.xml_requests import write_xml_request
from fullmakt.access.policy.context.xml_responses import read_xml_response
from tests.cli.test_wrong_input import check_one_line, run
from tests.servers import FULLMAKT
from tests.unit.policy.documents import document_of, policy_from

POLICY = document_of(
    policy_from(
        {
            "combining": "deny-overrides",
            "target": [[[["string-equal", "ske-a", {"bag": "resource"}]]]],
            "rules": [
                {
                    "effect": "Permit",
                    "action": ["read", "write"],
                    "role": "dagl",
                    "condition": ["boolean-equal", {"boolean": "true"}, {"variable": "open"}],
                    "obligations": [
                        {"id": "urn:o:log", "with": "Permit", "assign": {"urn:o:to": "file"}}
                    ],
                },
                {
                    "effect": "Deny",
                    "target": [
                        [
                            [
                                [
                                    "integer-greater-than",
                                    {"integer": "18"},
                                    {"bag": "subject/urn:test:age", "type": "integer"},
                                ]
                            ]
                        ]
                    ],
                },
            ],
            "variables": {
                "open": ["string-is-in", "x", {"bag": "environment/urn:test:state"}],
            },
        }
    )
)
REQUEST: dict[str, Any] = {
    "Request": {
        "AccessSubject": {"Attribute": {"AttributeId": names.ROLE_CODE, "Value": "DAGL"}},
        "Action": {"Attribute": {"AttributeId": names.ACTION_ID, "Value": "read"}},
        "Resource": {"Attribute": {"AttributeId": names.RESOURCE_ID, "Value": "ske-a"}},
        "Environment": {"Attribute": {"AttributeId": "urn:test:state", "Value": "x"}},
    }
}
ELSEWHERE = json.loads(json.dumps(REQUEST).replace("ske-a", "ske-b"))
SET = f"""<PolicySet xmlns="{names.NAMESPACE}" PolicySetId="urn:test:set" Version="1.0"
 PolicyCombiningAlgId="urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:deny-overrides">
 <Target/><PolicyIdReference>{{}}</PolicyIdReference></PolicySet>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "policy.xml").write_bytes(POLICY)
    (tmp_path / "request.json").write_text(json.dumps(REQUEST))
    (tmp_path / "request.xml").write_bytes(
        write_xml_request(read_json_request(json.dumps(ELSEWHERE)))
    )
    (tmp_path / "faulty.xml").write_bytes(POLICY.replace(b"string-equal", b"string-equals"))
    policy_id = POLICY.decode().partition('PolicyId="')[2].partition('"')[0]
    (tmp_path / "twice.xml").write_bytes(
        POLICY.replace(b"boolean-equal", b"boolean-equals").replace(b"greater-than", b"greater")
    )
    (tmp_path / "set.xml").write_text(SET.format(policy_id))
    (tmp_path / "lost.xml").write_text(SET.format("urn:test:nowhere"))
    return tmp_path


EVALUATE = ("policy", "evaluate", "--policy", "policy.xml", "--request")


def test_a_response_is_in_the_notation_of_the_request(folder: Path) -> None:
    as_json, as_xml = run(folder, *EVALUATE, "request.json"), run(folder, *EVALUATE, "request.xml")

    assert (as_json.returncode, as_xml.returncode) == (0, 0)
    assert json.loads(as_json.stdout)["Response"][0]["Decision"] == "Permit"
    (result,) = read_xml_response(as_xml.stdout).results
    assert result.decision == "NotApplicable"


def test_the_other_notation_is_asked_for(folder: Path) -> None:
    as_xml = run(folder, *EVALUATE, "request.json", "--xml")
    as_json = run(folder, *EVALUATE, "request.xml", "--json")

    (result,) = read_xml_response(as_xml.stdout).results
    assert result.obligations[0].directive_id == "urn:o:log"
    assert json.loads(as_json.stdout)["Response"][0]["Decision"] == "NotApplicable"


def test_strict_altinn_passes_over_the_policys_target(folder: Path) -> None:
    done = run(folder, *EVALUATE, "request.xml", "--json", "--strict-altinn")

    assert json.loads(done.stdout)["Response"][0]["Decision"] == "Permit"


def test_a_set_finds_its_members_among_the_other_policies(folder: Path) -> None:
    done = run(
        folder,
        *("policy", "evaluate", "--policy", "set.xml", "--policy", "policy.xml"),
        *("--request", "request.json"),
    )

    assert json.loads(done.stdout)["Response"][0]["Decision"] == "Permit"


@pytest.mark.parametrize(
    "arguments, wanted",
    [
        (["policy"], "say what to do"),
        (["policy", "evaluate"], "--policy FILE and --request FILE"),
        (["policy", "evaluate", "--policy", "policy.xml"], "--request FILE"),
        (["policy", "evaluate", "--request", "request.json"], "--policy FILE"),
        ([*EVALUATE, "request.json", "--json", "--xml"], "choose one"),
        ([*EVALUATE, "request.json", "--jsonl"], "--jsonl reads"),
        (["policy", "evaluate", "--jsonl", "--json"], "--jsonl reads"),
        ([*EVALUATE, "missing.json"], "the request `missing.json` cannot be read: No such file"),
        ([*EVALUATE, "."], "the request `.` cannot be read"),
        (
            ["policy", "evaluate", "--policy", "missing.xml", "--request", "request.json"],
            "the policy `missing.xml` cannot be read",
        ),
        ([*EVALUATE, "policy.xml"], "the request `policy.xml` is refused: line 1"),
        (
            ["policy", "evaluate", "--policy", "faulty.xml", "--request", "request.json"],
            "faulty.xml:3: unknown",
        ),
        (
            [*EVALUATE[:-1], "--policy", "faulty.xml", "--request", "request.json"],
            "faulty.xml:3: unknown",
        ),
        (
            ["policy", "evaluate", "--policy", "lost.xml", "--request", "request.json"],
            "lost.xml:3: `PolicyIdReference` to `urn:test:nowhere`",
        ),
        (["policy", "check"], "FILE"),
        (["policy", "check", "policy.xml", "missing.xml"], "`missing.xml` cannot be read"),
        (["policy", "show"], "FILE"),
        (["policy", "show", "faulty.xml"], "faulty.xml:3: unknown"),
        (["policy", "show", "policy.xml", "--xml"], "--xml"),
    ],
)
def test_wrong_use_is_told_in_one_line(arguments: list[str], wanted: str, folder: Path) -> None:
    check_one_line(run(folder, *arguments), wanted)


def test_each_faulty_policy_is_told_with_line_and_reason(folder: Path) -> None:
    done = run(folder, "policy", "check", "set.xml", "faulty.xml", "policy.xml", "lost.xml")

    assert (done.returncode, done.stderr) == (1, "")
    faulty, lost = done.stdout.splitlines()
    assert faulty.startswith("faulty.xml:3: unknown match function `")
    assert lost.startswith("lost.xml:3: `PolicyIdReference` to `urn:test:nowhere`")


def test_every_faulty_rule_of_a_policy_is_told(folder: Path) -> None:
    done = run(folder, "policy", "check", "twice.xml", "policy.xml")

    first, second = done.stdout.splitlines()
    assert "boolean-equals" in first
    assert "integer-greater" in second
    assert done.returncode == 1


def test_sound_policies_are_told_too(folder: Path) -> None:
    done = run(folder, "policy", "check", "set.xml", "policy.xml")

    assert (done.returncode, done.stdout) == (0, "2 checked, none is faulty\n")


def test_a_policy_is_shown_rule_by_rule(folder: Path) -> None:
    done = run(folder, "policy", "show", "set.xml", "policy.xml", "--json")

    permit, deny = json.loads(done.stdout)
    assert permit["effect"] == "Permit"
    assert permit["who"] == ["rolecode dagl"]
    assert permit["may"] == ["read", "write"]
    assert permit["on"] == ["ske-a"]
    assert permit["when"] == ["boolean-equal(true, open)", "open = string-is-in(x, state)"]
    assert permit["duties"] == ["must log to file"]
    assert (deny["effect"], deny["who"], deny["on"]) == ("Deny", ["age < 18"], ["ske-a"])


def test_a_policy_is_shown_as_a_table(folder: Path) -> None:
    done = run(folder, "policy", "show", "policy.xml")

    heading, _, permit, *_ = [line for line in done.stdout.splitlines() if line.strip()]
    assert heading.split() == ["who", "may", "on", "when", "duties"]
    assert permit.split()[:4] == ["Permit", "rolecode", "dagl", "read"]
    assert "anything" in done.stdout


def test_lines_are_answered_as_they_come() -> None:
    case = {"policies": [POLICY.decode()], "request": REQUEST}
    with subprocess.Popen(
        [FULLMAKT, "policy", "evaluate", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None

        def answer(line: str) -> dict[str, Any]:
            assert program.stdin is not None
            assert program.stdout is not None
            program.stdin.write(line + "\n")
            program.stdin.flush()
            return dict(json.loads(program.stdout.readline()))

        first = answer(json.dumps({"id": 1, **case}))
        broken = answer("{")
        as_xml = write_xml_request(read_json_request(json.dumps(ELSEWHERE))).decode()
        after = answer("\n" + json.dumps({"id": 2, **case, "request": as_xml}))
        program.stdin.close()
        rest = program.stdout.read()

    assert first["response"]["Response"][0]["Decision"] == "Permit"
    assert (broken["id"], broken["error"][:19]) == (None, "the line is not JSO")
    assert (after["id"], after["response"]["Response"][0]["Decision"]) == (2, "NotApplicable")
    assert (rest, program.returncode) == ("", 0)


def test_bulk_evaluation_is_strict_when_asked() -> None:
    case = {"id": 1, "policies": [POLICY.decode()], "request": ELSEWHERE}

    done = subprocess.run(
        [FULLMAKT, "policy", "evaluate", "--jsonl", "--strict-altinn"],
        input=json.dumps(case),
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(done.stdout)["response"]["Response"][0]["Decision"] == "Permit"


def test_a_reader_that_leaves_is_no_fault(folder: Path) -> None:
    case = json.dumps({"id": 1, "policies": [POLICY.decode()], "request": REQUEST}) + "\n"
    with subprocess.Popen(
        [FULLMAKT, "policy", "evaluate", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        assert program.stderr is not None
        program.stdout.close()
        program.stdin.write(case)
        program.stdin.close()
        told = program.stderr.read()

    assert (told, program.returncode) == ("", 0)


def test_evaluating_loads_nothing_of_the_server() -> None:
    script = (
        "import sys\n"
        "from fullmakt.run.cli.app import main\n"
        "main(['policy', 'evaluate', '--jsonl'])\n"
        "loaded = {'litestar', 'sqlalchemy', 'uvicorn', 'httpx', 'alembic', 'rich', 'msgspec'}\n"
        "print(sorted(loaded & set(sys.modules)))\n"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], input="", capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"
