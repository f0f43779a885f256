"""Compiled policies at hand for decisions.

A policy is compiled once and kept until somebody says it changed. Who says so is
`access/decisions`, which reads the events before each decision.
"""

from __future__ import annotations

import asyncio
import threading
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from fullmakt.access.policy.compile import CompiledPolicy, compile_policy
from fullmakt.access.policy.original import as_judged
from fullmakt.access.policy.parse import parse_policy
from fullmakt.access.policy.semantics import STANDARD, Semantics
from fullmakt.access.resources import store
from fullmakt.access.resources.errors import ResourceNotFound
from fullmakt.access.resources.model import AccessListMode
from fullmakt.access.resources.rules import check_policy_is_about, is_identifier
from fullmakt.foundation.terms.numbers import OrganizationNumber

if TYPE_CHECKING:
    from fullmakt.foundation.storage.database import Database
    from fullmakt.foundation.terms.text import LocalizedText

_COMPILED = 256
"""How many documents a program keeps compiled, beside those that its worlds have on the shelf."""


@dataclass(frozen=True, slots=True)
class ShelvedPolicy:
    """One resource and its policy, ready to be asked. `resource_id` is the inner id."""

    resource_id: int
    identifier: str
    owner: OrganizationNumber
    title: LocalizedText
    compiled: CompiledPolicy
    version: int
    sha256: str
    needs_access_list: bool
    """Whether the party must be on an access list of the resource, besides."""


# SPEED: a document means the same in every world, and tests and stories begin worlds by the dozen.
@lru_cache(maxsize=_COMPILED)
def _compiled(xml: str, semantics: Semantics) -> CompiledPolicy:
    return compile_policy(as_judged(parse_policy(xml.encode()), semantics))


class PolicyShelf:
    """Keeps compiled policies by their resource's identifier.

    Identifiers without a policy are not kept, so asking about many of them fills nothing.
    """

    def __init__(self, database: Database, semantics: Semantics = STANDARD) -> None:
        self._database = database
        self._semantics = semantics
        self._statement = database.text_of(store.shelf_statement())
        self._kept: dict[str, ShelvedPolicy] = {}
        self._identifiers: dict[int, str] = {}
        self._forgotten = 0
        self._lock = threading.Lock()

    def get(self, identifier: str) -> ShelvedPolicy | None:
        """The policy that stands for this resource, or None when there is none."""
        kept = self._kept.get(identifier)
        return self._load(identifier) if kept is None else kept

    async def get_on_loop(self, identifier: str) -> ShelvedPolicy | None:
        """As `get`; one that is not kept is read and compiled in a thread."""
        kept = self._kept.get(identifier)
        return await asyncio.to_thread(self._load, identifier) if kept is None else kept

    def _load(self, identifier: str) -> ShelvedPolicy | None:
        if not is_identifier(identifier):
            return None
        forgotten = self._forgotten
        rows = self._database.ask(self._statement, {"identifier": identifier})
        if not rows:
            return None
        resource_id, owner, details, version, digest, xml = rows[0]
        loaded = ShelvedPolicy(
            resource_id=resource_id,
            identifier=identifier,
            owner=OrganizationNumber(owner),
            title=store.title_of(details),
            compiled=_compiled(xml, self._semantics),
            version=version,
            sha256=digest,
            needs_access_list=store.access_list_mode_of(details) is AccessListMode.ENABLED,
        )
        with self._lock:
            # INVARIANT: what was read before somebody forgot may be what they forgot: not kept.
            if forgotten == self._forgotten:
                self._kept[identifier] = loaded
                self._identifiers[resource_id] = identifier
        return loaded

    def judged(self, identifier: str, xml: bytes) -> ShelvedPolicy:
        """The resource as it would be with `xml` as its policy. Nothing is kept.

        Raises: ResourceNotFound, PolicyRefused, PolicyNamesNoResource, PolicyNamesOtherResource.
        """
        standing = self.get(identifier)
        if standing is None:
            message = f"`{identifier}` is no resource with a policy"
            raise ResourceNotFound(message)
        policy = parse_policy(xml)
        check_policy_is_about(policy, identifier)
        return replace(standing, compiled=compile_policy(as_judged(policy, self._semantics)))

    def forget(self, resource_id: int) -> None:
        """Load the policy of this resource anew when it is next asked for."""
        with self._lock:
            self._forgotten += 1
            identifier = self._identifiers.pop(resource_id, None)
            if identifier is not None:
                self._kept.pop(identifier, None)

    def clear(self) -> None:
        """Load every policy anew when it is next asked for."""
        with self._lock:
            self._forgotten += 1
            self._kept.clear()
            self._identifiers.clear()
