"""What happened, as JSON lines or, for those who listen on, as server-sent events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from litestar import Request, Response, get
from litestar.response import Stream

from fullmakt.access.parties import service as parties
from fullmakt.access.resources import service as resources
from fullmakt.foundation.events.ledger import list_events
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.model import Aspect
from fullmakt.foundation.terms.moments import write_moment
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.run.testworld.control_door import neighbour
from fullmakt.run.testworld.query import Query, whole
from fullmakt.run.testworld.world import TestWorld

if TYPE_CHECKING:
    from fullmakt.foundation.events.ledger import Event
    from fullmakt.foundation.storage.database import Reading
    from fullmakt.run.server.house import House

_STREAM = "text/event-stream"
_AT_A_TIME = 1000
_LOOK_AGAIN_AFTER_S = 0.2
_LAST = 2**53
AnyRequest = Request[Any, Any, Any]


@get("/fullmakt/events", guards=[neighbour], sync_to_thread=True)
def get_events(request: AnyRequest, test_world: Given[TestWorld]) -> Response[Any]:
    """The events after a revision; with `Accept: text/event-stream` those to come as well."""
    query = Query(request, "after", "touches")
    after = query.get("after", whole(0, _LAST)) or 0
    touched = query.get("touches", str)
    query.check()
    house = test_world.standing()
    touches = None if touched is None else _inner_id(house, touched)
    if _STREAM in request.headers.get("accept", ""):
        last_seen = request.headers.get("last-event-id", "")
        after = int(last_seen) if last_seen.isascii() and last_seen.isdigit() else after
        return Stream(_listen(test_world, house, after, touches), media_type=_STREAM)
    lines = "".join(
        f"{json.dumps(each, ensure_ascii=False)}\n" for each in _all(house, after, touches)
    )
    return Response(lines.encode(), media_type="application/jsonl; charset=utf-8")


def _inner_id(house: House, named: str) -> int:
    """The inner id of the party that a UUID or organisation number names. Raises: InvalidInput."""
    with house.database.reading() as reading:
        try:
            found = (
                parties.find_organization(reading, OrganizationNumber(named))
                if named.isdigit()
                else parties.find_party(reading, UUID(named))
            )
        except ValueError:
            found = None
    if found is None:
        text = (
            f"`{named[:80]}` is not a party of this world; give an organisation number or a uuid."
        )
        raise InvalidInput({"touches": (text,)})
    return found.id


def _all(house: House, after: int, touches: int | None) -> Iterator[Mapping[str, object]]:
    while True:
        found, after = _next(house, after, touches)
        if found is None:
            return
        yield from found


def _next(
    house: House, after: int, touches: int | None
) -> tuple[list[Mapping[str, object]] | None, int]:
    """The next whole revisions, and where to go on; None when there are no more."""
    with house.database.reading() as reading:
        most = _AT_A_TIME
        events = list_events(reading, after=after, most=most)
        if not events:
            return None, after
        while len(events) == most and events[0].revision == events[-1].revision:
            most *= 2
            events = list_events(reading, after=after, most=most)
        if len(events) == most:
            last = events[-1].revision
            events = [event for event in events if event.revision < last]
        wanted = [
            event
            for event in events
            if touches is None
            or any(
                touch.entity == touches and touch.aspect is not Aspect.POLICY
                for touch in event.touches
            )
        ]
        return _written(reading, wanted), events[-1].revision


def _written(reading: Reading, events: list[Event]) -> list[Mapping[str, object]]:
    names: dict[tuple[int, bool], str] = {
        (resource.id, True): resource.identifier for resource in resources.list_resources(reading)
    }
    for event in events:
        for touch in event.touches:
            key = (touch.entity, touch.aspect is Aspect.POLICY)
            if key not in names:
                names[key] = str(parties.get_by_inner_id(reading, touch.entity).uuid)
    return [
        {
            "revision": event.revision,
            "n": event.n,
            "at": write_moment(event.at),
            "actor": event.actor,
            "kind": event.kind,
            "correlation": event.correlation,
            "touches": [
                {
                    "resource" if touch.aspect is Aspect.POLICY else "party": names[
                        touch.entity, touch.aspect is Aspect.POLICY
                    ],
                    "aspect": touch.aspect.value,
                }
                for touch in event.touches
            ],
            "payload": event.payload,
            "chained": event.chained,
        }
        for event in events
    ]


async def _listen(
    test_world: TestWorld, house: House, after: int, touches: int | None
) -> AsyncIterator[bytes]:
    """Events as they come, until another house takes this one's place."""
    yield b": listening\n\n"
    while test_world.house is house:
        found, after = await asyncio.to_thread(_next, house, after, touches)
        for each in found or ():
            data = json.dumps(each, ensure_ascii=False)
            yield f"id: {each['revision']}\nevent: {each['kind']}\ndata: {data}\n\n".encode()
        if found is None:
            await asyncio.sleep(_LOOK_AGAIN_AFTER_S)


ROUTES = [get_events]
