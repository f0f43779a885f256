"""What the endpoints of authorized parties are given and answer."""

from __future__ import annotations

from fullmakt.access.reach import wire
from fullmakt.foundation.http.contract import Call, Contract

_CHOICES = (
    "includeRoles",
    "includeAccessPackages",
    "includeResources",
    "includeInstances",
    "includePartiesViaKeyRoles",
    "includeSubParties",
    "includeInactiveParties",
)
_QUERY = {**dict.fromkeys(_CHOICES, str), "orgCode": str, "anyOfResourceIds": list[str]}

CONTRACT = Contract(
    about="Authorized parties",
    calls={
        "routes._list_for_owner": Call(
            {200: list[wire.PartyShape]}, body=wire.SubjectBody, query=_QUERY
        ),
        "routes.list_for_end_user": Call({200: wire.PageShape}, query={**_QUERY, "token": str}),
    },
)
