"""Laws of grants: the bounds of time, and that nothing but the grant itself passes for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from fullmakt.credentials.clients.model import (
    ClientKey,
    MaskinportenClient,
    RegisteredClient,
)
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.identity.maskinporten.errors import (
    ExpiredGrant,
    GrantFromTheFuture,
    GrantNotYetValid,
    GrantRefused,
    TooLongGrant,
)
from fullmakt.identity.maskinporten.model import Grant, GrantLimits
from fullmakt.identity.maskinporten.rules.assertion import read_assertion, verify_grant
from fullmakt.identity.maskinporten.rules.claims import read_wish
from fullmakt.identity.maskinporten.rules.form import read_form
from tests.unit.keys.rsa_keys import rsa_key
from tests.unit.maskinporten.token_house import (
    CLIENT,
    ISSUER,
    TokenHouse,
    form,
    grant_claims,
    signed,
    system_user_details,
    token_house,
)
from tests.worlds import START

LIMITS = GrantLimits()
REGISTERED = RegisteredClient(
    MaskinportenClient(CLIENT, OrganizationNumber("310904473"), "Maestro", (), 120),
    {"client": ClientKey(rsa_key("client").public, datetime(9999, 1, 1, tzinfo=UTC))},
)
ALPHABET = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_."
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
moments = st.integers(946684800, 7258118400).map(lambda second: EPOCH + timedelta(seconds=second))


def verify(at: datetime, **changes: object) -> Grant:
    return verify_grant(
        read_assertion(signed({**grant_claims(at), **changes})),
        REGISTERED,
        audiences={ISSUER},
        at=at,
        limits=LIMITS,
    )


def words_of(question: Callable[[], object]) -> str | None:
    """What a refusal says, or None when nothing was refused."""
    try:
        question()
    except GrantRefused as refused:
        return refused.description
    return None


@given(at=moments, iat=st.integers(-110, 10))
def test_a_grant_of_the_longest_lifetime_passes_and_a_second_longer_does_not(
    at: datetime, iat: int
) -> None:
    issued_at = int(at.timestamp()) + iat

    verify(at, iat=issued_at, exp=issued_at + 120)

    with pytest.raises(TooLongGrant):
        verify(at, iat=issued_at, exp=issued_at + 121)


@given(at=moments, lasts=st.integers(0, 120))
def test_a_grant_issued_at_the_skew_passes_and_a_second_later_does_not(
    at: datetime, lasts: int
) -> None:
    ahead = int(at.timestamp()) + 10

    verify(at, iat=ahead, exp=ahead + lasts)

    with pytest.raises(GrantFromTheFuture):
        verify(at, iat=ahead + 1, exp=ahead + 1 + lasts)


@given(at=moments, lasts=st.integers(0, 120))
def test_a_grant_expired_by_the_skew_passes_and_a_second_earlier_does_not(
    at: datetime, lasts: int
) -> None:
    ended = int(at.timestamp()) - 10

    verify(at, iat=ended - lasts, exp=ended)

    with pytest.raises(ExpiredGrant):
        verify(at, iat=ended - 1 - lasts, exp=ended - 1)


@given(at=moments)
def test_a_grant_valid_from_the_skew_passes_and_a_second_later_does_not(at: datetime) -> None:
    ahead = int(at.timestamp()) + 10

    verify(at, nbf=ahead)

    with pytest.raises(GrantNotYetValid):
        verify(at, nbf=ahead + 1)


@given(at=moments, iat=st.integers(-130, 10), lasts=st.integers(0, 120))
def test_a_mark_of_use_outlives_the_grant(at: datetime, iat: int, lasts: int) -> None:
    assume(iat + lasts >= -10)
    issued_at = int(at.timestamp()) + iat
    times = {"iat": issued_at, "exp": issued_at + lasts}

    used = verify(at, **times)

    verify(used.usable_until, **times)
    with pytest.raises(ExpiredGrant):
        verify(used.usable_until + timedelta(seconds=1), **times)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TokenHouse]:
    path = tmp_path_factory.mktemp("house") / "world.sqlite"
    with token_house(f"sqlite:///{path}") as made:
        yield made


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1, exclude_max=True), byte=st.sampled_from(ALPHABET))
@example(place=1 - 1e-9, byte=ord("B"))
def test_a_grant_with_one_byte_changed_gives_no_token(
    house: TokenHouse, place: float, byte: int
) -> None:
    grant = signed(grant_claims(jti=str(uuid4()))).encode()
    at = int(place * len(grant))
    assume(grant[at] != byte)
    changed = grant[:at] + bytes([byte]) + grant[at + 1 :]

    answer = house.post(form(changed.decode()))

    assert answer.status == 400
    assert "access_token" not in answer.body


@given(st.binary(max_size=300), st.sampled_from(["application/x-www-form-urlencoded", "", "æ;"]))
def test_any_body_is_a_form_or_refused(body: bytes, content_type: str) -> None:
    assert words_of(lambda: read_assertion(read_form(content_type, body))) != ""


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda children: (
        st.lists(children, max_size=3)
        | st.dictionaries(st.sampled_from(["type", "systemuser_org", "ID", "x"]), children)
    ),
    max_leaves=6,
)


@given(
    name=st.sampled_from(
        ["scope", "sub", "resource", "pid", "consumer_org", "authorization_details", "jti", "aud"]
    ),
    value=json_values,
)
def test_any_value_of_a_claim_is_read_or_refused_in_words(name: str, value: object) -> None:
    assert words_of(lambda: read_wish(verify(START, **{name: value}))) != ""


@given(value=json_values, member=st.sampled_from(["type", "systemuser_org", "externalRef", "x"]))
def test_any_value_in_the_details_is_read_or_refused_in_words(value: object, member: str) -> None:
    details = [{**system_user_details()[0], member: value}]

    assert words_of(lambda: read_wish(verify(START, authorization_details=details))) != ""
