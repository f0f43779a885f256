"""The feed of what happens to system users, from a position, for whom it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.foundation.events.ledger import list_events_of_kinds
from fullmakt.foundation.terms.problem import NotAuthorized
from fullmakt.services.notices import rules, users_store
from fullmakt.services.notices.model import Audience, Notice, NoticePage, Position

if TYPE_CHECKING:
    from fullmakt.foundation.bearer.model import Caller
    from fullmakt.foundation.storage.database import Reading
    from fullmakt.foundation.terms.numbers import OrganizationNumber

FEED = "/authentication/api/v1/systemuser/feed"
VENDOR_SCOPE = "altinn:authentication/systemregister.write"
OWNER_SCOPE = "altinn:serviceowner"
LARGEST_PAGE = 500


def get_organization(caller: Caller) -> OrganizationNumber:
    """The organisation that asks. Raises: NotAuthorized (also: a system user's token)."""
    if caller.organization is None or caller.system_user is not None or caller.person is not None:
        message = "the feed is for a vendor's or a service owner's own token"
        raise NotAuthorized(message)
    return caller.organization


def audience_of(
    reading: Reading, organization: OrganizationNumber, *, is_vendor: bool, is_owner: bool
) -> Audience:
    """What an organisation is told of, as a vendor and as a service owner, as things stand now."""
    vendor = organization if is_vendor else None
    if not is_owner:
        return Audience(vendor)
    return Audience(
        vendor,
        users_store.list_own_resources(reading, organization),
        users_store.list_opening_packages(reading, organization),
    )


def list_notices(reading: Reading, audience: Audience, *, after: Position, most: int) -> NoticePage:
    """The notices after a position, in the order of events, found among the next `most` events.

    A page may be empty though more follow: its position is where the next one begins.
    """
    events = list_events_of_kinds(
        reading, list(rules.TYPES), after=(after.revision, after.n), most=most
    )
    named = [rules.read_subject(event.payload) for event in events]
    users = users_store.find_users(reading, {uuid for uuid in named if uuid is not None})
    notices = []
    for event, uuid in zip(events, named, strict=True):
        user = None if uuid is None else users.get(uuid)
        if user is None or not rules.is_told(user, audience):
            continue
        facts = rules.told_facts(event.payload, user, audience)
        if facts is not None:
            position = Position(event.revision, event.n)
            notices.append(Notice(position, event.at, rules.TYPES[event.kind], user, facts))
    last = Position(events[-1].revision, events[-1].n) if events else after
    return NoticePage(tuple(notices), last, is_last=len(events) < most)
