"""The garbage collector: still while the program starts, and at work again once it is ready."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import gc
from fullmakt.run.server.collecting import begin_without_collecting, settle
begin_without_collecting()
print(gc.isenabled())
settle()
print(gc.isenabled(), gc.get_freeze_count() > 0)
"""


def test_cycles_are_looked_for_again_once_the_program_is_ready() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM], capture_output=True, text=True, timeout=60, check=True
    )

    assert done.stdout.split() == ["False", "True", "True"]
