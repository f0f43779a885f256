"""World files as bodies of the control surface: JSON, or YAML to those who send or accept it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from fullmakt.foundation.http.bodies import write_body as write_json
from fullmakt.foundation.terms.members import read_json
from fullmakt.run.testworld.worldfile.formats.source import FilesRefused
from fullmakt.run.testworld.worldfile.members import WorldFault, WorldRefused

YAML: Final = "application/yaml"
_JSON: Final = "application/json; charset=utf-8"


def load_body(body: bytes, content_type: str, load: Callable[[object], int]) -> int:
    """What `load` makes of the world in a body (RFC 9512 for YAML); a fault in YAML has its line.

    Raises: WorldRefused.
    """
    if content_type.partition(";")[0].strip().casefold() != YAML:
        return load(_read_json(body))
    # SPEED: YAML is loaded when somebody sends it.
    from fullmakt.run.testworld.worldfile.formats.yaml_source import (  # noqa: PLC0415
        read_yaml_source,
    )

    try:
        source = read_yaml_source("body", body)
    except FilesRefused as refused:
        raise WorldRefused([_unreadable(each.line, each.told) for each in refused.faults]) from None
    try:
        return load(source.value)
    except WorldRefused as refused:
        faults = [_at_line(each, source.line_of(each.path)) for each in refused.world_faults]
        raise WorldRefused(faults) from None


def _read_json(body: bytes) -> object:
    try:
        return read_json(body)
    except ValueError as fault:
        raise WorldRefused([WorldFault("$", "the file", f"is not JSON: {fault}")]) from None


def _unreadable(line: int | None, told: str) -> WorldFault:
    return _at_line(WorldFault("$", "the file", told), line)


def _at_line(fault: WorldFault, line: int | None) -> WorldFault:
    return fault if line is None else replace(fault, expected=f"{fault.expected} (line {line})")


def write_body(world: Mapping[str, object], accept: str) -> tuple[bytes, str]:
    """The world and its media type: YAML to those who accept that and do not name JSON."""
    if YAML in accept and "application/json" not in accept:
        from fullmakt.run.testworld.worldfile.formats.yaml_source import (  # noqa: PLC0415
            write_yaml,
        )

        return write_yaml(world).encode(), f"{YAML}; charset=utf-8"
    return write_json(world), _JSON
