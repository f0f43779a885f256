"""What the endpoints of app instances are given and answer."""

from __future__ import annotations

from fullmakt.foundation.http.contract import Call, Contract, TypeForm
from fullmakt.services.apps import wire

_CONTENT: dict[str, TypeForm] = {
    "application/xml": str,
    "text/xml": str,
    "application/pdf": bytes,
    "application/octet-stream": bytes,
}
_NAMED = {"Content-Disposition": str}
_WRONG_KIND = frozenset({409, 415})

CONTRACT = Contract(
    about="App instances",
    calls={
        "routes.post_instance": Call(
            {201: wire.InstanceJson}, body=wire.NewInstanceJson, refusals=_WRONG_KIND
        ),
        "routes.get_instance": Call({200: wire.InstanceJson}),
        "routes.post_element": Call(
            {201: wire.ElementJson},
            body=_CONTENT,
            query={"dataType": str},
            headers=_NAMED,
            refusals=_WRONG_KIND,
        ),
        "routes.put_element": Call(
            {201: wire.ElementJson}, body=_CONTENT, headers=_NAMED, refusals=_WRONG_KIND
        ),
        "routes.get_element": Call({200: _CONTENT}),
        "routes.delete_element": Call({200: None}, refusals=frozenset({409})),
        "routes.get_process": Call({200: wire.ProcessJson}),
        "routes.put_process_next": Call({200: wire.ProcessJson}, refusals=frozenset({409})),
        "routes.get_feedback_status": Call({200: wire.FeedbackStatusJson}),
        "routes.get_feedback": Call({200: wire.InstanceJson}),
    },
    tells_text=True,
)
