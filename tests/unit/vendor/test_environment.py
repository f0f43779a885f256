"""The addresses of the three environments."""

from __future__ import annotations

import dataclasses

import pytest

from fullmakt.vendor import Environment

VALIDATION = "/api/mva/grensesnittstoette/mva-melding/valider"


def test_a_local_world_has_everything_under_one_address() -> None:
    local = Environment.local("http://127.0.0.1:8080/")

    assert local.maskinporten_issuer == "http://127.0.0.1:8080/maskinporten/"
    assert local.maskinporten_token == "http://127.0.0.1:8080/maskinporten/token"
    assert local.authentication == "http://127.0.0.1:8080/authentication/api/v1"
    assert local.vat_validation == f"http://127.0.0.1:8080{VALIDATION}"
    assert local.app("skd", local.vat_app) == (
        "http://127.0.0.1:8080/skd/mva-melding-innsending-v1"
    )


def test_tt02_uses_the_test_hosts() -> None:
    tt02 = Environment.tt02()

    assert tt02.maskinporten_issuer == "https://test.maskinporten.no/"
    assert tt02.maskinporten_token == "https://test.maskinporten.no/token"
    assert tt02.platform == "https://platform.tt02.altinn.no"
    assert tt02.app("skd", tt02.vat_app) == (
        "https://skd.apps.tt02.altinn.no/skd/mva-melding-innsending-etm2"
    )


def test_production_uses_the_real_hosts() -> None:
    production = Environment.production()

    assert production.maskinporten_issuer == "https://maskinporten.no/"
    assert production.platform == "https://platform.altinn.no"
    assert production.vat_validation == f"https://idporten.api.skatteetaten.no{VALIDATION}"
    assert production.app("skd", production.vat_app) == (
        "https://skd.apps.altinn.no/skd/mva-melding-innsending-v1"
    )


@pytest.mark.parametrize(
    "address", ["http://altinn.example", "ftp://127.0.0.1", "http://127.0.0.1.evil.example"]
)
def test_an_address_elsewhere_without_tls_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="must be https"):
        dataclasses.replace(Environment.production(), platform=address)


@pytest.mark.parametrize("address", ["", "platform.altinn.no", "https://", "https://x.example?a=b"])
def test_what_is_not_an_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="not an address"):
        dataclasses.replace(Environment.production(), platform=address)


def test_a_password_in_an_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(ValueError, match="not an address") as refusal:
        dataclasses.replace(Environment.production(), platform="https://me:hemmelig@x.example")

    assert "hemmelig" not in str(refusal.value)
