"""What is declared of each endpoint: the call that succeeds, and the answer to each that is wrong.

Declarations stand in `tests/cases/endpoints`, a file for each subject; `doors.yaml` there has what
is the same for all calls of one door, and the reasons for which a wrong may not apply. Reading is
strict: an unknown member, wrong or reason is a fault of the file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

_ROOT = Path(__file__).parents[3]
FOLDER = _ROOT / "tests" / "cases" / "endpoints"
STATELESS = (
    "no token",
    "wrong issuer",
    "changed token",
    "wrong audience",
    "wrong scope",
    "wrong vendor",
    "wrong party",
    "wrong person",
)
EXPIRED, DELETED_SYSTEM, DELETED_USER = "expired", "deleted system", "deleted system user"
WRONGS = (*STATELESS, EXPIRED, DELETED_SYSTEM, DELETED_USER)
AS_BEFORE, NOTHING_TO_DO = "as before", "nothing to do"
_ANY_SCOPE = "altinn:portal/enduser"
_CALL = re.compile(r"(GET|POST|PUT|DELETE) (/\S*)")
_SHORTEST_REASON = len("just 0")
_ANSWER = re.compile(r"([1-5]\d\d) (\S.*)")
_PARAMETER = re.compile(r"\{(\w+)\}")
PARTY_NAMES = ("party", "party_uuid", "party_number", "client_number", "instance_party")
"""What stands for a party in the calls: each is another one when the party is wrong."""
_SYSTEM_USERS = ("system_user", "agent", "empty_agent", "own_agent", "change", "delegation")
_SYSTEMS = ("system_id", "visible_system_id", "request", "agent_request", *_SYSTEM_USERS)
NAMED = {
    "names no party": PARTY_NAMES,
    "names no system": _SYSTEMS,
    "names no system user": _SYSTEM_USERS,
}
"""What must not stand in a call that is excused for naming none."""
_MEMBERS = {"call", "by", "door", "scopes", "path", "query", "body", "content", "headers"}
_MEMBERS |= {"answers", "wrong", "held"}


@dataclass(frozen=True, slots=True)
class Refused:
    """A refusal: its status, and words that stand in its code or its reason."""

    status: int
    reason: str


@dataclass(frozen=True, slots=True)
class Hidden:
    """The call succeeds, and does not tell what it tells to whom it is for."""

    name: str


@dataclass(frozen=True, slots=True)
class Answered:
    """The call succeeds with just this, and does nothing."""

    text: str


@dataclass(frozen=True, slots=True)
class AsBefore:
    """The call is answered as if nothing were wrong; that is documented."""


@dataclass(frozen=True, slots=True)
class NothingToDo:
    """The call succeeds, as one that finds nothing to take away, and nothing is written."""


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """The wrong cannot be done to this call, for one of the known reasons."""

    reason: str


Cell = Refused | Hidden | Answered | AsBefore | NothingToDo | NotApplicable


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One endpoint as it is declared."""

    method: str
    template: str
    file: str
    door: str
    by: str
    scopes: tuple[str, ...]
    held: str
    """The scope that the caller holds: one that opens the door, or any where none is asked for."""
    path: Mapping[str, str]
    query: Mapping[str, str]
    body: Any
    content: str | None
    headers: Mapping[str, str]
    answers: int
    cells: Mapping[str, Cell]

    @property
    def name(self) -> str:
        return f"{self.method} {self.template}"


@dataclass(frozen=True, slots=True)
class Doors:
    """What all calls of one door have in common, and what each reason excuses."""

    cells: Mapping[str, Mapping[str, str]]
    reasons: Mapping[str, tuple[str, ...]]


@cache
def doors() -> Doors:
    """The doors and the reasons."""
    read = yaml.safe_load((FOLDER / "doors.yaml").read_text(encoding="utf-8"))
    assert set(read) == {"about", "doors", "reasons"}
    reasons = {name: tuple(each["excuses"]) for name, each in read["reasons"].items()}
    for excused in reasons.values():
        assert set(excused) <= set(WRONGS), excused
    return Doors(read["doors"], reasons)


