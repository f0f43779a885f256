"""The accountant's VAT return: the cast and the moves of scenario 1, in both documents.

Rett Revisjon keeps books for Nordlys; Maestro is the vendor; Havørn manages Rett Revisjon and
Sporvogn administers its clients; the tax service is the world's own, and asks the decision point
for itself.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from fullmakt.scenarios.actors import Organization, Person, VendorSystem
from fullmakt.scenarios.model import Refused, StoryError
from fullmakt.vendor import (
    ClientAccess,
    NewRequest,
    NotAuthorized,
    PlatformProblem,
    RequestStatus,
    SystemUserReference,
    VatLine,
    VatPeriod,
    VatReturn,
)

if TYPE_CHECKING:
    from uuid import UUID

    from fullmakt.scenarios.stage import Stage
    from fullmakt.vendor import SystemUserRequest, VatPayment, VatReceipt

SYSTEM = "312300109_maestro_aarsoppgjoer"
PACKAGE = "regnskapsforer-med-signeringsrettighet"
RESOURCE = "app_skd_mva-melding-innsending-v1"
REFERENCE = "mva-2026"
_RETT, _NORDLYS, _HAVBRIS, _KONTROLLEN = "312300028", "312400138", "312500019", "312300192"
_HAVORN, _SPORVOGN, _TVERRFLOYTE = "12837402229", "04898103388", "27919001270"
_MAESTRO, _SUPER = "f1d55a89-81f2-5e38-ab93-821d641efc8d", "f20fb21d-1fe4-5701-bce2-37c8a9cb9a2d"


class Cast:
    """Everybody in the story, in the world as it is now."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._facts = stage.world()

    def _organization(self, number: str) -> Organization:
        return Organization(
            next(f for f in self._facts["organisations"] if f["organisasjonsnummer"] == number)
        )

    def _person(self, number: str) -> Person:
        facts = self._facts["persons"]
        return Person(self.stage, next(f for f in facts if f["personidentifikator"] == number))

    @cached_property
    def accountant(self) -> Organization:
        """Rett Revisjon AS."""
        return self._organization(_RETT)

    @cached_property
    def client(self) -> Organization:
        """Nordlys Rør og Varme AS, whose registered accountant is Rett Revisjon."""
        return self._organization(_NORDLYS)

    @cached_property
    def audited(self) -> Organization:
        """Havbris Eiendom AS, whose registered auditor is Rett Revisjon."""
        return self._organization(_HAVBRIS)

    @cached_property
    def manager(self) -> Person:
        """Nøyaktig Havørn, managing director of Rett Revisjon."""
        return self._person(_HAVORN)

    @cached_property
    def administrator(self) -> Person:
        """Ryddig Sporvogn, client administrator of Rett Revisjon."""
        return self._person(_SPORVOGN)

    @cached_property
    def employee(self) -> Person:
        """Kvikk Tverrfløyte, who works there and holds no role."""
        return self._person(_TVERRFLOYTE)

    @cached_property
    def maestro(self) -> VendorSystem:
        """Maestro, the end-user system."""
        return VendorSystem(self.stage, name="Maestro", client_id=_MAESTRO)

    @cached_property
    def other_vendor(self) -> VendorSystem:
        """Superavstemming, another vendor's system that Rett Revisjon also uses."""
        return VendorSystem(self.stage, name="Superavstemming", client_id=_SUPER)

    @cached_property
    def other_vendors_company(self) -> Organization:
        """Kontrollen AS, the vendor of Superavstemming."""
        return self._organization(_KONTROLLEN)

    @property
    def reference(self) -> SystemUserReference:
        """How Maestro names the system user when it asks for a token."""
        return SystemUserReference(self.accountant.number, REFERENCE)


def ask_for_system_user(cast: Cast, *, package: str = PACKAGE) -> SystemUserRequest:
    """Maestro asks Rett Revisjon for a system user for clients."""
    return cast.maestro.sdk.requests.ask(
        NewRequest(
            system_id=SYSTEM,
            owner=cast.accountant.number,
            wanted=ClientAccess(packages=(package,)),
            external_ref=REFERENCE,
            title="Maestro, MVA",
        )
    )


def approve(cast: Cast, request: SystemUserRequest) -> UUID:
    """Havørn approves; the system user's id is the request's."""
    answer = cast.manager.approves(request, owner=cast.accountant)
    if answer.is_error:
        message = f"{cast.manager} could not approve: {answer.status_code} {answer.text}"
        raise StoryError(message)
    known = cast.maestro.sdk.requests.read(request.id, kind=request.kind)
    if known.status is not RequestStatus.ACCEPTED:
        message = f"the request is `{known.status}` after the approval"
        raise StoryError(message)
    return request.id


def system_user_exists(cast: Cast) -> UUID:
    """The precondition: the accountant has a system user for clients in Maestro."""
    return approve(cast, ask_for_system_user(cast))


def link(cast: Cast, system_user: UUID) -> None:
    """Sporvogn links the client."""
    cast.administrator.client_links(cast.maestro).add(system_user, cast.client.uuid)


def vat_return(cast: Cast, organization: Organization) -> VatReturn:
    """A return for September and October 2026 with one sale and one purchase."""
    return VatReturn(
        organization=organization.number,
        period=VatPeriod(2026, 5),
        reference="maestro-2026-t5",
        created_by=cast.accountant.name,
        lines=(
            VatLine(code="3", base=100_000, rate="25", vat=25_000),
            VatLine(code="1", vat=-5_000),
        ),
    )


def file_vat(cast: Cast, reference: SystemUserReference | None = None) -> VatReceipt:
    """Maestro files the client's return with the system user's token."""
    returns = cast.maestro.sdk.vat_returns(reference or cast.reference)
    return returns.file(vat_return(cast, cast.client))


def filing_is_refused(
    cast: Cast,
    system_user: UUID,
    *,
    by: VendorSystem | None = None,
    reference: SystemUserReference | None = None,
    client: Organization | None = None,
) -> Refused:
    """The filing is refused by the decision point; the chain of reasons tells on which check."""
    system, organization = by or cast.maestro, client or cast.client
    returns = system.sdk.vat_returns(reference or cast.reference)
    try:
        returns.instantiate(organization.number)
    except NotAuthorized as problem:
        decision, chain = cast.stage.explain(
            system_user=str(system_user),
            action="instantiate",
            resource=RESOURCE,
            organization=organization.number.digits,
        )
        if decision == "Permit":
            message = f"the service refused, and the decision point permits: {problem}"
            raise StoryError(message) from None
        broken = next(reason for reason in chain if not reason.held)
        return Refused(problem.status, problem.code, broken.check, broken.found, chain)
    message = f"{organization} was let in"
    raise StoryError(message)


def problem_refused(problem: PlatformProblem, *, because: str) -> Refused:
    """A refusal that a platform problem is; the reason is its own words."""
    told = [problem.reason, problem.detail or problem.title]
    told += [f"{name} {value}" for name, value in problem.extensions.items()]
    reason = "; ".join(text for text in told if text)
    return Refused(problem.status, problem.code, because, reason)


def payment_of(receipt: VatReceipt) -> VatPayment:
    """What the receipt says is to be paid."""
    if receipt.payment is None:
        message = f"the receipt of {receipt.instance.id} has no payment information"
        raise StoryError(message)
    return receipt.payment
