"""English document, scenario 5: an organisation reports its own data.

The system user is made with the single service of the VAT return; the Norwegian story of the same
makes it with an access package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.scenarios.accounting import RESOURCE, SYSTEM, payment_of
from fullmakt.scenarios.model import StoryError
from fullmakt.scenarios.own_data import BY_RIGHT, INSTANCES, OwnCast, approve_own, ask, file_own_vat
from fullmakt.scenarios.own_refusals import variants
from fullmakt.scenarios.stories import Scenario

if TYPE_CHECKING:
    from fullmakt.scenarios.stage import Stage


def _play(stage: Stage) -> None:
    cast = OwnCast(stage)
    with stage.step(0, "The system is configured with the resource", who="Maestro") as step:
        system = cast.maestro.sdk.system_register.read(SYSTEM)
        if RESOURCE not in {right.resource for right in system.rights}:
            message = f"{SYSTEM} is not registered with {RESOURCE}"
            raise StoryError(message)
        step.result = f"{SYSTEM} may ask for {RESOURCE}"
    with stage.step(1, "Procurement of the system", who=str(cast.company)) as step:
        step.result = "an agreement between customer and vendor, outside Altinn"
    with stage.step(2, "Request a system user", who="Maestro") as step:
        request = ask(cast, BY_RIGHT)
        step.result = f"request {request.id} is {request.status}: {request.confirm_url}"
    with stage.step(3, "Approval", who=str(cast.director)) as step:
        opened = cast.director.opens(request)
        if opened["userMayEscalateButNotApprove"]:
            message = f"{cast.director} may not approve"
            raise StoryError(message)
        system_user = approve_own(cast, request)
        given = cast.director.sees_access(system_user, owner=cast.company)
        services = [pair["value"] for right in given["rights"] for pair in right["resource"]]
        step.result = f"system user {system_user} exists, with {', '.join(services)}"
    with stage.step(4, "Reporting", who="Maestro") as step:
        token = cast.maestro.sdk.maskinporten.exchanged_token(
            INSTANCES, system_user=cast.own_reference
        )
        receipt = file_own_vat(cast)
        step.result = (
            f"filed as {receipt.instance.id} with a token until {token.expires_at:%H:%M:%S}"
        )
    with stage.step(5, "Validation", who="The tax service") as step:
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
    id="en-5",
    title="Organization reports its own data",
    play=_play,
    variants=variants(
        BY_RIGHT,
        {
            "lacks-right": "approver lacks a right",
            "nobody": "municipality where nobody can approve",
            "client": "standard system user tried for a client",
            "other": "another organization's token",
            "system": "system deleted",
            "key": "key removed",
            "client-id": "client id taken by another vendor",
            "user": "system user deleted after the token was fetched",
            "answered": "answered a second time",
            "for-clients": "package meant for clients asked for",
        },
    ),
)
