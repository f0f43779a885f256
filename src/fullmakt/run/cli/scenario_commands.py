"""`fullmakt scenario`: the stories, played against a world of their own or one that is running."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from fullmakt.run.cli.complaints import Complaint
from fullmakt.run.cli.running_world import Target, find_target
from fullmakt.run.testworld.run_file import DEFAULT, read_run_file

_STOPS_WITHIN_S = 20
_BROKEN = 1
_MOST_WORLDS = 4


@click.group(invoke_without_command=True)
@click.pass_context
def scenario(context: click.Context) -> None:
    """The stories of the documents."""
    if context.invoked_subcommand is None:
        message = "say what to do: `fullmakt scenario list` or `fullmakt scenario run ID…`"
        raise Complaint(message)


@scenario.command("list")
def list_scenarios() -> None:
    """List the stories."""
    from fullmakt.scenarios.registry import all_scenarios  # noqa: PLC0415

    for each in all_scenarios():
        click.echo(f"{each.id}  {each.title}")


@scenario.command()
@click.argument("ids", nargs=-1)
@click.option("-v", "--verbose", is_flag=True, help="Tell every call, decision and reason.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@click.option("--markdown", "as_markdown", is_flag=True, help="Answer as Markdown.")
@click.option("--base-url", help="A running world to play in; it is reset for each story.")
@click.option("--secret", help="Its secret; else FULLMAKT_SECRET, else the run file.")
@click.option("--run-file", type=click.Path(path_type=Path), default=DEFAULT, show_default=True)
def run(
    *,
    ids: tuple[str, ...],
    verbose: bool,
    as_json: bool,
    as_markdown: bool,
    base_url: str | None,
    secret: str | None,
    run_file: Path,
) -> int:
    """Play stories by ID, or `all` of them. The exit code is 1 when one does not go as told."""
    if as_json and as_markdown:
        message = "--json and --markdown cannot both be the answer: choose one"
        raise Complaint(message)
    if not ids:
        message = "name the stories to play, or `all`; `fullmakt scenario list` lists them"
        raise Complaint(message)
    from fullmakt.scenarios import registry, report  # noqa: PLC0415

    try:
        scenarios = registry.find_scenarios(ids)
    except registry.UnknownScenarioError as unknown:
        raise Complaint(str(unknown)) from None
    with _worlds(base_url, secret, run_file, most=len(scenarios)) as (target, *others):
        more = [(other.url, other.secret or "") for other in others]
        results = registry.run_scenarios(
            ids, base_url=target.url, secret=target.secret or "", more=more
        )
    if as_json:
        text = report.as_json(results)
    elif as_markdown:
        text = report.as_markdown(results)
    else:
        text = report.as_text(results, is_verbose=verbose)
    click.echo(text)
    return 0 if all(result.passed for result in results) else _BROKEN


@contextmanager
def _worlds(
    base_url: str | None, secret: str | None, run_file: Path, *, most: int
) -> Iterator[list[Target]]:
    """The running world that was named, or some of our own for as long as they are needed."""
    if base_url is None:
        with ExitStack() as stack:
            count = max(1, min(most, _MOST_WORLDS, os.cpu_count() or 1))
            yield [stack.enter_context(_own_world()) for _ in range(count)]
        return
    target = find_target(base_url, secret, run_file)
    if target.secret is None:
        target = Target(target.url, find_target(None, None, run_file).secret)
    # Changes nothing and wants the secret: better to be told now than in the middle of a story.
    target.ask("POST", "world", {})
    yield [target]


@contextmanager
def _own_world() -> Iterator[Target]:
    with tempfile.TemporaryDirectory(prefix="fullmakt-stories-") as folder:
        run_file = Path(folder) / "run.json"
        command = [sys.executable, "-m", "fullmakt.run.entry", "serve"]
        command += ["--memory", "--port", "0", "--run-file", str(run_file)]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603  our own
        try:
            assert server.stdout is not None
            if not server.stdout.readline():
                message = "the world for the stories did not start; see above"
                raise Complaint(message)
            running = read_run_file(run_file)
            yield Target(running.url, running.secret)
        finally:
            _stop(server)


def _stop(server: subprocess.Popen[str]) -> None:
    server.send_signal(signal.SIGTERM)
    try:
        server.communicate(timeout=_STOPS_WITHIN_S)
    except subprocess.TimeoutExpired:
        os.kill(server.pid, signal.SIGKILL)
        server.communicate()
