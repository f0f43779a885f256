"""What a service owner does with its resources, and who may: over HTTP, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from fullmakt.foundation.storage.database import Database
from tests.api.registry_calls import (
    ADMIN,
    FISHERIES,
    REGISTRY,
    TAX,
    WRITE,
    Registry,
    a_body,
    of,
    open_registry,
    owner,
)
from tests.engines import ENGINES
from tests.unit.parties.served import authorized, shared_database
from tests.worlds import new_database

_REFUSED = yaml.safe_load(
    (Path(__file__).parents[1] / "cases/registry/resources-that-are-refused.yaml").read_text()
)["cases"]
SCOPED = {
    "resourceReferences": [
        {"referenceSource": "ExternalPlatform", "reference": f"{prefix}:demo.read",
         "referenceType": "MaskinportenScope"}
        for prefix in ("skatteetaten", "nav")
    ]
}  # fmt: skip


@pytest.fixture
def database(place_url: str) -> Iterator[Database]:
    opened = new_database(place_url)
    yield opened
    opened.close()


@pytest.fixture
def registry(database: Database) -> Iterator[Registry]:
    with open_registry(database) as opened:
        yield opened


@pytest.fixture(scope="module", params=ENGINES)
def searched(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Registry]:
    """A registry with some resources, for tests that change nothing."""
    with shared_database(request, tmp_path_factory) as database, open_registry(database) as opened:
        for identifier, changes in SEARCHED.items():
            opened.create(identifier, **changes)
        yield opened


def test_a_registered_resource_is_read_back_as_it_was_sent(registry: Registry) -> None:
    sent = a_body(
        version="1.2",
        homepage="https://www.skatteetaten.no",
        status="UnderDevelopment",
        isPartOf="skatt",
        spatial=["Norge"],
        produces=["kvittering"],
        thematicAreas=["https://psi.norge.no/los/tema/skatt"],
        keywords=[{"word": "sameie", "language": "nb"}],
        accessListMode="enabled",
        availableForType=["Company", "bankruptcyestate"],
        enterpriseUserEnabled=True,
        resourceReferences=[
            {"referenceSource": "default", "reference": "https://x.no", "referenceType": "uri"}
        ],
        contactPoints=[{"category": "support", "email": "a@example.invalid"}],
    )

    answer = registry.call("POST", REGISTRY, json=sent, caller=owner())

    assert (answer.status_code, answer.content) == (201, b"")
    assert answer.headers["location"] == f"{REGISTRY}/ske-demo"
    assert registry.get("/ske-demo") == {
        **sent,
        "versionId": 2,
        "delegable": True,
        "visible": True,
        "selfIdentifiedUserEnabled": False,
        "accessListMode": "Enabled",
        "availableForType": ["Company", "BankruptcyEstate"],
        "resourceReferences": [
            {"referenceSource": "Default", "reference": "https://x.no", "referenceType": "Uri"}
        ],
        "contactPoints": [
            {
                "category": "support",
                "email": "a@example.invalid",
                "telephone": "",
                "contactPage": "",
            }
        ],
        "authorizationReference": [{"id": "urn:altinn:resource", "value": "ske-demo"}],
    }


def test_a_consent_resource_is_read_back_with_what_is_consented_to(registry: Registry) -> None:
    consent = {
        "consentTemplate": "sblanesoknad",
        "consentText": {"nb": "A", "nn": "B", "en": "C"},
        "consentMetadata": {"inntektsaar": {"optional": False}},
        "isOneTimeConsent": True,
    }

    registry.create(resourceType="Consent", **consent)

    body = registry.get("/ske-demo")
    assert {name: body[name] for name in consent} == consent


def test_answers_are_indented(registry: Registry) -> None:
    registry.create()

    text = registry.call("GET", f"{REGISTRY}/ske-demo").text

    assert text.startswith('{\n  "identifier": "ske-demo",\n')


@pytest.mark.parametrize("number, name", [(16, "GenericAccessResource"), (32, "BrokerService")])
def test_a_type_may_be_given_by_its_number(registry: Registry, number: int, name: str) -> None:
    registry.create(resourceType=number)

    assert registry.get("/ske-demo")["resourceType"] == name


def test_members_are_read_whatever_their_letter_case(registry: Registry) -> None:
    body = {name.upper(): value for name, value in a_body().items()}

    assert registry.call("POST", REGISTRY, json=body, caller=owner()).status_code == 201


@pytest.mark.parametrize("case", _REFUSED, ids=[each["when"] for each in _REFUSED])
def test_a_resource_is_refused_with_all_that_is_wrong(
    searched: Registry, case: dict[str, Any]
) -> None:
    body = a_body(**case.get("given", {}))
    for name in case.get("without", ()):
        del body[name]

    answer = searched.call("POST", REGISTRY, json=body, caller=owner())

    assert answer.status_code == 400
    told = answer.json()
    assert told["title"] == "One or more validation errors occurred."
    assert told["errors"] == case["errors"]
    assert len(searched.get("/resourcelist")) == len(SEARCHED)


def test_the_test_owner_needs_no_organisation_number(registry: Registry) -> None:
    authority = {"organization": "", "orgcode": "TTD"}

    answer = registry.create(hasCompetentAuthority=authority)

    assert answer.status_code == 201
    assert registry.get("/ske-demo")["hasCompetentAuthority"]["organization"] == TAX


def test_an_identifier_is_registered_once(registry: Registry) -> None:
    registry.create()

    answer = registry.create()

    assert answer.status_code == 409
    assert answer.text == "The Resource already exist: ske-demo"


_WRITES = [
    ("POST", REGISTRY, {"json": a_body("ske-ny-demo")}),
    ("PUT", f"{REGISTRY}/ske-demo", {"json": a_body()}),
    ("DELETE", f"{REGISTRY}/ske-demo", {}),
    ("POST", f"{REGISTRY}/ske-demo/policy", {"files": {"policyFile": b"<x/>"}}),
    ("PUT", f"{REGISTRY}/ske-demo/policy", {"files": {"policyFile": b"<x/>"}}),
]
_CALLERS = {
    "no token": ({}, 401, "a bearer token is needed"),
    "a token that ran out": (owner(WRITE, exp=1), 401, "the token expired"),
    "a stranger's issuer": (owner(WRITE, iss="https://nobody.test"), 401, "issuer is not trusted"),
    "the wrong scope": (
        owner("altinn:resourceregistry/resource.read"),
        403,
        f"needs scope {WRITE}",
    ),
    "another owner": (of(FISHERIES, WRITE), 403, "`ske-ny-demo` is of 212000019"),
    "nobody's token": (authorized(WRITE), 403, "the token is of no organisation"),
}


@pytest.mark.parametrize("caller", _CALLERS)
@pytest.mark.parametrize("call", _WRITES, ids=lambda call: f"{call[0]} {call[1][-6:]}")
def test_only_the_owner_writes(registry: Registry, caller: str, call: tuple[Any, ...]) -> None:
    registry.create()
    method, path, content = call
    headers, status, reason = _CALLERS[caller]

    answer = registry.call(method, path, caller=headers, **content)

    assert answer.status_code == status
    name = "`ske-ny-demo`" if path == REGISTRY else "`ske-demo`"
    assert reason.replace("`ske-ny-demo`", name) in answer.headers["www-authenticate"]
    assert [each["identifier"] for each in registry.get("/resourcelist")] == ["ske-demo"]


def test_the_admin_scope_writes_for_all(registry: Registry) -> None:
    admin = of(FISHERIES, ADMIN)

    created = registry.call("POST", REGISTRY, json=a_body(**SCOPED), caller=admin)
    replaced = registry.call("PUT", f"{REGISTRY}/ske-demo", json=a_body(), caller=admin)
    published = registry.publish("ske-demo", caller=admin)

    assert [each.status_code for each in (created, replaced, published)] == [201, 200, 201]


def test_a_resource_refers_to_scopes_with_its_owners_prefixes(registry: Registry) -> None:
    body = a_body(**SCOPED)

    refused = registry.call(
        "POST", REGISTRY, json=body, caller=owner(WRITE, consumer_prefix=["skatteetaten"])
    )
    without = registry.call("POST", REGISTRY, json=body, caller=owner(WRITE))
    both = registry.call(
        "POST", REGISTRY, json=body, caller=owner(WRITE, consumer_prefix=["skatteetaten", "nav"])
    )

    assert refused.status_code == 401
    assert refused.json()["title"] == "Unauthorized"
    assert refused.json()["errors"] == {"InvalidPrefix": ["nav:demo.read"]}
    assert without.json()["errors"] == {
        "InvalidPrefix": ["skatteetaten:demo.read", "nav:demo.read"]
    }
    assert both.status_code == 201


@pytest.mark.parametrize(
    "changes, caller, status",
    [
        ({"title": {}, **SCOPED}, of(FISHERIES, WRITE), 400),
        (SCOPED, of(FISHERIES, WRITE), 403),
        (SCOPED, owner(WRITE), 401),
        ({}, owner(WRITE), 409),
    ],
)
def test_a_new_resource_is_checked_in_order(
    registry: Registry, changes: dict[str, Any], caller: dict[str, str], status: int
) -> None:
    registry.create()

    answer = registry.call("POST", REGISTRY, json=a_body(**changes), caller=caller)

    assert answer.status_code == status


def test_a_replaced_resource_keeps_its_earlier_versions(registry: Registry) -> None:
    registry.create()
    newer = a_body(title=dict.fromkeys(("nb", "nn", "en"), "Ny"))

    answer = registry.call("PUT", f"{REGISTRY}/ske-demo", json=newer, caller=owner())

    assert (answer.status_code, answer.content) == (200, b"")
    latest, first = registry.get("/ske-demo"), registry.get("/ske-demo?versionId=2")
    assert (latest["versionId"], latest["title"]["nb"]) == (3, "Ny")
    assert (first["versionId"], first["title"]["nb"]) == (2, "Demo")
    assert len(registry.get("/resourcelist")) == 1


@pytest.mark.parametrize(
    "path, body, caller, status, text",
    [
        ("ske-ukjent", {"identifier": "ske-demo"}, owner(WRITE), 404, "there is no resource"),
        ("ske-demo", {"identifier": "ske-ukjent"}, owner(WRITE), 400,
         "Id in path does not match ID in resource"),
        ("ske-demo", a_body(title={}), of(FISHERIES, WRITE), 400, "Missing Title"),
        ("ske-demo", a_body(**SCOPED), of(FISHERIES, WRITE), 403, ""),
        ("ske-demo", a_body(**SCOPED), owner(WRITE), 401, "InvalidPrefix"),
    ],
)  # fmt: skip
def test_a_replacement_is_checked_in_order(
    registry: Registry, path: str, body: dict[str, Any], caller: dict[str, str],
    status: int, text: str,
) -> None:  # fmt: skip
    registry.create()

    answer = registry.call("PUT", f"{REGISTRY}/{path}", json=body, caller=caller)

    assert (answer.status_code, text in answer.text) == (status, True)
    assert registry.get("/ske-demo")["versionId"] == 2


def test_nobody_makes_a_resource_anothers_in_the_others_name(registry: Registry) -> None:
    registry.create()
    theirs = a_body(hasCompetentAuthority={"organization": FISHERIES, "orgcode": "mat"})

    answer = registry.call("PUT", f"{REGISTRY}/ske-demo", json=theirs, caller=owner())

    assert answer.status_code == 403
    assert "`ske-demo` is of 312900025" in answer.headers["www-authenticate"]
    assert registry.get("/ske-demo")["versionId"] == 2


def test_nobody_takes_over_anothers_resource_by_naming_himself(registry: Registry) -> None:
    registry.create()
    mine = a_body(hasCompetentAuthority={"organization": FISHERIES, "orgcode": "mat"})

    answer = registry.call("PUT", f"{REGISTRY}/ske-demo", json=mine, caller=of(FISHERIES, WRITE))

    assert answer.status_code == 403
    assert "`ske-demo` is of 212000019" in answer.headers["www-authenticate"]


def test_a_deleted_resource_is_gone_and_its_identifier_is_free(registry: Registry) -> None:
    registry.create()
    registry.publish("ske-demo")

    answer = registry.call("DELETE", f"{REGISTRY}/ske-demo", caller=owner())

    assert (answer.status_code, answer.content) == (204, b"")
    assert registry.call("GET", f"{REGISTRY}/ske-demo").status_code == 404
    assert registry.call("DELETE", f"{REGISTRY}/ske-demo", caller=owner()).status_code == 404
    assert registry.create().status_code == 201
    assert registry.call("GET", f"{REGISTRY}/ske-demo/policy").text == (
        "Unable to find requested policy"
    )


def test_the_identifier_of_a_deleted_resource_is_not_anothers_to_take(registry: Registry) -> None:
    """Single rights given on it name it by identifier: they would open what takes its place."""
    registry.create()
    registry.call("DELETE", f"{REGISTRY}/ske-demo", caller=owner())
    mine = a_body(hasCompetentAuthority={"organization": FISHERIES, "orgcode": "mat"})

    answers = [
        registry.call("POST", REGISTRY, json=mine, caller=caller)
        for caller in (of(FISHERIES, WRITE), of(FISHERIES, ADMIN, WRITE))
    ]

    assert [answer.status_code for answer in answers] == [409, 409]
    assert "`ske-demo` was a resource of 212000019" in answers[0].text
    assert registry.call("GET", f"{REGISTRY}/ske-demo").status_code == 404


SEARCHED: dict[str, dict[str, object]] = {
    "ske-sameie": {"keywords": [{"word": "Eierseksjon", "language": "nb"}]},
    "ske-selskap": {"description": {"nb": "Borettslag", "nn": "Burettslag", "en": "Cooperative"}},
    "ske-fil": {
        "resourceType": "BrokerService",
        "resourceReferences": [
            {"referenceSource": "Altinn2", "reference": "5252/1", "referenceType": "ServiceCode"}
        ],
    },
    "app_skd_demo": {
        "resourceType": "AltinnApp",
        "resourceReferences": [
            {
                "referenceSource": "Altinn3",
                "reference": "skd/demo",
                "referenceType": "ApplicationId",
            }
        ],
    },
}


@pytest.mark.parametrize(
    "query, found",
    [
        ("", ["ske-sameie", "ske-selskap", "ske-fil"]),
        ("Id=SAMEIE", ["ske-sameie"]),
        ("id=ske-s", ["ske-sameie", "ske-selskap"]),
        ("Description=burett", ["ske-selskap"]),
        ("Keyword=seksjon", ["ske-sameie"]),
        ("Reference=5252", ["ske-fil"]),
        ("ResourceType=brokerservice", ["ske-fil"]),
        ("ResourceType=32", ["ske-fil"]),
        ("OrgCode=SKD", ["ske-sameie", "ske-selskap", "ske-fil"]),
        ("OrgCode=sk", []),
        ("OrganizationId=212000019&Id=fil", ["ske-fil"]),
        ("OrganizationId=312900025", []),
        ("Id=demo", []),
    ],
)
def test_services_are_found_by_every_parameter(
    searched: Registry, query: str, found: list[str]
) -> None:
    assert [each["identifier"] for each in searched.get(f"/Search?{query}")] == found


def test_a_title_is_accepted_and_passed_over(registry: Registry) -> None:
    registry.create()

    assert len(registry.get("/Search?Title=noe+annet")) == 1


def test_a_search_for_a_type_that_is_none_is_refused(registry: Registry) -> None:
    answer = registry.call("GET", f"{REGISTRY}/Search?ResourceType=Tjeneste")

    assert answer.json()["errors"] == {"ResourceType": ["The value 'Tjeneste' is not valid."]}


def test_service_owners_are_listed_by_their_short_names(registry: Registry) -> None:
    assert registry.get("/orgs") == {
        "orgs": {
            code: {
                "name": dict.fromkeys(("nb", "nn", "en"), name),
                "orgnr": number,
                "environments": ["tt02", "production"],
            }
            for code, name, number in (
                ("skd", "SKATTEETATEN", TAX),
                ("mat", "MATTILSYNET", FISHERIES),
            )
        }
    }


def test_visible_services_are_exported_as_turtle(registry: Registry) -> None:
    registry.create("ske-sameie", title={"nb": 'Et "sameie"', "nn": "Sameige", "en": "A\nb"})
    registry.create("ske-skjult", visible=False)

    answer = registry.call("GET", f"{REGISTRY}/export")

    assert answer.headers["content-type"] == "text/turtle; charset=utf-8"
    assert "/resource/ske-sameie> a cpsv:PublicService ;" in answer.text
    assert r'dct:title "Et \"sameie\""@nb' in answer.text
    assert r'dct:title "A\nb"@en' in answer.text
    assert "ske-skjult" not in answer.text


def test_an_app_that_nobody_registered_is_shown_from_app_storage(registry: Registry) -> None:
    body = registry.get("/app_skd_mva-melding-innsending-v1")

    assert body["resourceType"] == "AltinnApp"
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
    assert body["hasCompetentAuthority"]["organization"] == TAX


def test_an_app_that_is_not_stored_is_404(registry: Registry) -> None:
    assert registry.call("GET", f"{REGISTRY}/app_skd_ukjent").status_code == 404
