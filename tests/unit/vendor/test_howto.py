"""The guide's blocks are one program that runs."""

from __future__ import annotations

import re
from pathlib import Path

import httpx
import pytest

from fullmakt.vendor import SystemUserNotFound
from tests.unit.vendor.remote import KEY, Remote, altinn_token, problem, token_answer
from tests.unit.vendor.vat_remote import prepare

GUIDE = Path(__file__).parents[3] / "docs" / "howto" / "use-the-sdk.md"
BLOCKS = re.findall(r"(?ms)^```python\n(.*?)^```", GUIDE.read_text(encoding="utf-8"))
API = "/authentication/api/v1"
REQUEST_ID = "605bb239-23b1-4d11-aae8-a40eb683aa1f"
USER_ID = "1b6cea43-f499-4aae-a633-51cf542795af"
CREATED = "2025-10-07T08:11:12.123456Z"
REQUEST = {
    "id": REQUEST_ID,
    "externalRef": "regnskap",
    "systemId": "312300109_maestro",
    "partyOrgNo": "312300028",
    "accessPackages": [],
    "status": "New",
    "confirmUrl": f"http://127.0.0.1:8080/accessmanagement/ui/?id={REQUEST_ID}",
    "created": CREATED,
}
USER = {
    "id": USER_ID,
    "systemId": "312300109_maestro",
    "reporteeOrgNo": "312300028",
    "created": CREATED,
    "externalRef": "regnskap",
    "userType": "agent",
}
CLIENT = {
    "clientId": "fffefbe8-72ed-4729-b80b-dc16a96f4d9f",
    "clientOrganizationNumber": "312400014",
    "clientOrganizationName": "FJORDGLØTT BAKERI AS",
}


@pytest.fixture
def world(remote: Remote) -> Remote:
    """The other side of the network, with all that the guide asks for."""
    register, requests = f"{API}/systemregister/vendor", f"{API}/systemuser/request/vendor/agent"
    clients = f"{API}/enduser/systemuser/clients"
    entry = {"code": "AUTH.VLD-00002", "title": "The system id already exists", "paths": []}
    taken = problem("STD-00000", 400, "Errors.", validationErrors=[entry])
    accepted = {**REQUEST, "status": "Accepted"}
    remote.on("POST", "/maskinporten/token", token_answer())
    remote.on("GET", f"{API}/exchange/maskinporten", httpx.Response(200, text=altinn_token()))
    remote.on("POST", register, taken)
    remote.on("PUT", f"{register}/312300109_maestro", httpx.Response(200, json={}))
    remote.on("POST", requests, httpx.Response(201, json=REQUEST))
    remote.on("GET", f"{requests}/{REQUEST_ID}", httpx.Response(200, json=accepted))
    remote.on("GET", f"{API}/systemuser/vendor/byquery", httpx.Response(200, json=USER))
    remote.on("GET", f"{clients}/available", httpx.Response(200, json={"data": [CLIENT]}))
    remote.on("POST", clients, httpx.Response(200, json={}))
    prepare(remote)
    return remote


def test_the_guide_runs_from_beginning_to_end(
    world: Remote,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "client-key.pem").write_text(KEY.as_pem(), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    answer = httpx.MockTransport(world.handle).handle_request
    monkeypatch.setattr(httpx.HTTPTransport, "handle_request", lambda _, request: answer(request))
    program: dict = {"persons_token": "the-persons"}

    for block in BLOCKS:
        exec(block, program)
    program["vendor"].close()

    assert capsys.readouterr().out.splitlines() == [
        f"Approve at http://127.0.0.1:8080/accessmanagement/ui/?id={REQUEST_ID}",
        "312400014 FJORDGLØTT BAKERI AS",
        "35500 by 2026-10-12",
    ]
    not_found = SystemUserNotFound("invalid_altinn_customer_configuration", status=400)
    assert program["why_not"](not_found).startswith("not approved yet")
