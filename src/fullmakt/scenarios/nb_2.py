"""Norwegian document, scenario 2: en uregistrert regnskapsfører rapporterer data for klient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.scenarios.accounting import payment_of
from fullmakt.scenarios.delegating import INSTANCES, TAX, VAT, DelegatingCast, file_for_workshop
from fullmakt.scenarios.delegating_refusals import variants
from fullmakt.scenarios.model import StoryError
from fullmakt.scenarios.stories import Scenario

if TYPE_CHECKING:
    import httpx

    from fullmakt.scenarios.stage import Stage


def _check(answer: httpx.Response, what: str) -> None:
    if answer.is_error:
        message = f"{what}: {answer.status_code} {answer.text}"
        raise StoryError(message)


def _play(stage: Stage) -> None:
    cast = DelegatingCast(stage)
    with stage.step(1, "Forespørsel om delegering", who=str(cast.accountant)) as step:
        step.result = f"ber {cast.workshop} om {TAX} og {VAT} i et brev, utenfor Altinn"
    with stage.step(2, "Delegering i Altinn", who=str(cast.co_owner)) as step:
        for package in (TAX, VAT):
            answer = cast.co_owner.gives_in_portal(
                f"urn:altinn:accesspackage:{package}",
                giver=cast.workshop,
                receiver=cast.accountant,
            )
            _check(answer, f"{package} ble ikke gitt")
        step.result = f"{cast.workshop} gir {cast.accountant} {TAX} og {VAT}"
    with stage.step(3, "Legge til klient", who=str(cast.administrator)) as step:
        system_user = cast.system_user()
        answer = cast.administrator.links_in_portal(
            cast.workshop, owner=cast.accountant, system_user=system_user
        )
        _check(answer, "klienten ble ikke lagt til")
        step.result = (
            f"{cast.workshop} er lagt til; {len(answer.json())} tilgangspakker er videredelegert"
            f" til systembruker {system_user}"
        )
    with stage.step(4, "Hente token", who="Maestro") as step:
        token = cast.maestro.sdk.maskinporten.exchanged_token(
            INSTANCES, system_user=cast.delegated_reference
        )
        step.result = f"et token som varer til {token.expires_at:%H:%M:%S}"
    with stage.step(5, "Rapportere data", who="Maestro") as step:
        receipt = file_for_workshop(cast)
        step.result = f"levert som {receipt.instance.id}"
    with stage.step(6, "Godkjenning og bekreftelse", who="Skatteetaten") as step:
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
    id="nb-2",
    title="Uregistrert regnskapsfører rapporterer data for klient",
    play=_play,
    variants=variants(
        {
            "withdrawn": "tilgangspakken er trukket tilbake etter at tokenet ble hentet",
            "service": "bare en enkelttjeneste er gitt",
            "one": "bare en av de to tilgangspakkene er gitt",
            "unlinked": "klienten er fjernet",
            "removed": "rettighetshaveren er fjernet",
            "again": "tilgangspakken er trukket tilbake og gitt på nytt, klienten ikke lagt til",
            "not-linked": "tilgangspakkene er gitt, klienten er ikke lagt til",
            "registered": "systembrukeren for registrerte klienter er prøvd",
            "never": "tilgangspakken til registrerte regnskapsførere er gitt",
            "itself": "regnskapsføreren gir seg selv tilgangspakken",
            "consent": "personens token kan bare lese",
            "administrator": "klientadministrator uten tilgangspakken",
        }
    ),
)
