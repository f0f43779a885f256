"""Why a grant is refused: each situation a class, with the documented text, error and MP code.

A title may have places for values, filled from the extensions. `detail` is our own explanation; it
goes beside the documented body, never into it. Texts and codes: Maskinporten's public documentation
of errors, RFC 6749 section 5.2, RFC 8707 and RFC 9396.
"""

from __future__ import annotations

from typing import ClassVar

from fullmakt.foundation.terms.problem import Problem

_AUTHENTICATION = "Invalid assertion. Client authentication failed. "


class GrantRefused(Problem):
    """The token server answers with an error. One subclass is one situation."""

    error: ClassVar[str] = "invalid_grant"
    title = "The grant is refused"

    @property
    def description(self) -> str:
        """The documented text with its values."""
        return self.title.format_map(self.extensions)


class UnreadableRequest(GrantRefused):
    """The body is not a form: another content type, not UTF-8, or too large."""

    error, title = "invalid_request", "The request cannot be read: {what}"


class MissingParameter(GrantRefused):
    """The form lacks `grant_type` or `assertion`."""

    error, title = "invalid_request", "Missing parameter: {name}"


class RepeatedParameter(GrantRefused):
    """The form has `grant_type` or `assertion` more than once."""

    error, title = "invalid_request", "Repeated parameter: {name}"


class MethodNotAllowed(GrantRefused):
    """The token endpoint was called with another method than POST."""

    status, error, title = 405, "invalid_request", "The token endpoint takes POST, not {method}"


class UnsupportedGrantType(GrantRefused):
    """The grant type is not the JWT bearer grant."""

    error, title = "unsupported_grant_type", "Unsupported grant type: {grant_type}"


class InvalidAssertion(GrantRefused):
    """The assertion is no JWS, or a claim is missing or has a value that cannot be read."""

    code, error = "MP-011", "invalid_request"
    title = "Invalid assertion. Invalid parameter value, {what}"


class UnacceptableAlgorithm(GrantRefused):
    """The header names an algorithm off the list, or extensions that must be understood."""

    code, error = "MP-011", "invalid_request"
    title = "Invalid assertion. Invalid parameter value, {what}"


class UsedGrant(GrantRefused):
    """The client has used a grant with this `jti` before."""

    code, title = "MP-012", "Grant is used before"


class ClientNotFound(GrantRefused):
    """No active client has the id in `iss`."""

    code, title = "MP-100", f"{_AUTHENTICATION}(client not found)"


class WrongAudience(GrantRefused):
    """The grant is made for another token server, or for several."""

    code, title = "MP-110", f"{_AUTHENTICATION}Invalid JWT claim aud"


class UntrustedCertificate(GrantRefused):
    """The grant is signed with a certificate, and no certificate authority is trusted here."""

    code = "MP-120"
    title = f"{_AUTHENTICATION}The JWT is signed with an invalid certificate."


class ExpiredKey(GrantRefused):
    """The client's key was registered too long ago."""

    code, title = "MP-121", f"{_AUTHENTICATION}Expired key"


class MalformedCertificateHeader(GrantRefused):
    """The header `x5c` is not a list of texts."""

    code, title = "MP-123", "Invalid JWT header x5c"


class InvalidSignature(GrantRefused):
    """The signature does not hold for the client's key."""

    code, title = "MP-124", f"{_AUTHENTICATION}Invalid JWT signature."


class ExpiredGrant(GrantRefused):
    """The grant's `exp` is past, even with skew."""

    code, title = "MP-130", "JWT has expired."


class GrantFromTheFuture(GrantRefused):
    """The grant's `iat` is ahead of us, even with skew."""

    title = "Issue time is in the future."


class GrantNotYetValid(GrantRefused):
    """The grant's `nbf` is ahead of us, even with skew."""

    title = "JWT is not valid yet."


class TooLongGrant(GrantRefused):
    """The grant lasts longer than a grant may."""

    title = "JWT has too long lifetime."


class UnknownKeyId(GrantRefused):
    """The client has no key with the id in the header."""

    title = f"{_AUTHENTICATION}Unknown key identifier (kid) for client."


class MissingKeyId(GrantRefused):
    """The header names no key."""

    title = (
        f"{_AUTHENTICATION}Invalid JWT. The client requires pre-registered jwk and no key"
        " identifier (kid) provided"
    )


class ConsumerIsClient(GrantRefused):
    """The grant asks for a delegated token from the client's own organisation."""

    error = "invalid_request"
    title = (
        "Validation of JWT claim failed: The combination consumer_org in claim and delegation scope"
        " on client is invalid"
    )


class InvalidTarget(GrantRefused):
    """The claim `resource` is not an absolute URI, or has a fragment."""

    error, title = "invalid_target", "Invalid resource, {what}"


class ScopesNotOnClient(GrantRefused):
    """The client does not have all the scopes that the grant asks for."""

    code, error = "MP-200", "invalid_scope"
    title = "Token request contains invalid scopes for client, {scopes}"


class ScopesNotForMaskinporten(GrantRefused):
    """A scope is reserved for clients of another kind."""

    code, error = "MP-201", "invalid_scope"
    title = "Token request contains scopes not allowed for maskinporten, {scopes}"


class ScopeNotGranted(GrantRefused):
    """The client's organisation has not been granted the scope."""

    status, code, error = 403, "MP-250", "forbidden"
    title = "Consumer has not been granted access to the scope {scope}."


class ScopeNotDelegated(GrantRefused):
    """The organisation in `consumer_org` has not delegated the scope to the client's."""

    status, code, error = 403, "MP-251", "forbidden"
    title = (
        "Consumer {consumer} has not delegated access to the scope {scope} to supplier {supplier}."
    )


class UnknownDetailsType(GrantRefused):
    """The claim `authorization_details` is of a type that is not served."""

    code, error = "MP-301", "invalid_authorization_details"
    title = "Unknown authorization details type, {type}"


class UnknownDetailsFields(GrantRefused):
    """The claim `authorization_details` has members that its type does not."""

    code, error = "MP-302", "invalid_authorization_details"
    title = "Unknown fields in the authorization details, {fields}"


class InvalidDetailsValues(GrantRefused):
    """The claim `authorization_details` is not one detail, or a value in it cannot be read."""

    code, error = "MP-303", "invalid_authorization_details"
    title = "Invalid authorization details values, {what}"


class SystemUserNotFound(GrantRefused):
    """The organisation has no such system user of the client's system."""

    code, error = "MP-303", "invalid_altinn_customer_configuration"
    title = "System user not found for org {organization}{reference}"


class TemporarilyUnavailable(GrantRefused):
    """What the answer rests on could not be asked, or the mark of use could not be kept."""

    status, error, title = 503, "temporarily_unavailable", "Try again in a moment"
