"""One request, one or several questions.

Several are asked by `MultiRequests` with two references or more; each is one combination of the
categories it names. With none or one reference the whole request is one question. Source: XACML
JSON profile 1.1 section 4.2.4, and Altinn's public documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.access.decisions.asking import UndecidableError, read_asked
from fullmakt.access.policy import names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fullmakt.access.decisions.asking import Asked
    from fullmakt.access.decisions.wire import Category, Request

MOST_QUESTIONS = 1000
_SEVERAL = 2
_PLACES = {names.SUBJECT: 0, names.ACTION: 1, names.RESOURCE: 2}
Groups = tuple[list["Category"], list["Category"], list["Category"]]
"""Subjects, actions and resources, each with its category id."""


def read_questions(request: Request) -> tuple[list[Asked], list[Groups]]:
    """Each question, and the categories each was asked by, in order. Raises: UndecidableError."""
    groups = _groups(request)
    multiple = request.multi_requests
    references = None if multiple is None else multiple.request_reference
    if references is None or len(references) < _SEVERAL:
        return [read_asked(*groups)], [groups]
    if len(references) > MOST_QUESTIONS:
        message = f"`{len(references)}` questions in one request; at most {MOST_QUESTIONS} are read"
        raise UndecidableError(message)
    by_id = _by_id(groups)
    chosen = [_chosen(by_id, each.reference_id or ()) for each in references]
    return [read_asked(*each) for each in chosen], chosen


def _groups(request: Request) -> Groups:
    groups: Groups = (
        _named(request.access_subject, names.SUBJECT),
        _named(request.action, names.ACTION),
        _named(request.resource, names.RESOURCE),
    )
    for category in request.category or ():
        place = _PLACES.get(category.category_id or "")
        if place is not None:
            groups[place].append(category)
    return groups


def _named(categories: Sequence[Category] | None, default: str) -> list[Category]:
    """The categories of one group; what names no category belongs to the group's own."""
    found = list(categories or ())
    for category in found:
        if not category.category_id:
            category.category_id = default
    return found


def _by_id(groups: Groups) -> list[dict[str, list[Category]]]:
    """Each group by the ids that references use."""
    subjects, actions, resources = groups
    if any(category.id is None for category in resources):
        message = "a resource without `Id` in a request with several questions"
        raise UndecidableError(message)
    if any(category.id is None for category in (*subjects, *actions)):
        message = "a subject or action without `Id` in a request with several questions"
        raise UndecidableError(message, is_syntax=True)
    found: list[dict[str, list[Category]]] = [{}, {}, {}]
    for group, by_id in zip(groups, found, strict=True):
        for category in group:
            by_id.setdefault(str(category.id), []).append(category)
    return found


def _chosen(by_id: Sequence[Mapping[str, list[Category]]], wanted: Sequence[str]) -> Groups:
    """The categories with the ids wanted.

    Ids that nothing has are passed over, as the original does.
    """
    ids = dict.fromkeys(wanted)
    subjects, actions, resources = (
        [category for name in ids for category in group.get(name, ())] for group in by_id
    )
    # QUIRK: of several resources with the same id the last one counts.
    return subjects, actions, resources[-1:]
