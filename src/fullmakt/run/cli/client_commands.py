"""`fullmakt client`: Maskinporten clients of the running world."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from fullmakt.run.cli.complaints import Complaint
from fullmakt.run.cli.running_world import Target, about_a_world


@click.group(invoke_without_command=True)
@click.pass_context
def client(context: click.Context) -> None:
    """Maskinporten clients."""
    if context.invoked_subcommand is None:
        message = "say what to do: `fullmakt client create --organization N --scope S`"
        raise Complaint(message)


@client.command()
@click.option("--organization", required=True, help="Whose client it is: 9 digits.")
@click.option("--scope", "scopes", multiple=True, required=True, help="May be given several times.")
@click.option("--name", help="What it is called; default the organisation's name.")
@click.option(
    "--key-out",
    type=click.Path(path_type=Path),
    help="Make a key and write its private half here as PEM, for its owner alone.",
)
@click.option("--jwk", type=click.Path(path_type=Path), help="A file with the public key as JWK.")
@about_a_world
def create(
    *,
    organization: str,
    scopes: tuple[str, ...],
    name: str | None,
    key_out: Path | None,
    jwk: Path | None,
    target: Target,
) -> None:
    """Register a client in the running world and print its id and the id of its key."""
    if (key_out is None) == (jwk is None):
        message = "give --key-out FILE to have a key made, or --jwk FILE with a public key"
        raise Complaint(message)
    if key_out is not None:
        _check_is_free(key_out)
    body: dict[str, object] = {"organization": organization, "scopes": list(scopes)}
    if name is not None:
        body["name"] = name
    if jwk is not None:
        body["jwk"] = _read_key(jwk)
        made = target.ask("POST", "clients", body)
    else:
        assert key_out is not None, "one of the two was given"
        made = _create_with_new_key(target, body, key_out)
    click.echo(f"client {made['clientId']}")
    click.echo(f"key {made['kid']}")


def _check_is_free(key_out: Path) -> None:
    try:
        is_there = key_out.exists()
    except OSError as fault:
        message = f"`{str(key_out)[:80]}` cannot be written: {fault.strerror}"
        raise Complaint(message) from None
    if is_there:
        message = f"`{key_out}` is there already and is not overwritten; choose another --key-out"
        raise Complaint(message)


def _create_with_new_key(target: Target, body: dict[str, object], key_out: Path) -> dict[str, str]:
    """The key never leaves this machine: its public half is what is registered."""
    from fullmakt.foundation.jose.keys import PrivateKey  # noqa: PLC0415

    key = PrivateKey.generate()
    try:
        descriptor = os.open(key_out, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as fault:
        message = f"`{key_out}` cannot be written: {fault.strerror}"
        raise Complaint(message) from None
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(key.as_pem())
        made: dict[str, str] = target.ask(
            "POST", "clients", {**body, "jwk": json.loads(json.dumps(key.public.as_jwk()))}
        )
    except BaseException:
        key_out.unlink(missing_ok=True)
        raise
    return made


def _read_key(path: Path) -> object:
    """The JSON value in a key's file. Raises: Complaint."""
    from fullmakt.foundation.terms.members import read_json  # noqa: PLC0415

    try:
        return read_json(path.read_bytes())
    except OSError as fault:
        message = f"the key `{path}` cannot be read: {fault.strerror}"
        raise Complaint(message) from None
    except ValueError as fault:
        message = f"the key `{path}` is not JSON: {fault}"
        raise Complaint(message) from None
