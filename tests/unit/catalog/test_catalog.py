"""What the catalog answers: look-ups, what roles give, and who counts as a holder of a key role."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pytest
import yaml

from fullmakt.access.catalog.model import (
    ALTINN_ROLE,
    GUARDIANSHIP_ROLE,
    REGISTER_ROLE,
    EntityType,
    NotInCatalogError,
)
from fullmakt.access.catalog.service import load_catalog
from fullmakt.foundation.terms.urns import ROLE_CODE

CATALOG = load_catalog()
CASES = Path(__file__).with_name("cases")


def cases_in(name: str) -> list[dict]:
    return yaml.safe_load((CASES / f"{name}.yaml").read_text(encoding="utf-8"))["cases"]


@dataclass(frozen=True)
class RoleCase:
    role: str
    form: str
    held: int
    delegable: int
    compare: str | None = None
    without: list[str] = field(default_factory=list)
    plus: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return f"{self.role} in {self.form}"


@dataclass(frozen=True)
class ClientCase:
    role: str
    form: str
    packages: list[str]

    def __str__(self) -> str:
        return f"{self.role} for {self.form}"


@dataclass(frozen=True)
class AdministrationCase:
    package: str
    roles: list[str]

    def __str__(self) -> str:
        return self.package


ROLE_CASES = [RoleCase(**case) for case in cases_in("role-packages")]
CLIENT_CASES = [ClientCase(**case) for case in cases_in("client-packages")]
ADMINISTRATION_CASES = [AdministrationCase(**case) for case in cases_in("administration-packages")]


@pytest.mark.parametrize("case", ROLE_CASES, ids=str)
def test_a_role_gives_its_packages(case: RoleCase) -> None:
    held = CATALOG.packages_with_access(case.role, case.form)

    assert len(held) == case.held
    assert len(CATALOG.packages_delegable_by(case.role, case.form)) == case.delegable


@pytest.mark.parametrize("case", [case for case in ROLE_CASES if case.compare], ids=str)
def test_leading_roles_differ_from_the_managing_director_as_listed(case: RoleCase) -> None:
    held = CATALOG.packages_with_access(case.role, case.form)
    compared = CATALOG.packages_with_access(case.compare or "", case.form)

    assert sorted(compared - held) == case.without
    assert sorted(held - compared) == case.plus


@pytest.mark.parametrize("case", CLIENT_CASES, ids=str)
def test_a_client_relation_gives_an_agent_its_packages(case: ClientCase) -> None:
    assert sorted(CATALOG.client_packages(case.role, case.form)) == case.packages


@pytest.mark.parametrize("case", ADMINISTRATION_CASES, ids=str)
def test_an_administration_package_comes_with_its_roles(case: AdministrationCase) -> None:
    holding = [
        role.code
        for role in CATALOG.facts.roles
        if case.package in CATALOG.packages_with_access(role.code, "NUF")
    ]

    assert holding == case.roles
    assert not CATALOG.package(case.package).is_available_in_policies


def test_a_managing_director_lacks_fourteen_packages_of_organisations() -> None:
    held = CATALOG.packages_with_access("daglig-leder", "AS")
    of_organisations = {
        package.name
        for package in CATALOG.facts.packages
        if package.entity_type is EntityType.ORGANISATION
    }

    assert held <= of_organisations
    assert sorted(of_organisations - held) == [
        "ansvarlig-revisor",
        "eksplisitt",
        "ffor-tilgangsstyrer-nuf",
        "forretningsforer-eiendom",
        "konkursbo-lesetilgang",
        "konkursbo-skrivetilgang",
        "konkursbo-tilgangsstyrer",
        "maskinporten-scopes-nuf",
        "post-til-virksomheten-med-taushetsbelagt-innhold",
        "regnskapsforer-lonn",
        "regnskapsforer-med-signeringsrettighet",
        "regnskapsforer-uten-signeringsrettighet",
        "revisormedarbeider",
        "tjenester-nuf",
    ]


def test_forty_one_guardianship_roles_give_one_package_each() -> None:
    numbers = [
        len(CATALOG.packages_with_access(role.code, "Person"))
        for role in CATALOG.facts.roles
        if role.attribute == GUARDIANSHIP_ROLE
    ]

    assert sorted(numbers) == [0] + [1] * 41


def test_a_giver_without_a_form_gives_what_any_form_gives() -> None:
    assert CATALOG.packages_with_access("forretningsforer", None) == frozenset()
    assert len(CATALOG.packages_with_access("kontaktperson-nuf", None)) == 12


def test_an_unknown_role_gives_nothing() -> None:
    assert CATALOG.packages_with_access("keiser", "AS") == frozenset()
    assert CATALOG.packages_delegable_by("keiser", "AS") == frozenset()
    assert CATALOG.client_packages("keiser", "AS") == frozenset()
    assert CATALOG.roles_given_by("keiser") == ()
    assert CATALOG.role_identifiers("keiser") == {}
    assert not CATALOG.is_key_role("keiser", "AS")


@pytest.mark.parametrize(
    "identifier",
    [
        "skattegrunnlag",
        ":skattegrunnlag",
        "urn:altinn:accesspackage:skattegrunnlag",
        str(CATALOG.package("skattegrunnlag").id),
    ],
)
def test_a_package_is_found_by_each_of_its_identifiers(identifier: str) -> None:
    assert CATALOG.find_package(identifier) is CATALOG.package("skattegrunnlag")


@pytest.mark.parametrize(
    "identifier",
    ["", ":", "Skattegrunnlag", "urn:altinn:accesspackage:", "urn:altinn:resource:skattegrunnlag"],
)
def test_nothing_else_is_a_package(identifier: str) -> None:
    assert CATALOG.find_package(identifier) is None


def test_a_package_whose_code_differs_is_found_by_both_and_named_by_its_urn() -> None:
    package = CATALOG.find_package("vergemal-namsmannen-tvangsfullbyrdelse-forliksradet")

    assert package is CATALOG.find_package("namsmannen-tvangsfullbyrdelse-forliksradet")
    assert package is not None
    assert package.urn == "urn:altinn:accesspackage:namsmannen-tvangsfullbyrdelse-forliksradet"
    assert CATALOG.package_by_urn(package.urn) is package


@pytest.mark.parametrize(
    "text", ["skattegrunnlag", ":skattegrunnlag", "urn:altinn:accesspackage:x"]
)
def test_only_a_full_known_urn_is_a_package_urn(text: str) -> None:
    assert CATALOG.package_by_urn(text) is None


@pytest.mark.parametrize(
    "identifier, code",
    [
        ("regnskapsforer", "regnskapsforer"),
        ("regn", "regnskapsforer"),
        ("REGN", "regnskapsforer"),
        ("FFØR", "forretningsforer"),
        ("urn:altinn:external-role:ccr:daglig-leder", "daglig-leder"),
        ("urn:altinn:rolecode:DAGL", "daglig-leder"),
        ("urn:altinn:rolecode:a0239", "a0239"),
        ("urn:altinn:role:privatperson", "privatperson"),
        ("urn:altinn:external-role:cra:nav-arbeid", "nav-arbeid"),
        ("ff4c33f5-03f7-4445-85ed-1e60b8aafb30", "agent"),
    ],
)
def test_a_role_is_found_by_each_of_its_identifiers(identifier: str, code: str) -> None:
    assert CATALOG.find_role(identifier) is CATALOG.role(code)


def test_a_role_is_not_found_under_the_wrong_source() -> None:
    assert CATALOG.find_role("urn:altinn:external-role:cra:daglig-leder") is None


def test_an_unknown_code_is_named_in_the_fault() -> None:
    with pytest.raises(NotInCatalogError, match="no role `DAGL` in the catalog"):
        CATALOG.role("DAGL")
    with pytest.raises(NotInCatalogError, match="no organisation form `XYZ`"):
        CATALOG.organisation_form("XYZ")
    with pytest.raises(NotInCatalogError, match="no access package `sykmelding`"):
        CATALOG.package("sykmelding")
    with pytest.raises(NotInCatalogError, match="no area `ingenting`"):
        CATALOG.area("ingenting")


@pytest.mark.parametrize(
    "register_code, code, group",
    [
        ("DAGL", "daglig-leder", "DAGL"),
        ("LEDE", "styreleder", "STYR"),
        ("NEST", "nestleder", "STYR"),
        ("MEDL", "styremedlem", "STYR"),
        ("VARA", "varamedlem", "STYR"),
        ("OBS", "observator", "STYR"),
        ("INNH", "innehaver", "INNH"),
        ("DTPR", "deltaker-delt-ansvar", "DTPR"),
        ("DTSO", "deltaker-fullt-ansvar", "DTSO"),
        ("KOMP", "komplementar", "KOMP"),
        ("BEST", "bestyrende-reder", "BEST"),
        ("BOBE", "bostyrer", "BOBE"),
        ("REGN", "regnskapsforer", "REGN"),
        ("REVI", "revisor", "REVI"),
        ("FFØR", "forretningsforer", "FFØR"),
        ("SREVA", "kontaktperson-revisor", "SREVA"),
        ("KONT", "kontaktperson", "KONT"),
        ("KNUF", "kontaktperson-nuf", "KNUF"),
        ("KOMK", "kontaktperson-kommune", "KOMK"),
        ("KEMN", "kontaktperson-ados", "KEMN"),
        ("REPR", "norsk-representant", "REPR"),
        ("PROK", "prokurist", "PROK"),
        ("POFE", "prokurist-fellesskap", "POFE"),
        ("POHV", "prokurist-hver-for-seg", "POHV"),
        ("SIGN", "signerer", "SIGN"),
        ("SIFE", "signerer-fellesskap", "SIFE"),
        ("SIHV", "signerer-hver-for-seg", "SIHV"),
        ("BEDR", "hovedenhet", "BEDR"),
        ("AAFY", "ikke-naeringsdrivende-hovedenhet", "AAFY"),
        ("ORGL", "organisasjonsledd-offentlig-sektor", "ORGL"),
        ("ADOS", "administrativ-enhet-offentlig-sektor", "ADOS"),
        ("MVAU", "mva-utfyller", "MVAU"),
        ("MVAG", "mva-signerer", "MVAG"),
        ("ESGR", "elektronisk-signeringsrettig", "ESGR"),
        ("ETDL", "elektronisk-signeringsrett-tildeler", "ETDL"),
        ("SAM", "sameier", "SAM"),
        ("EIKM", "eierkommune", "EIKM"),
        ("KDEB", "konkursdebitor", "KDEB"),
        ("KENK", "personlige-konkurs", "KENK"),
        ("STFT", "stifter", "STFT"),
    ],
)
def test_a_register_code_is_a_role_in_a_group(register_code: str, code: str, group: str) -> None:
    role = CATALOG.register_role(register_code)

    assert (role.code, role.register_code, role.register_group) == (code, register_code, group)


@pytest.mark.parametrize("code", ["STYR", "PRIV", "dagl", "a0239", ""])
def test_groups_and_other_codes_are_not_roles_of_the_register(code: str) -> None:
    with pytest.raises(NotInCatalogError, match=f"no role from Enhetsregisteret `{code}`"):
        CATALOG.register_role(code)


def test_a_role_from_elsewhere_has_no_code_in_the_register() -> None:
    role = CATALOG.role("privatperson")

    assert (role.register_code, role.register_group) == (None, None)
    assert role.legacy_urn == "urn:altinn:rolecode:priv"


def test_a_role_gives_the_roles_of_the_map_and_those_give_nothing() -> None:
    assert CATALOG.roles_given_by("regnskapsforer") == ("a0239", "a0240", "a0241")
    assert CATALOG.roles_given_by("revisor") == ("a0237", "a0238")
    assert CATALOG.roles_given_by("a0239") == ()


def test_an_accountant_is_known_by_old_and_new_identifiers() -> None:
    assert CATALOG.role_identifiers("regnskapsforer") == {
        REGISTER_ROLE: {"regnskapsforer"},
        ROLE_CODE: {"regn", "a0239", "a0240", "a0241"},
    }


def test_a_guardian_and_a_private_person_are_known_by_their_own_attributes() -> None:
    assert CATALOG.role_identifiers("nav-arbeid") == {GUARDIANSHIP_ROLE: {"nav-arbeid"}}
    assert CATALOG.role_identifiers("privatperson")[ALTINN_ROLE] == {"privatperson"}
    assert "priv" in CATALOG.role_identifiers("privatperson")[ROLE_CODE]


@pytest.mark.parametrize(
    "role", ["rettighetshaver", "appstyrt-rettighetshaver", "agent", "supplier"]
)
def test_a_relation_of_the_platform_is_not_a_role_in_a_decision(role: str) -> None:
    assert CATALOG.role_identifiers(role) == {}


def test_identifiers_cannot_be_changed_by_who_reads_them() -> None:
    with pytest.raises(TypeError, match="does not support item assignment"):
        CATALOG.role_identifiers("revisor")[ROLE_CODE] = frozenset()  # type: ignore[index]


def test_eight_roles_are_key_roles() -> None:
    assert CATALOG.key_roles == {
        "bestyrende-reder",
        "bostyrer",
        "daglig-leder",
        "deltaker-delt-ansvar",
        "deltaker-fullt-ansvar",
        "innehaver",
        "komplementar",
        "styreleder",
    }


@pytest.mark.parametrize(
    "role, form, is_key_role",
    [
        ("daglig-leder", "AS", True),
        ("daglig-leder", "IKS", True),
        ("deltaker-delt-ansvar", "DA", True),
        ("deltaker-delt-ansvar", "IKS", False),
        ("deltaker-fullt-ansvar", "IKS", True),
        ("deltaker-delt-ansvar", None, True),
        ("regnskapsforer", "AS", False),
    ],
)
def test_a_share_in_an_inter_municipal_company_is_no_key_role(
    role: str, form: str | None, *, is_key_role: bool
) -> None:
    assert CATALOG.is_key_role(role, form) is is_key_role


def test_an_organisation_form_tells_which_roles_it_can_have() -> None:
    assert "bostyrer" in CATALOG.organisation_form("KBO").roles
    assert "daglig-leder" not in CATALOG.organisation_form("ESEK").roles
    assert CATALOG.organisation_form("AgentSystem").entity_type is EntityType.SYSTEM_USER
    assert CATALOG.find_organisation_form("XYZ") is None


def test_a_package_stands_in_an_area_of_a_group() -> None:
    area = CATALOG.area(CATALOG.package("merverdiavgift").area)

    assert (area.code, area.group) == ("skatt_avgift_regnskap_og_toll", "allment")
    assert area.names.in_language("nn") == "Skatt, avgift, rekneskap og toll"
