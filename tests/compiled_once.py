"""Statements compiled once in each process that runs tests, not once for each test's database.

Every test has an engine of its own, and an engine compiles what it is asked the first time. The
text is the same for all engines of a kind, so all of a kind share what the first has compiled.
"""

from __future__ import annotations

from functools import wraps
from typing import Any

import sqlalchemy
from sqlalchemy import Engine

_first_of_kind: dict[tuple[str, str], Engine] = {}
_make_engine = sqlalchemy.create_engine


@wraps(_make_engine)
def _make_sharing_engine(*arguments: Any, **named: Any) -> Engine:  # noqa: ANN401  as SQLAlchemy's
    engine = _make_engine(*arguments, **named)
    # Servers tell their kind when first connected to, and all tests of a run have one.
    first = _first_of_kind.setdefault((engine.dialect.name, engine.dialect.driver), engine)
    if first is not engine:
        engine.dialect = engine.pool._dialect = first.dialect
        engine._compiled_cache = first._compiled_cache
    return engine


def share_compiled_statements() -> None:
    """Let all engines that are made from now on share them."""
    sqlalchemy.create_engine = _make_sharing_engine
