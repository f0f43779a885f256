"""What a registration must hold."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullmakt.access.catalog.service import load_catalog
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import ValidationProblem
from fullmakt.systems.system_register import rules
from fullmakt.systems.system_register.model import AttributePair, ServiceRight

VENDOR = OrganizationNumber("312300109")
RESOURCE = "urn:altinn:resource"


def a_right(*values: str, name: str = RESOURCE, action: str | None = None) -> ServiceRight:
    return ServiceRight(tuple(AttributePair(name, value) for value in values), action)


@pytest.mark.parametrize("identifier", ["0191:312300109", "312300109", "0192:", "0192:312300108"])
def test_a_vendor_that_is_no_norwegian_organisation_is_refused(identifier: str) -> None:
    with pytest.raises(ValidationProblem) as refused:
        rules.read_vendor(identifier)

    assert [fault.code for fault in refused.value.faults] == ["AUTH.VLD-00000"]
    assert identifier.removeprefix("0192:") in refused.value.faults[0].detail


@pytest.mark.parametrize(
    "text, expected",
    [
        ("https://vg.no", "https://vg.no/"),
        ("HTTPS://VG.no:443/a?b=1#c", "https://vg.no/a?b=1#c"),
        ("https://vg.no:8443", "https://vg.no:8443/"),
        ("https://[::1]:9/x", "https://[::1]:9/x"),
        ("https://me@vg.no/", "https://me@vg.no/"),
        ("/relative", None),
        ("https://", None),
        ("https://vg.no:port/", None),
        ("https://v g.no/", None),
        ("", None),
    ],
)
def test_an_address_has_one_normal_form_or_none(text: str, expected: str | None) -> None:
    assert rules.read_redirect_url(text) == expected


@given(st.text())
def test_an_address_in_normal_form_stays_as_it_is(text: str) -> None:
    once = rules.read_redirect_url(f"https://{text}")

    assert once is None or rules.read_redirect_url(once) == once


def test_a_right_that_names_nothing_is_ill_formed() -> None:
    faults = rules.right_faults([a_right()], {})

    assert [fault.code for fault in faults] == ["AUTH.VLD-00009"]


def test_the_same_service_with_two_actions_is_no_repetition() -> None:
    rights = [a_right("a", action="read"), a_right("a", action="write")]

    assert rules.right_faults(rights, {"a": "GenericAccessResource"}) == []


@pytest.mark.parametrize("kind", sorted(rules.ALLOWED_TYPES))
def test_every_allowed_type_of_resource_passes(kind: str) -> None:
    assert rules.right_faults([a_right("a")], {"a": kind}) == []


@pytest.mark.parametrize("kind", ["MaskinportenSchema", "Altinn2Service", "Consent"])
def test_a_resource_of_another_type_is_named_with_its_type(kind: str) -> None:
    faults = rules.right_faults([a_right("a")], {"a": kind})

    assert [fault.code for fault in faults] == ["AUTH.VLD-00017"]
    assert f"`a` is `{kind}`" in faults[0].detail
    assert faults[0].extensions == {"ResourceIds Not Delegable : ": "a"}


def test_a_package_for_clients_is_refused_on_a_visible_system_alone() -> None:
    urn = "urn:altinn:accesspackage:ansvarlig-revisor"

    hidden = rules.package_faults([urn], load_catalog(), is_visible=False)
    visible = rules.package_faults([urn], load_catalog(), is_visible=True)

    assert hidden == []
    assert [fault.code for fault in visible] == ["AUTH.VLD-00018"]


def test_an_app_keeps_underscores_in_its_name() -> None:
    old = rules.in_old_form(a_right("app_skd_a_b", "other"))

    assert [(pair.id, pair.value) for pair in old.pairs] == [
        ("urn:altinn:org", "skd"),
        ("urn:altinn:app", "a_b"),
        (RESOURCE, "other"),
    ]


def test_pairs_of_other_kinds_are_dropped_from_the_old_form() -> None:
    assert rules.in_old_form(a_right("x", name="urn:altinn:org")).pairs == ()
