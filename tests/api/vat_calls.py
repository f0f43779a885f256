"""Calls to the VAT app as a sender makes them, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from httpx import Response

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.services.tax.model import TaxpayerDuty
from fullmakt.services.tax.service import (
    set_vat_obligations,
)
from fullmakt.services.tax.submission import VAT_APP
from fullmakt.services.tax.vat.model import Envelope, VatLine, VatReturn
from fullmakt.services.tax.vat.obligations import VatObligation
from fullmakt.services.tax.vat.periods import Category, PeriodKind
from tests.unit.apps.app_world import (
    ADDRESSES,
    BAKERY,
    PLUMBER,
    SYSTEM_USER,
    AppWorld,
    an_app_world,
)
from tests.unit.tax.vat_builders import (
    a_return,
    an_envelope,
    envelope_xml,
    return_xml,
)
from tests.worlds import TestClock, new_database

APP = "/skd/mva-melding-innsending-v1"
ENVELOPE_TYPE = "no.skatteetaten.fastsetting.avgift.mva.mvameldinginnsending.v1.0"
XML = {"Content-Type": "application/xml"}
VALIDATION = "/api/mva/grensesnittstoette/mva-melding/valider"
NOBODY = "00000000-0000-0000-0000-000000000000"
RESULT = "{no:skatteetaten:fastsetting:avgift:mva:valideringsresultat:v1}"
PAYMENT = (
    "{no:skatteetaten:fastsetting:avgift:mva:skattemeldingformerverdiavgift:betalingsinformasjon"
    ":v1.0}"
)
INVALID_LINES = (VatLine("3", Decimal(0), base=Decimal(1000), rate="25"),)


@contextmanager
def a_vat_world(place_url: str) -> Iterator[AppWorld]:
    clock = TestClock()
    database = new_database(place_url, clock)
    with database.journal() as journal:
        set_vat_obligations(journal, [a_duty(), a_duty(PLUMBER)])
    with an_app_world(database, clock, [VAT_APP]) as made:
        made.decisions.permit(BAKERY)
        yield made
    database.close()


def a_duty(
    organization: OrganizationNumber = BAKERY, *, filed_until: date = date(2026, 6, 30)
) -> TaxpayerDuty:
    obligation = VatObligation(
        Category.ORDINARY, PeriodKind.TWO_MONTHS, date(2022, 1, 1), filed_until
    )
    return TaxpayerDuty(organization, obligation)


def start(
    world: AppWorld,
    organization: OrganizationNumber = BAKERY,
    *,
    headers: dict[str, str] | None = None,
) -> Response:
    return world.client.post(
        f"{APP}/instances/",
        headers=headers or world.headers(),
        json={"instanceOwner": {"organisationNumber": organization.digits}},
    )


def call(
    world: AppWorld,
    method: str,
    address: str,
    *,
    headers: dict[str, str] | None = None,
    content: bytes = b"",
) -> Response:
    return world.client.request(
        method, address, headers={**world.headers(), **(headers or {})}, content=content
    )


def address_of(instance: dict[str, Any]) -> str:
    return f"{APP}/instances/{instance['id']}"


def an_instance(
    world: AppWorld,
    *,
    vat_return: VatReturn | None = None,
    envelope: Envelope | None = None,
) -> str:
    """The address of an instance with envelope and return, ready for the checks."""
    instance = start(world).json()
    address = address_of(instance)
    element = instance["data"][0]["id"]
    put = call(
        world,
        "PUT",
        f"{address}/data/{element}",
        headers=XML,
        content=envelope_xml(envelope or an_envelope()),
    )
    assert put.status_code == 201, put.text
    sent = send_return(world, address, return_xml(vat_return or a_return()))
    assert sent.status_code == 201, sent.text
    return address


def send_return(world: AppWorld, address: str, xml: bytes) -> Response:
    return call(
        world,
        "POST",
        f"{address}/data?datatype=mvamelding",
        headers={
            "Content-Type": "text/xml",
            "Content-Disposition": "attachment; filename=mvaMelding.xml",
        },
        content=xml,
    )


def attach(
    world: AppWorld,
    address: str,
    name: str = "bilag.pdf",
    *,
    content_type: str = "application/pdf",
    content: bytes = b"%PDF-1.4",
) -> Response:
    headers = {
        "Content-Type": content_type,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}",
    }
    return call(
        world,
        "POST",
        f"{address}/data?dataType=binaerVedlegg",
        headers=headers,
        content=content,
    )


def step(world: AppWorld, address: str) -> Response:
    return call(world, "PUT", f"{address}/process/next")


def read(world: AppWorld, address: str) -> dict[str, Any]:
    answer = call(world, "GET", address)
    assert answer.status_code == 200, answer.text
    return answer.json()


def filed(world: AppWorld, vat_return: VatReturn | None = None) -> str:
    address = an_instance(world, vat_return=vat_return)
    assert step(world, address).status_code == 200
    assert step(world, address).status_code == 200
    return address


def content_of(world: AppWorld, instance: dict[str, Any], data_type: str) -> bytes:
    link = next(
        element["selfLinks"]["apps"]
        for element in instance["data"]
        if element["dataType"] == data_type
    )
    answer = call(world, "GET", link.removeprefix(ADDRESSES.apps_of("skd")))
    assert answer.status_code == 200, answer.text
    return answer.content


def types_in(instance: dict[str, Any]) -> list[str]:
    return [element["dataType"] for element in instance["data"]]


def assert_not_permitted(answer: Response, action: str, party: OrganizationNumber) -> None:
    problem = answer.json()
    assert answer.status_code == 403
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert problem["title"] == "Forbidden"
    assert problem["detail"] == (
        f"system user `{SYSTEM_USER}` may not `{action}` on `app_skd_mva-melding-innsending-v1`"
        f" for organisation `{party}`: the decision point answered NotApplicable"
    )
    assert len(problem["correlation"]) == 32
