"""The oracle: who may do what, worked out slowly from the facts of a case and nothing else.

Written from Altinn's public documentation, apart from the rooms: plain lists, no cache, no history
but what was closed. It reads the catalog's tables, and none of the code that reads them elsewhere.
It answers about registered parties only.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fullmakt.access.catalog.service import load_catalog
from tests.cases.decisions.facts import NUMBERS, Ask

KEY_ROLES = frozenset(
    [
        "daglig-leder",
        "styreleder",
        "innehaver",
        "deltaker-fullt-ansvar",
        "deltaker-delt-ansvar",
        "komplementar",
        "bestyrende-reder",
        "bostyrer",
    ]
)
NOT_IN_POLICIES = frozenset({"rettighetshaver", "agent"})
TABLES = load_catalog().facts
DELEGABLE = frozenset(package.name for package in TABLES.packages if package.is_delegable)
Fact = Mapping[str, Any]


@dataclass(eq=False)
class Role:
    """A role given, with what was given on it."""

    giver: str
    role: str
    holder: str
    is_open: bool = True
    packages: list[Given] = field(default_factory=list)
    rights: list[Given] = field(default_factory=list)


@dataclass(eq=False)
class Given:
    """A package or a single right given."""

    package: str
    is_open: bool = True


@dataclass(eq=False)
class Link:
    """A client's link, and the very things it rests on."""

    agent: str
    client: str
    package: str
    basis: Role
    given: Given | None
    agency: Role
    right: str | None = None
    is_open: bool = True

    @property
    def stands(self) -> bool:
        is_given = self.given is None or self.given.is_open
        return self.is_open and self.basis.is_open and self.agency.is_open and is_given


