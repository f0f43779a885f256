"""Clients, keys and scopes: what may be registered, and that each change bites at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import update

from fullmakt.credentials.clients import service
from fullmakt.credentials.clients.errors import (
    ClientExists,
    KeyIdTaken,
    ScopeExists,
    TooManyKeys,
    UnknownClient,
    UnknownKey,
    UnknownScope,
    UnusableClient,
    UnusableKeyId,
    UnusableScopeName,
)
from fullmakt.credentials.clients.model import AccessState, RegisteredClient, Scope
from fullmakt.credentials.clients.service import ClientDirectory
from fullmakt.foundation.events.ledger import list_events
from fullmakt.foundation.jose.keys import PublicKey
from fullmakt.foundation.storage.database import Database, Work
from fullmakt.foundation.storage.model import Change
from fullmakt.foundation.storage.tables import world
from fullmakt.foundation.terms.numbers import OrganizationNumber
from tests.unit.keys.rsa_keys import rsa_key
from tests.worlds import START, new_database

VENDOR = OrganizationNumber("310904473")
OWNER = OrganizationNumber("312400014")
CLIENT = "fc9a8287-0c5a-4a3e-9a0f-0f5a3c1d2b10"
SCOPE = "altinn:instances.write"


class Registry:
    """The room under test, one work a call."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.directory = ClientDirectory(database)

    def do(self, change: Callable[[Work], object]) -> None:
        with self.database.authority(actor="test", correlation="") as work:
            change(work)

    def found(self) -> RegisteredClient:
        found = self.directory.find(CLIENT)
        assert found is not None
        return found

    def has_been_granted(self) -> bool:
        return self.found().scopes[SCOPE].is_granted


def named(kid: str, key: str = "client") -> PublicKey:
    return PublicKey.from_jwk({**rsa_key(key).public.as_jwk(), "kid": kid})


@pytest.fixture
def registry(place_url: str) -> Iterator[Registry]:
    database = new_database(place_url)
    registry = Registry(database)
    registry.do(lambda work: service.add_scope(work, Scope(SCOPE, OWNER)))
    registry.do(
        lambda work: service.add_client(
            work, organization=VENDOR, name="Maestro", scopes=[SCOPE], client_id=CLIENT
        )
    )
    yield registry
    database.close()


def test_a_client_is_found_with_its_keys_and_scopes(registry: Registry) -> None:
    registry.do(lambda work: service.add_key(work, CLIENT, named("a"), at=START))

    found = registry.found()

    assert (found.client.organization, found.client.scopes) == (VENDOR, (SCOPE,))
    assert found.client.token_lifetime_s == 120
    assert list(found.keys) == ["a"]
    assert not found.scopes[SCOPE].is_granted


def test_an_unknown_client_is_not_found(registry: Registry) -> None:
    assert registry.directory.find(str(uuid4())) is None


def test_a_key_removed_is_gone_on_the_next_question(registry: Registry) -> None:
    registry.do(lambda work: service.add_key(work, CLIENT, named("a"), at=START))
    before = list(registry.found().keys)

    registry.do(lambda work: service.end_key(work, CLIENT, "a"))

    assert (before, list(registry.found().keys)) == (["a"], [])


@pytest.mark.parametrize("state", [AccessState.DENIED, AccessState.REQUESTED])
def test_an_access_revoked_is_gone_on_the_next_question(
    registry: Registry, state: AccessState
) -> None:
    registry.do(lambda work: service.set_scope_access(work, SCOPE, VENDOR, AccessState.APPROVED))
    before = registry.has_been_granted()

    registry.do(lambda work: service.set_scope_access(work, SCOPE, VENDOR, state))

    assert (before, registry.has_been_granted()) == (True, False)


def test_access_given_to_another_organisation_is_not_ours(registry: Registry) -> None:
    registry.do(lambda work: service.set_scope_access(work, SCOPE, OWNER, AccessState.APPROVED))

    assert not registry.has_been_granted()


def test_a_scope_taken_off_the_client_is_gone_on_the_next_question(registry: Registry) -> None:
    before = list(registry.found().scopes)

    registry.do(lambda work: service.replace_scopes(work, CLIENT, []))

    assert (before, list(registry.found().scopes)) == ([SCOPE], [])


