"""Resources: the services that rights are about, and the versions of their policies.

What a policy means is `access/policy`; who gets in by one is `access/decisions`.
Source: Altinn's public documentation, resource registry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.text import LocalizedText


class AccessListMode(StrEnum):
    """Whether a party must be on an access list of the resource, besides what the policy asks."""

    DISABLED = "Disabled"
    ENABLED = "Enabled"


class PartyType(StrEnum):
    """A kind of party that a service is for."""

    PRIVATE_PERSON = "PrivatePerson"
    LEGAL_ENTITY = "LegalEntityEnterprise"
    COMPANY = "Company"
    BANKRUPTCY_ESTATE = "BankruptcyEstate"
    SELF_REGISTERED_USER = "SelfRegisteredUser"


class ReferenceSource(StrEnum):
    """The place where a service is known by another name."""

    DEFAULT = "Default"
    ALTINN_1 = "Altinn1"
    ALTINN_2 = "Altinn2"
    ALTINN_3 = "Altinn3"
    EXTERNAL_PLATFORM = "ExternalPlatform"


class ReferenceType(StrEnum):
    """What kind of name a reference is."""

    DEFAULT = "Default"
    URI = "Uri"
    DELEGATION_SCHEME_ID = "DelegationSchemeId"
    MASKINPORTEN_SCOPE = "MaskinportenScope"
    SERVICE_CODE = "ServiceCode"
    SERVICE_EDITION_CODE = "ServiceEditionCode"
    APPLICATION_ID = "ApplicationId"
    SERVICE_EDITION_VERSION = "ServiceEditionVersion"


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
class Keyword:
    """A word that people look for the service by. `language` is `nb`, `nn` or `en`."""

    word: str
    language: str


@dataclass(frozen=True, slots=True)
class Consent:
    """What a consent to the service says. Of consent resources only."""

    template: str | None = None
    text: LocalizedText | None = None
    metadata: Mapping[str, bool] = field(default_factory=dict)
    """The facts that a consent carries, and whether each may be left out."""
    is_one_time: bool = False


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
    access_list_mode: AccessListMode = AccessListMode.DISABLED
    version: str | None = None
    """The owner's own name of this version; free text."""
    homepage: str | None = None
    status: str | None = None
    is_part_of: str | None = None
    spatial: tuple[str, ...] = ()
    produces: tuple[str, ...] = ()
    thematic_areas: tuple[str, ...] = ()
    keywords: tuple[Keyword, ...] = ()
    available_for: tuple[PartyType, ...] = (PartyType.LEGAL_ENTITY, PartyType.COMPANY)
    is_for_self_identified_users: bool = False
    is_for_enterprise_users: bool = True
    consent: Consent | None = None

    @property
    def is_app(self) -> bool:
        """Whether the resource is an app."""
        return self.resource_type in APP_TYPES

    @property
    def maskinporten_scopes(self) -> tuple[str, ...]:
        """The scopes that the resource stands for."""
        kind = ReferenceType.MASKINPORTEN_SCOPE
        return tuple(each.reference for each in self.references if each.reference_type == kind)


@dataclass(frozen=True, slots=True)
class Resource(NewResource):
    """One registered resource.

    `id` is the inner id and never leaves the house; `version_id` grows with each stored version.
    """

    id: int = 0
    version_id: int = 0

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


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """A resource, or its policy, became another. `id` grows from change to change."""

    id: int
    identifier: str
    at: datetime


@dataclass(frozen=True, slots=True)
class SubjectChange:
    """The policy of a resource began, or ceased, to name a subject.

    `revision` is when; the latest change of each resource and subject stands here, no earlier one.
    """

    identifier: str
    subject_urn: str
    attribute_id: str
    value: str
    at: datetime
    revision: int
    is_deleted: bool
