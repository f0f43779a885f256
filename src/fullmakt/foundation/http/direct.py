"""Requests answered directly: known to the end when they are handed over, and answered at once.

What a hot endpoint offers besides its plain ASGI way, to a server that can use it. All answers are
good ones with status 200: whatever is out of the ordinary is left to the ordinary way, which knows
how to tell it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LARGEST_DIRECT_BODY = 64 * 1024
"""Larger bodies, in bytes, are read the ordinary way."""


class DirectRequest(NamedTuple):
    """A whole request: the first header of each name (lower case), and the body."""

    headers: Mapping[bytes, bytes]
    body: bytes


class DirectAnswer(NamedTuple):
    """A whole answer with status 200: its header lines as they are sent, and its body."""

    head: bytes
    body: bytes


class DirectEndpoint(Protocol):
    """Answers many requests at once."""

    def answer_together(self, requests: Sequence[DirectRequest]) -> Sequence[DirectAnswer | None]:
        """The answer to each; None for one that is to be answered the ordinary way.

        INVARIANT: all of them have arrived before this is called, so what it reads from the primary
        is read after. It has done nothing about those it leaves.
        """
        ...
