"""Protection of the portal's calls against other sites that use the browser's log-in.

The portal's scripts send back in a header what they read in a cookie; another site can do neither.
A call with a token in `Authorization` cannot be made by a browser on its own, and needs none.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

from fullmakt.foundation.terms.problem import PlainProblem

COOKIE, HEADER = "XSRF-TOKEN", "x-xsrf-token"
_SESSION = "AltinnStudioRuntime"
_SAFE = frozenset({"GET", "HEAD"})


def check_not_forged(method: str, *, cookies: Mapping[str, str], header: str | None) -> None:
    """Refuse a change made with the session's cookie alone. Raises: PlainProblem (400)."""
    if method in _SAFE or _SESSION not in cookies:
        return
    expected = cookies.get(COOKIE, "")
    if not expected or not hmac.compare_digest(expected.encode(), (header or "").encode()):
        detail = f"send the cookie `{COOKIE}`, and its value in the header `X-XSRF-TOKEN`"
        raise PlainProblem(400, "Bad Request", detail)
