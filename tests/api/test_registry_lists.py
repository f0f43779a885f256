"""Access lists, kept by their owners and read by decision points: over HTTP, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid5

import httpx
import pytest

from fullmakt.access.resources import lists_service
from fullmakt.foundation.storage.database import Database
from tests.api.registry_calls import (
    ADMIN,
    BAKERY,
    FISHERIES,
    LIST_READ,
    LIST_WRITE,
    LISTS,
    PERSON,
    PLUMBER,
    REGISTRY,
    WRITE,
    Registry,
    a_body,
    of,
    open_registry,
    owner,
)
from tests.cases.decisions.facts import SPACE
from tests.engines import ENGINES
from tests.unit.parties.served import authorized, shared_database
from tests.worlds import TestClock, new_database

ORGANIZATION = "urn:altinn:organization:identifier-no"
ONE = f"{LISTS}/skd/utvalgte"


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def database(place_url: str, clock: TestClock) -> Iterator[Database]:
    opened = new_database(place_url, clock)
    yield opened
    opened.close()


@pytest.fixture
def registry(database: Database) -> Iterator[Registry]:
    with open_registry(database) as opened:
        opened.create()
        yield opened


@pytest.fixture(scope="module", params=ENGINES)
def unchanged(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Registry]:
    """A registry with a resource and a list, for tests that change nothing."""
    with shared_database(request, tmp_path_factory) as database, open_registry(database) as opened:
        opened.create()
        made(opened)
        yield opened


def call(registry: Registry, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401
    return registry.call(method, path, **{"caller": owner(LIST_WRITE), **more})


def made(registry: Registry, identifier: str = "utvalgte") -> httpx.Response:
    body = {"name": "Utvalgte", "description": "De som får prøve"}
    return call(registry, "PUT", f"{LISTS}/skd/{identifier}", json=body)


def members(*numbers: str) -> dict[str, list[str]]:
    return {"data": [f"{ORGANIZATION}:{number}" for number in numbers]}


def numbers_on(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [each["identifiers"][ORGANIZATION] for each in answer.json()["data"]]


def test_a_list_is_made_and_read_back(registry: Registry) -> None:
    answer = made(registry)

    assert answer.status_code == 200
    assert answer.json() == {
        "urn": "urn:altinn:access-list:skd:utvalgte",
        "identifier": "utvalgte",
        "name": "Utvalgte",
        "description": "De som får prøve",
        "createdAt": "2026-11-23T09:00:00Z",
        "updatedAt": "2026-11-23T09:00:00Z",
    }
    read = call(registry, "GET", ONE)
    assert read.json() == answer.json()
    assert read.headers["etag"] == answer.headers["etag"]
    assert read.headers["last-modified"] == "Mon, 23 Nov 2026 09:00:00 GMT"


def test_a_renamed_list_has_another_version_and_the_same_name_changes_nothing(
    registry: Registry, clock: TestClock
) -> None:
    first = made(registry)
    again = made(registry)
    clock.advance(timedelta(minutes=1))
    renamed = call(registry, "PUT", ONE, json={"name": "Prøvekaniner"})

    assert again.headers["etag"] == first.headers["etag"]
    assert renamed.headers["etag"] != first.headers["etag"]
    assert renamed.json()["description"] == ""
    assert renamed.json()["createdAt"] == "2026-11-23T09:00:00Z"
    assert renamed.json()["updatedAt"] == "2026-11-23T09:01:00Z"


def test_a_deleted_list_is_shown_once_more_and_then_there_is_none(registry: Registry) -> None:
    made(registry)

    deleted = call(registry, "DELETE", ONE)

    assert (deleted.status_code, deleted.json()["identifier"]) == (200, "utvalgte")
    assert call(registry, "GET", ONE).status_code == 404
    assert call(registry, "GET", ONE).json()["detail"] == "`skd` has no access list `utvalgte`"
    again = call(registry, "DELETE", ONE)
    assert (again.status_code, again.content) == (204, b"")
    assert made(registry).status_code == 200
    assert numbers_on(call(registry, "GET", f"{ONE}/members")) == []


def test_members_are_replaced_added_and_removed(registry: Registry) -> None:
    made(registry)
    path = f"{ONE}/members"

    assert numbers_on(call(registry, "PUT", path, json=members(BAKERY))) == [BAKERY]
    assert numbers_on(call(registry, "POST", path, json=members(BAKERY, PLUMBER))) == [
        BAKERY,
        PLUMBER,
    ]
    assert numbers_on(call(registry, "DELETE", path, json=members(BAKERY))) == [PLUMBER]
    last = numbers_on(call(registry, "PUT", path, json=members(BAKERY, FISHERIES)))
    assert set(last) == {BAKERY, FISHERIES}


def test_a_member_is_shown_with_all_it_is_known_by_and_since_when(
    registry: Registry, clock: TestClock
) -> None:
    made(registry)
    call(registry, "POST", f"{ONE}/members", json=members(BAKERY))
    clock.advance(timedelta(days=1))
    call(registry, "POST", f"{ONE}/members", json=members(BAKERY, PLUMBER))

    page = call(registry, "GET", f"{ONE}/members").json()

    uuid = str(uuid5(SPACE, BAKERY))
    assert page["links"] == {}
    assert page["data"][0] == {
        "id": f"urn:altinn:party:uuid:{uuid}",
        "since": "2026-11-23T09:00:00Z",
        "identifiers": {
            "urn:altinn:party:uuid": uuid,
            "urn:altinn:party:id": 51_000_003,
            ORGANIZATION: BAKERY,
        },
    }
    assert page["data"][1]["since"] == "2026-11-24T09:00:00Z"


@pytest.mark.parametrize(
    "urn", [f"urn:altinn:party:uuid:{uuid5(SPACE, BAKERY)}", "urn:altinn:party:id:51000003"]
)
def test_a_member_may_be_named_otherwise(registry: Registry, urn: str) -> None:
    made(registry)

    answer = call(registry, "POST", f"{ONE}/members", json={"data": [urn]})

    assert numbers_on(answer) == [BAKERY]


@pytest.mark.parametrize(
    "urn",
    [
        f"{ORGANIZATION}:312500140",
        f"urn:altinn:party:uuid:{uuid5(SPACE, 'nobody')}",
        f"urn:altinn:party:uuid:{uuid5(SPACE, PERSON)}",
        "urn:altinn:party:id:1",
    ],
)
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_who_is_no_registered_organisation_cannot_be_named(
    unchanged: Registry, method: str, urn: str
) -> None:
    body = members(BAKERY)
    body["data"].append(urn)

    answer = call(unchanged, method, f"{ONE}/members", json=body)

    assert (answer.status_code, answer.json()["code"]) == (400, "RR-00001")
    assert urn in answer.json()["detail"]
    assert numbers_on(call(unchanged, "GET", f"{ONE}/members")) == []


@pytest.mark.parametrize(
    "urn",
    [f"{ORGANIZATION}:312400015", "urn:altinn:party:uuid:x", f"urn:altinn:person:{PERSON}", ""],
)
def test_what_is_no_such_urn_is_named_by_its_place(unchanged: Registry, urn: str) -> None:
    answer = call(
        unchanged, "POST", f"{ONE}/members", json={"data": [f"{ORGANIZATION}:{BAKERY}", urn]}
    )

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"data[1]": [f"The value '{urn}' is not valid."]}


@pytest.mark.parametrize(
    "method, code", [("PUT", "RR.VLD-00000"), ("POST", "RR.VLD-00001"), ("DELETE", "RR.VLD-00001")]
)
def test_no_more_than_a_hundred_are_named_at_once(
    unchanged: Registry, method: str, code: str
) -> None:
    answer = call(unchanged, method, f"{ONE}/members", json=members(*[BAKERY] * 101))

    (fault,) = answer.json()["validationErrors"]
    assert (answer.status_code, fault["code"], fault["paths"]) == (400, code, ["/data"])


def test_members_of_no_list_are_not_found(registry: Registry) -> None:
    for method in ("PUT", "POST", "DELETE"):
        answer = call(registry, method, f"{ONE}/members", json=members(BAKERY))
        assert answer.status_code == 404
    assert call(registry, "GET", f"{ONE}/members").status_code == 404
    assert call(registry, "GET", f"{ONE}/resource-connections").status_code == 404


def connected(
    registry: Registry, *actions: str, resource: str = "ske-demo", identifier: str = "utvalgte"
) -> httpx.Response:
    path = f"{LISTS}/skd/{identifier}/resource-connections/{resource}"
    return call(registry, "PUT", path, json={"actionFilters": list(actions)})


def test_a_resource_is_connected_for_some_actions_or_for_all(
    registry: Registry, clock: TestClock
) -> None:
    made(registry)
    first = connected(registry, "write", "read", "read")
    clock.advance(timedelta(hours=1))
    second = connected(registry)

    assert first.json() == {
        "resourceIdentifier": "ske-demo",
        "createdAt": "2026-11-23T09:00:00Z",
        "updatedAt": "2026-11-23T09:00:00Z",
        "actionFilters": ["read", "write"],
    }
    assert second.json() == {
        "resourceIdentifier": "ske-demo",
        "createdAt": "2026-11-23T09:00:00Z",
        "updatedAt": "2026-11-23T10:00:00Z",
    }
    listed = call(registry, "GET", f"{ONE}/resource-connections").json()
    assert listed == {"links": {}, "data": [second.json()]}


def test_a_disconnected_resource_is_shown_once_more(registry: Registry) -> None:
    made(registry)
    connected(registry, "read")
    path = f"{ONE}/resource-connections/ske-demo"

    ended = call(registry, "DELETE", path)

    assert (ended.status_code, ended.json()["actionFilters"]) == (200, ["read"])
    assert call(registry, "DELETE", path).status_code == 204
    assert call(registry, "GET", f"{ONE}/resource-connections").json()["data"] == []


def test_a_resource_that_is_deleted_leaves_every_list(registry: Registry) -> None:
    made(registry)
    connected(registry)
    before = call(registry, "GET", ONE).headers["etag"]

    registry.call("DELETE", f"{REGISTRY}/ske-demo", caller=owner())

    assert call(registry, "GET", f"{ONE}/resource-connections").json()["data"] == []
    assert call(registry, "GET", ONE).headers["etag"] != before


def test_only_a_resource_of_the_same_owner_is_connected(registry: Registry) -> None:
    made(registry)
    theirs = a_body("mat-demo", hasCompetentAuthority={"organization": FISHERIES, "orgcode": "mat"})
    registry.call("POST", REGISTRY, json=theirs, caller=of(FISHERIES, WRITE))

    unknown = connected(registry, resource="ske-ukjent")
    foreign = connected(registry, resource="mat-demo")

    assert (unknown.status_code, unknown.json()["code"]) == (400, "RR-00002")
    assert (foreign.status_code, foreign.json()["code"]) == (403, "RR-00004")
    assert foreign.json()["detail"] == "`mat-demo` is of 312900025, not of `skd`"


def test_lists_are_shown_with_what_they_open(registry: Registry) -> None:
    made(registry)
    made(registry, "andre")
    connected(registry, "read")

    plain = call(registry, "GET", f"{LISTS}/skd").json()["data"]
    opened = call(registry, "GET", f"{LISTS}/skd?include=resources&resource=ske-demo").json()[
        "data"
    ]
    one = call(registry, "GET", f"{ONE}?include=resources").json()

    assert [each["identifier"] for each in plain] == ["andre", "utvalgte"]
    assert all("resourceConnections" not in each for each in plain)
    assert [len(each["resourceConnections"]) for each in opened] == [0, 1]
    assert one["resourceConnections"][0]["resourceIdentifier"] == "ske-demo"


@pytest.mark.parametrize(
    "path, status, code",
    [
        (f"{LISTS}/skd?include=resources", 400, "RR.VLD-00002"),
        (f"{LISTS}/skd?include=members", 501, "RR-00000"),
        (f"{ONE}?include=members", 501, "RR-00000"),
        (f"{LISTS}/ukjent", 400, "RR.VLD-00010"),
        (f"{LISTS}/212000019", 400, "RR.VLD-00010"),
    ],
)
def test_what_cannot_be_shown_has_a_code(
    unchanged: Registry, path: str, status: int, code: str
) -> None:
    answer = call(unchanged, "GET", path)

    told = answer.json()
    assert answer.status_code == status
    assert code in {told["code"], *(each["code"] for each in told.get("validationErrors", ()))}


def test_an_include_that_is_none_is_refused(registry: Registry) -> None:
    answer = call(registry, "GET", f"{LISTS}/skd?include=alt")

    assert answer.json()["errors"] == {"include": ["The value 'alt' is not valid."]}


@pytest.mark.parametrize(
    "body, member", [({}, "$"), ({"name": " "}, "name"), ({"name": 1}, "$.name")]
)
def test_a_list_has_a_name(registry: Registry, body: dict[str, Any], member: str) -> None:
    answer = call(registry, "PUT", ONE, json=body)

    assert (answer.status_code, list(answer.json()["errors"])) == (400, [member])


_PATHS = [
    ("GET", f"{LISTS}/skd"),
    ("GET", ONE),
    ("GET", f"{ONE}/members"),
    ("GET", f"{ONE}/resource-connections"),
    ("PUT", ONE),
    ("DELETE", ONE),
    ("PUT", f"{ONE}/members"),
    ("POST", f"{ONE}/members"),
    ("DELETE", f"{ONE}/members"),
    ("PUT", f"{ONE}/resource-connections/ske-demo"),
    ("DELETE", f"{ONE}/resource-connections/ske-demo"),
]
_BODY = {"name": "x", "data": [], "actionFilters": []}
_CALLERS = {
    "no token": ({}, 401, "a bearer token is needed"),
    "a token that ran out": (owner(LIST_WRITE, exp=1), 401, "the token expired"),
    "the wrong scope": (owner(WRITE), 403, "the token needs scope"),
    "another owner": (of(FISHERIES, LIST_WRITE), 403, "the access lists are of `skd`"),
    "nobody's token": (authorized(LIST_WRITE), 403, "the token is of no organisation"),
}


@pytest.mark.parametrize("caller", _CALLERS)
@pytest.mark.parametrize("method, path", _PATHS)
def test_only_the_owner_keeps_its_lists(
    unchanged: Registry, method: str, path: str, caller: str
) -> None:
    headers, status, reason = _CALLERS[caller]

    answer = unchanged.call(method, path, caller=headers, json=_BODY)

    assert answer.status_code == status
    assert reason in answer.headers["www-authenticate"]


@pytest.mark.parametrize("method, path", _PATHS)
def test_the_scope_to_read_does_not_write(unchanged: Registry, method: str, path: str) -> None:
    answer = unchanged.call(method, path, caller=owner(LIST_READ), json=_BODY)

    assert answer.status_code == (200 if method == "GET" else 403)
    told = answer.headers.get("www-authenticate", "")
    assert (f"the token needs scope {ADMIN} or {LIST_WRITE}" in told) is (method != "GET")


def test_the_admin_scope_keeps_every_owners_lists(registry: Registry) -> None:
    answer = registry.call("PUT", ONE, caller=of(FISHERIES, ADMIN), json={"name": "x"})

    assert answer.status_code == 200


_LATER, _EARLIER = "Mon, 23 Nov 2026 09:00:01 GMT", "Mon, 23 Nov 2026 08:59:59 GMT"
_NOW = "Mon, 23 Nov 2026 09:00:00 GMT"


@pytest.mark.parametrize(
    "headers, reading, writing",
    [
        ({"if-match": "{etag}"}, 200, 200),
        ({"if-match": '"0", {etag}'}, 200, 200),
        ({"if-match": "*"}, 200, 200),
        ({"if-match": '"0"'}, 412, 412),
        ({"if-match": "W/{etag}"}, 412, 412),
        ({"if-none-match": "{etag}"}, 304, 412),
        ({"if-none-match": "W/{etag}"}, 304, 412),
        ({"if-none-match": "*"}, 304, 412),
        ({"if-none-match": '"0"'}, 200, 200),
        ({"if-modified-since": _NOW}, 304, 200),
        ({"if-modified-since": _EARLIER}, 200, 200),
        ({"if-unmodified-since": _NOW}, 200, 200),
        ({"if-unmodified-since": _EARLIER}, 412, 412),
        ({"if-match": "{etag}", "if-unmodified-since": _EARLIER}, 200, 200),
        ({"if-none-match": '"0"', "if-modified-since": _LATER}, 200, 200),
        ({"if-modified-since": "i fjor"}, 200, 200),
        ({"if-match": "0"}, 400, 400),
    ],
)
def test_conditions_are_judged_in_order(
    registry: Registry, headers: dict[str, str], reading: int, writing: int
) -> None:
    etag = made(registry).headers["etag"]
    conditions = {name: value.replace("{etag}", etag) for name, value in headers.items()}

    read = [
        call(registry, "GET", f"{ONE}{part}", headers=conditions)
        for part in ("", "/members", "/resource-connections")
    ]
    written = call(registry, "PUT", ONE, headers=conditions, json={"name": "Ny"})

    assert [each.status_code for each in read] == [reading] * 3
    assert written.status_code == writing
    if reading == 304:
        assert (read[0].content, read[0].headers["etag"]) == (b"", etag)
    if writing == 412:
        assert written.json()["detail"].startswith(f"its entity tag is {etag} now")
        assert call(registry, "GET", ONE).json()["name"] == "Utvalgte"


@pytest.mark.parametrize(
    "method, part, body",
    [
        ("DELETE", "", None),
        ("PUT", "/members", members(BAKERY)),
        ("POST", "/members", members(BAKERY)),
        ("DELETE", "/members", members(BAKERY)),
        ("PUT", "/resource-connections/ske-demo", {}),
        ("DELETE", "/resource-connections/ske-demo", None),
    ],
)
def test_every_change_minds_the_version(
    registry: Registry, method: str, part: str, body: object
) -> None:
    stale = made(registry).headers["etag"]
    call(registry, "PUT", ONE, json={"name": "Ny"})

    answer = call(registry, method, ONE + part, headers={"if-match": stale}, json=body)

    assert answer.status_code == 412
    assert call(registry, "GET", ONE).json()["name"] == "Ny"


def test_a_list_that_must_be_new_is_made_once(registry: Registry) -> None:
    new = {"if-none-match": "*"}

    first = call(registry, "PUT", ONE, headers=new, json={"name": "x"})
    second = call(registry, "PUT", ONE, headers=new, json={"name": "y"})
    other = call(registry, "PUT", f"{LISTS}/skd/b", headers={"if-match": "*"}, json={"name": "x"})

    assert [first.status_code, second.status_code, other.status_code] == [200, 412, 412]
    assert other.json()["detail"].startswith("there is no such list")


def test_pages_hold_every_row_once_and_mind_the_version(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists_service, "PAGE_SIZE", 1)
    monkeypatch.setattr("fullmakt.access.resources.lists_routes.PAGE_SIZE", 1)
    for name in ("a", "b", "utvalgte"):
        made(registry, name)
    call(registry, "PUT", f"{ONE}/members", json=members(BAKERY, PLUMBER, FISHERIES))

    lists = [each["identifier"] for each in followed(registry, f"{LISTS}/skd")]
    listed = [each["identifiers"][ORGANIZATION] for each in followed(registry, f"{ONE}/members")]
    later = call(registry, "GET", f"{ONE}/members").json()["links"]["next"]
    call(registry, "PUT", ONE, json={"name": "Ny"})

    assert lists == ["a", "b", "utvalgte"]
    assert sorted(listed) == sorted([BAKERY, PLUMBER, FISHERIES])
    assert call(registry, "GET", later).status_code == 412


def followed(registry: Registry, path: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while path:
        page = call(registry, "GET", path).json()
        found += page["data"]
        parts = urlsplit(page["links"].get("next", ""))
        path = f"{parts.path}?{parts.query}" if parts.path else ""
    return found


PARTY = f"party={ORGANIZATION}:{BAKERY}"
RESOURCE = "resource=urn:altinn:resource:ske-demo"


def looked_up(registry: Registry, query: str, **more: Any) -> httpx.Response:  # noqa: ANN401
    caller = more.pop("caller", of(FISHERIES, ADMIN))
    return registry.call("GET", f"{LISTS}/memberships?{query}", caller=caller, **more)


def test_memberships_say_what_a_party_may_use_and_since_when(
    registry: Registry, clock: TestClock
) -> None:
    registry.create("ske-annet")
    made(registry)
    call(registry, "PUT", f"{ONE}/members", json=members(BAKERY))
    clock.advance(timedelta(days=1))
    connected(registry, "read")
    connected(registry, resource="ske-annet")

    one = looked_up(registry, f"{PARTY}&{RESOURCE}").json()
    both = looked_up(registry, PARTY).json()["data"]
    none = looked_up(registry, f"party={ORGANIZATION}:{PLUMBER}&{RESOURCE}").json()

    assert one == {
        "data": [
            {
                "party": f"urn:altinn:party:uuid:{uuid5(SPACE, BAKERY)}",
                "resource": "urn:altinn:resource:ske-demo",
                "since": "2026-11-24T09:00:00Z",
                "actionFilters": ["read"],
            }
        ]
    }
    assert [each["resource"].rpartition(":")[2] for each in both] == ["ske-annet", "ske-demo"]
    assert "actionFilters" not in both[0]
    assert none == {"data": []}


@pytest.mark.parametrize(
    "query, code, path",
    [
        ("", "RR.VLD-00003", "/$QUERY/party"),
        ("party=312400014", "RR.VLD-00004", "/$QUERY/party"),
        (f"{PARTY}&resource=ske-demo", "RR.VLD-00005", "/$QUERY/resource"),
        (f"{PARTY}&{PARTY}", "RR.VLD-00006", "/$QUERY/party"),
        (f"{PARTY}&{RESOURCE}&{RESOURCE}", "RR.VLD-00007", "/$QUERY/resource"),
    ],
)
def test_memberships_are_of_one_party_on_one_resource(
    unchanged: Registry, query: str, code: str, path: str
) -> None:
    answer = looked_up(unchanged, query)

    (fault,) = answer.json()["validationErrors"]
    assert (answer.status_code, fault["code"], fault["paths"]) == (400, code, [path])


@pytest.mark.parametrize("caller, status", [({}, 401), (owner(LIST_WRITE), 403)])
def test_memberships_are_for_the_platform(
    registry: Registry, caller: dict[str, str], status: int
) -> None:
    assert looked_up(registry, PARTY, caller=caller).status_code == status
