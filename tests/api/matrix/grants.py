"""Grants for the token server, signed with the keys of clients that are registered in the world."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from urllib.parse import urlencode
from uuid import uuid4

from fullmakt.foundation.jose.keys import PrivateKey
from fullmakt.foundation.jose.tokens import sign
from tests.api.control.served import Json
from tests.api.matrix.stage import ELSEWHERE, FIRM, OTHER_FIRM, TOKEN_SCOPE, Stage

_LASTS_S = 100
_GRANT_TYPE = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_OTHER_CLIENTS = {"wrong issuer": "foreign_client", "wrong vendor": "other_client"}
_OTHER_CLAIMS = {
    "wrong audience": {"aud": ELSEWHERE},
    "wrong scope": {"scope": "altinn:authentication/systemuser.admin"},
}


def form(stage: Stage, *, lasts_s: int = _LASTS_S) -> str:
    """What the vendor's client sends for a token of the agent."""
    return _form(_assertion(stage, stage.clients["client"], lasts_s=lasts_s))


def wrong_form(stage: Stage, wrong: str) -> str:
    """The same with one thing wrong."""
    if wrong == "no token":
        return urlencode({"grant_type": _GRANT_TYPE})
    client = stage.clients[_OTHER_CLIENTS.get(wrong, "client")]
    owner = OTHER_FIRM if wrong == "wrong party" else FIRM
    assertion = _assertion(stage, client, owner=owner, changes=_OTHER_CLAIMS.get(wrong))
    return _form(changed_token(assertion) if wrong == "changed token" else assertion)


def changed_token(compact: str) -> str:
    """The same token with another claim in it; its signature is what it was."""
    head, claims, signature = compact.split(".")
    read = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))
    written = json.dumps({**read, "urn:altinn:authlevel": 4}).encode()
    return f"{head}.{base64.urlsafe_b64encode(written).decode().rstrip('=')}.{signature}"


def _form(assertion: str) -> str:
    return urlencode({"grant_type": _GRANT_TYPE, "assertion": assertion})


def _assertion(
    stage: Stage,
    client: Json,
    *,
    owner: str = FIRM,
    lasts_s: int = _LASTS_S,
    changes: Mapping[str, str] | None = None,
) -> str:
    details = {
        "type": "urn:altinn:systemuser",
        "systemuser_org": {"authority": "iso6523-actorid-upis", "ID": f"0192:{owner}"},
        "externalRef": "kunder",
    }
    now = int(time.time())
    claims = {
        "aud": f"{stage.control.base}/maskinporten/",
        "iss": client["clientId"],
        "scope": TOKEN_SCOPE,
        "iat": now,
        "exp": now + lasts_s,
        "jti": str(uuid4()),
        "authorization_details": [details],
        **(changes or {}),
    }
    return sign(json.dumps(claims).encode(), PrivateKey.from_jwk(client["jwk"]))
