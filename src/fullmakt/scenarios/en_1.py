"""English document, scenario 1: a registered accountant reports data for a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.scenarios.accounting import (
    Cast,
    approve,
    ask_for_system_user,
    file_vat,
    link,
    payment_of,
)
from fullmakt.scenarios.model import StoryError
from fullmakt.scenarios.refusals import variants
from fullmakt.scenarios.stories import Scenario

if TYPE_CHECKING:
    from fullmakt.scenarios.stage import Stage

_INSTANCES = ("altinn:instances.read", "altinn:instances.write")


def _play(stage: Stage) -> None:
    cast = Cast(stage)
    with stage.step(0, "Maestro asks for a system user for clients", who="Maestro") as step:
        request = ask_for_system_user(cast)
        step.result = f"request {request.id} is {request.status}"
    with stage.step(0, "The managing director approves the request", who=str(cast.manager)) as step:
        system_user = approve(cast, request)
        step.result = f"system user {system_user} exists"
    with stage.step(1, "Add client", who=str(cast.administrator)) as step:
        links = cast.administrator.client_links(cast.maestro)
        available = {client.organization for client in links.available(system_user)}
        if cast.client.number not in available:
            message = f"{cast.client} is not among the clients that can be linked"
            raise StoryError(message)
        link(cast, system_user)
        linked = ", ".join(client.name for client in links.linked(system_user))
        step.result = f"linked: {linked}"
    with stage.step(2, "Retrieve token", who="Maestro") as step:
        token = cast.maestro.sdk.maskinporten.exchanged_token(
            _INSTANCES, system_user=cast.reference
        )
        step.result = f"a token until {token.expires_at:%H:%M:%S}"
    with stage.step(3, "Send report", who="Maestro") as step:
        receipt = file_vat(cast)
        step.result = f"filed as {receipt.instance.id}"
    with stage.step(4, "Validation and confirmation", who="The tax service") as step:
        asked = [decision for done in stage.steps for decision in done.decisions]
        if not asked or any(decision.outcome != "Permit" for decision in asked):
            message = f"the tax service asked, and was answered {asked}"
            raise StoryError(message)
        step.decisions.extend(asked)
        payment = payment_of(receipt)
        step.result = (
            f"receipt {receipt.instance.id}: {payment.amount} kr due {payment.due}, "
            f"reference {payment.payment_reference}"
        )


SCENARIO = Scenario(
    id="en-1",
    title="Registered accountant reports data for a client",
    play=_play,
    variants=variants(
        {
            "struck": "accountant struck from the register after the token was fetched",
            "not-linked": "client not linked",
            "unlinked": "link removed",
            "audited": "client of another kind (auditor) tried with this system user",
            "package": "package missing on the system",
            "reference": "wrong external reference",
            "scope": "scope missing",
            "vendor": "token of another vendor",
            "administrator": "client administrator without the package",
            "replay": "replayed grant",
        }
    ),
)
