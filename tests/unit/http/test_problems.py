"""Problems on the wire: each shape, member by member."""

from __future__ import annotations

import json
from typing import Any, ClassVar

import pytest

from fullmakt.foundation.http.problems import PROBLEM_JSON, Answer, write_problem
from fullmakt.foundation.http.traces import RequestTrace, read_trace
from fullmakt.foundation.terms.problem import (
    Fault,
    InvalidInput,
    NotAuthenticated,
    NotAuthorized,
    PlainProblem,
    Problem,
    TextProblem,
    TooLarge,
    Unavailable,
    ValidationProblem,
)

TRACE = RequestTrace("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7")
TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


class RequestNotFound(Problem):
    """A request that nobody made."""

    code, status = "AUTH-00010", 404
    title = "The Id does not refer to a Request in our system."


class StoreAsleep(Unavailable):
    """The store does not answer."""

    code, title = "FM-00999", "The store is asleep."
    retry_after_s: ClassVar[int] = 7


def written(problem: Problem) -> tuple[Answer, Any]:
    answer = write_problem(problem, trace=TRACE)
    return answer, json.loads(answer.body or b"null")


def test_a_coded_problem_has_altinns_members_in_order() -> None:
    answer, body = written(RequestNotFound("there is no request `x`", requestId="x"))

    assert (answer.status, answer.headers) == (404, (("content-type", PROBLEM_JSON),))
    assert list(body.items()) == [
        ("type", "urn:altinn:error:AUTH-00010"),
        ("title", "The Id does not refer to a Request in our system."),
        ("status", 404),
        ("detail", "there is no request `x`"),
        ("code", "AUTH-00010"),
        ("traceId", TRACEPARENT),
        ("statusDescription", "Not Found"),
        ("requestId", "x"),
    ]


def test_a_problem_without_a_detail_repeats_its_title_for_older_clients() -> None:
    _, body = written(RequestNotFound())

    assert body["detail"] == body["title"]


def test_a_validation_problem_lists_its_faults() -> None:
    first = Fault("AUTH.VLD-00014", "System user not found", ("?agent",))
    second = Fault("AUTH.VLD-00001", "Wrong", detail="`a` is wrong", extensions={"value": "a"})

    answer, body = written(ValidationProblem(first, second))

    assert (answer.status, answer.headers) == (400, (("content-type", PROBLEM_JSON),))
    assert body == {
        "type": "urn:altinn:error:STD-00000",
        "title": "One or more validation errors occurred.",
        "status": 400,
        "code": "STD-00000",
        "traceId": TRACEPARENT,
        "statusDescription": "Bad Request",
        "validationErrors": [
            {"code": "AUTH.VLD-00014", "title": "System user not found", "paths": ["?agent"]},
            {
                "code": "AUTH.VLD-00001",
                "title": "Wrong",
                "detail": "`a` is wrong",
                "paths": [],
                "value": "a",
            },
        ],
    }


def test_unreadable_input_is_told_as_the_framework_tells_it() -> None:
    answer, body = written(InvalidInput({"PartyOrgNo": ("The PartyOrgNo field is required.",)}))

    assert (answer.status, answer.headers) == (400, (("content-type", PROBLEM_JSON),))
    assert body == {
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.1",
        "title": "One or more validation errors occurred.",
        "status": 400,
        "errors": {"PartyOrgNo": ["The PartyOrgNo field is required."]},
        "traceId": TRACEPARENT,
    }


@pytest.mark.parametrize(
    "status, section",
    [
        (400, "15.5.1"),
        (401, "15.5.2"),
        (403, "15.5.4"),
        (404, "15.5.5"),
        (405, "15.5.6"),
        (409, "15.5.10"),
        (410, "15.5.11"),
        (413, "15.5.14"),
        (415, "15.5.16"),
        (500, "15.6.1"),
        (503, "15.6.4"),
        (418, "15"),
    ],
)
def test_a_plain_problem_has_its_section_of_the_standard(status: int, section: str) -> None:
    answer, body = written(PlainProblem(status, "Title"))

    assert answer.status == status
    assert body == {
        "type": f"https://tools.ietf.org/html/rfc9110#section-{section}",
        "title": "Title",
        "status": status,
        "traceId": TRACEPARENT,
    }


def test_a_plain_problem_may_have_a_detail_and_a_type_of_its_own() -> None:
    _, body = written(PlainProblem(404, "Not Found", "`x`", kind="about:blank"))

    assert (body["type"], body["detail"]) == ("about:blank", "`x`")


def test_a_problem_without_a_code_has_the_plain_members() -> None:
    answer, body = written(TooLarge("the body has `9` bytes"))

    assert answer.status == 413
    assert body == {
        "type": "https://tools.ietf.org/html/rfc9110#section-15.5.14",
        "title": "Content Too Large",
        "status": 413,
        "detail": "the body has `9` bytes",
        "traceId": TRACEPARENT,
    }


def test_a_text_is_one_line_of_text() -> None:
    answer = write_problem(TextProblem(404, "Ikke funnet: æ"), trace=TRACE)

    assert answer == Answer(
        404, (("content-type", "text/plain; charset=utf-8"),), "Ikke funnet: æ".encode()
    )


def test_unavailable_says_when_to_try_again() -> None:
    answer, body = written(StoreAsleep())

    assert answer.status == 503
    assert answer.headers == (("content-type", PROBLEM_JSON), ("retry-after", "7"))
    assert (body["code"], body["statusDescription"]) == ("FM-00999", "Service Unavailable")


@pytest.mark.parametrize(
    "problem, status, challenge",
    [
        (NotAuthenticated(), 401, "Bearer"),
        (
            NotAuthenticated("the token expired"),
            401,
            'Bearer error="invalid_token", error_description="the token expired"',
        ),
        (
            NotAuthorized("the token needs scope `a`"),
            403,
            'Bearer error="insufficient_scope", error_description="the token needs scope `a`"',
        ),
        (
            NotAuthorized('say "no"\r\nSet-Cookie: a\\=b; å'),
            403,
            'Bearer error="insufficient_scope", error_description="say \'no\'  Set-Cookie: a=b; ?"',
        ),
    ],
)
def test_a_refusal_is_empty_and_its_reason_stands_in_a_header(
    problem: Problem, status: int, challenge: str
) -> None:
    answer = write_problem(problem, trace=TRACE)

    assert answer == Answer(status, (("www-authenticate", challenge),), b"")


def test_a_long_reason_is_cut() -> None:
    answer = write_problem(NotAuthenticated("x" * 50_000), trace=TRACE)

    assert len(answer.headers[0][1]) < 600


@pytest.mark.parametrize(
    "traceparent",
    [
        b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00",
    ],
)
def test_a_request_continues_its_callers_trace_in_a_span_of_its_own(traceparent: bytes) -> None:
    trace = read_trace([(b"accept", b"*/*"), (b"traceparent", traceparent)])

    assert trace.correlation == TRACE.correlation
    assert trace.span != TRACE.span
    assert trace.traceparent == f"00-{TRACE.correlation}-{trace.span}-01"


@pytest.mark.parametrize(
    "traceparent",
    [
        b"",
        b"x",
        b"01-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        b"00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        b"00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n",
        b"\xff",
    ],
)
def test_a_trace_that_cannot_be_read_begins_anew(traceparent: bytes) -> None:
    first, second = (read_trace([(b"traceparent", traceparent)]) for _ in range(2))

    assert len(first.correlation) == 32
    assert first.correlation not in {second.correlation, TRACE.correlation, "0" * 32}
