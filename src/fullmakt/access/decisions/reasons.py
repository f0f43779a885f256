"""Why: the trail of a walk, put into words.

Each reason says what was looked at, what was found and where it is written, and what would have to
change. Words are English here; pages put them in people's languages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from fullmakt.access.decisions import rules
from fullmakt.access.decisions.asking import Kind
from fullmakt.access.decisions.model import Check, Reason
from fullmakt.access.delegations.rules import usable_roles
from fullmakt.access.parties.model import RIGHT_HOLDER
from fullmakt.access.policy import names
from fullmakt.access.policy.outcome import Decision as PolicyDecision

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.decisions.asking import Asked
    from fullmakt.access.decisions.rules import Holdings
    from fullmakt.access.delegations.model import Right
    from fullmakt.access.delegations.standings import LinkRow, Standing, Unregistered
    from fullmakt.access.policy.outcome import Evaluation
    from fullmakt.access.policy.trail import RecordedTrail, RuleReport
    from fullmakt.access.resources.lists_model import Admission, ListedOn
    from fullmakt.access.resources.shelf import ShelvedPolicy


_RESTORED = "the register takes the deletion back, if it was a mistake"


class Surroundings(Protocol):
    """What is known around a standing: asked only when somebody wants to know why."""

    def link_removed_at(self, agent: int, client: int) -> int | None:
        """The revision that removed the last link between the two."""
        ...

    def client_roles(self, owner: int, client: int) -> tuple[str, ...]:
        """The relations that make the party a client of the system user's owner."""
        ...


