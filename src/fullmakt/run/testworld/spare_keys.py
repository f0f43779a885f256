"""Keys made ahead, in the background: one takes a tenth of a second, a new world wants three."""

from __future__ import annotations

import queue
import threading

from fullmakt.foundation.jose.keys import PrivateKey

_REPLACED_AFTER_S = 0.5
WANTED_AT_START = 3
"""Two for the token servers and one for the tax service's own client."""


class SpareKeys:
    """Makes keys in threads of its own, so that they are there when they are asked for."""

    def __init__(self, ahead: int = WANTED_AT_START) -> None:
        self._made: queue.SimpleQueue[PrivateKey] = queue.SimpleQueue()
        for _ in range(ahead):
            threading.Thread(target=self._make, name="spare-key", daemon=True).start()

    def _make(self) -> None:
        self._made.put(PrivateKey.generate())

    def take(self) -> PrivateKey:
        """A key that nobody else has; another is made in its place."""
        # SPEED: whoever takes a key is about to answer somebody, and gets the cores first
        # (benchmarks/start.py).
        replacing = threading.Timer(_REPLACED_AFTER_S, self._make)
        replacing.daemon = True
        replacing.start()
        return self._made.get()
