"""The envelope against the instance and the return: each mismatch is told with the values that
differ.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.services.tax.vat.envelope import (
    INVALID_RETURN_REFUSAL,
    REFUSAL_PREFIX,
    EnvelopeFailure,
    Mismatch,
    check_envelope,
    refusal_text,
)
from fullmakt.services.tax.vat.model import Attachment, Envelope, VatReturn
from fullmakt.services.tax.vat.periods import Category, Period, PeriodKind
from fullmakt.services.tax.vat.reading import read_envelope
from tests.unit.tax.vat_builders import BAKERY, a_return, an_envelope

_OWNER = OrganizationNumber(BAKERY)
_FILE = Attachment("mva-melding", "sluttbrukersystem", "x", "mvamelding", "xml", "mva-melding")


def _told(envelope: Envelope, vat_return: VatReturn | None) -> list[EnvelopeFailure]:
    return list(check_envelope(envelope, vat_return, _OWNER))


def test_an_envelope_that_fits_has_no_failures() -> None:
    assert _told(replace(an_envelope(), attachments=(_FILE,)), a_return()) == []


def test_an_instance_of_another_organisation_is_told() -> None:
    plumber = OrganizationNumber("312400138")

    failures = check_envelope(an_envelope(), a_return(), plumber)

    assert failures == (
        EnvelopeFailure(Mismatch.OWNER, {"envelope": BAKERY, "instance": "312400138"}),
    )


def test_a_return_of_another_organisation_is_told() -> None:
    other = replace(a_return(), organization="312400138")

    assert _told(an_envelope(), other) == [
        EnvelopeFailure(Mismatch.TAXPAYER, {"envelope": BAKERY, "return": "312400138"})
    ]


def test_a_return_of_another_period_is_told() -> None:
    other = replace(a_return(), period=Period(PeriodKind.TWO_MONTHS, 3, 2026))

    assert _told(an_envelope(), other) == [
        EnvelopeFailure(
            Mismatch.PERIOD, {"envelope": "juli-august 2026", "return": "mai-juni 2026"}
        )
    ]


def test_a_return_of_another_category_is_told() -> None:
    other = replace(a_return(), category=Category.COMPENSATION)

    assert _told(an_envelope(), other) == [
        EnvelopeFailure(Mismatch.CATEGORY, {"envelope": "alminnelig", "return": "kompensasjon"})
    ]


def test_a_missing_period_is_told() -> None:
    assert _told(replace(an_envelope(), period=None), a_return()) == [
        EnvelopeFailure(Mismatch.PERIOD_MISSING)
    ]


@pytest.mark.parametrize("status", [None, ""])
def test_a_missing_instance_status_is_told(status: str | None) -> None:
    assert _told(replace(an_envelope(), instance_status=status), a_return()) == [
        EnvelopeFailure(Mismatch.STATUS_MISSING)
    ]


def test_a_file_name_used_twice_is_told() -> None:
    envelope = replace(an_envelope(), attachments=(_FILE, _FILE))

    assert _told(envelope, a_return()) == [
        EnvelopeFailure(Mismatch.FILE_NAMES, {"name": "mvamelding.xml", "times": "2"})
    ]


def test_an_uploaded_file_may_not_have_the_name_of_a_listed_one() -> None:
    envelope = replace(an_envelope(), attachments=(_FILE,))

    failures = check_envelope(envelope, a_return(), _OWNER, file_names=["mvamelding.xml"])

    assert [failure.mismatch for failure in failures] == [Mismatch.FILE_NAMES]


def test_an_envelope_of_the_wrong_structure_is_told_with_its_place() -> None:
    failures = check_envelope(read_envelope(b"<mvaMeldingInnsending/>"), a_return(), _OWNER)

    assert failures[0].mismatch is Mismatch.ENVELOPE_STRUCTURE
    assert "/mvaMeldingInnsending: Elementet `norskIdentifikator` mangler." in failures[0].text.nb


def test_a_return_that_could_not_be_read_is_not_compared() -> None:
    assert _told(an_envelope(), None) == []


def test_the_refusal_begins_as_the_service_says_and_names_every_reason() -> None:
    failures = check_envelope(
        replace(an_envelope(), period=None, instance_status=None), a_return(), _OWNER
    )

    text = refusal_text(failures)

    assert text.startswith("Valideringsfeil: skattleggingsperiode mangler")
    assert "instansstatus mangler" in text
    assert f"{REFUSAL_PREFIX}Ugyldig mva-melding" == INVALID_RETURN_REFUSAL


def test_an_identity_number_in_the_envelope_is_not_repeated_whole() -> None:
    envelope = replace(an_envelope(), identifier="12837402229")

    text = refusal_text(check_envelope(envelope, a_return(), _OWNER))

    assert "128374*****" in text
    assert "12837402229" not in text


@pytest.mark.parametrize("mismatch", Mismatch)
def test_every_mismatch_has_a_sentence_in_each_language(mismatch: Mismatch) -> None:
    values = dict.fromkeys(
        ["envelope", "instance", "return", "name", "times", "path", "problem"], "§"
    )

    text = EnvelopeFailure(mismatch, values).text

    assert len({text.nb, text.nn, text.en}) == 3
