"""What the endpoints of log-out answer."""

from __future__ import annotations

from fullmakt.foundation.http.contract import Call, Contract

CONTRACT = Contract(
    about="Log-out, and the way back to the vendor",
    calls={
        "routes.log_out": Call({302: None}),
        "routes.go_on": Call({302: None}),
        "routes.forget_session": Call({200: None}),
        "routes.leave_request": Call({302: None}),
        "routes.leave_agent_request": Call({302: None}),
        "routes.leave_change_request": Call({302: None}),
    },
)
