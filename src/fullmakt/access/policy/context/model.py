"""Requests and responses as values, whichever notation they came in.

XACML 3.0 core sections 5.42 to 5.58; JSON Profile of XACML 3.0 version 1.1.
"""

from __future__ import annotations

from dataclasses import dataclass

from fullmakt.access.policy.model import AttributeValue
from fullmakt.access.policy.outcome import (
    Decision,
    Directive,
    MissingAttribute,
    PolicyIdentifier,
)


@dataclass(frozen=True, slots=True)
class ContextAttribute:
    """One attribute with its bag of values, in the order they were sent."""

    attribute_id: str
    values: tuple[AttributeValue, ...]
    issuer: str | None = None
    include_in_result: bool = False


@dataclass(frozen=True, slots=True)
class ContextCategory:
    """The attributes of one subject, action, resource or other thing; `id` is for references."""

    category: str
    attributes: tuple[ContextAttribute, ...] = ()
    id: str | None = None


@dataclass(frozen=True, slots=True)
class ContextRequest:
    """A request for one decision or several.

    `references` are the ids of `MultiRequests`, one tuple a decision.
    """

    categories: tuple[ContextCategory, ...]
    references: tuple[tuple[str, ...], ...] = ()
    returns_policy_ids: bool = False
    wants_combined_decision: bool = False


@dataclass(frozen=True, slots=True)
class ContextStatus:
    """A status: its codes from the outermost to the innermost, and what there is to tell."""

    codes: tuple[str, ...]
    message: str = ""
    missing: tuple[MissingAttribute, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """One decision. `categories` are the attributes that were asked to be sent back.

    A response may leave a policy's version out; it is then read as an empty text.
    """

    decision: Decision
    status: ContextStatus | None = None
    obligations: tuple[Directive, ...] = ()
    advice: tuple[Directive, ...] = ()
    categories: tuple[ContextCategory, ...] = ()
    policies: tuple[PolicyIdentifier, ...] = ()


@dataclass(frozen=True, slots=True)
class Response:
    """The decisions, in the order they were asked for."""

    results: tuple[Result, ...]

    def __bool__(self) -> bool:
        """A response is not a yes or a no: look at each result's `.decision`."""
        raise TypeError("look at .results, each with a .decision")
