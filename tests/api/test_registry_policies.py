"""Policies uploaded by their owners, read back by all, and followed: over HTTP, on both engines."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import yaml

from fullmakt.access.catalog.service import load_catalog
from fullmakt.access.policy import names
from fullmakt.access.policy.parse_sets import parse_policies
from fullmakt.access.policy.write import PlainRule, write_policy
from fullmakt.access.resources.service import default_policy
from fullmakt.foundation.storage.database import Database
from tests.api.registry_calls import FISHERIES, REGISTRY, WRITE, Registry, of, open_registry, owner
from tests.unit.resources.builders import a_policy
from tests.worlds import new_database

_IDEA = yaml.safe_load(
    (Path(__file__).parents[1] / "cases/registry/policies-that-are-refused.yaml").read_text()
)
ACTION = "urn:oasis:names:tc:xacml:1.0:action:action-id"
SET_OVERRIDES = "urn:oasis:names:tc:xacml:3.0:policy-combining-algorithm:deny-overrides"
PACKAGE, ROLE = "urn:altinn:accesspackage", "urn:altinn:rolecode"


@pytest.fixture
def database(place_url: str) -> Iterator[Database]:
    opened = new_database(place_url)
    yield opened
    opened.close()


@pytest.fixture
def registry(database: Database) -> Iterator[Registry]:
    with open_registry(database) as opened:
        opened.create()
        yield opened


@pytest.mark.parametrize("method", ["POST", "PUT"])
def test_an_uploaded_policy_is_read_back_byte_for_byte(registry: Registry, method: str) -> None:
    document = a_policy("ske-demo").replace(b"\n", b"\r\n")

    answer = registry.publish("ske-demo", document, method=method)

    assert (answer.status_code, answer.content) == (201, b"")
    assert answer.headers["location"] == "ske-demo/policy"
    read = registry.call("GET", f"{REGISTRY}/ske-demo/policy")
    assert read.content == document
    assert read.headers["content-type"].startswith("text/xml")


def test_an_app_is_named_by_its_owner_and_its_name(registry: Registry) -> None:
    reference = {
        "referenceSource": "Altinn3",
        "reference": "skd/demo",
        "referenceType": "ApplicationId",
    }
    registry.create("app_skd_demo", resourceType="AltinnApp", resourceReferences=[reference])

    assert registry.publish("app_skd_demo").status_code == 201
    assert registry.get("/app_skd_demo/policy/rules")[0]["resource"] == [
        {"type": "urn:altinn:org", "value": "skd"},
        {"type": "urn:altinn:app", "value": "demo"},
    ]


def test_a_sound_set_of_policies_opens_no_resource(registry: Registry) -> None:
    registry.publish("ske-demo")
    before = a_policy("ske-demo")
    declaration, _, policy = before.partition(b"<xacml:Policy ")
    head = (
        f'<PolicySet xmlns="{names.NAMESPACE}" PolicySetId="urn:test:set" Version="1.0"'
        f' PolicyCombiningAlgId="{SET_OVERRIDES}"><Target/>'
    )
    document = b"".join(
        (declaration, head.encode(), b"<xacml:Policy ", policy.rstrip(), b"</PolicySet>")
    )
    assert parse_policies(document).root.line == 2

    answer = registry.publish("ske-demo", document)

    assert (answer.status_code, answer.json()["code"]) == (400, "policy-refused")
    assert "a resource is opened by one `Policy`" in answer.json()["detail"]
    assert registry.call("GET", f"{REGISTRY}/ske-demo/policy").content == before
    assert registry.get("/ske-demo/policy/rules")


@pytest.mark.parametrize("case", _IDEA["cases"], ids=[each["when"] for each in _IDEA["cases"]])
def test_a_bad_policy_is_refused_and_the_one_before_stands(
    registry: Registry, case: dict[str, Any]
) -> None:
    registry.publish("ske-demo")
    old, new = case["replace"]
    before = a_policy("ske-demo").decode()
    assert old in before

    answer = registry.publish("ske-demo", before.replace(old, new).encode())

    assert answer.status_code == 400
    if "text" in case:
        assert answer.text == case["text"]
    else:
        told = answer.json()
        assert told["code"] == case["code"]
        assert case["says"] in told["detail"]
        assert told["detail"].startswith(f"line {told['line']}: ")
    assert registry.call("GET", f"{REGISTRY}/ske-demo/policy").content == before.encode()


@pytest.mark.parametrize(
    "identifier, form, caller, status, text",
    [
        ("ske-ukjent", {}, owner(WRITE), 400, "The policy file can not be null"),
        ("ske-ukjent", {"files": {"noe": b"<x/>"}}, owner(WRITE), 400,
         "The policy file can not be null"),
        ("ske-ukjent", {"files": {"policyFile": b""}}, owner(WRITE), 400,
         "The policy file can not be null"),
        ("ske-ukjent", {"json": {"policyFile": "<x/>"}}, owner(WRITE), 400,
         "The policy file can not be null"),
        ("ske-ukjent", {"files": {"policyfile": b"<x/>"}}, of(FISHERIES, WRITE), 400,
         "Unknown resource"),
        ("ske-demo", {"files": {"policyFile": b"<x/>"}}, of(FISHERIES, WRITE), 403, ""),
    ],
)  # fmt: skip
def test_an_upload_is_checked_in_order(
    registry: Registry, identifier: str, form: dict[str, Any], caller: dict[str, str],
    status: int, text: str,
) -> None:  # fmt: skip
    path = f"{REGISTRY}/{identifier}/policy"

    answer = registry.call("POST", path, caller=caller, **form)

    assert (answer.status_code, answer.text) == (status, text)


def test_a_form_that_is_cut_off_is_refused(registry: Registry) -> None:
    headers = {"content-type": "multipart/form-data; boundary=x"}
    body = b'--x\r\nContent-Disposition: form-data; name="policyFile"\r\n\r\n<Policy'

    answer = registry.call(
        "POST", f"{REGISTRY}/ske-demo/policy", caller=owner(), headers=headers, content=body
    )

    assert answer.status_code == 400
    assert "The form cannot be read" in answer.json()["errors"]["$"][0]


def test_a_form_with_two_policies_is_refused(registry: Registry) -> None:
    files = [("policyFile", b"<x/>"), ("policyFile", b"<y/>")]

    answer = registry.call("POST", f"{REGISTRY}/ske-demo/policy", caller=owner(), files=files)

    assert answer.json()["errors"] == {"policyFile": ["The form has 2 parts called `policyFile`."]}


def test_rights_have_the_platforms_keys(registry: Registry) -> None:
    registry.create("ske-krav-og-betalinger")
    registry.publish("ske-krav-og-betalinger")

    read, write = registry.get("/ske-krav-og-betalinger/policy/rights")

    assert read == {
        "action": {"type": ACTION, "value": "read"},
        "resource": [{"type": "urn:altinn:resource", "value": "ske-krav-og-betalinger"}],
        "subjects": [
            {"subjectAttributes": [{"type": ROLE, "value": "dagl"}]},
            {"subjectAttributes": [{"type": PACKAGE, "value": "skattegrunnlag"}]},
        ],
        "rightKey": "read;ske-krav-og-betalinger;5399f4ba0d56ad6ce316cae930495b73",
        "subjectTypes": [PACKAGE, ROLE],
    }
    assert write["rightKey"].endswith(";0c95f690f4efead84336ac09d9e8735c")


def test_rights_of_version_2_leave_out_service_owners_unless_asked(registry: Registry) -> None:
    xml = write_policy(
        "ske-demo",
        [
            PlainRule(actions=["read"], packages=["skattegrunnlag"]),
            PlainRule(actions=["slett"], organizations=["212000019"]),
        ],
    )
    owned = xml.replace(b"urn:altinn:organization:identifier-no", b"urn:altinn:org")
    registry.publish("ske-demo", owned)
    path = "/resourceregistry/api/v2/resource/ske-demo/policy/rights"

    plain = registry.call("GET", path).json()
    whole = registry.call("GET", f"{path}?includeServiceOwnerRights=true").json()

    key = hashlib.sha256(f"urn:altinn:resource:ske-demo:{ACTION}:read".encode()).hexdigest()
    assert plain == {
        "rights": [
            {
                "right": {
                    "key": f"01{key}",
                    "name": "Read",
                    "resource": [{"type": "urn:altinn:resource", "value": "ske-demo"}],
                    "action": {"type": ACTION, "value": "read"},
                }
            }
        ]
    }
    assert [each["right"]["action"]["value"] for each in whole["rights"]] == ["read", "slett"]


@pytest.mark.parametrize(
    "path",
    [
        f"{REGISTRY}/ske-demo/policy/rights",
        f"{REGISTRY}/ske-demo/policy/subjects",
        "/resourceregistry/api/v2/resource/ske-demo/policy/rights",
    ],
)
def test_without_a_policy_there_is_nothing_to_lay_flat(registry: Registry, path: str) -> None:
    answer = registry.call("GET", path)

    assert (answer.status_code, answer.text) == (404, "Unable to find requested policy")


def test_resources_are_found_by_the_subjects_their_policies_name(registry: Registry) -> None:
    registry.create("ske-annet")
    registry.publish("ske-demo")
    registry.publish("ske-annet", a_policy("ske-annet", packages=("merverdiavgift",)))
    wanted = [f"{ROLE}:DAGL", f"{PACKAGE}:merverdiavgift", f"{PACKAGE}:ukjent"]

    answer = registry.call("POST", f"{REGISTRY}/bysubjects", json=wanted)

    def resource(name: str) -> dict[str, str]:
        urn = f"urn:altinn:resource:{name}"
        return {"type": "urn:altinn:resource", "value": name, "urn": urn}

    assert answer.status_code == 200
    assert answer.json() == {
        "links": {},
        "data": [
            {
                "subject": {
                    "type": PACKAGE,
                    "value": "merverdiavgift",
                    "urn": f"{PACKAGE}:merverdiavgift",
                },
                "resources": [resource("ske-annet")],
            },
            {
                "subject": {"type": ROLE, "value": "dagl", "urn": f"{ROLE}:dagl"},
                "resources": [resource("ske-annet"), resource("ske-demo")],
            },
        ],
    }


def followed(registry: Registry, path: str) -> list[dict[str, Any]]:
    """Everything in a feed, page by page."""
    found: list[dict[str, Any]] = []
    while path:
        page = registry.call("GET", path).json()
        found += page["data"]
        parts = urlsplit(page["links"].get("next", ""))
        path = f"{parts.path}?{parts.query}" if parts.path else ""
    return found


@pytest.mark.parametrize("limit", [1, 2, 1000])
def test_the_subjects_of_policies_can_be_followed(registry: Registry, limit: int) -> None:
    registry.publish("ske-demo")
    registry.publish("ske-demo", a_policy("ske-demo", packages=("merverdiavgift",)))

    found = followed(registry, f"{REGISTRY}/updated?limit={limit}")

    assert [(each["subjectUrn"], each["deleted"]) for each in found] == [
        (f"{ROLE}:dagl", False),
        (f"{PACKAGE}:merverdiavgift", False),
        (f"{PACKAGE}:skattegrunnlag", True),
    ]
    assert found[0] == {
        "subjectUrn": f"{ROLE}:dagl",
        "resourceUrn": "urn:altinn:resource:ske-demo",
        "updatedAt": "2026-11-23T09:00:00Z",
        "deleted": False,
    }


def test_a_subject_that_returns_is_no_longer_deleted(registry: Registry) -> None:
    for package in ("skattegrunnlag", "merverdiavgift", "skattegrunnlag"):
        registry.publish("ske-demo", a_policy("ske-demo", packages=(package,)))

    found = followed(registry, f"{REGISTRY}/updated")

    assert {each["subjectUrn"]: each["deleted"] for each in found} == {
        f"{ROLE}:dagl": False,
        f"{PACKAGE}:merverdiavgift": True,
        f"{PACKAGE}:skattegrunnlag": False,
    }


def test_the_subjects_of_a_deleted_resource_are_deleted(registry: Registry) -> None:
    registry.publish("ske-demo")

    registry.call("DELETE", f"{REGISTRY}/ske-demo", caller=owner())

    assert [each["deleted"] for each in followed(registry, f"{REGISTRY}/updated")] == [True, True]
    assert registry.call("POST", f"{REGISTRY}/bysubjects", json=[f"{ROLE}:dagl"]).json() == {
        "links": {},
        "data": [],
    }


@pytest.mark.parametrize(
    "since, count", [("2026-11-23T08:59:59Z", 2), ("2026-11-23T09:00:00%2B00:00", 0)]
)
def test_subjects_are_followed_since_a_moment(registry: Registry, since: str, count: int) -> None:
    registry.publish("ske-demo")

    assert len(registry.get(f"/updated?since={since}")["data"]) == count


@pytest.mark.parametrize("limit", [1, 3, 1000])
def test_the_changes_of_resources_can_be_followed(registry: Registry, limit: int) -> None:
    registry.publish("ske-demo")
    registry.create("ske-annet")
    registry.call("DELETE", f"{REGISTRY}/ske-demo", caller=owner())

    found = followed(registry, f"{REGISTRY}/changes?limit={limit}")

    assert [each["resourceId"] for each in found] == [
        *("ske-demo", "ske-demo", "ske-annet", "ske-demo")
    ]
    ids = [each["changeId"] for each in found]
    assert ids == sorted(set(ids))
    assert found[0]["changedAt"] == "2026-11-23T09:00:00Z"


@pytest.mark.parametrize("limit", ["0", "-1", "1001"])
@pytest.mark.parametrize("path, code", [("updated", "RR.VLD-00008"), ("changes", "RR.VLD-00011")])
def test_a_page_holds_from_one_to_a_thousand(
    registry: Registry, path: str, code: str, limit: str
) -> None:
    answer = registry.call("GET", f"{REGISTRY}/{path}?limit={limit}")

    assert answer.status_code == 400
    (fault,) = answer.json()["validationErrors"]
    assert (fault["code"], fault["paths"]) == (code, ["/$QUERY/limit"])
    assert fault["detail"] == f"limit is `{limit}`"


@pytest.mark.parametrize(
    "query, name",
    [
        ("updated?limit=ti", "limit"),
        ("updated?since=i+fjor", "since"),
        ("updated?token=tull", "token"),
        ("changes?token=WzEsIDJd", "token"),
        ("changes?token=WyJhIl0", "token"),
        ("ske-demo/policy/subjects?reloadFromXacml=kanskje", "reloadFromXacml"),
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(
    registry: Registry, query: str, name: str
) -> None:
    answer = registry.call("GET", f"{REGISTRY}/{query}")

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [name]


def test_the_resources_of_a_package_are_those_whose_policies_name_it(registry: Registry) -> None:
    registry.create("ske-annet")
    registry.publish("ske-demo")
    registry.publish("ske-annet", a_policy("ske-annet", packages=("merverdiavgift",)))
    packages = "/accessmanagement/api/v1/meta/info/accesspackages/package"

    def resources_of(name: str) -> httpx.Response:
        package = load_catalog().package(name)
        return registry.call("GET", f"{packages}/{package.id}/resources")

    assert [each["refId"] for each in resources_of("skattegrunnlag").json()] == ["ske-demo"]
    assert resources_of("skattegrunnlag").json()[0]["provider"]["orgcode"] == "skd"
    assert resources_of("jordbruk").status_code == 204
    assert registry.call("GET", f"{packages}/x/resources").status_code == 400


def test_the_resources_of_a_role_are_those_whose_policies_let_its_holder_in(
    registry: Registry,
) -> None:
    by_packages = default_policy(
        "ske-annet", roles=(), packages=("skattegrunnlag",), actions=("read",), minimum_level=3
    )
    registry.create("ske-annet")
    registry.publish("ske-demo", a_policy("ske-demo", packages=()))
    registry.publish("ske-annet", by_packages)
    roles = "/accessmanagement/api/v1/meta/info/roles"

    def resources_of(code: str, query: str) -> list[str]:
        by_code = registry.call("GET", f"{roles}/resources?role={code}&{query}")
        by_id = registry.call("GET", f"{roles}/{load_catalog().role(code).id}/resources?{query}")
        assert by_code.content == by_id.content
        assert by_code.status_code in {200, 204}
        return [each["refId"] for each in by_code.json()] if by_code.content else []

    assert resources_of("daglig-leder", "variant=AS") == ["ske-demo"]
    with_packages = "variant=AS&includePackageResources=true"
    assert resources_of("daglig-leder", with_packages) == ["ske-annet", "ske-demo"]
    assert resources_of("regnskapsforer", with_packages) == []
    assert resources_of("rettighetshaver", with_packages) == []


@pytest.mark.parametrize(
    "path, status, told",
    [
        ("resources?variant=AS", 400, "role"),
        ("resources?role=daglig-leder", 400, "variant"),
        ("resources?role=daglig-leder&variant=QQ", 400, "variant"),
        ("resources?role=sjef&variant=AS", 404, "there is no role `sjef`"),
        (
            "resources?role=daglig-leder&variant=AS&includePackageResources=ja",
            400,
            "includePackageResources",
        ),
        ("x/resources?variant=AS", 400, "id"),
    ],
)
def test_what_is_wrong_with_asking_for_the_resources_of_a_role_is_named(
    registry: Registry, path: str, status: int, told: str
) -> None:
    answer = registry.call("GET", f"/accessmanagement/api/v1/meta/info/roles/{path}")

    assert answer.status_code == status
    problem = answer.json()
    assert problem["detail"] == told if status == 404 else list(problem["errors"]) == [told]
