"""Reading the catalog that ships with the program. Nothing changes it; a new one is a new file."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

import msgspec

from fullmakt.access.catalog.model import Catalog, CatalogFacts

_FILE = Path(__file__).with_name("catalog.json")


def read_catalog(content: bytes) -> Catalog:
    """The catalog in the bytes of its file. Raises: msgspec.ValidationError naming the place."""
    facts = msgspec.json.decode(content, type=CatalogFacts)
    return Catalog(facts, sha256=sha256(content).hexdigest())


@cache
def load_catalog() -> Catalog:
    """The catalog of this release, read at the first call."""
    return read_catalog(_FILE.read_bytes())
