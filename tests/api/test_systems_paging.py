"""Whatever comes and goes between two pages, a row that stands is told once, in every paged list.

Walks of all the lists are under way at once, a page here and a page there, while rows are added and
removed over HTTP and in the register.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import UUID, uuid5

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import NewOrganization
from fullmakt.foundation.storage.database import Work
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.systems.system_register.service import find_system
from fullmakt.systems.system_users.model import SystemUserKind
from fullmakt.systems.system_users.service import create_system_user
from tests.api.systems_world import (
    ADMINISTRATOR,
    APP,
    DIRECTOR,
    END_USER,
    FIRM,
    OUTSIDER,
    PLAIN_ACCOUNTANT,
    REGISTER_SCOPE,
    REQUESTS,
    SYSTEM,
    USERS,
    World,
    named,
    right,
)
from tests.number_series import organization_numbers

CHANGES = f"{USERS}/changerequest/vendor"
STREAM = f"{USERS}/internal/systemusers/stream"
CLIENTS = f"{END_USER}/clients"
PARTIES = "/accessmanagement/api/v1/enduser/authorizedparties"
_NAMES = UUID("6f1f2b0a-6d7e-5c1c-9a55-2d6f0f5c0e02")
# More than a page of each: pages hold 50 rows, of the stream of users and of parties 100.
TO_BEGIN_WITH = {
    "request": 53,
    "agent request": 53,
    "change": 53,
    "user": 104,
    "client": 20,
    "link": 20,
    "party": 104,
}
KINDS = tuple(TO_BEGIN_WITH)

Page = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Listed:
    """A paged list: rows of which kind, where it begins, who reads it, what its rows are called."""

    kind: str
    first: str
    headers: Mapping[str, str]
    name_of: Callable[[Page], str]
    is_followed: bool = False
    """Whether it ends with an empty page, and tells a row again when that changed."""


@dataclass(slots=True)
class Walk:
    """A list being read: where it goes on, what has been told, and what stood throughout."""

    listed: Listed
    goes_on: str
    stood: set[str]
    changed: set[str] = field(default_factory=set)
    told: Counter[str] = field(default_factory=Counter)

    def check(self) -> None:
        missing = {row for row in self.stood if self.told[row] == 0}
        assert not missing, f"{self.listed.kind}: passed over {sorted(missing)}"
        again = {row for row, times in self.told.items() if times > 1}
        if self.listed.is_followed:
            again -= self.changed
        assert not again, f"{self.listed.kind}: told again {sorted(again)}"


class Vendor:
    """The rows there are, of every kind, and how each comes and goes."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.numbers = organization_numbers(31600000)
        self.count = 0
        self.rows: dict[str, list[str]] = {kind: [] for kind in KINDS}
        self.unlinked: list[str] = []
        assert world.register().status_code == 200
        self.standard = world.approved_standard()
        self.agent = world.approved_agent(accessPackages=named(PLAIN_ACCOUNTANT))
        for kind in ("request", "agent request", "change"):
            for _ in range(TO_BEGIN_WITH[kind]):
                self.add(kind)
        with world.changing() as work:
            for _ in range(TO_BEGIN_WITH["user"]):
                self.rows["user"].append(self._new_user(work))
            for _ in range(TO_BEGIN_WITH["client"]):
                self.rows["client"].append(self._new_unit(work, "KUNDE", "regnskapsforer"))
            for _ in range(TO_BEGIN_WITH["link"]):
                self.rows["link"].append(self._new_unit(work, "LENKET", "regnskapsforer"))
            for _ in range(TO_BEGIN_WITH["party"]):
                self.rows["party"].append(self._new_unit(work, "EIER", "daglig-leder"))
        self._link("add", self.rows["link"])
        # Those of the system users made above are told of as well.
        self.rows["user"] += [self.standard, self.agent]

    def next(self) -> int:
        self.count += 1
        return self.count

    def add(self, kind: str) -> None:
        """Let a row of a kind come to be."""
        match kind:
            case "request":
                made = self.world.standard_request(externalRef=f"s{self.next()}")
            case "agent request":
                made = self.world.agent_request(externalRef=f"a{self.next()}")
            case "change":
                made = self.world.http.post(
                    CHANGES,
                    params={
                        "correlation-id": str(uuid5(_NAMES, f"c{self.next()}")),
                        "system-user-id": self.standard,
                    },
                    json={"requiredRights": [right(APP)]},
                    headers=self.world.vendor(),
                )
            case _:
                self.rows[kind] += self._added_otherwise(kind)
                return
        assert made.status_code == 201, made.text
        self.rows[kind].append(made.json()["id"])

    def _added_otherwise(self, kind: str) -> list[str]:
        if kind == "link":
            if not self.unlinked:
                return []
            again = self.unlinked.pop()
            self._link("add", [again])
            return [again]
        with self.world.changing() as work:
            match kind:
                case "user":
                    return [self._new_user(work)]
                case "client":
                    return [self._new_unit(work, "KUNDE", "regnskapsforer")]
                case _:
                    return [self._new_unit(work, "EIER", "daglig-leder")]

    def remove(self, kind: str, row: str) -> None:
        """Let a row be gone."""
        self.rows[kind].remove(row)
        match kind:
            case "request" | "agent request":
                self._delete(f"{REQUESTS}/vendor/{row}", self.world.vendor())
            case "change":
                self._delete(f"{CHANGES}/{row}", self.world.vendor())
            case "user":
                firm = self.world.organization(FIRM)
                path = f"{USERS}/agent/{firm.party_id}/{row}?facilitatorId={firm.uuid}"
                self._delete(path, self.world.person(DIRECTOR))
            case "link":
                self._link("remove", [row])
                self.unlinked.append(row)
            case "client":
                self._end_role(row, "regnskapsforer")
            case _:
                self._end_role(row, "daglig-leder")

    def _delete(self, path: str, headers: Mapping[str, str]) -> None:
        answer = self.world.http.delete(path, headers=dict(headers))
        assert answer.status_code in {200, 202, 204}, answer.text

    def _link(self, verb: str, clients: list[str]) -> None:
        answer = self.world.http.post(
            f"{CLIENTS}/bulk/{verb}",
            params={"agent": self.agent},
            json={"clients": clients},
            headers=self.world.person(ADMINISTRATOR),
        )
        assert answer.status_code == 200, answer.text
        outcomes = {each["outcome"] for each in answer.json()["data"]}
        assert outcomes <= {"added", "removed"}, answer.text

    def _new_unit(self, work: Work, name: str, role: str) -> str:
        number, n = next(self.numbers), self.next()
        uuid = uuid5(_NAMES, number)
        new = NewOrganization(OrganizationNumber(number), f"{name} {n}", "AS", uuid, 54000000 + n)
        holder = (
            self.world.organization(FIRM)
            if role == "regnskapsforer"
            else self.world.find_person(OUTSIDER)
        )
        parties.begin_role(
            work, role=role, giver=parties.add_organization(work, new), holder=holder
        )
        return number

    def _end_role(self, number: str, role: str) -> None:
        with self.world.changing() as work:
            holder = (
                self.world.organization(FIRM)
                if role == "regnskapsforer"
                else self.world.find_person(OUTSIDER)
            )
            giver = parties.get_organization(work, OrganizationNumber(number))
            parties.end_role(work, role=role, giver=giver, holder=holder)

    def _new_user(self, work: Work) -> str:
        system = find_system(work, SYSTEM)
        assert system is not None
        n = self.next()
        made = create_system_user(
            work,
            uuid=uuid5(_NAMES, f"u{n}"),
            system=system,
            owner=self.world.organization(FIRM),
            kind=SystemUserKind.AGENT,
            external_ref=f"u{n}",
            title=f"number {n}",
            packages=["regnskapsforer-lonn"],
            rights=frozenset(),
            given_by=self.world.find_person(DIRECTOR),
        )
        return str(made.uuid)

    def lists(self) -> Mapping[str, Listed]:
        """Every paged list."""
        vendor, platform = self.world.vendor(), self.world.vendor(ADMIN)
        clients = f"{CLIENTS}/search?agent={self.agent}&size=7"
        administrator = self.world.person(ADMINISTRATOR)

        def unit(row: Page) -> str:
            return str(row["clientOrganizationNumber"])

        def its_id(row: Page) -> str:
            return str(row["id"])

        return {
            "requests": Listed("request", f"{REQUESTS}/vendor/bysystem/{SYSTEM}", vendor, its_id),
            "agent requests": Listed(
                "agent request", f"{REQUESTS}/vendor/agent/bysystem/{SYSTEM}", vendor, its_id
            ),
            "changes": Listed("change", f"{CHANGES}/bysystem/{SYSTEM}", vendor, its_id),
            "users": Listed("user", f"{USERS}/vendor/bysystem/{SYSTEM}", vendor, its_id),
            "stream": Listed("user", STREAM, platform, its_id, is_followed=True),
            "clients": Listed("client", f"{clients}&search=kunde", administrator, unit),
            "linked": Listed("link", f"{clients}&linked=true", administrator, unit),
            "parties": Listed(
                "party",
                PARTIES,
                self.world.person(OUTSIDER),
                lambda row: str(row["organizationNumber"] or row["personId"]),
            ),
            "feed": Listed(
                "notice",
                f"{USERS}/feed?size=20",
                self.world.vendor(REGISTER_SCOPE),
                its_id,
                is_followed=True,
            ),
        }


