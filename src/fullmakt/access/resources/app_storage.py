"""Apps that nobody registered: the registry asks app storage, and shows each as a resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from fullmakt.access.parties import service as parties
from fullmakt.access.resources.model import Resource, ResourceReference, ResourceType
from fullmakt.access.resources.service import find_resource
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.text import LocalizedText

if TYPE_CHECKING:
    from fullmakt.foundation.storage.database import Reading


class StoredApp(Protocol):
    """What is known of an app."""

    @property
    def org(self) -> str:
        """The short name of its service owner."""
        ...

    @property
    def name(self) -> str:
        """The app's own name."""
        ...


class AppStorage(Protocol):
    """Where apps are kept."""

    def find(self, org: str, name: str) -> StoredApp | None:
        """The app that answers under `/{org}/{name}`."""
        ...


def find_app_resource(reading: Reading, apps: AppStorage, identifier: str) -> Resource | None:
    """The resource of an app that is stored and not registered; None for all others.

    An app whose owner is not registered as a service owner is not shown.
    """
    named = urns.app_of_resource(identifier)
    if named is None or find_resource(reading, identifier) is not None:
        return None
    app = apps.find(*named)
    owner = None if app is None else parties.find_service_owner(reading, app.org)
    if app is None or owner is None or owner.number is None:
        return None
    is_migrated = "_a1-" in identifier or "_a2-" in identifier
    return Resource(
        identifier=urns.app_resource(app.org, app.name),
        resource_type=ResourceType.MIGRATED_APP if is_migrated else ResourceType.ALTINN_APP,
        owner=owner.number,
        owner_code=app.org,
        owner_name=LocalizedText(owner.name, owner.name, owner.name),
        title=LocalizedText(app.name, app.name, app.name),
        references=(ResourceReference("Altinn3", f"{app.org}/{app.name}", "ApplicationId"),),
    )
