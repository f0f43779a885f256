"""Where the browser goes when a log-in has ended."""

from __future__ import annotations

from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.storage.database import Reading
from fullmakt.identity.logout.rules import Answered, LogoutNote, Subject
from fullmakt.systems.requests import redirects
from fullmakt.systems.system_users.model import SystemUserKind


def get_destination(reading: Reading, note: LogoutNote, addresses: Addresses) -> str:
    """The vendor's address of what was answered, as it was registered and sent; else the portal's.

    QUIRK: the original fails with 500 when the request is unknown or has no address. Mended
    (test_without_an_address_to_go_back_to_the_portal_is_next).
    """
    if note.is_safe_redirect:
        return f"{addresses.portal}/accessmanagement/api/v1/logoutredirect"
    found = None if note.answered is None else _redirect_of(reading, note.answered)
    return found or f"{addresses.portal}/"


def _redirect_of(reading: Reading, answered: Answered) -> str | None:
    match answered.subject:
        case Subject.REQUEST:
            return redirects.find_redirect(reading, answered.uuid, SystemUserKind.STANDARD)
        case Subject.AGENT_REQUEST:
            return redirects.find_redirect(reading, answered.uuid, SystemUserKind.AGENT)
        case Subject.CHANGE_REQUEST:
            return redirects.find_change_redirect(reading, answered.uuid)
