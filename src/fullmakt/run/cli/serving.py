"""Serving, with everything that can be wrong with it told in one line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fullmakt.access.catalog.service import load_catalog
from fullmakt.access.policy.semantics import ORIGINAL, STANDARD
from fullmakt.credentials.keys.service import ForeignProfileError
from fullmakt.run.cli.complaints import Complaint
from fullmakt.run.cli.world_files import read_files, refused
from fullmakt.run.server.schema import UnusableDatabaseError
from fullmakt.run.testworld.serve import PortTakenError, ServeSettings, serve
from fullmakt.run.testworld.world import WorldStandsError
from fullmakt.run.testworld.worldfile.members import WorldRefused
from fullmakt.run.testworld.worldfile.reading import read_world

if TYPE_CHECKING:
    from fullmakt.run.testworld.spare_keys import SpareKeys


def serve_world(
    *,
    port: int,
    world: Path | None,
    database_url: str | None,
    run_file: Path,
    is_strict: bool,
    keys: SpareKeys,
) -> None:
    """Serve a test world until it is stopped. Raises: Complaint."""
    settings = ServeSettings(
        run_file=run_file,
        port=port,
        database_url=database_url,
        snapshots=None if database_url is None else run_file.parent / "snapshots",
        world_name="default" if world is None else world.name,
        semantics=ORIGINAL if is_strict else STANDARD,
    )
    files = None if world is None else read_files(world)
    try:
        content = None if files is None else read_world(files.value, load_catalog())
        serve(settings, content, keys=keys)
    except WorldRefused as fault:
        assert files is not None, "the default world holds"
        told = [(each.path, str(each)) for each in fault.world_faults]
        raise refused(files, told) from None
    except (
        PortTakenError,
        WorldStandsError,
        ForeignProfileError,
        UnusableDatabaseError,
        OSError,
    ) as fault:
        raise Complaint(str(fault)) from None
