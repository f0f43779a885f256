"""World files in JSON, YAML and CSV: the same world from each, and every fault with its line."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fullmakt.access.catalog.service import load_catalog
from fullmakt.run.testworld.world import DEFAULT_WORLD
from fullmakt.run.testworld.worldfile.formats.csv_source import read_csv_source
from fullmakt.run.testworld.worldfile.formats.csv_writing import UnwritableError, write_csv
from fullmakt.run.testworld.worldfile.formats.files import WorldFiles, read_world_files
from fullmakt.run.testworld.worldfile.formats.folder_writing import (
    FolderInUseError,
    write_folder,
)
from fullmakt.run.testworld.worldfile.formats.json_source import read_json_source
from fullmakt.run.testworld.worldfile.formats.source import FilesRefused, PlacedFault
from fullmakt.run.testworld.worldfile.formats.yaml_source import read_yaml_source, write_yaml
from fullmakt.run.testworld.worldfile.members import WorldRefused
from fullmakt.run.testworld.worldfile.reading import read_world

DEFAULT: dict[str, Any] = json.loads(DEFAULT_WORLD.read_bytes())
CATALOG = load_catalog()


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        stem, _, kind = name.rpartition("_")
        (folder / f"{stem}.{kind}").write_text(text, encoding="utf-8")
    return folder


def refused(path: Path) -> list[str]:
    with pytest.raises(FilesRefused) as told:
        read_world_files(path)
    return [str(fault).replace(f"{path}/", "") for fault in told.value.faults]


def faults_of(files: WorldFiles, folder: Path) -> list[str]:
    """What the world finds wrong, with file and line."""
    with pytest.raises(WorldRefused) as told:
        read_world(files.value, CATALOG)
    placed = [files.placed(fault.path, str(fault)) for fault in told.value.world_faults]
    return [str(fault).replace(f"{folder}/", "") for fault in placed]


def test_the_default_world_is_the_same_in_yaml_and_in_csv(tmp_path: Path) -> None:
    write_folder(tmp_path / "csv", DEFAULT)
    (tmp_path / "world.yaml").write_text(write_yaml(DEFAULT), encoding="utf-8")

    assert read_world_files(tmp_path / "world.yaml").value == DEFAULT
    assert read_world(read_world_files(tmp_path / "csv").value, CATALOG) == read_world(
        DEFAULT, CATALOG
    )


def test_an_access_list_is_the_same_in_yaml_and_in_csv(tmp_path: Path) -> None:
    lists = [
        {
            "owner": "212000019",
            "identifier": "utvalgte",
            "name": "2026",
            "description": "",
            "members": ["312400014", "312300028"],
            "connections": [{"resource": "en", "actionFilters": ["read"]}, {"resource": "to"}],
        }
    ]
    world = {**DEFAULT, "accessLists": lists}
    write_folder(tmp_path / "csv", world)
    (tmp_path / "world.yaml").write_text(write_yaml(world), encoding="utf-8")

    told = (tmp_path / "csv" / "accessLists.csv").read_text()
    assert ",312400014|312300028," in told
    assert read_world_files(tmp_path / "world.yaml").value == world
    assert read_world(read_world_files(tmp_path / "csv").value, CATALOG) == read_world(
        world, CATALOG
    )


def test_a_folder_may_mix_formats_and_split_a_section(tmp_path: Path) -> None:
    write(
        tmp_path,
        a_json='{"organisations": [{"navn": "A"}], "meta": {"description": "x"}}',
        b_yaml="organisations:\n- navn: B\nmeta:\n  description: x\n",
        organisations_csv="navn\nC\nD\n",
        vatObligations_csv="org\n312400014\n",
        README_md="not a world file",
    )

    files = read_world_files(tmp_path)

    assert files.value == {
        "organisations": [{"navn": name} for name in "ABCD"],
        "meta": {"description": "x"},
        "domain": {"vatObligations": [{"org": "312400014"}]},
    }
    assert [files.place_of(f"organisations[{n}].navn") for n in range(4)] == [
        (str(tmp_path / "a.json"), 1),
        (str(tmp_path / "b.yaml"), 2),
        (str(tmp_path / "organisations.csv"), 2),
        (str(tmp_path / "organisations.csv"), 3),
    ]


ORGANIZATION = "organisasjonsnummer,navn,organisasjonsform.kode"


@pytest.mark.parametrize(
    "files, expected",
    [
        (
            {
                "organisations_csv": (
                    f'{ORGANIZATION}\n312300028,"RETT\nREVISJON",AS\n312300029,X,AS\n'
                    "312400014,Y,ÅS\n"
                )
            },
            [
                "organisations.csv:4: organisations[1].organisasjonsnummer: `312300029` fails",
                "organisations.csv:5: organisations[2].organisasjonsform.kode: `ÅS` is not",
            ],
        ),
        (
            {
                "world_yaml": (
                    "# numbers need no quotes\npersons:\n- personidentifikator: 04898103388\n"
                    "  fornavn: Ryddig\n  etternavn: Sporvogn\n  userId: NO\n"
                )
            },
            ["world.yaml:6: persons[0].userId: `NO` must be a whole number"],
        ),
        (
            {"world_json": '{\n "roles": [\n  {\n   "rolle": "SJEF",\n   "enhet": "312300028"}]}'},
            [
                "world.json:3: roles[0]: `{}` must name exactly one of",
                "world.json:4: roles[0].rolle: `SJEF` is not a role of the catalog",
            ],
        ),
        (
            {"domain_yaml": "domain:\n  cars: []\nmeta:\n  domainTime: 2026-11-23\n"},
            [
                "domain.yaml:2: domain.cars: `cars` is not a member here",
                "domain.yaml:4: meta.domainTime: `2026-11-23` must name its zone",
            ],
        ),
        (
            {"persons_csv": "fornavn,alder\nMild,40\n"},
            ["persons.csv:2: persons[0].alder: `alder` is not a member here"],
        ),
    ],
)
def test_what_does_not_hold_is_told_with_file_line_and_value(
    files: dict[str, str], expected: list[str], tmp_path: Path
) -> None:
    folder = write(tmp_path, **files)

    told = faults_of(read_world_files(folder), folder)

    for wanted in expected:
        assert any(each.startswith(wanted) for each in told), told


@pytest.mark.parametrize(
    "files, expected",
    [
        ({"world_json": "{\n 1"}, "world.json:2: is not JSON: Expecting property name"),
        ({"world_json": '{"meta": {}, "Meta": {}}'}, "world.json: is not JSON: member `Meta`"),
        ({"world_yaml": "a: b\n c: d\n"}, "world.yaml:2: is not YAML: "),
        ({"world_yaml": "a: 1\nA: 2\n"}, "world.yaml:2: member `A` stands twice"),
        ({"world_yaml": "a: &x [1]\nb: *x\n"}, "world.yaml:1: has an anchor or an alias"),
        ({"world_yaml": "a: !!python/name:os.system x\n"}, "world.yaml:1: has the tag"),
        ({"world_yaml": "a: 1\n---\nb: 2\n"}, "world.yaml:2: holds a second document"),
        ({"world_yaml": "[a]: 1\n"}, "world.yaml:1: has a member whose name is not a word"),
        ({"world_yaml": "[" * 40 + "]" * 40}, "world.yaml:1: is nested deeper than 32 levels"),
        ({"world_yaml": "a: \x01\n"}, "world.yaml: is not YAML: "),
        ({"cars_csv": "a\n1\n"}, "cars.csv: `cars` is not a section of a world; known are organ"),
        ({"roles_csv": ""}, "roles.csv:1: has no first row that names the members"),
        ({"roles_csv": "rolle,,enhet\n"}, "roles.csv:1: column 2 has no name"),
        ({"roles_csv": "rolle,rolle\n"}, "roles.csv:1: the column `rolle` stands twice"),
        ({"persons_csv": "a,a.b\n"}, "persons.csv:1: `a` cannot be a column beside columns"),
        ({"roles_csv": "rolle\nREGN\nREGN,x\n"}, "roles.csv:3: has 2 cells and 1 columns; `x`"),
        ({"roles_csv": 'rolle\n"REGN\n'}, "roles.csv:2: is not CSV: "),
        ({"roles_csv": "rolle\n[1\n"}, "roles.csv:2: rolle: `[1` is not JSON"),
        ({"readme_md": "x"}, "holds no world file"),
        ({"a_json": "[]"}, "a.json:1: must be an object of sections"),
        ({"a_json": '{"roles": {}}'}, "a.json:1: roles: must be a list"),
        ({"a_json": '{"domain": []}'}, "a.json:1: domain: must be an object"),
        (
            {"a_json": '{"meta": {"notes": []}}', "b_yaml": "meta:\n  notes: [x]\n"},
            "b.yaml:2: meta.notes: says otherwise than",
        ),
    ],
)
def test_what_cannot_be_read_is_told_with_file_and_line(
    files: dict[str, str], expected: str, tmp_path: Path
) -> None:
    told = refused(write(tmp_path, **files))

    assert any(expected in each for each in told), told


def test_faults_in_several_files_are_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, a_json="{", b_yaml="x: *y\n", roles_csv="")

    assert [each.partition(":")[0] for each in refused(tmp_path)] == [
        "a.json",
        "b.yaml",
        "roles.csv",
    ]


@pytest.mark.parametrize("kind", ["json", "yaml", "csv"])
def test_bytes_that_are_no_utf_8_are_told_with_their_line(kind: str, tmp_path: Path) -> None:
    path = tmp_path / f"roles.{kind}"
    path.write_bytes(b"rolle\nF\xc3\x98R\nF\xd8R\n")

    assert "roles." + kind + ":3: is not UTF-8: byte 0xd8" in refused(path)[0]


@pytest.mark.parametrize(
    "words, value",
    [
        ("navn: NO", {"navn": "NO"}),
        ("navn: true", {"navn": "true"}),
        ("konkurs: true", {"konkurs": True}),
        ("konkurs: yes", {"konkurs": "yes"}),
        ("partyId: 51000005", {"partyId": 51000005}),
        ("org: 312400014", {"org": "312400014"}),
        ("clients: [312400014]", {"clients": ["312400014"]}),
        ("seksjonsnummer: 01", {"seksjonsnummer": "01"}),
        ("sats: 10.710", {"sats": "10.710"}),
        ("sats: 10.71", {"sats": 10.71}),
        ('sats: "25"', {"sats": "25"}),
        ("fra: 2026-01-01", {"fra": "2026-01-01"}),
        ("slettedato:", {"slettedato": None}),
        ("slettedato: ~", {"slettedato": None}),
        ("", None),
        ("antall: 0x1F", {"antall": "0x1F"}),
        ("antall: 1_000", {"antall": "1_000"}),
        ("antall: .inf", {"antall": ".inf"}),
    ],
)
def test_a_bare_word_of_yaml_is_what_a_world_means_by_it(words: str, value: object) -> None:
    assert read_yaml_source("w.yaml", words.encode()).value == value


@pytest.mark.parametrize(
    "header, cell, value",
    [
        ("navn", "17", {"navn": "17"}),
        ("antallAnsatte", "17", {"antallAnsatte": 17}),
        ("orgcode", "null", {"orgcode": None}),
        ("orgcode", '"""null"""', {"orgcode": "null"}),
        ("orgcode", "", {}),
        ("adresse", "Torget 1 | Bakgården", {"adresse": ["Torget 1", "Bakgården"]}),
        ("forretningsadresse.postnummer", "0150", {"forretningsadresse": {"postnummer": "0150"}}),
        (
            "rights",
            "app_x",
            {"rights": [{"resource": [{"id": "urn:altinn:resource", "value": "app_x"}]}]},
        ),
        ("holdings", '"[{""antall"": 1}]"', {"holdings": [{"antall": 1}]}),
    ],
)
def test_a_cell_of_csv_is_what_a_world_means_by_it(header: str, cell: str, value: object) -> None:
    text = f"\ufeffkey,{header}\nx,{cell}\n".encode()

    assert read_csv_source("persons.csv", text).value == {"persons": [{"key": "x", **value}]}  # type: ignore[dict-item]


def test_a_spreadsheets_semicolons_are_read_as_well() -> None:
    read = read_csv_source("roles.csv", b"rolle;enhet\r\nREGN;312400014\r\n\r\nREVI;312400014\r\n")

    assert read.value == {
        "roles": [
            {"rolle": "REGN", "enhet": "312400014"},
            {"rolle": "REVI", "enhet": "312400014"},
        ]
    }
    assert read.line_of("roles[1].enhet") == 4


def test_a_policy_stands_in_a_file_of_its_own(tmp_path: Path) -> None:
    own = {"identifier": "ny-tjeneste", "policy": "<Policy/>\n"}
    folder = tmp_path / "world"
    write_folder(folder, {**DEFAULT, "resources": [own, {"identifier": "x/y", "policy": "z"}]})

    written = sorted(str(path.relative_to(folder)) for path in folder.glob("policies/*"))
    value = read_world_files(folder).value

    assert written == ["policies/ny-tjeneste.xml", "policies/policy-1.xml"]
    assert isinstance(value, dict)
    assert value["resources"] == [own, {"identifier": "x/y", "policy": "z"}]


@pytest.mark.parametrize(
    "named, expected",
    [
        ("../secret.xml", "`../secret.xml` is not inside `world`"),
        ("/etc/passwd", "`/etc/passwd` is not inside `world`"),
        ("missing.xml", "`missing.xml` cannot be read: No such file"),
        ("p.xml\n  policy: x", "`p.xml` cannot stand beside `policy`"),
        ("[1]", "must be text"),
    ],
)
def test_a_policy_file_that_cannot_be_had_is_told(
    named: str, expected: str, tmp_path: Path
) -> None:
    folder = tmp_path / "world"
    folder.mkdir()
    (tmp_path / "secret.xml").write_text("secret")
    write(folder, r_yaml=f"resources:\n- identifier: x\n  policyFile: {named}\n")

    (told,) = refused(folder)

    assert told.startswith("r.yaml:3: resources[0].policyFile: ")
    assert expected in told


def test_a_world_is_not_written_over_what_is_there(tmp_path: Path) -> None:
    (tmp_path / "roles.csv").write_text("mine")

    with pytest.raises(FolderInUseError):
        write_folder(tmp_path, DEFAULT)

    assert (tmp_path / "roles.csv").read_text() == "mine"


def test_what_a_cell_cannot_hold_is_told_with_its_path() -> None:
    world = {"organisations": [{"note": 5}], "domain": {}}

    with pytest.raises(UnwritableError, match=r"^organisations\[0\]\.note: `5` cannot stand"):
        list(write_csv(world))


_NAMES = st.sampled_from(["navn", "kode", "org", "clients", "antall", "sats", "x y", "holdings"])
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers(-(10**12), 10**12)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
    | st.sampled_from(["NO", "null", "true", "0301", "1.0", "- a", "#", "a: b", "[", '"', "|", " "])
)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_NAMES, inner, max_size=3),
    max_leaves=12,
)


@given(st.dictionaries(_NAMES, _VALUES, max_size=4))
@example({"antall": 5e-324, "sats": 1e16})
def test_what_is_written_as_yaml_is_read_back(value: dict[str, object]) -> None:
    numbers_in_text = {"navn", "kode", "org", "clients"}

    def storable(each: object, name: str) -> object:
        match each:
            case dict():
                return {member: storable(inner, member) for member, inner in each.items()}
            case list():
                return [storable(inner, name) for inner in each]
            case None | str():
                return each
            case _:
                return str(each) if name in numbers_in_text else each

    world = storable(value, "")

    assert read_yaml_source("w.yaml", write_yaml(world).encode()).value == world


@given(st.lists(st.dictionaries(_NAMES.filter(lambda name: name != "x y"), _VALUES, min_size=1)))
def test_what_is_written_as_csv_is_read_back_or_told(rows: list[dict[str, object]]) -> None:
    try:
        written = dict(write_csv({"persons": rows, "domain": {}}))
    except UnwritableError:
        return

    if rows:
        read = read_csv_source("persons.csv", written["persons"].encode())
        assert read.value == {"persons": rows}


@given(_VALUES, st.sampled_from([None, 0, 2]))
def test_the_line_of_a_json_value_is_the_one_it_begins_on(
    value: object, indent: int | None
) -> None:
    text = json.dumps({"a": value, "mark": "MARK"}, ensure_ascii=False, indent=indent)

    line = read_json_source("w.json", text.encode()).line_of("mark")

    assert line is not None
    assert '"MARK"' in text.split("\n")[line - 1]


READERS = {"w.json": read_json_source, "w.yaml": read_yaml_source, "roles.csv": read_csv_source}


@pytest.mark.parametrize("name", READERS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
@example(data=b'"' * 10)
@example(data=b"a: b: c")
@example(data=b"- - - &a\n - *a")
@example(data=b"%YAML 9.9\n---\na")
@example(data=b"a\n" + b"x" * 140_000)
@example(data=b"[" * 3000)
@example(data=b"\x00")
def test_whatever_the_bytes_a_file_is_read_or_told_to_be_wrong(name: str, data: bytes) -> None:
    faults: tuple[PlacedFault, ...] = ()
    try:
        READERS[name](name, data).line_of("roles[0].x")
    except FilesRefused as told:
        faults = told.faults

    assert all(str(fault).startswith(name) for fault in faults)


def test_nothing_of_yaml_is_loaded_for_a_world_in_json(tmp_path: Path) -> None:
    shutil.copy(DEFAULT_WORLD, tmp_path / "world.json")
    script = (
        "import sys; from pathlib import Path;"
        "from fullmakt.run.testworld.worldfile.formats.files import read_world_files;"
        "read_world_files(Path('world.json')); print('yaml' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
    )

    assert done.stdout == "False\n"
