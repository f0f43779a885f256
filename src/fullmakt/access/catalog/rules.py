"""Who may give an access package on, and to whom.

Pure functions over what somebody holds for the giving party: roles and given packages, each held
directly or through a key role, from the party itself or from its main unit. Collecting these facts
is `access/delegations`. Source: Altinn's public documentation, delegation check for packages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import NoReturn, assert_never

from fullmakt.access.catalog.model import MAIN_ADMINISTRATOR, Catalog, EntityType, Package

NO_ACCESS = "NoAccess"

_REPRESENTATIVE = "virksomhetens-representant-skjemaoppgaver"
_NOT_TO_ORGANISATIONS = frozenset({MAIN_ADMINISTRATOR, _REPRESENTATIVE})
_NOT_TO_SYSTEM_USERS = frozenset({_REPRESENTATIVE})


class Reach(StrEnum):
    """How somebody comes to hold a thing."""

    DIRECT = "Direct"
    KEY_ROLE = "KeyRole"
    """Through a key role in the organisation that holds it."""


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role from the giving party, or from its main unit, whose form is `giver_form`.

    `giver` and `via` are the ids of who gave it and through whom it is held, for whoever collects
    the facts; nothing here reads them.
    """

    role: str
    giver_form: str | None
    reach: Reach = Reach.DIRECT
    is_from_main_unit: bool = False
    giver: int | None = None
    via: int | None = None


@dataclass(frozen=True, slots=True)
class HeldPackage:
    """A package given by the giving party, or by its main unit, whose form is `giver_form`.

    `giver` and `via` are as in `HeldRole`.
    """

    package: str
    giver_form: str | None
    reach: Reach = Reach.DIRECT
    is_from_main_unit: bool = False
    giver: int | None = None
    via: int | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """One thing held that lets somebody give a package on."""

    held: HeldRole | HeldPackage
    is_main_administration: bool = False
    """The held thing makes a main administrator, and a main administrator may give the package."""

    @property
    def reason(self) -> str:
        """Altinn's word for it, such as `KeyRole-RolePackage-MainUnit-HovedAdmin`."""
        source = "RolePackage" if isinstance(self.held, HeldRole) else "AssignmentPackage"
        unit = "-MainUnit" if self.held.is_from_main_unit else ""
        administration = "-HovedAdmin" if self.is_main_administration else ""
        return f"{self.held.reach}-{source}{unit}{administration}"


class Assignability(StrEnum):
    """The outcome of a delegation check."""

    ASSIGNABLE = "assignable"
    NEVER_ASSIGNABLE = "never assignable"
    """The package follows from a role and is not given to anybody."""
    NOTHING_HELD = "nothing held"
    """Nothing that the person holds lets them give it on."""


@dataclass(frozen=True, slots=True)
class PackageCheck:
    """Whether somebody may give a package on, and what that rests on."""

    package: Package
    bases: tuple[Basis, ...]

    @property
    def outcome(self) -> Assignability:
        """The outcome; only `ASSIGNABLE` lets the package be given."""
        if not self.package.is_assignable:
            return Assignability.NEVER_ASSIGNABLE
        return Assignability.ASSIGNABLE if self.bases else Assignability.NOTHING_HELD

    @property
    def permitted(self) -> bool:
        """Whether the package may be given on."""
        return self.outcome is Assignability.ASSIGNABLE

    @property
    def reasons(self) -> tuple[str, ...]:
        """Altinn's words for the bases, in the order of the facts; else only `NoAccess`."""
        return tuple(basis.reason for basis in self.bases) if self.permitted else (NO_ACCESS,)

    def __bool__(self) -> NoReturn:
        raise TypeError("ask .permitted, or look at .outcome")


class Receivability(StrEnum):
    """The outcome of a recipient check."""

    RECEIVABLE = "receivable"
    OTHER_GIVER = "given by another kind of party"
    NOT_TO_ORGANISATIONS = "not to organisations"
    NOT_TO_SYSTEM_USERS = "not to system users"


@dataclass(frozen=True, slots=True)
class RecipientCheck:
    """Whether a package may go from one kind of party to another."""

    package: Package
    outcome: Receivability

    @property
    def permitted(self) -> bool:
        """Whether the package may be given to the recipient."""
        return self.outcome is Receivability.RECEIVABLE

    def __bool__(self) -> NoReturn:
        raise TypeError("ask .permitted, or look at .outcome")


def packages_assignable_by(
    catalog: Catalog, *, giver_type: EntityType, held: Iterable[HeldRole | HeldPackage]
) -> Mapping[str, PackageCheck]:
    """Check each package that a party of `giver_type` can give, for somebody holding `held`.

    By package name, with every basis and not only the first. Whoever collects the facts asks
    `Catalog.is_key_role` before counting something as held through a key role.
    """
    bases: dict[str, list[Basis]] = {
        package.name: [] for package in catalog.facts.packages if package.entity_type == giver_type
    }
    for fact in held:
        for name in _given_on_by(catalog, fact) & bases.keys():
            bases[name].append(Basis(fact))
        for name in _given_on_as_main_administrator(catalog, fact) & bases.keys():
            bases[name].append(Basis(fact, is_main_administration=True))
    return {
        name: PackageCheck(catalog.package(name), tuple(found)) for name, found in bases.items()
    }


def check_recipient(
    package: Package, *, giver_type: EntityType, recipient_type: EntityType
) -> RecipientCheck:
    """Check that `package` may go from a party of `giver_type` to one of `recipient_type`."""
    if package.entity_type != giver_type:
        return RecipientCheck(package, Receivability.OTHER_GIVER)
    if recipient_type is EntityType.ORGANISATION and package.name in _NOT_TO_ORGANISATIONS:
        return RecipientCheck(package, Receivability.NOT_TO_ORGANISATIONS)
    if recipient_type is EntityType.SYSTEM_USER and package.name in _NOT_TO_SYSTEM_USERS:
        return RecipientCheck(package, Receivability.NOT_TO_SYSTEM_USERS)
    return RecipientCheck(package, Receivability.RECEIVABLE)


def _given_on_by(catalog: Catalog, held: HeldRole | HeldPackage) -> frozenset[str]:
    match held:
        case HeldRole():
            return catalog.packages_delegable_by(held.role, held.giver_form)
        case HeldPackage():
            # SPEC: main administration is passed on only by those who have it through a role.
            return frozenset({held.package}) - {MAIN_ADMINISTRATOR}
        case _:
            assert_never(held)


def _given_on_as_main_administrator(
    catalog: Catalog, held: HeldRole | HeldPackage
) -> frozenset[str]:
    match held:
        case HeldRole():
            has = catalog.packages_with_access(held.role, held.giver_form)
        case HeldPackage():
            has = frozenset({held.package})
        case _:
            assert_never(held)
    if MAIN_ADMINISTRATOR not in has:
        return frozenset()
    return catalog.packages_delegable_by(MAIN_ADMINISTRATOR, held.giver_form)
