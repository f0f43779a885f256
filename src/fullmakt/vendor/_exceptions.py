"""Everything the SDK raises on purpose. One class is one situation; catch as wide as you can act.

VendorError
├── Unreachable                        no answer came: name, connection, TLS or time
├── UnexpectedAnswer                   an answer that is not what the documentation shows
├── MaskinportenError                  Maskinporten refused to give a token
│   ├── UnknownClient                  MP-100
│   ├── WrongAudience                  MP-110
│   ├── KeyRefused                     MP-120, MP-122, MP-123, or a key id the client does not have
│   │   ├── KeyExpired                 MP-121
│   │   └── SignatureRefused           MP-124
│   ├── GrantReplayed                  MP-012
│   ├── GrantTimesRefused              MP-130, or issued in the future, or made to last too long
│   ├── ScopeNotOnClient               MP-200, MP-201
│   ├── ScopeNotGranted                MP-250
│   ├── ScopeNotDelegated              MP-251
│   ├── SystemUserReferenceRefused     MP-301, MP-302, MP-303
│   │   └── SystemUserNotFound         MP-303 `invalid_altinn_customer_configuration`
│   └── MaskinportenUnavailable        it cannot answer now; try again
├── PlatformProblem                    the platform or an app answered with a problem
│   ├── NotAuthenticated               401; `reason` from WWW-Authenticate
│   ├── NotAuthorized                  403; `reason` from WWW-Authenticate
│   │   └── NotPermitted               403 with a problem that says what was not permitted
│   ├── NotFound                       404
│   │   ├── RequestNotFound            AUTH-00010
│   │   ├── SystemUserNotChangeable    AUTH-00015
│   │   └── SystemNotFound             AUTH-00011
│   ├── InvalidInput                   400; `errors` by member
│   ├── ValidationRefused              400 STD-00000; `validation_errors`
│   │   ├── SystemIdTaken              AUTH.VLD-00002
│   │   ├── ClientIdTaken              AUTH.VLD-00004
│   │   ├── AgentNotFound              AUTH.VLD-00014
│   │   ├── NotAnAgent                 AUTH.VLD-00015
│   │   ├── MayNotGiveOn               AM.VLD-00026
│   │   └── CannotBeGiven              AM.VLD-00028, AM.VLD-00048
│   ├── PartyNotFound                  AUTH-00000
│   ├── RightNotOnSystem               AUTH-00001
│   ├── SystemUserExists               AUTH-00004
│   ├── RequestExists                  AUTH-00006 accepted, -7 new, -8 denied, -9 rejected
│   ├── RedirectRefused                AUTH-00021, AUTH-00026
│   ├── NothingAskedFor                AUTH-00058, AUTH-00059
│   ├── PackageNotOnSystem             AUTH-00063
│   ├── PackageNotDelegable            AUTH-00064, AUTH-00065
│   ├── LinkNotFound                   AUTH-00031, AUTH-00038
│   ├── ClientNotFound                 AUTH-00079
│   ├── ClientLacksPackages            AUTH-00080
│   └── PlatformUnavailable            5xx
├── VatReturnRefused                   the VAT return was not accepted; `result` says which rules
└── FeedbackPending                    the VAT return is filed; its receipt is not there yet

No message, attribute or representation here holds a key, a token or an assertion.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fullmakt.vendor._vat_answers import VatInstance, VatResult


class VendorError(Exception):
    """Anything the SDK raises on purpose."""


class Unreachable(VendorError):
    """No answer came. Whether the other side acted on the request is not known."""


class UnexpectedAnswer(VendorError):
    """The answer cannot be read as the documentation shows it."""


class MaskinportenError(VendorError):
    """Maskinporten refused. `code` is `MP-…` where the answer has one, else empty."""

    def __init__(
        self, error: str, *, code: str = "", description: str = "", trace_id: str = "", status: int
    ) -> None:
        words = " ".join(filter(None, (code, error)))
        trace = f" (trace id `{trace_id}`)" if trace_id else ""
        super().__init__(f"{words}: {description}{trace}" if description else f"{words}{trace}")
        self.error = error
        self.code = code
        self.description = description
        self.trace_id = trace_id
        self.status = status


class UnknownClient(MaskinportenError):
    """Maskinporten has no client with this id. Is it the right environment?"""


class WrongAudience(MaskinportenError):
    """The grant names another issuer than the one asked. The environment is mixed up."""


class KeyRefused(MaskinportenError):
    """The key is not registered on the client, or may not be used for it."""


class KeyExpired(KeyRefused):
    """The key was registered more than a year ago. Register it again, or a new one."""


class SignatureRefused(KeyRefused):
    """The grant is signed with another key than the one registered under that id."""


class GrantReplayed(MaskinportenError):
    """The same grant was used before."""


class GrantTimesRefused(MaskinportenError):
    """The grant has expired, is from the future, or lasts too long. Is this machine's clock right?

    Maskinporten allows ten seconds of difference.
    """


class ScopeNotOnClient(MaskinportenError):
    """The client is not registered with one of the scopes."""


class ScopeNotGranted(MaskinportenError):
    """The scope's owner has not given the client's organisation access to it."""


class ScopeNotDelegated(MaskinportenError):
    """The consumer has not delegated the scope to the client's organisation."""


