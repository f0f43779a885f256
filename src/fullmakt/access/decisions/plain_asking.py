"""The usual decision request, read at once: one subject, action and resource, of texts alone.

What is not of this shape to the letter is left to `multiple.py`; what is, asks exactly the same
either way.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from fullmakt.access.decisions.asking import WORKED_OUT, Asked, UndecidableError, asked_of
from fullmakt.access.policy import names
from fullmakt.foundation.http.bodies import find_swiftly
from fullmakt.foundation.terms import urns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fullmakt.access.policy.request import AttributeName, Entry


class _Attribute(Struct, rename="pascal", forbid_unknown_fields=True, gc=False):
    attribute_id: str
    value: str


class _Category(Struct, rename="pascal", forbid_unknown_fields=True, gc=False):
    attribute: list[_Attribute]


class _Request(Struct, rename="pascal", forbid_unknown_fields=True, gc=False):
    access_subject: tuple[_Category]
    action: tuple[_Category]
    resource: tuple[_Category]


class _DecisionRequest(Struct, rename="pascal", forbid_unknown_fields=True, gc=False):
    request: _Request


_decoder = msgspec.json.Decoder(_DecisionRequest)
_LEFT_TO_OTHERS = WORKED_OUT | {
    urns.LEGACY_ORGANIZATION_NUMBER,
    urns.INSTANCE,
    urns.RESOURCE_INSTANCE,
    "",
}


def read_plainly(body: bytes) -> Asked | None:
    """What `body` asks; None when it is for the patient reader, whatever that says of it."""
    # SPEED: a third of the time that shapes for every request take (benchmarks/authorize.py).
    found = find_swiftly(body, _decoder)
    if found is None:
        return None
    request = found.request
    entries: dict[AttributeName, Entry] = {}
    named = _add(entries, names.SUBJECT, request.access_subject[0].attribute)
    acts = _add(entries, names.ACTION, request.action[0].attribute)
    about = _add(entries, names.RESOURCE, request.resource[0].attribute)
    if not named or acts is None or about is None:
        return None
    try:
        return asked_of(named, about, entries)
    except UndecidableError:
        return None


def _add(
    entries: dict[AttributeName, Entry], category: str, attributes: Sequence[_Attribute]
) -> dict[str, str] | None:
    """The attributes by id, added to `entries`; None when one stands twice or needs more care."""
    found: dict[str, str] = {}
    for attribute in attributes:
        attribute_id, value = attribute.attribute_id, attribute.value
        if attribute_id in _LEFT_TO_OTHERS or attribute_id in found:
            return None
        found[attribute_id] = value
        entries[category, attribute_id] = value
    return found
