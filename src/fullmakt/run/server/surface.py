"""Every route that an application answers: the toolkit's, and those in front of it.

One list for all that speak of routes: their reference pages, their description in OpenAPI and the
tests that drive each of them. `OPTIONS`, which the toolkit answers for every path, is left out.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from litestar.routes import HTTPRoute

from fullmakt.run.server.house import HOT_OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from litestar import Litestar
    from litestar.handlers import HTTPRouteHandler

_SUBJECTS = {"calls": "portal", "testworld": "testWorld"}
_LEFT_OUT = "OPTIONS"


@dataclass(frozen=True, slots=True)
class ServedRoute:
    """One method of one path.

    `path` names its parameters in braces, as OpenAPI does. `operation` is one route's alone:
    `systemRegister_createSystem`. `summary` says what it does, `source` which function that is.
    `handler` is None for what is answered without the toolkit.
    """

    method: str
    path: str
    operation: str
    summary: str
    source: str = ""
    handler: HTTPRouteHandler | None = None

    @property
    def is_hot(self) -> bool:
        """Whether it is answered in front of the toolkit."""
        return self.handler is None


def served_routes(application: Litestar) -> tuple[ServedRoute, ...]:
    """Every route behind a front that this application stands behind, by path and method."""
    routes = [
        ServedRoute("POST", path, hot.name, hot.summary, hot.source)
        for path, hot in HOT_OPERATIONS.items()
    ]
    of_function = defaultdict(list)
    for route in _routes_of(application):
        of_function[function_of(route.handler)].append(route)
    names = Counter(_name_of(function) for function in of_function)
    for function, same in of_function.items():
        name = _name_of(function)
        full = name if names[name] == 1 else _name_of(function, is_full=True)
        words = [[*route.path.split("/"), route.method.lower()] for route in same]
        for route, own in zip(same, words, strict=True):
            operation = "_".join([full, *_telling_apart(own, words)])
            summary = " ".join((function.__doc__ or "").split("\n\n")[0].split())
            source = f"{function.__module__}.{function.__name__}"
            routes.append(
                ServedRoute(route.method, route.path, operation, summary, source, route.handler)
            )
    return tuple(sorted(routes, key=lambda route: (route.path, route.method)))


class _Handled(NamedTuple):
    method: str
    path: str
    handler: HTTPRouteHandler


def _routes_of(application: Litestar) -> Iterator[_Handled]:
    for route in application.routes:
        if isinstance(route, HTTPRoute):
            for method, (handler, _) in route.route_handler_map.items():
                if method != _LEFT_OUT:
                    yield _Handled(str(method), route.path_format, handler)


def function_of(handler: HTTPRouteHandler) -> Callable[..., object]:
    """The function that a handler calls."""
    function: Callable[..., object] = getattr(handler.fn, "func", handler.fn)
    return function


def _name_of(function: Callable[..., object], *, is_full: bool = False) -> str:
    """The room and what the function does; in full, which of the room's files it stands in too."""
    _, _, room, *rest = function.__module__.split(".")
    file = rest[-1].removesuffix("routes").strip("_")
    words = [_SUBJECTS.get(room, _camel(room)), *([_camel(file)] if file and is_full else [])]
    return "_".join([*words, _camel(function.__name__.strip("_"))])


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def _telling_apart(own: Sequence[str], words: Sequence[Sequence[str]]) -> list[str]:
    """Of the words of a route, those that not all routes of its function have."""
    return [word for word in own if any(word not in each for each in words)]
