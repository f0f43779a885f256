"""Giving packages and single rights, taking them back, and what was given or linked.

Who may give what is checked here against what the giver holds; who may ask is checked by the rooms
above.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.catalog.rules import check_recipient
from fullmakt.access.delegations import (
    agent_store,
    between_store,
    pairs_store,
    rules,
    store,
)
from fullmakt.access.delegations.errors import NotGiven, PackageNotDelegable
from fullmakt.access.delegations.rules import ENTITY_TYPES
from fullmakt.access.delegations.standing_store import find_standing
from fullmakt.access.delegations.standings import Key, Reference
from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import RIGHT_HOLDER
from fullmakt.foundation.storage.model import Aspect, Change, Touch

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.delegations.model import (
        Client,
        Fact,
        Grant,
        Link,
        PackageCheck,
        Right,
    )
    from fullmakt.access.delegations.pages import Page, Paged
    from fullmakt.access.delegations.standings import Standing, Unregistered
    from fullmakt.access.parties.model import Assignment, Party
    from fullmakt.foundation.storage.database import Reading, Work


def list_clients(reading: Reading, catalog: Catalog, facilitator: Party) -> list[Client]:
    """The clients of `facilitator`, with every relation that makes them so, by name."""
    roles = parties.list_roles_held(reading, facilitator)
    grants = store.list_grants_to(reading, facilitator, RIGHT_HOLDER)
    return rules.clients_of(catalog, roles, grants, at=reading.now)


def find_client(
    reading: Reading, catalog: Catalog, facilitator: Party, party: Party
) -> Client | None:
    """As `list_clients`, of one party alone."""
    roles = parties.list_roles_between(reading, party, facilitator)
    grants = [
        grant
        for held in roles
        if held.assignment.role == RIGHT_HOLDER
        for grant in store.list_grants(reading, held.assignment)
    ]
    return next(iter(rules.clients_of(catalog, roles, grants, at=reading.now)), None)


def list_linked_clients(reading: Reading, agent: Party) -> list[Party]:
    """The clients an agent system user may act for now: linked, and the basis stands; by name."""
    inner_ids = {link.client for link in list_links(reading, agent)}
    clients = parties.get_by_inner_ids(reading, inner_ids)
    return sorted(clients.values(), key=lambda client: (client.name, client.id))


def list_links(reading: Reading, agent: Party) -> list[Link]:
    """The links of an agent whose basis and agent relation stand."""
    return [each.link for each in agent_store.list_standing(reading, agent=agent)]


def find_beginning(reading: Reading, fact: Fact, inner_id: int) -> int | None:
    """The revision that opened what access rests on."""
    return store.find_beginning(reading, fact, inner_id)


def link_removed_at(reading: Reading, *, agent: int, client: int) -> int | None:
    """The revision that removed the last link between the two (by inner ids)."""
    link = store.find_last_ended_link(reading, agent, client)
    return None if link is None else link.ended


def get_standing(
    reading: Reading, catalog: Catalog, *, subject: Party, party: Party
) -> Standing | Unregistered:
    """What `subject` holds towards `party`, as this unit of work sees it."""
    return find_standing(
        reading,
        Reference(Key.UUID, str(subject.uuid)),
        Reference(Key.UUID, str(party.uuid)),
        key_roles=catalog.key_roles,
    )


def list_reached(reading: Reading, catalog: Catalog, subject: Party, page: Page) -> Paged[Standing]:
    """What `subject` may have of others, by party.

    A page is of main parties, in order of inner id, each followed by its sub-units: whoever gave
    something to the subject or to one it acts through, and the clients it is linked to.
    """
    return pairs_store.list_reached(reading, subject.id, key_roles=catalog.key_roles, page=page)


def list_holders(reading: Reading, catalog: Catalog, party: Party, page: Page) -> Paged[Standing]:
    """What others may have of `party`, by subject, in order of inner id."""
    return pairs_store.list_holders(reading, party.id, key_roles=catalog.key_roles, page=page)


def list_everywhere(
    reading: Reading, catalog: Catalog, subject: Party, page: Page
) -> Paged[Standing]:
    """As `list_reached`, towards every party there is."""
    return between_store.list_everywhere(
        reading, subject.id, key_roles=catalog.key_roles, page=page
    )


def list_between(
    reading: Reading, catalog: Catalog, subjects: Sequence[int], parties: Sequence[int]
) -> list[Standing]:
    """What each subject has of each party (inner ids), which may be nothing; by party."""
    return between_store.list_between(reading, subjects, parties, key_roles=catalog.key_roles)


def list_pairs(
    reading: Reading, catalog: Catalog, pairs: Iterable[tuple[int, int]]
) -> list[Standing]:
    """What the first of each pair (of inner ids) has of the second, which may be nothing."""
    subjects: dict[int, set[int]] = {}
    for subject, party in pairs:
        subjects.setdefault(party, set()).add(subject)
    alike: dict[frozenset[int], list[int]] = {}
    for party, asking in subjects.items():
        alike.setdefault(frozenset(asking), []).append(party)
    found: list[Standing] = []
    for each, those in alike.items():
        found += list_between(reading, catalog, sorted(each), sorted(those))
    return found


def list_own(reading: Reading, catalog: Catalog, parties: Sequence[int]) -> list[Standing]:
    """What each party (at most 400 inner ids) has of itself."""
    return between_store.list_own(reading, parties, key_roles=catalog.key_roles)


def check_packages(
    reading: Reading, catalog: Catalog, *, person: Party, giver: Party, packages: Iterable[str]
) -> list[PackageCheck]:
    """Whether `person` may give each package on for `giver`, with the reason."""
    standing = get_standing(reading, catalog, subject=person, party=giver)
    giver_type = ENTITY_TYPES[giver.kind]
    return rules.check_packages(catalog, standing, packages, giver_type=giver_type)


def give_packages(
    work: Work,
    catalog: Catalog,
    *,
    giver: Party,
    receiver: Party,
    packages: frozenset[str],
    given_by: Party,
) -> list[Grant]:
    """Give packages from a party to an organisation or a person, as somebody who may.

    Idempotent. Raises: PackageNotDelegable naming each package and why.
    """
    checks = check_packages(work, catalog, person=given_by, giver=giver, packages=sorted(packages))
    refused = [f"`{check.package}` ({check.reason})" for check in checks if not check.may_delegate]
    if refused:
        message = f"`{given_by.name}` may not give {', '.join(refused)} for `{giver.name}`"
        raise PackageNotDelegable(message)
    _check_receiver(catalog, giver, receiver, packages)
    return _give(work, giver, receiver, packages=packages, rights=frozenset(), given_by=given_by)


def _check_receiver(
    catalog: Catalog, giver: Party, receiver: Party, packages: Iterable[str]
) -> None:
    for name in sorted(packages):
        check = check_recipient(
            catalog.package(name),
            giver_type=ENTITY_TYPES[giver.kind],
            recipient_type=ENTITY_TYPES[receiver.kind],
        )
        if not check.permitted:
            message = f"`{name}` cannot go to `{receiver.name}`: {check.outcome.value}"
            raise PackageNotDelegable(message)


def give_rights(
    work: Work, *, giver: Party, receiver: Party, rights: frozenset[Right], given_by: Party
) -> list[Grant]:
    """Give single rights; that `given_by` may is checked before, against the resource's policy."""
    return _give(work, giver, receiver, packages=frozenset(), rights=rights, given_by=given_by)


