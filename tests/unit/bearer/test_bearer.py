"""Bearer tokens: whose are taken, for how long, and what they say of the caller."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.bearer.service import BearerCheck, BearerLimits
from fullmakt.foundation.jose.keys import PublicKey
from fullmakt.foundation.jose.tokens import sign
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import NotAuthenticated
from tests.unit.keys.rsa_keys import rsa_key
from tests.worlds import START, TestClock

ISSUER = "https://issuer.example.invalid/"
AUDIENCE = "https://platform.example.invalid"
NOW = int(START.timestamp())
CONSUMER = {"authority": "iso6523-actorid-upis", "ID": "0192:310904473"}
OWNER = {"authority": "iso6523-actorid-upis", "ID": "0192:312300028"}
SYSTEM_USER = UUID("505f8488-3d48-4c15-8e21-35cb9432f815")
DETAIL = {
    "type": "urn:altinn:systemuser",
    "systemuser_id": [str(SYSTEM_USER)],
    "systemuser_org": OWNER,
    "system_id": "310904473_maestro",
}


class CountingKeys:
    """The key `ours`, counting how often it was looked for."""

    def __init__(self) -> None:
        self.asked = 0

    def find(self, kid: str) -> PublicKey | None:
        self.asked += 1
        return rsa_key("ours").public if kid == "ours" else None


def token(*, key: str = "ours", without: tuple[str, ...] = (), **changes: Any) -> str:  # noqa: ANN401  whatever a claim may be
    claims: dict[str, object] = {
        "iss": ISSUER,
        "exp": NOW + 120,
        "scope": "altinn:a altinn:b",
        "consumer": CONSUMER,
        **changes,
    }
    for name in without:
        del claims[name]
    return sign(json.dumps(claims).encode(), rsa_key(key))


def part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def keys() -> CountingKeys:
    return CountingKeys()


@pytest.fixture
def check(clock: TestClock, keys: CountingKeys) -> BearerCheck:
    return BearerCheck({ISSUER: keys}, audiences=frozenset({AUDIENCE}), clock=clock)


def test_a_token_that_holds_tells_who_calls(check: BearerCheck) -> None:
    caller = check.caller_from_header(f"Bearer {token(client_id='maestro')}")

    assert caller.organization == OrganizationNumber("310904473")
    assert caller.scopes == {"altinn:a", "altinn:b"}
    assert caller.client_id == "maestro"
    assert caller.issuer == ISSUER
    assert caller.expires_at == START + timedelta(seconds=120)
    assert caller.actor == "organization:310904473"


@pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer"])
def test_the_scheme_is_read_whatever_its_letter_case(check: BearerCheck, scheme: str) -> None:
    assert check.caller_from_header(f"{scheme}  {token()} ").issuer == ISSUER


@pytest.mark.parametrize(
    "header, reason",
    [
        (None, "a bearer token is needed"),
        ("", "a bearer token is needed"),
        ("Bearer", "the authorization scheme must be `Bearer`: `Bearer`"),
        ("Bearer  ", "the authorization scheme must be `Bearer`: `Bearer`"),
        ("Basic abc", "the authorization scheme must be `Bearer`: `Basic`"),
        ("x" * 500 + " y", f"the authorization scheme must be `Bearer`: `{'x' * 20}`"),
        ("Bearer a b", "the token does not hold: not three base64url parts"),
    ],
)
def test_another_header_is_refused(check: BearerCheck, header: str | None, reason: str) -> None:
    with pytest.raises(NotAuthenticated) as refused:
        check.caller_from_header(header)

    assert refused.value.detail == reason


@pytest.mark.parametrize(
    "changes, reason",
    [
        ({"iss": "https://other.example/"}, "not trusted here: `https://other.example/`"),
        ({"iss": None}, "not trusted here: `None`"),
        ({"iss": [ISSUER]}, "not trusted here: "),
        ({"iss": ISSUER.rstrip("/")}, "not trusted here: "),
        ({"exp": NOW - 11}, "the token expired at 2026-11-23T08:59:49Z"),
        ({"nbf": NOW + 11}, "not valid before 2026-11-23T09:00:11Z"),
        ({"exp": None}, "the token has no `exp`"),
        ({"exp": str(NOW + 120)}, "claim `exp` must be whole seconds: "),
        ({"exp": NOW + 0.5}, "claim `exp` must be whole seconds: "),
        ({"exp": True}, "claim `exp` must be whole seconds: `True`"),
        ({"exp": -1}, "claim `exp` must be whole seconds: `-1`"),
        ({"exp": 10**18}, "claim `exp` must be whole seconds: "),
        ({"nbf": "x"}, "claim `nbf` must be whole seconds: `x`"),
        ({"aud": "https://other.example"}, "for audience `https://other.example`, not for this"),
        ({"aud": []}, "for audience `[]`, not for this"),
        ({"aud": [["a"], {"b": 1}, None]}, "not for this"),
        ({"aud": {AUDIENCE: 1}}, "not for this"),
        ({"aud": 5}, "for audience `5`, not for this"),
        ({"scope": ["altinn:a"]}, "claim `scope` must be text"),
        ({"scope": None}, "claim `scope` must be text"),
        ({"consumer": "0192:310904473"}, "claim `consumer` must have authority"),
        ({"consumer": {**CONSUMER, "authority": "other"}}, "claim `consumer` must have authority"),
        ({"consumer": {**CONSUMER, "ID": 310904473}}, "claim `consumer` must have authority"),
        ({"consumer": {**CONSUMER, "ID": "0192:310904474"}}, "claim `consumer`: organisation"),
        ({"consumer": None, "urn:altinn:orgNumber": "1"}, "claim `urn:altinn:orgNumber`: org"),
    ],
)
def test_a_token_that_does_not_hold_is_refused(
    check: BearerCheck, changes: Mapping[str, Any], reason: str
) -> None:
    with pytest.raises(NotAuthenticated) as refused:
        check.caller(token(**changes))

    assert reason in refused.value.detail


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": NOW - 10},
        {"nbf": NOW + 10},
        {"nbf": None},
        {"aud": AUDIENCE},
        {"aud": ["https://other.example", AUDIENCE]},
        {"consumer": {"authority": "iso6523-actorid-upis", "id": "0192:310904473"}},
    ],
    ids=["just expired", "just about valid", "no nbf", "audience", "several", "id in lower case"],
)
def test_a_token_at_the_edge_holds(check: BearerCheck, changes: Mapping[str, Any]) -> None:
    assert check.caller(token(**changes)).issuer == ISSUER


def test_a_key_that_the_issuer_does_not_have_is_refused(check: BearerCheck) -> None:
    with pytest.raises(NotAuthenticated, match="has no key `theirs`"):
        check.caller(token(key="theirs"))


def test_a_token_that_names_no_key_is_refused(check: BearerCheck) -> None:
    with pytest.raises(NotAuthenticated, match="has no key `None`"):
        check.caller(f"{part({'alg': 'RS256'})}.{part({'iss': ISSUER})}.eHh4")


def test_a_token_signed_by_a_stranger_under_our_name_is_refused(check: BearerCheck) -> None:
    head, claims, _ = token().split(".")
    _, _, signature = token(key="theirs").split(".")

    with pytest.raises(NotAuthenticated, match="the signature does not hold for key `ours`"):
        check.caller(f"{head}.{claims}.{signature}")


def test_a_token_without_a_consumer_or_scopes_is_nobodys(check: BearerCheck) -> None:
    caller = check.caller(token(without=("consumer", "scope")))

    assert (caller.organization, caller.scopes) == (None, frozenset())
    assert caller.actor == f"issuer:{ISSUER}"


def test_the_portals_tokens_name_a_person_and_the_organisation_by_number(
    check: BearerCheck,
) -> None:
    party = UUID("9b0a7a2a-8d04-4a3b-9c8e-0a3d7c1e1f00")
    claims: dict[str, Any] = {
        "urn:altinn:userid": 20001,
        "urn:altinn:partyid": "50001",
        "urn:altinn:party:uuid": str(party),
        "urn:altinn:scope": "altinn:portal/enduser",
        "urn:altinn:authlevel": "4",
        "urn:altinn:orgNumber": "310904473",
        "urn:altinn:org": "skd",
    }

    caller = check.caller(token(without=("consumer", "scope"), **claims))

    assert caller.person is not None
    assert (caller.person.user_id, caller.person.party_id) == (20001, 50001)
    assert caller.actor == f"person:{party}"
    assert caller.scopes == {"altinn:portal/enduser"}
    assert (caller.authentication_level, caller.service_owner) == (4, "skd")
    assert caller.organization == OrganizationNumber("310904473")


@pytest.mark.parametrize(
    "person",
    [
        {"urn:altinn:userid": "x", "urn:altinn:partyid": 1},
        {"urn:altinn:userid": 1, "urn:altinn:partyid": None},
        {"urn:altinn:userid": 1, "urn:altinn:partyid": 1, "urn:altinn:party:uuid": "x"},
    ],
)
def test_claims_that_name_half_a_person_are_refused(
    check: BearerCheck, person: Mapping[str, Any]
) -> None:
    claims: dict[str, Any] = {"urn:altinn:party:uuid": str(SYSTEM_USER), **person}

    with pytest.raises(NotAuthenticated, match="claims do not name a person"):
        check.caller(token(**claims))


@pytest.mark.parametrize("missing", ["urn:altinn:userid", "urn:altinn:party:uuid"])
def test_without_user_or_party_there_is_no_person(check: BearerCheck, missing: str) -> None:
    claims: dict[str, Any] = {
        "urn:altinn:userid": 1,
        "urn:altinn:partyid": 1,
        "urn:altinn:party:uuid": str(SYSTEM_USER),
        missing: None,
    }

    assert check.caller(token(**claims)).person is None


@pytest.mark.parametrize("level, read", [(3, 3), ("4", 4), ("²", 0), (True, 0), ("33", 0), ([], 0)])
def test_the_level_of_login_is_one_digit_or_none(
    check: BearerCheck, level: object, read: int
) -> None:
    claims: dict[str, Any] = {"urn:altinn:authlevel": level}

    assert check.caller(token(**claims)).authentication_level == read


@pytest.mark.parametrize("details", [[DETAIL], DETAIL], ids=["array", "object"])
def test_a_system_user_is_read_in_both_forms(check: BearerCheck, details: object) -> None:
    caller = check.caller(token(authorization_details=details))

    assert caller.system_user is not None
    assert caller.system_user.id == SYSTEM_USER
    assert caller.system_user.owner == OrganizationNumber("312300028")
    assert caller.system_user.system_id == "310904473_maestro"
    assert caller.organization == OrganizationNumber("310904473")
    assert caller.actor == f"system-user:{SYSTEM_USER}"


@pytest.mark.parametrize("details", [None, [], {}, "text", [{"type": "other"}], [None, "x"]])
def test_other_details_name_no_system_user(check: BearerCheck, details: object) -> None:
    assert check.caller(token(authorization_details=details)).system_user is None


@pytest.mark.parametrize(
    "change, reason",
    [
        ({"systemuser_id": []}, "must name one system user"),
        ({"systemuser_id": [str(SYSTEM_USER), str(SYSTEM_USER)]}, "must name one system user"),
        ({"systemuser_id": str(SYSTEM_USER)}, "must name one system user"),
        ({"systemuser_id": ["x"]}, "not a system user id: `x`"),
        ({"systemuser_org": None}, "claim `authorization_details` must have authority"),
        ({"systemuser_org": {**OWNER, "ID": "0192:1"}}, "claim `authorization_details`: org"),
    ],
)
def test_details_that_name_half_a_system_user_are_refused(
    check: BearerCheck, change: Mapping[str, Any], reason: str
) -> None:
    with pytest.raises(NotAuthenticated) as refused:
        check.caller(token(authorization_details=[{**DETAIL, **change}]))

    assert reason in refused.value.detail


def test_a_remembered_token_is_not_verified_again(check: BearerCheck, keys: CountingKeys) -> None:
    compact = token()

    first, second = check.caller(compact), check.caller(compact)

    assert first is second
    assert keys.asked == 1


def test_a_remembered_token_expires(check: BearerCheck, clock: TestClock) -> None:
    compact = token()
    check.caller(compact)

    clock.advance(timedelta(seconds=130))
    assert check.caller(compact).issuer == ISSUER
    clock.advance(timedelta(seconds=1))

    with pytest.raises(NotAuthenticated, match="the token expired at 2026-11-23T09:02:00Z"):
        check.caller(compact)


def test_a_token_remembered_from_a_cookie_is_no_header_without_a_scheme(
    check: BearerCheck,
) -> None:
    compact = token()
    check.caller(compact)

    with pytest.raises(NotAuthenticated, match="the authorization scheme must be `Bearer`"):
        check.caller_from_header(compact)
    with pytest.raises(NotAuthenticated, match="does not hold"):
        check.caller(f"Bearer {compact}")


def test_a_refused_token_is_not_remembered(check: BearerCheck, keys: CountingKeys) -> None:
    for _ in range(2):
        with pytest.raises(NotAuthenticated):
            check.caller(token(exp=NOW - 60))

    assert keys.asked == 2


def test_a_header_that_is_mostly_blanks_is_read_and_not_kept(
    check: BearerCheck, keys: CountingKeys
) -> None:
    padded = f"Bearer{' ' * 1000}{token()}"

    assert [check.caller_from_header(padded).issuer for _ in range(2)] == [ISSUER] * 2
    assert keys.asked == 2


def test_only_so_many_tokens_are_remembered(keys: CountingKeys, clock: TestClock) -> None:
    check = BearerCheck(
        {ISSUER: keys}, audiences=frozenset(), clock=clock, limits=BearerLimits(remembered=2)
    )
    tokens = [token(jti=str(n)) for n in range(3)]
    for compact in (*tokens, *tokens[1:]):
        check.caller(compact)
    assert keys.asked == 3

    check.caller(tokens[0])

    assert keys.asked == 4


def test_the_caller_shows_no_token(check: BearerCheck) -> None:
    compact = token()

    caller: Caller = check.caller(compact)

    assert compact.rpartition(".")[2] not in repr(caller)