def test_a_client_deactivated_is_not_found_on_the_next_question(registry: Registry) -> None:
    before = registry.found()

    registry.do(lambda work: service.deactivate_client(work, CLIENT))

    assert before.client.is_active
    assert registry.directory.find(CLIENT) is None


def test_another_process_sees_the_change_too(registry: Registry) -> None:
    other = ClientDirectory(registry.database)
    other.find(CLIENT)

    registry.do(lambda work: service.add_key(work, CLIENT, named("a"), at=START))

    found = other.find(CLIENT)
    assert found is not None
    assert list(found.keys) == ["a"]


def test_what_is_remembered_dies_with_the_incarnation(registry: Registry) -> None:
    before = registry.found()

    with registry.database.engine.begin() as connection:
        connection.execute(update(world).values(incarnation=str(uuid4())))

    assert registry.found() is not before


def test_a_change_elsewhere_in_the_world_forgets_no_client(registry: Registry) -> None:
    before = registry.found()

    registry.do(lambda work: work.record(Change("elsewhere")))

    assert registry.found() is before


def test_every_change_is_an_event(registry: Registry) -> None:
    registry.do(lambda work: service.add_key(work, CLIENT, named("a"), at=START))
    registry.do(lambda work: service.end_key(work, CLIENT, "a"))
    registry.do(lambda work: service.replace_scopes(work, CLIENT, []))
    registry.do(lambda work: service.set_scope_access(work, SCOPE, VENDOR, AccessState.APPROVED))
    registry.do(lambda work: service.deactivate_client(work, CLIENT))

    with registry.database.reading() as reading:
        events = list_events(reading, after=0, most=20)

    assert [event.kind for event in events] == [
        "scope.added",
        "client.added",
        "client.key-added",
        "client.key-removed",
        "client.scopes-replaced",
        "scope.access-set",
        "client.deactivated",
    ]
    assert {event.touches for event in events} == {()}


def test_a_key_expires_a_year_after_it_was_registered(registry: Registry) -> None:
    registry.do(lambda work: service.add_key(work, CLIENT, named("a"), at=START))

    assert registry.found().keys["a"].expires_at == START + timedelta(days=365)
    with registry.database.reading() as reading:
        assert [key.kid for key in service.list_keys(reading, CLIENT)] == ["a"]
        assert service.find_client(reading, CLIENT) == registry.found().client


def test_the_same_key_registered_again_is_renewed(registry: Registry) -> None:
    later = START + timedelta(days=300)
    registry.do(lambda work: service.add_key(work, CLIENT, named("a"), at=START))

    registry.do(lambda work: service.add_key(work, CLIENT, named("a"), at=later))

    assert [key.expires_at for key in registry.found().keys.values()] == [
        later + timedelta(days=365)
    ]


def test_another_key_under_the_same_id_is_refused(registry: Registry) -> None:
    registry.do(lambda work: service.add_key(work, CLIENT, named("a"), at=START))

    with pytest.raises(KeyIdTaken, match="key `a` is another key"):
        registry.do(lambda work: service.add_key(work, CLIENT, named("a", "altinn"), at=START))


def test_a_sixth_key_is_refused_and_a_fifth_renewed(registry: Registry) -> None:
    registry.do(
        lambda work: [service.add_key(work, CLIENT, named(kid), at=START) for kid in "abcde"]
    )

    registry.do(lambda work: service.add_key(work, CLIENT, named("e"), at=START))

    with pytest.raises(TooManyKeys, match="has 5 keys; remove one of `a, b, c, d, e` first"):
        registry.do(lambda work: service.add_key(work, CLIENT, named("f"), at=START))


@pytest.mark.parametrize("kid", ["with space", "æ", "a/b", "x" * 129])
def test_a_key_id_of_other_characters_is_refused(registry: Registry, kid: str) -> None:
    with pytest.raises(UnusableKeyId, match="letters, digits and"):
        registry.do(lambda work: service.add_key(work, CLIENT, named(kid), at=START))


def test_removing_a_key_that_is_not_there_is_refused(registry: Registry) -> None:
    with pytest.raises(UnknownKey, match="has no key `b`"):
        registry.do(lambda work: service.end_key(work, CLIENT, "b"))


