"""What somebody may give on: the same walk, over what may be passed on instead of what may be used.

A package or a role opens a right for its holder; only one that comes with the right to delegate
opens it for somebody else too. Pure: the policy and the standing are given. Source: Altinn's public
documentation, delegation check for resources.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fullmakt.access.catalog.model import ALTINN_ROLE, GUARDIANSHIP_ROLE, REGISTER_ROLE
from fullmakt.access.decisions import walk
from fullmakt.access.decisions.asking import Asked, Asker, Kind
from fullmakt.access.decisions.model import Outcome
from fullmakt.access.decisions.rules import (
    Holdings,
    basis_entries,
    merged_roles,
    rights_held,
    role_entries,
)
from fullmakt.access.decisions.walk import is_opened
from fullmakt.access.delegations.model import Right, RightCheck
from fullmakt.access.delegations.rules import ENTITY_TYPES, packages_given_on, roles_given_on
from fullmakt.access.delegations.standings import Key, Reference, Standing
from fullmakt.access.policy import names
from fullmakt.access.policy.request import StringBag
from fullmakt.access.resources.model import ResourceType
from fullmakt.foundation.terms import urns

if TYPE_CHECKING:
    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.delegations.standings import Unregistered
    from fullmakt.access.policy.request import AttributeName, Entry
    from fullmakt.access.resources.lists_model import Admission
    from fullmakt.access.resources.model import Resource
    from fullmakt.access.resources.shelf import ShelvedPolicy

ROLE_ACCESS, PACKAGE_ACCESS, DELEGATION_ACCESS = "RoleAccess", "PackageAccess", "DelegationAccess"
MISSING_ROLE, MISSING_PACKAGE = "MissingRoleAccess", "MissingPackageAccess"
MISSING_DELEGATION = "MissingDelegationAccess"
LIST_FAILS = "AccessListValidationFail"
NOT_DELEGABLE, IS_SCHEMA = "ResourceNotDelegable", "ResourceIsMaskinPortenSchema"


def given_on(catalog: Catalog, standing: Standing) -> Holdings:
    """What the subject of `standing` may give on for its party, as the walk takes it."""
    giver_type = ENTITY_TYPES[standing.party.kind]
    packages = packages_given_on(catalog, standing, giver_type=giver_type)
    entries: dict[AttributeName, Entry] = {
        **role_entries(merged_roles(catalog, roles_given_on(catalog, standing)))
    }
    entries[names.SUBJECT, names.ACCESS_PACKAGE] = StringBag(sorted(packages))
    return Holdings(
        standing=standing,
        entries=entries,
        packages=packages,
        rights=rights_held(catalog, standing),
        conditional=(),
    )


def check_rights(
    catalog: Catalog,
    resource: Resource | None,
    shelved: ShelvedPolicy | None,
    standing: Standing | Unregistered,
    *,
    admission: Admission | None = None,
) -> list[RightCheck]:
    """Whether the subject may give each right of a resource on, by action, with a reason code.

    None for a resource that is not registered or has no policy. `admission` is how the party stands
    to the access lists of a resource that has them.
    """
    if resource is None or shelved is None:
        return []
    held = given_on(catalog, standing) if isinstance(standing, Standing) else None
    checks = []
    for action in actions_of(shelved):
        reason = _refused_for_all(resource) or _reason(
            resource.identifier, action, shelved, held, admission
        )
        may_delegate = reason in {ROLE_ACCESS, PACKAGE_ACCESS, DELEGATION_ACCESS}
        checks.append(RightCheck(Right(resource.identifier, action), may_delegate, reason))
    return checks


def actions_of(shelved: ShelvedPolicy) -> list[str]:
    """The actions that the resource's policy knows, in order of name."""
    return sorted({action for each in shelved.compiled.outlines for action in each.actions or ()})


def opened_actions(
    catalog: Catalog, shelved: ShelvedPolicy, *, role: str | None, packages: frozenset[str]
) -> frozenset[str]:
    """The actions that the policy opens to whoever has `role` (a code) and all of `packages`."""
    relation = basis_entries(catalog, role=role, packages=packages)
    return frozenset(
        action
        for action in actions_of(shelved)
        if is_opened(shelved, {**question_entries(shelved.identifier, action), **relation})
    )


def _refused_for_all(resource: Resource) -> str:
    if resource.resource_type is ResourceType.MASKINPORTEN_SCHEMA:
        return IS_SCHEMA
    return "" if resource.is_delegable else NOT_DELEGABLE


def _reason(
    resource: str,
    action: str,
    shelved: ShelvedPolicy,
    held: Holdings | None,
    admission: Admission | None,
) -> str:
    if held is None:
        return _missing(shelved)
    subject = Asker(Kind.PERSON, Reference(Key.UUID, str(held.standing.subject.uuid)))
    party = Reference(Key.UUID, str(held.standing.party.uuid))
    asked = Asked(subject, (action,), resource, party, question_entries(resource, action))
    answer = walk.decide(asked, shelved, held, admission=admission)
    if answer.outcome is Outcome.DENY and answer.evaluation is None:
        # INVARIANT: a refusal that is not the policy's own is that of the access lists.
        return LIST_FAILS
    if answer.outcome is not Outcome.PERMIT:
        return _missing(shelved)
    if Right(resource, action) in held.rights:
        return DELEGATION_ACCESS
    by_role = {name: bag for name, bag in held.entries.items() if name != _PACKAGES}
    without = replace(held, entries=by_role, packages=frozenset(), rights=frozenset())
    by_role_alone = walk.decide(asked, shelved, without, admission=admission)
    is_by_role = by_role_alone.outcome is Outcome.PERMIT
    return ROLE_ACCESS if is_by_role else PACKAGE_ACCESS


_ROLES = frozenset({names.ROLE_CODE, ALTINN_ROLE, REGISTER_ROLE, GUARDIANSHIP_ROLE})
_PACKAGES = (names.SUBJECT, names.ACCESS_PACKAGE)


def _missing(shelved: ShelvedPolicy) -> str:
    asked_for = shelved.compiled.subject_attributes
    if urns.ACCESS_PACKAGE in asked_for:
        return MISSING_PACKAGE
    return MISSING_DELEGATION if asked_for.isdisjoint(_ROLES) else MISSING_ROLE


def question_entries(resource: str, action: str) -> dict[AttributeName, Entry]:
    """The attributes of action and resource in a question of our own rooms."""
    entries: dict[AttributeName, Entry] = {
        (names.ACTION, names.ACTION_ID): action,
        (names.RESOURCE, urns.RESOURCE): resource,
    }
    app = urns.app_of_resource(resource)
    if app is not None:
        entries[(names.RESOURCE, urns.SERVICE_OWNER)], entries[(names.RESOURCE, urns.APP)] = app
    return entries
