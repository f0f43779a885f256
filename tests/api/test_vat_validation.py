"""The validation API for VAT returns, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from httpx import Response

from tests.api.vat_calls import RESULT, VALIDATION, XML, a_vat_world, assert_not_permitted
from tests.unit.apps.app_world import (
    ADDRESSES,
    INSTANCE_SCOPES,
    PLUMBER,
    AppWorld,
)
from tests.unit.tax.vat_builders import (
    a_return,
    return_xml,
)

SCOPE = "skatteetaten:mvameldingvalidering"


@pytest.fixture
def world(database_url: str) -> Iterator[AppWorld]:
    with a_vat_world(database_url) as made:
        yield made


def validate(world: AppWorld, xml: bytes, *, scopes: str = SCOPE) -> Response:
    token = world.headers(scopes=scopes, issuer=ADDRESSES.maskinporten_issuer)
    return world.client.post(VALIDATION, headers={**token, **XML}, content=xml)


@pytest.mark.parametrize(
    "xml, outcome, rules",
    [
        (return_xml(a_return()), "ingen avvik", []),
        (return_xml(a_return(total=35000)), "avvikende skattemelding", ["R018"]),
        (b"this is not xml", "ugyldig skattemelding", ["R001"]),
    ],
    ids=["valid", "deviating", "unreadable"],
)
def test_validation_always_answers_with_a_result(
    world: AppWorld, xml: bytes, outcome: str, rules: list[str]
) -> None:
    answer = validate(world, xml)

    result = ET.fromstring(answer.content)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/xml; charset=utf-8"
    assert result.findtext(f"{RESULT}avvikVedMeldingslevering") == outcome
    assert [rule.text for rule in result.iter(f"{RESULT}regelDefinisjon")] == rules


def test_validation_tells_nothing_of_a_taxpayer_the_caller_may_not_read(world: AppWorld) -> None:
    answer = validate(world, return_xml(replace(a_return(), organization=PLUMBER.digits)))

    assert_not_permitted(answer, "read", PLUMBER)


def test_validation_says_so_when_the_taxpayer_is_not_registered(world: AppWorld) -> None:
    answer = validate(world, return_xml(replace(a_return(), organization="312700018")))

    rules = {rule.text for rule in ET.fromstring(answer.content).iter(f"{RESULT}regelDefinisjon")}
    assert "R131" in rules


def test_validation_has_a_scope_of_its_own(world: AppWorld) -> None:
    answer = validate(world, return_xml(a_return()), scopes=INSTANCE_SCOPES)

    assert answer.status_code == 403
    assert "skatteetaten:mvameldingvalidering" in answer.headers["www-authenticate"]


@pytest.mark.parametrize(
    "content_type, xml, status, reason",
    [
        ("application/json", b"{}", 406, "as `application/xml`, not `application/json`"),
        ("application/xml", b" ", 400, "the body is empty"),
    ],
)
def test_a_request_without_a_return_in_xml_is_not_validated(
    world: AppWorld, content_type: str, xml: bytes, status: int, reason: str
) -> None:
    headers = {
        **world.headers(scopes=SCOPE),
        "Content-Type": content_type,
    }

    answer = world.client.post(VALIDATION, headers=headers, content=xml)

    assert answer.status_code == status
    assert reason in answer.json()["detail"]
