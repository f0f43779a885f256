"""Policy files, checked and shown."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from fullmakt.access.policy.errors import PolicyRefused
from fullmakt.access.policy.faults import faults_of
from fullmakt.access.policy.parse_sets import parse_policies
from fullmakt.access.policy.shown import ShownRule, shown
from fullmakt.run.cli.complaints import Complaint

_WIDTH_OF_FILES = 160


def read_file(path: Path, what: str) -> bytes:
    """The bytes of a file. Raises: Complaint."""
    try:
        return path.read_bytes()
    except OSError as fault:
        message = f"the {what} `{path}` cannot be read: {fault.strerror}"
        raise Complaint(message) from None


def told(refused: PolicyRefused, files: Sequence[Path]) -> str:
    """A refusal with the file it is about: `policy.xml:12: why`."""
    return f"{files[refused.document - 1]}:{refused.line}: {refused.why}"


def check_files(files: Sequence[Path]) -> list[str]:
    """What is wrong with each faulty file. Raises: Complaint."""
    documents = [read_file(path, "policy") for path in files]
    return list(_faults(files, documents))


def _faults(files: Sequence[Path], documents: Sequence[bytes]) -> Iterator[str]:
    alone = [faults_of(document) for document in documents]
    for path, document, faults in zip(files, documents, alone, strict=True):
        if not faults:
            continue
        # What a set refers to may stand in another file, if that one can be read.
        others = [
            other for other, its_faults in zip(documents, alone, strict=True) if not its_faults
        ]
        together = faults_of(document, *others)
        is_its_own = all(fault.document == 1 for fault in together)
        for fault in together if is_its_own else faults:
            yield f"{path}:{fault.line}: {fault.why}"


def show_files(files: Sequence[Path], *, as_json: bool) -> None:
    """Print who may do what by the first file. Raises: Complaint."""
    documents = [read_file(path, "policy") for path in files]
    try:
        rules = shown(parse_policies(*documents))
    except PolicyRefused as refused:
        raise Complaint(told(refused, files)) from None
    if as_json:
        print(json.dumps([asdict(rule) for rule in rules], ensure_ascii=False, indent=1))
    else:
        _print_table(rules)


def _print_table(rules: Sequence[ShownRule]) -> None:
    from rich import box  # noqa: PLC0415  not needed for JSON
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD)
    for name in ("", "who", "may", "on", "when", "duties"):
        table.add_column(name, overflow="fold")
    for rule in rules:
        cells = (rule.who or ("anybody",), rule.may or ("anything",), rule.on or ("anything",))
        table.add_row(rule.effect.value, *map(_cell, cells), _cell(rule.when), _cell(rule.duties))
    Console(width=None if sys.stdout.isatty() else _WIDTH_OF_FILES).print(table)


def _cell(lines: Sequence[str]) -> str:
    from rich.markup import escape  # noqa: PLC0415

    return escape("\n".join(lines))
