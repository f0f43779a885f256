"""The lines of "how to build a world", run as they are written, in a folder of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.servers import free_port

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "howto" / "build-a-world.md"


def test_the_lines_load_what_the_page_says_and_the_fault_is_told_as_shown(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    fenced = re.findall(r"^```(\w*)\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    blocks = [block for language, block in fenced if language == "sh"]
    (shown,) = (block for language, block in fenced if not language)
    # Only the port differs from what is written: 8080 may be taken on this machine.
    script = "\n".join(blocks).replace("8080", str(free_port()))
    (tmp_path / ".venv").symlink_to(Path(sys.executable).parent.parent)
    (tmp_path / "examples").symlink_to(ROOT / "examples")

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-m", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    assert shown in done.stderr
    added = [int(number) for number in re.findall(r"(\d+) added", done.stdout)]
    rows = 200 + 200 + 200 + 199 + 1 + 199
    assert added == [4, 0, rows, 0, 0]
    assert (tmp_path / "exported" / "organisations.csv").read_text().count("\n") == 1 + 27 + 1 + 200
    assert (tmp_path / "world.yaml").read_text().count("organisasjonsnummer:") == 27 + 1 + 200
