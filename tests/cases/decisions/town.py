"""A town: the real rooms, told the facts of a case one after the other, and asked.

Each question is asked in process and as bytes over ASGI with a signed token; of a decision point
that has lived through every change, and of one that knows nothing yet.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Iterable, Mapping, MutableMapping
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from fullmakt.access.catalog.service import load_catalog
from fullmakt.access.decisions.endpoint import (
    ADMIN_SCOPE,
    DecisionEndpoint,
    authorize_endpoint,
)
from fullmakt.access.decisions.model import (
    ByOrganizationNumber,
    ByPartyId,
    ByPersonNumber,
    ByServiceOwner,
    BySystemUser,
    ByUserId,
    ByUuid,
    PartyReference,
    Question,
    Subject,
)
from fullmakt.access.decisions.service import DecisionPoint
from fullmakt.access.delegations import linking
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.model import Right, Wanted
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import (
    NewOrganization,
    NewPerson,
    Party,
    PartyKind,
    SystemUserVariant,
)
from fullmakt.access.policy.write import PlainRule, write_policy
from fullmakt.access.resources import lists_service as lists
from fullmakt.access.resources import service as resources
from fullmakt.access.resources.conditions import Conditions
from fullmakt.access.resources.model import AccessListMode
from fullmakt.access.resources.shelf import PolicyShelf
from fullmakt.foundation.bearer.service import BearerCheck
from fullmakt.foundation.jose.keys import PublicKey
from fullmakt.foundation.jose.tokens import sign
from fullmakt.foundation.storage.database import Database, Work
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber
from tests.cases.decisions.facts import NUMBERS, PERSON_NUMBERS, Ask, uuid_of
from tests.unit.keys.rsa_keys import rsa_key
from tests.unit.resources.builders import TAX, a_resource
from tests.worlds import START, TestClock

ISSUER = "https://issuer.example.invalid/"
STANDARD_NAMES = {
    PartyKind.SYSTEM_USER: "system-user",
    PartyKind.PERSON: "number",
    PartyKind.ORGANIZATION: "number",
}
Fact = Mapping[str, Any]


class TownKeys:
    """The one key of the town's issuer."""

    def find(self, kid: str) -> PublicKey | None:
        return rsa_key("town").public if kid == "town" else None


def a_token(scope: str = ADMIN_SCOPE, *, number: str = TAX.digits, **changes: object) -> str:
    """A token of the town's issuer."""
    consumer = {"authority": "iso6523-actorid-upis", "ID": f"0192:{number}"}
    claims = {"iss": ISSUER, "exp": int(START.timestamp()) + 60, "scope": scope}
    return sign(json.dumps({**claims, "consumer": consumer, **changes}).encode(), rsa_key("town"))


@dataclass(frozen=True)
class HttpAnswer:
    """What came back over ASGI."""

    status: int
    headers: Mapping[str, str]
    body: Any

    @property
    def results(self) -> list[Any]:
        return list(self.body["response"])

    @property
    def decision(self) -> str:
        (result,) = self.results
        return str(result["decision"])

    @property
    def decided(self) -> tuple[str, str]:
        """The decision and the end of its status code."""
        (result,) = self.results
        code = str(result["status"]["statusCode"]["value"])
        return str(result["decision"]), code.removeprefix("urn:oasis:names:tc:xacml:1.0:status:")

    @property
    def reason(self) -> str:
        """What a refused caller is told."""
        return self.headers.get("www-authenticate", "")


def send(
    endpoint: DecisionEndpoint,
    body: bytes,
    *,
    headers: Mapping[str, str],
    method: str = "POST",
) -> HttpAnswer:
    """Call the endpoint as a server does, the body in two pieces."""
    pieces: list[MutableMapping[str, Any]] = [
        {"type": "http.request", "body": body[:7], "more_body": True},
        {"type": "http.request", "body": body[7:], "more_body": False},
    ]
    told: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return pieces.pop(0)

    async def tell(message: MutableMapping[str, Any]) -> None:
        told.append(message)

    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    asyncio.run(endpoint({"type": "http", "method": method, "headers": raw}, receive, tell))
    start, content = told
    kept = {name.decode(): value.decode("latin-1") for name, value in start["headers"]}
    written: bytes = content["body"]
    is_json = "json" in kept.get("content-type", "json")
    return HttpAnswer(start["status"], kept, json.loads(written or b"null") if is_json else written)


def attribute(name: str, value: object, **more: object) -> dict[str, object]:
    """One attribute as a request writes it."""
    return {"AttributeId": name, "Value": value, **more}


