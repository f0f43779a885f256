"""The example vendor client, as a program of its own against a world loaded from CSV."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.servers import FULLMAKT, RunningServer, serving

EXAMPLES = Path(__file__).parents[2] / "examples"
SCOPES = ("systemregister.write", "systemuser.request.write", "systemuser.request.read")


@dataclass(frozen=True, slots=True)
class Round:
    """A folder with the world's files, and the server that has them."""

    folder: Path
    server: RunningServer

    def run(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [program, *arguments],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def make_client(self, scopes: Sequence[str], key: str) -> list[str]:
        """The arguments that name a new Maskinporten client of the vendor's."""
        reach = ("--base-url", self.server.url, "--secret", self.server.secret)
        wanted = [word for name in scopes for word in ("--scope", f"altinn:authentication/{name}")]
        named = ("--organization", "312300109", "--key-out", key)
        made = self.run(FULLMAKT, "client", "create", *named, *wanted, *reach)
        assert made.returncode == 0, made.stderr
        client, key_id = (line.split()[1] for line in made.stdout.splitlines())
        return [f"--client-id={client}", f"--key-id={key_id}", f"--key={key}"]

    def play(self, client: Sequence[str]) -> subprocess.CompletedProcess[str]:
        program = str(EXAMPLES / "vendor_client.py")
        return self.run(sys.executable, program, *client, "--base-url", self.server.url, "clients")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Round]:
    with serving(tmp_path, "--memory") as server:
        prepared = Round(tmp_path, server)
        script = str(EXAMPLES / "two_hundred_organisations.py")
        written = prepared.run(sys.executable, script, "clients")
        assert written.returncode == 0, written.stderr
        reach = ("--base-url", server.url, "--secret", server.secret)
        loaded = prepared.run(FULLMAKT, "world", "load", "clients", *reach)
        assert loaded.stdout.startswith("999 added; "), loaded.stderr
        yield prepared


def test_the_round_goes_from_registration_to_a_token_and_tells_where_it_stops(world: Round) -> None:
    done = world.play(world.make_client(SCOPES, "vendor.pem"))
    again = world.play(world.make_client(SCOPES, "second.pem"))
    unable = world.play(world.make_client(SCOPES[:2], "third.pem"))

    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "registered 312300109_rundtur",
        "asked 199 organisations",
        "315002206 answered: Accepted",
        "listed 199 requests on 4 pages",
        "315002206 answered the change: Accepted",
        "the system user has merverdiavgift, skattegrunnlag",
        "fetched a token of the system user of 315002206, and exchanged it",
    ]
    assert (again.returncode, again.stdout) == (1, "")
    assert "already" in again.stderr
    assert unable.returncode == 1
    assert "POST /maskinporten/token: 400" in unable.stderr
    assert "altinn:authentication/systemuser.request.read" in unable.stderr


def test_the_client_knows_nothing_of_the_program_it_runs_against() -> None:
    tree = ast.parse((EXAMPLES / "vendor_client.py").read_text(encoding="utf-8"))
    named = {
        name
        for node in ast.walk(tree)
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    outside = {name.partition(".")[0] for name in named} - sys.stdlib_module_names

    assert outside == {"httpx", "joserfc"}
