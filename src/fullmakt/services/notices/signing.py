"""Signatures of notices: Standard Webhooks 1.0.0, symmetric (`v1`, HMAC-SHA256)."""

from __future__ import annotations

import base64
import hmac
import secrets

_PREFIX = "whsec_"
_SECRET_BYTES = 32


def make_secret() -> str:
    """A new secret, as it is told the subscriber once."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def sign_notice(secret: str, *, notice_id: str, sent_at: int, body: bytes) -> dict[str, str]:
    """The headers that go with `body`. `sent_at` is in seconds since 1970."""
    key = base64.b64decode(secret.removeprefix(_PREFIX))
    signed = f"{notice_id}.{sent_at}.".encode() + body
    signature = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    return {
        "webhook-id": notice_id,
        "webhook-timestamp": str(sent_at),
        "webhook-signature": f"v1,{signature}",
    }