ADMIN = "altinn:authentication/systemuser.admin"
LISTS = (
    *("requests", "agent requests", "changes", "users", "stream"),
    *("clients", "linked", "parties", "feed"),
)


class Walking(RuleBasedStateMachine):
    """Lists being read while their rows come and go.

    All examples are of one world, which is slow to fill: each finds it as the last one left it.
    """

    vendor: ClassVar[Vendor]

    @initialize()
    def begin(self) -> None:
        self.lists = self.vendor.lists()
        assert tuple(self.lists) == LISTS
        self.walks: list[Walk] = []
        for name in LISTS:
            self.begin_a_walk(name)

    @rule(name=st.sampled_from(LISTS))
    def read_another_time(self, name: str) -> None:
        self.begin_a_walk(name)

    def begin_a_walk(self, name: str) -> None:
        listed = self.lists[name]
        stood = self._notices() if listed.kind == "notice" else self.vendor.rows[listed.kind]
        walk = Walk(listed, listed.first, set(stood))
        self.walks.append(walk)
        self._read_on(walk)

    def _notices(self) -> list[str]:
        """What the feed tells now, read in one page."""
        feed = self.lists["feed"]
        path = feed.first.replace("size=20", "size=500")
        found = self.vendor.world.http.get(path, headers=dict(feed.headers)).json()["data"]
        assert len(found) < 500
        return [str(each["id"]) for each in found]

    @precondition(lambda self: self.walks)
    @rule(which=st.integers(0, 20))
    def read_on(self, which: int) -> None:
        self._read_on(self.walks[which % len(self.walks)])

    def _read_on(self, walk: Walk) -> None:
        answer = self.vendor.world.http.get(walk.goes_on, headers=dict(walk.listed.headers))
        assert answer.status_code == 200, answer.text
        page = answer.json()
        walk.told.update(walk.listed.name_of(row) for row in page["data"])
        following = page["links"].get("next")
        if following is None or (walk.listed.is_followed and not page["data"]):
            self.walks.remove(walk)
            walk.check()
        else:
            walk.goes_on = following

    @rule(kind=st.sampled_from(KINDS))
    def add(self, kind: str) -> None:
        self.vendor.add(kind)

    @rule(kind=st.sampled_from(KINDS), place=st.floats(0, 1, exclude_max=True))
    def remove(self, kind: str, place: float) -> None:
        kept = {self.vendor.standard, self.vendor.agent}
        rows = [row for row in self.vendor.rows[kind] if row not in kept]
        row = rows[int(place * len(rows))]
        self.vendor.remove(kind, row)
        for walk in self.walks:
            if walk.listed.kind == kind:
                walk.stood.discard(row)
                walk.changed.add(row)

    def teardown(self) -> None:
        while getattr(self, "walks", None):
            self._read_on(self.walks[0])


def test_a_row_that_stands_is_told_once_in_every_paged_list(world: World) -> None:
    run_state_machine_as_test(
        type("WalkingHere", (Walking,), {"vendor": Vendor(world)}),
        settings=settings(
            max_examples=4,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.explicit, Phase.reuse, Phase.generate),
        ),
    )
