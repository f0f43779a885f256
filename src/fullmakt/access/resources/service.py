"""The resource registry: registering services, publishing their policies, keeping them at hand.

`PolicyShelf` is for decisions: a policy is compiled once and kept until somebody says it changed.
Who says so is `access/decisions`, which reads the events before each decision.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from fullmakt.access.policy.compile import CompiledPolicy, compile_policy
from fullmakt.access.policy.original import as_judged
from fullmakt.access.policy.parse import parse_policy
from fullmakt.access.policy.semantics import STANDARD, Semantics
from fullmakt.access.policy.write import PlainRule, write_policy
from fullmakt.access.resources import store
from fullmakt.access.resources.errors import (
    NoSubjects,
    PolicyNotFound,
    ResourceExists,
    ResourceNotFound,
    ResourceOfPolicyNotFound,
)
from fullmakt.access.resources.rules import (
    check_policy_is_about,
    check_resource,
    combinations_of,
    is_identifier,
    subjects_of,
)
from fullmakt.foundation.storage.model import Aspect, Change, Touch
from fullmakt.foundation.terms.numbers import OrganizationNumber

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fullmakt.access.resources.model import NewResource, PolicyVersion, Resource
    from fullmakt.access.resources.rules import RuleAttribute, RuleCombination
    from fullmakt.foundation.storage.database import Database, Reading, Work
    from fullmakt.foundation.terms.text import LocalizedText


def find_resource(reading: Reading, identifier: str) -> Resource | None:
    """The resource with this identifier, whatever its type."""
    return store.find_resource(reading, identifier) if is_identifier(identifier) else None


def get_resource(reading: Reading, identifier: str) -> Resource:
    """The resource with this identifier. Raises: ResourceNotFound."""
    resource = find_resource(reading, identifier)
    if resource is None:
        message = f"there is no resource `{identifier}`"
        raise ResourceNotFound(message)
    return resource


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


def list_rules(reading: Reading, identifier: str) -> list[RuleCombination]:
    """The rules of the resource's policy, laid flat.

    Raises: ResourceOfPolicyNotFound, PolicyNotFound.
    """
    return list(combinations_of(parse_policy(get_policy(reading, identifier).document)))


def list_subjects(reading: Reading, identifier: str) -> list[RuleAttribute]:
    """The subjects that the resource's policy lets in.

    Raises: ResourceOfPolicyNotFound, PolicyNotFound, NoSubjects.
    """
    subjects = subjects_of(parse_policy(get_policy(reading, identifier).document))
    if not subjects:
        message = f"the policy of `{identifier}` names no subject"
        raise NoSubjects(message)
    return list(subjects)


def add_resource(work: Work, new: NewResource) -> Resource:
    """Register a resource; it opens nothing before it has a policy.

    Raises: InvalidInput, ResourceExists.
    """
    check_resource(new)
    if store.find_resource(work, new.identifier) is not None:
        raise ResourceExists(new.identifier)
    resource = store.add_resource(work, new)
    work.record(
        Change(
            "resource-registered",
            {"resource": new.identifier, "owner": new.owner.digits},
            (Touch(resource.id, Aspect.POLICY),),
        )
    )
    return resource


def set_policy(work: Work, resource: Resource, xml: bytes) -> PolicyVersion:
    """Let `xml` be the policy of `resource` from this revision on.

    The document that stands already, byte for byte, changes nothing.
    Raises: PolicyRefused, PolicyNamesNoResource, PolicyNamesOtherResource.
    """
    check_policy_is_about(parse_policy(xml), resource.identifier)
    digest = sha256(xml).hexdigest()
    standing = store.find_policy(work, resource)
    if standing is not None:
        if standing.sha256 == digest:
            return standing
        store.end_policy(work, standing)
    policy = store.add_policy(work, resource, document=xml, sha256=digest)
    work.record(
        Change(
            "policy-published",
            {"resource": resource.identifier, "version": policy.version, "sha256": digest},
            (Touch(resource.id, Aspect.POLICY),),
        )
    )
    return policy


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


@dataclass(frozen=True, slots=True)
class ShelvedPolicy:
    """One resource and its policy, ready to be asked. `resource_id` is the inner id."""

    resource_id: int
    identifier: str
    owner: OrganizationNumber
    title: LocalizedText
    compiled: CompiledPolicy
    version: int
    sha256: str


class PolicyShelf:
    """Keeps compiled policies by their resource's identifier.

    Identifiers without a policy are not kept, so asking about many of them fills nothing.
    """

    def __init__(self, database: Database, semantics: Semantics = STANDARD) -> None:
        self._database = database
        self._semantics = semantics
        self._statement = database.text_of(store.shelf_statement())
        self._kept: dict[str, ShelvedPolicy] = {}
        self._identifiers: dict[int, str] = {}
        self._forgotten = 0
        self._lock = threading.Lock()

    def get(self, identifier: str) -> ShelvedPolicy | None:
        """The policy that stands for this resource, or None when there is none."""
        kept = self._kept.get(identifier)
        return self._load(identifier) if kept is None else kept

    def _load(self, identifier: str) -> ShelvedPolicy | None:
        if not is_identifier(identifier):
            return None
        forgotten = self._forgotten
        rows = self._database.ask(self._statement, {"identifier": identifier})
        if not rows:
            return None
        resource_id, owner, details, version, digest, xml = rows[0]
        loaded = ShelvedPolicy(
            resource_id=resource_id,
            identifier=identifier,
            owner=OrganizationNumber(owner),
            title=store.title_of(details),
            compiled=compile_policy(as_judged(parse_policy(xml.encode()), self._semantics)),
            version=version,
            sha256=digest,
        )
        with self._lock:
            # INVARIANT: what was read before somebody forgot may be what they forgot: not kept.
            if forgotten == self._forgotten:
                self._kept[identifier] = loaded
                self._identifiers[resource_id] = identifier
        return loaded

    def forget(self, resource_id: int) -> None:
        """Load the policy of this resource anew when it is next asked for."""
        with self._lock:
            self._forgotten += 1
            identifier = self._identifiers.pop(resource_id, None)
            if identifier is not None:
                self._kept.pop(identifier, None)

    def clear(self) -> None:
        """Load every policy anew when it is next asked for."""
        with self._lock:
            self._forgotten += 1
            self._kept.clear()
            self._identifiers.clear()
