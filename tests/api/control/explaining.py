"""Questions of why, and doing over HTTP what an answer says would help."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any

import httpx

from fullmakt.access.decisions.model import Check
from tests.api.control.served import Control, Json

FIRM, VENDOR, CLIENT, STRANGER = "312300028", "312300109", "312400014", "312400138"
DIRECTOR, ADMINISTRATOR = "12837402229", "04898103388"
SYSTEM = "312300109_maestro_aarsoppgjoer"
VAT = "app_skd_mva-melding-innsending-v1"
PAYMENTS = "ske-innrapportering-betalinger-selvstendig-naeringsdrivende"
PACKAGES = "urn:altinn:accesspackage:"
SIGNING = "regnskapsforer-med-signeringsrettighet"
AUTHENTICATION = "/authentication/api/v1"
PORTAL = "altinn:portal/enduser"
_answers: ContextVar[list[Json]] = ContextVar("answers")
MENDED: dict[Check, list[str]] = defaultdict(list)
"""By kind of node, the tests in which one is mended."""


def ask(control: Control, **question: str) -> Json:
    """The answer to a question of why."""
    answer = control.stranger.get("/fullmakt/explain", params=question)
    assert answer.status_code == 200, answer.text
    told: Json = answer.json()
    if (answers := _answers.get(None)) is not None:
        answers.append(told)
    return told


Test = Callable[[Control], None]


def mends(check: Check) -> Callable[[Test], Test]:
    """Hold a test to it: a node of this kind is broken and says what would help, then is mended.

    The level of login, which a permit is told with, holds afterwards; all others then permit.
    """

    def held(test: Test) -> Test:
        @wraps(test)
        def watched(control: Control) -> None:
            answers: list[Json] = []
            token = _answers.set(answers)
            try:
                test(control)
            finally:
                _answers.reset(token)
            assert is_broken(answers[0], check), "nothing was broken at first"
            assert answers[-1]["decision"] == "Permit", "nothing was permitted in the end"
            assert not is_broken(answers[-1], check), "nothing was mended"

        MENDED[check].append(test.__name__)
        return watched

    return held


def is_broken(told: Json, check: Check) -> bool:
    """Whether a node of that kind does not hold, and says what would help."""
    reasons = (each for each in told["reasons"] if each["check"] == check)
    return any(not each["held"] and each["remedy"] for each in reasons)


def vat(control: Control, system_user: str, client: str) -> Json:
    return ask(control, systemUser=system_user, action="write", resource=VAT, party=client)


def stop(told: Json, check: str) -> Json:
    """The reason that a refusal stops at, which is of that kind and says what would help."""
    assert told["decision"] != "Permit"
    assert told["stopsAt"] == check, [(each["check"], each["found"]) for each in told["reasons"]]
    reason: Json = next(each for each in told["reasons"] if not each["held"])
    assert reason["remedy"]
    return reason


def control_call(control: Control, path: str, **body: object) -> Any:  # noqa: ANN401  JSON
    answer = control.known.post(f"/fullmakt/{path}", json=body)
    assert answer.is_success, answer.text
    return answer.json()


def role(control: Control, code: str, giver: str, holder: str, *, ends: bool = False) -> None:
    path = "roles/end" if ends else "roles"
    control_call(control, path, **{"role": code, "from": giver, "to": holder})


def person_headers(control: Control, number: str, *scopes: str) -> dict[str, str]:
    wanted = " ".join(scopes or (PORTAL,))
    answer = control.known.get(f"/fullmakt/people/{number}/token", params={"scopes": wanted})
    return {"authorization": f"Bearer {answer.text}"}


def _vendor_headers(control: Control) -> dict[str, str]:
    scopes = "altinn:authentication/systemuser.request.write"
    query = {"orgNo": VENDOR, "scopes": scopes}
    token = control.stranger.get("/api/GetEnterpriseToken", params=query, auth=("a", "b")).text
    return {"authorization": f"Bearer {token}"}


def new_system_user(
    control: Control,
    reference: str,
    *,
    kind: str = "",
    owner: str = FIRM,
    by: str = DIRECTOR,
    packages: tuple[str, ...] = (),
    services: tuple[str, ...] = (),
) -> str:
    """What the vendor asks for and the customer approves; `kind` is empty or `/agent`."""
    body = {
        "systemId": SYSTEM,
        "partyOrgNo": owner,
        "externalRef": reference,
        "integrationTitle": f"Maestro {reference}",
        "accessPackages": [{"urn": PACKAGES + name} for name in packages],
        "rights": [{"resource": [{"id": "urn:altinn:resource", "value": s}]} for s in services],
    }
    path = f"{AUTHENTICATION}/systemuser/request"
    asked = control.stranger.post(
        f"{path}/vendor{kind}", json=body, headers=_vendor_headers(control)
    )
    assert asked.status_code == 201, asked.text
    made = str(asked.json()["id"])
    approval = f"{path}{kind}/{party_id(control, owner)}/{made}/approve"
    approved = control.stranger.post(approval, headers=person_headers(control, by))
    assert approved.json() is True, approved.text
    return made


def new_agent(control: Control, reference: str, *packages: str) -> str:
    return new_system_user(control, reference, kind="/agent", packages=packages)


def party_id(control: Control, number: str) -> int:
    return int(_party(control, number)["partyId"])


def party_uuid(control: Control, number: str) -> str:
    return str(_party(control, number)["partyUuid"])


def _party(control: Control, number: str) -> Json:
    world = control.stranger.get("/fullmakt/world").json()
    found = (each for each in world["organisations"] if each["organisasjonsnummer"] == number)
    party: Json = next(found)
    return party


def link(control: Control, agent: str, client: str, method: str = "POST") -> httpx.Response:
    scopes = ("altinn:clientdelegations.read", "altinn:clientdelegations.write")
    return control.stranger.request(
        method,
        f"{AUTHENTICATION}/enduser/systemuser/clients",
        params={"agent": agent, "client": party_uuid(control, client)},
        headers=person_headers(control, ADMINISTRATOR, *scopes),
    )


def owner_headers(control: Control, scope: str) -> tuple[str, dict[str, str]]:
    """The registry's address, and a token of the service owner for it."""
    query = {"orgNo": "212000019", "org": "skd", "scopes": scope}
    token = control.stranger.get("/api/GetEnterpriseToken", params=query, auth=("a", "b")).text
    return "/resourceregistry/api/v1", {"authorization": f"Bearer {token}"}


def publish(control: Control, path: str, policy: str, headers: dict[str, str]) -> None:
    files = {"policyFile": ("policy.xml", policy.encode())}
    answer = control.stranger.put(path, files=files, headers=headers)
    assert answer.status_code == 201, answer.text


def register_service(control: Control, identifier: str, **changes: object) -> None:
    """Register a service that opens to accountants."""
    texts = {"nb": "Ny", "nn": "Ny", "en": "New"}
    entry = {
        "identifier": identifier,
        "resourceType": "GenericAccessResource",
        "owner": "212000019",
        "accessPackages": [f"urn:altinn:accesspackage:{SIGNING}"],
        "actions": ["read", "write"],
        **dict.fromkeys(("title", "description", "rightDescription"), texts),
        **changes,
    }
    control_call(control, "world", resources=[entry])
