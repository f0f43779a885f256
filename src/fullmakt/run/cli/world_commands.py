"""`fullmakt world`: loading and exporting world files."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from fullmakt.run.cli.complaints import Complaint
from fullmakt.run.cli.running_world import RefusedByWorld, Target, about_a_world
from fullmakt.run.cli.world_files import FORMATS, format_of, read_files, refused, write_files


@click.group(invoke_without_command=True)
@click.pass_context
def world(context: click.Context) -> None:
    """Load world files into the running world, or export it."""
    if context.invoked_subcommand is None:
        message = "say what to do: `fullmakt world load FILE` or `fullmakt world export [FILE]`"
        raise Complaint(message)


@world.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE|FOLDER")
@about_a_world
def load(*, file: Path, target: Target) -> None:
    """Bring everything in FILE that is new into the running world, or nothing.

    FILE is JSON, YAML, or CSV named for its section; a FOLDER's files are one world together.
    """
    files = read_files(file)
    try:
        answer = target.ask("POST", "world", files.value)
    except RefusedByWorld as fault:
        if not fault.faults:
            raise
        raise refused(files, fault.faults) from None
    click.echo(f"{answer['added']} added; the world is at revision {answer['revision']}")


@world.command()
@click.argument("file", type=click.Path(path_type=Path), metavar="[FILE|FOLDER]", required=False)
@click.option(
    "--format", "form", type=click.Choice(FORMATS), help="Else as the file's name says, or JSON."
)
@about_a_world
def export(*, file: Path | None, form: str | None, target: Target) -> None:
    """Write the running world, in the form that load reads, to FILE or else to the terminal.

    CSV goes to a FOLDER that is new or empty, a file for each section.
    """
    text = write_files(target.ask("GET", "world"), file, format_of(file, form))
    if text is not None:
        sys.stdout.write(text)
    else:
        click.echo(f"written to {file}")
