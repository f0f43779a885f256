"""Keys made ahead, in the background: one takes a tenth of a second, a new world wants some."""

from __future__ import annotations

import queue
import threading
from enum import IntEnum
from typing import Final

from fullmakt.foundation.jose.keys import PrivateKey

_REPLACED_AFTER_S = 0.5
_MOST_AHEAD: Final = 8


class Wanted(IntEnum):
    """How many keys are taken at once."""

    BY_A_START = 1
    """One for the tax service's own client."""
    BY_A_NEW_WORLD = 3
    """That one, and two for the token servers."""


class SpareKeys:
    """Makes keys in threads of its own, so that they are there when they are asked for.

    Whoever begins world after world, as tests do, finds more of them each time, up to a limit.
    """

    def __init__(self, ahead: int = Wanted.BY_A_NEW_WORLD) -> None:
        self._made: queue.SimpleQueue[PrivateKey] = queue.SimpleQueue()
        self._counting = threading.Lock()
        self._coming = 0
        self._ahead = ahead
        for _ in range(ahead):
            self._coming += 1
            threading.Thread(target=self._put, name="spare-key", daemon=True).start()

    def _put(self) -> None:
        self._made.put(PrivateKey.generate())

    def _put_later(self) -> None:
        with self._counting:
            self._coming += 1
        self._put()

    def take(self) -> PrivateKey:
        """A key that nobody else has; another is made in its place."""
        with self._counting:
            is_there = self._coming > 0
            self._coming -= is_there
            is_more_wanted = not is_there and self._ahead < _MOST_AHEAD
            self._ahead += is_more_wanted
        # SPEED: whoever takes a key is about to answer somebody, and gets the cores first
        # (benchmarks/start.py).
        for _ in range(1 + is_more_wanted):
            replacing = threading.Timer(_REPLACED_AFTER_S, self._put_later)
            replacing.daemon = True
            replacing.start()
        return self._made.get() if is_there else PrivateKey.generate()
