"""From a decision request to what is asked: who, what, on which resource, for whom.

Pure: nothing is looked up. What is answered with Indeterminate before any policy is read is raised
as `UndecidableError`. Source: Altinn's public documentation of the decision point.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, auto
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from fullmakt.access.catalog.model import ALTINN_ROLE, GUARDIANSHIP_ROLE, REGISTER_ROLE
from fullmakt.access.decisions.instances import (
    InstanceAsked,
    InstanceId,
    instances_named,
    read_instance_id,
)
from fullmakt.access.delegations.standings import Key, Reference
from fullmakt.access.policy import names
from fullmakt.access.policy.data_types import ANY_URI, INTEGER, STRING, BadLiteral, read_value
from fullmakt.access.policy.request import TypedValue, texts_of
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fullmakt.access.decisions.wire import Category
    from fullmakt.access.policy.data_types import Value
    from fullmakt.access.policy.request import AttributeName, Entry

DATA_TYPES = {
    None: STRING,
    "": STRING,
    "string": STRING,
    STRING: STRING,
    "anyURI": ANY_URI,
    ANY_URI: ANY_URI,
    INTEGER: INTEGER,
}
_REMEMBERED = 65_536
"""SPEED: how many names keep what they were read as (benchmarks/authorize.py)."""
WORKED_OUT = frozenset(
    {
        names.ACCESS_PACKAGE,
        names.ROLE_CODE,
        ALTINN_ROLE,
        REGISTER_ROLE,
        GUARDIANSHIP_ROLE,
        urns.PARTY_TYPE,
        urns.ACCESS_LIST,
    }
)
"""What a subject holds is found here, and never taken from whoever asks."""
_NAMES_ONE = frozenset(
    {
        *urns.PARTY_NAMES,
        urns.SYSTEM_USER_UUID,
        urns.USER_ID,
        urns.RESOURCE,
        urns.SERVICE_OWNER,
        urns.APP,
        urns.INSTANCE,
    }
)
"""What is looked up by these is one thing: two values would let two readers see different ones."""


class UndecidableError(ValueError):
    """The request cannot be decided. `is_syntax` tells which of the two status codes it has."""

    def __init__(self, message: str, *, is_syntax: bool = False) -> None:
        super().__init__(message)
        self.is_syntax = is_syntax


class Kind(IntEnum):
    """What the subject was named as, which settles what is looked up for it."""

    SYSTEM_USER = auto()
    PERSON = auto()
    PARTY = auto()
    ORGANIZATION = auto()


@dataclass(frozen=True, slots=True)
class Asker:
    """The subject asked about."""

    kind: Kind
    reference: Reference


class Asked(NamedTuple):
    """One question, ready for the walk. `entries` are the request's own attributes.

    With an `instance`, it is ready once that has been looked up: what it is about may be missing.
    """

    subject: Asker | None
    actions: tuple[str, ...]
    resource: str
    party: Reference | None
    entries: Mapping[AttributeName, Entry]
    instance: InstanceAsked | None = None


def read_asked(
    subjects: Sequence[Category],
    actions: Sequence[Category],
    resources: Sequence[Category],
    others: Sequence[Category] = (),
) -> Asked:
    """What the groups of categories ask.

    Each has its category id. Raises: UndecidableError.
    """
    has_subject = bool(subjects and subjects[0].attribute)
    if not has_subject:
        has_subject = any(each.attribute for each in subjects)
    check_is_asked(has_subject=has_subject, has_resource=bool(resources))
    entries: dict[AttributeName, Entry] = {}
    named: dict[str, str] = {}
    about: dict[str, str] = {}
    _add_entries(entries, subjects, named)
    _add_entries(entries, actions, None)
    _add_entries(entries, resources, about)
    if others:
        _add_entries(entries, others, None)
    return asked_about(named, about, entries)


def check_is_asked(*, has_subject: bool, has_resource: bool) -> None:
    """Refuse a question about nothing, or for nobody. Raises: UndecidableError."""
    if not has_resource:
        message = "the request has no resource"
        raise UndecidableError(message)
    if not has_subject:
        message = "the request has no subject"
        raise UndecidableError(message)


def asked_of(
    named: Mapping[str, str], about: Mapping[str, str], entries: dict[AttributeName, Entry]
) -> Asked:
    """The question whose first subject is `named` and whose first resource is `about`.

    What the original adds is added to `entries`. Raises: UndecidableError.
    """
    if urns.LEGACY_ORGANIZATION_NUMBER in named:
        _add_current_name(entries)
    return Asked(
        _read_subject(named),
        texts_of(entries.get((names.ACTION, names.ACTION_ID))),
        _read_resource(about, entries),
        _read_party(about),
        entries,
    )


def asked_about(
    named: Mapping[str, str], about: Mapping[str, str], entries: dict[AttributeName, Entry]
) -> Asked:
    """As `asked_of`, where the first resource may name an instance of an app.

    Raises: UndecidableError.
    """
    if urns.INSTANCE not in about and urns.RESOURCE_INSTANCE not in about:
        return asked_of(named, about, entries)
    instances = instances_named(about, entries)
    if not instances:
        return asked_of(named, about, entries)
    if len(instances) > 1:
        message = f"a resource is one instance, and names several: {', '.join(sorted(instances))}"
        raise UndecidableError(message)
    (text,) = instances
    if _is_complete(about):
        _add_as_resource(entries, text)
        return asked_of(named, about, entries)
    if urns.LEGACY_ORGANIZATION_NUMBER in named:
        _add_current_name(entries)
    return Asked(
        _read_subject(named),
        texts_of(entries.get((names.ACTION, names.ACTION_ID))),
        about.get(urns.RESOURCE, ""),
        _read_party(about),
        entries,
        InstanceAsked(_instance(text), entries),
    )


def _is_complete(about: Mapping[str, str]) -> bool:
    """SPEC: whether a resource that names an instance says itself all that would be looked up."""
    if not any(name in about for name in urns.PARTY_NAMES):
        return False
    resource = about.get(urns.RESOURCE, "")
    if resource and urns.app_of_resource(resource) is None:
        return True
    if not (resource or (about.get(urns.SERVICE_OWNER) and about.get(urns.APP))):
        return False
    is_events = about.get(urns.APP_RESOURCE) == "events"
    return bool(about.get(urns.TASK) or about.get(urns.END_EVENT) or is_events)


def _add_as_resource(entries: dict[AttributeName, Entry], text: str) -> None:
    """An instance is known as that of a resource too."""
    try:
        instance = read_instance_id(text)
    except ValueError:
        return
    name = (names.RESOURCE, urns.RESOURCE_INSTANCE)
    for value in instance.as_resource:
        held = entries.get(name)
        if value not in texts_of(held):
            entries[name] = _added(held, value, None)


def _instance(text: str) -> InstanceId:
    try:
        return read_instance_id(text)
    except ValueError as fault:
        raise UndecidableError(str(fault), is_syntax=True) from None


def _add_current_name(entries: dict[AttributeName, Entry]) -> None:
    """An organisation named by the older attribute is known by the current one too."""
    older = entries[names.SUBJECT, urns.LEGACY_ORGANIZATION_NUMBER]
    entries.setdefault((names.SUBJECT, urns.ORGANIZATION_NUMBER), older)


def _add_entries(
    entries: dict[AttributeName, Entry],
    group: Sequence[Category],
    looked_up: dict[str, str] | None,
) -> None:
    """Add all attributes to `entries`, and those of the first category to `looked_up`."""
    for category in group:
        name = category.category_id or ""
        for attribute in category.attribute or ():
            attribute_id, value = attribute.attribute_id, attribute.value
            if not attribute_id or value is None:
                message = "an attribute has no id or no value"
                raise UndecidableError(message)
            if looked_up is not None and looked_up.setdefault(attribute_id, value) != value:
                check_may_be_several(attribute_id)
            if attribute_id in WORKED_OUT and name == names.SUBJECT:
                continue
            key = (name, attribute_id)
            # SPEED: most attributes are one text without a type (benchmarks/authorize.py).
            if attribute.data_type is None and key not in entries:
                entries[key] = value
            else:
                entries[key] = _added(entries.get(key), value, attribute.data_type)
        looked_up = None


def check_may_be_several(attribute_id: str) -> None:
    """Refuse several values of what is looked up. Raises: UndecidableError."""
    if attribute_id in _NAMES_ONE:
        message = f"`{attribute_id}` names one, and has several values"
        raise UndecidableError(message)


def _added(held: Entry | None, value: str, named_type: str | None) -> Entry:
    data_type = DATA_TYPES.get(named_type)
    if data_type is None:
        message = f"data type `{named_type}` is not read here"
        raise UndecidableError(message)
    if held is None and data_type == STRING:
        return value
    earlier = (TypedValue(STRING, held),) if isinstance(held, str) else held or ()
    assert isinstance(earlier, tuple)
    return (*earlier, TypedValue(data_type, _typed(value, data_type)))


def _typed(value: str, data_type: str) -> Value:
    try:
        return read_value(data_type, value)
    except BadLiteral as fault:
        raise UndecidableError(str(fault)) from None


def _read_subject(  # noqa: PLR0911  one return a way of naming
    attributes: Mapping[str, str],
) -> Asker | None:
    system_user = attributes.get(urns.SYSTEM_USER_UUID)
    if system_user is not None:
        if len(attributes) > 1:
            others = ", ".join(sorted(set(attributes) - {urns.SYSTEM_USER_UUID}))
            message = f"a system user must be the only subject attribute, beside `{others}`"
            raise UndecidableError(message)
        return _system_user(system_user)
    older = attributes.get(urns.LEGACY_ORGANIZATION_NUMBER)
    organization = attributes.get(urns.ORGANIZATION_NUMBER, older)
    person, user = attributes.get(urns.PERSON_NUMBER), attributes.get(urns.USER_ID)
    if sum(each is not None for each in (organization, person, user)) > 1:
        message = "the subject is named in more than one way"
        raise UndecidableError(message)
    if user is not None:
        return Asker(Kind.PERSON, Reference(Key.USER_ID, _number(user)))
    if person is not None:
        return Asker(Kind.PERSON, Reference(Key.PERSON_NUMBER, _person_number(person)))
    if organization is not None:
        return Asker(Kind.ORGANIZATION, _organization(organization))
    party, party_id = attributes.get(urns.PARTY_UUID), attributes.get(urns.PARTY_ID)
    if party is not None:
        return Asker(Kind.PARTY, Reference(Key.UUID, _uuid(party)))
    if party_id is not None:
        return Asker(Kind.PARTY, Reference(Key.PARTY_ID, _number(party_id)))
    return None


def _read_party(attributes: Mapping[str, str]) -> Reference | None:
    for name in urns.PARTY_NAMES:
        value = attributes.get(name)
        if value is not None:
            return _party_reference(name, value)
    return None


@lru_cache(maxsize=_REMEMBERED)
def _party_reference(name: str, value: str) -> Reference:
    match name:
        case urns.PERSON_NUMBER:
            return Reference(Key.PERSON_NUMBER, _person_number(value, is_syntax=True))
        case urns.PARTY_UUID:
            return Reference(Key.UUID, _uuid(value))
        case urns.PARTY_ID:
            return Reference(Key.PARTY_ID, _number(value))
        case _:
            return _organization(value)


def _read_resource(attributes: Mapping[str, str], entries: dict[AttributeName, Entry]) -> str:
    """The registry's id of the resource; the other way of naming an app is added to `entries`."""
    owner, app = attributes.get(urns.SERVICE_OWNER), attributes.get(urns.APP)
    if owner and app:
        resource = urns.app_resource(owner, app)
        entries.setdefault((names.RESOURCE, urns.RESOURCE), resource)
        return resource
    named = attributes.get(urns.RESOURCE)
    if not named:
        message = f"the resource is named by neither `{urns.RESOURCE}` nor an app"
        raise UndecidableError(message)
    parts = urns.app_of_resource(named)
    if parts is not None:
        entries.setdefault((names.RESOURCE, urns.SERVICE_OWNER), parts[0])
        entries.setdefault((names.RESOURCE, urns.APP), parts[1])
    return named


@lru_cache(maxsize=_REMEMBERED)
def _system_user(value: str) -> Asker:
    return Asker(Kind.SYSTEM_USER, Reference(Key.UUID, _uuid(value)))


def _uuid(value: str) -> str:
    try:
        return str(UUID(value))
    except ValueError:
        message = f"not a UUID: `{value[:100]}`"
        raise UndecidableError(message) from None


def _number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        message = f"not a number: `{value[:100]}`"
        raise UndecidableError(message, is_syntax=True)
    return int(value)


@lru_cache(maxsize=_REMEMBERED)
def _organization(value: str) -> Reference:
    try:
        return Reference(Key.ORGANIZATION_NUMBER, OrganizationNumber(value).digits)
    except ValueError as fault:
        raise UndecidableError(str(fault), is_syntax=True) from None


@lru_cache(maxsize=_REMEMBERED)
def _person_number(value: str, *, is_syntax: bool = False) -> str:
    """SPEC: a person who is not known is told apart as the subject and as the party."""
    try:
        return PersonNumber(value).digits
    except ValueError as fault:
        raise UndecidableError(str(fault), is_syntax=is_syntax) from None
