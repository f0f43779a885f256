"""The shapes that problems have on the wire, as they are described to others: see `problems.py`."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType


class AltinnProblem(msgspec.Struct, rename="camel"):
    """A problem with a code, and members of its own besides."""

    type: str
    title: str
    status: int
    code: str
    trace_id: str
    detail: str | UnsetType = UNSET
    status_description: str | UnsetType = UNSET


class ValidationError(msgspec.Struct):
    """One value that does not hold, and where it stands."""

    code: str
    title: str
    paths: list[str]
    detail: str | UnsetType = UNSET


class AltinnValidationProblem(msgspec.Struct, rename="camel"):
    """Values that were read and do not hold."""

    type: str
    title: str
    status: int
    code: str
    trace_id: str
    status_description: str
    validation_errors: list[ValidationError]


class InputProblem(msgspec.Struct, rename="camel"):
    """What could not be read: what is wrong with each member or parameter."""

    type: str
    title: str
    status: int
    errors: dict[str, list[str]]
    trace_id: str


class PlainProblem(msgspec.Struct, rename="camel"):
    """A problem without a code."""

    type: str
    title: str
    status: int
    trace_id: str
    detail: str | UnsetType = UNSET


PROBLEMS = (AltinnProblem, AltinnValidationProblem, InputProblem, PlainProblem)
