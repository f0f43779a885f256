"""Access between parties, given and taken back by a person through the vendor's system.

A vendor may give nothing by itself. With the token of a person who manages access for a party it
may offer to: Altinn, access management for end-user systems,
`/accessmanagement/api/v1/enduser/connections`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from fullmakt.foundation.terms import urns
from fullmakt.vendor._answers import Members, read_object
from fullmakt.vendor._environment import Environment
from fullmakt.vendor._flow import Flow, Request
from fullmakt.vendor._problems import check
from fullmakt.vendor._transport import Transport

READ = ("altinn:accessmanagement/enduser:connections:toothers.read",)
WRITE = ("altinn:accessmanagement/enduser:connections:toothers.write",)


@dataclass(frozen=True, slots=True)
class PackageCheck:
    """Whether the person may give a package on, with the platform's words for why."""

    package: str
    may_give: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RightCheck:
    """Whether the person may give a single right on; `key` is what it is given by."""

    key: str
    action: str
    may_give: bool
    reason_codes: tuple[str, ...]


def fetch_package_checks(
    environment: Environment, party: UUID, package: str
) -> Flow[tuple[PackageCheck, ...]]:
    """The delegation check of one package, by name or URN."""
    answer = yield Request(
        "GET",
        f"{_address(environment)}/accesspackages/delegationcheck",
        params={"party": str(party), "packages": _urn(package)},
        scopes=READ,
    )
    return tuple(_read_package_check(one) for one in read_object(check(answer)).objects("data"))


def _read_package_check(members: Members) -> PackageCheck:
    reasons = members.objects("reasons")
    return PackageCheck(
        members.object("package").text("urn").removeprefix(urns.ACCESS_PACKAGE_PREFIX),
        members.flag("result"),
        tuple(reason.text("description") for reason in reasons),
    )


def fetch_right_checks(
    environment: Environment, party: UUID, resource: str
) -> Flow[tuple[RightCheck, ...]]:
    """The delegation check of one service."""
    answer = yield Request(
        "GET",
        f"{_address(environment)}/resources/delegationcheck",
        params={"party": str(party), "resource": resource},
        scopes=READ,
    )
    return tuple(_read_right_check(one) for one in read_object(check(answer)).objects("rights"))


def _read_right_check(members: Members) -> RightCheck:
    right = members.object("right")
    return RightCheck(
        right.text("key"),
        right.object("action").text("value"),
        members.flag("result"),
        members.texts("reasonCodes"),
    )


def change_package(
    environment: Environment, method: str, giver: UUID, receiver: UUID, package: str
) -> Flow[None]:
    """Give a package (`POST`) or take it back (`DELETE`)."""
    sides = {"party": str(giver), "to": str(receiver), "package": _urn(package)}
    answer = yield Request(
        method,
        f"{_address(environment)}/accesspackages",
        params=sides if method == "POST" else {**sides, "from": str(giver)},
        scopes=WRITE,
    )
    check(answer)


def send_rights(
    environment: Environment, giver: UUID, receiver: UUID, resource: str, keys: Iterable[str]
) -> Flow[None]:
    """Give single rights to one service by their keys."""
    answer = yield Request(
        "POST",
        f"{_address(environment)}/resources/rights",
        params={"party": str(giver), "to": str(receiver), "resource": resource},
        json={"directRightKeys": list(keys)},
        scopes=WRITE,
    )
    check(answer)


def remove_right_holder(environment: Environment, giver: UUID, receiver: UUID) -> Flow[None]:
    """End that somebody is a right holder, with everything it was given."""
    answer = yield Request(
        "DELETE",
        _address(environment),
        params={
            "party": str(giver),
            "from": str(giver),
            "to": str(receiver),
            "cascade": "true",
        },
        scopes=WRITE,
    )
    check(answer)


def _urn(package: str) -> str:
    return package if ":" in package else urns.package_urn(package)


def _address(environment: Environment) -> str:
    return f"{environment.platform}/accessmanagement/api/v1/enduser/connections"


class Connections:
    """What a party gives others, as the person whose token the transport has may change it.

    The token needs scopes `altinn:accessmanagement/enduser:connections:toothers.read` and
    `.write`, and the person must manage access for the party. Parties are named by party UUID.
    Every call raises: NotAuthorized, MayNotGiveOn, CannotBeGiven, ValidationRefused, VendorError.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def check_package(self, party: UUID, package: str) -> PackageCheck:
        """Whether the person may give a package, by name or URN, on for the party."""
        flow = fetch_package_checks(self._transport.environment, party, package)
        (found,) = self._transport.run(flow)
        return found

    def check_rights(self, party: UUID, resource: str) -> tuple[RightCheck, ...]:
        """Whether the person may give each right to a service on for the party."""
        return self._transport.run(fetch_right_checks(self._transport.environment, party, resource))

    def give_package(self, giver: UUID, receiver: UUID, package: str) -> None:
        """Give a package; again is the same as once."""
        self._transport.run(
            change_package(self._transport.environment, "POST", giver, receiver, package)
        )

    def withdraw_package(self, giver: UUID, receiver: UUID, package: str) -> None:
        """Take a package back; client links that rest on it no longer count."""
        self._transport.run(
            change_package(self._transport.environment, "DELETE", giver, receiver, package)
        )

    def give_rights(self, giver: UUID, receiver: UUID, resource: str, keys: Iterable[str]) -> None:
        """Give single rights to a service, by the keys that `check_rights` tells."""
        flow = send_rights(self._transport.environment, giver, receiver, resource, keys)
        self._transport.run(flow)

    def remove(self, giver: UUID, receiver: UUID) -> None:
        """Take everything back that the giver gave the receiver."""
        self._transport.run(remove_right_holder(self._transport.environment, giver, receiver))
