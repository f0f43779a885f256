"""The identifiers of the platform.

Attribute ids, URN prefixes and their parsers. Source: Altinn's public documentation.
"""

from __future__ import annotations

PERSON_NUMBER = "urn:altinn:person:identifier-no"
ORGANIZATION_NUMBER = "urn:altinn:organization:identifier-no"
LEGACY_ORGANIZATION_NUMBER = "urn:altinn:organizationnumber"
PARTY_ID = "urn:altinn:partyid"
PARTY_UUID = "urn:altinn:party:uuid"
PERSON_UUID = "urn:altinn:person:uuid"
ORGANIZATION_UUID = "urn:altinn:organization:uuid"
USER_ID = "urn:altinn:userid"
SYSTEM_USER_UUID = "urn:altinn:systemuser:uuid"
RESOURCE = "urn:altinn:resource"
SERVICE_OWNER = "urn:altinn:org"
APP = "urn:altinn:app"
INSTANCE = "urn:altinn:instance-id"
RESOURCE_INSTANCE = "urn:altinn:resource:instance-id"
TASK = "urn:altinn:task"
END_EVENT = "urn:altinn:end-event"
APP_RESOURCE = "urn:altinn:appresource"
ACCESS_PACKAGE = "urn:altinn:accesspackage"
ROLE_CODE = "urn:altinn:rolecode"
PARTY_TYPE = "urn:altinn:partytype"
ACCESS_LIST = "urn:altinn:access-list"
AUTHENTICATION_LEVEL = "urn:altinn:authlevel"
MINIMUM_AUTHENTICATION_LEVEL = "urn:altinn:minimum-authenticationlevel"
ORGANIZATION_AUTHORITY = "iso6523-actorid-upis"
SYSTEM_USER_DETAILS = "urn:altinn:systemuser"

PARTY_NAMES = (
    ORGANIZATION_NUMBER,
    LEGACY_ORGANIZATION_NUMBER,
    PERSON_NUMBER,
    PARTY_UUID,
    PARTY_ID,
)
"""The attributes of a resource that name whom it is for, the one that counts first."""

ACCESS_PACKAGE_PREFIX = f"{ACCESS_PACKAGE}:"


def package_urn(name: str) -> str:
    """The URN of the access package called `name`: `urn:altinn:accesspackage:skattegrunnlag`."""
    return ACCESS_PACKAGE_PREFIX + name


def package_name(urn: str) -> str:
    """The name in a package URN. Raises: ValueError for any other form."""
    name = urn.removeprefix(ACCESS_PACKAGE_PREFIX)
    if name == urn or not name or ":" in name:
        message = f"access package must be `{ACCESS_PACKAGE_PREFIX}` and a name: `{urn}`"
        raise ValueError(message)
    return name


def app_resource(service_owner: str, app: str) -> str:
    """The resource id of an app: `app_skd_mva-melding-innsending-v1`."""
    return f"app_{service_owner}_{app}"


def app_of_resource(resource: str) -> tuple[str, str] | None:
    """The service owner and app in an app's resource id, or None when it is not an app's."""
    if not resource.startswith("app_"):
        return None
    service_owner, separator, app = resource[4:].partition("_")
    return (service_owner, app) if separator and app else None
