"""What a test world answers, told by itself."""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get

from fullmakt.run.testworld.control_door import neighbour


@get("/fullmakt/openapi.json", guards=[neighbour], sync_to_thread=True)
def get_description(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Every endpoint, described in OpenAPI 3.1."""
    # SPEED: contracts are loaded when somebody asks for them (benchmarks/start.py).
    from fullmakt.run.testworld.description import written_description  # noqa: PLC0415

    return Response(written_description(request.app), media_type="application/json")


ROUTES = [get_description]
