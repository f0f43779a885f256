"""Versions of policies, and the patterns by which a reference chooses among them.

XACML 3.0 core sections 5.12 and 5.13: a version is numbers with dots between; in a pattern `*`
stands for any one number, and a last `+` for one or more.
"""

from __future__ import annotations

import re
from typing import Final

from fullmakt.access.policy.model import PolicyReference

_VERSION_FORM: Final = re.compile(r"[0-9]+(\.[0-9]+)*")
_PATTERN_FORM: Final = re.compile(r"(([0-9]+|\*)\.)*([0-9]+|\*|\+)")
_LONGEST: Final = 100
_ANY_NUMBER: Final = float("inf")

Version = tuple[float, ...]


def is_version(text: str) -> bool:
    """Whether a text is a version."""
    return len(text) <= _LONGEST and _VERSION_FORM.fullmatch(text) is not None


def is_version_pattern(text: str) -> bool:
    """Whether a text is a pattern of versions."""
    return len(text) <= _LONGEST and _PATTERN_FORM.fullmatch(text) is not None


def version_order(version: str) -> Version:
    """What versions are ordered by: their numbers from the left; `1.2` is before `1.2.0`."""
    return tuple(int(number) for number in version.split("."))


def accepts(reference: PolicyReference, version: str) -> bool:
    """Whether a reference may stand for the policy of that version."""
    return (
        (reference.version is None or _matches(reference.version, version))
        and (reference.earliest is None or _is_not_before(reference.earliest, version))
        and (reference.latest is None or _is_not_after(reference.latest, version))
    )


def _matches(pattern: str, version: str) -> bool:
    wanted, numbers = pattern.split("."), version_order(version)
    if wanted[-1] == "+":
        wanted.pop()
        is_long_enough = len(numbers) > len(wanted)
    else:
        is_long_enough = len(numbers) == len(wanted)
    return is_long_enough and all(
        part == "*" or int(part) == number for part, number in zip(wanted, numbers, strict=False)
    )


def _is_not_before(pattern: str, version: str) -> bool:
    lowest = tuple(int(part) if part.isdigit() else 0 for part in pattern.split("."))
    return version_order(version) >= lowest


def _is_not_after(pattern: str, version: str) -> bool:
    highest = tuple(int(part) if part.isdigit() else _ANY_NUMBER for part in pattern.split("."))
    return version_order(version) <= highest
