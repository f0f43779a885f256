"""Maskinporten's refusals: from its error words and `MP` codes to exceptions.

The code stands in `error_uri`, in the description or in `error`, depending on the refusal; some
have none and are known by their description alone. Maskinporten, "error messages".
"""

from __future__ import annotations

import re

import httpx

from fullmakt.foundation.terms.members import read_json
from fullmakt.vendor import _exceptions as exceptions
from fullmakt.vendor._exceptions import MaskinportenError

_BY_CODE: dict[str, type[MaskinportenError]] = {
    "MP-012": exceptions.GrantReplayed,
    "MP-100": exceptions.UnknownClient,
    "MP-110": exceptions.WrongAudience,
    "MP-120": exceptions.KeyRefused,
    "MP-121": exceptions.KeyExpired,
    "MP-122": exceptions.KeyRefused,
    "MP-123": exceptions.KeyRefused,
    "MP-124": exceptions.SignatureRefused,
    "MP-130": exceptions.GrantTimesRefused,
    "MP-200": exceptions.ScopeNotOnClient,
    "MP-201": exceptions.ScopeNotOnClient,
    "MP-250": exceptions.ScopeNotGranted,
    "MP-251": exceptions.ScopeNotDelegated,
    "MP-301": exceptions.SystemUserReferenceRefused,
    "MP-302": exceptions.SystemUserReferenceRefused,
    "MP-303": exceptions.SystemUserReferenceRefused,
}
# QUIRK: these answers have come without a code.
_BY_DESCRIPTION: tuple[tuple[str, type[MaskinportenError]], ...] = (
    ("unknown key identifier", exceptions.KeyRefused),
    ("requires pre-registered jwk", exceptions.KeyRefused),
    ("issue time is", exceptions.GrantTimesRefused),
    ("too long lifetime", exceptions.GrantTimesRefused),
    ("has expired", exceptions.GrantTimesRefused),
)
_BY_ERROR: dict[str, type[MaskinportenError]] = {
    "temporarily_unavailable": exceptions.MaskinportenUnavailable,
    "invalid_authorization_details": exceptions.SystemUserReferenceRefused,
    "invalid_scope": exceptions.ScopeNotOnClient,
}
_CODE = re.compile(r"\bMP-\d{3}\b")
_TRACE = re.compile(r"\s*\((?:trace_id|correlation id): ([0-9A-Za-z-]+)\)\s*$")


def check_grant_answer(answer: httpx.Response) -> None:
    """Let a success pass. Raises: MaskinportenError, UnexpectedAnswer."""
    if answer.status_code == 200:
        return
    members = _members(answer)
    error = members.get("error")
    if not isinstance(error, str):
        if answer.is_server_error:
            raise exceptions.MaskinportenUnavailable(
                "", description=answer.reason_phrase, status=answer.status_code
            )
        raise exceptions.UnexpectedAnswer(
            f"the token endpoint answered {answer.status_code} without an `error`"
        )
    raise _refusal(error, members, answer.status_code)


def _refusal(error: str, members: dict[str, object], status: int) -> MaskinportenError:
    told = str(members.get("error_description") or "")
    places = (str(members.get("error_uri") or ""), told, error)
    code = next((found.group() for place in places if (found := _CODE.search(place))), "")
    trace = _TRACE.search(told)
    return _class_of(error, code, told)(
        error,
        code=code,
        description=_TRACE.sub("", told),
        trace_id=trace.group(1) if trace else "",
        status=status,
    )


def _class_of(error: str, code: str, told: str) -> type[MaskinportenError]:
    if error.startswith("invalid_altinn_customer_configuration"):
        return exceptions.SystemUserNotFound
    if code in _BY_CODE:
        return _BY_CODE[code]
    lowered = told.lower()
    by_description = (found for phrase, found in _BY_DESCRIPTION if phrase in lowered)
    return next(by_description, _BY_ERROR.get(error, MaskinportenError))


def _members(answer: httpx.Response) -> dict[str, object]:
    try:
        value = read_json(answer.content)
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
