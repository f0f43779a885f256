"""Questions that name an instance of an app, completed with what app storage says of it.

Storage is read anew for every request and nothing of it is kept: the process of an instance moves,
and no revision tells of that. What a question says itself of its instance never outranks storage.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fullmakt.access.decisions import remedies
from fullmakt.access.decisions.instances import entries_with, names_a_party, unlike
from fullmakt.access.decisions.model import Check, Outcome, Reason
from fullmakt.access.decisions.walk import STATUS_PROCESSING_ERROR, STATUS_SYNTAX_ERROR, Answer
from fullmakt.access.delegations.standings import Key, Reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fullmakt.access.decisions.asking import Asked
    from fullmakt.access.decisions.instances import (
        InstanceAsked,
        InstanceId,
        InstanceStorage,
        StoredInstance,
    )


class Completed(NamedTuple):
    """A question with what is stored of its instance; or as it was, and the answer to that.

    The resource is that of the instance, where one is stored.

    `added_party` is the party id that the question is decided for, where it named no party.
    """

    asked: Asked
    stored: StoredInstance | None = None
    refused: Answer | None = None
    added_party: int | None = None

    @property
    def reasons(self) -> tuple[Reason, ...]:
        """What there is to tell of the instance."""
        if self.refused is not None:
            text, remedy = self.refused.message or "", remedies.NAME_INSTANCE
            return (Reason(Check.RESOURCE, held=False, found=text, remedy=remedy),)
        if self.stored is not None:
            return (Reason(Check.RESOURCE, held=True, found=self.stored.label),)
        return ()


class _NoStorage:
    def find(self, _instance: InstanceId) -> None:
        """None: nothing is stored."""

    async def find_on_loop(self, _instance: InstanceId) -> None:
        """None: nothing is stored."""


NO_STORAGE: InstanceStorage = _NoStorage()
"""For where there are no apps."""


def complete(asked: Asked, storage: InstanceStorage) -> Completed:
    """One question, with its instance as it is stored now."""
    if asked.instance is None:
        return Completed(asked)
    return _completed(asked, asked.instance, storage.find(asked.instance.id))


async def complete_on_loop(questions: Sequence[Asked], storage: InstanceStorage) -> list[Completed]:
    """The questions of one request, with their instances as they are stored now.

    An instance that several are about is read once.
    """
    found: dict[InstanceId, StoredInstance | None] = {}
    completed = []
    for asked in questions:
        instance = asked.instance
        if instance is None:
            completed.append(Completed(asked))
            continue
        if instance.id not in found:
            found[instance.id] = await storage.find_on_loop(instance.id)
        completed.append(_completed(asked, instance, found[instance.id]))
    return completed


def _completed(asked: Asked, instance: InstanceAsked, stored: StoredInstance | None) -> Completed:
    """SPEC: what cannot be looked up is a fault of syntax, as an unknown number is."""
    if stored is None:
        message = f"no instance `{instance.id}` is stored"
        return Completed(asked, refused=_refused(message, STATUS_SYNTAX_ERROR))
    attribute = unlike(instance.said, stored)
    if attribute is not None:
        # QUIRK: the original believes the request. Mended: no client rests on naming another app,
        # task or party than the instance has. Held by
        # test_what_is_said_of_an_instance_does_not_outrank_storage.
        message = f"`{attribute}` is another than that of instance `{instance.id}`"
        # INVARIANT: whose question it is goes by the app that the instance is of: who may not ask
        # about that app does not learn what was wrong.
        known = asked._replace(resource=stored.resource)
        return Completed(known, refused=_refused(message, STATUS_PROCESSING_ERROR))
    known = asked._replace(
        resource=stored.resource,
        party=Reference(Key.PARTY_ID, stored.id.party_id),
        entries=entries_with(instance.said, stored),
    )
    added = None if names_a_party(instance.said) else stored.id.party_id
    return Completed(known, stored, added_party=added)


def _refused(message: str, status: str) -> Answer:
    return Answer(Outcome.INDETERMINATE, status, message, spoils=True)
