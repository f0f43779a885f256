"""README's shell lines, run as they are written, in a folder of their own."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.servers import free_port

ROOT = Path(__file__).parents[2]
BINARIES = Path(sys.executable).parent


def test_the_shell_lines_end_as_the_text_says(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    # Only the port differs from what is written: 8080 may be taken on this machine.
    script = "\n".join(blocks).replace("8080", str(free_port()))
    (tmp_path / ".venv").symlink_to(BINARIES.parent)

    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-m", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

    assert done.returncode == 0, done.stderr
    decisions = re.findall(r'"decision": ?"(\w+)"', done.stdout)
    assert decisions[:2] == ["Permit", "NotApplicable"]
    assert '"check":"basis"' in done.stdout.replace(" ", "")
    assert "which ended in revision" in done.stdout


def test_links_lead_to_files_that_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")

    missing = [link for link in re.findall(r"\]\(([^)#:]+)\)", text) if not (ROOT / link).exists()]

    assert missing == []
