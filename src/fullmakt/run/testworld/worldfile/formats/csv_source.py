"""One section of a world as CSV: the file's name is the section's, a row is an entry.

The first row names the members; `organisasjonsform.kode` is a member inside a member. An empty cell
says nothing; a list is words with `|` between; a cell that begins with `[`, `{` or `"` is JSON.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Final

from fullmakt.foundation.terms.members import read_json
from fullmakt.run.testworld.worldfile.access_lists import SECTION as ACCESS_LISTS
from fullmakt.run.testworld.worldfile.formats.plain import LISTS, plain_value
from fullmakt.run.testworld.worldfile.formats.source import (
    FilesRefused,
    PlacedFault,
    Source,
    decoded,
)
from fullmakt.run.testworld.worldfile.reading import DOMAIN, VAT_DUTIES, VAT_REGISTRATIONS
from fullmakt.run.testworld.worldfile.shapes import resource_right
from fullmakt.run.testworld.worldfile.writing import write_right

BETWEEN: Final = "|"
RIGHTS: Final = "rights"
SECTIONS: Final = (
    "organisations",
    "persons",
    "roles",
    "delegations",
    "resources",
    ACCESS_LISTS,
    "systems",
    "systemUsers",
    "maskinportenScopes",
    "maskinportenClients",
)
DOMAIN_SECTIONS: Final = (VAT_DUTIES, VAT_REGISTRATIONS, *DOMAIN)

Row = dict[str, object]


def read_csv_source(file: str, content: bytes) -> Source:
    """What the file says. Raises: FilesRefused."""
    section = PurePath(file).stem
    if section not in (*SECTIONS, *DOMAIN_SECTIONS):
        known = ", ".join((*SECTIONS, *DOMAIN_SECTIONS))
        told = f"`{section}` is not a section of a world; known are {known}"
        raise FilesRefused([PlacedFault(file, None, told)])
    table = _Table(file, decoded(file, content))
    rows = list(table.rows())
    if table.faults:
        raise FilesRefused(table.faults)
    is_domain = section in DOMAIN_SECTIONS
    value = {"domain": {section: rows}} if is_domain else {section: rows}
    prefix = f"domain.{section}[" if is_domain else f"{section}["

    def line_of(path: str) -> int | None:
        number = path.removeprefix(prefix).partition("]")[0]
        if path.startswith(prefix) and number.isdigit() and int(number) < len(table.lines):
            return table.lines[int(number)]
        return 1

    return Source(file, value, line_of)


class _Table:
    """The rows of one file, with the line each begins on and all that is wrong."""

    def __init__(self, file: str, text: str) -> None:
        self._file = file
        self._text = text
        self.lines: list[int] = []
        self.faults: list[PlacedFault] = []

    def _fault(self, line: int, told: str) -> None:
        self.faults.append(PlacedFault(self._file, line, told))

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        first = self._text.partition("\n")[0]
        delimiter = ";" if ";" in first and "," not in first else ","
        reader = csv.reader(io.StringIO(self._text, newline=""), delimiter=delimiter, strict=True)
        begins = 1
        try:
            for record in reader:
                yield begins, [cell.strip() for cell in record]
                begins = reader.line_num + 1
        except csv.Error as fault:
            self._fault(max(begins, reader.line_num), f"is not CSV: {fault}")

    def rows(self) -> Iterator[Row]:
        """Every row as an entry."""
        records = self._records()
        _, header = next(records, (1, []))
        if not any(header):
            self._fault(1, "has no first row that names the members")
            return
        self._check_header(header)
        if self.faults:
            return
        for line, cells in records:
            if any(cells):
                self.lines.append(line)
                yield self._row(line, header, cells)

    def _check_header(self, header: Sequence[str]) -> None:
        for n, name in enumerate(header):
            if not all(name.split(".")):
                self._fault(1, f"column {n + 1} has no name: `{name}`")
            elif name in header[:n]:
                self._fault(1, f"the column `{name}` stands twice")
            elif any(other.startswith(f"{name}.") for other in header):
                self._fault(1, f"`{name}` cannot be a column beside columns inside it")

    def _row(self, line: int, header: Sequence[str], cells: Sequence[str]) -> Row:
        row: Row = {}
        if len(cells) > len(header):
            extra = f"`{cells[len(header)]}`"
            self._fault(line, f"has {len(cells)} cells and {len(header)} columns; {extra} is extra")
        for name, cell in zip(header, cells, strict=False):
            if cell:
                try:
                    _place(row, name.split("."), read_cell(name.rpartition(".")[2], cell))
                except ValueError as fault:
                    self._fault(line, f"{name}: `{cell[:80]}` is not JSON: {fault}")
        return row


def _place(row: Row, names: Sequence[str], value: object) -> None:
    inside: object = row
    for name in names[:-1]:
        assert isinstance(inside, dict), "the header has been checked"
        inside = inside.setdefault(name, {})
    assert isinstance(inside, dict), "the header has been checked"
    inside[names[-1]] = value


def read_cell(name: str, cell: str) -> object:
    """What a cell says, as the value of the member `name`. Raises: ValueError."""
    if cell[0] in '[{"':
        return read_json(cell)
    if name in LISTS:
        words = [word.strip() for word in cell.split(BETWEEN)]
        return [_right(word) for word in words] if name == RIGHTS else words
    return plain_value(name, cell)


def _right(resource: str) -> Mapping[str, object]:
    return write_right(resource_right(resource))
