"""The start of `fullmakt serve --memory`: what it loads, and what it leaves alone."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import httpx

from tests.servers import FULLMAKT, serving

NOT_BEFORE_THEY_ARE_USED = {
    "alembic",
    "psycopg",
    "httpx",
    "rich",
    "fullmakt.run.server.contracts",
}


def test_what_the_first_answer_does_not_need_is_not_loaded_before_it(
    tmp_path: Path,
) -> None:
    log = tmp_path / "imports"
    with log.open("w") as imports:
        server = subprocess.Popen(
            [
                FULLMAKT,
                "serve",
                "--memory",
                "--port",
                "0",
                "--run-file",
                str(tmp_path / "run.json"),
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPROFILEIMPORTTIME": "1"},
            stdout=subprocess.PIPE,
            stderr=imports,
            text=True,
        )
        assert server.stdout is not None
        line = server.stdout.readline()
        health = httpx.get(f"{line.split(' at ')[1].split()[0]}/fullmakt/health", timeout=30)
        server.terminate()
        server.communicate(timeout=30)

    loaded = set(re.findall(r"\| +([\w.]+)$", log.read_text(), flags=re.MULTILINE))
    assert health.status_code == 200
    assert {"litestar", "sqlalchemy", "uvicorn"} <= loaded
    assert loaded & NOT_BEFORE_THEY_ARE_USED == set()


def test_one_line_says_where_the_world_is(tmp_path: Path) -> None:
    with serving(tmp_path, "--memory") as server:
        run_file = tmp_path / "run.json"
        mode = stat.S_IMODE(run_file.stat().st_mode)
        assert server.pid == server.process.pid
        assert httpx.get(f"{server.url}/fullmakt/health", timeout=30).json()["status"] == "ok"

    assert mode == 0o600
    assert not run_file.exists()
    assert server.process.returncode == 0
    assert (tmp_path / "server.log").read_text() == ""


def test_a_world_that_is_kept_stands_as_it_was_left(tmp_path: Path) -> None:
    role = {"role": "REGN", "from": "312400014", "to": "312300028"}
    kept = f"sqlite:///{tmp_path / 'kept.db'}"
    with serving(tmp_path, "--database", kept) as server, server.control() as control:
        control.post("/roles/end", json=role).raise_for_status()
        control.post("/clock", json={"at": "2030-01-01T00:00:00Z"}).raise_for_status()
        before = control.get("/world").json()

    with serving(tmp_path, "--database", kept) as server, server.control() as control:
        after = control.get("/world").json()
        clock = control.get("/clock").json()
        again = control.post("/roles/end", json=role)

    del before["meta"]["domainTime"], after["meta"]["domainTime"]
    assert after == before
    assert clock["now"].startswith("2030-01-01T00:0")
    assert again.json()["code"] == "FM-00104"


def test_a_world_file_is_not_loaded_over_a_world_that_stands(tmp_path: Path) -> None:
    kept = f"sqlite:///{tmp_path / 'kept.db'}"
    (tmp_path / "own.json").write_text("{}")
    with serving(tmp_path, "--database", kept):
        pass

    done = subprocess.run(
        [FULLMAKT, "serve", "--port", "0", "--database", kept, "--world", "own.json"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert "the database holds a world already" in line


def test_the_command_line_itself_loads_neither_server_nor_database() -> None:
    program = "import sys, fullmakt.run.cli.app; print(*sys.modules)"

    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )

    heavy = {"litestar", "sqlalchemy", "uvicorn", "cryptography", "httpx", "alembic", "rich"}
    assert heavy & set(done.stdout.split()) == set()