class Reasons:
    """A trail that collects reasons, in the order things were looked at."""

    is_listening = True

    def __init__(self, catalog: Catalog, surroundings: Surroundings) -> None:
        self._catalog = catalog
        self._surroundings = surroundings
        self._found: list[Reason] = []
        self._packages: frozenset[str] = frozenset()

    @property
    def found(self) -> tuple[Reason, ...]:
        """The reasons so far."""
        return tuple(self._found)

    def _add(
        self, check: Check, text: str, *, held: bool, written: str = "", remedy: str = ""
    ) -> None:
        self._found.append(Reason(check, held, text, written or None, remedy or None))

    def undecidable(self, message: str) -> None:
        """The request could not be read as a question."""
        self._add(Check.REQUEST, message, held=False, remedy="mend the request and ask again")

    def resource_missing(self, asked: Asked) -> None:
        """The resource is not registered, or has no policy."""
        self._add(
            Check.RESOURCE,
            f"resource `{asked.resource}` is not in the resource registry, or has no policy",
            held=False,
            remedy="its owner registers the resource and uploads a policy",
        )

    def resource_found(self, asked: Asked, shelved: ShelvedPolicy) -> None:
        """The resource has a policy."""
        self._add(
            Check.RESOURCE,
            f"resource `{asked.resource}` has a policy",
            held=True,
            written=f"policy version {shelved.version}, sha256 {shelved.sha256[:12]}",
        )

    def unregistered(self, asked: Asked, found: Unregistered) -> None:
        """The subject or the party is not registered."""
        if not found.is_subject_registered and asked.subject is not None:
            kind = asked.subject.kind.name.lower().replace("_", " ")
            name = _shown(asked.subject.kind, str(asked.subject.reference.value))
            self._add(Check.SUBJECT, f"{kind} `{name}` is not registered", held=False)
        if not found.is_party_registered and asked.party is not None:
            hides = asked.party.key == "personno"
            name = str(asked.party.value)[:6] + "*****" if hides else str(asked.party.value)
            self._add(Check.PARTY, f"party `{name}` is not registered", held=False)

    def held(self, asked: Asked, held: Holdings) -> None:
        """What the subject holds towards the party."""
        standing = held.standing
        self._packages = held.packages
        self._subject(standing)
        self._party(standing)
        is_own_client = standing.owner is not None and bool(standing.grants)
        if rules.is_agent(standing) and not is_own_client:
            self._links(standing)
        elif asked.subject is not None and asked.subject.kind is not Kind.ORGANIZATION:
            self._roles(standing)
        is_organization = asked.subject is not None and asked.subject.kind is Kind.ORGANIZATION
        has_services = rules.is_agent(standing) and bool(held.rights or held.conditional)
        if held.packages or not (is_organization or has_services):
            self._held_packages(held)

    def _party(self, standing: Standing) -> None:
        text = f"the party is {standing.party.label}"
        if standing.is_gone(standing.party):
            self._add(Check.PARTY, f"{text}, which is deleted", held=False, remedy=_RESTORED)
        else:
            self._add(Check.PARTY, text, held=True)

    def _subject(self, standing: Standing) -> None:
        subject, owner = standing.subject, standing.owner
        if owner is None:
            text = f"the subject is {subject.label}"
            if standing.is_gone(subject):
                self._add(Check.SUBJECT, f"{text}, and deleted", held=False, remedy=_RESTORED)
            else:
                self._add(Check.SUBJECT, text, held=True)
            return
        kind = "for clients" if rules.is_agent(standing) else "for its own organisation"
        text = f"the subject is system user `{subject.name}` {kind}, owned by {owner.label}"
        if standing.is_gone(subject):
            remedy = "the vendor asks for a new system user"
            self._add(Check.SUBJECT, f"{text}, and deleted", held=False, remedy=remedy)
        else:
            self._add(Check.SUBJECT, text, held=True, written=f"system user {subject.uuid}")
        if standing.is_gone(owner):
            self._add(Check.OWNER, f"{owner.label} is deleted", held=False, remedy=_RESTORED)

    def _links(self, standing: Standing) -> None:
        if not standing.links:
            self._not_linked(standing)
            return
        packages = ", ".join(f"`{_carried(link)}`" for link in standing.links)
        numbers = ", ".join(str(link.link) for link in standing.links)
        text = f"{standing.party.label} is linked to the system user with {packages}"
        self._add(Check.CLIENT_LINK, text, held=True, written=f"link {numbers}")
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
        if owner is not None and owner.id == standing.party.id:
            text += "; it is the system user's own firm, which gave it nothing for itself"
            remedy = f"an access manager of {name} adds it as a client of its own system user"
        elif roles:
            text += f"; it is a client of {name} as {', '.join(roles)}"
            remedy = f"the client administrator of {name} links it to a system user that fits"
        else:
            text += f"; it is not a client of {name}"
            remedy = f"the client registers {name}, or gives it packages, and is then linked"
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
        if link.grant is not None:
            written += f", grant {link.grant}"
        ended = link.basis_ended if link.basis_ended is not None else link.grant_ended
        if ended is not None:
            text += f", which ended in revision {ended}"
            remedy = "the relation is registered or given anew, and the client linked again"
            self._add(Check.BASIS, text, held=False, written=written, remedy=remedy)
        elif not rules.holds_up(self._catalog, standing, link):
            form = standing.giver(link.client).form
            text += f", which does not give it for organisation form `{form}`"
            self._add(Check.BASIS, text, held=False, written=written)
        else:
            self._add(Check.BASIS, text, held=True, written=written)

    def _roles(self, standing: Standing) -> None:
        usable = usable_roles(self._catalog, standing)
        owner = standing.owner
        if not usable and owner is not None and owner.id != standing.party.id:
            text = (
                f"a system user for its own organisation acts for {owner.label} and its sub-units"
                f" alone; {standing.party.label} is neither"
            )
            remedy = (
                f"{standing.party.label} approves a system user of its own, or is linked as a"
                " client to one for clients"
            )
            self._add(Check.OWNER, text, held=False, remedy=remedy)
        elif not usable:
            text = f"the subject holds no role in {standing.party.label}"
            self._add(Check.ROLE, text, held=False)
        for role in usable:
            giver = standing.giver(role.giver).label
            text = f"`{role.role}` of {giver}"
            if role.via is not None:
                text += f" through being `{role.via.role}` of {role.via.name}"
            self._add(Check.ROLE, text, held=True, written=f"assignment {role.assignment}")

    def _held_packages(self, held: Holdings) -> None:
        if held.packages:
            some = sorted(held.packages)[:6]
            more = f" and {len(held.packages) - len(some)} more" if len(held.packages) > 6 else ""
            text = f"access packages towards the party: {', '.join(some)}{more}"
            self._add(Check.PACKAGE, text, held=True)
        else:
            self._add(Check.PACKAGE, "no access package towards the party", held=False)

    def rules_asked(
        self, asked: Asked, shelved: ShelvedPolicy, trail: RecordedTrail, answer: Evaluation
    ) -> None:
        """The policy was asked."""
        action = ", ".join(asked.actions) or "(none)"
        if answer.decision is PolicyDecision.PERMIT:
            rule = ", ".join(answer.matched_rules)
            text = f"the policy opens action `{action}`"
            self._add(Check.POLICY_RULE, text, held=True, written=f"rule {rule}")
            return
        if answer.status.message:
            self._add(Check.POLICY_RULE, answer.status.message, held=False)
        elif not answer.resource_and_action_known:
            text = f"no rule of the policy of `{asked.resource}` is about action `{action}`"
            remedy = "ask for an action the policy knows"
            self._add(Check.POLICY_RULE, text, held=False, remedy=remedy)
            return
        openings = _openings(trail.rules)
        needed = "; ".join(f"{_attribute(name)}: {', '.join(v)}" for name, v in openings.items())
        text = f"the policy does not open action `{action}` for what the subject holds"
        written = f"policy version {shelved.version}"
        remedy = f"it opens for {needed}" if needed else ""
        self._add(Check.POLICY_RULE, text, held=False, written=written, remedy=remedy)

    def single_right(self, asked: Asked, right: Right | None) -> None:
        """A single right was looked for, because no rule of the policy applied."""
        if right is not None:
            text = f"the right to `{right.action}` on `{right.resource}` is given singly"
            self._add(Check.SINGLE_RIGHT, text, held=True)
        else:
            text = f"no single right on `{asked.resource}` is given"
            self._add(Check.SINGLE_RIGHT, text, held=False)

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
