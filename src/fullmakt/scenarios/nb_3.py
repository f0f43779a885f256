"""Norwegian document, scenario 3: en virksomhet rapporterer egne data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.scenarios.accounting import payment_of
from fullmakt.scenarios.model import StoryError
from fullmakt.scenarios.own_data import (
    BY_PACKAGE,
    INSTANCES,
    OwnCast,
    approve_own,
    ask,
    file_own_vat,
)
from fullmakt.scenarios.own_refusals import variants
from fullmakt.scenarios.stories import Scenario

if TYPE_CHECKING:
    from fullmakt.scenarios.stage import Stage


def _play(stage: Stage) -> None:
    cast = OwnCast(stage)
    with stage.step(1, "Anskaffelse av system", who=str(cast.company)) as step:
        step.result = "en avtale mellom kunde og leverandør, utenfor Altinn"
    with stage.step(2, "Forespørsel om systembruker", who="Maestro") as step:
        request = ask(cast, BY_PACKAGE)
        step.result = f"forespørsel {request.id} om {', '.join(request.packages)}"
    with stage.step(3, "Godkjenning og opprettelse", who=str(cast.director)) as step:
        system_user = approve_own(cast, request)
        given = cast.director.sees_access(system_user, owner=cast.company)
        packages = [package["urn"].rpartition(":")[2] for package in given["accessPackages"]]
        if packages != list(BY_PACKAGE.packages):
            message = f"systembrukeren fikk {packages}"
            raise StoryError(message)
        step.result = f"systembruker {system_user} er opprettet med {', '.join(packages)}"
    with stage.step(4, "Rapportering", who="Maestro") as step:
        cast.maestro.sdk.maskinporten.exchanged_token(INSTANCES, system_user=cast.own_reference)
        receipt = file_own_vat(cast)
        step.result = f"levert som {receipt.instance.id}"
    with stage.step(5, "Godkjenning og bekreftelse", who="Skatteetaten") as step:
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
    id="nb-3",
    title="Virksomhet rapporterer egne data",
    play=_play,
    variants=variants(
        BY_PACKAGE,
        {
            "lacks-right": "den som godkjenner, mangler en rettighet",
            "nobody": "en kommune der ingen kan godkjenne",
            "client": "systembruker for egen virksomhet prøvd for en klient",
            "other": "token fra en annen virksomhet",
            "system": "systemet er slettet",
            "key": "nøkkelen er fjernet",
            "client-id": "klient-id-en er tatt av en annen leverandør",
            "user": "systembrukeren er slettet etter at tokenet ble hentet",
            "answered": "besvart for andre gang",
            "for-clients": "tilgangspakke for klientforhold i forespørselen",
        },
    ),
)
