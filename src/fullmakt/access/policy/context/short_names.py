"""The JSON profile's short names for categories and data types.

JSON Profile of XACML 3.0 version 1.1 sections 3.3 and 4.2.2.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fullmakt.access.policy import names
from fullmakt.access.policy.data_types import DATA_TYPES

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

XPATH_EXPRESSION: Final = "urn:oasis:names:tc:xacml:3.0:data-type:xpathExpression"
_XPATH_NAMES: Final = frozenset({"xpathExpression", XPATH_EXPRESSION})
_DATA_TYPES: Final = {known.name: uri for uri, known in DATA_TYPES.items()}


def category_named(name: str) -> str:
    """The category's URI; a name that is not short is one already."""
    return CATEGORIES.get(name, name)


def data_type_named(name: str) -> str | None:
    """The data type's URI, from its short name or itself; None when it is not known."""
    return name if name in DATA_TYPES else _DATA_TYPES.get(name)


def is_xpath(name: str) -> bool:
    """Whether the data type is the one that is left out, by either of its names."""
    return name in _XPATH_NAMES