class SystemUserReferenceRefused(MaskinportenError):
    """The system user is not named in the form Maskinporten reads."""


class SystemUserNotFound(SystemUserReferenceRefused):
    """No system user answers to this owner and external reference for this client.

    The request may not be approved yet; the system may lack the client id; the external reference
    may be left out though the request had one; or the owner may be the client of an accountant
    instead of the accountant.
    """


class MaskinportenUnavailable(MaskinportenError):
    """Maskinporten, or what it asks, cannot answer now. Try again."""


@dataclass(frozen=True, slots=True)
class ValidationEntry:
    """One thing that does not hold in a request, and where."""

    code: str
    title: str
    paths: tuple[str, ...] = ()
    detail: str = ""
    extensions: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ProblemBody:
    """What a problem answer says; members of its own are in `extensions`."""

    status: int
    code: str = ""
    title: str = ""
    detail: str = ""
    trace_id: str = ""
    reason: str = ""
    extensions: Mapping[str, object] = field(default_factory=dict)
    validation_errors: tuple[ValidationEntry, ...] = ()
    errors: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def summary(self) -> str:
        """The problem in one line."""
        entries = [f"{entry.code} {entry.title}" for entry in self.validation_errors]
        members = [f"{name}: {' '.join(texts)}" for name, texts in self.errors.items()]
        said = "; ".join(entries or members) or self.detail or self.title or self.reason
        named = " ".join(filter(None, (str(self.status), self.code)))
        return f"{named}: {said}" if said else named


class PlatformProblem(VendorError):
    """The platform, or an app, answered with a problem of a kind that has no class of its own."""

    def __init__(self, body: ProblemBody) -> None:
        super().__init__(body.summary())
        self.body = body

    @property
    def status(self) -> int:
        """The HTTP status."""
        return self.body.status

    @property
    def code(self) -> str:
        """`AUTH-00010` and the like; empty where the answer has none."""
        return self.body.code

    @property
    def title(self) -> str:
        """The fixed text of the situation."""
        return self.body.title

    @property
    def detail(self) -> str:
        """What is said of this one occurrence."""
        return self.body.detail

    @property
    def trace_id(self) -> str:
        """What to give support."""
        return self.body.trace_id

    @property
    def reason(self) -> str:
        """Why a token was not enough, from `WWW-Authenticate`; empty where nothing is said."""
        return self.body.reason

    @property
    def extensions(self) -> Mapping[str, object]:
        """Members of the answer beyond the common ones."""
        return self.body.extensions

    @property
    def validation_errors(self) -> tuple[ValidationEntry, ...]:
        """What does not hold, entry by entry."""
        return self.body.validation_errors

    @property
    def errors(self) -> Mapping[str, tuple[str, ...]]:
        """What could not be read, by member."""
        return self.body.errors


