"""Software on an organisation's own servers: the cast and the moves of scenario 9.

Storfjell has bought software and runs it itself, so it is its own vendor: it has the agreement, the
Maskinporten client, the key and the entry in the system register. Gravemaskin manages it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from fullmakt.scenarios.accounting import RESOURCE, Cast, vat_return
from fullmakt.scenarios.actors import VendorSystem
from fullmakt.scenarios.model import StoryError
from fullmakt.vendor import (
    ClientKey,
    LocalizedText,
    NewRequest,
    OwnAccess,
    Right,
    System,
    SystemUserReference,
)

if TYPE_CHECKING:
    from uuid import UUID

    from fullmakt.scenarios.actors import Organization, Person
    from fullmakt.scenarios.stage import Stage
    from fullmakt.vendor import OrganizationNumber, SystemUserRequest, VatReceipt

REGISTER_SCOPES = (
    "altinn:authentication/systemregister.write",
    "altinn:authentication/systemuser.request.write",
    "altinn:authentication/systemuser.request.read",
)
INSTANCES = ("altinn:instances.read", "altinn:instances.write")
_STORFJELL = "312500140"
_GRAVEMASKIN, _SKRIVEBORD, _MONEPANNE = "11907013989", "26900152107", "24847512675"
_NAME = LocalizedText(nb="Storfjell ERP", nn="Storfjell ERP", en="Storfjell ERP")


class InstalledCast(Cast):
    """Everybody in the story, in the world as it is now."""

    @cached_property
    def company(self) -> Organization:
        """Storfjell Entreprenør AS, which runs the software on its own servers."""
        return self._organization(_STORFJELL)

    @cached_property
    def director(self) -> Person:
        """Djerv Gravemaskin, managing director of Storfjell."""
        return self._person(_GRAVEMASKIN)

    @cached_property
    def deputy(self) -> Person:
        """Stille Skrivebord, deputy member of Storfjell's board."""
        return self._person(_SKRIVEBORD)

    @cached_property
    def other_director(self) -> Person:
        """Klok Mønepanne, managing director of Havbris Eiendom."""
        return self._person(_MONEPANNE)

    @property
    def system_id(self) -> str:
        """What Storfjell calls its installation in the system register."""
        return f"{self.company.number}_erp"

    @property
    def own_reference(self) -> SystemUserReference:
        """How the installation names its only system user: without a reference."""
        return SystemUserReference(self.company.number)

    @property
    def others_reference(self) -> SystemUserReference:
        """A system user of the vendor's own, at another customer: Rett Revisjon's in Maestro."""
        return SystemUserReference(self.accountant.number, "regn")


def register_client(
    stage: Stage,
    owner: Organization,
    *,
    name: str,
    scopes: tuple[str, ...] = (*REGISTER_SCOPES, *INSTANCES),
    key: ClientKey | None = None,
) -> VendorSystem:
    """An organisation makes a Maskinporten client, and puts the public half of a key on it."""
    held = key or stage.key_of(name)
    client_id = stage.registers_client(
        organization=owner.number.digits, name=name, scopes=scopes, jwk=held.public_jwk
    )
    return VendorSystem(stage, name=name, client_id=client_id, key=held)


def installation(cast: InstalledCast) -> VendorSystem:
    """Storfjell's installation with a client and a key of its own."""
    return register_client(cast.stage, cast.company, name="Storfjell ERP")


def describe_system(cast: InstalledCast, server: VendorSystem) -> System:
    """The entry in the system register for the installation."""
    return System(
        id=cast.system_id,
        vendor=cast.company.number,
        name=_NAME,
        description=_NAME,
        rights=(Right(RESOURCE),),
        packages=("skattegrunnlag",),
        client_ids=(server.client_id,),
        is_visible=False,
    )


def registered_installation(cast: InstalledCast) -> VendorSystem:
    """The preconditions: client, key, and entry in the system register."""
    server = installation(cast)
    server.sdk.system_register.create(describe_system(cast, server))
    return server


def ask_itself(
    cast: InstalledCast, server: VendorSystem, *, owner: OrganizationNumber | None = None
) -> SystemUserRequest:
    """The installation asks its own organisation for a system user."""
    return server.sdk.requests.ask(
        NewRequest(
            system_id=cast.system_id,
            owner=owner or cast.company.number,
            wanted=OwnAccess(rights=(Right(RESOURCE),)),
        )
    )


def approve(cast: InstalledCast, request: SystemUserRequest) -> UUID:
    """The director approves the request of the organisation's own."""
    answer = cast.director.approves(request, owner=cast.company)
    if answer.is_error:
        message = f"{cast.director} could not approve: {answer.status_code} {answer.text}"
        raise StoryError(message)
    return request.id


def approved_installation(cast: InstalledCast) -> tuple[VendorSystem, UUID]:
    """The story up to the approval."""
    server = registered_installation(cast)
    return server, approve(cast, ask_itself(cast, server))


def file_own_vat(cast: InstalledCast, server: VendorSystem) -> VatReceipt:
    """The installation files the organisation's own return."""
    own = replace(vat_return(cast, cast.company), created_by=cast.company.name)
    return server.sdk.vat_returns(cast.own_reference).file(own)
