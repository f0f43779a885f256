"""Every command and option there is, driven with what is wrong: clear lines on stderr, and 2.

The list is the command line's own, so that a new command is driven as well.
"""

from __future__ import annotations

import contextlib
import io
import signal
import socket
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click
import pytest

from fullmakt.run.cli.app import fullmakt, main
from tests.api.control.served import SECRET, Control, served

Command = tuple[str, ...]
HOSTILE = {
    "nothing": "",
    "a space": " ",
    "no such file": "no/such/thing.json",
    "two lines": "one\ntwo",
    "a character": "☃",
    "not UTF-8": "a\udcffb",
    "very long": "x" * 5000,
    "an address": "http://[::1",
    "a negative": "-1",
}


def commands(command: click.Command = fullmakt, path: Command = ()) -> Iterator[Command]:
    yield path
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from commands(inner, (*path, name))


def command_at(path: Command) -> click.Command:
    found: click.Command = fullmakt
    for name in path:
        assert isinstance(found, click.Group)
        found = found.commands[name]
    return found


def parameters(path: Command) -> list[click.Parameter]:
    """The parameters that take a value."""
    return [each for each in command_at(path).params if not getattr(each, "is_flag", False)]


EVERY = [*commands()]
GROUPS = [path for path in EVERY if isinstance(command_at(path), click.Group)]
LEAVES = [path for path in EVERY if path not in GROUPS]
PAIRS = [(path, each) for path in LEAVES for each in parameters(path)]
OF_A_WORLD = [pair for pair in PAIRS if any(e.name == "base_url" for e in parameters(pair[0]))]


def cases(pairs: list[tuple[Command, click.Parameter]]) -> pytest.MarkDecorator:
    """One case for each parameter that takes a value."""
    told = [f"{' '.join(path)} {each.opts[0]}" for path, each in pairs]
    return pytest.mark.parametrize("path, parameter", pairs, ids=told)


NEEDY = [path for path in LEAVES if any(each.required for each in parameters(path))]


def name_of(path: object) -> str:
    return " ".join(path) if isinstance(path, tuple) else str(path)


@pytest.fixture(autouse=True)
def apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A folder without a world, nothing on standard input, and the signals as they were."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"")))
    for name in ("FULLMAKT_URL", "FULLMAKT_SECRET"):
        monkeypatch.delenv(name, raising=False)
    held = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    yield
    for each, handler in held.items():
        signal.signal(each, handler)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Control]:
    folder = tmp_path_factory.mktemp("commands")
    with served(f"sqlite:///{folder}/world.db", folder / "snapshots") as running:
        yield running


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that something listens on, so that no world is ever served."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def filled(path: Command, port: int, *, without: click.Parameter | None = None) -> list[str]:
    """Words for all that a command needs, but the one parameter."""
    words: list[str] = []
    for each in parameters(path):
        if each.name == "port" and each is not without:
            words += ["--port", str(port)]
        elif each.required and each is not without:
            words += ["x"] if isinstance(each, click.Argument) else [each.opts[0], "x"]
    return words


def run(arguments: Sequence[str]) -> tuple[int, str, list[str]]:
    """The exit code, what stands on standard output, and the lines on standard error."""
    # Bytes that are not UTF-8 come as surrogates, which the terminal's own streams escape.
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main([*arguments])
    return code, out.getvalue(), err.getvalue().splitlines()


def check_lines(lines: list[str]) -> None:
    assert lines
    assert all(line.startswith("fullmakt: ") and len(line) > 20 for line in lines), ascii(lines)
    assert "Errno" not in "".join(lines), ascii(lines)


def check_told(arguments: Sequence[str], *wanted: str) -> None:
    code, out, lines = run(arguments)

    assert (code, out) == (2, ""), ascii(lines)
    check_lines(lines)
    assert all(each in "".join(lines) for each in wanted), ascii(lines)


def test_the_commands_that_are_known_are_there() -> None:
    assert {("serve",), ("world", "load"), ("client", "create"), ("policy", "show")} <= set(LEAVES)
    assert len(PAIRS) >= 40


@pytest.mark.parametrize("path", GROUPS, ids=name_of)
def test_a_group_alone_says_what_there_is_to_do(path: Command) -> None:
    check_told(path, "say what to do")


@pytest.mark.parametrize("path", GROUPS, ids=name_of)
def test_a_command_that_is_not_there_is_told_by_name(path: Command) -> None:
    check_told([*path, "no-such-command"], "no-such-command")


@pytest.mark.parametrize("path", EVERY, ids=name_of)
def test_an_option_that_is_not_there_is_told_by_name(path: Command) -> None:
    check_told([*path, "--no-such-option"], "--no-such-option")


@pytest.mark.parametrize("path", NEEDY, ids=name_of)
def test_what_is_needed_and_left_out_is_told(path: Command) -> None:
    check_told(path, "Missing ")


@cases([pair for pair in PAIRS if isinstance(pair[1], click.Option)])
def test_an_option_without_its_value_is_told_by_name(
    path: Command, parameter: click.Parameter, taken_port: int
) -> None:
    arguments = [*path, *filled(path, taken_port, without=parameter), parameter.opts[0]]

    check_told(arguments, parameter.opts[0])


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())
@cases([pair for pair in PAIRS if pair not in OF_A_WORLD])
def test_a_value_that_does_nothing_is_told(
    path: Command, parameter: click.Parameter, value: str, taken_port: int
) -> None:
    rest = filled(path, taken_port, without=parameter)
    is_argument = isinstance(parameter, click.Argument)
    words = ["--", value] if is_argument else [f"{parameter.opts[0]}={value}"]

    check_told([*path, *rest, *words])


@pytest.mark.parametrize("value", HOSTILE.values(), ids=HOSTILE.keys())
@cases(OF_A_WORLD)
def test_a_running_world_does_it_or_the_reason_is_told(
    path: Command,
    parameter: click.Parameter,
    value: str,
    world: Control,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("FULLMAKT_URL", world.base)
    monkeypatch.setenv("FULLMAKT_SECRET", SECRET)
    needed = filled(path, 0, without=parameter)
    is_argument = isinstance(parameter, click.Argument)
    words = ["--", value] if is_argument else [f"{parameter.opts[0]}={value}"]

    code, _, lines = run([*path, *needed, *words])

    if code == 0:
        assert lines == []
    else:
        assert code == 2, ascii(lines)
        check_lines(lines)


@pytest.mark.parametrize(
    "path",
    [path for path in LEAVES if all(each.nargs == 1 for each in parameters(path))],
    ids=name_of,
)
def test_a_word_too_many_is_told(path: Command, taken_port: int) -> None:
    arguments = [each for each in parameters(path) if isinstance(each, click.Argument)]
    words = ["x" for each in arguments if not each.required]
    Path("x").touch()

    check_told([*path, *filled(path, taken_port), *words, "surplus"], "surplus")
