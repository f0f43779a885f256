"""Which values of a client delegation hold: roles, packages, services, agents. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fullmakt.access.connections import errors
from fullmakt.access.delegations.model import Right
from fullmakt.access.parties.model import RIGHT_HOLDER, PartyKind, SystemUserVariant
from fullmakt.foundation.terms.problem import ValidationProblem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fullmakt.access.catalog.model import Catalog, Package, Role
    from fullmakt.access.delegations.model import Carried, Client, ClientAccess, Delegated
    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.terms.problem import Fault


@dataclass(frozen=True, slots=True)
class RoleValues:
    """What is named of one role: packages by any of their names, and services by identifier."""

    role: str
    packages: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()


Values = tuple[RoleValues, ...]


def check_agent(facilitator: Party, agent: Party, *, name: str) -> None:
    """Refuse an agent that is neither a person nor the facilitator's own system user for clients.

    Raises: ValidationProblem.
    """
    if agent.is_deleted:
        message = f"`{agent.name}` is deleted"
        raise ValidationProblem(errors.party_unknown(name, message))
    if agent.kind is PartyKind.PERSON:
        return
    if agent.kind is PartyKind.ORGANIZATION:
        message = f"`{agent.name}` is an organisation; agents are people and system users"
        raise ValidationProblem(errors.kind_not_allowed(name, message))
    if agent.form != SystemUserVariant.AGENT:
        message = f"system user `{agent.name}` acts for its own organisation, not for clients"
        raise ValidationProblem(errors.kind_not_allowed(name, message))
    if agent.owner_id != facilitator.id:
        message = f"system user `{agent.name}` does not belong to `{facilitator.name}`"
        raise ValidationProblem(errors.kind_not_allowed(name, message))


def check_may_become(agent: Party, *, is_agent: bool, name: str) -> None:
    """Refuse a person who is no agent: only system users become one on the way.

    Raises: ValidationProblem.
    """
    if agent.kind is PartyKind.PERSON and not is_agent:
        message = f"`{agent.name}` is no agent; add the person as one first"
        raise ValidationProblem(errors.assignment_missing(f"$QUERY/{name}", message))


def wanted_of(
    catalog: Catalog, values: Values, client: Client | None, *, has_single_services: bool
) -> list[tuple[ClientAccess, Carried]]:
    """Each relation with each thing that is wanted on it, in the order of the values.

    Raises: ValidationProblem with a fault for every value that does not hold.
    """
    faults: list[Fault] = []
    found: list[tuple[ClientAccess, Carried]] = []
    for place, value in enumerate(values):
        role = _role(catalog, value, place, faults)
        access = None if role is None else _access(client, role, place, faults)
        packages = _packages(catalog, value, place, faults)
        if access is None:
            continue
        found += [
            (access, package.name)
            for number, package in packages
            if _is_given(access, package, f"/values[{place}]/packages[{number}]", faults)
        ]
        for number, resource in enumerate(value.resources):
            path = f"/values[{place}]/resources[{number}]"
            found += _rights(access, resource, path, faults, is_served=has_single_services)
    if faults:
        raise ValidationProblem(*faults)
    return list(dict.fromkeys(found))


def _role(catalog: Catalog, value: RoleValues, place: int, faults: list[Fault]) -> Role | None:
    role = catalog.find_role(value.role)
    if role is None:
        path, message = f"/values[{place}]/role", f"no role is called `{value.role}`"
        faults.append(errors.role_unknown(path, message))
    return role


def _access(
    client: Client | None, role: Role, place: int, faults: list[Fault]
) -> ClientAccess | None:
    held = () if client is None else client.access
    found = next((access for access in held if access.role == role.code), None)
    if found is None:
        has = ", ".join(sorted(access.role for access in held)) or "none that clients have"
        message = f"no client relation `{role.code}` to the party; the relations are: {has}"
        faults.append(errors.assignment_missing(f"/values[{place}]/role", message))
    return found


def _packages(
    catalog: Catalog, value: RoleValues, place: int, faults: list[Fault]
) -> list[tuple[int, Package]]:
    found = []
    for number, name in enumerate(value.packages):
        path, package = f"/values[{place}]/packages[{number}]", catalog.find_package(name)
        if package is None:
            faults.append(errors.package_invalid(path, f"no access package is called `{name}`"))
        elif not package.is_delegable:
            message = f"`{package.name}` is not passed on to agents"
            faults.append(errors.package_not_delegable(path, message))
        else:
            found.append((number, package))
    return found


def _is_given(access: ClientAccess, package: Package, path: str, faults: list[Fault]) -> bool:
    if package.name in access.packages:
        return True
    message = f"being a client as `{access.role}` does not give `{package.name}`"
    faults.append(errors.may_not_give(path, message))
    return False


def _rights(
    access: ClientAccess, resource: str, path: str, faults: list[Fault], *, is_served: bool
) -> list[tuple[ClientAccess, Carried]]:
    rights = sorted(right for right in access.rights if right.resource == resource)
    if rights and is_served and access.role == RIGHT_HOLDER:
        return [(access, right) for right in rights]
    message = (
        f"no single right to `{resource}` was given as `{access.role}`"
        if is_served
        else "agents have no single services here"
    )
    faults.append(errors.may_not_give(path, message))
    return []


def unwanted_of(
    catalog: Catalog, values: Values, has: Iterable[Delegated]
) -> list[tuple[str, Carried]]:
    """Each role with each thing that is to be taken; of a service every right that is there.

    Raises: ValidationProblem (no such role or package).
    """
    faults: list[Fault] = []
    held = [(each.role, each.link.carries) for each in has]
    found: list[tuple[str, Carried]] = []
    for place, value in enumerate(values):
        role = _role(catalog, value, place, faults)
        code = "" if role is None else role.code
        for number, name in enumerate(value.packages):
            path, package = f"/values[{place}]/packages[{number}]", catalog.find_package(name)
            if package is None:
                message = f"no access package is called `{name}`"
                faults.append(errors.package_invalid(path, message))
            else:
                found.append((code, package.name))
        for resource in value.resources:
            found += [
                (of, carried)
                for of, carried in held
                if of == code and isinstance(carried, Right) and carried.resource == resource
            ]
    if faults:
        raise ValidationProblem(*faults)
    return list(dict.fromkeys(found))
