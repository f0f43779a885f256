"""What the process that others are forked from has loaded: the command with all that serving needs.

Only that process imports this; see `tests/forking.py`.
"""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn

# Loaded when a server starts, by name or on its way; here once for all that are forked.
import psycopg  # noqa: F401
import uvicorn.lifespan.on
import uvicorn.loops.uvloop
import uvicorn.protocols.http.httptools_impl  # noqa: F401

import fullmakt.run.cli.serving  # noqa: F401
from fullmakt.run.cli.app import main

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path


def command(output: Connection, folder: Path, log: Path, arguments: tuple[str, ...]) -> NoReturn:
    """Run one command in `folder`; what it writes goes to `output`, its complaints to `log`."""
    os.chdir(folder)
    os.dup2(output.fileno(), sys.stdout.fileno())
    with log.open("ab") as complaints:
        os.dup2(complaints.fileno(), sys.stderr.fileno())
    sys.exit(main(list(arguments)))
