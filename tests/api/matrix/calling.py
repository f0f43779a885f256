"""A declared call, sent as it is or with one thing wrong, and what the answer tells."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

import httpx

from tests.api.matrix.declared import (
    Answered,
    AsBefore,
    Cell,
    Endpoint,
    Hidden,
    NotApplicable,
    NothingToDo,
    Refused,
)
from tests.api.matrix.stage import ANOTHER, Stage

Headers = Mapping[str, str]


def send(stage: Stage, endpoint: Endpoint, headers: Headers, names: Headers) -> httpx.Response:
    """Send the declared call with these headers, and these names for what stands in it."""
    path = {name: told.format_map(names) for name, told in endpoint.path.items()}
    content = None if endpoint.content is None else endpoint.content.format_map(names)
    return stage.http.request(
        endpoint.method,
        endpoint.template.format_map(path),
        params={name: told.format_map(names) for name, told in endpoint.query.items()},
        json=None if endpoint.body is None else filled(endpoint.body, names),
        content=content,
        headers={**headers, **endpoint.headers},
    )


def filled(value: object, names: Headers) -> object:
    """A JSON value with its texts filled in."""
    match value:
        case str():
            return value.format_map(names)
        case list():
            return [filled(each, names) for each in value]
        case dict():
            return {name: filled(each, names) for name, each in value.items()}
        case _:
            return value


def send_rightly(stage: Stage, endpoint: Endpoint, *, held: str | None = None) -> httpx.Response:
    """The call by whom it is for, who may hold another of the scopes that open the door."""
    named = stage.bearer(endpoint.by, held) if held else key_of(stage, endpoint)
    return send(stage, endpoint, named, stage.names)


def key_of(stage: Stage, endpoint: Endpoint) -> Headers:
    """What opens the endpoint's door."""
    match endpoint.door:
        case "open" | "machine":
            return {}
        case "secret":
            return {"authorization": stage.control.known.headers["authorization"]}
        case "basic":
            return {"authorization": f"Basic {base64.b64encode(b'test:test').decode()}"}
        case _:
            return token_of(stage, endpoint)


def token_of(stage: Stage, endpoint: Endpoint, *, lifetime_s: int = 1800) -> Headers:
    """A token of whom the endpoint is for, with a scope that it takes."""
    return stage.bearer(endpoint.by, endpoint.held, lifetime_s=lifetime_s)


def send_wrongly(
    stage: Stage, endpoint: Endpoint, wrong: str, every_scope: set[str]
) -> httpx.Response:
    """The call with one thing wrong."""
    headers: Headers = {}
    names: Mapping[str, str] = stage.names
    match wrong:
        case "no token":
            pass
        case "wrong issuer":
            headers = stage.foreign(endpoint.by, endpoint.held)
        case "changed token":
            headers = changed(token_of(stage, endpoint))
        case "wrong audience":
            headers = {"authorization": f"Bearer {stage.token_for_elsewhere()}"}
        case "wrong scope":
            headers = stage.bearer(endpoint.by, *sorted(every_scope - set(endpoint.scopes)))
        case "wrong vendor":
            another = ANOTHER.get(endpoint.by, "other vendor")
            headers = stage.bearer(another, endpoint.held)
        case "wrong person":
            headers = stage.bearer("stranger", endpoint.held)
        case "wrong party":
            headers, names = key_of(stage, endpoint), {**names, **stage.other_names}
        case _:
            raise AssertionError(wrong)
    return send(stage, endpoint, headers, names)


def changed(headers: Headers) -> Headers:
    """The same token with a higher level of authentication; its signature is what it was."""
    scheme, _, compact = headers["authorization"].partition(" ")
    head, claims, signature = compact.split(".")
    read = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    written = json.dumps({**read, "urn:altinn:authlevel": 4}).encode()
    more = base64.urlsafe_b64encode(written).decode().rstrip("=")
    return {"authorization": f"{scheme} {head}.{more}.{signature}"}


def fault_of(answer: httpx.Response, cell: Cell, endpoint: Endpoint, names: Headers) -> str | None:
    """What is not as declared in an answer; None when all is."""
    is_answered = answer.status_code == endpoint.answers
    is_as_declared = True
    match cell:
        case Refused(status, reason):
            wanted = reason.format_map({**names, "scopes": " or ".join(endpoint.scopes)})
            said = told(answer)
            is_told = said == wanted[5:] if wanted.startswith("just ") else wanted in said
            is_as_declared = answer.status_code == status and is_told
        case Hidden(name):
            is_as_declared = is_answered and names[name] not in answer.text
        case Answered(text):
            is_as_declared = is_answered and answer.text == text
        case NothingToDo():
            is_as_declared = is_answered and '"changed":true' not in answer.text
        case AsBefore():
            is_as_declared = is_answered
        case NotApplicable():
            pass
    return None if is_as_declared else f"{answer.status_code} {told(answer)[:300]}"


def told(answer: httpx.Response) -> str:
    """Code and reason of an answer, in one text; of an empty one, the reason in its header."""
    challenge = answer.headers.get("www-authenticate", "")
    if not answer.content:
        return str(challenge)
    try:
        body = answer.json()
    except json.JSONDecodeError:
        return f"{challenge} {answer.text}"
    if not isinstance(body, dict) or answer.is_success:
        return answer.text
    # A trace id could hold anything.
    members = {name: value for name, value in body.items() if name != "traceId"}
    return " ".join(
        [
            challenge,
            str(members.get("code", "")),
            str(members.get("detail", "")),
            json.dumps(members, ensure_ascii=False),
        ]
    )
