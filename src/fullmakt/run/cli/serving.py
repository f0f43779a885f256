"""Serving, with everything that can be wrong with it told in one line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fullmakt.access.catalog.service import load_catalog
from fullmakt.credentials.keys.service import ForeignProfileError
from fullmakt.run.cli.complaints import Complaint
from fullmakt.run.server.schema import UnusableDatabaseError
from fullmakt.run.testworld.serve import PortTakenError, ServeSettings, serve
from fullmakt.run.testworld.world import WorldStandsError
from fullmakt.run.testworld.worldfile.members import WorldRefused
from fullmakt.run.testworld.worldfile.reading import read_world_text

if TYPE_CHECKING:
    from fullmakt.run.testworld.spare_keys import SpareKeys
    from fullmakt.run.testworld.worldfile.entries import World

_MOST_TOLD = 5


def serve_world(
    *,
    port: int,
    world: Path | None,
    database_url: str | None,
    run_file: Path,
    keys: SpareKeys,
) -> None:
    """Serve a test world until it is stopped. Raises: Complaint."""
    settings = ServeSettings(
        run_file=run_file,
        port=port,
        database_url=database_url,
        snapshots=None if database_url is None else run_file.parent / "snapshots",
        world_name="default" if world is None else world.name,
    )
    try:
        content = None if world is None else _read(world)
        serve(settings, content, keys=keys)
    except WorldRefused as refused:
        raise Complaint(told_faults(refused, what=str(world or "the default world"))) from None
    except (
        PortTakenError,
        WorldStandsError,
        ForeignProfileError,
        UnusableDatabaseError,
        OSError,
    ) as fault:
        raise Complaint(str(fault)) from None


def _read(path: Path) -> World:
    try:
        return read_world_text(path.read_bytes(), load_catalog())
    except OSError as fault:
        message = f"the world file `{path}` cannot be read: {fault.strerror}"
        raise Complaint(message) from None


def told_faults(refused: WorldRefused, *, what: str) -> str:
    """The first faults of a world file in one line, and how many more there are."""
    faults = [str(fault) for fault in refused.world_faults]
    more = f"; and {len(faults) - _MOST_TOLD} more" if len(faults) > _MOST_TOLD else ""
    return f"`{what}` was not loaded: {'; '.join(faults[:_MOST_TOLD])}{more}"
