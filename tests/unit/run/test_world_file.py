"""World files: what is refused in them and where, and that what is exported loads to the same."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fullmakt.access.catalog.service import load_catalog
from fullmakt.access.resources import service as resources
from fullmakt.access.resources.model import (
    AccessListMode,
    Consent,
    Keyword,
    NewResource,
    PartyType,
    ResourceType,
)
from fullmakt.access.resources.service import get_policy
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.text import LocalizedText
from fullmakt.run.testworld import store
from fullmakt.run.testworld.world import DEFAULT_WORLD, default_world
from fullmakt.run.testworld.worldfile.applying import apply_world
from fullmakt.run.testworld.worldfile.entries import World
from fullmakt.run.testworld.worldfile.exporting import export_world
from fullmakt.run.testworld.worldfile.members import WorldRefused
from fullmakt.run.testworld.worldfile.reading import read_world, read_world_text
from fullmakt.run.testworld.worldfile.writing import write_world
from tests.worlds import new_database

CATALOG = load_catalog()
DEFAULT: dict[str, Any] = json.loads(DEFAULT_WORLD.read_bytes())


@contextmanager
def empty(url: str) -> Iterator[Database]:
    database = new_database(url)
    store.make_tables(database)
    yield database
    database.close()


def load(database: Database, world: World) -> int:
    with database.authority(actor="test", correlation="") as work:
        return apply_world(work, CATALOG, world, before=export_world(work, CATALOG))


def export(database: Database) -> World:
    with database.reading() as reading:
        return export_world(reading, CATALOG)


def comparable(value: object) -> object:
    """JSON with every list in one order, and nothing said of what is null."""
    if isinstance(value, dict):
        return {name: comparable(each) for name, each in value.items() if each is not None}
    if isinstance(value, list):
        return sorted((comparable(each) for each in value), key=_sorted_text)
    return value


def _sorted_text(value: object) -> str:
    return json.dumps(value, sort_keys=True)


def faults(value: object) -> list[str]:
    with pytest.raises(WorldRefused) as refused:
        read_world(value, CATALOG)
    return [str(fault) for fault in refused.value.world_faults]


def faults_of_loading(url: str, change: dict[str, Any]) -> list[str]:
    with empty(url) as database:
        with pytest.raises(WorldRefused) as refused:
            load(database, read_world({**DEFAULT, **change}, CATALOG))
        assert export(database) == World()
    return [str(fault) for fault in refused.value.world_faults]


def test_the_default_world_comes_back_as_it_is_written(database_url: str) -> None:
    with empty(database_url) as database:
        load(database, default_world())

        written = write_world(export(database), CATALOG)

    known = {**DEFAULT, "meta": {**DEFAULT["meta"], "domainTime": None}}
    assert comparable(written) == comparable(known)


def test_loading_what_was_exported_adds_nothing(database_url: str) -> None:
    with empty(database_url) as database:
        load(database, default_world())

        assert load(database, export(database)) == 0


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_exported_loads_to_the_same_world(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    world = default_world()
    roles = data.draw(st.lists(st.sampled_from(world.roles), unique=True))
    partial = World(
        organizations=world.organizations,
        people=world.people,
        roles=tuple(roles),
        scopes=tuple(data.draw(st.lists(st.sampled_from(world.scopes), unique=True))),
        resources=world.resources[: data.draw(st.integers(0, 12))],
        vat_duties=tuple(data.draw(st.lists(st.sampled_from(world.vat_duties), unique=True))),
        domain={name: facts for name, facts in world.domain.items() if data.draw(st.booleans())},
        meta=world.meta,
    )
    folder = tmp_path_factory.mktemp("worlds")

    with empty(f"sqlite:///{folder / 'first.db'}") as first:
        load(first, partial)
        exported = export(first)
    text = json.dumps(write_world(exported, CATALOG))
    with empty(f"sqlite:///{folder / 'second.db'}") as second:
        load(second, read_world_text(text, CATALOG))
        again = export(second)

    assert again == exported
    assert set(again.roles) == set(roles)


def test_a_joint_registration_comes_back_and_a_different_one_is_a_fault(database_url: str) -> None:
    registration = {
        "org": "312400014",
        "reportingUnit": "312400138",
        "accountNumber": "12345678903",
    }
    value = {
        "organisations": DEFAULT["organisations"],
        "domain": {"vatRegistrations": [registration]},
    }
    with empty(database_url) as database:
        load(database, read_world(value, CATALOG))
        again = load(database, read_world(value, CATALOG))
        written = write_world(export(database), CATALOG)
        value["domain"] = {"vatRegistrations": [{**registration, "reportingUnit": None}]}
        with pytest.raises(WorldRefused) as refused:
            load(database, read_world(value, CATALOG))

    assert again == 0
    assert written["domain"] == {"vatObligations": [], "vatRegistrations": [registration]}
    assert "stands already, and differs" in str(refused.value.world_faults[0])


def test_ids_that_are_not_given_are_the_same_every_time(tmp_path: Path) -> None:
    nameless = World(
        organizations=tuple(
            replace(entry, uuid=None, party_id=None) for entry in default_world().organizations
        )
    )
    ids = []
    for name in ("first", "second"):
        with empty(f"sqlite:///{tmp_path / name}.db") as database:
            load(database, nameless)
            ids.append([entry.party_id for entry in export(database).organizations])

    assert ids[0] == ids[1]
    assert len(set(ids[0])) == 27


def test_what_was_filed_ahead_of_a_missing_period_comes_back(database_url: str) -> None:
    ahead = ["november-desember 2026", "september-oktober 2026"]
    value = {
        "organisations": DEFAULT["organisations"],
        "domain": {"vatObligations": [vat_duty(filedAhead=ahead)]},
    }
    with empty(database_url) as database:
        load(database, read_world(value, CATALOG))
        written = write_world(export(database), CATALOG)

    assert written["domain"] == value["domain"]


def test_what_is_loaded_without_ids_is_known_again(database_url: str) -> None:
    value = {
        name: [
            {member: each for member, each in entry.items() if member not in left_out}
            for entry in DEFAULT[name]
        ]
        for name, left_out in {
            "organisations": {"partyId", "partyUuid"},
            "persons": {"partyId", "partyUuid", "userId"},
            "roles": {"rollegruppe"},
            "delegations": {},
            "resources": {},
            "systems": {},
            "systemUsers": {"id", "key"},
            "maskinportenScopes": {},
            "maskinportenClients": {"clientId"},
        }.items()
    }
    for system in value["systems"]:
        system["clientId"] = []
    with empty(database_url) as database:
        added = load(database, read_world(value, CATALOG))
        again = load(database, read_world(value, CATALOG))

    assert added == sum(map(len, value.values()))
    assert again == 0


def test_clients_without_ids_have_names_of_their_own(tmp_path: Path) -> None:
    client = {**DEFAULT["maskinportenClients"][0], "clientId": None}

    found = faults_of_loading(
        f"sqlite:///{tmp_path / 'world.db'}", {"maskinportenClients": [client, client]}
    )

    assert (
        "maskinportenClients[1].name: `Maestro Årsoppgjør` stands twice; give the clients their"
        " ids" in found
    )


def organization(**change: object) -> dict[str, object]:
    return {**DEFAULT["organisations"][0], **change}


def person(**change: object) -> dict[str, object]:
    return {**DEFAULT["persons"][0], **change}


def vat_duty(**change: object) -> dict[str, object]:
    return {**DEFAULT["domain"]["vatObligations"][0], **change}


CASES: list[tuple[object, list[str]]] = [
    ([], [": `[]` must be an object"]),
    ({"organizations": []}, ["organizations: `organizations` is not a member here; known are"]),
    ({"organisations": {}}, ["organisations: `{}` must be a list"]),
    ({"organisations": ["x"]}, ["organisations[0]: `x` must be an object"]),
    (
        {"organisations": [organization(), organization(organisasjonsnummer="312300029")]},
        ["organisations[1].organisasjonsnummer: `312300029` fails its check digit"],
    ),
    (
        {"organisations": [organization(navn=7, partyUuid="x", slettedato="i går", konkurs="nei")]},
        [
            "organisations[0].navn: `7` must be text",
            "organisations[0].slettedato: `i går` must be a date, as `2026-11-23`",
            "organisations[0].konkurs: `nei` must be true or false",
            "organisations[0].partyUuid: `x` must be a UUID",
        ],
    ),
    (
        {"organisations": [organization(organisasjonsform={"kode": "ÅS"})]},
        ["organisations[0].organisasjonsform.kode: `ÅS` is not an organisation form"],
    ),
    (
        {"persons": [person(personidentifikator="12837402228")]},
        ["persons[0].personidentifikator: `128374*****` fails its check digits"],
    ),
    ({"persons": [person(fornavn=None)]}, ["persons[0].fornavn: `null` is missing"]),
    (
        {"roles": [{"rolle": "SJEF", "enhet": "312300028", "person": "12837402229"}]},
        ["roles[0].rolle: `SJEF` is not a role of the catalog"],
    ),
    (
        {"roles": [{"rolle": "DAGL", "enhet": "312300028"}]},
        ["roles[0]: `{}` must name exactly one of `person` and `innehaverEnhet`"],
    ),
    (
        {"delegations": [{"from": "312300028", "to": "312300109", "givenBy": "12837402229"}]},
        ["must give an access package or a resource"],
    ),
    (
        {
            "delegations": [
                {
                    "from": "312300028",
                    "to": "312300109",
                    "givenBy": "12837402229",
                    "accessPackages": ["urn:altinn:accesspackage:alt-mulig"],
                }
            ]
        },
        ["has `urn:altinn:accesspackage:alt-mulig` at [0], which is not an access package"],
    ),
    (
        {"resources": [{**DEFAULT["resources"][0], "resourceType": "Ting", "title": {"nb": "x"}}]},
        [
            "resources[0].resourceType: `Ting` must be one of Default, Systemresource",
            'resources[0].title: `{"nb":"x"}` must have exactly `nb`, `nn` and `en`',
        ],
    ),
    (
        {"resources": [{**DEFAULT["resources"][0], "policy": "<Policy/>"}]},
        ["resources[0].policy: `<Policy/>` cannot stand beside roles, accessPackages, actions"],
    ),
    (
        {"systemUsers": [{**DEFAULT["systemUsers"][5], "clients": ["312400014"]}]},
        ["systemUsers[0].clients: `1` clients can be linked to an agent only"],
    ),
    (
        {"systemUsers": [{**DEFAULT["systemUsers"][0], "userType": "robot"}]},
        ["systemUsers[0].userType: `robot` must be one of standard, agent"],
    ),
    (
        {"maskinportenClients": [{**DEFAULT["maskinportenClients"][0], "tokenLifetime": -1}]},
        ["maskinportenClients[0].tokenLifetime: `-1` must be a whole number"],
    ),
    (
        {"domain": {"vatObligations": [{**DEFAULT["domain"]["vatObligations"][0], "fra": "x"}]}},
        ["domain.vatObligations[0].fra: `x` must be a date"],
    ),
    (
        {"domain": {"employments": [{"virksomhet": "312800145", "inntektsmottaker": "1"}]}},
        [
            "domain.employments[0].virksomhet: `312800145` fails its check digit",
            "domain.employments[0].inntektsmottaker: `1` must be an identity number",
        ],
    ),
    (
        {"domain": {"vatObligations": [vat_duty(filedAhead=["juli-august 2026", "august 2026"])]}},
        ['filedAhead: `["juli-august 2026","august 2026"]` has `august 2026` at [1], which no'],
    ),
    (
        {"domain": {"vatObligations": [vat_duty(filedAhead=["juli-august"])]}},
        ["has `juli-august` at [0], which must end in a year of four digits"],
    ),
    (
        {"domain": {"vatRegistrations": [{"org": "312400014", "accountNumber": "12345678904"}]}},
        ["domain.vatRegistrations[0].accountNumber: `123456*****` must be an account number of 11"],
    ),
    ({"domain": {"cars": []}}, ["domain.cars: `cars` is not a member here"]),
    ({"meta": {"domainTime": "2026-11-23"}}, ["meta.domainTime: `2026-11-23` must name its zone"]),
]


@pytest.mark.parametrize("value, expected", CASES)
def test_each_fault_is_told_with_its_path_and_value(value: object, expected: list[str]) -> None:
    found = faults(value)

    assert len(found) == len(expected)
    for wanted, told in zip(expected, found, strict=True):
        assert wanted in told


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    (
        "a reporting unit that nobody registered",
        {
            "domain": {
                "vatRegistrations": [{"org": "312400014", "reportingUnit": "313300102"}],
            }
        },
        "domain.vatRegistrations[0].reportingUnit: `313300102` is not registered",
    ),
    (
        "a role of somebody unknown",
        {"roles": [{"rolle": "REGN", "enhet": "313300102", "innehaverEnhet": "312300028"}]},
        "roles[0].enhet: `313300102` is not registered, and not in the file",
    ),
    (
        "one number twice",
        {"organisations": [*DEFAULT["organisations"], organization()]},
        "organisations[27].organisasjonsnummer: `312300028` is refused",
    ),
    (
        "one role twice",
        {"roles": [*DEFAULT["roles"], DEFAULT["roles"][0]]},
        "roles[40]: `daglig-leder` is refused",
    ),
    (
        "a package given by one who may not",
        {
            "delegations": [
                *DEFAULT["delegations"][1:],
                {**DEFAULT["delegations"][0], "givenBy": "27919001270"},
            ]
        },
        "may not give `a-ordning`",
    ),
    (
        "a resource given by one who may not",
        {"delegations": [{**DEFAULT["delegations"][1], "givenBy": "27919001270"}]},
        "who may not give read, write",
    ),
    (
        "a resource that does not exist",
        {"delegations": [{**DEFAULT["delegations"][1], "resources": ["nei"]}]},
        "delegations[0].resources: `nei` is not a resource with a policy",
    ),
    (
        "a resource without an owner",
        {"resources": [{**DEFAULT["resources"][0], "owner": "313300102"}]},
        "resources[0].owner: `313300102` is not registered",
    ),
    (
        "a system with another vendor's id",
        {"systems": [{**DEFAULT["systems"][0], "systemId": "312300192_x"}]},
        "systems[0]: `312300192_x` is refused: system id `312300192_x` must begin with",
    ),
    (
        "a system user of an unknown system",
        {"systemUsers": [{**DEFAULT["systemUsers"][0], "systemId": "nei"}]},
        "systemUsers[0].systemId: `nei` is not a registered system",
    ),
    (
        "a client that gives too little",
        {"systemUsers": [{**DEFAULT["systemUsers"][0], "clients": ["312500019"]}]},
        "systemUsers[0].clients: `312500019` is refused",
    ),
    (
        "a client with an unknown scope",
        {"maskinportenClients": [{**DEFAULT["maskinportenClients"][0], "scopes": ["no:such"]}]},
        "not registered: `no:such`",
    ),
    (
        "a scope granted to nobody known",
        {"maskinportenScopes": [{**DEFAULT["maskinportenScopes"][0], "grantedTo": ["313300102"]}]},
        "maskinportenScopes[0]: `313300102` is not registered",
    ),
    (
        "a policy that cannot be read",
        {
            "resources": [
                {
                    "identifier": "ny-tjeneste",
                    "resourceType": "GenericAccessResource",
                    "owner": "212000019",
                    "title": {"nb": "a", "nn": "b", "en": "c"},
                    "description": {"nb": "a", "nn": "b", "en": "c"},
                    "delegable": False,
                    "policy": "<Policy>",
                }
            ]
        },
        "resources[0]: `ny-tjeneste` is refused",
    ),
]


@pytest.mark.parametrize(
    "change, expected", [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED]
)
def test_what_a_room_refuses_is_told_and_nothing_is_loaded(
    change: dict[str, Any], expected: str, tmp_path: Path
) -> None:
    found = faults_of_loading(f"sqlite:///{tmp_path / 'world.db'}", change)

    assert any(expected in told for told in found), found


def test_a_resource_with_a_policy_of_its_own_comes_back_with_it(tmp_path: Path) -> None:
    loaded = default_world()
    with empty(f"sqlite:///{tmp_path / 'world.db'}") as database:
        load(database, loaded)
        document = _policy_of(database, "mat-innrapportering-lakselus")
    plain = {"identifier": "mat-innrapportering-lakselus", "resourceType": "GenericAccessResource"}
    text = {"nb": "a", "nn": "b", "en": "c"}
    own = {**plain, "owner": "212000345", "title": text, "description": text, "delegable": False}
    value = {"organisations": DEFAULT["organisations"], "resources": [{**own, "policy": document}]}

    with empty(f"sqlite:///{tmp_path / 'own.db'}") as database:
        load(database, read_world(value, CATALOG))
        exported = write_world(export(database), CATALOG)
        assert _policy_of(database, "mat-innrapportering-lakselus") == document

    assert exported["resources"] == [{**own, "policy": document}]


def test_a_resource_that_came_without_a_file_comes_back_as_it_is(tmp_path: Path) -> None:
    text = LocalizedText("a", "b", "c")
    new = NewResource(
        "ny-tjeneste",
        ResourceType.CONSENT,
        OrganizationNumber("212000019"),
        "skd",
        text,
        description=text,
        owner_name=text,
        is_delegable=False,
        is_visible=False,
        access_list_mode=AccessListMode.ENABLED,
        homepage="https://example.invalid",
        spatial=("Norge",),
        keywords=(Keyword("skatt", "nb"),),
        available_for=(PartyType.PRIVATE_PERSON,),
        is_for_self_identified_users=True,
        is_for_enterprise_users=False,
        consent=Consent("mal", text, {"inntektsaar": True}, is_one_time=True),
    )
    with empty(f"sqlite:///{tmp_path / 'first.db'}") as database:
        load(database, read_world({"organisations": DEFAULT["organisations"]}, CATALOG))
        with database.authority(actor="test", correlation="") as work:
            added = resources.add_resource(work, new)
        written = write_world(export(database), CATALOG)

    with empty(f"sqlite:///{tmp_path / 'second.db'}") as database:
        load(database, read_world(written, CATALOG))
        with database.reading() as reading:
            (found,) = resources.list_resources(reading)
            assert resources.find_policy(reading, "ny-tjeneste") is None

    assert replace(found, id=added.id, version_id=added.version_id) == added


def test_a_resource_that_was_replaced_is_written_as_it_is_now(tmp_path: Path) -> None:
    with empty(f"sqlite:///{tmp_path / 'world.db'}") as database:
        load(database, default_world())
        with database.authority(actor="test", correlation="") as work:
            held = resources.get_resource(work, "mat-innrapportering-lakselus")
            members = {name: getattr(held, name) for name in NewResource.__slots__}
            new = NewResource(**{**members, "access_list_mode": AccessListMode.ENABLED})
            resources.replace_resource(work, held, new)
        exported = write_world(export(database), CATALOG)

    (entry,) = [
        each
        for each in json.loads(json.dumps(exported))["resources"]
        if each["identifier"] == "mat-innrapportering-lakselus"
    ]
    assert entry["accessListMode"] == "Enabled"
    assert entry["policy"].startswith("<?xml")


def _policy_of(database: Database, identifier: str) -> str:
    with database.reading() as reading:
        return get_policy(reading, identifier).document.decode()
