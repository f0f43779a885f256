"""The catalog over HTTP: packages and roles, in the reader's language, open to all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from litestar.testing import TestClient

from fullmakt.access.catalog.routes import ROUTES
from fullmakt.access.catalog.service import load_catalog
from tests.unit.parties.served import served, shared_database

META = "/accessmanagement/api/v1/meta/info"
PACKAGES, ROLES = f"{META}/accesspackages", f"{META}/roles"
CATALOG = load_catalog()
FACTS = CATALOG.facts
TAX = CATALOG.package("skattegrunnlag")
AREA = CATALOG.area(TAX.area)
GROUP = next(each for each in FACTS.area_groups if each.code == AREA.group)
ACCOUNTANT = CATALOG.role("regnskapsforer")
NOBODY = "00000000-0000-0000-0000-000000000000"


@pytest.fixture(scope="module", params=["sqlite"])
def client(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient[Any]]:
    with (
        shared_database(request, tmp_path_factory) as database,
        served(ROUTES, database) as opened,
    ):
        yield opened


def read(client: TestClient[Any], path: str, language: str = "nb") -> Any:  # noqa: ANN401
    answer = client.get(path, headers={"accept-language": language})
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_package_is_shown_with_its_flags_and_its_area(client: TestClient[Any]) -> None:
    shown = read(client, f"{PACKAGES}/package/{TAX.id}")

    assert shown == {
        "id": str(TAX.id),
        "name": TAX.names.nb,
        "urn": "urn:altinn:accesspackage:skattegrunnlag",
        "description": "",
        "isDelegable": True,
        "isAssignable": True,
        "isResourcePolicyAvailable": True,
        "area": {
            "id": str(AREA.id),
            "name": AREA.names.nb,
            "urn": f"accesspackage:area:{AREA.code}",
            "description": "",
            "iconUrl": "",
        },
    }
    assert read(client, f"{PACKAGES}/package/urn/{quote(TAX.urn)}") == shown


def test_each_package_tells_whether_it_can_be_given_and_passed_on(client: TestClient[Any]) -> None:
    shown = {
        package["urn"]: (package["isAssignable"], package["isDelegable"])
        for group in read(client, f"{PACKAGES}/export")
        for area in group["areas"]
        for package in area["packages"]
    }

    assert shown == {each.urn: (each.is_assignable, each.is_delegable) for each in FACTS.packages}


def test_the_export_has_every_area_under_its_group(client: TestClient[Any]) -> None:
    groups = read(client, f"{PACKAGES}/export")

    assert [(each["id"], each["type"]) for each in groups] == [
        (str(each.id), each.entity_type.value) for each in FACTS.area_groups
    ]
    found = {area["id"]: group["id"] for group in groups for area in group["areas"]}
    ids = {each.code: str(each.id) for each in FACTS.area_groups}
    assert found == {str(each.id): ids[each.group] for each in FACTS.areas}


def test_groups_areas_and_packages_are_found_from_one_to_the_next(client: TestClient[Any]) -> None:
    groups = read(client, f"{PACKAGES}/group")
    areas = read(client, f"{PACKAGES}/group/{GROUP.id}/areas")
    packages = read(client, f"{PACKAGES}/area/{AREA.id}/packages")

    assert read(client, f"{PACKAGES}/group/{GROUP.id}") in groups
    assert read(client, f"{PACKAGES}/area/{AREA.id}") in areas
    assert read(client, f"{PACKAGES}/package/{TAX.id}") in packages
    assert len(packages) == sum(each.area == AREA.code for each in FACTS.packages)


@pytest.mark.parametrize(
    "language, name",
    [
        ("", AREA.names.nb),
        ("nb", AREA.names.nb),
        ("no", AREA.names.nb),
        ("nn-NO", AREA.names.nn),
        ("en-GB,en;q=0.9", AREA.names.en),
        ("de, en;q=0.5, nn;q=0.7", AREA.names.nn),
        ("de", AREA.names.nb),
        ("en;q=0, nn;q=0.1", AREA.names.nn),
        ("en;q=x", AREA.names.nb),
    ],
)
def test_names_are_in_the_readers_language(
    client: TestClient[Any], language: str, name: str
) -> None:
    assert read(client, f"{PACKAGES}/area/{AREA.id}", language)["name"] == name


def test_a_word_is_searched_in_names_areas_and_urns_and_names_come_first(
    client: TestClient[Any],
) -> None:
    found = read(client, f"{PACKAGES}/search?term=SKATT")

    assert all("skatt" in str(each["fields"]).lower() for each in found)
    assert "skatt" in found[0]["object"]["name"].lower()
    scores = [each["score"] for each in found]
    assert scores == sorted(scores, reverse=True)
    assert TAX.urn in {each["object"]["urn"] for each in found}


def test_every_word_of_a_search_must_stand_somewhere(client: TestClient[Any]) -> None:
    one = read(client, f"{PACKAGES}/search?term=regnskapsf%C3%B8rer")
    both = read(client, f"{PACKAGES}/search?term=regnskapsf%C3%B8rer+l%C3%B8nn")

    assert 0 < len(both) < len(one)
    assert "urn:altinn:accesspackage:regnskapsforer-lonn" in {
        each["object"]["urn"] for each in both
    }


def test_a_search_may_be_for_one_kind_of_party(client: TestClient[Any]) -> None:
    found = read(client, f"{PACKAGES}/search?typeName=person")

    urns = {each.urn for each in FACTS.packages if each.entity_type == "Person"}
    assert {each["object"]["urn"] for each in found} == urns


def test_a_search_that_finds_nothing_has_no_content(client: TestClient[Any]) -> None:
    answer = client.get(f"{PACKAGES}/search?term=romskip")

    assert (answer.status_code, answer.content) == (204, b"")


def test_a_role_is_shown_with_what_it_was_called_before(client: TestClient[Any]) -> None:
    shown = read(client, f"{ROLES}/{ACCOUNTANT.id}", "en")

    assert shown == {
        "id": str(ACCOUNTANT.id),
        "name": ACCOUNTANT.names.en,
        "code": "regnskapsforer",
        "description": "",
        "isKeyRole": False,
        "urn": "urn:altinn:external-role:ccr:regnskapsforer",
        "provider": {"code": "sys-ccr", "name": "Enhetsregisteret"},
        "legacyRoleCode": "REGN",
        "legacyUrn": "urn:altinn:rolecode:regn",
    }


def test_every_role_is_listed(client: TestClient[Any]) -> None:
    assert [each["code"] for each in read(client, ROLES)] == [each.code for each in FACTS.roles]


@pytest.mark.parametrize("variant", ["AS", "ESEK", "KBO"])
def test_the_packages_of_a_role_are_those_it_gives_for_the_form(
    client: TestClient[Any], variant: str
) -> None:
    by_id = read(client, f"{ROLES}/{ACCOUNTANT.id}/packages?variant={variant}")
    by_code = read(client, f"{ROLES}/packages?role=regnskapsforer&variant={variant}")

    assert by_id == by_code
    assert {each["urn"].rpartition(":")[2] for each in by_id} == CATALOG.packages_with_access(
        "regnskapsforer", variant
    )


@pytest.mark.parametrize(
    "key, value",
    [
        ("Code", "regnskapsforer"),
        ("ercode", "REGN"),
        ("ERCODE", "regn"),
        ("legacyRoleCode", "regn"),
        ("urn", "urn:altinn:external-role:ccr:regnskapsforer"),
        ("legacyUrn", "urn:altinn:rolecode:REGN"),
    ],
)
def test_a_role_is_looked_up_by_any_of_its_names(
    client: TestClient[Any], key: str, value: str
) -> None:
    found = read(client, f"{ROLES}/lookup?key={key}&value={quote(value)}")

    assert found == read(client, f"{ROLES}/{ACCOUNTANT.id}")


def test_every_key_that_is_told_of_finds_a_role(client: TestClient[Any]) -> None:
    keys = read(client, f"{ROLES}/lookup/keys")

    assert keys == ["Code", "ERCode", "LegacyRoleCode", "LegacyUrn", "Urn"]
    for key in keys:
        wrong = client.get(f"{ROLES}/lookup?key={key}&value=nobody")
        assert (wrong.status_code, wrong.json()["detail"]) == (
            404,
            f"there is no role `{key}=nobody`",
        )


def test_a_register_code_finds_no_role_from_elsewhere(client: TestClient[Any]) -> None:
    person = CATALOG.role("privatperson")
    assert person.legacy_code == "priv"

    assert client.get(f"{ROLES}/lookup?key=ERCode&value=priv").status_code == 404
    assert read(client, f"{ROLES}/lookup?key=LegacyRoleCode&value=priv")["id"] == str(person.id)


@pytest.mark.parametrize(
    "path, detail",
    [
        (f"{PACKAGES}/group/{NOBODY}", "there is no area group"),
        (f"{PACKAGES}/group/{NOBODY}/areas", "there is no area group"),
        (f"{PACKAGES}/area/{NOBODY}", "there is no area"),
        (f"{PACKAGES}/area/{NOBODY}/packages", "there is no area"),
        (f"{PACKAGES}/package/{NOBODY}", "there is no access package"),
        (f"{PACKAGES}/package/urn/urn:altinn:accesspackage:x", "there is no access package"),
        (f"{PACKAGES}/package/urn/skattegrunnlag", "there is no access package"),
        (f"{ROLES}/{NOBODY}", "there is no role"),
        (f"{ROLES}/{NOBODY}/packages?variant=AS", "there is no role"),
        (f"{ROLES}/packages?role=sjef&variant=AS", "there is no role"),
    ],
)
def test_what_is_not_listed_is_404_and_named(
    client: TestClient[Any], path: str, detail: str
) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert answer.json()["detail"].startswith(detail)


@pytest.mark.parametrize(
    "path, name",
    [
        (f"{PACKAGES}/package/skattegrunnlag", "id"),
        (f"{PACKAGES}/group/1", "id"),
        (f"{ROLES}/regnskapsforer", "id"),
        (f"{ROLES}/{ACCOUNTANT.id}/packages", "variant"),
        (f"{ROLES}/{ACCOUNTANT.id}/packages?variant=QQ", "variant"),
        (f"{ROLES}/packages?variant=AS", "role"),
        (f"{ROLES}/lookup?value=regn", "key"),
        (f"{ROLES}/lookup?key=ERCode", "value"),
        (f"{ROLES}/lookup?key=Name&value=regn", "key"),
    ],
)
def test_what_cannot_be_read_is_400_and_named(
    client: TestClient[Any], path: str, name: str
) -> None:
    answer = client.get(path)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [name])
