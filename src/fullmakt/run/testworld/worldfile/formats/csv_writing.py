"""A world as CSV, one text a section, that `csv_source.py` reads back the same."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeGuard

from fullmakt.foundation.terms import urns
from fullmakt.run.testworld.worldfile.formats.csv_source import (
    BETWEEN,
    DOMAIN_SECTIONS,
    RIGHTS,
    SECTIONS,
    read_cell,
)
from fullmakt.run.testworld.worldfile.formats.plain import LISTS


class UnwritableError(Exception):
    """A value has no way to stand in a cell of CSV."""


def write_csv(world: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Each section that has entries, with its text; `world` is what a world exports.

    Raises: UnwritableError.
    """
    domain = world.get("domain")
    assert isinstance(domain, Mapping), "what is exported has this shape"
    sections = [(name, world.get(name)) for name in SECTIONS]
    sections += [(name, domain.get(name)) for name in DOMAIN_SECTIONS]
    for name, entries in sections:
        if _are_objects(entries) and entries:
            yield name, _table(name, entries)


def _are_objects(entries: object) -> TypeGuard[Sequence[Mapping[str, object]]]:
    return isinstance(entries, list) and all(isinstance(each, dict) for each in entries)


def _table(section: str, entries: Sequence[Mapping[str, object]]) -> str:
    whole = _members_written_whole(entries)
    rows = []
    for n, entry in enumerate(entries):
        try:
            rows.append(dict(_cells(entry, whole)))
        except UnwritableError as fault:
            message = f"{section}[{n}].{fault}"
            raise UnwritableError(message) from None
    # INVARIANT: names in the order they first come, so that the same world gives the same file.
    header = list(dict.fromkeys(name for row in rows for name in row))
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([row.get(name, "") for name in header] for row in rows)
    return written.getvalue()


def _members_written_whole(entries: Sequence[Mapping[str, object]]) -> frozenset[str]:
    """The members that hold something else than an object of plain cells in some entry."""
    return frozenset(
        name for entry in entries for name, value in entry.items() if not _is_flat(value)
    )


def _is_flat(value: object) -> bool:
    if not isinstance(value, dict) or not value:
        return False
    try:
        for name, each in value.items():
            if isinstance(each, dict) or "." in name:
                return False
            _cell(name, each)
    except UnwritableError:
        return False
    return True


def _cells(entry: Mapping[str, object], whole: frozenset[str]) -> Iterator[tuple[str, str]]:
    for name, value in entry.items():
        if isinstance(value, dict) and name not in whole:
            for inner, each in value.items():
                yield f"{name}.{inner}", _cell(inner, each)
        else:
            yield name, _cell(name, value)


def _cell(name: str, value: object) -> str:
    """The value as a cell: the plainest of its forms that reads back the same."""
    for cell in _forms(name, value):
        if cell and cell == cell.strip() and _reads_back(name, cell, value):
            return cell
    message = f"{name}: `{value}` cannot stand in a cell; write JSON or YAML"
    raise UnwritableError(message)


def _forms(name: str, value: object) -> Iterator[str]:
    as_json = json.dumps(value, ensure_ascii=False)
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        yield from _joined(name, value)
    yield as_json


def _joined(name: str, value: list[object]) -> Iterator[str]:
    words = [_resource_of(each) if name == RIGHTS else each for each in value]
    if name in LISTS and all(isinstance(word, str) for word in words):
        yield BETWEEN.join(map(str, words))


def _resource_of(right: object) -> object:
    match right:
        case {"resource": [{"id": urns.RESOURCE, "value": str(resource)}]}:
            return resource
        case _:
            return None


def _reads_back(name: str, cell: str, value: object) -> bool:
    try:
        found = read_cell(name, cell)
    except ValueError:
        return False
    return type(found) is type(value) and found == value
