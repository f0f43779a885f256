"""What is in the world of the matrix: something of each kind that a call can name, made over HTTP.

What is made is called by name in the declarations; the names are gathered as things are made.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tests.api.control.served import served
from tests.api.matrix.stage import (
    DIRECTOR,
    EMPLOYEE,
    FIRM,
    OTHER_FIRM,
    OTHER_OWNER,
    OTHER_VENDOR,
    SERVICE_OWNER,
    TOKEN_SCOPE,
    VENDOR,
    Stage,
)
from tests.api.test_feed_webhooks import receiving
from tests.unit.tax.vat_builders import a_return, an_envelope, envelope_xml, return_xml

HOLDER, NEW_HOLDER = "312500019", "312500140"
SYSTEM, VISIBLE_SYSTEM = f"{VENDOR}_prosa", f"{VENDOR}_prosa-for-alle"
PACKAGES = "urn:altinn:accesspackage:"
AGENT_PACKAGE = f"{PACKAGES}regnskapsforer-med-signeringsrettighet"
OWN_PACKAGE, MORE_PACKAGE = f"{PACKAGES}skattegrunnlag", f"{PACKAGES}merverdiavgift"
SERVICE = "ske-innrapportering-boligsameie"
RESOURCE = "ske-matrise"
GIVEN_SERVICE = "ske-innrapportering-betalinger-selvstendig-naeringsdrivende"
PLATFORM, ACCESS = "/authentication/api/v1", "/accessmanagement/api"
PORTAL_SCOPE = "altinn:portal/enduser"
APP, INSTANCES_WRITE = "/skd/mva-melding-innsending-v1", "altinn:instances.write"
CLIENT, NEW_CLIENT, GIVING_CLIENT = "312400014", "312400138", "312700131"


@contextmanager
def a_stage(url: str, folder: Path) -> Iterator[Stage]:
    """A running world with everything made."""
    other = f"sqlite:///{folder}/elsewhere.db"
    with (
        served(url, folder / "snapshots") as control,
        served(other, folder / "none") as elsewhere,
        receiving() as receiver,
    ):
        file = Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None
        stage = Stage(control, elsewhere, file)
        receiver.allowed_origin = control.base.removeprefix("http://")
        stage.names["endpoint"] = receiver.url
        stage.names["foreign_maskinporten"] = f"{elsewhere.base}/maskinporten/"
        stage.names["other_issuer"] = f"{elsewhere.base}{PLATFORM}/openid/"
        try:
            _make(stage)
            stage.keep()
            yield stage
        finally:
            stage.close()


def _make(stage: Stage) -> None:
    _make_parties(stage)
    _make_system(stage)
    _make_system_users(stage)
    _make_services(stage)
    _make_connections(stage)
    _make_client_delegations(stage)
    _make_subscription(stage)
    _make_filings(stage)


def _make_parties(stage: Stage) -> None:
    # The director leads another firm too: what is wrong is then the party, and not the person.
    stage.does("roles", {"role": "LEDE", "from": OTHER_FIRM, "to": DIRECTOR})
    world = stage.control.stranger.get("/fullmakt/world").json()
    organizations = {each["organisasjonsnummer"]: each for each in world["organisations"]}
    people = {each["personidentifikator"]: each for each in world["persons"]}
    for prefix, number in (("", FIRM), ("other_", OTHER_FIRM)):
        stage.names[f"{prefix}party"] = str(organizations[number]["partyId"])
        stage.names[f"{prefix}party_uuid"] = organizations[number]["partyUuid"]
        stage.names[f"{prefix}party_number"] = number
    for name, number in (
        ("own", FIRM),
        ("client", CLIENT),
        ("new_client", NEW_CLIENT),
        ("giving_client", GIVING_CLIENT),
        ("holder", HOLDER),
        ("new_holder", NEW_HOLDER),
    ):
        stage.names[f"{name}_uuid"] = organizations[number]["partyUuid"]
    stage.names["employee_uuid"] = people[EMPLOYEE]["partyUuid"]
    stage.names |= {
        "director": DIRECTOR,
        "number_of_holder": HOLDER,
        "number_of_new_holder": NEW_HOLDER,
        "new_person": "17912099997",
        "permit": "Permit",
        "other_client_number": OTHER_FIRM,
    }
    stage.names |= {"owner": SERVICE_OWNER, "other_owner": OTHER_OWNER}
    stage.names |= {
        "vendor": VENDOR,
        "other_vendor": OTHER_VENDOR,
        "own_number": FIRM,
        "client_number": CLIENT,
    }


def _make_system(stage: Stage) -> None:
    wish = {"organization": VENDOR, "scopes": [TOKEN_SCOPE]}
    client = stage.does("clients", wish)
    elsewhere = stage.elsewhere.known.post("/fullmakt/clients", json=wish)
    stage.clients = {
        "client": client,
        "short_client": stage.does("clients", wish | {"tokenLifetime": 1}),
        "other_client": stage.does("clients", wish | {"organization": OTHER_VENDOR}),
        "foreign_client": elsewhere.raise_for_status().json(),
    }
    stage.names |= {"client_id": client["clientId"], "kid": client["kid"], "system_id": SYSTEM}
    stage.names["visible_system_id"] = VISIBLE_SYSTEM
    body = {
        "id": SYSTEM,
        "vendor": {"authority": "iso6523-actorid-upis", "ID": f"0192:{VENDOR}"},
        "name": {"nb": "Prosa", "nn": "Prosa", "en": "Prose"},
        "description": {"nb": "Regnskap", "nn": "Rekneskap", "en": "Accounting"},
        "rights": [{"resource": [{"id": "urn:altinn:resource", "value": SERVICE}]}],
        "accessPackages": [{"urn": urn} for urn in (AGENT_PACKAGE, OWN_PACKAGE, MORE_PACKAGE)],
        "clientId": [client["clientId"]],
        "isVisible": False,
    }
    scope = "altinn:authentication/systemregister.write"
    visible = {"id": VISIBLE_SYSTEM, "accessPackages": [], "clientId": [], "isVisible": True}
    for each in (body, body | visible):
        stage.must("POST", f"{PLATFORM}/systemregister/vendor", stage.bearer("vendor", scope), each)


def _make_system_users(stage: Stage) -> None:
    waiting, agents_waiting = (
        _asks(stage, "venter"),
        _asks(stage, "kunder-venter", kind="/agent", package=AGENT_PACKAGE),
    )
    own = _approves(stage, _asks(stage, "eget"))
    agents = [
        _approves(stage, _asks(stage, reference, kind="/agent", package=package), kind="/agent")
        for reference, package in (
            ("kunder", AGENT_PACKAGE),
            ("uten-kunder", AGENT_PACKAGE),
            ("seg-selv", OWN_PACKAGE),
        )
    ]
    agent, empty_agent, own_agent = agents
    change = "0b6b3b0a-7f0c-4a53-9f9c-6c1de2f3b8d4"
    clients = stage.bearer("director", "altinn:clientdelegations.write")
    named = urlencode({"agent": agent, "client": stage.names["client_uuid"]})
    stage.must("POST", f"{PLATFORM}/enduser/systemuser/clients?{named}", clients)
    stage.must(
        "POST",
        f"{PLATFORM}/systemuser/changerequest/vendor?correlation-id={change}&system-user-id={own}",
        stage.bearer("vendor", "altinn:authentication/systemuser.request.write"),
        {"requiredAccessPackages": [{"urn": MORE_PACKAGE}]},
    )
    stage.names |= {
        "request": waiting,
        "agent_request": agents_waiting,
        "system_user": own,
        "agent": agent,
        "empty_agent": empty_agent,
        "own_agent": own_agent,
        "change": change,
    }


def _make_services(stage: Stage) -> None:
    registry = "/resourceregistry/api/v1"
    title = dict.fromkeys(("nb", "nn", "en"), "Matrise")
    policy = stage.http.get(f"{registry}/resource/{SERVICE}/policy").text
    stage.names |= {
        "resource": RESOURCE,
        "second_resource": SERVICE,
        "policy": policy.replace(SERVICE, RESOURCE),
        "policy_form": _form_of(policy.replace(SERVICE, RESOURCE)),
    }
    owner = stage.bearer(
        "service owner",
        "altinn:resourceregistry/resource.write",
        "altinn:resourceregistry/accesslist.write",
    )
    body = {
        "identifier": RESOURCE,
        "title": title,
        "description": title,
        "rightDescription": title,
        "resourceType": "GenericAccessResource",
        "hasCompetentAuthority": {"organization": SERVICE_OWNER, "orgcode": "skd"},
        "contactPoints": [],
    }
    stage.must("POST", f"{registry}/resource", owner, body)
    form = {"content-type": "multipart/form-data; boundary=edge"}
    address = f"{registry}/resource/{RESOURCE}/policy"
    sent = stage.http.post(address, content=stage.names["policy_form"], headers={**owner, **form})
    assert sent.is_success, sent.text
    made = f"{registry}/access-lists/skd/matriselisten"
    stage.must("PUT", made, owner, {"name": "Matrisen"})
    listed = [f"urn:altinn:organization:identifier-no:{FIRM}"]
    stage.must("POST", f"{made}/members", owner, {"data": listed})
    stage.must("PUT", f"{made}/resource-connections/{RESOURCE}", owner, {"actionFilters": []})


def _make_connections(stage: Stage) -> None:
    given = f"{ACCESS}/v1/enduser/connections"
    own, director = stage.names["own_uuid"], stage.bearer("director", PORTAL_SCOPE)
    named = urlencode({"party": own, "to": stage.names["holder_uuid"]})
    check = f"{given}/resources/delegationcheck?party={own}&resource={SERVICE}"
    rights = stage.must("GET", check, director)["rights"]
    stage.names["right_key"] = rights[0]["right"]["key"]
    stage.must("POST", f"{given}?{named}", director)
    stage.must("POST", f"{given}/accesspackages?{named}&package={OWN_PACKAGE}", director)
    keys = {"directRightKeys": [stage.names["right_key"]]}
    stage.must("POST", f"{given}/resources/rights?{named}&resource={SERVICE}", director, keys)


def _make_client_delegations(stage: Stage) -> None:
    names, director = stage.names, stage.bearer("director", PORTAL_SCOPE)
    base = f"{ACCESS}/v2/enduser/clientdelegations"
    party, employee = names["party_uuid"], names["employee_uuid"]
    stage.must("POST", f"{base}/agents?party={party}&agent={employee}", director)
    values = [{"role": "regnskapsforer", "packages": [AGENT_PACKAGE]}]
    named = urlencode({"party": party, "client": names["client_uuid"], "agent": employee})
    stage.must("POST", f"{base}/agents/accesspackages?{named}", director, {"values": values})
    services = [{"role": "rettighetshaver", "resources": [GIVEN_SERVICE]}]
    for agent in (employee, names["empty_agent"]):
        pair = {"party": party, "client": names["giving_client_uuid"], "agent": agent}
        path = f"{base}/agents/resources?{urlencode(pair)}"
        stage.must("POST", path, director, {"values": services})
    internal = f"{ACCESS}/v1/internal/systemuserclientdelegation"
    pair = {"party": party, "systemUser": names["agent"], "client": names["client_uuid"]}
    (found,) = stage.must("GET", f"{internal}?{urlencode(pair)}", director)
    names["delegation"] = found["delegation"]["id"]
    to_agent = f"{base}/agents?party={party}&agent={names['agent']}"
    names["agent_assignment"] = stage.must("POST", to_agent, director)["id"]


def _make_subscription(stage: Stage) -> None:
    # Nothing comes after this position, so nothing is delivered, or written, behind a test's back.
    wanted = {"endpoint": stage.names["endpoint"], "position": "999999.0"}
    vendor = stage.bearer("vendor", "altinn:authentication/systemregister.write")
    path = f"{PLATFORM}/systemuser/feed/subscriptions"
    stage.names["subscription"] = stage.must("POST", path, vendor, wanted)["id"]


def _make_filings(stage: Stage) -> None:
    stage.names["vat_return"] = return_xml(a_return()).decode()
    stage.names["vat_envelope"] = envelope_xml(an_envelope()).decode()
    waiting, element = _begin_filing(stage)
    filed, _ = _begin_filing(stage)
    for _ in range(2):
        _send(stage, "PUT", f"{APP}/instances/{filed}/process/next")
    party, guid = waiting.split("/")
    stage.names |= {"instance_party": party, "instance": guid, "element": element}
    stage.names["filed_instance"] = filed.split("/")[1]
    stage.names["other_instance_party"] = stage.names["other_party"]


def _begin_filing(stage: Stage) -> tuple[str, str]:
    """An instance that has all that is wanted to file it, and its return among it."""
    owner = {"instanceOwner": {"organisationNumber": CLIENT}}
    instance = _send(stage, "POST", f"{APP}/instances", json=owner)
    path = f"{APP}/instances/{instance['id']}/data"
    xml = {"content-type": "application/xml"}
    envelope = f"{path}/{instance['data'][0]['id']}"
    _send(stage, "PUT", envelope, content=stage.names["vat_envelope"], headers=xml)
    named = {
        "content-type": "text/xml",
        "content-disposition": "attachment; filename=mvaMelding.xml",
    }
    sent = stage.names["vat_return"]
    made = _send(stage, "POST", f"{path}?datatype=mvamelding", content=sent, headers=named)
    return instance["id"], made["id"]


def _send(stage: Stage, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401  JSON
    headers = stage.bearer("system user", INSTANCES_WRITE) | more.pop("headers", {})
    answer = stage.http.request(method, path, headers=headers, **more)
    assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
    return answer.json()


def _form_of(policy: str) -> str:
    """A form with the policy as its file, as it goes over the wire."""
    disposition = 'form-data; name="policyFile"; filename="policy.xml"'
    lines = ["--edge", f"Content-Disposition: {disposition}", "", policy, "--edge--", ""]
    return "\r\n".join(lines)


def _asks(stage: Stage, reference: str, *, kind: str = "", package: str = OWN_PACKAGE) -> str:
    body = {
        "integrationTitle": f"Prosa {reference}",
        "externalRef": reference,
        "systemId": SYSTEM,
        "partyOrgNo": FIRM,
        "accessPackages": [{"urn": package}],
    }
    scope = "altinn:authentication/systemuser.request.write"
    headers = stage.bearer("vendor", scope)
    made = stage.must("POST", f"{PLATFORM}/systemuser/request/vendor{kind}", headers, body)
    return str(made["id"])


def _approves(stage: Stage, request: str, *, kind: str = "") -> str:
    path = f"{PLATFORM}/systemuser/request{kind}/{stage.names['party']}/{request}/approve"
    assert stage.must("POST", path, stage.bearer("director", PORTAL_SCOPE)) is True
    return request


def delete_systems(stage: Stage) -> None:
    """The vendor retires both its systems."""
    headers = stage.bearer("vendor", "altinn:authentication/systemregister.write")
    for system in (SYSTEM, VISIBLE_SYSTEM):
        stage.must("DELETE", f"{PLATFORM}/systemregister/vendor/{system}", headers)


def delete_system_users(stage: Stage) -> None:
    """The customer deletes all the system users that the vendor has got."""
    party, headers = stage.names["party"], stage.bearer("director", PORTAL_SCOPE)
    own, facilitator = stage.names["system_user"], stage.names["party_uuid"]
    stage.must("DELETE", f"{PLATFORM}/systemuser/{party}/{own}", headers)
    for agent in ("agent", "empty_agent", "own_agent"):
        path = f"{PLATFORM}/systemuser/agent/{party}/{stage.names[agent]}"
        stage.must("DELETE", f"{path}?facilitatorId={facilitator}", headers)
