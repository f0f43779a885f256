"""The JSON of the control surface: small bodies read with every fault told, and answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from fullmakt.foundation.jose.keys import PrivateKey, PublicKey, UnusableKeyError
from fullmakt.foundation.terms.members import read_json
from fullmakt.foundation.terms.moments import write_moment
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.run.testworld.worldfile import words
from fullmakt.run.testworld.worldfile.entries import Number
from fullmakt.run.testworld.worldfile.members import (
    Members,
    SecretValueError,
    WorldFault,
    WorldRefused,
)

if TYPE_CHECKING:
    from fullmakt.access.delegations.model import Delegated
    from fullmakt.access.parties.model import Assignment, Party
    from fullmakt.credentials.clients.model import ClientKey, MaskinportenClient

_DURATION = re.compile(
    r"P(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)S)?)?"
)
_PERSON_DIGITS = 11
_LONGEST = timedelta(days=36525)


def read_value(body: bytes) -> object:
    """The JSON value of a body; an empty body is an empty object. Raises: WorldRefused."""
    if not body.strip():
        return {}
    try:
        return read_json(body)
    except ValueError as fault:
        raise WorldRefused([WorldFault("$", "the body", f"is not JSON: {fault}")]) from None


@contextmanager
def members(body: bytes, *known: str) -> Iterator[Members]:
    """The members of a body, refused at the end if anything is wrong. Raises: WorldRefused."""
    faults: list[WorldFault] = []
    yield Members(read_value(body), "", faults, frozenset(known))
    if faults:
        raise WorldRefused(faults)


def read_reset(body: bytes) -> object:
    """What to begin anew with: `default` (also when nothing is said), `empty`, or a world."""
    with members(body, "world") as read:
        return read.optional("world", _world, "default")


def _world(value: object) -> object:
    if isinstance(value, dict) or value in {"default", "empty"}:
        return value
    raise ValueError("must be `default`, `empty` or a world")


def read_snapshot_name(body: bytes) -> str | None:
    """The name to keep a snapshot under."""
    with members(body, "name") as read:
        return read.optional("name", words.text, None)


def read_clock(body: bytes, *, now: datetime) -> datetime:
    """The time to move to: `at` a moment, or `advance` by a duration."""
    with members(body, "at", "advance") as read:
        at = read.optional("at", words.moment, None)
        advance = read.optional("advance", duration, None)
        if read.is_sound and (at is None) == (advance is None):
            read.fault("", read.verbatim("at", "advance"), "must have `at` or `advance`")
    return at or now + (advance or timedelta())


def duration(value: object) -> timedelta:
    """An ISO 8601 duration in weeks, days, hours, minutes and seconds; months have no length."""
    match = _DURATION.fullmatch(words.text(value))
    parts = {name: int(part) for name, part in (match.groupdict() if match else {}).items() if part}
    if not parts or any(part >= 10**10 for part in parts.values()):
        raise ValueError("must be a duration in weeks, days and hours, as `P181D` or `PT36H`")
    found = timedelta(**parts)
    if found > _LONGEST:
        raise ValueError("must be at most 100 years")
    return found


def write_clock(now: datetime, machine: datetime) -> dict[str, str]:
    """Domain time and the machine's."""
    return {"now": write_moment(now), "machine": write_moment(machine)}


@dataclass(frozen=True, slots=True)
class RoleBody:
    """A role to begin or end."""

    role: str
    giver: OrganizationNumber
    holder: Number


def read_role(body: bytes, catalog: words.CatalogWords) -> RoleBody:
    """`{role, from, to}`, where `to` is an organisation or a person."""
    with members(body, "role", "from", "to") as read:
        role = read.required("role", catalog.role)
        giver = read.required("from", words.organization_number)
        holder = read.required("to", number)
    return RoleBody(role, giver, holder)


@dataclass(frozen=True, slots=True)
class StatusBody:
    """What the register says of somebody: since when deleted, and whether bankrupt."""

    party: Number
    deleted_on: date | None
    is_bankrupt: bool


def read_status(body: bytes) -> StatusBody:
    """`{party, slettedato?, konkurs?}`; what is left out is not so, or no longer."""
    with members(body, "party", "slettedato", "konkurs") as read:
        party = read.required("party", number)
        deleted_on = read.optional("slettedato", words.day, None)
        is_bankrupt = read.optional("konkurs", words.flag, default=False)
        if read.is_sound and is_bankrupt and not isinstance(party, OrganizationNumber):
            read.fault("konkurs", is_bankrupt, "is for organisations")
    return StatusBody(party, deleted_on, is_bankrupt)


