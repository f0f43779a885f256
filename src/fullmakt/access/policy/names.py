"""The names XACML 3.0 core and Altinn's policies use: namespaces, categories, attribute ids.

Function ids and combining algorithm ids stand in the tables that implement them.
"""

from __future__ import annotations

from typing import Final

NAMESPACE: Final = "urn:oasis:names:tc:xacml:3.0:core:schema:wd-17"

SUBJECT: Final = "urn:oasis:names:tc:xacml:1.0:subject-category:access-subject"
RESOURCE: Final = "urn:oasis:names:tc:xacml:3.0:attribute-category:resource"
ACTION: Final = "urn:oasis:names:tc:xacml:3.0:attribute-category:action"
ENVIRONMENT: Final = "urn:oasis:names:tc:xacml:3.0:attribute-category:environment"

ACTION_ID: Final = "urn:oasis:names:tc:xacml:1.0:action:action-id"

RESOURCE_ID: Final = "urn:altinn:resource"
SERVICE_OWNER: Final = "urn:altinn:org"
APP: Final = "urn:altinn:app"

ACCESS_PACKAGE: Final = "urn:altinn:accesspackage"
ROLE_CODE: Final = "urn:altinn:rolecode"
ORGANIZATION_NUMBER: Final = "urn:altinn:organization:identifier-no"

MINIMUM_LEVEL_OBLIGATION: Final = "urn:altinn:obligation:authenticationLevel1"
MINIMUM_LEVEL_ASSIGNMENT: Final = "urn:altinn:obligation-assignment:1"
MINIMUM_LEVEL: Final = "urn:altinn:minimum-authenticationlevel"

STATUS_OK: Final = "urn:oasis:names:tc:xacml:1.0:status:ok"
STATUS_MISSING_ATTRIBUTE: Final = "urn:oasis:names:tc:xacml:1.0:status:missing-attribute"
STATUS_PROCESSING_ERROR: Final = "urn:oasis:names:tc:xacml:1.0:status:processing-error"
STATUS_SYNTAX_ERROR: Final = "urn:oasis:names:tc:xacml:1.0:status:syntax-error"

CURRENT_TIME: Final = "urn:oasis:names:tc:xacml:1.0:environment:current-time"
CURRENT_DATE: Final = "urn:oasis:names:tc:xacml:1.0:environment:current-date"
CURRENT_DATE_TIME: Final = "urn:oasis:names:tc:xacml:1.0:environment:current-dateTime"
