"""World files for the commands: read with all that is wrong told by file and line, and written."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fullmakt.run.cli.complaints import Complaint, Complaints
from fullmakt.run.cli.running_world import RefusedByWorld
from fullmakt.run.testworld.worldfile.formats.source import FilesRefused

if TYPE_CHECKING:
    from fullmakt.run.testworld.worldfile.formats.files import WorldFiles

NOT_LOADED = "nothing was loaded"
FORMATS = ("json", "yaml", "csv")


def read_files(path: Path) -> WorldFiles:
    """What a world file, or a folder of them, says. Raises: Complaint, Complaints."""
    from fullmakt.run.testworld.worldfile.formats.files import read_world_files  # noqa: PLC0415

    try:
        return read_world_files(path)
    except FilesRefused as refused:
        raise Complaints([str(fault) for fault in refused.faults], NOT_LOADED) from None
    except OSError as fault:
        message = f"the world file `{fault.filename or path}` cannot be read: {fault.strerror}"
        raise Complaint(message) from None


def refused(files: WorldFiles, faults: list[tuple[str, str]]) -> Complaints:
    """The faults that a world found, by the file and line each stands on."""
    placed = [files.placed(path, told) for path, told in faults]
    placed.sort(key=lambda fault: (fault.file, fault.line or 0))
    return Complaints([str(fault) for fault in placed], NOT_LOADED)


@contextmanager
def telling_lines(files: WorldFiles) -> Iterator[None]:
    """Tell what the running world finds wrong in the files by file and line. Raises: Complaints."""
    try:
        yield
    except RefusedByWorld as fault:
        if not fault.faults:
            raise
        raise refused(files, fault.faults) from None


def format_of(path: Path | None, stated: str | None) -> str:
    """The format to write: as stated, else as the name of the file says."""
    if stated is not None:
        return stated
    suffix = "" if path is None else path.suffix.casefold()
    return "yaml" if suffix in {".yaml", ".yml"} else "json"


def write_files(world: Any, path: Path | None, form: str) -> str | None:  # noqa: ANN401  JSON
    """Write the world; without a path its text is given back. Raises: Complaint."""
    if form == "csv":
        if path is None:
            message = "CSV is a file for each section: name the folder they go to"
            raise Complaint(message)
        _write_folder(world, path)
        return None
    text = f"{json.dumps(world, ensure_ascii=False, indent=1)}\n"
    if form == "yaml":
        from fullmakt.run.testworld.worldfile.formats.yaml_source import write_yaml  # noqa: PLC0415

        text = write_yaml(world)
    if path is None:
        return text
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as fault:
        message = f"`{path}` cannot be written: {fault.strerror}"
        raise Complaint(message) from None
    return None


def _write_folder(world: Any, folder: Path) -> None:  # noqa: ANN401  JSON
    from fullmakt.run.testworld.worldfile.formats.csv_writing import UnwritableError  # noqa: PLC0415
    from fullmakt.run.testworld.worldfile.formats.folder_writing import (  # noqa: PLC0415
        FolderInUseError,
        write_folder,
    )

    try:
        write_folder(folder, world)
    except FolderInUseError:
        message = f"`{folder}` is there already; name a folder that is new or empty"
        raise Complaint(message) from None
    except UnwritableError as fault:
        raise Complaint(str(fault)) from None
    except OSError as fault:
        message = f"`{fault.filename or folder}` cannot be written: {fault.strerror}"
        raise Complaint(message) from None
