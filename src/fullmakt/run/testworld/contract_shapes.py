"""The JSON of the test world's own endpoints, as it is described to others.

The control surface reads its bodies member by member, to tell every fault; these shapes say what it
reads and answers.
"""

from __future__ import annotations

import msgspec
from msgspec import UNSET, UnsetType


class Revision(msgspec.Struct):
    """The revision that the world is at after a change."""

    revision: int


class Health(Revision):
    """That the world answers."""

    status: str
    profile: str
    version: str


class Added(Revision):
    """How many entries a world file added."""

    added: int


class ResetBody(msgspec.Struct):
    """`default`, `empty` or a world; `default` when nothing is said."""

    world: str | dict[str, object] | UnsetType = UNSET


class SnapshotBody(msgspec.Struct):
    """The name to keep a snapshot under; without one it is made up."""

    name: str | UnsetType = UNSET


class Snapshot(Revision):
    """A snapshot and its revision."""

    name: str


class ClockBody(msgspec.Struct):
    """`at` a moment, or `advance` by an ISO 8601 duration."""

    at: str | UnsetType = UNSET
    advance: str | UnsetType = UNSET


class Clock(msgspec.Struct):
    """Domain time, and the machine's."""

    now: str
    machine: str


class KeyBody(msgspec.Struct):
    """A public key as `jwk` or `pem`; without one it is made here."""

    kid: str | UnsetType = UNSET
    jwk: dict[str, object] | UnsetType = UNSET
    pem: str | UnsetType = UNSET


class ClientBody(msgspec.Struct, rename="camel"):
    """A Maskinporten client to register."""

    organization: str
    scopes: list[str]
    name: str | UnsetType = UNSET
    token_lifetime: int | UnsetType = UNSET
    kid: str | UnsetType = UNSET
    jwk: dict[str, object] | UnsetType = UNSET
    pem: str | UnsetType = UNSET


class MadeKey(msgspec.Struct, rename="camel"):
    """A key; `jwk` is the private half of one that was made here."""

    client_id: str
    kid: str
    expires: str
    jwk: dict[str, object] | UnsetType = UNSET


class MadeClient(msgspec.Struct, rename="camel"):
    """A client and its first key."""

    client_id: str
    organization: str
    name: str | None
    scopes: list[str]
    token_lifetime: int
    kid: str
    expires: str
    jwk: dict[str, object] | UnsetType = UNSET


class EndedKey(msgspec.Struct, rename="camel"):
    """A key that signs no more."""

    client_id: str
    kid: str
    revision: int


class Registered(msgspec.Struct, rename="camel"):
    """A party by every name it is known by."""

    navn: str
    party_id: int
    party_uuid: str
    organisasjonsnummer: str | UnsetType = UNSET
    personidentifikator: str | UnsetType = UNSET
    user_id: int | UnsetType = UNSET


class RoleBody(msgspec.Struct):
    """A role; `to` is an organisation or a person."""

    role: str
    giver: str = msgspec.field(name="from")
    holder: str = msgspec.field(name="to")


class Role(RoleBody):
    """A role, and the revision it began in."""

    began: int


class Lost(msgspec.Struct):
    """What an agent had of a client."""

    facilitator: str
    agent: str
    client: str
    packages: list[str]
    rights: list[str]


class EndedRole(Role):
    """A role that ended, and what fell with it."""

    ended: int
    fell: list[Lost]


class Fell(Revision):
    """What fell in a revision."""

    fell: list[Lost]


class StatusBody(msgspec.Struct):
    """What the register says of somebody; what is left out is not so, or no longer."""

    party: str
    slettedato: str | UnsetType | None = UNSET
    konkurs: bool | UnsetType = UNSET


class Reason(msgspec.Struct):
    """One step of the walk to a decision."""

    check: str
    held: bool
    found: str
    written: str | None
    remedy: str | None
    revision: int | None
    since: str | None


class Obligation(msgspec.Struct, rename="camel"):
    """What whoever enforces a decision must see to."""

    id: str
    attribute_id: str
    value: str


class Instead(msgspec.Struct, rename="camel"):
    """A system user that would have been permitted."""

    system_user: str
    name: str
    external_ref: str | None


class Explained(msgspec.Struct, rename="camel"):
    """A decision and every reason."""

    decision: str
    status: str | None
    message: str | None
    revision: int
    stops_at: str | None
    obligations: list[Obligation]
    reasons: list[Reason]
    instead: list[Instead]


class Asked(msgspec.Struct, rename="camel"):
    """A question that was asked over HTTP, its answer, and the reasons as they are now."""

    at: str
    revision: int
    subject: str | None
    action: str
    resource: str | None
    party: str | None
    decision: str
    message: str | None
    reasons: list[Reason]
    explained_at_revision: int


class Traced(msgspec.Struct):
    """What was asked under one correlation id."""

    correlation: str
    decisions: list[Asked]


class Somebody(msgspec.Struct, rename="camel"):
    """A party by its id; identity numbers are not told."""

    id: str
    kind: str
    name: str
    organization_number: str | None


class WhoCan(msgspec.Struct):
    """A page of those who may do something for a party."""

    party: Somebody
    who: list[Somebody]
    next: str | None


class Opened(msgspec.Struct):
    """What somebody may do for a party."""

    party: Somebody
    packages: list[str]
    roles: list[str]
    actions: dict[str, list[str]]


class WhatCan(msgspec.Struct):
    """A page of what somebody may do."""

    subject: Somebody
    may: list[Opened]
    next: str | None


class GivingRole(msgspec.Struct):
    """A role that gives a package, in organisations of one form or of all."""

    role: str
    form: str | None


class PackageOpens(msgspec.Struct):
    """What a package opens by itself, and the roles that give it."""

    package: str
    opens: dict[str, list[str]]
    roles: list[GivingRole]


class OtherPolicy(msgspec.Struct):
    """A resource and the policy to suppose for it, as XACML."""

    resource: str
    policy: str


class OtherPackage(msgspec.Struct, rename="camel"):
    """A role and a package, which it is supposed to give or not to give."""

    role: str
    package: str
    has_access: bool
    form: str | UnsetType = UNSET
