"""`fullmakt world`: loading and exporting world files."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from fullmakt.run.cli.complaints import Complaint
from fullmakt.run.cli.running_world import Target, about_a_world


@click.group(invoke_without_command=True)
@click.pass_context
def world(context: click.Context) -> None:
    """Load a world file into the running world, or export one from it."""
    if context.invoked_subcommand is None:
        message = "say what to do: `fullmakt world load FILE` or `fullmakt world export [FILE]`"
        raise Complaint(message)


@world.command()
@click.argument("file", type=click.Path(path_type=Path))
@about_a_world
def load(*, file: Path, target: Target) -> None:
    """Bring everything in FILE that is new into the running world, or nothing."""
    content = read_json_file(file, "world file")
    answer = target.ask("POST", "world", content)
    click.echo(f"{answer['added']} added; the world is at revision {answer['revision']}")


@world.command()
@click.argument("file", type=click.Path(path_type=Path), required=False)
@about_a_world
def export(*, file: Path | None, target: Target) -> None:
    """Write the running world, in the form that load reads, to FILE or else to the terminal."""
    content = json.dumps(target.ask("GET", "world"), ensure_ascii=False, indent=1)
    if file is None:
        sys.stdout.write(f"{content}\n")
        return
    try:
        file.write_text(f"{content}\n", encoding="utf-8")
    except OSError as fault:
        message = f"`{file}` cannot be written: {fault.strerror}"
        raise Complaint(message) from None
    click.echo(f"written to {file}")


def read_json_file(path: Path, what: str) -> object:
    """The JSON value in a file. Raises: Complaint."""
    from fullmakt.foundation.terms.members import read_json  # noqa: PLC0415

    try:
        return read_json(path.read_bytes())
    except OSError as fault:
        message = f"the {what} `{path}` cannot be read: {fault.strerror}"
        raise Complaint(message) from None
    except ValueError as fault:
        message = f"the {what} `{path}` is not JSON: {fault}"
        raise Complaint(message) from None
