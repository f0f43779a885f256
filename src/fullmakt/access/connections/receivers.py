"""Whom a call gives to: a party by its id, or a person by identity number and last name."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from fullmakt.access.connections import errors
from fullmakt.access.parties import service as parties
from fullmakt.foundation.terms.numbers import PersonNumber
from fullmakt.foundation.terms.problem import InvalidInput, ValidationProblem

if TYPE_CHECKING:
    from uuid import UUID

    from fullmakt.access.parties.model import Party
    from fullmakt.foundation.storage.database import Reading

_NOBODY = "no person has that identity number and that last name"


def get_receiver(
    reading: Reading,
    uuid: UUID | None,
    *,
    number: str | None,
    last_name: str | None,
    name: str = "to",
) -> Party:
    """The party that is given to; `name` is the query parameter that names it.

    Whether the number or the name is wrong is not told, and neither is repeated.
    Raises: ValidationProblem (nobody), InvalidInput (neither way of naming).
    """
    if number is not None:
        return _get_person(reading, number, last_name or "")
    if uuid is None:
        raise InvalidInput({name: (f"The {name} field is required.",)})
    found = parties.find_party(reading, uuid)
    if found is None:
        raise ValidationProblem(errors.party_unknown(name, f"no party has id `{uuid}`"))
    return found


def _get_person(reading: Reading, number: str, last_name: str) -> Party:
    try:
        person = parties.find_person(reading, PersonNumber(number))
    except ValueError:
        person = None
    if person is None or _folded(str(person.details.get("lastName", ""))) != _folded(last_name):
        raise ValidationProblem(errors.nobody_by_that_name(_NOBODY))
    return person


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
