"""What a request may ask for, and how it may be answered."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import Problem
from fullmakt.systems.requests import errors, rules
from fullmakt.systems.requests.model import Answer, Answered, Request, Status
from fullmakt.systems.system_register.model import (
    AttributePair,
    RegisteredSystem,
    ServiceRight,
    SystemFacts,
)
from fullmakt.systems.system_users.model import SystemUserKind

START = datetime(2026, 11, 23, 9, tzinfo=UTC)
VENDOR, CUSTOMER = OrganizationNumber("312300109"), OrganizationNumber("312300028")


def a_request(status: Status = Status.NEW) -> Request:
    return Request(
        uuid=UUID(int=1),
        kind=SystemUserKind.STANDARD,
        system_id="system",
        vendor=VENDOR,
        party=CUSTOMER,
        external_ref="ref",
        title="title",
        rights=(),
        packages=(),
        redirect_url=None,
        status=status,
        created=START,
    )


def a_system(*redirect_urls: str) -> RegisteredSystem:
    facts = SystemFacts("system", {"nb": "S"}, {}, redirect_urls=redirect_urls)
    return RegisteredSystem(1, UUID(int=2), VENDOR, facts)


@given(st.lists(st.sampled_from(Answer)))
def test_a_request_is_answered_at_most_once(answers: list[Answer]) -> None:
    request, answered = a_request(), 0
    for answer in answers:
        if rules.is_answerable(request, answer):
            request = rules.answered(request, answer, Answered(UUID(int=3), START))
            answered += 1

    assert answered == min(1, len(answers))
    assert request.version == 1 + answered


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.NEW])
@pytest.mark.parametrize("answer", Answer)
def test_only_a_new_request_is_answerable(status: Status, answer: Answer) -> None:
    assert not rules.is_answerable(a_request(status), answer)


@pytest.mark.parametrize(
    "after, expected",
    [(timedelta(days=180), False), (timedelta(days=180, microseconds=1), True)],
)
def test_a_request_times_out_after_180_days(after: timedelta, *, expected: bool) -> None:
    assert rules.is_timed_out(a_request(), at=START + after) is expected


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/cb",
        "https://a.example/cb?state=1",
        "HTTPS://A.example:443/cb#x",
        "",
        None,
    ],
)
def test_an_address_of_the_system_passes_whatever_its_query(address: str | None) -> None:
    rules.check_redirect(a_system("https://a.example/cb"), address)


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/cb/",
        "https://a.example/CB",
        "https://a.example:444/cb",
        "https://b.example/cb",
        "http://a.example/cb",
        "/cb",
    ],
)
def test_any_other_address_is_named_with_those_allowed(address: str) -> None:
    with pytest.raises(errors.RedirectNotAllowed) as refused:
        rules.check_redirect(a_system("https://a.example/cb"), address)

    assert f"`{address}` is none of `https://a.example/cb`" in refused.value.detail


@pytest.mark.parametrize(
    "status, code",
    [
        (Status.ACCEPTED, "AUTH-00006"),
        (Status.NEW, "AUTH-00007"),
        (Status.DENIED, "AUTH-00008"),
        (Status.REJECTED, "AUTH-00009"),
    ],
)
def test_a_taken_reference_is_refused_by_what_became_of_it(status: Status, code: str) -> None:
    with pytest.raises(Problem) as refused:
        rules.refuse_taken(status, system_id="system")

    assert refused.value.code == code


def test_a_timed_out_request_takes_no_reference() -> None:
    rules.refuse_taken(Status.TIMED_OUT, system_id="system")


def test_a_right_is_delegated_by_its_first_resource() -> None:
    pairs = (
        AttributePair("urn:altinn:org", "skd"),
        AttributePair("urn:altinn:resource", "first"),
        AttributePair("urn:altinn:resource", "second"),
    )

    assert ServiceRight(pairs).resource == "first"
    assert ServiceRight(pairs[:1]).resource is None
