"""What import-linter cannot say about floors and rooms.

The order of floors and rooms is in pyproject.toml and checked by `lint-imports`. Here: what in a
room is its own, who may import the database libraries, and how files are named and sized.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import grimp
import pytest

import fullmakt

PACKAGE = Path(fullmakt.__file__).parent
FILES = sorted(PACKAGE.rglob("*.py"))
LONGEST_FILE_LINES = 400
WITHOUT_SUBJECT = {"utils", "util", "helpers", "helper", "common", "manager", "misc", "base"}

# A room's own parts -> who else may import them. A store may read the tables of a room below its
# own, since a standing is loaded in one statement, thus in one snapshot.
OWN_TO_A_ROOM = {
    "routes": ("fullmakt.run.server",),
    "store": ("fullmakt.run.migrations", "fullmakt.run.tables"),
    "tables": ("*.store", "*.tables", "fullmakt.run.migrations", "fullmakt.run.tables"),
    "wire": (),
}

# Library -> what may import it: a prefix of the module's name, or `*.x` for every room's x.
IMPORTERS = {
    "sqlalchemy": (
        "*.store",
        "*.tables",
        "fullmakt.foundation.events",
        "fullmakt.foundation.storage",
        "fullmakt.run.migrations",
        "fullmakt.run.server.schema",  # a new world is made without running every migration
        "fullmakt.run.tables",
    ),
    "alembic": ("fullmakt.run.migrations",),
    "sqlite3": ("fullmakt.foundation.storage",),
    "psycopg": ("fullmakt.foundation.storage",),
    "click": ("fullmakt.run.cli",),
    "rich": ("fullmakt.run.cli",),
    "uvicorn": ("fullmakt.run",),
    "yaml": ("fullmakt.run.testworld.worldfile.formats",),
    "multipart": ("fullmakt.foundation.http",),
}


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("fullmakt", include_external_packages=True, cache_dir=None)


def imports(graph: grimp.ImportGraph) -> Iterator[tuple[str, str]]:
    for importer in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            yield importer, imported


def room_of(module: str) -> str:
    """`fullmakt.access.parties.store` is of the room `fullmakt.access.parties`."""
    return ".".join(module.split(".")[:3])


def part_of(module: str) -> str | None:
    """`store` for a room's `store`, `store.units` and `units_store`; likewise its other parts."""
    inside = module.split(".")[3:4]
    words = inside[0].split("_") if inside else []
    return next((word for word in words if word in OWN_TO_A_ROOM), None)


def is_within(module: str, *places: str) -> bool:
    return any(
        part_of(module) == place[2:]
        if place.startswith("*.")
        else module == place or module.startswith(f"{place}.")
        for place in places
    )


def test_a_rooms_store_tables_wire_and_routes_are_its_own(graph: grimp.ImportGraph) -> None:
    trespasses = [
        f"{importer} imports {imported}"
        for importer, imported in imports(graph)
        if (part := part_of(imported))
        and not imported.startswith("fullmakt.foundation.storage.")
        and room_of(importer) != room_of(imported)
        and not is_within(importer, *OWN_TO_A_ROOM[part])
    ]

    assert trespasses == []


@pytest.mark.parametrize("library", sorted(IMPORTERS))
def test_a_library_is_imported_only_where_it_belongs(
    library: str, graph: grimp.ImportGraph
) -> None:
    trespasses = [
        importer
        for importer, imported in imports(graph)
        if imported == library and not is_within(importer, *IMPORTERS[library])
    ]

    assert trespasses == []


def test_the_sdk_imports_nothing_of_the_house_but_terms_and_jose(graph: grimp.ImportGraph) -> None:
    allowed = ("fullmakt.vendor", "fullmakt.foundation.terms", "fullmakt.foundation.jose")

    trespasses = [
        f"{importer} imports {imported}"
        for importer, imported in imports(graph)
        if importer.startswith("fullmakt.vendor")
        and imported.startswith("fullmakt.")
        and not is_within(imported, *allowed)
    ]

    assert trespasses == []


def test_every_folder_of_code_is_a_package_with_a_docstring_and_nothing_else() -> None:
    public_lists = {PACKAGE / "vendor" / "__init__.py"}

    with_more = []
    for folder in sorted({path.parent for path in FILES}):
        init = folder / "__init__.py"
        body = ast.parse(init.read_text(encoding="utf-8")).body if init.exists() else []
        has_docstring = bool(body) and ast.get_docstring(ast.Module(body, [])) is not None
        if not has_docstring or (len(body) > 1 and init not in public_lists):
            with_more.append(str(init.relative_to(PACKAGE)))

    assert with_more == []


def test_every_file_begins_with_what_it_is_for() -> None:
    silent = [
        str(path.relative_to(PACKAGE))
        for path in FILES
        if ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
    ]

    assert silent == []


def test_no_file_is_longer_than_a_subject() -> None:
    lengths = {
        str(path.relative_to(PACKAGE)): len(path.read_text(encoding="utf-8").splitlines())
        for path in FILES
    }

    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE_LINES} == {}


def test_no_file_or_folder_is_named_without_a_subject() -> None:
    names = {path.relative_to(PACKAGE): {path.stem, *path.parent.parts} for path in FILES}

    without_subject = [
        str(path)
        for path, words in names.items()
        if WITHOUT_SUBJECT & {part for word in words for part in word.split("_")}
    ]

    assert without_subject == []
