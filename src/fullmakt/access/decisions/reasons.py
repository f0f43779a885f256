"""Why: the trail of a walk, put into words.

Each reason says what was looked at, what was found and where it is written, and what would have to
change. Words are English here; pages put them in people's languages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from fullmakt.access.decisions import remedies, rules
from fullmakt.access.decisions.asking import Kind
from fullmakt.access.decisions.giving import actions_of
from fullmakt.access.decisions.model import Check, Reason
from fullmakt.access.delegations.model import Fact
from fullmakt.access.delegations.rules import gives, is_own_person, usable_roles
from fullmakt.access.parties.model import RIGHT_HOLDER
from fullmakt.access.policy import names
from fullmakt.access.policy.outcome import Decision as PolicyDecision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.decisions.asking import Asked
    from fullmakt.access.decisions.model import Origin
    from fullmakt.access.decisions.rules import Holdings
    from fullmakt.access.delegations.model import Right
    from fullmakt.access.delegations.standings import LinkRow, Standing, Unregistered
    from fullmakt.access.policy.outcome import Evaluation
    from fullmakt.access.policy.trail import RecordedTrail, RuleReport
    from fullmakt.access.resources.lists_model import Admission, ListedOn
    from fullmakt.access.resources.shelf import ShelvedPolicy


SYSTEM_USER_LEVEL = 3
"""The level of every token of a system user."""
_MOST_TOLD = 6


class Surroundings(Protocol):
    """What is known around a standing: asked only when somebody wants to know why."""

    def link_removed_at(self, agent: int, client: int) -> int | None:
        """The revision that removed the last link between the two."""
        ...

    def client_roles(self, owner: int, client: int) -> tuple[str, ...]:
        """The relations that make the party a client of the system user's owner."""
        ...

    def origin(self, fact: Fact, inner_id: int) -> Origin | None:
        """The revision that opened what access rests on, and when that was."""
        ...

    def policy_origin(self, resource: str) -> Origin | None:
        """The revision that published the policy that stands, and when that was."""
        ...


