"""A fresh world: a reset to the default world, beside the same world filled from its file.

Work is counted in processor time of the thread that resets, so that keys made ahead in the
background and other programs do not count; what PostgreSQL does for it shows in the time it takes.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from statistics import median

from benchmarks.targets import Target, note
from fullmakt.run.testworld.world import TestWorld, WorldSettings, default_world
from fullmakt.run.testworld.worldfile.entries import World
from tests.engines import PostgresServer

_ROUNDS = 9


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        _measure("SQLite, in memory", WorldSettings("http://127.0.0.1:1"))
        server = PostgresServer(Path(folder))
        server.start()
        try:
            with server.database() as name:
                snapshots = Path(folder) / "snapshots"
                settings = WorldSettings("http://127.0.0.1:1", server.url(name), snapshots)
                _measure("PostgreSQL", settings)
        finally:
            server.stop()


def _measure(engine: str, settings: WorldSettings) -> None:
    world = TestWorld(settings)
    world.open(None)
    content = default_world()
    anew: list[float] = []
    filled: list[float] = []
    restored: list[float] = []
    waited: list[float] = []

    def reset(to: World) -> None:
        world.reset(to, correlation="", is_known_to_load=True)

    try:
        world.save_snapshot("bench")
        for number in range(_ROUNDS):
            other = replace(content, meta={**content.meta, "description": f"round {number}"})
            filled.append(_spent(partial(reset, other)))
            reset(content)
            begun = time.perf_counter()
            anew.append(_spent(partial(reset, content)))
            waited.append(time.perf_counter() - begun)
            restored.append(_spent(partial(world.restore_snapshot, "bench")))
    finally:
        world.close()
    print(engine)
    print(f"  reset {median(anew) * 1000:.0f} ms ({min(anew) * 1000:.0f}…{max(anew) * 1000:.0f})")
    print(f"  waited for a reset {median(waited) * 1000:.0f} ms")
    print(f"  filled from the file {median(filled) * 1000:.0f} ms")
    print(f"  restored from a snapshot {median(restored) * 1000:.0f} ms")
    print(f"  reset / filled {median(anew) / median(filled):.2f}")
    note(Target.FRESH, median(anew) * 1000)


def _spent(do: Callable[[], None]) -> float:
    begun = time.thread_time()
    do()
    return time.thread_time() - begun


if __name__ == "__main__":
    main()
