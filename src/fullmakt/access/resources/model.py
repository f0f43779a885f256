"""Resources: the services that rights are about, and the versions of their policies.

What a policy means is `access/policy`; who gets in by one is `access/decisions`.
Source: Altinn's public documentation, resource registry.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.text import LocalizedText


class ResourceType(StrEnum):
    """What kind of service a resource is."""

    DEFAULT = "Default"
    SYSTEM_RESOURCE = "Systemresource"
    MASKINPORTEN_SCHEMA = "MaskinportenSchema"
    ALTINN_2_SERVICE = "Altinn2Service"
    ALTINN_APP = "AltinnApp"
    GENERIC_ACCESS_RESOURCE = "GenericAccessResource"
    BROKER_SERVICE = "BrokerService"
    CORRESPONDENCE_SERVICE = "CorrespondenceService"
    CONSENT = "Consent"
    MIGRATED_APP = "MigratedApp"


APP_TYPES = frozenset({ResourceType.ALTINN_APP, ResourceType.MIGRATED_APP})


@dataclass(frozen=True, slots=True)
class ResourceReference:
    """Where else the service is known: `("Altinn3", "skd/mva-melding", "ApplicationId")`."""

    source: str
    reference: str
    reference_type: str


@dataclass(frozen=True, slots=True)
class ContactPoint:
    """Where the owner answers questions; parts may be empty."""

    category: str
    email: str
    telephone: str
    contact_page: str


@dataclass(frozen=True, slots=True)
class AuthorizationAttribute:
    """One attribute that the decision point is asked with, when it is asked about a resource."""

    id: str
    value: str


@dataclass(frozen=True, slots=True)
class NewResource:
    """A resource to register. `owner_code` is the owner's short name, as `skd`."""

    identifier: str
    resource_type: ResourceType
    owner: OrganizationNumber
    owner_code: str
    title: LocalizedText
    description: LocalizedText | None = None
    right_description: LocalizedText | None = None
    owner_name: LocalizedText | None = None
    is_delegable: bool = True
    is_visible: bool = True
    contact_points: tuple[ContactPoint, ...] = ()
    references: tuple[ResourceReference, ...] = ()


@dataclass(frozen=True, slots=True)
class Resource(NewResource):
    """One registered resource.

    `id` is the inner id and never leaves the house; `version_id` grows with each stored version.
    """

    id: int = 0
    version_id: int = 0

    @property
    def is_app(self) -> bool:
        """Whether the resource is an app."""
        return self.resource_type in APP_TYPES

    @property
    def authorization_reference(self) -> tuple[AuthorizationAttribute, ...]:
        """What a decision about the resource is asked with: an app by its owner and name."""
        app = urns.app_of_resource(self.identifier) if self.is_app else None
        if app is None:
            return (AuthorizationAttribute(urns.RESOURCE, self.identifier),)
        return (
            AuthorizationAttribute(urns.SERVICE_OWNER, app[0]),
            AuthorizationAttribute(urns.APP, app[1]),
        )


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    """One version of a resource's policy: the document, and the revisions it stood between."""

    id: int
    resource_id: int
    version: int
    sha256: str
    document: bytes
    began: int
    ended: int | None
