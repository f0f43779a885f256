"""Policy documents and requests for the tests: written short, read as the real thing."""

from __future__ import annotations

from fullmakt.access.policy import names
from fullmakt.access.policy.compile import CompiledPolicy, compile_policy
from fullmakt.access.policy.parse import parse_policy
from fullmakt.access.policy.request import Entry, RequestAttributes

RESOURCE = (names.RESOURCE, names.RESOURCE_ID)
OWNER = (names.RESOURCE, names.SERVICE_OWNER)
APP = (names.RESOURCE, names.APP)
ACTION = (names.ACTION, names.ACTION_ID)
PACKAGE = (names.SUBJECT, names.ACCESS_PACKAGE)
ROLE = (names.SUBJECT, names.ROLE_CODE)
NUMBER = (names.SUBJECT, names.ORGANIZATION_NUMBER)

DENY_OVERRIDES = "urn:oasis:names:tc:xacml:3.0:rule-combining-algorithm:deny-overrides"
_SHORT = {"resource": RESOURCE, "action": ACTION, "package": PACKAGE, "role": ROLE}


def compiled(document: bytes) -> CompiledPolicy:
    return compile_policy(parse_policy(document))


def asking(**bags: Entry) -> RequestAttributes:
    """A request by short names: resource, action, package, role."""
    return RequestAttributes({_SHORT[name]: entry for name, entry in bags.items()})