class NotAuthenticated(PlatformProblem):
    """The token is missing, expired, or not one the platform trusts."""


class NotAuthorized(PlatformProblem):
    """The token holds, and does not give what was asked: a scope, or the caller's own system."""


class NotPermitted(NotAuthorized):
    """The decision was no. `detail` and `extensions` have what the service says about why."""


class NotFound(PlatformProblem):
    """There is nothing at the address, or nothing that this caller may see."""


class RequestNotFound(NotFound):
    """No request has this id or external reference."""


class SystemUserNotChangeable(NotFound):
    """No standard system user has this id. An agent's cannot be changed: ask for a new one."""


class SystemNotFound(NotFound):
    """No system has this id, or another vendor owns it."""


class InvalidInput(PlatformProblem):
    """The request could not be read: `errors` says which members and why."""


class ValidationRefused(PlatformProblem):
    """The request was read, and values in it do not hold: see `validation_errors`."""


class SystemIdTaken(ValidationRefused):
    """A system with this id exists, or did. Ids are never used again."""


class ClientIdTaken(ValidationRefused):
    """One of the client ids belongs to another system."""


class AgentNotFound(ValidationRefused):
    """No system user has this id."""


class NotAnAgent(ValidationRefused):
    """The system user is for its owner's own use and has no clients."""


class MayNotGiveOn(ValidationRefused):
    """The person may not give it on for the party; the entry's `detail` says why."""


class CannotBeGiven(ValidationRefused):
    """The package is never given, or not to a party of that kind."""


class PartyNotFound(PlatformProblem):
    """The organisation is not in the register."""


class RightNotOnSystem(PlatformProblem):
    """A right was asked for that the system is not registered with."""


class SystemUserExists(PlatformProblem):
    """The organisation has a system user with this system and external reference already."""


class RequestExists(PlatformProblem):
    """A request with this system, organisation and external reference exists. `code` says how it
    stands: accepted, new, denied or rejected.
    """


class RedirectRefused(PlatformProblem):
    """The redirect address is not one the system is registered with."""


class NothingAskedFor(PlatformProblem):
    """A request must ask for at least one package or right; one for clients, for a package."""


class PackageNotOnSystem(PlatformProblem):
    """A package was asked for that the system is not registered with."""


class PackageNotDelegable(PlatformProblem):
    """The package cannot be used this way: it is for clients and not own use, or the other way."""


class LinkNotFound(PlatformProblem):
    """The client is not linked to this system user."""


class ClientNotFound(PlatformProblem):
    """The organisation is not a client of the system user's owner."""


class ClientLacksPackages(PlatformProblem):
    """The client relationship does not give all packages of the system user."""


class PlatformUnavailable(PlatformProblem):
    """The platform failed or cannot answer now."""


class VatReturnRefused(VendorError):
    """The VAT return was not accepted.

    `result` is the validation result, or None where the fault is in the envelope or the order of
    steps; `message` is what the service says.
    """

    def __init__(self, message: str, *, result: VatResult | None = None) -> None:
        deviations = () if result is None else result.deviations
        rules = "; ".join(f"{deviation.rule} {deviation.reason}" for deviation in deviations)
        super().__init__(f"{message} ({rules})" if rules else message)
        self.message = message
        self.result = result


class FeedbackPending(VendorError):
    """The VAT return is filed, and its feedback is not there yet.

    Ask again with `receipt(instance)`.
    """

    def __init__(self, instance: VatInstance) -> None:
        super().__init__(f"no feedback yet on instance `{instance.id}`")
        self.instance = instance
