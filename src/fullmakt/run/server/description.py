"""An application described in OpenAPI 3.1: every route that it answers, hot or not.

What a handler declares (path, parameters, guards) is read from it, the rest from the contracts of
the rooms. Schemas are those of the wire structs, as msgspec writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from types import UnionType
from typing import TYPE_CHECKING, NamedTuple, get_args

from litestar.params import QueryParameter

from fullmakt.access.parties.register_door import PlatformGuard
from fullmakt.foundation.http.doors import ScopeGuard, authenticated
from fullmakt.foundation.http.problem_shapes import PROBLEMS
from fullmakt.run.server.described_schemas import Json, Schemas, by_media

if TYPE_CHECKING:
    from fullmakt.foundation.http.contract import Call, Contract, Link, TypeForm
    from fullmakt.run.server.surface import ServedRoute

_TOKEN, _PLATFORM = "token", "platformToken"
_IN_PATH = re.compile(r"\{(\w+)\}")
_PROBLEM = "application/problem+json"
_JSON = "application/json"
_PHRASES = {
    200: "Done",
    201: "Made",
    202: "Taken in",
    204: "Nothing to tell",
    206: "Found in part",
    302: "Go on there",
    304: "As it was",
    400: "What was sent does not hold",
    401: "No token, or one that does not hold",
    403: "The caller may not",
    404: "There is no such thing",
    406: "None of the media types that are accepted can be told",
    409: "Not as things stand",
    410: "Gone",
    412: "It has been changed since",
    413: "Too large",
    415: "Not a media type that is read here",
    501: "Not served",
    503: "What the answer depends on cannot be asked just now",
}
_CHALLENGE = {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "The reason"}}
_LOCATION = {"Location": {"schema": {"type": "string"}}}
_RETRY = {"Retry-After": {"schema": {"type": "string"}, "description": "Seconds"}}
_HEADERS_OF: Mapping[int, Json] = {
    201: _LOCATION,
    302: _LOCATION,
    401: _CHALLENGE,
    403: _CHALLENGE,
    503: _RETRY,
}
_STORED = frozenset({"database", "decisions", "exchange", "test_world", "visit"})
_TRACED = {"x-correlation-id": {"schema": {"type": "string"}}}


class UndescribedError(Exception):
    """A route has no contract, or a contract no route."""


@dataclass(frozen=True, slots=True)
class Room:
    """A room's part of the description, under a tag."""

    package: str
    tag: str
    contract: Contract


@dataclass(frozen=True, slots=True)
class Door:
    """How a guard that is no scope's is opened: the schemes it wants, and what it refuses with."""

    schemes: Mapping[str, Json]
    refusals: frozenset[int]


def describe(
    routes: Iterable[ServedRoute], rooms: Sequence[Room], doors: Mapping[object, Door]
) -> Json:
    """The whole document. Raises: UndescribedError."""
    described = _described(routes, rooms)
    schemas = Schemas(form for each in described for form in each.forms())
    refusals: dict[str, Json] = {}
    paths: dict[str, Json] = {}
    for each in described:
        operation = _written(each, schemas, doors, refusals)
        paths.setdefault(each.route.path, {})[each.route.method.lower()] = operation
    scopes = sorted({scope for each in described for scope in each.scopes()})
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Fullmakt",
            "version": version("fullmakt"),
            "description": "The world of Altinn system users, for tests.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": room.tag, "description": room.contract.about} for room in rooms],
        "paths": paths,
        "components": {
            "schemas": schemas.components,
            "responses": dict(sorted(refusals.items())),
            "securitySchemes": _schemes(scopes, doors),
        },
    }


@dataclass(frozen=True, slots=True)
class _Described:
    route: ServedRoute
    room: Room
    call: Call

    @property
    def guards(self) -> tuple[object, ...]:
        """What stands before it."""
        handler = self.route.handler
        declared = () if handler is None else tuple(handler.guards or ())
        return declared or ((self.call.guard,) if self.call.guard else ())

    @property
    def wants_token(self) -> bool:
        """Whether a token is wanted, whatever its scopes."""
        handler = self.route.handler
        return authenticated in self.guards or (
            handler is not None and "caller" in handler.parsed_fn_signature.parameters
        )

    @property
    def asks_the_store(self) -> bool:
        """Whether it needs what may be out of reach."""
        handler = self.route.handler
        return handler is not None and not _STORED.isdisjoint(
            handler.parsed_fn_signature.parameters
        )

    def scopes(self) -> Iterator[str]:
        """The scopes that its guards accept."""
        for guard in self.guards:
            if isinstance(guard, ScopeGuard | PlatformGuard):
                yield from guard.accepted

    def parameters(self) -> Iterator[_Parameter]:
        """Those of its path, in their order, then those that are declared and that it reads."""
        for name in _IN_PATH.findall(self.route.path):
            yield _Parameter("path", name, str, is_required=True)
        handler = self.route.handler
        declared = () if handler is None else handler.parsed_fn_signature.parameters.values()
        for each in declared:
            if isinstance(each.kwarg_definition, QueryParameter):
                name = each.kwarg_definition.query or each.kwarg_definition.name or each.name
                form = _without_none(each.annotation)
                yield _Parameter("query", name, form, is_required=each.is_required)
        for name, form in self.call.query.items():
            yield _Parameter("query", name, form)
        for name, form in self.call.headers.items():
            yield _Parameter("header", name, form)

    @property
    def problem_kind(self) -> str:
        """What its problems are called; the same for all that have the same shapes."""
        contract = self.room.contract
        if contract.problems is not None:
            return f"{self.room.tag}Refused"
        return "refusedOrText" if contract.tells_text else "refused"

    def problems(self) -> Mapping[str, TypeForm]:
        """The shapes of its problems by media type."""
        contract = self.room.contract
        if contract.problems is not None:
            return contract.problems
        told: TypeForm = {_PROBLEM: PROBLEMS}
        return {**told, "text/plain": str, _JSON: str} if contract.tells_text else told

    def forms(self) -> Iterator[TypeForm]:
        """Every type that its description needs a schema of."""
        bodies = [self.problems(), self.call.body, *self.call.answers.values()]
        for body in bodies:
            yield from (form for form in by_media(body).values() if form is not None)
        yield from (parameter.form for parameter in self.parameters())


