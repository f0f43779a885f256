"""`fullmakt world` and `serve --world` with YAML, CSV and folders, and faults by file and line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fullmakt.run.testworld.world import DEFAULT_WORLD
from tests.servers import FULLMAKT, RunningServer, serving

EXAMPLE = Path(__file__).parents[2] / "examples" / "two_hundred_organisations.py"
UNIT = "organisasjonsnummer,navn,organisasjonsform.kode\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with serving(tmp_path_factory.mktemp("world"), "--memory") as running:
        yield running


def run(folder: Path, server: RunningServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    reach = ("--base-url", server.url, "--secret", server.secret)
    return subprocess.run(
        [FULLMAKT, "world", *arguments, *reach],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.mark.parametrize(
    "export, load",
    [
        (["world.yaml"], "world.yaml"),
        (["world.yml", "--format", "yaml"], "world.yml"),
        (["world.txt"], "world.txt"),
        (["folder", "--format", "csv"], "folder"),
    ],
)
def test_what_is_exported_loads_and_adds_nothing(
    export: list[str], load: str, tmp_path: Path, server: RunningServer
) -> None:
    exported = run(tmp_path, server, "export", *export)
    loaded = run(tmp_path, server, "load", load)

    assert exported.stdout == f"written to {load}\n", exported.stderr
    assert loaded.stdout.startswith("0 added; "), loaded.stderr


def test_without_a_file_the_world_goes_to_the_terminal(
    tmp_path: Path, server: RunningServer
) -> None:
    as_json = run(tmp_path, server, "export")
    as_yaml = run(tmp_path, server, "export", "--format", "yaml")
    as_csv = run(tmp_path, server, "export", "--format", "csv")

    assert len(json.loads(as_json.stdout)["organisations"]) == 27
    assert "\norganisations:\n- organisasjonsnummer: '312300028'\n" in as_yaml.stdout
    assert (as_csv.returncode, as_csv.stdout) == (2, "")
    assert as_csv.stderr == (
        "fullmakt: CSV is a file for each section: name the folder they go to\n"
    )


def test_faults_are_told_line_by_line_and_nothing_is_loaded(
    tmp_path: Path, server: RunningServer
) -> None:
    folder = tmp_path / "world"
    folder.mkdir()
    (folder / "organisations.csv").write_text(f"{UNIT}313300102,NY AS,AS\n312300029,FEIL AS,AS\n")
    (folder / "roles.yaml").write_text("roles:\n- {rolle: SJEF, enhet: 313300102}\n")

    done = run(tmp_path, server, "load", "world")

    assert (done.returncode, done.stdout) == (2, "")
    number, holder, role, outcome = done.stderr.splitlines()
    at = "fullmakt: world/organisations.csv:3: organisations[1].organisasjonsnummer:"
    assert number == f"{at} `312300029` fails its check digit"
    assert holder.startswith("fullmakt: world/roles.yaml:2: roles[0]: `{}` must name exactly one")
    assert role == (
        "fullmakt: world/roles.yaml:2: roles[0].rolle: `SJEF` is not a role of the catalog"
    )
    assert outcome == "fullmakt: nothing was loaded"


def test_what_a_room_refuses_is_told_with_its_line_too(
    tmp_path: Path, server: RunningServer
) -> None:
    (tmp_path / "roles.csv").write_text(
        "rolle,enhet,innehaverEnhet\nREGN,312400014,312300028\nREGN,313300102,312300028\n"
    )

    done = run(tmp_path, server, "load", "roles.csv")

    assert done.stderr == (
        "fullmakt: roles.csv:3: roles[1].enhet: `313300102` is not registered, and not in the"
        " file; nothing was loaded\n"
    )


def test_a_folder_with_something_in_it_is_not_written_to(
    tmp_path: Path, server: RunningServer
) -> None:
    (tmp_path / "mine.txt").write_text("mine")

    done = run(tmp_path, server, "export", ".", "--format", "csv")

    assert done.returncode == 2
    assert "`.` is there already; name a folder that is new or empty" in done.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_world_begins_with_a_folder_of_csv(tmp_path: Path) -> None:
    clients = tmp_path / "clients"
    subprocess.run([sys.executable, str(EXAMPLE), str(clients)], check=True, capture_output=True)
    (clients / "default.json").write_bytes(DEFAULT_WORLD.read_bytes())

    with (
        serving(tmp_path, "--memory", "--world", str(clients)) as server,
        server.control() as control,
    ):
        world = control.get("/world").json()

    assert len(world["organisations"]) == 227
    assert max(len(user["clients"]) for user in world["systemUsers"]) == 50


def test_a_world_that_does_not_hold_is_not_served_and_its_line_is_told(tmp_path: Path) -> None:
    (tmp_path / "world.yaml").write_text("organisations:\n- navn: X\n  organisasjonsform: AS\n")

    done = subprocess.run(
        [FULLMAKT, "serve", "--memory", "--port", "0", "--world", "world.yaml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 2
    assert "fullmakt: world.yaml:3: organisations[0].organisasjonsform: `AS` must be an object" in (
        done.stderr
    )


def test_a_world_is_kept_begun_anew_and_brought_back(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text(
        "organisations:\n- organisasjonsnummer: 313300102\n  navn: NY AS\n"
        "  organisasjonsform: {kode: AS}\n"
    )
    (tmp_path / "wrong.yaml").write_text("roles:\n- rolle: SJEF\n  enhet: 313300102\n")

    with serving(tmp_path, "--memory") as server:

        def organizations() -> int:
            with server.control() as control:
                return len(control.get("/world").json()["organisations"])

        loaded = run(tmp_path, server, "load", "one.yaml")
        kept = run(tmp_path, server, "save", "with-one-more")
        anew = [run(tmp_path, server, "reset").returncode, organizations()]
        empty = [run(tmp_path, server, "reset", "empty").returncode, organizations()]
        own = [run(tmp_path, server, "reset", "one.yaml").returncode, organizations()]
        wrong = run(tmp_path, server, "reset", "wrong.yaml")
        after_wrong = organizations()
        back = run(tmp_path, server, "restore", "with-one-more")
        after_back = organizations()
        unknown = run(tmp_path, server, "restore", "never-kept")
        nameless = run(tmp_path, server, "save", "No Such/Name")

    assert loaded.stdout.startswith("1 added"), loaded.stderr
    assert kept.stdout.startswith("kept as with-one-more, at revision ")
    assert (anew, empty, own) == ([0, 27], [0, 0], [0, 1])
    assert "fullmakt: wrong.yaml:2: roles[0].rolle: `SJEF` is not a role" in wrong.stderr
    assert (after_wrong, after_back) == (1, 28)
    assert back.stdout.startswith("with-one-more is back; the world is at revision ")
    assert "no snapshot is called `never-kept`; there are: with-one-more" in unknown.stderr
    assert "`No Such/Name` must be 1 to 64 small letters" in nameless.stderr
