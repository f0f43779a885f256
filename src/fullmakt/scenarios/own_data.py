"""An organisation's own VAT return: the cast and the moves of scenarios 5 and 3 (Norwegian).

Egenmelding Teknikk has bought Maestro; Skiftenøkkel manages it. The system user is a standard one:
it acts for the organisation that it was made for, and for nobody else.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from fullmakt.scenarios.accounting import RESOURCE, SYSTEM, Cast, vat_return
from fullmakt.scenarios.model import StoryError
from fullmakt.vendor import (
    NewRequest,
    OwnAccess,
    RequestStatus,
    Right,
    SystemUserReference,
)

if TYPE_CHECKING:
    from uuid import UUID

    from fullmakt.scenarios.actors import Organization, Person
    from fullmakt.vendor import SystemUserRequest, VatReceipt

INSTANCES = ("altinn:instances.read", "altinn:instances.write")
REFERENCE = "egen-mva"
BY_RIGHT = OwnAccess(rights=(Right(RESOURCE),))
BY_PACKAGE = OwnAccess(packages=("merverdiavgift",))
_TEKNIKK, _KOMMUNE = "312800454", "313000028"
_SKIFTENOKKEL, _SKRIVEBORD, _RADHUSKLOKKE = "25858622010", "26900152107", "20816023816"
_MONEPANNE = "24847512675"


class OwnCast(Cast):
    """Everybody in the story, in the world as it is now."""

    @cached_property
    def company(self) -> Organization:
        """Egenmelding Teknikk AS, which files for itself."""
        return self._organization(_TEKNIKK)

    @cached_property
    def director(self) -> Person:
        """Skarp Skiftenøkkel, managing director of Egenmelding Teknikk."""
        return self._person(_SKIFTENOKKEL)

    @cached_property
    def clerk(self) -> Person:
        """Stille Skrivebord, who works at Egenmelding Teknikk and holds no role there."""
        return self._person(_SKRIVEBORD)

    @cached_property
    def municipality(self) -> Organization:
        """Fjellheim kommune, where nobody has access management."""
        return self._organization(_KOMMUNE)

    @cached_property
    def contact(self) -> Person:
        """Ordentlig Rådhusklokke, contact person of Fjellheim kommune."""
        return self._person(_RADHUSKLOKKE)

    @cached_property
    def other_director(self) -> Person:
        """Klok Mønepanne, managing director of Havbris Eiendom."""
        return self._person(_MONEPANNE)

    @property
    def own_reference(self) -> SystemUserReference:
        """How Maestro names the system user when it asks for a token."""
        return SystemUserReference(self.company.number, REFERENCE)


def ask(cast: OwnCast, wanted: OwnAccess, *, of: Organization | None = None) -> SystemUserRequest:
    """Maestro asks an organisation for a system user for its own affairs."""
    return cast.maestro.sdk.requests.ask(
        NewRequest(
            system_id=SYSTEM,
            owner=(of or cast.company).number,
            wanted=wanted,
            external_ref=REFERENCE,
            title="Maestro, egen MVA",
        )
    )


def approve_own(
    cast: OwnCast,
    request: SystemUserRequest,
    *,
    by: Person | None = None,
    owner: Organization | None = None,
) -> UUID:
    """The director approves; the system user's id is the request's."""
    person = by or cast.director
    answer = person.approves(request, owner=owner or cast.company)
    if answer.is_error:
        message = f"{person} could not approve: {answer.status_code} {answer.text}"
        raise StoryError(message)
    known = cast.maestro.sdk.requests.read(request.id, kind=request.kind)
    if known.status is not RequestStatus.ACCEPTED:
        message = f"the request is `{known.status}` after the approval"
        raise StoryError(message)
    return request.id


def own_system_user(cast: OwnCast, wanted: OwnAccess) -> UUID:
    """The story up to the approval."""
    return approve_own(cast, ask(cast, wanted))


def file_own_vat(cast: OwnCast) -> VatReceipt:
    """Maestro files the organisation's own return."""
    own = replace(vat_return(cast, cast.company), created_by=cast.company.name)
    return cast.maestro.sdk.vat_returns(cast.own_reference).file(own)
