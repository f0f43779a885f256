"""Reading the catalog that ships with the program. Nothing changes it; a new one is a new file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from fullmakt.access.catalog.errors import NotListed
from fullmakt.access.catalog.model import (
    Area,
    AreaGroup,
    Catalog,
    CatalogFacts,
    OrganisationForm,
    Package,
    Role,
)
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


ROLE_KEYS: Final[Mapping[str, Callable[[Role], str | None]]] = {
    "Code": lambda role: role.code,
    "ERCode": lambda role: role.register_code,
    "LegacyRoleCode": lambda role: role.legacy_code,
    "LegacyUrn": lambda role: role.legacy_urn,
    "Urn": lambda role: role.urn,
}
"""What a role can be looked up by. `ERCode` is that of Enhetsregisteret: `DAGL`."""

_ROLE_KEYS = {key.lower(): read for key, read in ROLE_KEYS.items()}


def look_up_role(catalog: Catalog, key: str | None, value: str | None) -> Role:
    """The role whose member `key`, of `ROLE_KEYS`, is `value`; letter case is passed over.

    Raises: InvalidInput, NotListed.
    """
    read = _ROLE_KEYS.get(_required("key", key).lower())
    if read is None:
        known = ", ".join(ROLE_KEYS)
        raise InvalidInput({"key": (f"The value '{key}' is not valid; use one of {known}.",)})
    wanted = _required("value", value).lower()
    for role in catalog.facts.roles:
        if (read(role) or "").lower() == wanted:
            return role
    raise NotListed("role", f"{key}={value}")


def get_role_called(catalog: Catalog, role: str | None) -> Role:
    """The role meant by a code or a URN, old or new. Raises: InvalidInput, NotListed."""
    found = catalog.find_role(_required("role", role))
    if found is None:
        raise NotListed("role", role or "")
    return found


def get_form(catalog: Catalog, variant: str | None) -> OrganisationForm:
    """The form of a giver that a question about a role is for. Raises: InvalidInput."""
    form = catalog.find_organisation_form(_required("variant", variant))
    if form is None:
        raise InvalidInput({"variant": (f"The value '{variant}' is not valid.",)})
    return form


def _required(name: str, value: str | None) -> str:
    if not value:
        raise InvalidInput({name: (f"The {name} field is required.",)})
    return value
