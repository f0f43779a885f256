"""Who may give what on: cases told to the real rooms, on both engines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import yaml

from fullmakt.access.delegations import service as delegations
from fullmakt.access.resources import service as resources
from fullmakt.access.resources.model import ResourceReference, ResourceType
from tests.cases.decisions.town import Town
from tests.engines import ENGINES, PostgresServer
from tests.number_series import organization_numbers, person_numbers
from tests.unit.resources.builders import a_resource
from tests.worlds import new_database

_FOLDER = Path(__file__).parent
RIGHTS = yaml.safe_load(
    (_FOLDER / "rights-are-given-on-with-the-right-to-delegate.yaml").read_text(encoding="utf-8")
)["cases"]
PACKAGES = yaml.safe_load(
    (_FOLDER / "packages-are-given-on-by-role.yaml").read_text(encoding="utf-8")
)
_NEVER = {"client", "manager", "explicit"}
_KNOWN = {"when", "roles", "given", "opens", "rights", "units", "resource", "needs_list", "denies"}


class Case:
    """A case in a town it shares with others: its names are made its own."""

    def __init__(self, town: Town, number: int) -> None:
        self.town, self._prefix = town, f"case {number} "
        self._numbers = organization_numbers(31_400_000 + 100 * number)
        self._people = person_numbers(10 * number)

    def named(self, name: str) -> str:
        return self._prefix + name

    def organization(self, name: str, **more: object) -> None:
        fact = {"name": self.named(name), "number": next(self._numbers), **more}
        self.town.tell("organizations", fact)

    def person(self, name: str) -> None:
        self.town.tell("people", {"name": self.named(name), "number": next(self._people)})

    def tell(self, kind: str, fact: Mapping[str, Any]) -> None:
        own = {key: self.named(fact[key]) for key in ("from", "to")}
        rights = [text.replace("svc", self.service) for text in fact.get("rights", ())]
        self.town.tell(kind, {**fact, **own, **({"rights": rights} if rights else {})})

    @property
    def service(self) -> str:
        return self._prefix.strip().replace(" ", "-") + "-svc"


@pytest.fixture(scope="module", params=ENGINES)
def town(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Town]:
    """One town for all the cases of an engine."""
    if request.param == "sqlite":
        database = new_database(f"sqlite:///{tmp_path_factory.mktemp('giving')}/town.sqlite")
        yield Town(database)
        database.close()
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    with server.database() as name:
        database = new_database(server.url(name))
        yield Town(database)
        database.close()


_numbers = count()


@pytest.fixture
def case(town: Town) -> Case:
    """A case of its own."""
    return Case(town, next(_numbers))


@pytest.mark.parametrize("told", RIGHTS, ids=lambda told: told["when"])
def test_a_right_is_given_on_or_not_for_the_reason_named(
    case: Case, told: Mapping[str, Any]
) -> None:
    assert set(told) <= _KNOWN
    if told.get("units"):
        case.organization("M")
        case.organization("P", parent=case.named("M"))
    else:
        case.organization("P")
    case.organization("A")
    case.person("N")
    _register(case, told.get("resource", {}))
    policy = {key: told[key] for key in ("opens", "denies", "needs_list") if key in told}
    case.town.tell("resources", {"id": case.service, **policy})
    for kind in ("roles", "given"):
        for fact in told.get(kind, ()):
            case.tell(kind, fact)

    checks = case.town.decisions.check_rights(
        person=case.town.parties[case.named("N")],
        giver=case.town.parties[case.named("P")],
        resource=case.service,
    )

    assert [(check.right.action, check.reason) for check in checks] == list(told["rights"].items())
    yes = {"RoleAccess", "PackageAccess", "DelegationAccess"}
    assert all(check.may_delegate == (check.reason in yes) for check in checks)


def _register(case: Case, how: Mapping[str, Any]) -> None:
    kind = ResourceType(how.get("type", ResourceType.GENERIC_ACCESS_RESOURCE))
    scope = ResourceReference("ExternalPlatform", "skd:some.scope", "MaskinportenScope")
    new = replace(
        a_resource(case.service, kind),
        is_delegable=how.get("is_delegable", True),
        references=(scope,) if kind is ResourceType.MASKINPORTEN_SCHEMA else (),
    )
    with case.town.database.authority(actor="town", correlation="") as work:
        resources.add_resource(work, new)


@pytest.mark.parametrize("told", PACKAGES["cases"], ids=lambda told: told["role"])
def test_a_role_lets_packages_of_these_classes_be_given_on(
    case: Case, told: Mapping[str, Any]
) -> None:
    case.organization("P", form=told["form"])
    case.person("N")
    case.tell("roles", {"from": "P", "role": told["role"], "to": "N"})
    classes: Mapping[str, str] = PACKAGES["classes"]

    with case.town.database.reading() as reading:
        checks = delegations.check_packages(
            reading,
            case.town.catalog,
            person=case.town.parties[case.named("N")],
            giver=case.town.parties[case.named("P")],
            packages=classes.values(),
        )

    found = dict(zip(classes, checks, strict=True))
    may = {name: check.reason for name, check in found.items() if check.may_delegate}
    assert may == told["may"]
    for name, check in found.items():
        if name == "private":
            assert check.reason == "NotForThisGiver"
        elif name not in told["may"]:
            expected = "never assignable" if name in _NEVER else "nothing held"
            assert (name, check.reason) == (name, expected)


def test_what_a_check_rests_on_names_who_gave_and_through_whom(case: Case) -> None:
    for name in ("M", "A"):
        case.organization(name)
    case.organization("P", parent=case.named("M"))
    case.person("N")
    case.tell("roles", {"from": "A", "role": "daglig-leder", "to": "N"})
    case.tell("given", {"from": "M", "to": "A", "packages": ["skattegrunnlag"]})
    parties = {name: case.town.parties[case.named(name)] for name in ("M", "A", "P", "N")}

    with case.town.database.reading() as reading:
        (check,) = delegations.check_packages(
            reading,
            case.town.catalog,
            person=parties["N"],
            giver=parties["P"],
            packages=["skattegrunnlag"],
        )

    (basis,) = check.bases
    assert basis.reason == check.reason == "KeyRole-AssignmentPackage-MainUnit"
    assert (basis.held.giver, basis.held.via) == (parties["M"].id, parties["A"].id)
