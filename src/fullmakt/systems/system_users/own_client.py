"""The firm itself as a client of its agent system user.

The firm gives the agent its packages directly, without any link, so packages that only follow from
being somebody's accountant, auditor or business manager cannot be among them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.decisions.permissions import Duty, check_permitted, get_person
from fullmakt.access.delegations import service as delegations
from fullmakt.foundation.terms.urns import package_urn
from fullmakt.systems.system_register import service as system_register
from fullmakt.systems.system_register.errors import PackageNotOnSystem, SystemNotFound
from fullmakt.systems.system_users import clients, errors, giving, giving_errors, service

if TYPE_CHECKING:
    from uuid import UUID

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.decisions.service import DecisionPoint
    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.bearer.model import Caller
    from fullmakt.foundation.storage.database import Reading, Work


def is_own_client(
    reading: Reading,
    decisions: DecisionPoint,
    party_id: int,
    uuid: UUID,
    *,
    party_uuid: UUID | None,
    caller: Caller,
) -> bool:
    """Whether the firm has given its agent anything for itself.

    Raises: PartyNotFound, NotAuthorized (also: another party's), FacilitatorMismatch, InvalidInput
    (unknown), NotAnAgent.
    """
    agent, _ = _get_agent(reading, decisions, party_id, uuid, party_uuid, caller)
    return bool(service.access_of(reading, owner=agent.owner, uuid=uuid).packages)


def add_own_client(
    work: Work,
    catalog: Catalog,
    decisions: DecisionPoint,
    party_id: int,
    uuid: UUID,
    *,
    party_uuid: UUID | None,
    caller: Caller,
) -> None:
    """Let the agent act for the firm itself, with all its packages; again is the same as once.

    Raises: as `is_own_client`; PackageNotOnSystem (the agent carries none), SystemNotFound,
    PackageForClientsOnly, PackagesNotGiven.
    """
    agent, person = _get_agent(work, decisions, party_id, uuid, party_uuid, caller)
    packages = agent.user.packages
    if not packages:
        message = f"system user `{uuid}` carries no access packages"
        raise PackageNotOnSystem(message)
    _check_system(work, agent)
    refused = [name for name in packages if not catalog.package(name).is_assignable]
    if refused:
        named = ", ".join(package_urn(name) for name in refused)
        message = f"only for clients of `{agent.owner.name}`: {named}"
        raise giving_errors.PackageForClientsOnly(message, NotDelegablePackages=named)
    giving.check_own_packages(work, catalog, packages, person=person, owner=agent.owner)
    delegations.give_to_system_user(
        work,
        owner=agent.owner,
        system_user=agent.party,
        packages=frozenset(packages),
        rights=frozenset(),
        given_by=person,
    )


def remove_own_client(
    work: Work,
    decisions: DecisionPoint,
    party_id: int,
    uuid: UUID,
    *,
    party_uuid: UUID | None,
    caller: Caller,
) -> None:
    """Take from the agent what the firm gave it for itself; nothing happens when it is nothing.

    Raises: as `is_own_client`; SystemNotFound.
    """
    agent, person = _get_agent(work, decisions, party_id, uuid, party_uuid, caller)
    _check_system(work, agent)
    given = service.access_of(work, owner=agent.owner, uuid=uuid)
    delegations.withdraw(
        work,
        giver=agent.owner,
        receiver=agent.party,
        packages=frozenset(given.packages),
        rights=frozenset(),
        withdrawn_by=person,
    )


def _get_agent(  # noqa: PLR0917  what a use case is given, passed on
    reading: Reading,
    decisions: DecisionPoint,
    party_id: int,
    uuid: UUID,
    party_uuid: UUID | None,
    caller: Caller,
) -> tuple[clients.AgentOfOwner, Party]:
    owner = service.get_party(reading, party_id)
    # SPEC: for those who may write access management, not for client administrators; to read too.
    check_permitted(decisions, caller, action="write", duty=Duty.ACCESS_MANAGEMENT, party=owner)
    agent = clients.get_agent_owned_by(reading, owner, uuid)
    if party_uuid not in {None, owner.uuid}:
        message = f"the party `{party_uuid}` is not `{owner.name}`"
        raise errors.FacilitatorMismatch(message)
    return agent, get_person(reading, caller)


def _check_system(reading: Reading, agent: clients.AgentOfOwner) -> None:
    system = system_register.find_system(reading, agent.user.system_id)
    if system is None or system.is_deleted:
        message = f"system `{agent.user.system_id}` is retired"
        raise SystemNotFound(message)
