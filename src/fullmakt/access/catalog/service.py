"""Reading the catalog that ships with the program. Nothing changes it; a new one is a new file."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import msgspec

from fullmakt.access.catalog.errors import NotListed
from fullmakt.access.catalog.model import Area, AreaGroup, Catalog, CatalogFacts, Package, Role
from fullmakt.foundation.terms.problem import InvalidInput

_FILE = Path(__file__).with_name("catalog.json")


def read_catalog(content: bytes) -> Catalog:
    """The catalog in the bytes of its file. Raises: msgspec.ValidationError naming the place."""
    facts = msgspec.json.decode(content, type=CatalogFacts)
    return Catalog(facts, sha256=sha256(content).hexdigest())


@cache
def load_catalog() -> Catalog:
    """The catalog of this release, read at the first call."""
    return read_catalog(_FILE.read_bytes())


def _read_id(named: str) -> UUID:
    try:
        return UUID(named)
    except ValueError:
        raise InvalidInput({"id": (f"The value '{named}' is not valid.",)}) from None


def get_group(catalog: Catalog, named: str) -> AreaGroup:
    """The group of areas with that id. Raises: InvalidInput, NotListed."""
    wanted = _read_id(named)
    for group in catalog.facts.area_groups:
        if group.id == wanted:
            return group
    raise NotListed("area group", named)


def get_area(catalog: Catalog, named: str) -> Area:
    """The area with that id. Raises: InvalidInput, NotListed."""
    wanted = _read_id(named)
    for area in catalog.facts.areas:
        if area.id == wanted:
            return area
    raise NotListed("area", named)


def get_package(catalog: Catalog, named: str) -> Package:
    """The package with that id. Raises: InvalidInput, NotListed."""
    package = catalog.find_package(str(_read_id(named)))
    if package is None:
        raise NotListed("access package", named)
    return package


def get_role(catalog: Catalog, named: str) -> Role:
    """The role with that id. Raises: InvalidInput, NotListed."""
    role = catalog.find_role(str(_read_id(named)))
    if role is None:
        raise NotListed("role", named)
    return role