@pytest.mark.parametrize(
    "changes, refusal, says",
    [
        ({"client_id": CLIENT}, ClientExists, f"`{CLIENT}` is in use"),
        ({"client_id": CLIENT.upper()}, UnusableClient, "UUID in lower case"),
        ({"client_id": "maestro"}, UnusableClient, "UUID in lower case: `maestro`"),
        ({"name": ""}, UnusableClient, "name must have"),
        ({"token_lifetime_s": 7201}, UnusableClient, "`7201`"),
        ({"token_lifetime_s": -1}, UnusableClient, "`-1`"),
        ({"scopes": ["altinn:unknown"]}, UnknownScope, "`altinn:unknown`"),
    ],
)
def test_a_client_out_of_bounds_is_refused(
    registry: Registry, changes: dict, refusal: type[Exception], says: str
) -> None:
    facts = {"organization": VENDOR, "name": "New", "scopes": [], **changes}

    with pytest.raises(refusal, match=says):
        registry.do(lambda work: service.add_client(work, **facts))


@pytest.mark.parametrize("lifetime_s, given_s", [(0, 120), (1, 1), (7200, 7200)])
def test_a_token_lifetime_of_nothing_is_the_default(
    registry: Registry, lifetime_s: int, given_s: int
) -> None:
    made = []

    registry.do(
        lambda work: made.append(
            service.add_client(
                work, organization=VENDOR, name="n", scopes=[], token_lifetime_s=lifetime_s
            )
        )
    )

    assert [client.token_lifetime_s for client in made] == [given_s]


@pytest.mark.parametrize("name", ["altinn", ":a", "a:", "a b:c", "æ:a", 'a:"', "x:" + "y" * 260])
def test_a_scope_without_prefix_and_subscope_is_refused(registry: Registry, name: str) -> None:
    with pytest.raises(UnusableScopeName, match="must be `prefix:subscope`"):
        registry.do(lambda work: service.add_scope(work, Scope(name, OWNER)))


@pytest.mark.parametrize("name", ["altinn:a", "altinn:authentication/x.read", "310904473:a:b"])
def test_a_scope_may_have_slashes_points_and_colons(registry: Registry, name: str) -> None:
    registry.do(lambda work: service.add_scope(work, Scope(name, OWNER)))

    with registry.database.reading() as reading:
        assert name in [scope.name for scope in service.list_scopes(reading)]


def test_a_scope_is_registered_once(registry: Registry) -> None:
    with pytest.raises(ScopeExists, match=f"`{SCOPE}`"):
        registry.do(lambda work: service.add_scope(work, Scope(SCOPE, VENDOR)))


def test_scopes_and_clients_are_listed_as_they_were_registered(registry: Registry) -> None:
    granted = Scope("a:b", OWNER, granted_to=frozenset({VENDOR}), integration_types=frozenset("x"))
    registry.do(lambda work: service.add_scope(work, granted))

    with registry.database.reading() as reading:
        scopes, clients = service.list_scopes(reading), service.list_clients(reading)

    assert scopes == [granted, Scope(SCOPE, OWNER)]
    assert [client.client_id for client in clients] == [CLIENT]


def test_a_change_of_a_client_that_does_not_exist_is_refused(registry: Registry) -> None:
    with pytest.raises(UnknownClient, match="no client has id `x`"):
        registry.do(lambda work: service.add_key(work, "x", named("a"), at=START))


def test_access_to_a_scope_that_does_not_exist_is_refused(registry: Registry) -> None:
    with pytest.raises(UnknownScope, match="`a:b`"):
        registry.do(
            lambda work: service.set_scope_access(work, "a:b", VENDOR, AccessState.APPROVED)
        )


def test_what_is_said_again_changes_nothing(registry: Registry) -> None:
    registry.do(lambda work: service.deactivate_client(work, CLIENT))
    with registry.database.reading() as reading:
        before = len(list_events(reading, after=0, most=20))

    registry.do(lambda work: service.deactivate_client(work, CLIENT))
    registry.do(lambda work: service.replace_scopes(work, CLIENT, [SCOPE]))

    with registry.database.reading() as reading:
        assert len(list_events(reading, after=0, most=20)) == before


def test_only_so_many_clients_are_remembered(registry: Registry) -> None:
    directory = ClientDirectory(registry.database, most_remembered=1)
    made: list[str] = []
    registry.do(
        lambda work: made.append(
            service.add_client(work, organization=VENDOR, name="n", scopes=[]).client_id
        )
    )
    first = directory.find(CLIENT)

    directory.find(made[0])

    assert directory.find(CLIENT) is not first
