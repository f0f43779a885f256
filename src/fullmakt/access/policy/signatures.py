"""What a function takes and gives: the shape of a row in the tables of functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from fullmakt.access.policy import data_types as types
from fullmakt.access.policy.data_types import Bag, Value

Result = Value | Bag
V1: Final = "urn:oasis:names:tc:xacml:1.0:function:"
V2: Final = "urn:oasis:names:tc:xacml:2.0:function:"
V3: Final = "urn:oasis:names:tc:xacml:3.0:function:"


@dataclass(frozen=True, slots=True)
class TypeOf:
    """The type of an expression: a data type, single or as a bag."""

    data_type: str
    is_bag: bool = False

    def __str__(self) -> str:
        name = types.DATA_TYPES[self.data_type].name
        return f"bag of {name}" if self.is_bag else name


BOOLEAN: Final = TypeOf(types.BOOLEAN)
STRING: Final = TypeOf(types.STRING)
INTEGER: Final = TypeOf(types.INTEGER)
DOUBLE: Final = TypeOf(types.DOUBLE)
ANY_URI: Final = TypeOf(types.ANY_URI)
DATE: Final = TypeOf(types.DATE)
TIME: Final = TypeOf(types.TIME)
DATE_TIME: Final = TypeOf(types.DATE_TIME)
DAY_TIME_DURATION: Final = TypeOf(types.DAY_TIME_DURATION)
YEAR_MONTH_DURATION: Final = TypeOf(types.YEAR_MONTH_DURATION)
X500_NAME: Final = TypeOf(types.X500_NAME)
RFC822_NAME: Final = TypeOf(types.RFC822_NAME)


@dataclass(frozen=True, slots=True)
class Function:
    """A function of values: `parameters`, then any number of `repeated`, to a `result`."""

    function_id: str
    parameters: tuple[TypeOf, ...]
    result: TypeOf
    apply: Callable[..., Result]
    repeated: TypeOf | None = None

    def takes(self, arguments: tuple[TypeOf, ...]) -> bool:
        """Whether the function can be applied to arguments of these types."""
        fixed = len(self.parameters)
        rest = arguments[fixed:]
        return arguments[:fixed] == self.parameters and all(
            argument == self.repeated for argument in rest
        )

    @property
    def signature(self) -> str:
        """The parameters in words, for a message."""
        texts = [str(parameter) for parameter in self.parameters]
        if self.repeated is not None:
            texts.append(f"{self.repeated} …")
        return f"({', '.join(texts)})"
