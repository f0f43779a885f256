"""What an endpoint is given and what it answers, declared for its description in OpenAPI.

Each room declares its own in `contract.py`, by the names of its functions. What can be read from a
handler itself (path, declared parameters, scopes) is not declared again. Nothing here runs: that an
endpoint does as is declared is held by tests.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

TypeForm: TypeAlias = Any
"""A type or a generic alias; several for any of them; by media type, where it is not JSON alone."""

TEXT: Mapping[str, TypeForm] = {"text/plain": str}
XML: Mapping[str, TypeForm] = {"application/xml": str, "text/xml": str}
JSON_LINES: Mapping[str, TypeForm] = {"application/jsonl": str}


@dataclass(frozen=True, slots=True)
class Link:
    """What an answer is followed by: an operation, and where its parameters are found.

    `given` has runtime expressions of OpenAPI by parameter: `$response.body#/id`.
    """

    operation: str
    given: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Call:
    """One endpoint.

    `answers` has the body of each status that is a success, None for none. `query` has the
    parameters that the function reads by itself, `headers` likewise. `refusals` are statuses of
    problems besides those that every endpoint of its kind has. `guard` is what stands before a
    function that no handler declares one for. `links` follow a success.
    """

    answers: Mapping[int, TypeForm]
    body: TypeForm = None
    query: Mapping[str, TypeForm] = field(default_factory=dict)
    headers: Mapping[str, TypeForm] = field(default_factory=dict)
    refusals: frozenset[int] = frozenset()
    is_body_optional: bool = False
    guard: object = None
    links: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Contract:
    """A room's endpoints: what they are about, and each by `file.function`.

    `problems` are the shapes of its problems by media type, where they are not the platform's own;
    with `tells_text` some of them are a line of text.
    """

    about: str
    calls: Mapping[str, Call]
    problems: Mapping[str, TypeForm] | None = None
    tells_text: bool = False
