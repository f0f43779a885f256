"""How to publish a service with `curl`, run as the page says."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.servers import free_port

ROOT = Path(__file__).parents[2]
BINARIES = Path(sys.executable).parent


def run(page: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a page's shell lines, one after the other."""
    text = (ROOT / "docs/howto" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    # Only the port differs from what is written: 8080 may be taken on this machine.
    script = "\n".join(blocks).replace("8080", str(free_port()))
    (folder / ".venv").symlink_to(BINARIES.parent)
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-m", "-c", script],
        cwd=folder,
        env={**os.environ, "LC_ALL": "C.UTF-8"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_service_is_published_and_its_decisions_change_as_the_page_says(tmp_path: Path) -> None:
    done = run("publish-a-service.md", tmp_path)

    assert done.returncode == 0, done.stderr
    assert re.findall(r'"decision": ?"(\w+)"', done.stdout) == [
        *("NotApplicable", "NotApplicable", "Permit", "Deny", "Deny", "Permit")
    ]
    told = done.stdout.replace(" ", "")
    assert "201Created" in told
    assert "location:/resourceregistry/api/v1/resource/ske-formuesopplysninger" in told.lower()
    assert '"code":"policy-refused"' in told
    assert "it opens for access packages: ansvarlig-revisor" in done.stdout
    assert "the party is on no access list of `ske-formuesopplysninger`" in done.stdout
