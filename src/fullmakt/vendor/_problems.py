"""From an answer to the exception that it is.

Altinn's problem and validation problem (with a code), the framework's validation problem, one line
of text, and the empty 401/403 whose reason stands in `WWW-Authenticate` (RFC 6750 section 3).
"""

from __future__ import annotations

import re

import httpx

from fullmakt.foundation.terms.members import read_json
from fullmakt.vendor import _exceptions as exceptions
from fullmakt.vendor._exceptions import PlatformProblem, ProblemBody, ValidationEntry

_BY_CODE: dict[str, type[PlatformProblem]] = {
    "AUTH-00000": exceptions.PartyNotFound,
    "AUTH-00001": exceptions.RightNotOnSystem,
    "AUTH-00004": exceptions.SystemUserExists,
    "AUTH-00006": exceptions.RequestExists,
    "AUTH-00007": exceptions.RequestExists,
    "AUTH-00008": exceptions.RequestExists,
    "AUTH-00009": exceptions.RequestExists,
    "AUTH-00010": exceptions.RequestNotFound,
    "AUTH-00011": exceptions.SystemNotFound,
    "AUTH-00015": exceptions.SystemUserNotChangeable,
    "AUTH-00021": exceptions.RedirectRefused,
    "AUTH-00026": exceptions.RedirectRefused,
    "AUTH-00031": exceptions.LinkNotFound,
    "AUTH-00038": exceptions.LinkNotFound,
    "AUTH-00058": exceptions.NothingAskedFor,
    "AUTH-00059": exceptions.NothingAskedFor,
    "AUTH-00063": exceptions.PackageNotOnSystem,
    "AUTH-00064": exceptions.PackageNotDelegable,
    "AUTH-00065": exceptions.PackageNotDelegable,
    "AUTH-00079": exceptions.ClientNotFound,
    "AUTH-00080": exceptions.ClientLacksPackages,
}
_BY_ENTRY: dict[str, type[exceptions.ValidationRefused]] = {
    "AUTH.VLD-00002": exceptions.SystemIdTaken,
    "AUTH.VLD-00004": exceptions.ClientIdTaken,
    "AUTH.VLD-00014": exceptions.AgentNotFound,
    "AUTH.VLD-00015": exceptions.NotAnAgent,
    "AM.VLD-00026": exceptions.MayNotGiveOn,
    "AM.VLD-00028": exceptions.CannotBeGiven,
    "AM.VLD-00048": exceptions.CannotBeGiven,
}
_BY_STATUS: dict[int, type[PlatformProblem]] = {
    401: exceptions.NotAuthenticated,
    403: exceptions.NotAuthorized,
    404: exceptions.NotFound,
}
_VALIDATION = "STD-00000"
_COMMON = {
    "type",
    "title",
    "status",
    "detail",
    "code",
    "traceId",
    "statusDescription",
    "validationErrors",
    "errors",
    "instance",
}
_PARAMETER = re.compile(r'([a-z_]+)\s*=\s*"((?:[^"\\]|\\.)*)"', re.IGNORECASE)
_LONGEST_TEXT = 500


def check(
    answer: httpx.Response, *, missing: type[exceptions.NotFound] = exceptions.NotFound
) -> httpx.Response:
    """`answer` if it is a success. `missing` is what a 404 without a code is.

    Raises: PlatformProblem.
    """
    if answer.is_success:
        return answer
    body = read_problem(answer)
    found = _class_of(body)
    raise (missing if found is exceptions.NotFound else found)(body)


def read_problem(answer: httpx.Response) -> ProblemBody:
    """What `answer` says is wrong, in whichever form it says it."""
    members = _members(answer)
    if members is None:
        text = answer.text.strip()[:_LONGEST_TEXT]
        return ProblemBody(
            answer.status_code,
            detail=text.strip('"'),
            reason=_reason(answer),
        )
    return ProblemBody(
        status=answer.status_code,
        code=_text(members, "code"),
        title=_text(members, "title"),
        detail=_text(members, "detail"),
        trace_id=_text(members, "traceId"),
        reason=_reason(answer),
        extensions={name: value for name, value in members.items() if name not in _COMMON},
        validation_errors=_entries(members.get("validationErrors")),
        errors=_errors(members.get("errors")),
    )


def _class_of(body: ProblemBody) -> type[PlatformProblem]:
    if body.code in _BY_CODE:
        return _BY_CODE[body.code]
    if body.code == _VALIDATION or body.validation_errors:
        entries = (entry.code for entry in body.validation_errors)
        return next(
            (_BY_ENTRY[code] for code in entries if code in _BY_ENTRY),
            exceptions.ValidationRefused,
        )
    return _class_by_status(body)


def _class_by_status(body: ProblemBody) -> type[PlatformProblem]:
    if body.status >= 500:
        return exceptions.PlatformUnavailable
    if body.status == 400 and body.errors:
        return exceptions.InvalidInput
    if body.status == 403 and (body.title or body.detail):
        return exceptions.NotPermitted
    return _BY_STATUS.get(body.status, PlatformProblem)


def _members(answer: httpx.Response) -> dict[str, object] | None:
    try:
        value = read_json(answer.content)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _reason(answer: httpx.Response) -> str:
    challenge: str = answer.headers.get("WWW-Authenticate", "")
    parameters: dict[str, str] = {
        found[1].lower(): found[2] for found in _PARAMETER.finditer(challenge)
    }
    return parameters.get("error_description") or parameters.get("error", "")


def _text(members: dict[str, object], name: str) -> str:
    value = members.get(name)
    return value if isinstance(value, str) else ""


def _entries(value: object) -> tuple[ValidationEntry, ...]:
    if not isinstance(value, list):
        return ()
    return tuple(_entry(one) for one in value if isinstance(one, dict))


def _entry(members: dict[str, object]) -> ValidationEntry:
    paths = members.get("paths")
    common = {"code", "title", "paths", "detail"}
    return ValidationEntry(
        code=_text(members, "code"),
        # QUIRK: libraries before 5.0 put the text in `detail` and have no title.
        title=_text(members, "title") or _text(members, "detail"),
        paths=tuple(str(path) for path in paths) if isinstance(paths, list) else (),
        detail=_text(members, "detail"),
        extensions={name: value for name, value in members.items() if name not in common},
    )


def _errors(value: object) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict):
        return {}
    return {
        str(name): tuple(str(text) for text in texts) if isinstance(texts, list) else (str(texts),)
        for name, texts in value.items()
    }
