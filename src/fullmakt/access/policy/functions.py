"""The functions policies may use: a table from function id to signature and meaning.

XACML 3.0 core appendix A.3, with the ids that A.4 keeps; a further function is one more row.
Functions that take functions, or leave arguments unevaluated, are in `special_functions.py`.
"""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from fullmakt.access.policy import data_types as types
from fullmakt.access.policy.bag_functions import functions_of_every_type
from fullmakt.access.policy.number_functions import number_functions
from fullmakt.access.policy.signatures import BOOLEAN, V1, Function, TypeOf
from fullmakt.access.policy.text_functions import text_functions
from fullmakt.access.policy.time_functions import time_functions


def _of_ordered_types() -> Iterator[Function]:
    for uri in (
        types.STRING,
        types.INTEGER,
        types.DOUBLE,
        types.DATE,
        types.TIME,
        types.DATE_TIME,
    ):
        one, name = TypeOf(uri), f"{V1}{types.DATA_TYPES[uri].name}-"
        yield Function(name + "greater-than", (one, one), BOOLEAN, operator.gt)
        yield Function(name + "greater-than-or-equal", (one, one), BOOLEAN, operator.ge)
        yield Function(name + "less-than", (one, one), BOOLEAN, operator.lt)
        yield Function(name + "less-than-or-equal", (one, one), BOOLEAN, operator.le)


FUNCTIONS: Final[Mapping[str, Function]] = MappingProxyType(
    {
        function.function_id: function
        for function in (
            *functions_of_every_type(),
            *_of_ordered_types(),
            *number_functions(),
            *text_functions(),
            *time_functions(),
            Function(V1 + "not", (BOOLEAN,), BOOLEAN, operator.not_),
        )
    }
)