def number(value: object) -> Number:
    """An organisation or identity number."""
    digits = words.text(value)
    if len(digits) == _PERSON_DIGITS:
        return words.person_number(value)
    return words.organization_number(value)


@dataclass(frozen=True, slots=True)
class ClientBody:
    """A Maskinporten client to register; without a key one is made."""

    organization: OrganizationNumber
    name: str | None
    scopes: tuple[str, ...]
    token_lifetime_s: int
    key: PublicKey | None


def read_client(body: bytes) -> ClientBody:
    """`{organization, name?, scopes, tokenLifetime?, jwk?|pem?, kid?}`."""
    names = ("organization", "name", "scopes", "tokenLifetime", "jwk", "pem", "kid")
    with members(body, *names) as read:
        organization = read.required("organization", words.organization_number)
        name = read.optional("name", words.text, None)
        scopes = read.required("scopes", words.list_of(words.text))
        lifetime_s = read.optional("tokenLifetime", words.whole_number, 0)
        key = _key(read)
    return ClientBody(organization, name, scopes, lifetime_s, key)


def read_key(body: bytes) -> PublicKey | None:
    """`{jwk?|pem?, kid?}`; None when one is to be made."""
    with members(body, "jwk", "pem", "kid") as read:
        return _key(read)


def _key(read: Members) -> PublicKey | None:
    kid = read.optional("kid", words.text, None)
    jwk = read.optional("jwk", _public_jwk, None)
    pem = read.optional("pem", lambda value: _public_pem(value, kid), None)
    if jwk is not None and pem is not None:
        read.fault("pem", "a key", "cannot stand beside `jwk`: give one of them")
    return jwk or pem


def _public_jwk(value: object) -> PublicKey:
    try:
        return PublicKey.from_jwk(words.json_object(value))
    except UnusableKeyError as fault:
        raise SecretValueError(f"cannot be used: {fault}") from None


def _public_pem(value: object, kid: str | None) -> PublicKey:
    try:
        return PublicKey.from_pem(words.text(value), kid=kid)
    except UnusableKeyError as fault:
        raise SecretValueError(f"cannot be used: {fault}") from None


def write_party(party: Party) -> dict[str, object]:
    """A party by every name it is known by."""
    name = "organisasjonsnummer" if party.number is not None else "personidentifikator"
    digits = str(party.number or party.person_number)
    told: dict[str, object] = {
        name: digits,
        "navn": party.name,
        "partyId": party.party_id,
        "partyUuid": str(party.uuid),
    }
    return told if party.user_id is None else {**told, "userId": party.user_id}


def write_fallen(fallen: Iterable[Delegated]) -> list[dict[str, object]]:
    """What agents had of clients and have no longer, one entry for an agent and a client."""
    found: dict[tuple[int, int, int], dict[str, list[str] | str]] = {}
    for each in fallen:
        key = (each.facilitator.id, each.agent.id, each.client.id)
        entry = found.setdefault(
            key,
            {
                "facilitator": str(each.facilitator.number),
                "agent": str(each.agent.uuid),
                "client": str(each.client.number),
                "packages": [],
                "rights": [],
            },
        )
        carried = each.link.carries
        kind, named = (
            ("packages", carried)
            if isinstance(carried, str)
            else ("rights", f"{carried.resource}:{carried.action}")
        )
        told = entry[kind]
        assert isinstance(told, list), "made so above"
        told.append(named)
    return [dict(entry) for entry in found.values()]


def write_role(
    wish: RoleBody, assignment: Assignment, *, ended: int | None = None
) -> dict[str, object]:
    """A role, and the revisions it began and ended in."""
    told: dict[str, object] = {
        "role": assignment.role,
        "from": wish.giver.digits,
        "to": wish.holder.digits,
        "began": assignment.began,
    }
    return told if ended is None else {**told, "ended": ended}


def write_client(client: MaskinportenClient) -> dict[str, object]:
    """A client, without its keys."""
    return {
        "clientId": client.client_id,
        "organization": client.organization.digits,
        "name": client.name,
        "scopes": list(client.scopes),
        "tokenLifetime": client.token_lifetime_s,
    }


def write_key(key: ClientKey, made: PrivateKey | None) -> dict[str, object]:
    """A key's id and last day; the private half of one that was made here, for its owner."""
    told: dict[str, object] = {"kid": key.kid, "expires": write_moment(key.expires_at)}
    return told if made is None else {**told, "jwk": made.as_private_jwk()}
