"""What a system may ask for, and what a request asks for: rights and access packages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from fullmakt.foundation.terms import urns
from fullmakt.vendor._answers import Members


class SystemUserKind(StrEnum):
    """Whom a system user acts for."""

    STANDARD = "standard"  # its owner
    AGENT = "agent"  # its owner's clients


@dataclass(frozen=True, slots=True)
class Right:
    """One single right: a resource by its id, such as `ske-krav-og-betalinger`.

    `action` is stored and shown, and decides nothing.
    """

    resource: str
    action: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnAccess:
    """Access to the owner's own affairs. Packages by name or URN; at least one package or right."""

    packages: tuple[str, ...] = ()
    rights: tuple[Right, ...] = ()

    @property
    def kind(self) -> SystemUserKind:
        """The kind of system user this makes."""
        return SystemUserKind.STANDARD


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientAccess:
    """Access to what the owner's clients have given it. At least one package, by name or URN."""

    packages: tuple[str, ...]

    @property
    def kind(self) -> SystemUserKind:
        """The kind of system user this makes."""
        return SystemUserKind.AGENT


Wanted = OwnAccess | ClientAccess


def write_right(right: Right) -> dict[str, object]:
    """A right as it is sent."""
    members: dict[str, object] = {"resource": [{"id": urns.RESOURCE, "value": right.resource}]}
    return members if right.action is None else {"action": right.action, **members}


def read_right(members: Members) -> Right:
    """A right as it is answered. Pairs other than the resource are not used by Altinn."""
    pairs = members.objects("resource")
    values = [pair.text("value") for pair in pairs if pair.text("id") == urns.RESOURCE]
    return Right(
        values[0] if values else ":".join(pair.text("value") for pair in pairs),
        members.text_or("action", "") or None,
    )


def write_packages(packages: Iterable[str]) -> list[dict[str, str]]:
    """Packages as they are sent; each is a name or a URN."""
    return [
        {"urn": name if name.startswith("urn:") else urns.package_urn(name)} for name in packages
    ]


def read_packages(members: Members, name: str) -> tuple[str, ...]:
    """The names of packages; a URN of another form is kept as it is."""
    return tuple(
        entry.text("urn").removeprefix(urns.ACCESS_PACKAGE_PREFIX)
        for entry in members.objects(name)
    )
