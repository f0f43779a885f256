"""The system register over HTTP: who may, in which order things are refused, what is answered."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.api.systems_world import (
    APP,
    CLIENT_ID,
    DIRECTOR,
    OTHER_VENDOR,
    PORTAL,
    PUBLIC_REGISTER,
    REGISTER,
    REGISTER_SCOPE,
    REQUEST_WRITE,
    SCOPE_SERVICE,
    SERVICE,
    SIGNING,
    SYSTEM,
    TAX,
    VENDOR,
    World,
    bearer,
    codes,
    named,
    reason,
    right,
    system_body,
)

ONE = f"{REGISTER}/{SYSTEM}"
ADMIN = "altinn:authentication/systemregister.admin"
VENDOR_ENDPOINTS = [
    ("GET", REGISTER),
    ("POST", REGISTER),
    ("GET", ONE),
    ("PUT", ONE),
    ("DELETE", ONE),
    ("PUT", f"{ONE}/rights"),
    ("PUT", f"{ONE}/accesspackages"),
    ("GET", f"{ONE}/changelog"),
]
PORTAL_ENDPOINTS = [
    PUBLIC_REGISTER,
    f"{PUBLIC_REGISTER}/{SYSTEM}",
    f"{PUBLIC_REGISTER}/{SYSTEM}/rights",
    f"{PUBLIC_REGISTER}/{SYSTEM}/accesspackages",
]
BODIES = {
    f"{ONE}/rights": [right(SERVICE)],
    f"{ONE}/accesspackages": named(TAX),
}


def test_a_new_system_is_answered_with_its_internal_id_as_a_string(world: World) -> None:
    answer = world.register()

    assert answer.status_code == 200
    assert isinstance(answer.json(), str)
    assert len(answer.json()) == 36


def test_a_vendor_reads_its_system_as_it_was_registered(world: World) -> None:
    world.register()

    answer = world.http.get(ONE, headers=world.vendor())

    assert answer.json() == {
        **system_body(),
        "vendor": {"ID": f"0192:{VENDOR}"},
        "isDeleted": False,
    }


def test_member_names_are_read_in_any_letter_case(world: World) -> None:
    body = {name.upper(): value for name, value in system_body().items()}

    answer = world.http.post(REGISTER, json=body, headers=world.vendor())

    assert answer.status_code == 200


@pytest.mark.parametrize("method, path", VENDOR_ENDPOINTS)
def test_without_a_token_a_vendor_is_told_to_bring_one(
    world: World, method: str, path: str
) -> None:
    answer = world.http.request(method, path)

    assert answer.status_code == 401
    assert "a bearer token is needed" in reason(answer)


@pytest.mark.parametrize("method, path", VENDOR_ENDPOINTS)
def test_a_token_without_the_scope_is_told_which_one(world: World, method: str, path: str) -> None:
    answer = world.http.request(method, path, headers=world.vendor(REQUEST_WRITE))

    assert answer.status_code == 403
    assert f"the token needs scope {REGISTER_SCOPE}" in reason(answer)


@pytest.mark.parametrize("method, path", [e for e in VENDOR_ENDPOINTS if e[1] != REGISTER])
def test_another_vendor_is_refused_by_owner(world: World, method: str, path: str) -> None:
    world.register()

    other = world.vendor(organization=OTHER_VENDOR)
    answer = world.http.request(method, path, headers=other, json=BODIES.get(path, system_body()))

    assert answer.status_code == 403
    assert f"the system belongs to '{VENDOR}'" in reason(answer).replace("`", "'")


@pytest.mark.parametrize("path", PORTAL_ENDPOINTS)
def test_a_vendors_token_does_not_open_the_customers_side(world: World, path: str) -> None:
    answer = world.http.get(path, headers=world.vendor())

    assert answer.status_code == 403
    assert f"the token needs scope {PORTAL}" in reason(answer)


def test_an_expired_token_is_refused_with_the_time_it_expired(world: World) -> None:
    token = world.token(REGISTER_SCOPE, lives=timedelta(minutes=-1))

    answer = world.http.get(REGISTER, headers=bearer(token))

    assert answer.status_code == 401
    assert "the token expired at 2026-11-23T08:59:00Z" in reason(answer)


def test_a_token_without_an_organisation_lists_nothing(world: World) -> None:
    answer = world.http.get(REGISTER, headers=bearer(world.token(REGISTER_SCOPE)))

    assert answer.status_code == 403
    assert "names no organisation" in reason(answer)


def test_a_scope_that_only_contains_the_administrators_does_not_help(world: World) -> None:
    world.register()

    other = world.vendor(REGISTER_SCOPE, f"{ADMIN}.x", organization=OTHER_VENDOR)
    answer = world.http.get(ONE, headers=other)

    assert answer.status_code == 403
    assert "belongs to" in reason(answer)


def test_an_administrator_reads_any_system(world: World) -> None:
    world.register()

    answer = world.http.get(ONE, headers=world.vendor(ADMIN, organization=OTHER_VENDOR))

    assert answer.json()["id"] == SYSTEM


def test_a_stranger_is_refused_before_being_told_what_is_wrong(world: World) -> None:
    body = {**system_body(), "allowedRedirectUrls": ["http://nowhere"]}

    other = world.vendor(organization=OTHER_VENDOR)
    answer = world.http.post(REGISTER, json=body, headers=other)

    assert answer.status_code == 403
    assert "belongs to" in reason(answer)


CREATION_FAULTS = [
    ({"vendor": {"ID": "0190:312300109"}}, ["AUTH.VLD-00000"]),
    ({"vendor": {"ID": "0192:312300108"}}, ["AUTH.VLD-00000"]),
    ({"id": f"{VENDOR}_a b"}, ["AUTH.VLD-00013"]),
    ({"id": "maestro"}, ["AUTH.VLD-00001"]),
    ({"allowedRedirectUrls": ["http://a.example"]}, ["AUTH.VLD-00005"]),
    ({"allowedRedirectUrls": ["/receipt"]}, ["AUTH.VLD-00005"]),
    ({"rights": [{"resource": [{"id": "urn:altinn:org", "value": "skd"}]}]}, ["AUTH.VLD-00009"]),
    ({"rights": [right("ske-unknown")]}, ["AUTH.VLD-00003"]),
    ({"rights": [right(SCOPE_SERVICE)]}, ["AUTH.VLD-00017"]),
    ({"rights": [right(SERVICE), right(SERVICE)]}, ["AUTH.VLD-00006"]),
    ({"accessPackages": named("urn:altinn:accesspackage:nothing")}, ["AUTH.VLD-00008"]),
    ({"accessPackages": named("skattegrunnlag")}, ["AUTH.VLD-00008"]),
    ({"accessPackages": named("urn:altinn:accesspackage:eksplisitt")}, ["AUTH.VLD-00008"]),
    ({"accessPackages": named(TAX, TAX)}, ["AUTH.VLD-00007"]),
    ({"isVisible": True, "accessPackages": named(SIGNING)}, ["AUTH.VLD-00018"]),
    (
        {"id": "a b", "allowedRedirectUrls": ["x"], "accessPackages": named(TAX, TAX)},
        ["AUTH.VLD-00013", "AUTH.VLD-00001", "AUTH.VLD-00005", "AUTH.VLD-00007"],
    ),
]


@pytest.mark.parametrize("changes, expected", CREATION_FAULTS)
@pytest.mark.parametrize("systems_url", ["sqlite"], indirect=True)
def test_every_fault_of_a_registration_is_told_at_once_and_in_order(
    world: World, changes: dict[str, object], expected: list[str]
) -> None:
    answer = world.register(**changes)

    assert codes(answer) == expected
    assert answer.json()["code"] == "STD-00000"


def test_a_vendor_id_must_be_a_norwegian_organisation_number(world: World) -> None:
    answer = world.register(vendor={"ID": "0192"})

    assert codes(answer) == ["AUTH.VLD-00000"]
    assert answer.json()["validationErrors"][0]["paths"] == ["/registersystemrequest/vendor/id"]


def test_registering_twice_says_already_exists_and_names_the_client(world: World) -> None:
    world.register()

    answer = world.register()

    assert codes(answer) == ["AUTH.VLD-00002", "AUTH.VLD-00004"]
    assert "already exists" in answer.text
    assert CLIENT_ID in answer.text


def test_unknown_resources_are_named_in_the_member_the_original_uses(world: World) -> None:
    answer = world.register(rights=[right("ske-one"), right("ske-two")])

    fault = answer.json()["validationErrors"][0]
    assert fault["ResourceIds Not Found : "] == "ske-one | ske-two"


def test_what_is_wrong_with_each_package_is_told(world: World) -> None:
    packages = named(
        "nonsense", "urn:altinn:accesspackage:no", "urn:altinn:accesspackage:eksplisitt"
    )

    answer = world.register(accessPackages=packages)

    told = answer.json()["validationErrors"][0]["Invalid Urn Details : "]
    assert told == (
        "Invalid format: nonsense | Not found: urn:altinn:accesspackage:no"
        " | Not possible to delegate: urn:altinn:accesspackage:eksplisitt"
    )


@pytest.mark.parametrize("member", ["id", "vendor", "name", "description"])
@pytest.mark.parametrize("systems_url", ["sqlite"], indirect=True)
def test_a_body_without_a_required_member_says_which(world: World, member: str) -> None:
    body = {name: value for name, value in system_body().items() if name != member}

    answer = world.http.post(REGISTER, json=body, headers=world.vendor())

    assert answer.status_code == 400
    assert f"`{member}`" in str(answer.json()["errors"])


def test_null_rights_are_refused_as_input(world: World) -> None:
    answer = world.register(rights=None)
    clients = world.register(clientId=None)
    packages = world.register(accessPackages=None)

    assert (answer.status_code, clients.status_code, packages.status_code) == (400, 400, 200)
    assert "rights" in str(answer.json()["errors"])


def test_a_host_alone_is_answered_with_a_slash(world: World) -> None:
    world.register(allowedRedirectUrls=["https://VG.no:443"])

    answer = world.http.get(ONE, headers=world.vendor())

    assert answer.json()["allowedRedirectUrls"] == ["https://vg.no/"]


def test_the_vendors_list_holds_its_own_systems_hidden_ones_too(world: World) -> None:
    world.register()

    mine = world.http.get(REGISTER, headers=world.vendor())
    theirs = world.http.get(REGISTER, headers=world.vendor(organization=OTHER_VENDOR))

    assert [system["systemId"] for system in mine.json()] == [SYSTEM]
    assert mine.json()[0]["systemVendorOrgNumber"] == VENDOR
    assert mine.headers["cache-control"] == "no-store,no-cache"
    assert theirs.json() == []


def test_customers_choose_among_visible_systems(world: World) -> None:
    world.register()
    world.register(id=f"{VENDOR}_open", clientId=[], isVisible=True, accessPackages=named(TAX))

    answer = world.http.get(PUBLIC_REGISTER, headers=world.person(DIRECTOR))

    assert [system["systemId"] for system in answer.json()] == [f"{VENDOR}_open"]


def test_customers_read_a_hidden_system_by_its_id(world: World) -> None:
    world.register()

    answer = world.http.get(f"{PUBLIC_REGISTER}/{SYSTEM}", headers=world.person(DIRECTOR))
    unknown = world.http.get(f"{PUBLIC_REGISTER}/nothing", headers=world.person(DIRECTOR))

    assert answer.json()["systemId"] == SYSTEM
    assert unknown.status_code == 404
    assert unknown.json()["detail"] == "no system has id `nothing`"


def test_rights_and_packages_of_an_unknown_system_are_empty(world: World) -> None:
    person = world.person(DIRECTOR)

    rights = world.http.get(f"{PUBLIC_REGISTER}/nothing/rights", headers=person)
    packages = world.http.get(f"{PUBLIC_REGISTER}/nothing/accesspackages", headers=person)

    assert (rights.json(), packages.json()) == ([], [])


def test_an_app_can_be_read_in_its_old_form(world: World) -> None:
    world.register(rights=[right(APP)], accessPackages=named(TAX))
    person = world.person(DIRECTOR)

    new = world.http.get(f"{PUBLIC_REGISTER}/{SYSTEM}/rights", headers=person)
    old = world.http.get(
        f"{PUBLIC_REGISTER}/{SYSTEM}/rights?useOldFormatForApp=true", headers=person
    )
    packages = world.http.get(f"{PUBLIC_REGISTER}/{SYSTEM}/accesspackages", headers=person)

    assert new.json() == [right(APP)]
    assert old.json()[0]["resource"] == [
        {"id": "urn:altinn:org", "value": "skd"},
        {"id": "urn:altinn:app", "value": "mva-melding-innsending-v1"},
    ]
    assert packages.json() == named(TAX)


def test_a_replacement_replaces_everything(world: World) -> None:
    world.register()
    body = {**system_body(), "clientId": ["another"], "accessPackages": named(TAX), "rights": []}

    answer = world.http.put(ONE, json=body, headers=world.vendor())

    read = world.http.get(ONE, headers=world.vendor()).json()
    assert answer.json() == {"succeeded": True}
    assert (read["clientId"], read["accessPackages"], read["rights"]) == (
        ["another"],
        named(TAX),
        [],
    )


REPLACEMENT_FAULTS = [
    ({"id": f"{VENDOR}_other"}, ["AUTH.VLD-00012"]),
    ({"clientId": ["x", "X"]}, ["AUTH.VLD-00011"]),
    ({"clientId": ["taken"]}, ["AUTH.VLD-00004"]),
    ({"rights": [right("ske-unknown")]}, ["AUTH.VLD-00003"]),
    ({"isVisible": True}, ["AUTH.VLD-00018"]),
    (
        {"accessPackages": named(TAX, TAX), "clientId": ["taken", "taken"]},
        ["AUTH.VLD-00007", "AUTH.VLD-00011", "AUTH.VLD-00004"],
    ),
]


@pytest.mark.parametrize("changes, expected", REPLACEMENT_FAULTS)
@pytest.mark.parametrize("systems_url", ["sqlite"], indirect=True)
def test_every_fault_of_a_replacement_is_told_in_order(
    world: World, changes: dict[str, object], expected: list[str]
) -> None:
    world.register()
    world.register(id=f"{VENDOR}_second", clientId=["taken"])

    answer = world.http.put(ONE, json={**system_body(), **changes}, headers=world.vendor())

    assert codes(answer) == expected


def test_a_replacement_checks_redirect_urls_like_a_creation(world: World) -> None:
    world.register()
    body = {**system_body(), "allowedRedirectUrls": ["/relative"]}

    answer = world.http.put(ONE, json=body, headers=world.vendor())

    assert codes(answer) == ["AUTH.VLD-00005"]


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(system_body(), id="unknown system"),
        pytest.param({**system_body(), "vendor": {"ID": "0192:312300192"}}, id="other vendor"),
    ],
)
def test_a_replacement_of_what_is_not_there_answers_in_text(
    world: World, body: dict[str, object]
) -> None:
    is_other_vendor = body != system_body()
    if is_other_vendor:
        world.register()

    answer = world.http.put(ONE, json=body, headers=world.vendor())

    assert answer.status_code == 404
    assert answer.text == f"System with ID '{SYSTEM}' not found."


@pytest.mark.parametrize("part", ["rights", "accesspackages"])
def test_rights_of_an_unknown_system_cannot_be_replaced(world: World, part: str) -> None:
    answer = world.http.put(f"{ONE}/{part}", json=BODIES[f"{ONE}/{part}"], headers=world.vendor())

    assert answer.status_code == 404
    assert answer.text == f"System with ID '{SYSTEM}' not found."


def test_rights_and_packages_are_replaced_one_without_the_other(world: World) -> None:
    world.register()

    rights = world.http.put(f"{ONE}/rights", json=[right(APP)], headers=world.vendor())
    packages = world.http.put(f"{ONE}/accesspackages", json=named(TAX), headers=world.vendor())

    read = world.http.get(ONE, headers=world.vendor()).json()
    assert (rights.json(), packages.json()) == ({"succeeded": True}, {"succeeded": True})
    assert (read["rights"], read["accessPackages"]) == ([right(APP)], named(TAX))
    assert read["clientId"] == [CLIENT_ID]


def test_packages_are_held_against_the_visibility_that_is_stored(world: World) -> None:
    world.register(isVisible=True, accessPackages=named(TAX))

    answer = world.http.put(f"{ONE}/accesspackages", json=named(SIGNING), headers=world.vendor())

    assert codes(answer) == ["AUTH.VLD-00018"]


def test_a_retired_system_is_read_and_never_changed_again(world: World) -> None:
    world.register()

    retired = world.http.delete(ONE, headers=world.vendor())

    assert retired.json() == {"succeeded": True}
    assert world.http.get(ONE, headers=world.vendor()).json()["isDeleted"] is True
    for path in (ONE, f"{ONE}/rights", f"{ONE}/accesspackages"):
        answer = world.http.put(path, json=BODIES.get(path, system_body()), headers=world.vendor())
        assert answer.status_code == 400
        assert answer.text == "Cannot update a system marked as deleted."
    assert world.http.get(REGISTER, headers=world.vendor()).json() == []


def test_a_retired_system_keeps_its_id_and_lets_go_of_its_clients(world: World) -> None:
    world.register()
    world.http.delete(ONE, headers=world.vendor())

    again = world.register()
    another = world.register(id=f"{VENDOR}_second")

    assert codes(again) == ["AUTH.VLD-00002"]
    assert another.status_code == 200


def test_a_system_without_clients_is_retired_like_any_other(world: World) -> None:
    world.register(clientId=[])

    answer = world.http.delete(ONE, headers=world.vendor())

    assert (answer.status_code, answer.json()) == (200, {"succeeded": True})


def test_retiring_twice_or_nothing_says_so(world: World) -> None:
    unknown = world.http.delete(ONE, headers=world.vendor())
    world.register()
    world.http.delete(ONE, headers=world.vendor())

    again = world.http.delete(ONE, headers=world.vendor())

    assert unknown.status_code == 400
    assert unknown.json()["errors"] == {"return": ["System not found"]}
    assert again.status_code == 400
    assert again.json()["detail"] == f"system `{SYSTEM}` is deleted already"


def test_the_change_log_tells_every_change_newest_first(world: World) -> None:
    internal_id = world.register().json()
    world.http.put(ONE, json=system_body(), headers=world.vendor())
    world.http.put(f"{ONE}/rights", json=[right(SERVICE)], headers=world.vendor())
    world.http.put(f"{ONE}/accesspackages", json=named(TAX), headers=world.vendor())
    world.http.delete(ONE, headers=world.vendor())

    log = world.http.get(f"{ONE}/changelog", headers=world.vendor()).json()

    assert [line["changeType"] for line in log] == [
        "delete",
        "accesspackageupdate",
        "rightsupdate",
        "update",
        "create",
    ]
    assert "changedData" not in log[0]
    assert log[1]["changedData"] == [{"Urn": TAX}]
    assert log[2]["changedData"] == [{"Action": None, "Resource": right(SERVICE)["resource"]}]
    assert list(log[4]["changedData"])[:4] == ["Id", "Name", "Rights", "Vendor"]
    assert log[4]["changedData"]["Vendor"] == {"ID": f"0192:{VENDOR}"}
    assert log[4] | {"changedData": None} == {
        "systemInternalId": internal_id,
        "changedByOrgNumber": VENDOR,
        "changeType": "create",
        "changedData": None,
        "clientId": CLIENT_ID,
        "created": "2026-11-23T09:00:00.000000+00:00",
    }


def test_the_change_log_of_an_unknown_system_is_answered_in_text(world: World) -> None:
    answer = world.http.get(f"{ONE}/changelog", headers=world.vendor())

    assert answer.status_code == 404
    assert answer.text == f"System with ID {SYSTEM} not found."


def test_the_cookie_wins_over_the_header(world: World) -> None:
    token = world.vendor(REQUEST_WRITE)["authorization"].removeprefix("Bearer ")
    headers = world.vendor() | {"cookie": f"AltinnStudioRuntime={token}"}

    answer = world.http.get(REGISTER, headers=headers)

    assert answer.status_code == 403
    assert "the token needs scope" in reason(answer)
