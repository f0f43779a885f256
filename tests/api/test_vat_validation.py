"""The validation API for VAT returns, on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
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
TOTAL = "/mvaMeldingDto/skattegrunnlagOgBeregnetSkatt/fastsattMerverdiavgift"


@pytest.fixture
def world(place_url: str) -> Iterator[AppWorld]:
    with a_vat_world(place_url) as made:
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


def test_the_result_comes_in_json_to_whoever_asks_for_it(world: AppWorld) -> None:
    headers = {**world.headers(scopes=SCOPE), **XML, "Accept": "application/json"}

    answer = world.client.post(VALIDATION, headers=headers, content=return_xml(a_return(total=1)))

    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert answer.json() == {
        "avvikVedMeldingslevering": "avvikende skattemelding",
        "avvik": [
            {
                "stiTilAvvik": TOTAL,
                "avviksinformasjon": [
                    {
                        "begrunnelse": (
                            "Summen av linjene er 35500, oppgitt fastsatt merverdiavgift er 1."
                        ),
                        "avvikstype": "avvikende skattemelding",
                        "avvikKode": "MVA_MELDINGSINNHOLD_SUM_MVA_FEIL_SUMMERING_AV_AVGIFTLINJER",
                        "regelDefinisjon": "R018",
                    }
                ],
                "xmlLinjenummer": 3,
                "xmlPosisjonPaaLinje": 189,
            }
        ],
    }


@pytest.mark.parametrize(
    "accept, content_type",
    [
        ("*/*", "application/xml"),
        ("text/xml", "application/xml"),
        ("application/json;q=0.1, application/xml", "application/xml"),
        ("application/json, application/xml;q=0.9", "application/json"),
    ],
)
def test_the_form_of_the_result_is_the_one_accepted_most(
    world: AppWorld, accept: str, content_type: str
) -> None:
    headers = {**world.headers(scopes=SCOPE), **XML, "Accept": accept}

    answer = world.client.post(VALIDATION, headers=headers, content=return_xml(a_return()))

    assert answer.headers["content-type"].startswith(content_type)


def test_a_result_is_not_had_in_any_other_form(world: AppWorld) -> None:
    headers = {**world.headers(scopes=SCOPE), **XML, "Accept": "text/csv"}

    answer = world.client.post(VALIDATION, headers=headers, content=return_xml(a_return()))

    assert answer.status_code == 406
    assert "`application/xml` or `application/json`, never `text/csv`" in answer.json()["detail"]


def test_nobody_validates_without_a_token_or_with_one_that_has_expired(world: AppWorld) -> None:
    headers = {**world.headers(scopes=SCOPE), **XML}
    world.clock.advance(timedelta(minutes=5))

    without = world.client.post(VALIDATION, headers=XML, content=return_xml(a_return()))
    expired = world.client.post(VALIDATION, headers=headers, content=return_xml(a_return()))

    assert (without.status_code, expired.status_code) == (401, 401)
    assert "a bearer token is needed" in without.headers["www-authenticate"]
    assert "the token expired" in expired.headers["www-authenticate"]


def test_another_system_user_is_told_nothing_of_the_taxpayer(world: AppWorld) -> None:
    details = {
        "type": "urn:altinn:systemuser",
        "systemuser_org": {"authority": "iso6523-actorid-upis", "ID": "0192:312300303"},
        "systemuser_id": ["11111111-1111-4111-8111-111111111111"],
        "system_id": "312300192_x",
    }
    headers = {**world.headers(scopes=SCOPE, authorization_details=details), **XML}

    answer = world.client.post(VALIDATION, headers=headers, content=return_xml(a_return()))

    assert answer.status_code == 403
    assert answer.json()["detail"].startswith(
        "system user `11111111-1111-4111-8111-111111111111` may not `read`"
    )
