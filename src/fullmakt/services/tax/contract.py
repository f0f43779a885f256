"""What the validation of VAT returns is given and answers."""

from __future__ import annotations

from fullmakt.foundation.http.contract import XML, Call, Contract
from fullmakt.services.tax import wire

CONTRACT = Contract(
    about="VAT returns",
    calls={
        "routes.post_validation": Call(
            {200: {"application/xml": str, "application/json": wire.ResultJson}},
            body=XML,
            refusals=frozenset({406, 415}),
        ),
    },
)
