"""One request in Altinn's dialect, one or several questions.

Several are asked by `MultiRequests` with two references or more; each is one combination of the
categories it names. With none or one reference the whole request is one question. Source: XACML
JSON profile 1.1 section 4.2.4, and Altinn's public documentation.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from fullmakt.access.decisions.asking import UndecidableError, read_asked
from fullmakt.access.policy import names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fullmakt.access.decisions.asking import Asked
    from fullmakt.access.decisions.wire import Category, Request, RequestReference

MOST_QUESTIONS = 1000
MOST_ATTRIBUTES = 50_000
"""Of all questions of a request together, each counted where it is asked."""
_SEVERAL = 2
Groups = tuple[
    "Sequence[Category]", "Sequence[Category]", "Sequence[Category]", "Sequence[Category]"
]
"""Subjects, actions, resources and others, each with its category id."""


def read_questions(request: Request) -> tuple[list[Asked], list[Groups]]:
    """Each question, and the categories each was asked by, in order. Raises: UndecidableError."""
    lists = (
        _named(request.access_subject, names.SUBJECT),
        _named(request.action, names.ACTION),
        _named(request.resource, names.RESOURCE),
    )
    multiple = request.multi_requests
    references = None if multiple is None else multiple.request_reference
    if references is None or len(references) < _SEVERAL:
        groups = _grouped(*lists, request.category or ())
        return [read_asked(*groups)], [groups]
    if len(references) > MOST_QUESTIONS:
        message = f"`{len(references)}` questions in one request; at most {MOST_QUESTIONS} are read"
        raise UndecidableError(message)
    chosen = _all_chosen(lists, references)
    return [read_asked(*groups) for groups in chosen], chosen


def _named(categories: Sequence[Category] | None, default: str) -> Sequence[Category]:
    """The categories of one list, each with its category id."""
    found = categories or ()
    current = default
    for category in found:
        # QUIRK: a category id stays in force for the rest of its list, as in the original.
        # Kept: what is decided depends on it. Held by
        # test_a_category_id_stays_in_force_for_the_rest_of_its_list.
        if category.category_id:
            current = category.category_id
        else:
            category.category_id = current
    return found


def _grouped(
    subjects: Sequence[Category],
    actions: Sequence[Category],
    resources: Sequence[Category],
    more: Sequence[Category] = (),
) -> Groups:
    """The lists by what their categories are, which is as a rule what the lists are called."""
    if not more and (
        _are_all(subjects, names.SUBJECT)
        and _are_all(actions, names.ACTION)
        and _are_all(resources, names.RESOURCE)
    ):
        return subjects, actions, resources, ()
    groups: dict[str, list[Category]] = {names.SUBJECT: [], names.ACTION: [], names.RESOURCE: []}
    others: list[Category] = []
    for category in chain(subjects, actions, resources, more):
        if not category.category_id:
            message = "a category of the general list has no `CategoryId`"
            raise UndecidableError(message)
        groups.get(category.category_id, others).append(category)
    return groups[names.SUBJECT], groups[names.ACTION], groups[names.RESOURCE], others


def _are_all(categories: Iterable[Category], name: str) -> bool:
    # SPEED: a generator would take longer than the loop (benchmarks/authorize.py).
    for category in categories:  # noqa: SIM110
        if category.category_id != name:
            return False
    return True


def _all_chosen(
    lists: tuple[Sequence[Category], Sequence[Category], Sequence[Category]],
    references: Sequence[RequestReference],
) -> list[Groups]:
    """The categories of each question. SPEC: the general list takes no part."""
    by_id = _by_id(*lists)
    found, attributes = [], 0
    for each in references:
        chosen = _chosen(by_id, each.reference_id or ())
        attributes += sum(len(category.attribute or ()) for group in chosen for category in group)
        if attributes > MOST_ATTRIBUTES:
            message = f"the questions have more than {MOST_ATTRIBUTES} attributes together"
            raise UndecidableError(message)
        found.append(_grouped(*chosen))
    return found


def _by_id(
    subjects: Sequence[Category], actions: Sequence[Category], resources: Sequence[Category]
) -> list[dict[str, list[Category]]]:
    """Each list by the ids that references use."""
    if any(category.id is None for category in resources):
        message = "a resource without `Id` in a request with several questions"
        raise UndecidableError(message)
    if any(category.id is None for category in (*subjects, *actions)):
        message = "a subject or action without `Id` in a request with several questions"
        raise UndecidableError(message, is_syntax=True)
    found: list[dict[str, list[Category]]] = [{}, {}, {}]
    for group, by_id in zip((subjects, actions, resources), found, strict=True):
        for category in group:
            by_id.setdefault(str(category.id), []).append(category)
    return found


def _chosen(
    by_id: Sequence[Mapping[str, list[Category]]], wanted: Sequence[str]
) -> tuple[list[Category], list[Category], list[Category]]:
    """The categories with the ids wanted.

    Ids that nothing has are passed over, as the original does.
    """
    ids = dict.fromkeys(wanted)
    subjects, actions, resources = (
        [category for name in ids for category in group.get(name, ())] for group in by_id
    )
    # QUIRK: of several resources with the same id the last one counts. Kept; held by
    # test_of_resources_with_one_id_the_last_one_counts.
    return subjects, actions, resources[-1:]