def request(
    subject: list[Any], action: list[Any], resource: list[Any], **more: object
) -> dict[str, Any]:
    """A request with one category of each."""
    return {
        "Request": {
            "AccessSubject": [{"Attribute": subject}],
            "Action": [{"Attribute": action}],
            "Resource": [{"Attribute": resource}],
            **more,
        }
    }


def action_named(name: str) -> dict[str, object]:
    return attribute("urn:oasis:names:tc:xacml:1.0:action:action-id", name)


@dataclass
class Town:
    """The facts so far, in the real rooms."""

    database: Database
    parties: dict[str, Party] = field(default_factory=dict)
    levels: dict[str, int] = field(default_factory=dict)
    clock: TestClock = field(default_factory=TestClock)

    def __post_init__(self) -> None:
        self.catalog = load_catalog()
        self.decisions = self.decision_point()
        self.endpoint = self.endpoint_of(self.decisions)
        self._numbers, self._person_numbers = deque(NUMBERS), deque(PERSON_NUMBERS)
        self._party_ids = count(50_001)

    def moved(self, database: Database) -> Town:
        """This town in a database that was copied from its own."""
        other = Town(database, dict(self.parties), dict(self.levels), self.clock)
        other._numbers, other._person_numbers = copy(self._numbers), copy(self._person_numbers)
        other._party_ids = copy(self._party_ids)
        return other

    def decision_point(self) -> DecisionPoint:
        """A decision point that knows nothing yet: another node, or this one started again."""
        shelf = PolicyShelf(self.database)
        return DecisionPoint(self.database, self.catalog, shelf, clock=self.clock)

    def endpoint_of(self, decisions: DecisionPoint) -> DecisionEndpoint:
        bearer = BearerCheck({ISSUER: TownKeys()}, audiences=frozenset(), clock=TestClock())
        return authorize_endpoint(decisions, bearer)

    # --- telling ---------------------------------------------------------------------------------

    def tell(self, kind: str, fact: Fact) -> None:
        """Make one change, as one work."""
        with self.database.authority(actor="town", correlation="") as work:
            getattr(self, f"_tell_{kind}")(work, fact)

    def _tell_organizations(self, work: Work, fact: Fact) -> None:
        parent = self.parties[fact["parent"]].number if "parent" in fact else None
        self.parties[fact["name"]] = parties.add_organization(
            work,
            NewOrganization(
                OrganizationNumber(fact.get("number") or self._numbers.popleft()),
                fact["name"],
                fact.get("form", "BEDR" if parent else "AS"),
                uuid_of(fact["name"]),
                next(self._party_ids),
                parent=parent,
                deleted_at=self.clock.now() if fact.get("deleted") else None,
            ),
        )

    def _tell_passed(self, _work: Work, fact: Fact) -> None:
        self.clock.advance(timedelta(days=fact["days"]))

    def _tell_deleted(self, work: Work, fact: Fact) -> None:
        at = self.clock.now() + timedelta(days=fact.get("in_days", 0))
        bankrupt_at = self.parties[fact["name"]].bankrupt_at
        self._change_status(work, fact["name"], deleted_at=at, bankrupt_at=bankrupt_at)

    def _tell_bankrupt(self, work: Work, fact: Fact) -> None:
        deleted_at = self.parties[fact["name"]].deleted_at
        bankrupt_at = self.clock.now()
        self._change_status(work, fact["name"], deleted_at=deleted_at, bankrupt_at=bankrupt_at)

    def _tell_restored(self, work: Work, fact: Fact) -> None:
        self._change_status(work, fact["name"])

    def _change_status(self, work: Work, name: str, **since: datetime | None) -> None:
        changed = parties.change_status(
            work,
            self.parties[name],
            deleted_at=since.get("deleted_at"),
            bankrupt_at=since.get("bankrupt_at"),
        )
        self.parties[name] = changed

    def _tell_people(self, work: Work, fact: Fact) -> None:
        first, _, last = fact["name"].partition(" ")
        number = PersonNumber(fact.get("number") or self._person_numbers.popleft())
        party_id = next(self._party_ids)
        self.parties[fact["name"]] = parties.add_person(
            work,
            NewPerson(number, first, last, uuid_of(fact["name"]), party_id, party_id - 30_000),
        )

    def _tell_roles(self, work: Work, fact: Fact) -> None:
        giver, holder = self.parties[fact["from"]], self.parties[fact["to"]]
        parties.begin_role(work, role=fact["role"], giver=giver, holder=holder)

    def _tell_ended(self, work: Work, fact: Fact) -> None:
        """End a role between two, or wherever it is held."""
        wanted = {fact.get("from"), fact.get("to")} - {None}
        for held in parties.list_all_roles(work):
            names = {held.giver.name, held.holder.name}
            if held.assignment.role == fact["role"] and wanted <= names:
                parties.end_role(work, role=fact["role"], giver=held.giver, holder=held.holder)

    def _tell_given(self, work: Work, fact: Fact) -> None:
        giver = self.parties[fact["from"]]
        delegations.give_to_system_user(
            work,
            owner=giver,
            system_user=self.parties[fact["to"]],
            packages=frozenset(fact.get("packages", ())),
            rights=rights_of(fact),
            given_by=giver,
        )

    def _tell_withdrawn(self, work: Work, fact: Fact) -> None:
        giver = self.parties[fact["from"]]
        delegations.withdraw(
            work,
            giver=giver,
            receiver=self.parties[fact["to"]],
            packages=frozenset(fact.get("packages", ())),
            rights=rights_of(fact),
            withdrawn_by=giver,
        )

    def _tell_system_users(self, work: Work, fact: Fact) -> None:
        variants = {"agent": SystemUserVariant.AGENT, "standard": SystemUserVariant.STANDARD}
        owner = self.parties[fact["owner"]]
        made = parties.add_system_user(
            work,
            uuid=uuid_of(fact["name"]),
            owner=owner,
            variant=variants[fact["kind"]],
            name=fact["name"],
        )
        self.parties[fact["name"]] = made
        if fact["kind"] == "standard":
            self._tell_given(work, {**fact, "from": fact["owner"], "to": fact["name"]})

    def _tell_closed(self, work: Work, fact: Fact) -> None:
        parties.close_system_user(work, self.parties[fact["name"]])

    def _tell_links(self, work: Work, fact: Fact) -> None:
        agent = self.parties[fact["to"]]
        assert agent.owner_id is not None
        linking.link_client(
            work,
            self.catalog,
            agent=agent,
            facilitator=parties.get_by_inner_id(work, agent.owner_id),
            client=self.parties[fact["client"]],
            wanted=Wanted(
                frozenset(fact.get("packages", ())), frozenset(fact.get("resources", ()))
            ),
            opened=self.decisions.opened_actions,
        )

    def _tell_unlinked(self, work: Work, fact: Fact) -> None:
        agent, client = self.parties[fact["from"]], self.parties[fact["client"]]
        linking.unlink_client(work, agent=agent, client=client)

    def _tell_resources(self, work: Work, fact: Fact) -> None:
        name = fact["id"]
        found = resources.find_resource(work, name)
        resource = found or resources.add_resource(work, a_resource(name))
        if "needs_list" in fact:
            mode = AccessListMode.ENABLED if fact["needs_list"] else AccessListMode.DISABLED
            new = replace(a_resource(name), access_list_mode=mode)
            resource = resources.replace_resource(work, resource, new)
        opens, denies = fact.get("opens", ()), fact.get("denies", ())
        level = self.levels[name] = fact.get("level", 3)
        xml = write_policy(
            name, [plain_rule(rule) for rule in (*opens, *denies)], minimum_level=level
        ).decode()
        xml = with_other_subjects(xml, [*opens, *denies])
        if "level_of_organizations" in fact:
            xml = with_level_of_organizations(xml, fact["level_of_organizations"])
        for number in range(len(opens) + 1, len(opens) + len(denies) + 1):
            permits = f'ruleid:{number}" Effect="Permit"'
            assert permits in xml
            xml = xml.replace(permits, permits.replace("Permit", "Deny"))
        resources.set_policy(work, resource, xml.encode())

    def _tell_access_lists(self, work: Work, fact: Fact) -> None:
        """Open a list, or add to it; `connects` maps resources to actions, none of which is all."""
        name = self._list(work, fact["name"])
        members = [
            f"{urns.PARTY_UUID}:{self.parties[each].uuid}" for each in fact.get("members", ())
        ]
        lists.add_members(work, name, members, conditions=Conditions())
        for resource, actions in fact.get("connects", {}).items():
            lists.set_connection(work, name, resource, actions=actions, conditions=Conditions())

    def _tell_unlisted(self, work: Work, fact: Fact) -> None:
        name = lists.ListName("skd", fact["from"])
        members = [
            f"{urns.PARTY_UUID}:{self.parties[each].uuid}" for each in fact.get("members", ())
        ]
        lists.remove_members(work, name, members, conditions=Conditions())
        for resource in fact.get("resources", ()):
            lists.delete_connection(work, name, resource, conditions=Conditions())
        if fact.get("deleted"):
            lists.delete_list(work, name, conditions=Conditions())

    def _list(self, work: Work, identifier: str) -> lists.ListName:
        if parties.find_service_owner(work, "skd") is None:
            details = {"orgcode": "skd"}
            uuid = uuid_of("SKATTEETATEN")
            new = NewOrganization(TAX, "SKATTEETATEN", "ORGL", uuid, 49_001, details=details)
            parties.add_organization(work, new)
        name = lists.ListName("skd", identifier)
        lists.set_list(work, name, title=identifier, description="", conditions=Conditions())
        return name

    # --- asking ----------------------------------------------------------------------------------

    def question(self, ask: Ask) -> Question:
        """The question as our own rooms ask it."""
        party = None
        if ask.party:
            party = self._reference(self.parties[ask.party], ask.party_named)
        return Question(self._subject(ask), ask.action, ask.resource, party)

    def _subject(self, ask: Ask) -> Subject:
        if ask.named == "service-owner":
            return ByServiceOwner(ask.subject)
        subject = self.parties[ask.subject]
        named = ask.named or STANDARD_NAMES[subject.kind]
        if named == "system-user":
            return BySystemUser(subject.uuid)
        if named == "user":
            assert subject.user_id is not None
            return ByUserId(subject.user_id)
        return self._reference(subject, named)

    def _reference(self, party: Party, named: str) -> PartyReference:
        if named == "uuid":
            return ByUuid(party.uuid)
        if named == "partyid":
            return ByPartyId(party.party_id)
        assert named == "number", named
        if party.number is not None:
            return ByOrganizationNumber(party.number)
        assert party.person_number is not None
        return ByPersonNumber(party.person_number)

    def body(self, ask: Ask) -> bytes:
        """The question as bytes on the wire."""
        question = self.question(ask)
        party = [] if question.party is None else [attribute_of(question.party)]
        return json.dumps(
            request(
                [attribute_of(question.subject)],
                [action_named(ask.action)],
                [attribute(urns.RESOURCE, ask.resource), *party],
            )
        ).encode()

    def ask_over_http(self, ask: Ask) -> HttpAnswer:
        """Ask the endpoint, as the holder of the scope for every resource."""
        return self.post(self.body(ask))

    def post(self, body: bytes | Any, token: str | None = None, **more: str) -> HttpAnswer:  # noqa: ANN401
        """Send a body, or what is written as one, to the endpoint."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {
            "authorization": f"Bearer {token or a_token()}",
            "content-type": "application/json",
            **more,
        }
        return send(self.endpoint, raw, headers=headers)


def attribute_of(  # noqa: PLR0911  one return a way of naming
    party: Subject,
) -> dict[str, object]:
    """A subject or party as a request names it."""
    match party:
        case BySystemUser():
            return attribute(urns.SYSTEM_USER_UUID, str(party.uuid))
        case ByServiceOwner():
            return attribute(urns.SERVICE_OWNER, party.code)
        case ByUuid():
            return attribute(urns.PARTY_UUID, str(party.uuid))
        case ByUserId():
            return attribute(urns.USER_ID, str(party.user_id))
        case ByPartyId():
            return attribute(urns.PARTY_ID, str(party.party_id))
        case ByOrganizationNumber():
            return attribute(urns.ORGANIZATION_NUMBER, party.number.digits)
        case ByPersonNumber():
            return attribute(urns.PERSON_NUMBER, party.number.digits)


_NOBODY = "somebody-who-is-put-in-later"


def plain_rule(rule: Fact) -> PlainRule:
    """The rule; for subjects of another kind a place to put them in."""
    if "subjects" in rule:
        return PlainRule(actions=rule["actions"], packages=[_NOBODY])
    return PlainRule(**rule)


def with_other_subjects(xml: str, rules: Iterable[Fact]) -> str:
    """The document with the subjects that plain rules do not have, by attribute and value."""
    for rule in rules:
        for name, value in rule.get("subjects", {}).items():
            before, _, after = xml.partition(_NOBODY)
            assert after, "a place for each"
            xml = before + value + after.replace(urns.ACCESS_PACKAGE, name, 1)
    return xml


def with_level_of_organizations(xml: str, level: int) -> str:
    """The document with a level of its own for organisations."""
    start, end = "<xacml:ObligationExpression ", "</xacml:ObligationExpression>"
    before, _, rest = xml.partition(start)
    obligation, _, after = rest.partition(end)
    head, _, tail = obligation.rpartition("</xacml:AttributeValue>")
    value = head.rpartition(">")[0]
    other = f"{value}>{level}</xacml:AttributeValue>{tail}".replace(
        urns.MINIMUM_AUTHENTICATION_LEVEL, f"{urns.MINIMUM_AUTHENTICATION_LEVEL}-org"
    ).replace("authenticationLevel1", "authenticationLevel2")
    return f"{before}{start}{obligation}{end}{start}{other}{end}{after}"


def rights_of(fact: Fact) -> frozenset[Right]:
    """`resource:action` as rights."""
    return frozenset(Right(*text.split(":")) for text in fact.get("rights", ()))