class _Parameter(NamedTuple):
    place: str
    name: str
    form: TypeForm
    is_required: bool = False


def _without_none(form: TypeForm) -> TypeForm:
    left = [each for each in get_args(form) if each is not type(None)]
    is_optional = isinstance(form, UnionType) and len(left) == 1
    return left[0] if is_optional else form


def _described(routes: Iterable[ServedRoute], rooms: Sequence[Room]) -> list[_Described]:
    calls = {
        f"{room.package}.{name}": (room, call)
        for room in rooms
        for name, call in room.contract.calls.items()
    }
    listed = list(routes)
    unknown = sorted({route.source for route in listed} - calls.keys())
    unused = sorted(calls.keys() - {route.source for route in listed})
    if unknown or unused:
        message = f"no contract has: {', '.join(unknown)}; no route has: {', '.join(unused)}"
        raise UndescribedError(message)
    return [_Described(route, *calls[route.source]) for route in listed]


def _written(
    each: _Described, schemas: Schemas, doors: Mapping[object, Door], refusals: dict[str, Json]
) -> Json:
    operation: Json = {
        "operationId": each.route.operation,
        "summary": each.route.summary,
        "tags": [each.room.tag],
    }
    parameters = [
        {
            "name": parameter.name,
            "in": parameter.place,
            "required": parameter.is_required,
            "schema": schemas.of(parameter.form),
        }
        for parameter in each.parameters()
    ]
    if parameters:
        operation["parameters"] = parameters
    if each.call.body is not None:
        operation["requestBody"] = {
            "content": schemas.content(each.call.body),
            "required": not each.call.is_body_optional,
        }
    refused = _refusals(each, doors, has_input=bool(parameters))
    operation["responses"] = _responses(each, schemas, refused, refusals)
    security = _security(each, doors)
    if security:
        operation["security"] = security
    return operation


def _responses(
    each: _Described, schemas: Schemas, refused: Iterable[int], refusals: dict[str, Json]
) -> Json:
    """The answers of an operation; those that refuse stand in `refusals`, once for all."""
    responses: Json = {}
    problems = schemas.content(each.problems())
    for status in refused:
        name = f"{each.problem_kind}{status}"
        headers = _HEADERS_OF.get(status, {})
        refusals[name] = _response(status, problems, headers)
        responses[str(status)] = {"$ref": f"#/components/responses/{name}"}
    for status, form in each.call.answers.items():
        content = {} if form is None else schemas.content(form)
        headers = _HEADERS_OF.get(status, {})
        if str(status) in responses:
            content = {**problems, **content}
        response = _response(status, content, headers)
        if each.call.links:
            response["links"] = {link.operation: _link(link) for link in each.call.links}
        responses[str(status)] = response
    return dict(sorted(responses.items()))


def _link(link: Link) -> Json:
    return {"operationId": link.operation, "parameters": dict(link.given)}


def _response(status: int, content: Json, headers: Json) -> Json:
    response: Json = {"description": _PHRASES[status], "headers": {**headers, **_TRACED}}
    return {**response, "content": content} if content else response


def _refusals(each: _Described, doors: Mapping[object, Door], *, has_input: bool) -> Iterator[int]:
    has_body = each.call.body is not None
    yield from each.call.refusals
    if has_input or has_body:
        yield from (400, 404)
    if has_body:
        yield 413
    if each.asks_the_store:
        yield 503
    if each.wants_token or any(each.scopes()):
        yield from (401, 403)
    for guard in each.guards:
        if guard in doors:
            yield from doors[guard].refusals


def _security(each: _Described, doors: Mapping[object, Door]) -> list[Json]:
    found: list[Json] = [{_TOKEN: [scope]} for scope in dict.fromkeys(each.scopes())]
    if not found and each.wants_token:
        found.append({_TOKEN: []})
    for guard in each.guards:
        if isinstance(guard, PlatformGuard):
            found.append({_PLATFORM: []})
        elif guard in doors:
            found.extend({name: []} for name in doors[guard].schemes)
    return found


def _schemes(scopes: Sequence[str], doors: Mapping[object, Door]) -> Json:
    flow = {"tokenUrl": "/maskinporten/token", "scopes": dict.fromkeys(scopes, "")}
    return {
        _TOKEN: {
            "type": "oauth2",
            "description": "A token of Maskinporten, or the one of Altinn it is exchanged for.",
            "flows": {"clientCredentials": flow},
        },
        _PLATFORM: {"type": "apiKey", "in": "header", "name": "PlatformAccessToken"},
        **{name: scheme for door in doors.values() for name, scheme in door.schemes.items()},
    }
