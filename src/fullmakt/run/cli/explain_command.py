"""`fullmakt explain`: why somebody may or may not do something for somebody."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import click

from fullmakt.run.cli.complaints import Complaint
from fullmakt.run.cli.running_world import Target, about_a_world


@click.command()
@click.option("--system-user", help="Who asks: a system user by id, external reference or title.")
@click.option("--person", help="Who asks: a person by identity number or name.")
@click.option("--organization", help="Who asks: an organisation by number or name.")
@click.option("--action", required=True, help="What is to be done, as `read` or `write`.")
@click.option("--resource", required=True, help="The service, by its id in the resource registry.")
@click.option("--party", required=True, help="For whom: by number, name or party UUID.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
@about_a_world
def explain(
    *,
    system_user: str | None,
    person: str | None,
    organization: str | None,
    action: str,
    resource: str,
    party: str,
    as_json: bool,
    target: Target,
) -> None:
    """Tell why somebody may or may not, step by step, and what would have to change."""
    named = one_subject("who asks", system_user, person, organization)
    asked = {**named, "action": action, "resource": resource, "party": party}
    told = target.ask("GET", f"explain?{urlencode(asked)}")
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(told)))


def one_subject(
    what: str, system_user: str | None, person: str | None, organization: str | None
) -> dict[str, str]:
    """The one of three options that names somebody, as a parameter. Raises: Complaint."""
    subjects = {
        "systemUser": system_user,
        "subjectPerson": person,
        "subjectOrganization": organization,
    }
    named = {name: value for name, value in subjects.items() if value}
    if len(named) != 1:
        message = f"say {what} with one of --system-user, --person and --organization"
        raise Complaint(message)
    return named


def _lines(told: dict[str, Any]) -> list[str]:
    stops_at = told["stopsAt"]
    lines = [told["decision"] if stops_at is None else f"{told['decision']}: stops at {stops_at}"]
    if told["message"]:
        lines.append(f"  {told['message']}")
    for number, reason in enumerate(told["reasons"], start=1):
        mark = "ok" if reason["held"] else "no"
        lines.append(f"{number:>2} {mark}  {reason['check']}: {reason['found']}")
        if reason["written"]:
            lines.append(f"       written: {_source(reason)}")
        if reason["remedy"]:
            lines.append(f"       remedy: {reason['remedy']}")
    for other in told["instead"]:
        reference = f" (`{other['externalRef']}`)" if other["externalRef"] else ""
        lines.append(f"would work instead: {other['name']}{reference}, {other['systemUser']}")
    if told["moreInstead"]:
        lines.append("would work instead: others too, which are not told")
    return lines


def _source(reason: dict[str, Any]) -> str:
    if reason["revision"] is None:
        return str(reason["written"])
    return f"{reason['written']}, revision {reason['revision']}, since {reason['since']}"
