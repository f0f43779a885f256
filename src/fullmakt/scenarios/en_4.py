"""English document, scenario 4: an unregistered accountant reports data for a client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.scenarios.accounting import payment_of
from fullmakt.scenarios.delegating import (
    INSTANCES,
    TAX,
    VAT,
    DelegatingCast,
    file_for_workshop,
    link_workshop,
)
from fullmakt.scenarios.delegating_refusals import variants
from fullmakt.scenarios.model import StoryError
from fullmakt.scenarios.stories import Scenario

if TYPE_CHECKING:
    from fullmakt.scenarios.stage import Stage


def _play(stage: Stage) -> None:
    cast = DelegatingCast(stage)
    with stage.step(1, "Request access", who=str(cast.accountant)) as step:
        step.result = f"asks {cast.workshop} for {TAX} and {VAT}, by letter: outside Altinn"
    with stage.step(2, "Delegation", who=str(cast.owner)) as step:
        connections = cast.owner.connections(cast.maestro)
        given = []
        for package in (TAX, VAT):
            check = connections.check_package(cast.workshop.uuid, package)
            if not check.may_give:
                message = f"{cast.owner} may not give {package}: {check.reasons}"
                raise StoryError(message)
            connections.give_package(cast.workshop.uuid, cast.accountant.uuid, package)
            given.append(f"{package} ({check.reasons[0]})")
        step.result = f"{cast.workshop} gives {cast.accountant} {' and '.join(given)}"
    with stage.step(3, "Add client", who=str(cast.administrator)) as step:
        system_user = cast.system_user()
        links = cast.administrator.client_links(cast.maestro)
        if cast.workshop.number not in {each.organization for each in links.available(system_user)}:
            message = f"{cast.workshop} is not among the clients that can be linked"
            raise StoryError(message)
        link_workshop(cast)
        linked = ", ".join(client.name for client in links.linked(system_user))
        step.result = f"re-delegated to system user {system_user}; linked: {linked}"
    with stage.step(4, "Retrieve token", who="Maestro") as step:
        token = cast.maestro.sdk.maskinporten.exchanged_token(
            INSTANCES, system_user=cast.delegated_reference
        )
        step.result = f"a token until {token.expires_at:%H:%M:%S}"
    with stage.step(5, "Reporting", who="Maestro") as step:
        receipt = file_for_workshop(cast)
        step.result = f"filed as {receipt.instance.id}"
    with stage.step(6, "Validation", who="The tax service") as step:
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
    id="en-4",
    title="Unregistered accountant reports data for a client",
    play=_play,
    variants=variants(
        {
            "withdrawn": "package withdrawn after the token was fetched",
            "service": "only a single service given",
            "one": "only one of the two packages given",
            "unlinked": "link removed",
            "removed": "right holder removed",
            "again": "package withdrawn and given again, client not linked anew",
            "not-linked": "packages given, client not linked",
            "registered": "system user for registered clients tried",
            "never": "package of registered accountants given",
            "itself": "accountant gives itself the package",
            "consent": "the person's token may only read",
            "administrator": "client administrator without the package",
        }
    ),
)
