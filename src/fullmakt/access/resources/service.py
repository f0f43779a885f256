"""The resource registry: registering services, publishing their policies, reading them back.

Compiled policies for decisions are on the `shelf`; access lists are `lists_service`.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from fullmakt.access.policy.compile import compile_policy
from fullmakt.access.policy.parse import parse_policy
from fullmakt.access.policy.write import PlainRule, write_policy
from fullmakt.access.resources import changes_store, store
from fullmakt.access.resources.errors import (
    IdentifierOfAnother,
    NoSubjects,
    PolicyNotFound,
    ResourceExists,
    ResourceNotFound,
    ResourceOfPolicyNotFound,
)
from fullmakt.access.resources.flat_rules import (
    combinations_of,
    registry_rights_of,
    rights_of,
    subjects_by_urn,
)
from fullmakt.access.resources.rules import check_policy_is_about, check_resource, is_identifier
from fullmakt.foundation.storage.model import Aspect, Change, Touch

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fullmakt.access.policy.model import Policy
    from fullmakt.access.resources.flat_rules import (
        PolicyRight,
        RegistryRight,
        RuleAttribute,
        RuleCombination,
    )
    from fullmakt.access.resources.model import NewResource, PolicyVersion, Resource
    from fullmakt.foundation.storage.database import Reading, Work


def find_resource(reading: Reading, identifier: str) -> Resource | None:
    """The resource with this identifier, whatever its type."""
    return store.find_resource(reading, identifier) if is_identifier(identifier) else None


def get_resource(reading: Reading, identifier: str, *, version_id: int | None = None) -> Resource:
    """The resource with this identifier, in one version or the latest. Raises: ResourceNotFound."""
    resource = find_resource(reading, identifier)
    if resource is None:
        message = f"there is no resource `{identifier}`"
        raise ResourceNotFound(message)
    if version_id is None or version_id == resource.version_id:
        return resource
    earlier = store.find_resource_version(reading, identifier, version_id)
    if earlier is None:
        message = f"resource `{identifier}` has no version `{version_id}`"
        raise ResourceNotFound(message)
    return earlier


def list_resources(reading: Reading) -> list[Resource]:
    """Every resource, in the order they were registered."""
    return store.list_resources(reading)


def find_policy(reading: Reading, identifier: str) -> PolicyVersion | None:
    """The policy that stands for this resource; None for a resource that is not known, too."""
    resource = find_resource(reading, identifier)
    return None if resource is None else store.find_policy(reading, resource)


def get_policy(reading: Reading, identifier: str) -> PolicyVersion:
    """The policy that stands for this resource.

    Raises: ResourceOfPolicyNotFound, PolicyNotFound.
    """
    resource = find_resource(reading, identifier)
    if resource is None:
        raise ResourceOfPolicyNotFound
    policy = store.find_policy(reading, resource)
    if policy is None:
        raise PolicyNotFound
    return policy


def _standing_policy(reading: Reading, identifier: str) -> Policy:
    return parse_policy(get_policy(reading, identifier).document)


def list_rules(reading: Reading, identifier: str) -> list[RuleCombination]:
    """The rules of the resource's policy, laid flat.

    Raises: ResourceOfPolicyNotFound, PolicyNotFound.
    """
    return list(combinations_of(_standing_policy(reading, identifier)))


def list_rights(reading: Reading, identifier: str) -> list[PolicyRight]:
    """The rights that the resource's policy opens, and for whom.

    Raises: ResourceOfPolicyNotFound, PolicyNotFound.
    """
    return list(rights_of(_standing_policy(reading, identifier)))


def list_registry_rights(
    reading: Reading, identifier: str, *, include_service_owner: bool, include_apps: bool
) -> list[RegistryRight]:
    """The rights that end users can have by the resource's policy, and others as asked for.

    Raises: ResourceOfPolicyNotFound, PolicyNotFound.
    """
    policy = _standing_policy(reading, identifier)
    found = registry_rights_of(
        policy, include_service_owner=include_service_owner, include_apps=include_apps
    )
    return list(found)


def list_subjects(reading: Reading, identifier: str) -> list[RuleAttribute]:
    """The subjects that the resource's policy lets in.

    Raises: ResourceOfPolicyNotFound, PolicyNotFound, NoSubjects.
    """
    subjects = subjects_by_urn(_standing_policy(reading, identifier))
    if not subjects:
        message = f"the policy of `{identifier}` names no subject"
        raise NoSubjects(message)
    return list(subjects.values())


def add_resource(work: Work, new: NewResource) -> Resource:
    """Register a resource; it opens nothing before it has a policy.

    Raises: InvalidInput, ResourceExists, IdentifierOfAnother.
    """
    check_resource(new)
    if store.find_resource(work, new.identifier) is not None:
        raise ResourceExists(new.identifier)
    # INVARIANT: single rights name a resource by its identifier, and outlive it.
    before = store.find_last_owner(work, new.identifier)
    if before is not None and before != new.owner:
        raise IdentifierOfAnother(new.identifier, before)
    resource = store.add_resource(work, new)
    _record(work, "resource-registered", resource, {"owner": new.owner.digits})
    return resource


def replace_resource(work: Work, resource: Resource, new: NewResource) -> Resource:
    """Let `new` be the next version of `resource`. Raises: InvalidInput."""
    check_resource(new)
    replaced = store.replace_resource(work, resource, new)
    _record(work, "resource-replaced", replaced, {"owner": new.owner.digits})
    return replaced


def delete_resource(work: Work, resource: Resource) -> None:
    """Take `resource` out of the registry, with its policy: it opens nothing any more.

    The identifier is free again for the same owner; what takes it has no policy yet.
    """
    policy = store.find_policy(work, resource)
    if policy is not None:
        store.end_policy(work, policy)
    changes_store.replace_subjects(work, resource.identifier, {})
    store.end_resource(work, resource)
    _record(work, "resource-deleted", resource, {})


def set_policy(work: Work, resource: Resource, xml: bytes) -> PolicyVersion:
    """Let `xml` be the policy of `resource` from this revision on.

    The document that stands already, byte for byte, changes nothing.
    Raises: PolicyRefused, PolicyNamesNoResource, PolicyNamesOtherResource.
    """
    policy = parse_policy(xml)
    check_policy_is_about(policy, resource.identifier)
    compile_policy(policy)
    digest = sha256(xml).hexdigest()
    standing = store.find_policy(work, resource)
    if standing is not None:
        if standing.sha256 == digest:
            return standing
        store.end_policy(work, standing)
    added = store.add_policy(work, resource, document=xml, sha256=digest)
    subjects = subjects_by_urn(policy)
    named = {urn: (subject.id, subject.value) for urn, subject in subjects.items()}
    changes_store.replace_subjects(work, resource.identifier, named)
    _record(work, "policy-published", resource, {"version": added.version, "sha256": digest})
    return added


def _record(work: Work, kind: str, resource: Resource, facts: Mapping[str, object]) -> None:
    changes_store.add_change(work, resource.identifier)
    touches = (Touch(resource.id, Aspect.POLICY),)
    work.record(Change(kind, {"resource": resource.identifier, **facts}, touches))


def default_policy(
    identifier: str,
    *,
    roles: Sequence[str],
    packages: Sequence[str],
    actions: Sequence[str],
    minimum_level: int,
) -> bytes:
    """A policy where whoever has one of the roles or packages may do each of the actions.

    Roles are role codes (`dagl`), packages names or URNs; `minimum_level` is the level of login
    that a permit asks for.
    """
    rule = PlainRule(actions=actions, roles=roles, packages=packages)
    return write_policy(identifier, [rule], minimum_level=minimum_level)
