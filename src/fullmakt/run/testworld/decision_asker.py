"""The tax service's way to the decision point: its own client, its own token, over HTTP.

The service asks as any service owner does, so the trace shows its question. Its client's key is
made when the world starts and is in memory alone.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fullmakt.foundation.jose.keys import PrivateKey
from fullmakt.services.apps.errors import DecisionPointUnreachable

if TYPE_CHECKING:
    import httpx

    from fullmakt.foundation.http.traces import RequestTrace
    from fullmakt.vendor import Maskinporten

TAX_CLIENT = "d5e91f85-e789-5df4-8d5a-1b0edfd4d7df"
_SCOPE = "altinn:authorization/authorize"
_TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class _Connections:
    http: httpx.Client
    maskinporten: Maskinporten


class DecisionAsker:
    """Asks the decision point at `base` as the Maskinporten client of the tax service."""

    def __init__(self, base: str, key: PrivateKey) -> None:
        self._base = base
        self._key = key
        self._lock = threading.Lock()
        self._open: _Connections | None = None

    def __call__(self, question: bytes, trace: RequestTrace) -> bytes:
        """The answer to `question`, asked within `trace`. Raises: DecisionPointUnreachable."""
        # SPEED: neither is loaded before the first question (benchmarks/start.py).
        import httpx  # noqa: PLC0415

        from fullmakt.vendor import VendorError  # noqa: PLC0415

        try:
            connections = self._connections()
            token = connections.maskinporten.exchanged_token([_SCOPE])
            answer = connections.http.post(
                f"{self._base}/authorization/api/v1/authorize",
                content=question,
                headers={
                    "authorization": token.authorization,
                    "content-type": "application/json",
                    "accept": "application/json",
                    "traceparent": trace.traceparent,
                },
            )
        except (httpx.HTTPError, VendorError) as fault:
            message = f"the decision point could not be asked: {fault}"
            raise DecisionPointUnreachable(message) from fault
        if answer.status_code != httpx.codes.OK:
            reason = answer.headers.get("www-authenticate", "")
            message = f"the decision point answered {answer.status_code} {reason}".rstrip()
            raise DecisionPointUnreachable(message)
        return answer.content

    def _connections(self) -> _Connections:
        with self._lock:
            if self._open is None:
                import httpx  # noqa: PLC0415

                from fullmakt.vendor import ClientKey, Environment, Maskinporten  # noqa: PLC0415

                http = httpx.Client(timeout=_TIMEOUT_S, trust_env=False)
                key = ClientKey.from_pem(self._key.as_pem(), kid=self._key.kid)
                maskinporten = Maskinporten(
                    Environment.local(self._base), TAX_CLIENT, key, http=http
                )
                self._open = _Connections(http, maskinporten)
            return self._open

    def close(self) -> None:
        """Close the connections."""
        with self._lock:
            if self._open is not None:
                self._open.maskinporten.close()
                self._open.http.close()
                self._open = None
