"""The page of settings names every variable that is read, and the limits as they are."""

from __future__ import annotations

import re
from pathlib import Path

import fullmakt
from fullmakt.access.decisions.standings import StandingLimits
from fullmakt.credentials.clients.model import ClientLimits
from fullmakt.foundation.bearer.service import BearerLimits
from fullmakt.identity.exchange.model import ExchangeLimits
from fullmakt.identity.maskinporten.model import GrantLimits

PACKAGE = Path(fullmakt.__file__).parent
PAGE = Path(__file__).parents[3] / "docs" / "reference" / "settings.md"


def test_every_variable_that_is_read_stands_in_the_page() -> None:
    sources = (path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py"))
    read = {
        name for text in sources for name in re.findall(r'os\.environ(?:\.get)?[(\[]"(\w+)"', text)
    }

    assert read == {"FULLMAKT_URL", "FULLMAKT_SECRET"}
    page = PAGE.read_text(encoding="utf-8")
    assert {name for name in read if f"`{name}`" not in page} == set()


def test_only_run_reads_the_environment() -> None:
    readers = {
        path.relative_to(PACKAGE).parts[0]
        for path in PACKAGE.rglob("*.py")
        if re.search(r"os\.environ|os\.getenv", path.read_text(encoding="utf-8"))
    }

    assert readers == {"run"}


def test_the_limits_are_those_in_the_page() -> None:
    page = PAGE.read_text(encoding="utf-8")
    grant, client, exchange = GrantLimits(), ClientLimits(), ExchangeLimits()
    told = {
        "GrantLimits": f"{grant.longest.seconds} s; {grant.skew.seconds} s",
        "ExchangeLimits": f"{exchange.lifetime.seconds // 60} min",
        "ClientLimits": (
            f"{client.most_keys}; {client.key_lifetime.days} days;"
            f" {client.default_token_lifetime_s} s; {client.longest_token_lifetime_s} s"
        ),
        "StandingLimits": f"{StandingLimits().most:_}".replace("_", " "),
        "BearerLimits": f"{BearerLimits().remembered:_}".replace("_", " "),
    }

    for name, value in told.items():
        (line,) = (line for line in page.splitlines() if f"`{name}`" in line)
        assert f"| {value} |" in line
