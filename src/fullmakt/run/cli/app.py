"""The `fullmakt` command: its subcommands, and how wrong use is answered.

Each command loads what it needs when it runs, so that help and mistakes are answered at once.
"""

from __future__ import annotations

import sys

import click

from fullmakt.run.cli.client_commands import client
from fullmakt.run.cli.complaints import Complaint, Complaints
from fullmakt.run.cli.explain_command import explain
from fullmakt.run.cli.policy_commands import policy
from fullmakt.run.cli.reach_commands import what_can, who_can
from fullmakt.run.cli.scenario_commands import scenario
from fullmakt.run.cli.serve_command import serve
from fullmakt.run.cli.what_if_commands import what_if
from fullmakt.run.cli.world_commands import world

_WRONG_USE = 2
_INTERRUPTED = 130


@click.group(invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fullmakt", message="fullmakt %(version)s")
@click.pass_context
def fullmakt(context: click.Context) -> None:
    """The world of Altinn system users on your own machine. For testing; not Digdir's."""
    if context.invoked_subcommand is None:
        message = "say what to do; `fullmakt --help` lists the commands"
        raise Complaint(message)


for command in (serve, world, client, scenario, explain, who_can, what_can, what_if, policy):
    fullmakt.add_command(command)


def main(arguments: list[str] | None = None) -> int:
    """Run one command; its exit code. Wrong use is one line on stderr (a fault a line) and 2."""
    try:
        code = fullmakt.main(args=arguments, prog_name="fullmakt", standalone_mode=False)
    except Complaints as wrong:
        for line in wrong.lines:
            sys.stderr.write(f"fullmakt: {' '.join(line.split())}\n")
        return _WRONG_USE
    except (click.ClickException, Complaint) as wrong:
        text = wrong.format_message() if isinstance(wrong, click.ClickException) else str(wrong)
        sys.stderr.write(f"fullmakt: {' '.join(text.split())}\n")
        return _WRONG_USE
    except UnicodeEncodeError:
        # A word with bytes of another encoding: it may be a name of a file, and cannot be sent.
        sys.stderr.write("fullmakt: a value has bytes that are not UTF-8, and cannot be sent\n")
        return _WRONG_USE
    except (click.Abort, KeyboardInterrupt):
        return _INTERRUPTED
    return code if isinstance(code, int) else 0
