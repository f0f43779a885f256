"""Every endpoint of a test world, with everything that can be wrong about who calls and for what.

What each is declared to answer stands in `tests/cases/endpoints`. A refusal is held to its status,
to its code or reason, and to having changed nothing: no revision, and on SQLite no commit at all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping

import pytest

from tests.api.matrix.calling import (
    Shown,
    fault_of,
    key_of,
    send,
    send_rightly,
    send_wrongly,
    short_lived,
    told,
)
from tests.api.matrix.declared import (
    DELETED_SYSTEM,
    DELETED_USER,
    EXPIRED,
    STATELESS,
    AsBefore,
    Endpoint,
    Hidden,
    NotApplicable,
    endpoints,
)
from tests.api.matrix.making import delete_system_users, delete_systems
from tests.api.matrix.stage import Stage

EVERY_SCOPE = {scope for endpoint in endpoints() for scope in endpoint.scopes}
FILES = sorted({endpoint.file for endpoint in endpoints()})
DELETIONS: Mapping[str, Callable[[Stage], None]] = {
    DELETED_SYSTEM: delete_systems,
    DELETED_USER: delete_system_users,
}
# The engine matters where the answer depends on what is stored.
STORED = ("wrong vendor", "wrong party", "wrong person")
FILES_ON_POSTGRESQL = (
    "change-requests",
    "client-delegations",
    "client-links",
    "connections",
    "requests",
    "system-register",
    "system-users",
)
SKEW_S = 10

each_endpoint = pytest.mark.parametrize("endpoint", endpoints(), ids=lambda each: each.name)
each_deletion = pytest.mark.parametrize("deleted", DELETIONS)


@each_endpoint
def test_an_endpoint_answers_whom_it_is_for(stage: Stage, endpoint: Endpoint) -> None:
    before = stage.state()

    answer = send_rightly(stage, endpoint)

    if stage.state() != before:
        stage.bring_back()
    assert answer.status_code == endpoint.answers, answer.text
    hidden = [cell.name for cell in endpoint.cells.values() if isinstance(cell, Hidden)]
    assert [name for name in hidden if stage.names[name] not in answer.text] == []


@pytest.mark.parametrize(
    "endpoint, held",
    [(each, scope) for each in endpoints() for scope in each.scopes if scope != each.held],
    ids=lambda each: each.name if isinstance(each, Endpoint) else each,
)
def test_each_scope_that_opens_an_endpoint_is_enough(
    stage: Stage, endpoint: Endpoint, held: str
) -> None:
    before = stage.state()

    answer = send_rightly(stage, endpoint, held=held)

    if stage.state() != before:
        stage.bring_back()
    assert answer.status_code == endpoint.answers, answer.text


@each_endpoint
def test_an_endpoint_refuses_what_is_wrong_and_changes_nothing(
    stage: Stage, endpoint: Endpoint
) -> None:
    assert faults_with(stage, endpoint, STATELESS) == {}


@pytest.mark.slow
def test_no_endpoint_answers_a_token_that_has_expired(stage: Stage) -> None:
    """Each token was good when it was issued, and is what the endpoint asks for but for its age."""
    guarded = [each for each in endpoints() if not isinstance(each.cells[EXPIRED], NotApplicable)]
    issued = {each.name: short_lived(stage, each) for each in guarded}
    time.sleep(SKEW_S + 2)
    before = stage.state()

    faults = {
        each.name: fault
        for each in guarded
        for answer in [send(stage, each, issued[each.name])]
        if (fault := fault_of(answer, each.cells[EXPIRED], each, stage.names)) is not None
    }

    assert faults == {}
    assert stage.state() == before


@each_deletion
@pytest.mark.parametrize("file", FILES)
def test_what_is_deleted_is_answered_as_declared(stage: Stage, deleted: str, file: str) -> None:
    assert faults_after(stage, deleted, file) == {}


@pytest.mark.slow
def test_what_is_anothers_or_deleted_is_answered_alike_on_postgresql(
    stage_on_postgresql: Stage,
) -> None:
    stage, faults = stage_on_postgresql, {}
    for endpoint in (each for each in endpoints() if each.file in FILES_ON_POSTGRESQL):
        faults[endpoint.name] = faults_with(stage, endpoint, STORED)
    for file in FILES_ON_POSTGRESQL:
        for deleted in DELETIONS:
            faults[f"{file}, {deleted}"] = faults_after(stage, deleted, file)

    assert {name: found for name, found in faults.items() if found} == {}


@pytest.mark.parametrize(
    "endpoint",
    [each for each in endpoints() if each.door == "platform"],
    ids=lambda each: each.name,
)
def test_a_component_of_the_platform_is_let_in_by_its_own_token_alone(
    stage: Stage, endpoint: Endpoint
) -> None:
    tokens = {
        "own": stage.platform_token(),
        "foreign": stage.platform_token(stage.elsewhere),
        "person's": stage.token("stranger", endpoint.held),
    }

    answers = {
        whose: send(stage, endpoint, Shown({"platformaccesstoken": token}))
        for whose, token in tokens.items()
    }

    assert answers["own"].status_code == endpoint.answers
    for whose, reason in (
        ("foreign", "issuer `platform` has no key"),
        ("person's", "a platform access token has issuer `platform`, not `"),
    ):
        assert answers[whose].status_code == 401
        assert reason in told(answers[whose])


def faults_with(stage: Stage, endpoint: Endpoint, wrongs: Iterable[str]) -> dict[str, str]:
    """What is not as declared when these are wrong, one at a time."""
    before, faults = stage.state(), {}
    for wrong in wrongs:
        cell = endpoint.cells[wrong]
        if isinstance(cell, NotApplicable):
            continue
        answer = send_wrongly(stage, endpoint, wrong, EVERY_SCOPE)
        fault = fault_of(answer, cell, endpoint, stage.names)
        if fault is not None:
            faults[wrong] = fault
    if stage.state() != before:
        faults["changed"] = "something was written"
        stage.bring_back()
    return faults


def faults_after(stage: Stage, deleted: str, file: str) -> dict[str, str]:
    """What is not as declared of a file's endpoints once something was deleted."""
    concerned = [
        each
        for each in endpoints()
        if each.file == file and not isinstance(each.cells[deleted], NotApplicable)
    ]
    if not concerned:
        return {}
    faults = {}
    try:
        for endpoint in concerned:
            key_of(stage, endpoint)  # Issued before; the call is made with it after.
        DELETIONS[deleted](stage)
        stage.keep(deleted)
        for endpoint in concerned:
            before, cell = stage.state(), endpoint.cells[deleted]
            answer = send_rightly(stage, endpoint)
            fault = fault_of(answer, cell, endpoint, stage.names)
            if fault is not None:
                faults[endpoint.name] = fault
            if stage.state() != before:
                if not isinstance(cell, AsBefore):
                    faults[f"{endpoint.name}, changed"] = "something was written"
                stage.bring_back(deleted)
    finally:
        stage.bring_back()
    return faults
