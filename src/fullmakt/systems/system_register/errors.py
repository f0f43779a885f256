"""The problems of the system register, and the faults that a registration can have."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fullmakt.foundation.terms.problem import Fault, Problem

_SYSTEM_ID = "/registersystemrequest/systemid"
_VENDOR = "/registersystemrequest/vendor/id"
_CLIENTS = "/registersystemrequest/clientid"
_REDIRECTS = "/registersystemrequest/allowedredirecturls"
_RESOURCES = "/registersystemrequest/rights/resource"
_PACKAGES = "/registersystemrequest/accesspackages"


class SystemNotFound(Problem):
    """A request names a system that is not registered, is retired, or is another vendor's."""

    code, status = "AUTH-00011", 404
    title = "The Id does not refer to a Registered System."


class PackageNotOnSystem(Problem):
    """Packages are asked for that the system is not registered with."""

    code, status = "AUTH-00063", 400
    title = (
        "One or more accesspackage is not found in the referenced system in the System Register."
    )


@dataclass(frozen=True, slots=True)
class Situation:
    """One thing that can be wrong with a registration, with its wire code and where it stands."""

    code: str
    title: str
    path: str

    def fault(self, detail: str, extensions: Mapping[str, str] | None = None) -> Fault:
        """The fault, with `detail` saying which value and what would do."""
        return Fault(self.code, self.title, (self.path,), detail, extensions or {})


VENDOR_ID = Situation(
    "AUTH.VLD-00000", "the org number identifier is not valid ISO6523 identifier", _VENDOR
)
ID_FORM = Situation(
    "AUTH.VLD-00001", "The system id does not match the format orgnumber_xxxx...", _SYSTEM_ID
)
ID_TAKEN = Situation("AUTH.VLD-00002", "The system id already exists", _SYSTEM_ID)
RESOURCE_UNKNOWN = Situation(
    "AUTH.VLD-00003",
    "One or more resources specified in rights were not found in Altinn's resource register.",
    _RESOURCES,
)
CLIENT_TAKEN = Situation(
    "AUTH.VLD-00004", "One of the client id is already tagged with an existing system", _CLIENTS
)
REDIRECT_FORM = Situation(
    "AUTH.VLD-00005",
    "One or more of the redirect urls format is not valid. The valid format is https://xxx.xx",
    _REDIRECTS,
)
RIGHT_TWICE = Situation("AUTH.VLD-00006", "One or more duplicate rights found", _RESOURCES)
PACKAGE_TWICE = Situation(
    "AUTH.VLD-00007", "One or more duplicate access package(s) found", _PACKAGES
)
PACKAGE_UNKNOWN = Situation(
    "AUTH.VLD-00008",
    "One or all the accesspackage(s) is not found in altinn's access packages or is not delegable",
    _PACKAGES,
)
RESOURCE_FORM = Situation(
    "AUTH.VLD-00009",
    "One or more resource id is in wrong format. The valid format is urn:altinn:resource",
    _RESOURCES,
)
CLIENT_TWICE = Situation("AUTH.VLD-00011", "Request contains duplicate client ids", _CLIENTS)
ID_CHANGED = Situation(
    "AUTH.VLD-00012",
    "The system ID in the request body does not match the system ID in the URL",
    _SYSTEM_ID,
)
ID_HAS_SPACE = Situation(
    "AUTH.VLD-00013",
    "System ID cannot have spaces in id (leading, trailing or in between the id)",
    _SYSTEM_ID,
)
RESOURCE_TYPE = Situation(
    "AUTH.VLD-00017",
    "One or more resources specified in rights is of resource type which is not delegable.",
    _RESOURCES,
)
PACKAGE_FOR_CLIENTS = Situation(
    "AUTH.VLD-00018",
    "Access packages meant for system user for client relations can't be used in combination"
    " with the flag isVisible: true",
    _PACKAGES,
)
