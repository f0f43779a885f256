"""The unregistered accountant: the cast and the moves of scenarios 4 and 2 (Norwegian).

Kystverkstedet has Rett Revisjon do its books without being registered as a client, so it gives the
access packages itself. Båtshake and Tauverk own it together; Sporvogn administers Rett Revisjon's
clients. The system user is the one for delegated clients that Rett Revisjon has from before.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID

from fullmakt.scenarios.accounting import Cast, filing_is_refused, vat_return
from fullmakt.vendor import SystemUserReference

if TYPE_CHECKING:
    from fullmakt.scenarios.actors import Organization, Person
    from fullmakt.scenarios.model import Refused
    from fullmakt.vendor import VatReceipt

INSTANCES = ("altinn:instances.read", "altinn:instances.write")
TAX, VAT = "skattegrunnlag", "merverdiavgift"
SINGLE_SERVICE = "app_skd_mva-melding-innsending-v1"
REFERENCE, FOR_REGISTERED = "delegert", "regn"
_KYSTVERKSTEDET = "312700131"
_BATSHAKE, _TAUVERK = "03846420354", "16926821249"


class DelegatingCast(Cast):
    """Everybody in the story, in the world as it is now."""

    @cached_property
    def workshop(self) -> Organization:
        """Kystverkstedet DA, which no register has as a client of Rett Revisjon."""
        return self._organization(_KYSTVERKSTEDET)

    @cached_property
    def owner(self) -> Person:
        """Barket Båtshake, who owns half of Kystverkstedet and manages its access."""
        return self._person(_BATSHAKE)

    @cached_property
    def co_owner(self) -> Person:
        """Seig Tauverk, who owns the other half."""
        return self._person(_TAUVERK)

    def system_user(self, reference: str = REFERENCE) -> UUID:
        """The accountant's system user for clients with this reference."""
        found = next(
            user
            for user in self._facts["systemUsers"]
            if user["externalRef"] == reference
            and user["reportee"] == self.accountant.number.digits
        )
        return UUID(found["id"])

    @property
    def delegated_reference(self) -> SystemUserReference:
        """How Maestro names the system user when it asks for a token."""
        return SystemUserReference(self.accountant.number, REFERENCE)


def give(cast: DelegatingCast, *packages: str) -> None:
    """Båtshake gives the accountant these packages, through Maestro."""
    connections = cast.owner.connections(cast.maestro)
    for package in packages:
        connections.give_package(cast.workshop.uuid, cast.accountant.uuid, package)


def link_workshop(cast: DelegatingCast) -> None:
    """Sporvogn links Kystverkstedet to the system user."""
    cast.administrator.client_links(cast.maestro).add(cast.system_user(), cast.workshop.uuid)


def delegated(cast: DelegatingCast) -> None:
    """The story up to the token: both packages given, linked, and the token fetched."""
    give(cast, TAX, VAT)
    link_workshop(cast)
    cast.maestro.sdk.maskinporten.exchanged_token(INSTANCES, system_user=cast.delegated_reference)


def file_for_workshop(cast: DelegatingCast) -> VatReceipt:
    """Maestro files Kystverkstedet's return with the system user's token."""
    returns = cast.maestro.sdk.vat_returns(cast.delegated_reference)
    return returns.file(replace(vat_return(cast, cast.workshop), created_by=cast.accountant.name))


def workshop_is_refused(cast: DelegatingCast) -> Refused:
    """The filing for Kystverkstedet is refused by the decision point."""
    return filing_is_refused(
        cast, cast.system_user(), reference=cast.delegated_reference, client=cast.workshop
    )