@dataclass
class Oracle:
    """What it has been told so far."""

    kinds: dict[str, str] = field(default_factory=dict)
    forms: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    parents: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    today: int = 0
    gone: dict[str, int] = field(default_factory=dict)
    bankrupt: set[str] = field(default_factory=set)
    roles: list[Role] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    policies: dict[str, Fact] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)
    listed: dict[str, set[str]] = field(default_factory=dict)
    opened: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._numbers = iter(NUMBERS)

    # --- telling ---------------------------------------------------------------------------------

    def tell(self, kind: str, fact: Fact) -> None:
        getattr(self, f"_tell_{kind}")(fact)

    def _tell_organizations(self, fact: Fact) -> None:
        name = fact["name"]
        self.kinds[name] = "organization"
        self.forms[name] = fact.get("form", "BEDR" if "parent" in fact else "AS")
        self.numbers[name] = fact.get("number") or next(self._numbers)
        if "parent" in fact:
            self.parents[name] = fact["parent"]
        if fact.get("deleted"):
            self.gone[name] = self.today

    def _tell_people(self, fact: Fact) -> None:
        self.kinds[fact["name"]], self.forms[fact["name"]] = "person", "Person"

    def _tell_roles(self, fact: Fact) -> None:
        self.roles.append(Role(fact["from"], fact["role"], fact["to"]))

    def _tell_passed(self, fact: Fact) -> None:
        self.today += fact["days"]

    def _tell_deleted(self, fact: Fact) -> None:
        self.gone[fact["name"]] = self.today + fact.get("in_days", 0)

    def _tell_bankrupt(self, fact: Fact) -> None:
        self.bankrupt.add(fact["name"])

    def _tell_restored(self, fact: Fact) -> None:
        self.gone.pop(fact["name"], None)
        self.bankrupt.discard(fact["name"])

    def _tell_ended(self, fact: Fact) -> None:
        wanted = {fact.get("from"), fact.get("to")} - {None}
        for role in self.roles:
            if role.role == fact["role"] and wanted <= {role.giver, role.holder}:
                role.is_open = False

    def _tell_system_users(self, fact: Fact) -> None:
        name, owner = fact["name"], fact["owner"]
        self.kinds[name], self.forms[name] = "system user", fact["kind"]
        self.owners[name] = owner
        self.roles.append(
            Role(owner, "agent" if fact["kind"] == "agent" else "rettighetshaver", name)
        )
        if fact["kind"] == "standard":
            self._tell_given({**fact, "from": owner, "to": name})

    def _tell_closed(self, fact: Fact) -> None:
        self.gone[fact["name"]] = self.today
        for role in self.roles:
            role.is_open = role.is_open and role.holder != fact["name"]

    def _right_holder(self, giver: str, holder: str) -> Role:
        for role in self.roles:
            if role.is_open and (role.giver, role.role, role.holder) == (
                giver,
                "rettighetshaver",
                holder,
            ):
                return role
        self.roles.append(Role(giver, "rettighetshaver", holder))
        return self.roles[-1]

    def _tell_given(self, fact: Fact) -> None:
        role = self._right_holder(fact["from"], fact["to"])
        open_ones = {given.package for given in role.packages if given.is_open}
        wanted = set(fact.get("packages", ())) - open_ones
        role.packages += [Given(package) for package in sorted(wanted)]
        role.rights += [Given(right) for right in fact.get("rights", ())]

    def _tell_withdrawn(self, fact: Fact) -> None:
        role = self._right_holder(fact["from"], fact["to"])
        for given in role.packages:
            given.is_open = given.is_open and given.package not in fact.get("packages", ())
        for given in role.rights:
            given.is_open = given.is_open and given.package not in fact.get("rights", ())

    def _tell_links(self, fact: Fact) -> None:
        agent, client = fact["to"], fact["client"]
        agency = self._agency(agent)
        assert agency is not None, "only agents are linked"
        for resource in fact.get("resources", ()):
            self._link_service(agent, client, resource)
        for package in fact.get("packages", ()):
            standing = [
                link
                for link in self.links
                if (link.agent, link.client, link.package) == (agent, client, package)
                and link.stands
            ]
            if not standing:
                basis, given = self._bases(
                    self._relations(client, self.owners[agent]), client, package
                )[0]
                self.links.append(Link(agent, client, package, basis, given, agency))

    def may_link(self, fact: Fact) -> bool:
        """Whether the client gives all that it is to be linked with, and may be linked at all."""
        agent, client = fact["to"], fact["client"]
        owner = self.owners[agent]
        if self._agency(agent) is None or self._is_gone(client):
            return False
        held = self._relations(client, owner)
        return all(self._bases(held, client, each) for each in fact.get("packages", ())) and all(
            any(list(self._ways(each, role)) for role in held) for each in fact.get("resources", ())
        )

    def _agency(self, agent: str) -> Role | None:
        wanted = (self.owners[agent], "agent", agent)
        open_ones = (
            role
            for role in self.roles
            if role.is_open and (role.giver, role.role, role.holder) == wanted
        )
        return next(open_ones, None)

    def _relations(self, client: str, owner: str) -> list[Role]:
        """What makes somebody a client, the register's roles first."""
        held = [
            role
            for role in self.roles
            if role.is_open and (role.giver, role.holder) == (client, owner)
        ]
        return sorted(held, key=lambda role: role.role == "rettighetshaver")

    def _link_service(self, agent: str, client: str, resource: str) -> None:
        found: dict[str, tuple[Role, Given | None, str]] = {}
        for role in self._relations(client, self.owners[agent]):
            for action, given, package in self._ways(resource, role):
                found.setdefault(action, (role, given, package))
        agency = self._agency(agent)
        assert agency is not None, "only agents are linked"
        for action, (basis, on, package) in found.items():
            right = f"{resource}:{action}"
            wanted = (agent, client, right)
            if not any(
                (each.agent, each.client, each.right) == wanted and each.stands
                for each in self.links
            ):
                self.links.append(Link(agent, client, package, basis, on, agency, right))

    def _ways(self, resource: str, role: Role) -> Iterator[tuple[str, Given | None, str]]:
        """Each action on the service that a relation gives, and by what."""
        if role.role != "rettighetshaver":
            yield from ((action, None, "") for action in self._opened_to(resource, role))
        for given in role.rights:
            name, action = given.package.split(":")
            if given.is_open and name == resource:
                yield action, given, ""
        for given in role.packages:
            if given.is_open and given.package in DELEGABLE:
                for action in self._opened(resource, {given.package}, set()):
                    yield action, given, given.package

    def _opened_to(self, resource: str, role: Role) -> set[str]:
        packages = self._of_role(role.role, role.giver) & DELEGABLE
        return self._opened(resource, packages, set(self._codes({role.role})))

    def _opened(self, resource: str, packages: set[str], codes: set[str]) -> set[str]:
        return {
            action
            for rule in self.policies[resource].get("opens", ())
            for action in rule["actions"]
            if packages & set(rule.get("packages", ()))
            or codes & {role.lower() for role in rule.get("roles", ())}
        }

    def _bases(
        self, held: Iterable[Role], client: str, package: str
    ) -> list[tuple[Role, Given | None]]:
        found: list[tuple[Role, Given | None]] = []
        for role in held:
            if role.role != "rettighetshaver":
                found += [(role, None)] * (package in self._of_role(role.role, client) & DELEGABLE)
            else:
                found += [
                    (role, given)
                    for given in role.packages
                    if given.is_open and given.package == package and package in DELEGABLE
                ]
        return found

    def _tell_unlinked(self, fact: Fact) -> None:
        for link in self.links:
            if (link.agent, link.client) == (fact["from"], fact["client"]):
                link.is_open = False

    def _tell_resources(self, fact: Fact) -> None:
        self.policies[fact["id"]] = fact
        if "needs_list" in fact:
            self.kept = (self.kept - {fact["id"]}) | ({fact["id"]} if fact["needs_list"] else set())

    def _tell_access_lists(self, fact: Fact) -> None:
        self.listed.setdefault(fact["name"], set()).update(fact.get("members", ()))
        for resource, actions in fact.get("connects", {}).items():
            self.opened[fact["name"], resource] = list(actions)

    def _tell_unlisted(self, fact: Fact) -> None:
        self.listed[fact["from"]] -= set(fact.get("members", ()))
        for resource in fact.get("resources", ()):
            self.opened.pop((fact["from"], resource), None)
        if fact.get("deleted"):
            del self.listed[fact["from"]]
            self.opened = {key: has for key, has in self.opened.items() if key[0] != fact["from"]}

    # --- asking ----------------------------------------------------------------------------------

    def answer(self, ask: Ask) -> str:
        answer = self._without_lists(ask)
        is_kept = ask.resource in self.kept
        return "Deny" if answer == "Permit" and is_kept and not self._is_listed(ask) else answer

    def _is_listed(self, ask: Ask) -> bool:
        return self.kinds[ask.party] == "organization" and any(
            resource == ask.resource
            and ask.party in self.listed.get(name, ())
            and (not actions or ask.action in actions)
            for (name, resource), actions in self.opened.items()
        )

    def _without_lists(self, ask: Ask) -> str:
        policy = self.policies[ask.resource]
        matching = [
            effect
            for effect, rules in (("Deny", "denies"), ("Permit", "opens"))
            for rule in policy.get(rules, ())
            if self._applies(rule, ask)
        ]
        if matching:
            return matching[0]
        wanted = f"{ask.resource}:{ask.action}"
        return "Permit" if wanted in set(self._rights(ask)) else "NotApplicable"

    def _applies(self, rule: Fact, ask: Ask) -> bool:
        if ask.action not in rule["actions"]:
            return False
        roles = {role.lower() for role in rule.get("roles", ())}
        is_named = self._is_named_by_number(ask) and self.numbers[ask.subject] in rule.get(
            "organizations", ()
        )
        if "subjects" in rule:
            return self._has_attribute(rule["subjects"], ask)
        if ask.named == "service-owner" or not ask.party:
            return is_named
        return bool(
            is_named
            or set(rule.get("packages", ())) & self.packages(ask)
            or roles & self._role_codes(ask)
        )

    def _has_attribute(self, wanted: Mapping[str, str], ask: Ask) -> bool:
        if ask.named == "service-owner":
            return wanted.get("urn:altinn:org") == ask.subject
        kind = "" if ask.party or self._is_gone(ask.subject) else self.kinds[ask.subject]
        lists = {f"skd:{name}" for name, members in self.listed.items() if ask.subject in members}
        is_listed = bool(kind) and wanted.get("urn:altinn:access-list") in lists
        return is_listed or wanted.get("urn:altinn:partytype", "-") == kind

    def _is_named_by_number(self, ask: Ask) -> bool:
        return self.kinds.get(ask.subject) == "organization" and ask.named in {"", "number"}

    def _is_gone(self, name: str) -> bool:
        names = {name, self.owners.get(name, name)}
        return any(self.gone.get(each, self.today + 1) <= self.today for each in names)

    def _is_closed(self, ask: Ask) -> bool:
        return self._is_gone(ask.subject) or self._is_gone(ask.party)

    def _givers(self, party: str) -> set[str]:
        return {party, self.parents.get(party, party)}

    def _enterprises(self, party: str) -> set[str]:
        return {
            role.giver
            for role in self.roles
            if role.is_open
            and (role.role, role.holder) == ("innehaver", party)
            and self.forms[role.giver] == "ENK"
        }

    def _gives(self, giver: str, role: str, party: str) -> bool:
        if giver in self._givers(party):
            return not self._is_gone(giver) and not self._is_displaced(giver, role)
        since = self.today - self.gone.get(giver, self.today)
        return (
            giver in self._enterprises(party)
            and role in {"regnskapsforer", "revisor"}
            and since < 730
        )

    def _is_displaced(self, giver: str, role: str) -> bool:
        return giver in self.bankrupt and role in KEY_ROLES and role != "bostyrer"

    def _reached(self, ask: Ask) -> Iterator[Role]:
        """The roles of the party, or its main unit, that the subject holds or acts through."""
        given = self._given_roles(ask)
        yield from (role for role in given if role.holder == ask.subject)
        for key in self._keys(ask.subject):
            for role in given:
                is_share = role.role in KEY_ROLES and not self._is_key(role)
                if role.holder == key.giver and not is_share:
                    yield role

    def _given_roles(self, ask: Ask) -> list[Role]:
        if self._is_closed(ask):
            return []
        return [
            role
            for role in self.roles
            if role.is_open and self._gives(role.giver, role.role, ask.party)
        ]

    def _keys(self, holder: str) -> Iterator[Role]:
        for key in self.roles:
            is_theirs = key.is_open and key.holder == holder and self._is_key(key)
            stands = not self._is_gone(key.giver) and not self._is_displaced(key.giver, key.role)
            if is_theirs and stands:
                yield key

    def _is_key(self, role: Role) -> bool:
        is_share = role.role == "deltaker-delt-ansvar" and self.forms[role.giver] == "IKS"
        return role.role in KEY_ROLES and not is_share

    def _of_role(self, role: str, giver: str) -> set[str]:
        return {
            row.package
            for row in TABLES.role_packages
            if row.role == role
            and row.has_access
            and row.entity_variant in {None, self.forms[giver]}
        }

    def packages(self, ask: Ask) -> set[str]:
        """The access packages of the subject towards the party."""
        if self._is_named_by_number(ask) or ask.named == "service-owner" or not ask.party:
            return set()
        if self._is_closed(ask):
            return set()
        is_agent = self.forms[ask.subject] == "agent"
        found = set(self._linked(ask)) if is_agent else set()
        for role in self._reached(ask):
            if role.role == "rettighetshaver":
                found |= {given.package for given in role.packages if given.is_open}
            else:
                found |= self._of_role(role.role, role.giver)
        if ask.subject == ask.party and self.kinds[ask.subject] == "person":
            found |= self._of_role("privatperson", ask.party)
        return found

    def _linked(self, ask: Ask) -> Iterator[str]:
        for link in self._links_towards(ask):
            gives = (
                DELEGABLE
                if link.basis.role == "rettighetshaver"
                else self._of_role(link.basis.role, link.client) & DELEGABLE
            )
            if link.right is None and link.package in gives:
                yield link.package

    def _links_towards(self, ask: Ask) -> Iterator[Link]:
        for link in self.links:
            if (
                link.agent == ask.subject
                and link.stands
                and self._gives(link.client, link.basis.role, ask.party)
                and not self._is_closed(ask)
            ):
                yield link

    def _role_codes(self, ask: Ask) -> set[str]:
        """Lower case, as `urn:altinn:rolecode` has them: of persons named as such only."""
        if self.kinds[ask.subject] != "person" or ask.named not in {"", "number", "user"}:
            return set()
        held = {role.role for role in self._reached(ask)} - NOT_IN_POLICIES
        if ask.subject == ask.party and not self._is_closed(ask):
            held.add("privatperson")
        return set(self._codes(held))

    def _codes(self, held: Iterable[str]) -> Iterator[str]:
        given = {row.gives_role for row in TABLES.role_map if row.role in held}
        for role in TABLES.roles:
            if role.code in {*held, *given}:
                if role.provider == "sys-altinn2":
                    yield role.code.lower()
                if role.legacy_code:
                    yield role.legacy_code.lower()

    def _rights(self, ask: Ask) -> Iterator[str]:
        if ask.named == "service-owner" or not ask.party:
            return
        reached = [*self._reached(ask), *self._reached_by_sub_units(ask)]
        for role in reached:
            if role.role != "agent":
                yield from (given.package for given in role.rights if given.is_open)
        for link in self._links_towards(ask):
            if link.right is not None:
                resource, action = link.right.split(":")
                if action in self._opened_by_basis(resource, link):
                    yield link.right

    def _opened_by_basis(self, resource: str, link: Link) -> set[str]:
        if link.given is None:
            return self._opened_to(resource, link.basis)
        if link.given.package == link.right:
            return {link.right.partition(":")[2]}
        return self._opened(resource, {link.package}, set())

    def _reached_by_sub_units(self, ask: Ask) -> Iterator[Role]:
        for key in self._keys(ask.subject):
            for role in self._given_roles(ask):
                is_unit = self.parents.get(role.holder) == key.giver
                if is_unit and role.role == "rettighetshaver" and not self._is_gone(role.holder):
                    yield role
