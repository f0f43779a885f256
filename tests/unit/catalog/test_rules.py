"""Who may give a package on, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from fullmakt.access.catalog.model import EntityType
from fullmakt.access.catalog.rules import (
    HeldPackage,
    HeldRole,
    Reach,
    Receivability,
    check_recipient,
    packages_assignable_by,
)
from fullmakt.access.catalog.service import load_catalog

CATALOG = load_catalog()
CASES = Path(__file__).with_name("cases") / "delegation-check.yaml"


@dataclass(frozen=True)
class Fact:
    role: str | None = None
    package: str | None = None
    form: str = "AS"
    by: str = "Direct"
    main_unit: bool = False

    def held(self) -> HeldRole | HeldPackage:
        how = (self.form, Reach(self.by), self.main_unit)
        return HeldRole(self.role, *how) if self.role else HeldPackage(self.package or "", *how)


@dataclass(frozen=True)
class Case:
    when: str
    package: str
    held: list[dict]
    expect: list[str]
    giver: str = "Organisasjon"
    outcome: str | None = None

    def __str__(self) -> str:
        return self.when

    @property
    def expected_outcome(self) -> str:
        return self.outcome or ("nothing held" if self.expect == ["NoAccess"] else "assignable")


DELEGATION_CASES = [
    Case(**case) for case in yaml.safe_load(CASES.read_text(encoding="utf-8"))["cases"]
]


@pytest.mark.parametrize("case", DELEGATION_CASES, ids=str)
def test_a_package_is_given_on_for_the_reasons_named(case: Case) -> None:
    held = [Fact(**fact).held() for fact in case.held]

    check = packages_assignable_by(CATALOG, giver_type=EntityType(case.giver), held=held)[
        case.package
    ]

    assert list(check.reasons) == case.expect
    assert check.outcome.value == case.expected_outcome
    assert check.permitted == (case.expected_outcome == "assignable")


@pytest.mark.parametrize("giver, number", [(EntityType.ORGANISATION, 147), (EntityType.PERSON, 76)])
def test_only_packages_of_the_givers_kind_are_checked(giver: EntityType, number: int) -> None:
    held = [HeldRole("privatperson", "Person"), HeldRole("daglig-leder", "AS")]

    checks = packages_assignable_by(CATALOG, giver_type=giver, held=held)

    assert len(checks) == number
    assert {check.package.entity_type for check in checks.values()} == {giver}


@pytest.mark.parametrize(
    "role, form, number",
    [
        ("daglig-leder", "AS", 134),
        ("styreleder", "AS", 134),
        ("komplementar", "KS", 131),
        ("bestyrende-reder", "PRE", 115),
        ("bostyrer", "KBO", 136),
        ("kontaktperson-nuf", "NUF", 13),
        ("norsk-representant", "NUF", 10),
        ("forretningsforer", "NUF", 10),
        ("regnskapsforer", "AS", 0),
        ("revisor", "AS", 0),
        ("hovedadministrator", "AS", 133),
    ],
)
def test_a_role_class_gives_on_so_many_packages(role: str, form: str, number: int) -> None:
    checks = packages_assignable_by(
        CATALOG, giver_type=EntityType.ORGANISATION, held=[HeldRole(role, form)]
    )

    assert len([check for check in checks.values() if check.permitted]) == number


def test_a_basis_names_what_it_rests_on() -> None:
    given = HeldPackage("skatt-naering", "AS")

    checks = packages_assignable_by(CATALOG, giver_type=EntityType.ORGANISATION, held=[given])

    assert [basis.held for basis in checks["skatt-naering"].bases] == [given]


def test_a_package_the_catalog_does_not_know_gives_nothing() -> None:
    held = [HeldPackage("sykmelding", "AS")]

    checks = packages_assignable_by(CATALOG, giver_type=EntityType.ORGANISATION, held=held)

    assert [check for check in checks.values() if check.permitted] == []


ORGANISATION, PERSON, SYSTEM_USER = (
    EntityType.ORGANISATION,
    EntityType.PERSON,
    EntityType.SYSTEM_USER,
)
REPRESENTATIVE = "virksomhetens-representant-skjemaoppgaver"


@pytest.mark.parametrize(
    "package, giver, recipient, outcome",
    [
        ("skatt-naering", ORGANISATION, ORGANISATION, Receivability.RECEIVABLE),
        ("skatt-naering", ORGANISATION, PERSON, Receivability.RECEIVABLE),
        ("skatt-naering", ORGANISATION, SYSTEM_USER, Receivability.RECEIVABLE),
        ("skatt-naering", PERSON, PERSON, Receivability.OTHER_GIVER),
        ("innbygger-pensjon", PERSON, PERSON, Receivability.RECEIVABLE),
        ("innbygger-pensjon", ORGANISATION, PERSON, Receivability.OTHER_GIVER),
        ("hovedadministrator", ORGANISATION, PERSON, Receivability.RECEIVABLE),
        ("hovedadministrator", ORGANISATION, SYSTEM_USER, Receivability.RECEIVABLE),
        ("hovedadministrator", ORGANISATION, ORGANISATION, Receivability.NOT_TO_ORGANISATIONS),
        (REPRESENTATIVE, ORGANISATION, PERSON, Receivability.RECEIVABLE),
        (REPRESENTATIVE, ORGANISATION, ORGANISATION, Receivability.NOT_TO_ORGANISATIONS),
        (REPRESENTATIVE, ORGANISATION, SYSTEM_USER, Receivability.NOT_TO_SYSTEM_USERS),
    ],
)
def test_a_package_goes_only_to_recipients_of_the_right_kind(
    package: str, giver: EntityType, recipient: EntityType, outcome: Receivability
) -> None:
    check = check_recipient(CATALOG.package(package), giver_type=giver, recipient_type=recipient)

    assert check.outcome is outcome
    assert check.permitted == (outcome is Receivability.RECEIVABLE)


def test_a_check_cannot_be_mistaken_for_its_answer() -> None:
    package = CATALOG.package("skatt-naering")
    recipient = check_recipient(package, giver_type=PERSON, recipient_type=PERSON)
    given = packages_assignable_by(CATALOG, giver_type=ORGANISATION, held=[])[package.name]

    with pytest.raises(TypeError, match=r"ask \.permitted"):
        bool(recipient)
    with pytest.raises(TypeError, match=r"ask \.permitted"):
        bool(given)
