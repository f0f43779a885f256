"""Delegations of a world file: given by a person who may, or refused.

Whether the person may give a single service is asked of its policy inside the unit of work, since
the roles that say so may have come with the same file.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING

from fullmakt.access.decisions.giving import actions_of, check_rights, opened_actions
from fullmakt.access.delegations import service as delegations
from fullmakt.access.delegations.model import Right
from fullmakt.access.policy.compile import CompiledPolicy
from fullmakt.access.policy.parse import parse_policy
from fullmakt.access.resources import service as resources
from fullmakt.access.resources.shelf import ShelvedPolicy

if TYPE_CHECKING:
    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.delegations.model import Openings
    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.storage.database import Reading, Work
    from fullmakt.run.testworld.worldfile.applying import Applying
    from fullmakt.run.testworld.worldfile.entries import DelegationEntry


def give(applying: Applying, entries: Iterable[DelegationEntry]) -> None:
    """Give what the entries say."""

    def key(entry: DelegationEntry) -> Hashable:
        return (entry.giver.digits, entry.receiver.digits, entry.given_by.digits)

    for path, entry in applying.each_new(
        "delegations", entries, applying.before.delegations, key=key
    ):
        giver = applying.party(f"{path}.from".lstrip("."), entry.giver)
        receiver = applying.party(path, entry.receiver)
        given_by = applying.party(f"{path}.givenBy".lstrip("."), entry.given_by)
        if giver is not None and receiver is not None and given_by is not None:
            _give_one(applying, path, entry, giver=giver, receiver=receiver, given_by=given_by)


def _give_one(
    applying: Applying,
    path: str,
    entry: DelegationEntry,
    *,
    giver: Party,
    receiver: Party,
    given_by: Party,
) -> None:
    work = applying.work
    if entry.packages:
        with applying.at(f"{path}.accessPackages".lstrip("."), sorted(entry.packages)):
            delegations.give_packages(
                work,
                applying.catalog,
                giver=giver,
                receiver=receiver,
                packages=entry.packages,
                given_by=given_by,
            )
    for resource in sorted(entry.resources):
        at = f"{path}.resources".lstrip(".")
        rights = rights_of(work, resource)
        refused = refused_actions(work, applying.catalog, resource, person=given_by, giver=giver)
        if not rights:
            applying.fault(at, resource, "is not a resource with a policy")
        elif refused:
            told = f"cannot be given by `{given_by.name}`, who may not give {', '.join(refused)}"
            applying.fault(at, resource, told)
        else:
            delegations.give_rights(
                work, giver=giver, receiver=receiver, rights=rights, given_by=given_by
            )


def rights_of(reading: Reading, resource: str) -> frozenset[Right]:
    """Every right that the policy of a resource knows; none where there is no policy."""
    shelved = _shelved(reading, resource)
    return frozenset(
        Right(resource, action) for action in (actions_of(shelved) if shelved is not None else ())
    )


def refused_actions(
    work: Work, catalog: Catalog, resource: str, *, person: Party, giver: Party
) -> list[str]:
    """The actions on a resource that a person may not give on for `giver`, as the work has it."""
    standing = delegations.get_standing(work, catalog, subject=person, party=giver)
    registered = resources.find_resource(work, resource)
    checks = check_rights(catalog, registered, _shelved(work, resource), standing)
    return [check.right.action for check in checks if not check.may_delegate]


def opened_in(work: Work, catalog: Catalog) -> Openings:
    """Which actions policies open to a relation, as the work has them now."""

    def opened(resource: str, *, role: str | None, packages: frozenset[str]) -> frozenset[str]:
        shelved = _shelved(work, resource)
        if shelved is None:
            return frozenset()
        return opened_actions(catalog, shelved, role=role, packages=packages)

    return opened


def _shelved(reading: Reading, identifier: str) -> ShelvedPolicy | None:
    resource = resources.find_resource(reading, identifier)
    policy = resources.find_policy(reading, identifier)
    if resource is None or policy is None:
        return None
    return ShelvedPolicy(
        resource_id=resource.id,
        identifier=identifier,
        owner=resource.owner,
        title=resource.title,
        compiled=CompiledPolicy(parse_policy(policy.document)),
        version=policy.version,
        sha256=policy.sha256,
        needs_access_list=False,  # who is on a list is asked when the right is used
    )
