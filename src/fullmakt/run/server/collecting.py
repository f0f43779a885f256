"""When the garbage collector looks for cycles: not while the program starts, and seldom after.

What is made at the start stays, and standings and policies are kept long: looking through them
again and again finds nothing.
"""

from __future__ import annotations

import gc

_YOUNG, _OLDER, _OLDEST = 20_000, 20, 50
"""How many new objects, young and older rounds there are before each kind of round."""


def begin_without_collecting() -> None:
    """Look for no cycles until `settle` is called."""
    # SPEED: a tenth of the start (benchmarks/start.py).
    gc.disable()


def settle() -> None:
    """Leave alone all that is there now, and look for cycles among what comes after."""
    # SPEED: a tenth of a decision (benchmarks/authorize.py).
    gc.freeze()
    gc.set_threshold(_YOUNG, _OLDER, _OLDEST)
    gc.enable()
