"""A fresh world: a reset to the default world, beside the same world filled from its file.

Work is counted in processor time of the thread that resets, so that keys made ahead in the
background and other programs do not count.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from statistics import median

from fullmakt.run.testworld.world import TestWorld, WorldSettings, default_world
from fullmakt.run.testworld.worldfile.entries import World

_ROUNDS = 15


def main() -> None:
    """Print the figures."""
    world = TestWorld(WorldSettings(base="http://127.0.0.1:1"))
    world.open(None)
    content = default_world()
    anew: list[float] = []
    filled: list[float] = []
    restored: list[float] = []

    def reset(to: World) -> None:
        world.reset(to, correlation="", is_known_to_load=True)

    try:
        world.save_snapshot("bench")
        for number in range(_ROUNDS):
            other = replace(content, meta={**content.meta, "description": f"round {number}"})
            filled.append(_spent(partial(reset, other)))
            reset(content)
            anew.append(_spent(partial(reset, content)))
            restored.append(_spent(partial(world.restore_snapshot, "bench")))
    finally:
        world.close()
    print(f"  reset {median(anew) * 1000:.0f} ms ({min(anew) * 1000:.0f}…{max(anew) * 1000:.0f})")
    print(f"  filled from the file {median(filled) * 1000:.0f} ms")
    print(f"  restored from a snapshot {median(restored) * 1000:.0f} ms")
    print(f"  reset / filled {median(anew) / median(filled):.2f}")


def _spent(do: Callable[[], None]) -> float:
    begun = time.thread_time()
    do()
    return time.thread_time() - begun


if __name__ == "__main__":
    main()
