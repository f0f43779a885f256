"""English document, scenario 9: an organisation has purchased SAP for local installation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.scenarios.accounting import RESOURCE, payment_of
from fullmakt.scenarios.installed import (
    INSTANCES,
    REGISTER_SCOPES,
    InstalledCast,
    approve,
    ask_itself,
    describe_system,
    file_own_vat,
    installation,
)
from fullmakt.scenarios.installed_refusals import VARIANTS
from fullmakt.scenarios.model import StoryError
from fullmakt.scenarios.stories import Scenario

if TYPE_CHECKING:
    from fullmakt.scenarios.stage import Stage


def _play(stage: Stage) -> None:
    cast = InstalledCast(stage)
    company = str(cast.company)
    with stage.step(0, "Agreement for access to the system register", who=company) as step:
        granted = {
            scope["scope"]
            for scope in stage.world()["maskinportenScopes"]
            if cast.company.number.digits in scope["grantedTo"]
        }
        if not granted.issuperset(REGISTER_SCOPES):
            message = f"{company} has no agreement"
            raise StoryError(message)
        step.result = f"granted {', '.join(REGISTER_SCOPES)}"
    with stage.step(0, "A Maskinporten client of its own", who=company) as step:
        server = installation(cast)
        step.result = f"client {server.client_id}"
    with stage.step(0, "The installation is registered as a system", who=company) as step:
        server.sdk.system_register.create(describe_system(cast, server))
        registered = server.sdk.system_register.read(cast.system_id)
        step.result = f"{registered.id}, vendor {registered.vendor}, may ask for {RESOURCE}"
    with stage.step(0, "The key is installed on the server", who=company) as step:
        token = server.sdk.maskinporten.token(REGISTER_SCOPES)
        step.result = (
            f"key {server.key.kid} never left the server; with it a token until"
            f" {token.expires_at:%H:%M:%S}"
        )
    with stage.step(1, "A request to the organization itself", who=server.name) as step:
        request = ask_itself(cast, server)
        step.result = f"request {request.id} from {registered.vendor} to {request.owner}"
    with stage.step(2, "Approval", who=str(cast.director)) as step:
        system_user = approve(cast, request)
        step.result = f"system user {system_user} exists"
    with stage.step(3, "Tokens and calls", who=server.name) as step:
        receipt = file_own_vat(cast, server)
        asked = [decision for done in stage.steps for decision in done.decisions]
        payment = payment_of(receipt)
        step.result = (
            f"receipt {receipt.instance.id}: {payment.amount} kr due {payment.due}; "
            f"the tax service asked {len(asked) or 'for'} decisions"
        )
    with stage.step(0, "Note: had a vendor shared its own key", who=company) as step:
        # The vendor's client and key, in the hands of one of its customers.
        leaked = cast.maestro
        theirs = leaked.sdk.maskinporten.token(INSTANCES, system_user=cast.others_reference)
        step.result = (
            f"{company} with {leaked}'s key gets tokens for {cast.accountant}'s system user too"
            f" (until {theirs.expires_at:%H:%M:%S}), and for that of every customer of {leaked}:"
            " nobody can tell them apart. With a key of its own it gets none: see the variants"
        )


SCENARIO = Scenario(
    id="en-9",
    title="Organization has purchased SAP for local installation",
    play=_play,
    variants=VARIANTS,
)
