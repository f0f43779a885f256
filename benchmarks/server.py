"""The server that is measured: the house over a benchmark world, and beside it a bare hello.

`python -m benchmarks.server DATABASE_URL PORT HELLO_PORT` writes one line when it is ready. The
house is served as `fullmakt serve` does; hello is a plain ASGI application under uvicorn as it
comes, in the same process and on the same loop.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any, cast

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from fullmakt.run.server.assembly import assemble
from fullmakt.run.server.clocks import MachineClock
from fullmakt.run.server.collecting import settle
from fullmakt.run.server.direct import direct_protocol
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
    """The front, and what the decision point's memory did."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.front = Front(_Standing(house), cast("Any", assemble()))

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401  ASGI
        if scope["type"] == "http" and scope["path"] == "/hits":
            standings = self._house.decisions.standings
            body = json.dumps([standings.hits, standings.misses]).encode()
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body", "body": body})
            return
        await self.front(scope, receive, send)


async def _hello(_scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401  ASGI
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": _HELLO})


class _Server(uvicorn.Server):
    """Listens for hello besides."""

    def __init__(self, config: uvicorn.Config, *, hello_port: int) -> None:
        super().__init__(config)
        self._hello_port = hello_port

    async def startup(self, sockets: Any = None) -> None:  # noqa: ANN401  uvicorn's own
        """Start, and say so."""
        await super().startup(sockets)
        hello = uvicorn.Config(_hello, log_level="warning", access_log=False, lifespan="off")

        def connection() -> HttpToolsProtocol:
            return HttpToolsProtocol(hello, self.server_state, {})

        loop = asyncio.get_running_loop()
        self.servers.append(await loop.create_server(connection, "127.0.0.1", self._hello_port))
        settle()
        print("ready", flush=True)


def _nobody_is_asked(question: bytes, trace: RequestTrace) -> bytes:
    message = f"no app is measured: {len(question)} bytes asked under {trace.correlation}"
    raise RuntimeError(message)


def main() -> None:
    """Serve until stopped."""
    url, port, hello_port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    settings = HouseSettings(url, f"http://127.0.0.1:{port}", "test", is_durable=True)
    database = open_database(settings, clock=MachineClock())
    house = open_house(settings, database, clock=MachineClock(), ask_decision=_nobody_is_asked)
    bench = _Bench(house)
    config = uvicorn.Config(
        bench,
        host="127.0.0.1",
        port=port,
        http=direct_protocol(bench.front),
        log_level="warning",
        access_log=False,
    )
    _Server(config, hello_port=hello_port).run()


if __name__ == "__main__":
    main()
