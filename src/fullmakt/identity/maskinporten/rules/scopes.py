"""Whether the client may have the scopes a grant asks for. One that it may not fails them all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.identity.maskinporten.errors import (
    ConsumerIsClient,
    ScopeNotDelegated,
    ScopeNotGranted,
    ScopesNotForMaskinporten,
    ScopesNotOnClient,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fullmakt.credentials.clients.model import RegisteredClient
    from fullmakt.identity.maskinporten.model import Wish


def check_scopes(wish: Wish, registered: RegisteredClient) -> None:
    """Refuse scopes not on the client, of another kind of client, or not granted, in this order.

    Raises: ScopesNotOnClient, ScopesNotForMaskinporten, ScopeNotGranted, ConsumerIsClient,
    ScopeNotDelegated.
    """
    client, usable = registered.client, registered.scopes
    missing = [name for name in wish.scopes if name not in usable]
    if missing:
        detail = f"client `{client.client_id}` has {len(usable)} scopes, and not these"
        raise ScopesNotOnClient(detail, scopes=_listed(missing))
    reserved = [name for name in wish.scopes if not usable[name].is_for_maskinporten]
    if reserved:
        raise ScopesNotForMaskinporten(scopes=_listed(reserved))
    if wish.consumer is not None:
        _refuse_delegation(wish, registered)
    for name in wish.scopes:
        if not usable[name].is_granted:
            detail = f"the owner of the scope must grant it to {client.organization}"
            raise ScopeNotGranted(detail, scope=name)


def _refuse_delegation(wish: Wish, registered: RegisteredClient) -> None:
    supplier = registered.client.organization
    if wish.consumer == supplier:
        detail = f"leave out `consumer_org` when it is the client's own organisation: `{supplier}`"
        raise ConsumerIsClient(detail)
    # Scopes cannot be delegated between organisations here yet, so no such delegation exists.
    detail = "no delegation of a scope between organisations is registered"
    raise ScopeNotDelegated(
        detail, consumer=str(wish.consumer), scope=wish.scopes[0], supplier=str(supplier)
    )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)[:400]
