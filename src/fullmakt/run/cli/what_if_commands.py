"""`fullmakt what-if`: who would gain and who would lose, if something were otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from fullmakt.run.cli.complaints import Complaint
from fullmakt.run.cli.reach_commands import named
from fullmakt.run.cli.running_world import Target, about_a_world

_json = click.option("--json", "as_json", is_flag=True, help="Answer as JSON lines.")


@click.group("what-if", invoke_without_command=True)
@click.pass_context
def what_if(context: click.Context) -> None:
    """Tell who would gain and who would lose, if something were otherwise."""
    if context.invoked_subcommand is None:
        message = "say what to do: `fullmakt what-if policy`, `package` or `role`"
        raise Complaint(message)


@what_if.command("policy")
@click.option("--resource", required=True, help="The service, by its id in the resource registry.")
@click.option(
    "--policy",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The policy it would have.",
)
@_json
@about_a_world
def if_policy(*, resource: str, policy: Path, as_json: bool, target: Target) -> None:
    """If a service had another policy."""
    try:
        xml = policy.read_text(encoding="utf-8")
    except (OSError, ValueError) as fault:
        message = f"`{policy}` cannot be read as UTF-8: {fault}"
        raise Complaint(message) from None
    _tell(target, "what-if", {"resource": resource, "policy": xml}, as_json=as_json)


@what_if.command("package")
@click.option("--role", required=True, help="The role, as `REGN` or `regnskapsforer`.")
@click.option("--package", required=True, help="The access package, by name or URN.")
@click.option("--form", help="Only for givers of this organisation form, as `ESEK`.")
@click.option("--gives/--gives-not", default=None, help="Whether the role would give it.")
@_json
@about_a_world
def if_package(
    *, role: str, package: str, form: str | None, gives: bool | None, as_json: bool, target: Target
) -> None:
    """If a role gave an access package, or did not."""
    if gives is None:
        message = "say whether the role would give it, with `--gives` or `--gives-not`"
        raise Complaint(message)
    body: dict[str, object] = {"role": role, "package": package, "hasAccess": gives}
    if form is not None:
        body["form"] = form
    _tell(target, "what-if/package", body, as_json=as_json)


@what_if.command("role")
@click.option("--role", required=True, help="The register role, as `REGN` or `regnskapsforer`.")
@click.option("--from", "giver", required=True, help="In which organisation, by number.")
@click.option("--to", "holder", required=True, help="Whose, by organisation or identity number.")
@click.option("--begins/--ends", default=None, help="Whether it would begin or end.")
@_json
@about_a_world
def if_role(
    *, role: str, giver: str, holder: str, begins: bool | None, as_json: bool, target: Target
) -> None:
    """If a register role began, or ended."""
    if begins is None:
        message = "say which it would do, with `--begins` or `--ends`"
        raise Complaint(message)
    path = f"what-if/role-{'began' if begins else 'ended'}"
    _tell(target, path, {"role": role, "from": giver, "to": holder}, as_json=as_json)


def _tell(target: Target, path: str, body: object, *, as_json: bool) -> None:
    for line in target.ask_lines("POST", path, body):
        click.echo(line if as_json else _sentence(json.loads(line)))


def _sentence(each: dict[str, Any]) -> str:
    who, party = named(each["subject"]), named(each["party"])
    return f"{each['change']} {each['action']} on {each['resource']}: {who}, for {party}"
