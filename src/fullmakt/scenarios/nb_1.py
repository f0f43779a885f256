"""Norwegian document, scenario 1: en registrert regnskapsfører rapporterer data for klient."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from fullmakt.scenarios.accounting import Cast, file_vat, payment_of
from fullmakt.scenarios.model import StoryError
from fullmakt.scenarios.refusals import variants
from fullmakt.scenarios.stories import Scenario
from fullmakt.vendor import SystemUserReference

if TYPE_CHECKING:
    from fullmakt.scenarios.stage import Stage

_INSTANCES = ("altinn:instances.read", "altinn:instances.write")
_EXISTING = "regn"


def _play(stage: Stage) -> None:
    cast = Cast(stage)
    found = next(
        user
        for user in stage.world()["systemUsers"]
        if user["externalRef"] == _EXISTING and user["reportee"] == cast.accountant.number.digits
    )
    system_user = UUID(found["id"])
    reference = SystemUserReference(cast.accountant.number, _EXISTING)
    with stage.step(1, "Legge til klient", who=str(cast.administrator)) as step:
        answer = cast.administrator.links_in_portal(
            cast.client, owner=cast.accountant, system_user=system_user
        )
        if answer.is_error:
            message = f"klienten ble ikke lagt til: {answer.status_code} {answer.text}"
            raise StoryError(message)
        step.result = f"{cast.client} er lagt til med {len(answer.json())} tilgangspakker"
    with stage.step(2, "Hente token", who="Maestro") as step:
        token = cast.maestro.sdk.maskinporten.exchanged_token(_INSTANCES, system_user=reference)
        step.result = f"et token som varer til {token.expires_at:%H:%M:%S}"
    with stage.step(3, "Rapportere data", who="Maestro") as step:
        receipt = file_vat(cast, reference)
        step.result = f"levert som {receipt.instance.id}"
    with stage.step(4, "Godkjenning og bekreftelse", who="Skatteetaten") as step:
        asked = [decision for done in stage.steps for decision in done.decisions]
        if not asked or any(decision.outcome != "Permit" for decision in asked):
            message = f"skatteetaten spurte, og fikk til svar {asked}"
            raise StoryError(message)
        step.decisions.extend(asked)
        payment = payment_of(receipt)
        step.result = (
            f"kvittering {receipt.instance.id}: {payment.amount} kr, frist {payment.due}, "
            f"KID {payment.payment_reference}"
        )


SCENARIO = Scenario(
    id="nb-1",
    title="Registrert regnskapsfører rapporterer data for klient",
    play=_play,
    variants=variants(
        {
            "struck": "regnskapsføreren er strøket fra registeret etter at tokenet ble hentet",
            "not-linked": "klienten er ikke lagt til",
            "unlinked": "klienten er fjernet",
            "audited": "revisjonsklient prøvd med denne systembrukeren",
            "package": "tilgangspakken mangler på systemet",
            "reference": "feil ekstern referanse",
            "scope": "scope mangler",
            "vendor": "token fra en annen leverandør",
            "administrator": "klientadministrator uten tilgangspakken",
            "replay": "grantet er brukt før",
        }
    ),
)
