"""The blocks of "Test a policy", run as they are written, in a folder of their own."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).parents[2] / "docs" / "howto" / "test-a-policy.md"
BINARIES = Path(sys.executable).parent


def blocks(kind: str) -> list[str]:
    text = PAGE.read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)


def test_the_blocks_end_as_the_text_says(tmp_path: Path) -> None:
    (policy,), (request,), (program,) = blocks("xml"), blocks("json"), blocks("python")
    (tmp_path / "policy.xml").write_text(policy, encoding="utf-8")
    (tmp_path / "request.json").write_text(request, encoding="utf-8")
    (tmp_path / "program.py").write_text(program, encoding="utf-8")
    script = "\n".join([*blocks("sh"), "python3 program.py"])

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{BINARIES}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    first, strict, checked, *shown = done.stdout.splitlines()
    assert re.findall(r'"Decision": "(\w+)"', first) == ["Permit", "NotApplicable"]
    assert re.findall(r'"Decision": "(\w+)"', strict) == ["Permit", "NotApplicable"]
    assert checked == "1 checked, none is faulty"
    assert "rolecode dagl" in "\n".join(shown)
    assert shown[-2:] == ["skattegrunnlag Permit", "post NotApplicable"]
    both, broken = map(json.loads, (tmp_path / "answers.jsonl").read_text().splitlines())
    assert [each["Decision"] for each in both["response"]["Response"]] == [
        "Permit",
        "NotApplicable",
    ]
    assert (broken["id"], set(broken)) == ("broken", {"id", "error"})
