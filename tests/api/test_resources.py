"""The resource registry's open reads, over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from litestar.testing import TestClient

from fullmakt.access.resources import service
from fullmakt.access.resources.model import ResourceType
from fullmakt.access.resources.routes import ROUTES
from tests.engines import ENGINES
from tests.unit.parties.served import served, shared_database
from tests.unit.resources.builders import JOINTLY_OWNED, VAT, a_policy, a_resource

REGISTRY = "/resourceregistry/api/v1/resource"
BARE = replace(
    a_resource("ske-naken"),
    right_description=None,
    is_delegable=False,
    owner_name=None,
    available_for=(),
)
MIGRATED = replace(VAT, identifier="app_skd_gammel", resource_type=ResourceType.MIGRATED_APP)


@pytest.fixture(scope="module", params=ENGINES)
def client(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient[Any]]:
    """A client of a registry that no test here changes."""
    with shared_database(request, tmp_path_factory) as database:
        with database.authority(actor="test", correlation="test") as work:
            for new in (JOINTLY_OWNED, VAT, MIGRATED, BARE):
                resource = service.add_resource(work, new)
                if new not in {MIGRATED, BARE}:
                    service.set_policy(work, resource, a_policy(new.identifier))
        with served(ROUTES, database) as client:
            yield client


def test_a_service_is_shown_to_anybody_with_all_its_members(client: TestClient[Any]) -> None:
    answer = client.get(f"{REGISTRY}/ske-innrapportering-boligsameie")

    assert answer.status_code == 200
    assert answer.json() == {
        "identifier": "ske-innrapportering-boligsameie",
        "versionId": 1,
        "title": {"nb": "Boligsameie", "nn": "Bustadsameige", "en": "Jointly owned property"},
        "description": {"nb": "Innsending", "nn": "Innsending", "en": "Submission"},
        "rightDescription": {"nb": "Gir rett", "nn": "Gir rett", "en": "Gives the right"},
        "contactPoints": [
            {
                "category": "support",
                "email": "support@example.invalid",
                "telephone": "",
                "contactPage": "",
            }
        ],
        "delegable": True,
        "visible": True,
        "hasCompetentAuthority": {
            "organization": "212000019",
            "orgcode": "skd",
            "name": {"nb": "Skatteetaten", "nn": "Skatteetaten", "en": "The Tax Administration"},
        },
        "accessListMode": "Disabled",
        "selfIdentifiedUserEnabled": False,
        "enterpriseUserEnabled": True,
        "availableForType": ["LegalEntityEnterprise", "Company"],
        "resourceType": "GenericAccessResource",
        "authorizationReference": [
            {"id": "urn:altinn:resource", "value": "ske-innrapportering-boligsameie"}
        ],
    }


def test_an_app_is_shown_with_its_reference_and_its_two_attributes(
    client: TestClient[Any],
) -> None:
    body = client.get(f"{REGISTRY}/app_skd_mva-melding-innsending-v1").json()

    assert body["resourceReferences"] == [
        {
            "referenceSource": "Altinn3",
            "reference": "skd/mva-melding-innsending-v1",
            "referenceType": "ApplicationId",
        }
    ]
    assert body["authorizationReference"] == [
        {"id": "urn:altinn:org", "value": "skd"},
        {"id": "urn:altinn:app", "value": "mva-melding-innsending-v1"},
    ]


def test_what_a_resource_does_not_have_is_left_out(client: TestClient[Any]) -> None:
    body = client.get(f"{REGISTRY}/ske-naken").json()

    assert "rightDescription" not in body
    assert "availableForType" not in body
    assert "resourceReferences" not in body
    assert body["hasCompetentAuthority"] == {"organization": "212000019", "orgcode": "skd"}


@pytest.mark.parametrize("identifier", ["a%00bcd", "a%0Abcd", "a" * 2000])
@pytest.mark.parametrize("part", ["", "/policy", "/policy/rules"])
def test_what_cannot_name_a_resource_is_404(
    client: TestClient[Any], identifier: str, part: str
) -> None:
    assert client.get(f"{REGISTRY}/{identifier}{part}").status_code == 404


def test_an_unknown_resource_is_404_and_named(client: TestClient[Any]) -> None:
    answer = client.get(f"{REGISTRY}/ske-ukjent")

    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert answer.json()["title"] == "Not Found"
    assert answer.json()["detail"] == "there is no resource `ske-ukjent`"


@pytest.mark.parametrize("version", ["1", ""])
def test_the_latest_version_can_be_asked_for(client: TestClient[Any], version: str) -> None:
    answer = client.get(f"{REGISTRY}/ske-innrapportering-boligsameie?versionId={version}")

    assert answer.json()["versionId"] == 1


def test_another_version_is_not_found(client: TestClient[Any]) -> None:
    answer = client.get(f"{REGISTRY}/ske-innrapportering-boligsameie?versionId=7")

    assert answer.status_code == 404
    assert answer.json()["detail"] == (
        "resource `ske-innrapportering-boligsameie` has no version `7`"
    )


def test_a_version_that_is_no_number_is_told_so(client: TestClient[Any]) -> None:
    answer = client.get(f"{REGISTRY}/ske-innrapportering-boligsameie?versionId=sju")

    assert answer.json()["errors"] == {"versionId": ["The value 'sju' is not valid."]}


@pytest.mark.parametrize(
    "query, listed",
    [
        ("", [JOINTLY_OWNED, VAT, BARE]),
        ("?includeApps=false", [JOINTLY_OWNED, BARE]),
        ("?includeMigratedApps=True", [JOINTLY_OWNED, VAT, MIGRATED, BARE]),
        ("?includeApps=false&includeMigratedApps=true", [JOINTLY_OWNED, MIGRATED, BARE]),
    ],
)
def test_apps_are_listed_as_asked_for(
    client: TestClient[Any], query: str, listed: list[Any]
) -> None:
    body = client.get(f"{REGISTRY}/resourcelist{query}").json()

    assert [each["identifier"] for each in body] == [each.identifier for each in listed]


def test_a_flag_is_true_or_false(client: TestClient[Any]) -> None:
    answer = client.get(f"{REGISTRY}/resourcelist?includeApps=kanskje")

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"includeApps": ["The value 'kanskje' is not valid."]}


def test_a_policy_is_given_as_the_file_it_was(client: TestClient[Any]) -> None:
    answer = client.get(f"{REGISTRY}/ske-innrapportering-boligsameie/policy")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/xml")
    assert "policy.xml" in answer.headers["content-disposition"]
    assert answer.content == a_policy("ske-innrapportering-boligsameie")


@pytest.mark.parametrize("part", ["policy", "policy/rules", "policy/subjects"])
@pytest.mark.parametrize(
    "identifier, text",
    [
        ("ske-ukjent", "Unable to find resource"),
        ("app_skd_gammel", "Unable to find requested policy"),
    ],
)
def test_no_resource_and_no_policy_are_told_apart(
    client: TestClient[Any], part: str, identifier: str, text: str
) -> None:
    answer = client.get(f"{REGISTRY}/{identifier}/{part}")

    assert (answer.status_code, answer.text) == (404, text)


def test_rules_are_listed_one_subject_and_one_action_at_a_time(client: TestClient[Any]) -> None:
    body = client.get(f"{REGISTRY}/app_skd_mva-melding-innsending-v1/policy/rules").json()

    assert len(body) == 4
    assert body[0] == {
        "subject": [{"type": "urn:altinn:rolecode", "value": "dagl"}],
        "action": {"type": "urn:oasis:names:tc:xacml:1.0:action:action-id", "value": "read"},
        "resource": [
            {"type": "urn:altinn:org", "value": "skd"},
            {"type": "urn:altinn:app", "value": "mva-melding-innsending-v1"},
        ],
    }


def test_the_subjects_of_a_policy_are_listed_with_their_urns(client: TestClient[Any]) -> None:
    body = client.get(f"{REGISTRY}/ske-innrapportering-boligsameie/policy/subjects").json()

    assert body == {
        "links": {},
        "data": [
            {
                "type": "urn:altinn:rolecode",
                "value": "dagl",
                "urn": "urn:altinn:rolecode:dagl",
            },
            {
                "type": "urn:altinn:accesspackage",
                "value": "skattegrunnlag",
                "urn": "urn:altinn:accesspackage:skattegrunnlag",
            },
        ],
    }
