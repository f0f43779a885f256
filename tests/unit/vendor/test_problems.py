"""Answers that are problems, in each of the platform's shapes."""

from __future__ import annotations

import httpx
import pytest

from fullmakt.vendor import (
    AgentNotFound,
    ClientIdTaken,
    ClientLacksPackages,
    ClientNotFound,
    InvalidInput,
    LinkNotFound,
    NotAnAgent,
    NotAuthenticated,
    NotAuthorized,
    NotFound,
    NothingAskedFor,
    NotPermitted,
    PackageNotDelegable,
    PackageNotOnSystem,
    PartyNotFound,
    PlatformProblem,
    PlatformUnavailable,
    RedirectRefused,
    RequestExists,
    RequestNotFound,
    Requests,
    RightNotOnSystem,
    SystemIdTaken,
    SystemNotFound,
    SystemUserExists,
    SystemUserNotChangeable,
    Unreachable,
    ValidationRefused,
)
from tests.unit.vendor.remote import TRACE, Remote, plain_problem, problem, refused

SYSTEM = "312300109_maestro"
PATH = f"/authentication/api/v1/systemuser/request/vendor/bysystem/{SYSTEM}"


def raised(remote: Remote, reply: httpx.Response | Exception) -> Exception:
    remote.on("GET", PATH, reply)
    with pytest.raises((PlatformProblem, Unreachable)) as raised:
        list(Requests(remote.transport()).by_system(SYSTEM))
    return raised.value


def raised_problem(remote: Remote, reply: httpx.Response) -> PlatformProblem:
    found = raised(remote, reply)
    assert isinstance(found, PlatformProblem)
    return found


def validation(*codes: str) -> httpx.Response:
    entries = [{"code": code, "title": "not so", "paths": ["?agent"]} for code in codes]
    title = "One or more validation errors occurred."
    return problem("STD-00000", 400, title, validationErrors=entries)


@pytest.mark.parametrize(
    "code, status, situation",
    [
        ("AUTH-00000", 400, PartyNotFound),
        ("AUTH-00001", 400, RightNotOnSystem),
        ("AUTH-00004", 400, SystemUserExists),
        ("AUTH-00006", 400, RequestExists),
        ("AUTH-00007", 400, RequestExists),
        ("AUTH-00008", 400, RequestExists),
        ("AUTH-00009", 400, RequestExists),
        ("AUTH-00010", 404, RequestNotFound),
        ("AUTH-00011", 404, SystemNotFound),
        ("AUTH-00015", 404, SystemUserNotChangeable),
        ("AUTH-00021", 400, RedirectRefused),
        ("AUTH-00026", 400, RedirectRefused),
        ("AUTH-00031", 400, LinkNotFound),
        ("AUTH-00038", 400, LinkNotFound),
        ("AUTH-00058", 400, NothingAskedFor),
        ("AUTH-00059", 400, NothingAskedFor),
        ("AUTH-00063", 400, PackageNotOnSystem),
        ("AUTH-00064", 400, PackageNotDelegable),
        ("AUTH-00065", 400, PackageNotDelegable),
        ("AUTH-00079", 400, ClientNotFound),
        ("AUTH-00080", 400, ClientLacksPackages),
        ("AUTH-00055", 500, PlatformUnavailable),
        ("AUTH-00043", 401, NotAuthenticated),
        ("AUTH-00066", 403, NotPermitted),
        ("AUTH-00049", 400, PlatformProblem),
    ],
)
def test_each_code_is_its_own_situation(
    code: str, status: int, situation: type[PlatformProblem], remote: Remote
) -> None:
    found = raised_problem(remote, problem(code, status, "A fixed text."))

    assert type(found) is situation
    assert (found.code, found.status, found.title, found.trace_id) == (
        code,
        status,
        "A fixed text.",
        TRACE,
    )


@pytest.mark.parametrize(
    "codes, situation",
    [
        (("AUTH.VLD-00002",), SystemIdTaken),
        (("AUTH.VLD-00004",), ClientIdTaken),
        (("AUTH.VLD-00014",), AgentNotFound),
        (("AUTH.VLD-00015",), NotAnAgent),
        (("AUTH.VLD-00003", "AUTH.VLD-00002"), SystemIdTaken),
        (("AUTH.VLD-00008",), ValidationRefused),
        ((), ValidationRefused),
    ],
)
def test_a_validation_problem_is_named_by_its_first_known_entry(
    codes: tuple[str, ...], situation: type[PlatformProblem], remote: Remote
) -> None:
    found = raised_problem(remote, validation(*codes))

    assert type(found) is situation
    assert tuple(entry.code for entry in found.validation_errors) == codes


