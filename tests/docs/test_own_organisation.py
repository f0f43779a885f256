"""The guide for an organisation's own reporting, run as it is written against a real server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.servers import serving

GUIDE = Path(__file__).parents[2] / "docs" / "howto" / "report-for-your-own-organisation.md"


def test_the_guides_blocks_end_with_a_receipt(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    names: dict[str, object] = {}

    with serving(tmp_path, "--memory"):
        # Only the place of the run file differs from what is written.
        program = "\n".join(blocks).replace(".fullmakt/run.json", str(tmp_path / "run.json"))
        exec(compile(program, str(GUIDE), "exec"), names)

    told = capsys.readouterr().out
    assert "403" in told
    assert "is `Accepted`" in told or "those who can answer: `Djerv Gravemaskin`" in told
    assert "20000 by 2026-12-10" in told
