"""The catalog: access packages, areas, roles, the maps between them, and organisation forms.

`Catalog` answers which packages a role gives, who may pass them on, and by which identifiers
policies know a role's holder. It never changes once made. Who holds which role is `access/parties`,
who was given what is `access/delegations`; reading the file is `service.py`.
Source: Altinn's public documentation, access packages and roles.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, TypeVar, final
from uuid import UUID

from fullmakt.foundation.terms.text import LocalizedText
from fullmakt.foundation.terms.urns import ACCESS_PACKAGE_PREFIX, ROLE_CODE, package_urn

ALTINN_ROLE = "urn:altinn:role"
REGISTER_ROLE = "urn:altinn:external-role:ccr"
GUARDIANSHIP_ROLE = "urn:altinn:external-role:cra"

MAIN_ADMINISTRATOR: Final = "hovedadministrator"
"""Both the package that makes a main administrator and the role that says what one may pass on."""

# SPEC: Altinn, policy information point for roles: these are relations of the platform itself, so
# a holder gets nothing in a decision by having one of them.
_OUTSIDE_DECISIONS = frozenset({"agent", "appstyrt-rettighetshaver", "rettighetshaver", "supplier"})
_BOARD_ROLES = frozenset({"nestleder", "observator", "styreleder", "styremedlem", "varamedlem"})
_BOARD = "STYR"
_SHARED_LIABILITY = "deltaker-delt-ansvar"
_INTER_MUNICIPAL = "IKS"
_NONE: frozenset[str] = frozenset()


class EntityType(StrEnum):
    """What kind of party something is, as the catalog's wire words have it."""

    ORGANISATION = "Organisasjon"
    PERSON = "Person"
    SYSTEM_USER = "Systembruker"
    SELF_IDENTIFIED = "Selvidentifisert"
    INTERNAL = "Intern"


class RoleProvider(StrEnum):
    """Who hands a role out: a register, or Altinn's own old and new generation."""

    REGISTER = "sys-ccr"
    GUARDIANSHIP = "sys-cra"
    ALTINN_2 = "sys-altinn2"
    ALTINN_3 = "sys-altinn3"


_ROLE_ATTRIBUTES: Final[Mapping[RoleProvider, str]] = {
    RoleProvider.REGISTER: REGISTER_ROLE,
    RoleProvider.GUARDIANSHIP: GUARDIANSHIP_ROLE,
    RoleProvider.ALTINN_2: ROLE_CODE,
    RoleProvider.ALTINN_3: ALTINN_ROLE,
}


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """A heading above areas. Its code and its nynorsk and English names are ours."""

    id: UUID
    code: str
    entity_type: EntityType
    names: LocalizedText


@dataclass(frozen=True, slots=True)
class Area:
    """A subject that packages are listed under; `group` is the code of its group."""

    id: UUID
    code: str
    group: str
    names: LocalizedText


@dataclass(frozen=True, slots=True)
class Package:
    """An access package. `name` is the last part of its URN: what policies and tokens use."""

    id: UUID
    name: str
    # QUIRK: `namsmannen-tvangsfullbyrdelse-forliksradet` has another code than its name. Kept: the
    # code is shown, never compared. Held by test_one_package_has_a_code_other_than_its_name.
    code: str
    area: str
    entity_type: EntityType
    """The kind of party it can be given from."""
    names: LocalizedText
    is_assignable: bool
    """May be given to another party."""
    is_delegable: bool
    """May be passed on to an agent for a client."""
    is_available_in_policies: bool
    is_available_to_service_owners: bool

    @property
    def urn(self) -> str:
        """`urn:altinn:accesspackage:` and the name."""
        return package_urn(self.name)


@dataclass(frozen=True, slots=True)
class Role:
    """A role that one party has for another."""

    id: UUID
    code: str
    provider: RoleProvider
    entity_type: EntityType
    names: LocalizedText
    is_key_role: bool
    """Its holder may do what the organisation may do for others; ask `Catalog.is_key_role`."""
    is_assignable: bool
    legacy_code: str | None = None
    """The register's code in lower case, which older policies use: `regn` for `regnskapsforer`."""

    @property
    def attribute(self) -> str:
        """The attribute id that policies find the role's code under."""
        return _ROLE_ATTRIBUTES[self.provider]

    @property
    def urn(self) -> str:
        """The attribute id and the code."""
        return f"{self.attribute}:{self.code}"

    @property
    def legacy_urn(self) -> str | None:
        """`urn:altinn:rolecode:` and the legacy code, if there is one."""
        return f"{ROLE_CODE}:{self.legacy_code}" if self.legacy_code else None

    @property
    def register_code(self) -> str | None:
        """The code in Enhetsregisteret (`REGN`, `FFØR`), or None for a role from elsewhere."""
        if self.provider is RoleProvider.REGISTER and self.legacy_code:
            return self.legacy_code.upper()
        return None

    @property
    def register_group(self) -> str | None:
        """The role group Enhetsregisteret lists it in: `STYR` for the board, else its own code."""
        return _BOARD if self.code in _BOARD_ROLES else self.register_code