@cache
def endpoints() -> tuple[Endpoint, ...]:
    """Every declared endpoint, file by file."""
    files = sorted(FOLDER.glob("*.yaml"))
    found = [each for file in files if file.stem != "doors" for each in _read_file(file)]
    names = [each.name for each in found]
    assert len(names) == len(set(names)), [name for name in names if names.count(name) > 1]
    return tuple(found)


def _read_file(file: Path) -> Iterable[Endpoint]:
    read = yaml.safe_load(file.read_text(encoding="utf-8"))
    assert set(read) == {"about", "source", "usually", "endpoints"}, file.name
    assert (_ROOT / read["source"].partition("#")[0]).exists(), f"{file.name}: {read['source']}"
    usually = read["usually"]
    return [_read(each, usually, file.stem) for each in read["endpoints"]]


def _read(each: Mapping[str, Any], usually: Mapping[str, Any], file: str) -> Endpoint:
    told = {**usually, **each}
    match = _CALL.fullmatch(told["call"])
    assert match, told["call"]
    assert set(told) <= _MEMBERS, f"{told['call']}: {set(told) - _MEMBERS}"
    method, template = match[1], match[2]
    path = {name: f"{{{name}}}" for name in _PARAMETER.findall(template)} | told.get("path", {})
    cells = {
        **doors().cells[told["door"]],
        **usually.get("wrong", {}),
        **each.get("wrong", {}),
    }
    assert set(cells) == set(WRONGS), f"{told['call']}: {set(WRONGS) ^ set(cells)}"
    endpoint = Endpoint(
        method=method,
        template=template,
        file=file,
        door=told["door"],
        by=told["by"],
        scopes=tuple(told.get("scopes", ())),
        held=told.get("held", (told.get("scopes") or [_ANY_SCOPE])[0]),
        path=path,
        query=told.get("query", {}),
        body=told.get("body"),
        content=told.get("content"),
        headers=told.get("headers", {}),
        answers=told["answers"],
        cells={wrong: _cell(told["call"], wrong, cell) for wrong, cell in cells.items()},
    )
    _check_excuses(endpoint)
    return endpoint


def _cell(call: str, wrong: str, told: object) -> Cell:
    if isinstance(told, dict):
        ((what, value),) = told.items()
        assert what in {"hides", "answers"}, f"{call}, {wrong}: {told}"
        return Hidden(value) if what == "hides" else Answered(value)
    assert isinstance(told, str), f"{call}, {wrong}: {told}"
    if told == AS_BEFORE:
        return AsBefore()
    if told == NOTHING_TO_DO:
        return NothingToDo()
    match = _ANSWER.fullmatch(told)
    if match:
        assert len(match[2]) >= _SHORTEST_REASON, f"{call}, {wrong}: {told}"
        return Refused(int(match[1]), match[2])
    assert wrong in doors().reasons.get(told, ()), f"{call}: `{told}` does not excuse `{wrong}`"
    return NotApplicable(told)


def _check_excuses(endpoint: Endpoint) -> None:
    """An endpoint that names a party cannot be excused for naming none, and so on."""
    sent = json.dumps([endpoint.path, endpoint.query, endpoint.body, endpoint.content])
    for wrong, cell in endpoint.cells.items():
        names = NAMED.get(cell.reason, ()) if isinstance(cell, NotApplicable) else ()
        found = [name for name in names if f"{{{name}}}" in sent]
        assert not found, f"{endpoint.name}, {wrong}: it names {found}"
    refused = endpoint.cells["wrong scope"]
    needs_scopes = isinstance(refused, Refused) and "scope" in refused.reason
    assert endpoint.scopes or not needs_scopes, f"{endpoint.name} has no scope that could be wrong"
