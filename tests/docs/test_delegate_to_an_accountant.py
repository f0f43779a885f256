"""The guide to giving an accountant access, run as it is written against a real server."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.servers import serving

GUIDE = Path(__file__).parents[2] / "docs" / "howto" / "delegate-to-an-accountant.md"


def test_the_guides_blocks_say_what_the_text_says(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = GUIDE.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```$", text, flags=re.MULTILINE | re.DOTALL)
    names: dict[str, object] = {}

    with serving(tmp_path, "--memory"):
        # Only the place of the run file differs from what is written.
        program = "\n".join(blocks).replace(".fullmakt/run.json", str(tmp_path / "run.json"))
        exec(compile(program, str(GUIDE), "exec"), names)
        for client in (names["owner"], names["administrator"]):
            client.close()  # type: ignore[attr-defined]  # an httpx.Client of the guide's

    check, other, refused, linked, decision = capsys.readouterr().out.splitlines()
    assert check == "urn:altinn:accesspackage:skattegrunnlag True Direct-RolePackage"
    assert other == "urn:altinn:accesspackage:regnskapsforer-lonn False NoAccess"
    assert refused.startswith("AUTH-00080 ")
    assert "`merverdiavgift`" in refused
    assert "`skattegrunnlag`" not in refused
    assert linked == "2 packages are passed on to the system user"
    assert decision.startswith("NotApplicable the link with `merverdiavgift` rests on")
    assert "which ended in revision" in decision