@dataclass(frozen=True, slots=True)
class RoleMapping:
    """Whoever holds `role` holds `gives_role` as well. One step: that one gives nothing further."""

    role: str
    gives_role: str


@dataclass(frozen=True, slots=True)
class RolePackage:
    """What a role does with a package, when the giver's form is `entity_variant` (any if None)."""

    role: str
    package: str
    has_access: bool
    can_delegate: bool
    can_assign: bool
    entity_variant: str | None = None


@dataclass(frozen=True, slots=True)
class OrganisationForm:
    """A form that parties can have, and the roles that can be registered for one of that form."""

    code: str
    entity_type: EntityType
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CatalogFacts:
    """The content of the catalog file, row by row."""

    version: str
    area_groups: tuple[AreaGroup, ...]
    areas: tuple[Area, ...]
    packages: tuple[Package, ...]
    roles: tuple[Role, ...]
    role_map: tuple[RoleMapping, ...]
    role_packages: tuple[RolePackage, ...]
    organisation_forms: tuple[OrganisationForm, ...]


class NotInCatalogError(LookupError):
    """A code that should have been checked before is not in the catalog; a fault, not an answer."""


_Row = TypeVar("_Row")


def _get(rows: Mapping[str, _Row], kind: str, code: str) -> _Row:
    row = rows.get(code)
    if row is None:
        raise NotInCatalogError(f"no {kind} `{code}` in the catalog")
    return row


def _grouped(rows: Iterable[_Row], key: Callable[[_Row], str]) -> dict[str, tuple[_Row, ...]]:
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return {code: tuple(held) for code, held in found.items()}


class _Packages(NamedTuple):
    """Package names of one role: for givers of any form, and for those of particular forms."""

    any_form: frozenset[str]
    by_form: Mapping[str | None, frozenset[str]]

    def for_form(self, form: str | None) -> frozenset[str]:
        return self.by_form.get(form, self.any_form)


_NO_PACKAGES = _Packages(_NONE, {})


def _packages_by_role(
    rows: Iterable[RolePackage], wanted: Callable[[RolePackage], bool]
) -> dict[str, _Packages]:
    names: dict[str, dict[str | None, set[str]]] = {}
    for row in filter(wanted, rows):
        names.setdefault(row.role, {}).setdefault(row.entity_variant, set()).add(row.package)
    index = {}
    for role, by_form in names.items():
        any_form = frozenset(by_form.pop(None, ()))
        index[role] = _Packages(any_form, {form: any_form | own for form, own in by_form.items()})
    return index


