"""What a handler is handed by name, from the house or from the request.

`caller: Given[Caller]` is taken as it is: it is not read from the query, and not checked against
its annotation, since nobody outside can have made it.
"""

from __future__ import annotations

from typing import TypeAlias, TypeVar

from litestar.di import NamedDependency
from litestar.params import SkipValidation

Thing = TypeVar("Thing")

Given: TypeAlias = NamedDependency[SkipValidation[Thing]]