class Reasons:
    """A trail that collects reasons, in the order things were looked at."""

    is_listening = True

    def __init__(
        self, catalog: Catalog, surroundings: Surroundings, before: Iterable[Reason] = ()
    ) -> None:
        self._catalog = catalog
        self._surroundings = surroundings
        self._found = list(before)
        self._standing: Standing | None = None
        self._conditional: list[Right] = []
        self._needed: remedies.Needed = {}

    @property
    def found(self) -> tuple[Reason, ...]:
        """The reasons so far."""
        return tuple(self._found)

    def _add(
        self,
        check: Check,
        text: str,
        *,
        held: bool,
        written: str = "",
        remedy: str = "",
        origin: Origin | None = None,
    ) -> None:
        revision, since = (None, None) if origin is None else (origin.revision, origin.at)
        reason = Reason(check, held, text, written or None, remedy or None, revision, since)
        self._found.append(reason)

    def resource_missing(self, asked: Asked) -> None:
        """The resource is not registered, or has no policy."""
        text = f"resource `{asked.resource}` is not in the resource registry, or has no policy"
        self._add(Check.RESOURCE, text, held=False, remedy=remedies.PUBLISH)

    def resource_found(self, asked: Asked, shelved: ShelvedPolicy) -> None:
        """The resource has a policy."""
        self._needed = remedies.needed_for(asked, shelved)
        self._add(
            Check.RESOURCE,
            f"resource `{asked.resource}` has a policy",
            held=True,
            written=f"policy version {shelved.version}, sha256 {shelved.sha256[:12]}",
            origin=self._surroundings.policy_origin(asked.resource),
        )

    def unregistered(self, asked: Asked, found: Unregistered) -> None:
        """The subject or the party is not registered."""
        if not found.is_subject_registered and asked.subject is not None:
            is_system_user = asked.subject.kind is Kind.SYSTEM_USER
            kind = asked.subject.kind.name.lower().replace("_", " ")
            name = _shown(asked.subject.kind, str(asked.subject.reference.value))
            text = f"{kind} `{name}` is not registered"
            remedy = remedies.NEW_SYSTEM_USER if is_system_user else remedies.REGISTER_SUBJECT
            self._add(Check.SUBJECT, text, held=False, remedy=remedy)
        if not found.is_party_registered and asked.party is not None:
            hides = asked.party.key == "personno"
            name = str(asked.party.value)[:6] + "*****" if hides else str(asked.party.value)
            text = f"party `{name}` is not registered"
            self._add(Check.PARTY, text, held=False, remedy=remedies.REGISTER_PARTY)

    def held(self, asked: Asked, held: Holdings) -> None:
        """What the subject holds towards the party."""
        standing = self._standing = held.standing
        self._conditional = [each.right for each in held.conditional]
        self._subject(standing)
        self._party(standing)
        is_organization = asked.subject is not None and asked.subject.kind is Kind.ORGANIZATION
        is_own_client = standing.owner is not None and bool(standing.grants)
        if rules.is_agent(standing) and not is_own_client:
            self._links(standing)
        elif not is_organization:
            self._roles(standing)
        has_services = rules.is_agent(standing) and bool(held.rights or held.conditional)
        if held.packages or not (is_organization or has_services):
            self._held_packages(held)

    def _party(self, standing: Standing) -> None:
        text = f"the party is {standing.party.label}"
        if standing.is_gone(standing.party):
            text = f"{text}, which is deleted"
            self._add(Check.PARTY, text, held=False, remedy=remedies.RESTORE)
        else:
            self._add(Check.PARTY, text, held=True)

    def _subject(self, standing: Standing) -> None:
        subject, owner = standing.subject, standing.owner
        text, written, remedy = f"the subject is {subject.label}", "", remedies.RESTORE
        if owner is not None:
            kind = "for clients" if rules.is_agent(standing) else "for its own organisation"
            text = f"the subject is system user `{subject.name}` {kind}, owned by {owner.label}"
            written, remedy = f"system user {subject.uuid}", remedies.NEW_SYSTEM_USER
        if standing.is_gone(subject):
            text = f"{text}, and deleted"
            self._add(Check.SUBJECT, text, held=False, written=written, remedy=remedy)
        else:
            self._add(Check.SUBJECT, text, held=True, written=written)
        if owner is not None and standing.is_gone(owner):
            text = f"{owner.label} is deleted"
            self._add(Check.OWNER, text, held=False, remedy=remedies.RESTORE)

    def _links(self, standing: Standing) -> None:
        if not standing.links:
            self._not_linked(standing)
            return
        for link in standing.links:
            client = standing.giver(link.client).label
            text = f"{client} is linked to the system user with `{_carried(link)}`"
            origin = self._surroundings.origin(Fact.LINK, link.link)
            self._add(
                Check.CLIENT_LINK, text, held=True, written=f"link {link.link}", origin=origin
            )
        for link in standing.links:
            self._basis(standing, link)

    def _not_linked(self, standing: Standing) -> None:
        owner = standing.owner
        name = "the owner" if owner is None else owner.label
        text = f"{standing.party.label} is not linked to the system user"
        removed = self._surroundings.link_removed_at(standing.subject.id, standing.party.id)
        if removed is not None:
            text += f"; its link was removed in revision {removed}"
        roles = (
            () if owner is None else self._surroundings.client_roles(owner.id, standing.party.id)
        )
        is_own_firm = owner is not None and owner.id == standing.party.id
        if is_own_firm:
            text += "; it is the system user's own firm, which gave it nothing for itself"
        elif roles:
            text += f"; it is a client of {name} as {', '.join(roles)}"
        else:
            text += f"; it is not a client of {name}"
        remedy = remedies.to_be_linked(standing, is_client=bool(roles), is_own_firm=is_own_firm)
        self._add(Check.CLIENT_LINK, text, held=False, remedy=remedy)

    def _basis(self, standing: Standing, link: LinkRow) -> None:
        owner = "the owner" if standing.owner is None else standing.owner.label
        client = standing.giver(link.client).label
        relation = (
            f"{client} having given `{link.grant_package or _carried(link)}` to {owner}"
            if link.basis_role == RIGHT_HOLDER
            else f"{owner} being `{link.basis_role}` for {client}"
        )
        text = f"the link with `{_carried(link)}` rests on {relation}"
        written = f"assignment {link.basis_assignment}"
        origin = self._surroundings.origin(Fact.ASSIGNMENT, link.basis_assignment)
        if link.grant is not None:
            written += f", grant {link.grant}"
            origin = self._surroundings.origin(Fact.GRANT, link.grant)
        ended = link.basis_ended if link.basis_ended is not None else link.grant_ended
        remedy, holds_up = "", rules.holds_up(self._catalog, standing, link)
        if ended is not None:
            text += f", which ended in revision {ended}"
            remedy = remedies.to_stand_again(link, client=client, owner=owner)
        elif not holds_up:
            text += self._why_not(standing, link)
            remedy = remedies.to_be_given(standing, self._needed)
        self._add(Check.BASIS, text, held=holds_up, written=written, remedy=remedy, origin=origin)

    def _why_not(self, standing: Standing, link: LinkRow) -> str:
        giver = standing.giver(link.client)
        if standing.is_past(link.facilitator_deleted_at):
            return ", and whoever passed it on is deleted"
        if not gives(self._catalog, standing, link.client, link.basis_role):
            return f", and {giver.label} is deleted, or gives its owner nothing"
        return f", which does not give it for organisation form `{giver.form}`"

    def _roles(self, standing: Standing) -> None:
        usable = usable_roles(self._catalog, standing)
        owner = standing.owner
        if not usable and owner is not None and owner.id != standing.party.id:
            text = (
                f"a system user for its own organisation acts for {owner.label} and its sub-units"
                f" alone; {standing.party.label} is neither"
            )
            self._add(Check.OWNER, text, held=False, remedy=remedies.own_party(standing))
        elif not usable and not is_own_person(standing):
            text = f"the subject holds no role in {standing.party.label}"
            remedy = remedies.to_be_held(standing, self._needed)
            self._add(Check.ROLE, text, held=False, remedy=remedy)
        for role in usable:
            giver = standing.giver(role.giver).label
            text = f"`{role.role}` of {giver}"
            if role.via is not None:
                text += f" through being `{role.via.role}` of {role.via.name}"
            origin = self._surroundings.origin(Fact.ASSIGNMENT, role.assignment)
            written = f"assignment {role.assignment}"
            self._add(Check.ROLE, text, held=True, written=written, origin=origin)

    def _held_packages(self, held: Holdings) -> None:
        if held.packages:
            fitting = [
                name for name in self._needed.get(names.ACCESS_PACKAGE, ()) if name in held.packages
            ]
            ordered = [*fitting, *sorted(held.packages - set(fitting))]
            some = ordered[:_MOST_TOLD]
            left = len(ordered) - len(some)
            more = f" and {left} more" if left else ""
            text = f"access packages towards the party: {', '.join(some)}{more}"
            self._add(Check.PACKAGE, text, held=True)
        else:
            text = "no access package towards the party"
            remedy = remedies.to_be_given(held.standing, self._needed)
            self._add(Check.PACKAGE, text, held=False, remedy=remedy)

    def rules_asked(
        self, asked: Asked, shelved: ShelvedPolicy, trail: RecordedTrail, answer: Evaluation
    ) -> None:
        """The policy was asked."""
        action = ", ".join(asked.actions) or "(none)"
        rule = ", ".join(answer.matched_rules)
        if answer.decision is PolicyDecision.PERMIT:
            text = f"the policy opens action `{action}`"
            self._add(Check.POLICY_RULE, text, held=True, written=f"rule {rule}")
            return
        if answer.status.message:
            remedy = f"{shelved.owner} mends the policy, or the request names what it asks for"
            self._add(Check.POLICY_RULE, answer.status.message, held=False, remedy=remedy)
        elif not answer.resource_and_action_known:
            text = f"no rule of the policy of `{asked.resource}` is about action `{action}`"
            known = actions_of(shelved)
            remedy = f"ask for an action the policy knows: {', '.join(known)}"
            self._add(Check.POLICY_RULE, text, held=False, remedy=remedy)
            return
        written = f"policy version {shelved.version}"
        if answer.decision is PolicyDecision.DENY:
            text = f"the policy denies action `{action}` to what the subject holds"
            remedy = f"{shelved.owner} changes the rule, or somebody acts whom it is not about"
            written += f", rule {rule}" if rule else ""
            self._add(Check.POLICY_RULE, text, held=False, written=written, remedy=remedy)
            return
        text = f"the policy does not open action `{action}` for what the subject holds"
        openings = _openings(trail.rules)
        needed = "; ".join(f"{_attribute(name)}: {', '.join(v)}" for name, v in openings.items())
        remedy = f"it opens for {needed}" if needed else ""
        if self._standing is not None:
            given = remedies.to_be_given(self._standing, dict(openings))
            remedy = f"{remedy}; {given}" if remedy else given
        self._add(Check.POLICY_RULE, text, held=False, written=written, remedy=remedy)

    def single_right(self, asked: Asked, right: Right | None) -> None:
        """A single right was looked for, because no rule of the policy applied."""
        if right is not None:
            text = f"the right to `{right.action}` on `{right.resource}` is given singly"
            self._add(Check.SINGLE_RIGHT, text, held=True)
            return
        text = f"no single right on `{asked.resource}` is given"
        if any(right.resource == asked.resource for right in self._conditional):
            text = f"the link carries `{asked.resource}`, which its relation does not open as asked"
        remedy = "" if self._standing is None else self._singly(asked, self._standing)
        self._add(Check.SINGLE_RIGHT, text, held=False, remedy=remedy)

    def _singly(self, asked: Asked, standing: Standing) -> str:
        receiver = standing.subject.name if standing.owner is None else standing.owner.label
        action = ", ".join(asked.actions) or "(none)"
        if standing.owner is None:
            return f"{standing.party.label} gives `{receiver}` `{action}` on `{asked.resource}`"
        if rules.is_agent(standing):
            return (
                f"{standing.party.label} gives {receiver} `{action}` on `{asked.resource}`, and is"
                " linked to a system user that carries it"
            )
        return f"{receiver} approves a system user with `{action}` on `{asked.resource}`"

    def level(self, lowest: int) -> None:
        """The decision is a permit, and asks for a level of login."""
        if not lowest:
            return
        text = f"the policy asks for authentication level {lowest}"
        is_machine = self._standing is not None and self._standing.owner is not None
        if is_machine and lowest > SYSTEM_USER_LEVEL:
            text += f"; a system user's token has {SYSTEM_USER_LEVEL}, so the service refuses it"
            remedy = "a person logs in with that level, or the service's owner asks for a lower one"
            self._add(Check.AUTHENTICATION_LEVEL, text, held=False, remedy=remedy)
        else:
            self._add(Check.AUTHENTICATION_LEVEL, text, held=True)

    def access_lists(
        self, asked: Asked, shelved: ShelvedPolicy, admission: Admission | None, *, opens: bool
    ) -> None:
        """The access lists of the resource were asked, after a permit."""
        name, action = asked.resource, ", ".join(asked.actions) or "(none)"
        lists = () if admission is None else admission.lists
        if opens:
            text = f"the party is on an access list of `{name}` that opens `{action}`"
            self._add(Check.ACCESS_LIST, text, held=True, written=_urns(lists))
            return
        if admission is None or not admission.is_organization:
            text = f"`{name}` is for organisations on its access lists, and the party is none"
            remedy = "ask for an organisation that is on one of the lists"
            self._add(Check.ACCESS_LIST, text, held=False, remedy=remedy)
            return
        if lists:
            text = f"no access list of `{name}` that the party is on opens `{action}`"
            remedy = f"{shelved.owner} lets one of the lists open the action"
        else:
            text = f"the party is on no access list of `{name}`"
            remedy = f"{shelved.owner} puts the party on a list that is connected to the resource"
        self._add(Check.ACCESS_LIST, text, held=False, written=_urns(lists), remedy=remedy)


def _urns(lists: Iterable[ListedOn]) -> str:
    return ", ".join(each.urn for each in lists)


def _shown(kind: Kind, value: str) -> str:
    """Identity numbers are read by many in a reason: only the first six digits are shown."""
    return f"{value[:6]}*****" if kind is Kind.PERSON and len(value) == 11 else value


def _carried(link: LinkRow) -> str:
    if link.right is not None:
        return f"{link.right.action} on {link.right.resource}"
    return link.package or ""


def _openings(reports: Iterable[RuleReport]) -> Mapping[str, list[str]]:
    found: dict[str, list[str]] = {}
    for report in reports:
        for unmet in report.unmet:
            for (category, attribute), values in unmet.openings.items():
                if category == names.SUBJECT:
                    held = found.setdefault(attribute, [])
                    held.extend(value for value in values if value not in held)
    return found


def _attribute(name: str) -> str:
    words = {names.ACCESS_PACKAGE: "access packages", names.ROLE_CODE: "roles"}
    return words.get(name, name)
