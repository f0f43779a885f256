"""Wrong input in any command: one clear line on stderr, nothing on stdout, exit code 2."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.servers import FULLMAKT, free_port, serving

if TYPE_CHECKING:
    from pathlib import Path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [FULLMAKT, *arguments], cwd=folder, capture_output=True, text=True, timeout=60, check=False
    )


def check_one_line(done: subprocess.CompletedProcess[str], wanted: str) -> None:
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    assert line.startswith("fullmakt: ")
    assert wanted in line


@pytest.mark.parametrize(
    "arguments, wanted",
    [
        ([], "--help"),
        (["sevre"], "sevre"),
        (["serve", "--prot", "1"], "--prot"),
        (["serve", "--port", "abc"], "abc"),
        (["serve", "--port", "70000"], "70000"),
        (["serve", "--memory", "--database", "sqlite:///x.db"], "choose one"),
        (["serve", "--database", "x.db"], "SQLAlchemy URL"),
        (["serve", "--memory", "--world", "missing.json"], "missing.json"),
        (["serve", "--memory", "--world", "broken.json"], "broken.json"),
        (["world"], "say what to do"),
        (["world", "load"], "FILE"),
        (["client", "create", "--scope", "a:b", "--key-out", "k"], "--organization"),
        (["client", "create", "--organization", "312300028", "--key-out", "k"], "--scope"),
        (["scenario"], "say what to do"),
        (["scenario", "run"], "name the stories"),
        (["scenario", "run", "en-99"], "`en-99`"),
        (["scenario", "run", "all", "--json", "--markdown"], "choose one"),
    ],
)
def test_it_is_told_in_one_line(arguments: list[str], wanted: str, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text("{")

    done = run(tmp_path, *arguments)

    check_one_line(done, wanted)


def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{free_port()}"

    done = run(tmp_path, "world", "export", "--base-url", address, "--secret", "x")

    check_one_line(done, address)


def test_what_a_running_world_refuses_is_told(tmp_path: Path) -> None:
    with serving(tmp_path, "--memory") as server:
        reach = ["--base-url", server.url, "--secret", server.secret]
        create = ["client", "create", "--key-out", "key.pem"]
        scope = ["--scope", "altinn:instances.read"]
        number = run(tmp_path, *create, "--organization", "312300029", *scope, *reach)
        unknown = run(
            tmp_path, *create, "--organization", "312300028", "--scope", "no:such", *reach
        )
        keyless = run(tmp_path, *create[:2], "--organization", "312300028", *scope, *reach)
        missing = run(tmp_path, "world", "load", "missing.json", *reach)
        (tmp_path / "broken.json").write_text("{")
        broken = run(tmp_path, "world", "load", "broken.json", *reach)
        reach[-1] = "wrong"
        secret = run(tmp_path, *create, "--organization", "312300028", *scope, *reach)
        taken = run(tmp_path, "serve", "--memory", "--port", server.url.rpartition(":")[2])

    check_one_line(keyless, "--key-out")
    check_one_line(missing, "missing.json")
    check_one_line(broken, "broken.json")
    check_one_line(number, "312300029")
    check_one_line(unknown, "no:such")
    check_one_line(secret, "secret")
    check_one_line(taken, "port")
    assert not (tmp_path / "key.pem").exists()


def test_a_client_is_registered_with_a_key_for_its_owner_alone(tmp_path: Path) -> None:
    with serving(tmp_path, "--memory") as server:
        reach = ["--base-url", server.url, "--secret", server.secret]
        done = run(
            tmp_path,
            *("client", "create", "--organization", "312300028", "--key-out", "key.pem"),
            *("--scope", "altinn:instances.read", *reach),
        )
        again = run(
            tmp_path,
            *("client", "create", "--organization", "312300028", "--key-out", "key.pem"),
            *("--scope", "altinn:instances.read", *reach),
        )

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("client ")
    assert (tmp_path / "key.pem").stat().st_mode & 0o777 == 0o600
    check_one_line(again, "not overwritten")


def test_what_export_writes_loads_again(tmp_path: Path) -> None:
    with serving(tmp_path, "--memory") as server:
        reach = ["--base-url", server.url, "--secret", server.secret]
        exported = run(tmp_path, "world", "export", "world.json", *reach)
        loaded = run(tmp_path, "world", "load", "world.json", *reach)

    assert exported.returncode == 0, exported.stderr
    assert loaded.returncode == 0, loaded.stderr
    assert len(json.loads((tmp_path / "world.json").read_text())["organisations"]) == 27