@final
class Catalog:
    """The catalog with its indexes. Every question is a look-up; an unknown role gives nothing.

    Sets of packages hold package *names*, sets of roles hold role *codes*.
    """

    def __init__(self, facts: CatalogFacts, *, sha256: str) -> None:
        self.facts: Final = facts
        self.version: Final = facts.version
        self.sha256: Final = sha256
        """Of the file's bytes, in hex: two catalogs with the same hash are the same."""
        self.key_roles: Final = frozenset(role.code for role in facts.roles if role.is_key_role)
        self._areas = {area.code: area for area in facts.areas}
        self._areas_of = _grouped(facts.areas, lambda area: area.group)
        self._packages_of = _grouped(facts.packages, lambda package: package.area)
        self._packages = {package.name: package for package in facts.packages}
        self._package_identifiers = {
            identifier: package
            for package in facts.packages
            for identifier in (
                package.name,
                f":{package.name}",
                package.urn,
                package.code,
                str(package.id),
            )
        }
        self._roles = {role.code: role for role in facts.roles}
        self._role_identifiers = {
            identifier.lower(): role
            for role in facts.roles
            for identifier in (role.code, role.legacy_code, role.urn, role.legacy_urn, str(role.id))
            if identifier
        }
        self._register_roles = {
            role.register_code: role for role in facts.roles if role.register_code
        }
        self._forms = {form.code: form for form in facts.organisation_forms}
        given: dict[str, list[str]] = {}
        for mapping in facts.role_map:
            given.setdefault(mapping.role, []).append(mapping.gives_role)
        self._given = {role: tuple(sorted(codes)) for role, codes in given.items()}
        self._identifiers = {role.code: self._identifiers_of(role) for role in facts.roles}
        rows = facts.role_packages
        self._held = _packages_by_role(rows, lambda row: row.has_access)
        self._delegable = _packages_by_role(rows, lambda row: row.can_delegate)
        self._for_clients = _packages_by_role(
            rows, lambda row: row.has_access and self._packages[row.package].is_delegable
        )

    def __repr__(self) -> str:
        return f"Catalog(version={self.version!r}, sha256={self.sha256[:12]!r})"

    def _identifiers_of(self, role: Role) -> Mapping[str, frozenset[str]]:
        bags: dict[str, set[str]] = {}
        if role.code not in _OUTSIDE_DECISIONS:
            for held in (role, *(self._roles[code] for code in self.roles_given_by(role.code))):
                bags.setdefault(held.attribute, set()).add(held.code)
                if held.legacy_code:
                    bags.setdefault(ROLE_CODE, set()).add(held.legacy_code)
        return MappingProxyType({attribute: frozenset(bag) for attribute, bag in bags.items()})

    def package(self, name: str) -> Package:
        """The package of that name. Raises: NotInCatalogError."""
        return _get(self._packages, "access package", name)

    def package_by_urn(self, urn: str) -> Package | None:
        """The package with that full URN."""
        name = urn.removeprefix(ACCESS_PACKAGE_PREFIX)
        return None if name == urn else self._packages.get(name)

    def find_package(self, identifier: str) -> Package | None:
        """The package meant by a URN, `:name`, name, code or id."""
        return self._package_identifiers.get(identifier)

    def area(self, code: str) -> Area:
        """The area with that code. Raises: NotInCatalogError."""
        return _get(self._areas, "area", code)

    def areas_of(self, group: AreaGroup) -> tuple[Area, ...]:
        """The areas under a group, in the order of the catalog."""
        return self._areas_of.get(group.code, ())

    def packages_of(self, area: Area) -> tuple[Package, ...]:
        """The packages under an area, in the order of the catalog."""
        return self._packages_of.get(area.code, ())

    def role(self, code: str) -> Role:
        """The role with that code. Raises: NotInCatalogError."""
        return _get(self._roles, "role", code)

    def find_role(self, identifier: str) -> Role | None:
        """The role meant by a code, legacy code, URN, legacy URN or id, in any case."""
        return self._role_identifiers.get(identifier.lower())

    def register_role(self, code: str) -> Role:
        """The role of Enhetsregisteret's `code`, as `DAGL` or `FFØR`. Raises: NotInCatalogError."""
        return _get(self._register_roles, "role from Enhetsregisteret", code)

    def organisation_form(self, code: str) -> OrganisationForm:
        """The form with that code, such as `ESEK`. Raises: NotInCatalogError."""
        return _get(self._forms, "organisation form", code)

    def find_organisation_form(self, code: str) -> OrganisationForm | None:
        """The form with that code, or None."""
        return self._forms.get(code)

    def packages_with_access(self, role: str, variant: str | None) -> frozenset[str]:
        """The packages that a holder of `role` has for a giver whose form is `variant`."""
        return self._held.get(role, _NO_PACKAGES).for_form(variant)

    def packages_delegable_by(self, role: str, variant: str | None) -> frozenset[str]:
        """The packages that `role` lets its holder give on, held or not (whole check: rules)."""
        return self._delegable.get(role, _NO_PACKAGES).for_form(variant)

    def client_packages(self, role: str, variant: str | None) -> frozenset[str]:
        """The packages an agent may get for a client of that form that gave its owner `role`."""
        return self._for_clients.get(role, _NO_PACKAGES).for_form(variant)

    def roles_given_by(self, role: str) -> tuple[str, ...]:
        """The roles that follow from holding `role`, in order of code."""
        return self._given.get(role, ())

    def role_identifiers(self, role: str) -> Mapping[str, frozenset[str]]:
        """What a decision knows a holder of `role` by: attribute id to codes, given roles included.

        Legacy codes are lower case, as Altinn's are. Empty for `rettighetshaver`, `agent` and the
        like: relations that no policy names.
        """
        return self._identifiers.get(role, MappingProxyType({}))

    def is_key_role(self, role: str, variant_of_giver: str | None) -> bool:
        """Whether holding `role` in an organisation of that form lets one act as it towards others.

        A share in an inter-municipal company (IKS) is a municipality's ownership, and does not
        carry what others gave the company.
        """
        if role == _SHARED_LIABILITY and variant_of_giver == _INTER_MUNICIPAL:
            return False
        return role in self.key_roles
