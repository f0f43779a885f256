"""`fullmakt serve`: a test world on this machine."""

from __future__ import annotations

import re
from pathlib import Path

import click

from fullmakt.run.cli.complaints import Complaint

_ENGINES = re.compile(r"sqlite:///.|postgresql\+psycopg://.")
_FOLDER = Path(".fullmakt")


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True)
@click.option(
    "--world", type=click.Path(path_type=Path), help="A world file in place of the default."
)
@click.option("--database", "database_url", help="SQLAlchemy URL; default a file in .fullmakt/.")
@click.option("--memory", is_flag=True, help="Keep nothing: the world is gone when it stops.")
@click.option(
    "--run-file",
    type=click.Path(path_type=Path),
    default=_FOLDER / "run.json",
    help="Where address and secret are written; default .fullmakt/run.json.",
)
@click.option(
    "--strict-altinn",
    "is_strict",
    is_flag=True,
    help="Decide as Altinn does where it deviates from the standard, and no more than it offers.",
)
def serve(
    *,
    port: int,
    world: Path | None,
    database_url: str | None,
    memory: bool,
    run_file: Path,
    is_strict: bool,
) -> None:
    """Serve a test world on this machine until it is stopped."""
    if database_url is not None and not _ENGINES.match(database_url):
        message = (
            "--database must be a SQLAlchemy URL: `sqlite:///FILE` or"
            f" `postgresql+psycopg://HOST/NAME`, not `{database_url.partition(':')[0][:40]}`"
        )
        raise Complaint(message)
    if memory and database_url is not None:
        message = "--memory keeps nothing, --database keeps it: choose one"
        raise Complaint(message)
    from fullmakt.run.server.collecting import begin_without_collecting  # noqa: PLC0415

    begin_without_collecting()
    url = None if memory else database_url or _default_url()
    # SPEED: keys are made in threads while everything else is loaded (benchmarks/start.py); a
    # world that stands has its own.
    from fullmakt.run.testworld.spare_keys import SpareKeys, Wanted  # noqa: PLC0415

    keys = SpareKeys(Wanted.BY_A_START if _may_hold_a_world(url) else Wanted.BY_A_NEW_WORLD)
    from fullmakt.run.cli.serving import serve_world  # noqa: PLC0415

    serve_world(
        port=port,
        world=world,
        database_url=url,
        run_file=run_file,
        is_strict=is_strict,
        keys=keys,
    )


def _may_hold_a_world(url: str | None) -> bool:
    if url is None:
        return False
    _, is_file, path = url.partition("sqlite:///")
    return not is_file or Path(path.partition("?")[0]).exists()


def _default_url() -> str:
    _FOLDER.mkdir(exist_ok=True)
    return f"sqlite:///{_FOLDER / 'world.db'}"
