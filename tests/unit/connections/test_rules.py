"""Which way a call looks, and the keys of rights."""

from __future__ import annotations

from dataclasses import fields
from uuid import UUID, uuid5

import pytest

from fullmakt.access.connections.model import Direction, Named
from fullmakt.access.connections.rules import actions_by_key, direction_of, right_key, scopes_for
from fullmakt.access.policy.parse import parse_policy
from fullmakt.access.resources.flat_rules import rights_of
from fullmakt.access.resources.model import NewResource, Resource
from fullmakt.foundation.terms.problem import ValidationProblem
from tests.unit.resources.builders import VAT, a_policy, a_resource

_SPACE = UUID("6f6c6a7e-0c5e-4d3c-8c6f-0d2f5a3a9b11")
ONE, OTHER, THIRD = (uuid5(_SPACE, name) for name in ("one", "other", "third"))


def registered(new: NewResource) -> Resource:
    return Resource(**{field.name: getattr(new, field.name) for field in fields(new)})


@pytest.mark.parametrize(
    "action, digest",
    [
        ("read", "5399f4ba0d56ad6ce316cae930495b73"),
        ("write", "0c95f690f4efead84336ac09d9e8735c"),
    ],
)
def test_the_key_of_a_right_ends_with_the_published_hash(action: str, digest: str) -> None:
    resource = registered(a_resource("ske-krav-og-betalinger"))

    assert right_key(resource, action) == f"{action};ske-krav-og-betalinger;{digest}"


def test_an_apps_right_is_known_by_owner_and_app_and_by_the_registrys_id() -> None:
    app = registered(VAT)

    known = actions_by_key(app, ["read"])

    by_app, by_registry = known
    assert by_app.startswith("read;mva-melding-innsending-v1;skd;")
    assert by_registry.startswith("read;app_skd_mva-melding-innsending-v1;")
    assert set(known.values()) == {"read"}


@pytest.mark.parametrize("new", [VAT, a_resource("ske-demo")], ids=["app", "service"])
def test_a_right_has_the_key_that_the_registry_lists_it_with(new: NewResource) -> None:
    resource, policy = registered(new), parse_policy(a_policy(new.identifier))

    listed = {right.action.value: right.key for right in rights_of(policy)}

    assert listed == {action: right_key(resource, action) for action in ("read", "write")}


@pytest.mark.parametrize(
    "giver, receiver, expected",
    [
        (ONE, None, Direction.TO_OTHERS),
        (ONE, OTHER, Direction.TO_OTHERS),
        (None, ONE, Direction.FROM_OTHERS),
        (OTHER, ONE, Direction.FROM_OTHERS),
    ],
)
def test_a_call_looks_away_from_the_party_that_is_acted_for(
    giver: UUID | None, receiver: UUID | None, expected: Direction
) -> None:
    assert direction_of(Named(ONE, giver, receiver)) is expected
    assert scopes_for(expected, "read")[1].endswith(f":{expected.value}.read")


@pytest.mark.parametrize("giver, receiver", [(None, None), (ONE, ONE), (OTHER, THIRD)])
def test_a_call_that_is_about_both_sides_or_neither_is_refused(
    giver: UUID | None, receiver: UUID | None
) -> None:
    with pytest.raises(ValidationProblem) as refused:
        direction_of(Named(ONE, giver, receiver))

    assert [fault.code for fault in refused.value.faults] == ["AM.VLD-00009"]
