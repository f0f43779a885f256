"""What a service owner does with the registry: each use case after who is asking has been checked.

A resource, its next version, and its policy belong to the organisation that the resource names; the
holder of the admin scope may do it for all. Source: Altinn's public documentation, resource
registry.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.resources import lists_service, rules, service
from fullmakt.access.resources.errors import (
    DeletionNotAllowed,
    IdentifiersDiffer,
    PolicyFileMissing,
    ResourceOfAnother,
    ResourceOfUploadUnknown,
)
from fullmakt.access.resources.scopes import ADMIN_SCOPE

if TYPE_CHECKING:
    from fullmakt.access.resources.model import NewResource, PolicyVersion, Resource
    from fullmakt.foundation.bearer.model import Caller
    from fullmakt.foundation.storage.database import Reading, Work
    from fullmakt.foundation.terms.numbers import OrganizationNumber

_TEST_PROFILE = "test"


def check_owner(caller: Caller, identifier: str, owner: OrganizationNumber) -> None:
    """Refuse a caller that neither owns the resource nor has the admin scope.

    Raises: ResourceOfAnother.
    """
    if ADMIN_SCOPE not in caller.scopes and caller.organization != owner:
        raise ResourceOfAnother(identifier, owner, caller)


def _check_prefixes(caller: Caller, new: NewResource) -> None:
    if ADMIN_SCOPE not in caller.scopes:
        given = caller.claims.get("consumer_prefix")
        prefixes = given if isinstance(given, list) else [given]
        rules.check_scope_prefixes(new, [each for each in prefixes if isinstance(each, str)])


def create_resource(work: Work, new: NewResource, *, caller: Caller) -> Resource:
    """Register a resource.

    Raises: InvalidInput, ResourceOfAnother, ScopesOfOthers, ResourceExists,
    IdentifierOfAnother.
    """
    rules.check_resource(new)
    check_owner(caller, new.identifier, new.owner)
    _check_prefixes(caller, new)
    return service.add_resource(work, new)


def get_replaceable(reading: Reading, identifier: str, *, named: str | None) -> Resource:
    """The resource that is to be replaced by one that names itself `named`.

    Raises: ResourceNotFound, IdentifiersDiffer.
    """
    standing = service.get_resource(reading, identifier)
    if named != identifier:
        raise IdentifiersDiffer
    return standing


def replace_resource(
    work: Work, standing: Resource, new: NewResource, *, caller: Caller
) -> Resource:
    """Let `new` be the next version of a resource.

    The caller owns it as it stands, and as it will stand: nobody takes over another's service.
    Raises: InvalidInput, ResourceOfAnother, ScopesOfOthers.
    """
    rules.check_resource(new)
    for owner in (standing.owner, new.owner):
        check_owner(caller, standing.identifier, owner)
    _check_prefixes(caller, new)
    return service.replace_resource(work, standing, new)


def delete_resource(work: Work, identifier: str, *, caller: Caller, profile: str) -> None:
    """Take a resource out of the registry; in test environments only.

    Raises: DeletionNotAllowed, ResourceNotFound, ResourceOfAnother.
    """
    if profile != _TEST_PROFILE:
        raise DeletionNotAllowed(profile)
    standing = service.get_resource(work, identifier)
    check_owner(caller, identifier, standing.owner)
    lists_service.disconnect_everywhere(work, standing)
    service.delete_resource(work, standing)


def upload_policy(
    work: Work, identifier: str, document: bytes | None, *, caller: Caller
) -> PolicyVersion:
    """Let an uploaded file be the policy of a resource.

    Raises: PolicyFileMissing, ResourceOfUploadUnknown, ResourceOfAnother, PolicyRefused,
    PolicyNamesNoResource, PolicyNamesOtherResource.
    """
    if not document:
        raise PolicyFileMissing
    resource = service.find_resource(work, identifier)
    if resource is None:
        raise ResourceOfUploadUnknown
    check_owner(caller, identifier, resource.owner)
    return service.set_policy(work, resource, document)
