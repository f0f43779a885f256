"""Paths as they are written on the wire, through the whole server."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from tests.api.control.served import Control

VENDOR, SYSTEM, CUSTOMER = "312300109", "312300109_maestro_aarsoppgjoer", "312800454"
REQUESTS = "/authentication/api/v1/systemuser/request/vendor"
SCOPES = (
    "altinn:authentication/systemuser.request.write,altinn:authentication/systemuser.request.read"
)


def vendor(control: Control) -> dict[str, str]:
    query = {"env": "tt02", "orgNo": VENDOR, "scopes": SCOPES}
    token = control.stranger.get("/api/GetEnterpriseToken", params=query, auth=("u", "p"))
    return {"authorization": f"Bearer {token.text}"}


@pytest.mark.parametrize("reference", ["avdeling/øst", "100%2F", "a/b%2Fc", "/", "50 % / 50 %"])
def test_a_request_is_read_by_a_reference_that_holds_a_slash(
    fresh: Control, reference: str
) -> None:
    headers = vendor(fresh)
    wish = {
        "systemId": SYSTEM,
        "partyOrgNo": CUSTOMER,
        "externalRef": reference,
        "accessPackages": [{"urn": "urn:altinn:accesspackage:merverdiavgift"}],
    }
    made = fresh.stranger.post(REQUESTS, json=wish, headers=headers)
    assert made.status_code == 201, made.text

    path = f"{REQUESTS}/byexternalref/{SYSTEM}/{CUSTOMER}"
    read = fresh.stranger.get(f"{path}/{quote(reference, safe='')}", headers=headers)

    assert (read.status_code, read.json()["externalRef"]) == (200, reference)
    assert read.json()["id"] == made.json()["id"]


def test_a_bare_slash_divides_and_leads_nowhere(control: Control) -> None:
    path = f"{REQUESTS}/byexternalref/{SYSTEM}/{CUSTOMER}/avdeling/vest"

    answer = control.stranger.get(path, headers=vendor(control))

    assert answer.status_code == 404
    assert "code" not in answer.json()


@pytest.mark.parametrize(
    "path", ["/maskinporten%2Fjwk", "/authorization%2Fapi/v1/authorize", "/fullmakt%2Fhealth"]
)
def test_an_escaped_slash_stands_for_no_divider(control: Control, path: str) -> None:
    assert control.known.get(path).status_code == 404


@pytest.mark.parametrize("name", ["../secrets", "a/b", "%2F"])
def test_a_snapshots_name_stays_within_its_folder(control: Control, name: str) -> None:
    path = f"/fullmakt/snapshots/{quote(name, safe='')}/restore"

    answer = control.known.post(path)

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["name"]
