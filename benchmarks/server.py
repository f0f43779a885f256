"""The server that is measured: the house over a benchmark world, and beside it a bare hello.

`python -m benchmarks.server DATABASE_URL PORT` writes one line when it is ready.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any, cast

import uvicorn

from fullmakt.run.server.assembly import assemble
from fullmakt.run.server.clocks import MachineClock
from fullmakt.run.server.collecting import settle
from fullmakt.run.server.front import Front
from fullmakt.run.server.house import HouseSettings, open_database, open_house

if TYPE_CHECKING:
    from fullmakt.foundation.http.traces import RequestTrace
    from fullmakt.run.server.house import House

_HELLO = b'{"hello":"world"}'
_HEADERS = [(b"content-type", b"application/json"), (b"content-length", b"17")]


class _Standing:
    """The one house of this process."""

    def __init__(self, house: House) -> None:
        self.house = house


class _Bench:
    """The front, a bare hello, and what the decision point's memory did."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._front = Front(_Standing(house), cast("Any", assemble()))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401  ASGI
        if scope["type"] == "http" and scope["path"] == "/hello":
            await receive()
            await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
            await send({"type": "http.response.body", "body": _HELLO})
            return
        if scope["type"] == "http" and scope["path"] == "/hits":
            standings = self._house.decisions.standings
            body = json.dumps([standings.hits, standings.misses]).encode()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": body})
            return
        await self._front(scope, receive, send)


def _nobody_is_asked(question: bytes, trace: RequestTrace) -> bytes:
    message = f"no app is measured: {len(question)} bytes asked under {trace.correlation}"
    raise RuntimeError(message)


def main() -> None:
    """Serve until stopped."""
    url, port = sys.argv[1], int(sys.argv[2])
    settings = HouseSettings(url, f"http://127.0.0.1:{port}", "test", is_durable=True)
    database = open_database(settings, clock=MachineClock())
    house = open_house(settings, database, clock=MachineClock(), ask_decision=_nobody_is_asked)
    config = uvicorn.Config(
        _Bench(house), host="127.0.0.1", port=port, log_level="warning", access_log=False
    )
    settle()
    print("ready", flush=True)
    uvicorn.Server(config).run()


if __name__ == "__main__":
    main()
