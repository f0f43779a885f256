"""Every grant in `tests/cases/grants`, sent to the token endpoint on both engines."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.unit.keys.rsa_keys import rsa_key
from tests.unit.maskinporten.token_house import (
    OWNER,
    Answer,
    TokenHouse,
    encoded,
    form,
    grant_claims,
    signed,
    system_user_details,
)

CASES = Path(__file__).parents[2] / "cases" / "grants"
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Given:
    """How a grant differs from one that holds."""

    claims: Mapping[str, Any] = field(default_factory=dict)
    times: Mapping[str, int] = field(default_factory=dict)
    details: Mapping[str, Any] | None = None
    owner: str = OWNER.iso6523
    without: tuple[str, ...] = ()
    raw_claims: str | None = None
    header: Mapping[str, Any] = field(default_factory=dict)
    without_header: tuple[str, ...] = ()
    unsigned_header: Mapping[str, Any] | None = None
    key: str = "client"
    parameters: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str | None = FORM
    body: str = "{form}"

    def all_claims(self) -> dict[str, object]:
        now = int(str(grant_claims()["iat"]))
        claims = {
            **grant_claims(),
            **{name: now + seconds for name, seconds in self.times.items()},
            **self.claims,
        }
        if self.details is not None:
            claims["authorization_details"] = system_user_details(self.owner, **self.details)
        return {name: value for name, value in claims.items() if name not in self.without}

    def assertion(self) -> str:
        claims = (self.raw_claims or json.dumps(self.all_claims())).encode()
        if self.unsigned_header is not None:
            header = json.dumps(self.unsigned_header).encode()
            return ".".join((encoded(header), encoded(claims), "AAAA"))
        return signed(
            claims,
            key=rsa_key(self.key),
            header=self.header,
            without=tuple(self.without_header),
        )

    def all_of_body(self) -> str:
        assertion = self.assertion()
        return self.body.replace("{form}", form(assertion, **self.parameters)).replace(
            "{assertion}", assertion
        )


@dataclass(frozen=True)
class Expected:
    """What is answered; of a token, what it says."""

    status: int
    error: str | None = None
    code: str | None = None
    says: str | None = None
    reason: str | None = None
    scope: str | None = None
    aud: str | list[str] | None = None
    pid: str | None = None
    system_user: str | None = None


@dataclass(frozen=True)
class Case:
    file: str
    when: str
    expect: Expected
    given: Given = field(default_factory=Given)

    def __str__(self) -> str:
        return f"{self.file}::{self.when}"


def read_cases() -> list[Case]:
    cases = []
    for path in sorted(CASES.glob("*.yaml")):
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert sorted(document) == ["about", "cases", "source"]
        for case in document["cases"]:
            given = Given(**case.pop("given", {}))
            expect = Expected(**case.pop("expect"))
            cases.append(Case(path.stem, given=given, expect=expect, **case))
    return cases


ALL_CASES = read_cases()


def send(house: TokenHouse, given: Given) -> Answer:
    return house.post(
        given.all_of_body(), content_type=given.content_type, headers=dict(given.headers)
    )


def named_system_user(claims: Mapping[str, Any]) -> str | None:
    details = claims.get("authorization_details")
    return details[0]["systemuser_id"][0] if details else None


@pytest.mark.parametrize("case", [case for case in ALL_CASES if case.expect.status != 200], ids=str)
def test_a_grant_that_does_not_hold_is_refused_for_its_reason(
    house: TokenHouse, case: Case
) -> None:
    answer = send(house, case.given)

    expected = case.expect
    assert (answer.status, answer.body["error"], answer.code, answer.description) == (
        expected.status,
        expected.error,
        expected.code,
        expected.says,
    )
    assert expected.reason in {None, answer.headers.get("fullmakt-reason")}
    assert re.fullmatch(r".* \(trace_id: [0-9a-f]{32}\)", answer.body["error_description"])


@pytest.mark.parametrize("case", [case for case in ALL_CASES if case.expect.status == 200], ids=str)
def test_a_grant_that_holds_gives_the_token_it_asks_for(house: TokenHouse, case: Case) -> None:
    answer = send(house, case.given)

    assert answer.status == 200, answer.body
    claims, expected = answer.claims, case.expect
    assert expected.scope in {None, claims["scope"]}
    assert (claims.get("aud"), claims.get("pid"), named_system_user(claims)) == (
        expected.aud,
        expected.pid,
        expected.system_user,
    )
