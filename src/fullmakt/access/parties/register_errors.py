"""The problems of Altinn Register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fullmakt.foundation.terms.problem import Fault, PlainProblem, Problem, ValidationProblem

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

MOST_ITEMS = 100


class PartyNotRegistered(Problem):
    """A party was asked for by a UUID that no party has."""

    code, status, title = "REG-00003", 400, "Party not found"

    def __init__(self, uuid: UUID) -> None:
        super().__init__(f"no party has uuid `{uuid}`", partyUuid=str(uuid))


class OrganizationNotFound(Problem):
    """An organisation was asked for by a number that none has."""

    code, status, title = "REG-00006", 404, "Organization not found"


class PartyNotFound(Problem):
    """A party was looked up, and there is none with the number or id."""

    code, status, title = "REG-00007", 404, "Party not found"


class NoCustomerRole(PlainProblem):
    """Customers were asked for by a role that makes nobody a customer."""

    def __init__(self, role: str, *, known: Iterable[str]) -> None:
        choices = ", ".join(f"`{each}`" for each in sorted(known))
        super().__init__(404, "Not Found", f"no customers by role `{role}`; ask for {choices}")


class FieldRefused(ValidationProblem):
    """A list of fields names one that is not there to ask for."""

    def __init__(self, field: str) -> None:
        detail = f"field `{field}` cannot be asked for"
        super().__init__(
            Fault("REG.VLD-00000", "Invalid party field.", ("/$QUERY/fields",), detail)
        )


class TooManyItems(ValidationProblem):
    """More parties are asked for at once than are answered."""

    def __init__(self, count: int) -> None:
        detail = f"{count} items; at most {MOST_ITEMS} are answered at once"
        super().__init__(Fault("REG.VLD-00001", "Too many items.", ("/data",), detail))


class UrnsRefused(ValidationProblem):
    """Some of the parties asked for are not named by a URN that can be read."""

    def __init__(self, refused: dict[int, str]) -> None:
        super().__init__(
            *(
                Fault("REG.VLD-00002", "Invalid party URN.", (f"/data/{place}",), detail)
                for place, detail in refused.items()
            )
        )


class OrganizationNumberRefused(ValidationProblem):
    """An organisation number is malformed, or its check digit does not hold."""

    def __init__(self, detail: str, *, path: str) -> None:
        super().__init__(Fault("REG.VLD-00006", "Invalid organization number.", (path,), detail))


class PersonNumberRefused(ValidationProblem):
    """An identity number is malformed, or its check digits do not hold."""

    def __init__(self, detail: str, *, path: str) -> None:
        super().__init__(Fault("REG.VLD-00007", "Invalid person number.", (path,), detail))


class LookupIsAmbiguous(ValidationProblem):
    """A look-up names both an organisation and a person, or neither."""

    def __init__(self, detail: str) -> None:
        super().__init__(
            Fault(
                "REG.VLD-00008",
                "Exactly one of orgNo and ssn must be given.",
                ("/orgNo", "/ssn"),
                detail,
            )
        )
