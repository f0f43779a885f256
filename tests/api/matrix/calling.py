"""A declared call, sent as it is or with one thing wrong, and what the answer tells."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import httpx

from tests.api.matrix import grants
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
from tests.api.matrix.grants import changed_token
from tests.api.matrix.stage import ANOTHER, ELSEWHERE, Stage

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a caller shows: headers, and what stands in the call by other names than the world's."""

    headers: Texts = field(default_factory=dict)
    names: Texts = field(default_factory=dict)


def send(stage: Stage, endpoint: Endpoint, shown: Shown) -> httpx.Response:
    """Send the declared call."""
    names = {**stage.names, **shown.names}
    path = {name: told.format_map(names) for name, told in endpoint.path.items()}
    content = None if endpoint.content is None else endpoint.content.format_map(names)
    return stage.http.request(
        endpoint.method,
        endpoint.template.format_map(path),
        params={name: told.format_map(names) for name, told in endpoint.query.items()},
        json=None if endpoint.body is None else filled(endpoint.body, names),
        content=content,
        headers={**shown.headers, **endpoint.headers},
    )


def filled(value: object, names: Texts) -> object:
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
    named = Shown(stage.bearer(endpoint.by, held)) if held else key_of(stage, endpoint)
    return send(stage, endpoint, named)


def key_of(stage: Stage, endpoint: Endpoint) -> Shown:
    """What opens the endpoint's door."""
    match endpoint.door:
        case "open" | "machine":
            return Shown()
        case "secret":
            return Shown({"authorization": stage.control.known.headers["authorization"]})
        case "basic":
            return Shown({"authorization": f"Basic {base64.b64encode(b'test:test').decode()}"})
        case "grant":
            return Shown(names={"grant": grants.form(stage)})
        case "exchange":
            return Shown(stage.from_maskinporten())
        case _:
            return Shown(stage.bearer(endpoint.by, endpoint.held))


def short_lived(stage: Stage, endpoint: Endpoint) -> Shown:
    """A token, or a grant, of whom the endpoint is for, which expires in a second."""
    match endpoint.door:
        case "grant":
            return Shown(names={"grant": grants.form(stage, lasts_s=1)})
        case "exchange":
            return Shown(stage.from_maskinporten(client="short_client"))
        case _:
            return Shown(stage.bearer(endpoint.by, endpoint.held, lifetime_s=1))


def send_wrongly(
    stage: Stage, endpoint: Endpoint, wrong: str, every_scope: set[str]
) -> httpx.Response:
    """The call with one thing wrong."""
    match endpoint.door:
        case "grant":
            shown = Shown(names={"grant": grants.wrong_form(stage, wrong)})
        case "exchange":
            shown = Shown(_wrongly_exchanged(stage, wrong) or _wrongly(stage, endpoint, wrong))
        case _ if wrong == "wrong scope":
            others = sorted(every_scope - set(endpoint.scopes))
            shown = Shown(stage.bearer(endpoint.by, *others))
        case _ if wrong == "wrong party":
            shown = Shown(key_of(stage, endpoint).headers, stage.other_names)
        case _:
            shown = Shown(_wrongly(stage, endpoint, wrong))
    return send(stage, endpoint, shown)


def _wrongly(stage: Stage, endpoint: Endpoint, wrong: str) -> Texts:
    """A bearer token with one thing wrong, or none."""
    match wrong:
        case "no token":
            return {}
        case "wrong issuer":
            return stage.foreign(endpoint.by, endpoint.held)
        case "changed token":
            return changed(stage.bearer(endpoint.by, endpoint.held))
        case "wrong audience":
            return stage.from_maskinporten(resource=ELSEWHERE)
        case "wrong vendor":
            return stage.bearer(ANOTHER.get(endpoint.by, "other vendor"), endpoint.held)
        case _:
            return stage.bearer("stranger", endpoint.held)


def _wrongly_exchanged(stage: Stage, wrong: str) -> Texts | None:
    """A token of the token server's with one thing wrong, where that is another than elsewhere."""
    match wrong:
        case "wrong issuer":
            return stage.from_maskinporten(world=stage.elsewhere)
        case "changed token":
            return changed(stage.from_maskinporten())
        case _:
            return None


def changed(headers: Texts) -> Texts:
    """The same token with a higher level of authentication; its signature is what it was."""
    scheme, _, compact = headers["authorization"].partition(" ")
    return {"authorization": f"{scheme} {changed_token(compact)}"}


def fault_of(answer: httpx.Response, cell: Cell, endpoint: Endpoint, names: Texts) -> str | None:
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
    # The token server tells its reasons in a header of its own.
    headers = ("www-authenticate", "fullmakt-reason")
    challenge = " ".join(answer.headers.get(name, "") for name in headers).strip()
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
