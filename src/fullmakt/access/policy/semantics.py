"""Where the original decides otherwise than the standard: one switch for each difference.

Each switch is true when the standard (or, beyond the original, Fullmakt) is followed. They change
what is decided and never what goes over the wire. The table with the reasons is
docs/reference/differences.md; how a document is read under them is `original.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Semantics:
    """What policies mean and what access there is."""

    evaluates_policy_target: bool = True
    """The policy's own `Target` keeps its rules from being asked."""
    needs_every_any_of: bool = True
    """Several `AnyOf` about one category must all hold."""
    keeps_all_of_together: bool = True
    """The matches of an `AllOf` hold together, also those about different categories."""
    evaluates_other_categories: bool = True
    """Matches about the environment or other categories are evaluated."""
    gives_every_directive: bool = True
    """Obligations of rules and of Deny, expressions in them, and advice are given."""
    accepts_policy_sets: bool = True
    """A `PolicySet` may be the root, and policies may refer to each other."""
    tells_what_is_missing: bool = True
    """Indeterminate for want of a subject or environment attribute has a status that says so."""
    gives_clients_single_services: bool = True
    """Client links may carry single services."""


STANDARD: Final = Semantics()
"""What holds unless somebody asks for something else."""

ORIGINAL: Final = Semantics(
    evaluates_policy_target=False,
    needs_every_any_of=False,
    keeps_all_of_together=False,
    evaluates_other_categories=False,
    gives_every_directive=False,
    accepts_policy_sets=False,
    tells_what_is_missing=False,
    gives_clients_single_services=False,
)
"""`--strict-altinn`: every difference as the original has it."""
