"""The catalog file itself: complete, in order, and without loose ends."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec
import pytest

from fullmakt.access.catalog import service
from fullmakt.access.catalog.service import load_catalog, read_catalog

FILE = Path(service.__file__).with_name("catalog.json")
FACTS = load_catalog().facts
NAMED = [
    *((f"package {row.name}", row.names) for row in FACTS.packages),
    *((f"area {row.code}", row.names) for row in FACTS.areas),
    *((f"area group {row.code}", row.names) for row in FACTS.area_groups),
    *((f"role {row.code}", row.names) for row in FACTS.roles),
]


@pytest.mark.parametrize(
    "rows, number",
    [
        pytest.param(FACTS.packages, 223, id="packages"),
        pytest.param(FACTS.areas, 49, id="areas"),
        pytest.param(FACTS.area_groups, 5, id="area groups"),
        pytest.param(FACTS.roles, 148, id="roles"),
        pytest.param(FACTS.role_map, 304, id="role map"),
        pytest.param(FACTS.role_packages, 1285, id="role packages"),
        pytest.param(FACTS.organisation_forms, 58, id="organisation forms"),
    ],
)
def test_every_row_is_there_and_none_twice(rows: Sequence[object], number: int) -> None:
    assert len(rows) == number
    assert len(set(rows)) == number


@pytest.mark.parametrize(
    "flags, number",
    [
        ((True, True, True), 163),
        ((False, False, True), 42),
        ((False, True, True), 6),
        ((True, False, False), 8),
        ((True, False, True), 3),
        ((True, True, False), 1),
    ],
)
def test_flags_occur_as_often_as_altinn_says(flags: tuple[bool, ...], number: int) -> None:
    having = [
        package.name
        for package in FACTS.packages
        if (package.is_assignable, package.is_delegable, package.is_available_in_policies) == flags
    ]

    assert len(having) == number


def test_names_exist_in_three_languages() -> None:
    texts = [(what, text) for what, names in NAMED for text in names.as_mapping().values()]

    assert [what for what, text in texts if not text or text != text.strip()] == []


def test_identifiers_of_packages_and_roles_are_each_one_thing() -> None:
    packages = [(row.id, row.name, row.urn, row.code) for row in FACTS.packages]
    roles = [(row.id, row.code, row.urn) for row in FACTS.roles]

    assert [len(set(column)) for column in zip(*packages, strict=True)] == [223] * 4
    assert [len(set(column)) for column in zip(*roles, strict=True)] == [148] * 3


def test_one_package_has_a_code_other_than_its_name() -> None:
    differing = [
        (package.name, package.code) for package in FACTS.packages if package.name != package.code
    ]

    assert differing == [
        (
            "namsmannen-tvangsfullbyrdelse-forliksradet",
            "vergemal-namsmannen-tvangsfullbyrdelse-forliksradet",
        )
    ]


def test_what_rows_refer_to_exists() -> None:
    packages = {package.name for package in FACTS.packages}
    roles = {role.code for role in FACTS.roles}
    areas = {area.code for area in FACTS.areas}
    forms = {form.code for form in FACTS.organisation_forms}

    assert {row.package for row in FACTS.role_packages} <= packages
    assert {row.role for row in FACTS.role_packages} <= roles
    assert {row.entity_variant for row in FACTS.role_packages} - {None} <= forms
    assert {code for row in FACTS.role_map for code in (row.role, row.gives_role)} <= roles
    assert {code for form in FACTS.organisation_forms for code in form.roles} <= roles
    assert {package.area for package in FACTS.packages} <= areas
    assert {area.group for area in FACTS.areas} == {group.code for group in FACTS.area_groups}


def test_three_areas_have_no_packages() -> None:
    used = {package.area for package in FACTS.packages}

    assert {area.code for area in FACTS.areas} - used == {
        "vergemal",
        "vergemal-pasientopplysninger-tjenester",
        "vergemal-statens-innkrevingssentral",
    }


@pytest.mark.parametrize(
    "section, key",
    [
        ("area_groups", lambda row: row["code"]),
        ("areas", lambda row: row["code"]),
        ("packages", lambda row: row["name"]),
        ("roles", lambda row: row["code"]),
        ("role_map", lambda row: (row["role"], row["gives_role"])),
        (
            "role_packages",
            lambda row: (row["role"], row["package"], row.get("entity_variant", "")),
        ),
        ("organisation_forms", lambda row: row["code"]),
    ],
)
def test_rows_stand_in_order_one_on_a_line(
    section: str, key: Callable[[dict[str, str]], str | tuple[str, ...]]
) -> None:
    text = FILE.read_text(encoding="utf-8")
    rows = json.loads(text)[section]

    assert [key(row) for row in rows] == sorted(key(row) for row in rows)
    assert {json.dumps(row, ensure_ascii=False) for row in rows} <= {
        line.rstrip(",") for line in text.splitlines()
    }


def test_no_fact_in_the_file_is_left_unread() -> None:
    written = json.loads(FILE.read_bytes())
    read = json.loads(msgspec.json.encode(FACTS))

    assert without_nulls(read) == written


def without_nulls(value: object) -> object:
    match value:
        case dict():
            return {name: without_nulls(one) for name, one in value.items() if one is not None}
        case list():
            return [without_nulls(one) for one in value]
        case _:
            return value


def test_the_hash_is_of_the_file_and_the_version_stands_in_it() -> None:
    catalog = load_catalog()

    assert catalog.sha256 == sha256(FILE.read_bytes()).hexdigest()
    assert catalog.version == json.loads(FILE.read_bytes())["version"]
    assert catalog.version in repr(catalog)


def test_the_catalog_is_read_once() -> None:
    assert load_catalog() is load_catalog()


def test_another_file_is_another_catalog() -> None:
    content = FILE.read_bytes().replace(FACTS.version.encode(), b"1814-05", 1)

    other = read_catalog(content)

    assert other.version == "1814-05"
    assert other.sha256 != load_catalog().sha256


def test_a_row_that_lacks_a_member_is_refused_with_its_place() -> None:
    content = FILE.read_bytes().replace(b'"is_delegable": true, ', b"", 1)

    with pytest.raises(msgspec.ValidationError, match=r"`is_delegable`.*packages\[0\]"):
        read_catalog(content)
