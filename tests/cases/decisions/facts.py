"""The words of a decision case, checked: what a world holds, what changes, what is asked.

A key that is not known here is a fault of the case. Defaults are made here once, for all who read
the case: numbers, ids, the form of an organisation.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

SPACE = UUID("6f6c6a7e-0c5e-4d3c-8c6f-0d2f5a3a9b10")
ORDER = (
    *("passed", "ended", "withdrawn", "unlinked", "closed", "deleted", "bankrupt", "restored"),
    *("organizations", "people", "roles", "given", "system_users", "resources", "links"),
    *("access_lists", "unlisted"),
)
_KEYS = {
    "ended": {"from", "role", "to"},
    "withdrawn": {"from", "to", "packages", "rights"},
    "unlinked": {"client", "from"},
    "passed": {"days"},
    "deleted": {"name", "in_days"},
    "organizations": {"name", "number", "form", "parent", "deleted"},
    "people": {"name", "number"},
    "roles": {"from", "role", "to"},
    "given": {"from", "to", "packages", "rights"},
    "system_users": {"name", "kind", "owner", "packages", "rights"},
    "links": {"client", "to", "packages", "resources"},
    "resources": {"id", "opens", "denies", "level", "level_of_organizations", "needs_list"},
    "access_lists": {"name", "members", "connects"},
    "unlisted": {"from", "members", "resources", "deleted"},
}
_RULE = {"actions", "packages", "roles", "organizations", "subjects"}
_ASK = {"subject", "as", "action", "resource", "party", "party_as"}
_LEVELS = {"level_of_organizations"}
_CASE = {"when", "given", "ask", "expect", "stops_at", "level", "packages", "says", *_LEVELS}

NUMBERS = (
    *("313000001", "313000028", "313000036", "313000044", "313000052", "313000060"),
    *("313000079", "313000087", "313000095", "313000109", "313000117", "313000125"),
)
PERSON_NUMBERS = ("17912099997", "26900799232", "17869000094", "17912000095", "26900700007")


@dataclass(frozen=True)
class Ask:
    """A question. `named` and `party_named` say how subject and party are named."""

    subject: str
    action: str
    resource: str
    party: str
    named: str
    party_named: str


@dataclass(frozen=True)
class Case:
    """One question after some changes, and its answer."""

    when: str
    changes: tuple[tuple[str, Mapping[str, Any]], ...]
    ask: Ask
    expected: Mapping[str, Any] = field(default_factory=dict)


def changes_of(given: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each change of a `given` or a `world`, by its kind, in the order they are made."""
    _check(given, set(ORDER))
    for kind in ORDER:
        for fact in given.get(kind, ()):
            yield kind, _whole(kind, fact)


def _whole(kind: str, fact: Any) -> Mapping[str, Any]:  # noqa: ANN401  as YAML gives it
    if kind in {"closed", "bankrupt", "restored"} or (kind == "deleted" and isinstance(fact, str)):
        return {"name": fact}
    if kind == "ended" and isinstance(fact, str):
        return {"role": fact}
    _check(fact, _KEYS[kind])
    for rule in (*fact.get("opens", ()), *fact.get("denies", ())):
        _check(rule, _RULE)
    return dict(fact)


def cases_of(idea: Mapping[str, Any]) -> list[Case]:
    """The cases of one file. Each stands on the ones before it."""
    _check(idea, {"about", "source", "world", "ask", "cases"})
    cases = []
    for held in idea["cases"]:
        _check(held, _CASE)
        asked = {**idea["ask"], **held.get("ask", {})}
        _check(asked, _ASK)
        ask = Ask(
            asked["subject"],
            asked["action"],
            asked["resource"],
            asked["party"],
            asked.get("as", ""),
            asked.get("party_as", "number"),
        )
        expected = {key: held[key] for key in _CASE - {"when", "given", "ask"} if key in held}
        cases.append(Case(held["when"], tuple(changes_of(held.get("given", {}))), ask, expected))
    return cases


def _check(held: Mapping[str, Any], known: set[str]) -> None:
    unknown = set(held) - known
    assert not unknown, f"unknown keys: {sorted(unknown)}"


def uuid_of(name: str) -> UUID:
    """The UUID of whoever is called `name`."""
    return uuid5(SPACE, name)
