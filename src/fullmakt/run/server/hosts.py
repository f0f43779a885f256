"""Configured host names: which paths each serves, and where those stand among the house's own.

A name that is not configured is no name at all: such a request gets the base address, and nothing
of what its Host header says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from fullmakt.foundation.http.addresses import HostNames

_OWNER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_HEADER = 300
"""No name with its port is longer (RFC 1035 section 2.3.4), and no longer one is kept."""
_NEVER_OWNERS = frozenset({"api", "fullmakt"})


@dataclass(frozen=True, slots=True)
class Host:
    """What one host serves: the paths of `serves`, except those of `but_not`.

    One that ends in a slash is every path below it, another is that path alone; so is `/`. In the
    house they stand below `stands_below`.
    """

    serves: tuple[str, ...]
    but_not: tuple[str, ...] = ()
    stands_below: str = ""

    def path_within(self, path: str) -> str | None:
        """Where `path` stands in the house; None when the host does not serve it."""
        if not _is_among(path, self.serves) or _is_among(path, self.but_not):
            return None
        return self.stands_below + path


@dataclass(frozen=True, slots=True)
class Hosts:
    """The configured hosts. Apps are at their owners' names in front of `names.apps`."""

    names: HostNames
    by_name: Mapping[str, Host] = field(default_factory=dict)

    def find(self, header: str) -> Host | None:
        """The host that a `Host` header names, whatever its port; None for any other."""
        if len(header) > _LONGEST_HEADER:
            return None
        name = _name_in(header)
        owner, _, suffix = name.partition(".")
        if suffix == self.names.apps and self._may_own_apps(owner):
            return Host((f"/{owner}/",))
        return self.by_name.get(name)

    def _may_own_apps(self, owner: str) -> bool:
        taken = {
            f"{host.stands_below}{path}".split("/")[1]
            for host in self.by_name.values()
            for path in host.serves
        }
        return owner not in taken | _NEVER_OWNERS and _OWNER.fullmatch(owner) is not None


def _is_among(path: str, served: tuple[str, ...]) -> bool:
    lowered = path.lower()
    return any(
        lowered.startswith(each)
        if len(each) > 1 and each.endswith("/")
        else lowered.rstrip("/") == each.rstrip("/")
        for each in served
    )


@lru_cache(1024)
def _name_in(header: str) -> str:
    try:
        return (urlsplit(f"//{header}").hostname or "").removesuffix(".")
    except ValueError:
        return ""