def give_to_system_user(
    work: Work,
    *,
    owner: Party,
    system_user: Party,
    packages: frozenset[str],
    rights: frozenset[Right],
    given_by: Party,
) -> list[Grant]:
    """Give a standard system user what it was approved with; the check is made before."""
    return _give(work, owner, system_user, packages=packages, rights=rights, given_by=given_by)


def _give(
    work: Work,
    giver: Party,
    receiver: Party,
    *,
    packages: frozenset[str],
    rights: frozenset[Right],
    given_by: Party,
) -> list[Grant]:
    assignment = parties.ensure_right_holder(work, giver=giver, holder=receiver)
    has = store.list_grants(work, assignment)
    held_packages, held_rights = {each.package for each in has}, {each.right for each in has}
    made = [
        store.add_package(work, assignment, package, given_by=given_by)
        for package in sorted(packages - held_packages)
    ]
    made += [
        store.add_right(work, assignment, right, given_by=given_by)
        for right in sorted(rights - held_rights)
    ]
    if made:
        work.record(_grant_change("access-given", giver, receiver, made, by=given_by))
    return store.list_grants(work, assignment)


def withdraw(
    work: Work,
    *,
    giver: Party,
    receiver: Party,
    packages: frozenset[str],
    rights: frozenset[Right],
    withdrawn_by: Party,
) -> list[Grant]:
    """Take back what was given.

    Links that rest on it fall. Raises: NotGiven naming what was not there.
    """
    assignment = parties.find_assignment(work, giver, receiver, RIGHT_HOLDER)
    has = [] if assignment is None else store.list_grants(work, assignment)
    ended = [each for each in has if each.package in packages or each.right in rights]
    missing = packages - {each.package for each in ended}
    missing_rights = rights - {each.right for each in ended}
    if missing or missing_rights:
        names = [*sorted(missing), *(f"{r.resource} {r.action}" for r in sorted(missing_rights))]
        message = f"`{giver.name}` has not given `{receiver.name}` `{', '.join(names)}`"
        raise NotGiven(message)
    for grant in ended:
        store.end_grant(work, grant)
    if ended:
        work.record(_grant_change("access-withdrawn", giver, receiver, ended, by=withdrawn_by))
    return ended


def _grant_change(
    kind: str, giver: Party, receiver: Party, grants: Iterable[Grant], *, by: Party
) -> Change:
    given = list(grants)
    facts = {
        "from": str(giver.uuid),
        "to": str(receiver.uuid),
        "packages": [grant.package for grant in given if grant.package],
        "rights": [f"{g.right.resource}:{g.right.action}" for g in given if g.right],
        "by": str(by.uuid),
    }
    return Change(kind, facts, (Touch(giver.id, Aspect.GIVEN),))


def list_links_on(reading: Reading, basis: Assignment) -> list[Link]:
    """The open links that rest on an assignment, whether or not they stand."""
    return store.list_links_on(reading, basis)


def list_given(reading: Reading, assignment: Assignment) -> list[Grant]:
    """What was given on one assignment."""
    return store.list_grants(reading, assignment)


def list_all_given(reading: Reading) -> list[tuple[Grant, int]]:
    """Every open grant with the inner id of who gave it, in the order they were given."""
    found = store.list_all_grants(reading)
    givers = store.list_givers(reading, (grant.id for grant in found))
    return [(grant, givers[grant.id]) for grant in found]
