"""VAT returns filed through their app instance, over HTTP, on both engines.

The decision point across the network is a value here (`tests/unit/apps/app_world.py`); the same
story over its real endpoint is told by the scenarios.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from fullmakt.services.tax.model import TaxpayerDuty
from fullmakt.services.tax.service import (
    list_vat_filings,
    list_vat_obligations,
    set_vat_obligations,
)
from fullmakt.services.tax.submission import FEEDBACK_AFTER
from fullmakt.services.tax.vat.model import Envelope
from fullmakt.services.tax.vat.periods import Category, PeriodKind
from tests.api.vat_calls import (
    APP,
    ENVELOPE_TYPE,
    INVALID_LINES,
    PAYMENT,
    RESULT,
    XML,
    a_duty,
    a_vat_world,
    address_of,
    an_instance,
    attach,
    call,
    content_of,
    filed,
    read,
    send_return,
    start,
    step,
    types_in,
)
from tests.unit.apps.app_world import (
    ADDRESSES,
    BAKERY,
    PLUMBER,
    SYSTEM_USER,
    AppWorld,
)
from tests.unit.tax.vat_builders import (
    a_return,
    an_envelope,
    return_xml,
)


@pytest.fixture
def world(place_url: str) -> Iterator[AppWorld]:
    with a_vat_world(place_url) as made:
        yield made


def test_a_new_instance_is_the_organisations_and_holds_an_empty_envelope(world: AppWorld) -> None:
    answer = start(world)

    instance = answer.json()
    assert answer.status_code == 201
    assert instance["id"].startswith("51000005/")
    assert instance["instanceOwner"] == {
        "partyId": "51000005",
        "organisationNumber": BAKERY.digits,
    }
    assert (instance["appId"], instance["org"]) == ("skd/mva-melding-innsending-v1", "skd")
    assert instance["selfLinks"]["apps"] == answer.headers["location"]
    assert instance["selfLinks"]["apps"] == ADDRESSES.apps_of("skd") + address_of(instance)
    assert instance["process"]["currentTask"]["altinnTaskType"] == "data"
    assert instance["status"] == {"isArchived": False}
    assert types_in(instance) == [ENVELOPE_TYPE]
    assert instance["data"][0]["size"] == 0


def test_a_return_is_filed_in_two_steps_and_answered_with_feedback(world: AppWorld) -> None:
    address = an_instance(world)

    checked = step(world, address)
    confirmed = step(world, address)
    waiting = read(world, address)

    assert checked.json()["currentTask"]["altinnTaskType"] == "confirmation"
    assert confirmed.json()["currentTask"]["name"] == "Tilbakemelding"
    assert waiting["process"]["ended"] is None
    assert "completeConfirmations" not in waiting
    assert types_in(waiting) == [
        ENVELOPE_TYPE,
        "mvamelding",
        "valideringsresultat",
        "betalingsinformasjon",
    ]
    assert call(world, "GET", f"{address}/feedback/status").json() == {"isFeedbackProvided": False}

    world.clock.advance(FEEDBACK_AFTER)
    ended = read(world, address)

    assert call(world, "GET", f"{address}/feedback/status").json() == {"isFeedbackProvided": True}
    assert ended["process"]["currentTask"] is None
    assert ended["process"]["endEvent"] == "EndEvent_1"
    assert ended["status"]["isArchived"] is True
    assert ended["status"]["substatus"] == {
        "label": "Mottatt",
        "description": "Mva-meldingen for juli-august 2026 er mottatt.",
    }
    assert ended["completeConfirmations"] == [
        {"stakeholderId": "skd", "confirmedOn": ended["process"]["ended"]}
    ]
    assert all(element["locked"] for element in ended["data"])
    assert content_of(world, ended, "kvittering").startswith(b"%PDF")


def test_the_payment_information_says_what_this_return_costs(world: AppWorld) -> None:
    address = filed(world)

    instance = read(world, address)
    payment = ET.fromstring(content_of(world, instance, "betalingsinformasjon"))

    assert payment.findtext(f"{PAYMENT}innsendingsreferanse") == instance["id"]
    assert payment.findtext(f"{PAYMENT}beloep") == "35500"
    assert payment.findtext(f"{PAYMENT}betalingsfrist") == "2026-10-12"


def test_a_deviating_return_goes_through_and_says_how_it_deviates(world: AppWorld) -> None:
    address = filed(world, replace(a_return(), total=Decimal(35000)))

    result = ET.fromstring(content_of(world, read(world, address), "valideringsresultat"))

    assert result.findtext(f"{RESULT}avvikVedMeldingslevering") == "avvikende skattemelding"
    assert [rule.text for rule in result.iter(f"{RESULT}regelDefinisjon")] == ["R018"]


def test_the_name_the_test_environment_uses_is_the_same_app(world: AppWorld) -> None:
    address = an_instance(world)

    answer = call(world, "GET", address.replace("-v1", "-etm2"))

    assert answer.json()["appId"] == "skd/mva-melding-innsending-v1"


def test_waiting_for_feedback_answers_the_instance_as_it_stands(world: AppWorld) -> None:
    address = filed(world)
    advance = threading.Timer(0.05, world.clock.advance, [FEEDBACK_AFTER])
    advance.start()

    answer = call(world, "GET", f"{address}/feedback")

    advance.join()
    assert answer.json()["process"]["endEvent"] == "EndEvent_1"


def test_feedback_that_nothing_was_done_to_get_is_not_waited_for(world: AppWorld) -> None:
    answer = call(world, "GET", f"{an_instance(world)}/feedback")

    assert answer.json()["process"]["currentTask"]["altinnTaskType"] == "data"


def test_filing_marks_the_period_as_filed_by_whom(world: AppWorld) -> None:
    address = filed(world)

    with world.database.reading() as reading:
        filings = list_vat_filings(reading, BAKERY)
        duties = {duty.organization: duty.obligation for duty in list_vat_obligations(reading)}

    assert [filing.period.title for filing in filings] == ["juli-august 2026"]
    assert filings[0].submission == address.removeprefix(f"{APP}/instances/")
    assert filings[0].filed_by == f"system-user:{SYSTEM_USER}"
    assert duties[BAKERY].filed_until == date(2026, 8, 31)
    assert duties[PLUMBER].filed_until == date(2026, 6, 30)


def test_a_period_filed_again_is_a_later_version_that_says_so(world: AppWorld) -> None:
    filed(world)
    address = filed(world)
    world.clock.advance(FEEDBACK_AFTER)

    description = read(world, address)["status"]["substatus"]["description"]

    assert "melding nummer 2 for perioden og erstatter den forrige" in description


def test_a_return_that_is_stopped_files_nothing(world: AppWorld) -> None:
    step(world, an_instance(world, vat_return=a_return(INVALID_LINES)))

    with world.database.reading() as reading:
        assert list_vat_filings(reading, BAKERY) == []


def test_the_register_is_asked_again_when_the_return_is_confirmed(world: AppWorld) -> None:
    address = an_instance(world)
    assert step(world, address).status_code == 200
    with world.database.journal() as journal:
        monthly = replace(a_duty().obligation, period_kind=PeriodKind.MONTH)
        set_vat_obligations(journal, [TaxpayerDuty(BAKERY, monthly)])

    answer = step(world, address)

    assert (answer.status_code, answer.text) == (409, "Valideringsfeil: Ugyldig mva-melding")
    assert read(world, address)["process"]["currentTask"]["altinnTaskType"] == "confirmation"


def test_an_invalid_return_is_stopped_and_its_result_is_kept_on_the_instance(
    world: AppWorld,
) -> None:
    address = an_instance(world, vat_return=a_return(INVALID_LINES))

    answer = step(world, address)

    instance = read(world, address)
    result = ET.fromstring(content_of(world, instance, "valideringsresultat"))
    assert (answer.status_code, answer.text) == (409, "Valideringsfeil: Ugyldig mva-melding")
    assert answer.headers["content-type"].startswith("text/plain")
    assert result.findtext(f"{RESULT}avvikVedMeldingslevering") == "ugyldig skattemelding"
    assert "R127" in {rule.text for rule in result.iter(f"{RESULT}regelDefinisjon")}
    assert instance["process"]["currentTask"]["altinnTaskType"] == "data"


def test_a_return_that_was_stopped_can_be_mended_and_filed(world: AppWorld) -> None:
    address = an_instance(world, vat_return=a_return(INVALID_LINES))
    step(world, address)
    element = next(
        one["id"] for one in read(world, address)["data"] if one["dataType"] == "mvamelding"
    )

    mended = call(
        world, "PUT", f"{address}/data/{element}", headers=XML, content=return_xml(a_return())
    )

    assert (mended.status_code, mended.json()["filename"]) == (201, "mvaMelding.xml")
    assert step(world, address).status_code == 200
    result = ET.fromstring(content_of(world, read(world, address), "valideringsresultat"))
    assert result.findtext(f"{RESULT}avvikVedMeldingslevering") == "ingen avvik"


@pytest.mark.parametrize(
    "envelope, reason",
    [
        (
            replace(an_envelope(), identifier=PLUMBER.digits),
            f"organisasjonsnummeret i konvolutten er `{PLUMBER}`, instansen tilhører `{BAKERY}`",
        ),
        (
            replace(an_envelope(), category=Category.COMPENSATION),
            "meldingskategorien i konvolutten er `kompensasjon`, i mva-meldingen `alminnelig`",
        ),
        (replace(an_envelope(), period=None), "skattleggingsperiode mangler eller er tom"),
        (replace(an_envelope(), instance_status=None), "instansstatus mangler"),
    ],
    ids=["owner", "category", "period", "status"],
)
def test_an_envelope_that_does_not_fit_stops_the_return(
    world: AppWorld, envelope: Envelope, reason: str
) -> None:
    answer = step(world, an_instance(world, envelope=envelope))

    assert answer.status_code == 409
    assert answer.text.startswith("Valideringsfeil: ")
    assert reason in answer.text


def test_an_envelope_that_was_never_sent_stops_the_return(world: AppWorld) -> None:
    address = address_of(start(world).json())
    send_return(world, address, return_xml(a_return()))

    answer = step(world, address)

    assert answer.status_code == 409
    assert answer.text.startswith("Valideringsfeil: konvolutten er ikke gyldig")


def test_an_instance_without_a_return_is_stopped(world: AppWorld) -> None:
    answer = step(world, address_of(start(world).json()))

    assert answer.status_code == 409
    assert answer.text.startswith("Valideringsfeil: mva-meldingen mangler")


def test_two_attachments_with_one_name_stop_the_return(world: AppWorld) -> None:
    address = an_instance(world)
    attach(world, address)
    attach(world, address)

    answer = step(world, address)

    assert answer.status_code == 409
    assert "filnavnet `bilag.pdf` er brukt 2 ganger" in answer.text
