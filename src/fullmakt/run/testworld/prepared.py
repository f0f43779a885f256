"""The default world as a database file, kept beside the compiled sources.

Like those it is made where it is missing, and made anew when any source has changed; where it
cannot be kept, worlds are filled from their file. It holds no keys: those are made when a house
opens.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

PACKAGE = Path(__file__).parents[2]
FOLDER = Path(__file__).parent / "__pycache__"


def put_prepared(database: Path, *, folder: Path = FOLDER, sources: Path = PACKAGE) -> bool:
    """Make `database` a copy of what is kept for these sources; False when nothing is."""
    try:
        shutil.copyfile(folder / _name(sources), database)
    except OSError:
        database.unlink(missing_ok=True)
        return False
    return True


def keep_prepared(database: Path, *, folder: Path = FOLDER, sources: Path = PACKAGE) -> None:
    """Keep a copy of `database`, which nobody has open, in the place of any made of older sources.

    Does nothing where files cannot be written.
    """
    name = _name(sources)
    try:
        folder.mkdir(exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix="default_world-") as unfinished:
            copied = Path(unfinished) / name
            shutil.copyfile(database, copied)
            copied.replace(folder / name)
        for older in folder.glob("default_world-*.db"):
            if older.name != name:
                older.unlink(missing_ok=True)
    except OSError:
        return


def _name(sources: Path) -> str:
    """A name that differs when any file of the package does."""
    digest = hashlib.sha256()
    for folder, _, files in sorted(os.walk(sources)):
        for file in sorted(files):
            if file.endswith((".py", ".json")):
                found = os.stat(f"{folder}/{file}")  # noqa: PTH116  a thousand of them at each start
                digest.update(f"{file}:{found.st_size}:{found.st_mtime_ns};".encode())
    return f"default_world-{digest.hexdigest()[:24]}.db"
