"""Keys made ahead, in the background: one takes a tenth of a second, a new world wants three."""

from __future__ import annotations

import queue
import threading

from fullmakt.foundation.jose.keys import PrivateKey

WANTED_AT_START = 3
"""Two for the token servers and one for the tax service's own client."""


class SpareKeys:
    """Makes keys in threads of its own, so that they are there when they are asked for."""

    def __init__(self, ahead: int = WANTED_AT_START) -> None:
        self._made: queue.SimpleQueue[PrivateKey] = queue.SimpleQueue()
        for _ in range(ahead):
            self._make_one()

    def _make_one(self) -> None:
        threading.Thread(target=self._make, name="spare-key", daemon=True).start()

    def _make(self) -> None:
        self._made.put(PrivateKey.generate())

    def take(self) -> PrivateKey:
        """A key that nobody else has; another is made in its place."""
        self._make_one()
        return self._made.get()
