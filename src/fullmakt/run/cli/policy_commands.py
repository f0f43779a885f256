"""`fullmakt policy`: policies evaluated, checked and shown, without a world."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from fullmakt.run.cli.complaints import Complaint

_FAULTY = 1
_FILE = click.Path(path_type=Path)


@click.group(invoke_without_command=True)
@click.pass_context
def policy(context: click.Context) -> None:
    """XACML policies: evaluate, check and show them."""
    if context.invoked_subcommand is None:
        message = "say what to do: `fullmakt policy evaluate`, `check` or `show`"
        raise Complaint(message)


@policy.command()
@click.option(
    "--policy",
    "policies",
    type=_FILE,
    multiple=True,
    help="A policy or policy set. The first is the root, the others can be referred to.",
)
@click.option("--request", type=_FILE, help="A request as JSON or XML; `-` reads standard input.")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON; default as the request is.")
@click.option("--xml", "as_xml", is_flag=True, help="Answer as XML.")
@click.option(
    "--jsonl",
    "is_bulk",
    is_flag=True,
    help='Answer each line {"id", "policies", "request"} of standard input with one line.',
)
@click.option(
    "--strict-altinn",
    "is_strict",
    is_flag=True,
    help="Decide as Altinn does where it deviates from the standard.",
)
def evaluate(
    *,
    policies: tuple[Path, ...],
    request: Path | None,
    as_json: bool,
    as_xml: bool,
    is_bulk: bool,
    is_strict: bool,
) -> None:
    """Ask policies a question, or many, and print what a decision point would answer."""
    if as_json and as_xml:
        message = "--json and --xml cannot both be the answer: choose one"
        raise Complaint(message)
    if is_bulk:
        if policies or request is not None or as_json or as_xml:
            message = "--jsonl reads policies and requests from standard input, and answers as JSON"
            raise Complaint(message)
        # SPEED: what evaluates is loaded when something is, not for help and mistakes.
        from fullmakt.run.cli.policy_evaluation import answer_lines  # noqa: PLC0415

        answer_lines(sys.stdin.buffer, sys.stdout.buffer, is_strict=is_strict)
        return
    if not policies or request is None:
        message = "give --policy FILE and --request FILE, or --jsonl to read cases from stdin"
        raise Complaint(message)
    from fullmakt.run.cli.policy_evaluation import Notation, evaluate_files  # noqa: PLC0415

    notation = Notation.XML if as_xml else Notation.JSON if as_json else None
    click.echo(evaluate_files(policies, request, notation=notation, is_strict=is_strict))


@policy.command()
@click.argument("files", type=_FILE, nargs=-1, required=True, metavar="FILE...")
def check(*, files: tuple[Path, ...]) -> int:
    """Check policies: each fault with file, line and reason. The exit code is 1 when one is faulty.

    A policy set may refer to what stands in another FILE.
    """
    from fullmakt.run.cli.policy_documents import check_files  # noqa: PLC0415

    faults = check_files(files)
    for fault in faults:
        click.echo(fault)
    if not faults:
        click.echo(f"{len(files)} checked, none is faulty")
    return _FAULTY if faults else 0


@policy.command()
@click.argument("files", type=_FILE, nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="Answer as JSON.")
def show(*, files: tuple[Path, ...], as_json: bool) -> None:
    """Show who may do what by a policy, as a table. The first FILE is the root."""
    from fullmakt.run.cli.policy_documents import show_files  # noqa: PLC0415

    show_files(files, as_json=as_json)
