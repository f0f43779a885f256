"""Vendors' calls take Maskinporten's own tokens and the exchanged ones, with real signatures."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from fullmakt.vendor import ClientKey, Environment, Vendor
from tests.servers import serving

SYSTEM = "312300109_maestro_aarsoppgjoer"
CLIENT = "f1d55a89-81f2-5e38-ab93-821d641efc8d"
SCOPES = (
    "altinn:authentication/systemregister.write",
    "altinn:authentication/systemuser.request.write",
    "altinn:authentication/systemuser.request.read",
)
WISH = {
    "systemId": SYSTEM,
    "partyOrgNo": "312800454",
    "externalRef": "egen",
    "accessPackages": [{"urn": "urn:altinn:accesspackage:merverdiavgift"}],
}


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[httpx.Response]]:
    """The answers to the same calls, by kind of token."""
    found: dict[str, list[httpx.Response]] = {}
    key = ClientKey.generate()
    folder: Path = tmp_path_factory.mktemp("exchanged")
    with serving(folder, "--memory") as server, server.control() as control:
        control.post(f"/clients/{CLIENT}/keys", json={"jwk": dict(key.public_jwk)})
        with Vendor(Environment.local(server.url), CLIENT, key) as vendor:
            tokens = {
                "raw": vendor.maskinporten.token(SCOPES),
                "exchanged": vendor.maskinporten.exchanged_token(SCOPES),
            }
        base = f"{server.url}/authentication/api/v1"
        for name, token in tokens.items():
            headers = {"Authorization": token.authorization}
            with httpx.Client(base_url=base, headers=headers) as http:
                made = http.post("/systemuser/request/vendor", json=WISH)
                request = made.json()["id"]
                found[name] = [
                    made,
                    http.get(f"/systemuser/request/vendor/{request}"),
                    http.get(f"/systemuser/request/vendor/bysystem/{SYSTEM}"),
                    http.get(f"/systemuser/vendor/bysystem/{SYSTEM}"),
                    http.get(f"/systemregister/vendor/{SYSTEM}"),
                    http.delete(f"/systemuser/request/vendor/{request}"),
                ]
    return found


@pytest.mark.parametrize("token", ["raw", "exchanged"])
def test_a_vendors_calls_are_answered_with_either_token(
    answers: dict[str, list[httpx.Response]], token: str
) -> None:
    statuses = [answer.status_code for answer in answers[token]]

    assert statuses == [201, 200, 200, 200, 200, 202]


def test_both_tokens_are_the_same_vendor(answers: dict[str, list[httpx.Response]]) -> None:
    raw, exchanged = answers["raw"], answers["exchanged"]

    assert raw[4].json() == exchanged[4].json()
    assert raw[3].json() == exchanged[3].json()
