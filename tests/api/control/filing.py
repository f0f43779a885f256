"""An app whose policy tells tasks apart, and a VAT return that goes through them, over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from fullmakt.foundation.terms import urns
from tests.api.control.explaining import CLIENT, SIGNING, VAT, owner_headers, publish
from tests.api.control.served import Control, Json
from tests.cases.decisions.town import action_named, attribute, request
from tests.unit.policy.documents import document_of, policy_from
from tests.unit.tax.vat_builders import a_return, an_envelope, envelope_xml, return_xml

AGENT = "ab37a780-c0ba-5841-8f64-a809b36991af"
APP = "/skd/mva-melding-innsending-v1"
AT = {
    "amend": (urns.TASK, "Task_1"),
    "attest": (urns.TASK, "Task_2"),
    "await": (urns.TASK, "Task_3"),
    "archive": (urns.END_EVENT, "EndEvent_1"),
}
"""Actions that the policy opens at one step each."""
ASKED_BY_THE_APP = ["instantiate", "read", "write", "confirm"]
"""Actions that it opens at every step."""


def publish_steps(control: Control) -> None:
    """Give the VAT app a policy that opens actions by the step of the process.

    As apps' own policies do, a rule names the app and the step in one `AllOf`.
    """
    registry, headers = owner_headers(control, "altinn:resourceregistry/resource.write")
    app = {urns.RESOURCE: VAT, urns.SERVICE_OWNER: "skd", urns.APP: APP[5:]}
    steps = {action: app | dict([step]) for action, step in AT.items()}
    rules = [
        {
            "effect": "Permit",
            "package": SIGNING,
            "action": action,
            "target": [[[_equals(name, value) for name, value in named.items()]]],
        }
        for action, named in (dict.fromkeys(ASKED_BY_THE_APP, app) | steps).items()
    ]
    policy = document_of(policy_from({"combining": "deny-overrides", "rules": rules}))
    publish(control, f"{registry}/resource/{VAT}/policy", policy.decode(), headers)


def _equals(name: str, value: str) -> list[object]:
    return ["string-equal", value, {"bag": f"resource/{name}"}]


class Filing:
    """One instance of the app, ready to be sent in."""

    def __init__(self, control: Control) -> None:
        self._control = control
        wanted = {
            "systemUserId": AGENT,
            "scopes": "altinn:instances.read altinn:instances.write",
        }
        token = control.stranger.get("/api/GetSystemUserToken", params=wanted, auth=("a", "b"))
        self._headers = {"authorization": f"Bearer {token.text}"}
        owner = {"instanceOwner": {"organisationNumber": CLIENT}}
        made = self._send("POST", f"{APP}/instances", json=owner)
        self.id = str(made["id"])
        data = f"{APP}/instances/{self.id}/data"
        xml = {"content-type": "application/xml"}
        envelope = envelope_xml(an_envelope())
        self._send("PUT", f"{data}/{made['data'][0]['id']}", content=envelope, headers=xml)
        named = {
            "content-type": "text/xml",
            "content-disposition": "attachment; filename=mvaMelding.xml",
        }
        returned = return_xml(a_return())
        self._send("POST", f"{data}?datatype=mvamelding", content=returned, headers=named)

    @property
    def party_id(self) -> str:
        """Its owner's party id."""
        return self.id.partition("/")[0]

    @property
    def guid(self) -> str:
        """Its own id."""
        return self.id.partition("/")[2]

    def moves_on(self) -> None:
        """Take the next step of the process."""
        self._send("PUT", f"{APP}/instances/{self.id}/process/next")

    def gets_feedback(self) -> None:
        """Let the time pass that the service owner needs to answer, which ends the instance."""
        later = self._control.known.post("/fullmakt/clock", json={"advance": "PT1S"})
        later.raise_for_status()

    def _send(self, method: str, path: str, **more: Any) -> Any:  # noqa: ANN401  JSON
        headers = self._headers | more.pop("headers", {})
        answer = self._control.stranger.request(method, path, headers=headers, **more)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()


def decide(control: Control, question: Json, *, media_type: str = "application/json") -> Json:
    """What the decision point answers a service owner."""
    named = {"orgNo": "212000019", "org": "skd", "scopes": "altinn:authorization/authorize"}
    token = control.stranger.get("/api/GetEnterpriseToken", params=named, auth=("a", "b")).text
    headers = {"authorization": f"Bearer {token}", "content-type": media_type}
    answer = control.stranger.post(
        "/authorization/api/v1/authorize", json=question, headers=headers
    )
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def about(*resource: Json, action: str = "amend") -> Json:
    """May the agent do `action` on what is named?"""
    return request(
        [attribute(urns.SYSTEM_USER_UUID, AGENT)], [action_named(action)], list(resource)
    )


def decided(answer: Json) -> tuple[str, str]:
    """The one decision and the end of its status code."""
    (result,) = answer["response"]
    code = str(result["status"]["statusCode"]["value"])
    return str(result["decision"]), code.rpartition(":")[2]


def decide_several(
    control: Control, actions: Sequence[str], resources: Mapping[str, list[Json]]
) -> list[str]:
    """The decisions of one request: each action on what each resource names, in that order."""
    asked = [(name, action) for name in resources for action in actions]
    subject = attribute(urns.SYSTEM_USER_UUID, AGENT)
    question = {
        "AccessSubject": [{"Id": "s", "Attribute": [subject]}],
        "Action": [{"Id": each, "Attribute": [action_named(each)]} for each in actions],
        "Resource": [{"Id": name, "Attribute": held} for name, held in resources.items()],
        "MultiRequests": {"RequestReference": [{"ReferenceId": ["s", *each]} for each in asked]},
    }
    return [str(each["decision"]) for each in decide(control, {"Request": question})["response"]]


def open_actions(control: Control, *resource: Json) -> list[str]:
    """Which of the actions that go by steps are open, asked in one request."""
    decisions = decide_several(control, list(AT), {"r": list(resource)})
    return [action for action, held in zip(AT, decisions, strict=True) if held == "Permit"]
