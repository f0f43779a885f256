"""Log-out over HTTP. Source: Altinn's public documentation.

The portal notes what was answered in a cookie and sends the browser to `/logout`; whoever logs
people in sends it on to `/logout/handleloggedout`. Where the log-in is our own stand-in, there is
nobody else to end it, and the browser is sent on at once. All of it is open to anybody.
"""

from __future__ import annotations

from typing import Annotated

from litestar import Response, get
from litestar.datastructures import Cookie
from litestar.handlers import HTTPRouteHandler
from litestar.params import CookieParameter, FromPath

from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.identity.logout import rules, service
from fullmakt.identity.logout.rules import Answered, Subject
from fullmakt.systems.system_users.parameters import read_id

_PLATFORM = "/authentication/api/v1"
_PORTAL = "/accessmanagement/api/v1/systemuser"
_SESSION, _NOTE = "AltinnStudioRuntime", "AltinnLogoutInfo"
_UNCACHED = {"cache-control": "no-store", "pragma": "no-cache"}


@get(f"{_PLATFORM}/logout", sync_to_thread=False)
def log_out(addresses: Given[Addresses]) -> Response[bytes]:
    """End the log-in."""
    location = f"{addresses.platform}{_PLATFORM}/logout/handleloggedout"
    return _redirect(location, _ended(_SESSION, addresses))


@get(f"{_PLATFORM}/logout/handleloggedout", sync_to_thread=True)
def go_on(
    database: Given[Database],
    addresses: Given[Addresses],
    cookie: Annotated[str | None, CookieParameter(name=_NOTE)] = None,
) -> Response[bytes]:
    """Send the browser back to the vendor, or to the portal."""
    note = rules.read_note(cookie)
    with database.reading() as reading:
        destination = service.get_destination(reading, note, addresses)
    # The portal reads the cookie once more where it knows the way itself.
    ended = () if note.is_safe_redirect else (_ended(_NOTE, addresses),)
    return _redirect(destination, *ended)


@get(f"{_PLATFORM}/frontchannel_logout", sync_to_thread=False)
def forget_session(addresses: Given[Addresses]) -> Response[bytes]:
    """Forget the log-in of this browser; whoever logs people in asks for it in a frame."""
    cookie = _ended(_SESSION, addresses)
    return Response(b"", status_code=200, headers=_UNCACHED, cookies=[cookie])


@get(f"{_PORTAL}/request/{{request_id:str}}/logout", sync_to_thread=False)
def leave_request(request_id: FromPath[str], addresses: Given[Addresses]) -> Response[bytes]:
    """Leave the page of a standard request."""
    return _leave(Subject.REQUEST, request_id, addresses)


@get(f"{_PORTAL}/agentrequest/{{request_id:str}}/logout", sync_to_thread=False)
def leave_agent_request(request_id: FromPath[str], addresses: Given[Addresses]) -> Response[bytes]:
    """Leave the page of an agent request."""
    return _leave(Subject.AGENT_REQUEST, request_id, addresses)


@get(f"{_PORTAL}/changerequest/{{request_id:str}}/logout", sync_to_thread=False)
def leave_change_request(request_id: FromPath[str], addresses: Given[Addresses]) -> Response[bytes]:
    """Leave the page of a change request."""
    return _leave(Subject.CHANGE_REQUEST, request_id, addresses)


def _leave(subject: Subject, request_id: str, addresses: Addresses) -> Response[bytes]:
    note = rules.write_note(Answered(subject, read_id("requestId", request_id)))
    cookie = _cookie(_NOTE, note, addresses)
    return _redirect(f"{addresses.platform}{_PLATFORM}/logout", cookie)


def _redirect(location: str, *cookies: Cookie) -> Response[bytes]:
    headers = {"location": location, **_UNCACHED}
    return Response(b"", status_code=302, headers=headers, cookies=list(cookies))


def _cookie(name: str, value: str, addresses: Addresses, *, max_age: int | None = None) -> Cookie:
    is_secure = addresses.platform.startswith("https:")
    return Cookie(
        key=name,
        value=value,
        domain=addresses.cookie_domain,
        max_age=max_age,
        secure=is_secure,
        httponly=True,
        samesite="lax",
    )


def _ended(name: str, addresses: Addresses) -> Cookie:
    return _cookie(name, "", addresses, max_age=0)


ROUTES: list[HTTPRouteHandler] = [
    log_out,
    go_on,
    forget_session,
    leave_request,
    leave_agent_request,
    leave_change_request,
]
