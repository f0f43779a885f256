"""`fullmakt who-can` and `what-can`: decisions asked from the other side."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import click

from fullmakt.run.cli.explain_command import one_subject
from fullmakt.run.cli.running_world import Target, about_a_world


def _pages(target: Target, path: str, asked: dict[str, str], member: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while True:
        told = target.ask("GET", f"{path}?{urlencode(asked)}")
        found += told[member]
        if told["next"] is None:
            return found
        asked = {**asked, "token": told["next"]}


@click.command("who-can")
@click.option("--action", required=True, help="What is to be done, as `read` or `write`.")
@click.option("--resource", required=True, help="The service, by its id in the resource registry.")
@click.option("--party", required=True, help="For whom: by number, name or party UUID.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON lines.")
@about_a_world
def who_can(*, action: str, resource: str, party: str, as_json: bool, target: Target) -> None:
    """Tell who may do something for somebody."""
    asked = {"action": action, "resource": resource, "party": party}
    for each in _pages(target, "who-can", asked, "who"):
        click.echo(json.dumps(each, ensure_ascii=False) if as_json else named(each))


@click.command("what-can")
@click.option("--system-user", help="A system user by id, external reference or title.")
@click.option("--person", help="A person by identity number or name.")
@click.option("--organization", help="An organisation by number or name.")
@click.option("--resource", help="Only this service.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON lines.")
@about_a_world
def what_can(
    *,
    system_user: str | None,
    person: str | None,
    organization: str | None,
    resource: str | None,
    as_json: bool,
    target: Target,
) -> None:
    """Tell what somebody may do, and for whom."""
    asked = one_subject("who", system_user, person, organization)
    if resource:
        asked["resource"] = resource
    for each in _pages(target, "what-can", asked, "may"):
        click.echo(json.dumps(each, ensure_ascii=False) if as_json else _opened(each))


def named(party: dict[str, Any]) -> str:
    """A party by name, with its number or id."""
    return f"{party['name']} ({party['organizationNumber'] or party['id']})"


def _opened(each: dict[str, Any]) -> str:
    lines = [named(each["party"])]
    lines += [f"  {name}: {', '.join(actions)}" for name, actions in each["actions"].items()]
    return "\n".join(lines)
