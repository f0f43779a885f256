"""What the cookie of a log-out says, and where the browser goes then."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Subject(StrEnum):
    """What was answered, as the cookie names it."""

    REQUEST = "SystemuserRequestId"
    CHANGE_REQUEST = "SystemuserChangeRequestId"
    AGENT_REQUEST = "SystemuserAgentRequestId"


@dataclass(frozen=True, slots=True)
class Answered:
    """What was answered before the log-out."""

    subject: Subject
    uuid: UUID


@dataclass(frozen=True, slots=True)
class LogoutNote:
    """The cookie, read. `is_safe_redirect`: the portal knows where to go itself."""

    is_safe_redirect: bool = False
    answered: Answered | None = None


def read_note(cookie: str | None) -> LogoutNote:
    """The cookie's `key=value` pairs, set apart by `?`; what is not understood is passed over.

    Of several ids the request's comes first, then the change request's, then the agent request's.
    """
    pairs = dict(_pairs(cookie or ""))
    if "amSafeRedirectUrl" in pairs:
        return LogoutNote(is_safe_redirect=True)
    for subject in Subject:
        uuid = _uuid(pairs.get(subject.value, ""))
        if uuid is not None:
            return LogoutNote(answered=Answered(subject, uuid))
    return LogoutNote()


def write_note(answered: Answered) -> str:
    """The cookie that names what was answered."""
    return f"{answered.subject.value}={answered.uuid}"


def _pairs(cookie: str) -> list[tuple[str, str]]:
    found = []
    for part in cookie.split("?"):
        key, separator, value = part.partition("=")
        if separator:
            found.append((key, value))
    return found


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
