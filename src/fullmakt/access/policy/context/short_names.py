"""The JSON profile's short names for categories and data types.

JSON Profile of XACML 3.0 version 1.1 sections 3.3 and 4.2.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fullmakt.access.policy import names
from fullmakt.access.policy.data_types import DATA_TYPES, XPATH_EXPRESSION, known_data_type

_SUBJECT: Final = "urn:oasis:names:tc:xacml:1.0:subject-category:"

CATEGORIES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "AccessSubject": names.SUBJECT,
        "Action": names.ACTION,
        "Resource": names.RESOURCE,
        "Environment": names.ENVIRONMENT,
        "RecipientSubject": f"{_SUBJECT}recipient-subject",
        "IntermediarySubject": f"{_SUBJECT}intermediary-subject",
        "Codebase": f"{_SUBJECT}codebase",
        "RequestingMachine": f"{_SUBJECT}requesting-machine",
    }
)
"""Members of a request that are a category of their own."""

_DATA_TYPES: Final = {known.name: uri for uri, known in DATA_TYPES.items()}


def category_named(name: str) -> str:
    """The category's URI; a name that is not short is one already."""
    return CATEGORIES.get(name, name)


def data_type_named(name: str) -> str:
    """The data type's URI, from its short name or from one that it has or had.

    Raises BadLiteral: not a data type that is known here.
    """
    return known_data_type(_DATA_TYPES.get(name, name)).uri


def is_xpath(name: str) -> bool:
    """Whether the data type is the one that is left out, by either of its names."""
    return name in {"xpathExpression", XPATH_EXPRESSION}
