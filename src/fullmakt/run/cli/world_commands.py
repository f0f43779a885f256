"""`fullmakt world`: what stands in the running world, loaded, exported, begun anew and kept."""

from __future__ import annotations

import sys
from pathlib import Path
from urllib.parse import quote

import click

from fullmakt.run.cli.complaints import Complaint
from fullmakt.run.cli.running_world import Target, about_a_world
from fullmakt.run.cli.world_files import (
    FORMATS,
    format_of,
    read_files,
    telling_lines,
    write_files,
)


@click.group(invoke_without_command=True)
@click.pass_context
def world(context: click.Context) -> None:
    """Load world files into the running world, export it, begin it anew, keep it as it stands."""
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
    with telling_lines(files):
        answer = target.ask("POST", "world", files.value)
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


@world.command()
@click.argument("content", metavar="[default|empty|FILE|FOLDER]", default="default")
@about_a_world
def reset(*, content: str, target: Target) -> None:
    """Begin the running world anew: with the default world, with nothing, or with world files.

    Tokens, keys and ids from before are gone; with files that do not hold, everything stays.
    """
    if content in {"default", "empty"}:
        answer = target.ask("POST", "world/reset", {"world": content})
    else:
        files = read_files(Path(content))
        with telling_lines(files):
            answer = target.ask("POST", "world/reset", {"world": files.value})
    click.echo(f"begun anew; the world is at revision {answer['revision']}")


@world.command()
@click.argument("name")
@about_a_world
def save(*, name: str, target: Target) -> None:
    """Keep the running world as it stands, under NAME."""
    answer = target.ask("POST", "snapshots", {"name": name})
    click.echo(f"kept as {answer['name']}, at revision {answer['revision']}")


@world.command()
@click.argument("name")
@about_a_world
def restore(*, name: str, target: Target) -> None:
    """Bring back the world that was kept under NAME."""
    answer = target.ask("POST", f"snapshots/{quote(name, safe='')}/restore")
    click.echo(f"{answer['name']} is back; the world is at revision {answer['revision']}")