def test_an_entry_keeps_its_paths_and_its_own_members(remote: Remote) -> None:
    entry = {
        "code": "AUTH.VLD-00003",
        "title": "One or more resources were not found.",
        "paths": ["/registersystemrequest/rights/resource"],
        "ResourceIds Not Found : ": "does-not-exist",
    }

    found = raised_problem(remote, problem("STD-00000", 400, "Errors.", validationErrors=[entry]))

    assert found.validation_errors[0].paths == ("/registersystemrequest/rights/resource",)
    assert found.validation_errors[0].extensions == {"ResourceIds Not Found : ": "does-not-exist"}


def test_members_of_its_own_are_kept(remote: Remote) -> None:
    urn = "urn:altinn:accesspackage:skattegrunnlag"

    found = raised_problem(remote, problem("AUTH-00063", 400, "Not found.", NotFoundPackages=urn))

    assert found.extensions == {"NotFoundPackages": urn}


def test_the_text_of_an_older_answer_is_read_from_its_detail(remote: Remote) -> None:
    older = {"title": "Not Found", "detail": "The Id does not refer to a Request in our system."}

    found = raised_problem(
        remote, httpx.Response(404, json={"status": 404, "code": "AUTH-00010", **older})
    )

    assert str(found) == "404 AUTH-00010: The Id does not refer to a Request in our system."


def test_input_that_could_not_be_read_says_which_member(remote: Remote) -> None:
    told = {"requestId": ["The value 'x' is not valid."]}

    found = raised_problem(remote, plain_problem(400, "Validation errors.", errors=told))

    assert isinstance(found, InvalidInput)
    assert found.errors == {"requestId": ("The value 'x' is not valid.",)}


def test_an_empty_401_says_its_reason(remote: Remote) -> None:
    reason = "the token expired at 2026-09-01T10:00:00Z"

    found = raised_problem(remote, refused(401, "invalid_token", reason))

    assert isinstance(found, NotAuthenticated)
    assert found.reason == reason
    assert str(found) == f"401: {reason}"


def test_an_empty_403_says_its_reason(remote: Remote) -> None:
    reason = "scope `altinn:authentication/systemuser.request.read` is missing"

    found = raised_problem(remote, refused(403, "insufficient_scope", reason))

    assert type(found) is NotAuthorized
    assert found.reason == reason


def test_a_refusal_without_a_word_is_still_told_apart(remote: Remote) -> None:
    found = raised_problem(remote, httpx.Response(403))

    assert type(found) is NotAuthorized
    assert str(found) == "403"


def test_a_403_with_a_problem_is_a_decision(remote: Remote) -> None:
    found = raised_problem(
        remote, plain_problem(403, "Forbidden", detail="the client is not linked", basis="none")
    )

    assert isinstance(found, NotPermitted)
    assert found.detail == "the client is not linked"
    assert found.extensions["basis"] == "none"


def test_a_404_without_a_code_is_just_not_found(remote: Remote) -> None:
    assert type(raised_problem(remote, plain_problem(404, "Not Found"))) is NotFound


@pytest.mark.parametrize("status", [500, 502, 503])
def test_a_failing_platform_is_unavailable(status: int, remote: Remote) -> None:
    found = raised_problem(remote, httpx.Response(status, text="<html>Bad Gateway</html>"))

    assert isinstance(found, PlatformUnavailable)


@pytest.mark.parametrize(
    "fault", [httpx.ConnectError("connection refused"), httpx.ReadTimeout("timed out")]
)
def test_no_answer_says_which_address_and_why(fault: httpx.TransportError, remote: Remote) -> None:
    found = raised(remote, fault)

    assert isinstance(found, Unreachable)
    assert PATH in str(found)
    assert str(fault) in str(found)


def test_a_redirect_is_not_followed(remote: Remote) -> None:
    remote.http.follow_redirects = True
    reply = httpx.Response(302, headers={"Location": "http://elsewhere.example/"})

    found = raised_problem(remote, reply)

    assert found.status == 302
    assert [request.url.host for request in remote.asked] == ["127.0.0.1"]


def test_a_cookie_from_one_answer_is_not_sent_with_the_next_request(remote: Remote) -> None:
    with_cookie = httpx.Response(
        200, headers={"Set-Cookie": "AltinnStudioRuntime=a-token; Path=/"}, json={"data": []}
    )
    remote.on("GET", PATH, with_cookie)
    requests = Requests(remote.transport())

    list(requests.by_system(SYSTEM))
    list(requests.by_system(SYSTEM))

    assert "Cookie" not in remote.last.headers
    assert remote.last.headers["Authorization"] == "Bearer a-token"
