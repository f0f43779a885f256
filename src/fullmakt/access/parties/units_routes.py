"""Enhetsregisteret's open data over HTTP.

Left out: the updates feeds, bulk files, representatives, and the search in roles. A path that is
not here is not served.
"""

from __future__ import annotations

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from fullmakt.access.catalog.model import Catalog
from fullmakt.access.parties import units_service as service
from fullmakt.access.parties import units_wire as wire
from fullmakt.access.parties.model import SUB_UNIT_FORMS
from fullmakt.access.parties.units_errors import (
    SearchRefused,
    UnacceptableMediaType,
    UnitNotFound,
)
from fullmakt.access.parties.units_forms import FORM_NAMES
from fullmakt.access.parties.units_search import read_search
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.foundation.http.bodies import write_body
from fullmakt.foundation.http.doors import AnyConnection
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database

_REGISTER = "/enhetsregisteret/api"
_WRITTEN = frozenset({"*/*", "application/*", "application/json"})
_VERSIONED = "application/vnd.brreg.enhetsregisteret."
_VERSION = ".v2+json"

AnyRequest = Request[Any, Any, Any]


def _accepted(connection: AnyConnection, _handler: object) -> None:
    """A guard that refuses a caller who cannot read what is written. Raises: UnacceptableMediaType.

    `application/vnd.brreg.enhetsregisteret.enhet.v2+json` and its like are accepted; version 1 is
    gone.
    """
    accept = connection.headers.get("accept") or "*/*"
    wanted = [each.partition(";")[0].strip().lower() for each in accept.split(",")]
    if not any(
        each in _WRITTEN or (each.startswith(_VERSIONED) and each.endswith(_VERSION))
        for each in wanted
    ):
        raise UnacceptableMediaType


def _answer(value: object) -> Response[bytes]:
    return Response(write_body(value), media_type="application/json")


def _answer_refused(request: AnyRequest, problem: SearchRefused) -> Response[bytes]:
    refused = wire.write_refused(problem, path=request.url.path)
    return Response(write_body(refused), status_code=problem.status, media_type="application/json")


def _asked(request: AnyRequest) -> dict[str, str]:
    """The parameters; one that is given several times is a list of its values."""
    names = dict.fromkeys(name for name, _ in request.query_params.multi_items())
    return {name: ",".join(request.query_params.getall(name)) for name in names}


@get(_REGISTER, guards=[_accepted], sync_to_thread=False)
def index(addresses: Given[Addresses]) -> Response[bytes]:
    """Where to begin."""
    return _answer(wire.UnitWriter(addresses).index())


@get(f"{_REGISTER}/enheter/{{number:str}}", guards=[_accepted], sync_to_thread=True)
def get_unit(
    database: Given[Database], addresses: Given[Addresses], number: FromPath[str]
) -> Response[bytes]:
    """One unit; a deleted one in a reduced form."""
    with database.reading() as reading:
        unit = service.get_unit(reading, number, is_sub_unit=False)
    return _answer(wire.UnitWriter(addresses).unit(unit))


@get(f"{_REGISTER}/underenheter/{{number:str}}", guards=[_accepted], sync_to_thread=True)
def get_sub_unit(
    database: Given[Database], addresses: Given[Addresses], number: FromPath[str]
) -> Response[bytes]:
    """One sub-unit."""
    with database.reading() as reading:
        unit = service.get_unit(reading, number, is_sub_unit=True)
    return _answer(wire.UnitWriter(addresses).unit(unit))


@get(f"{_REGISTER}/enheter/{{number:str}}/roller", guards=[_accepted], sync_to_thread=True)
def list_roles(
    database: Given[Database],
    catalog: Given[Catalog],
    addresses: Given[Addresses],
    number: FromPath[str],
) -> Response[bytes]:
    """Who has which role in a unit."""
    with database.reading() as reading:
        unit, roles = service.list_unit_roles(reading, catalog, number)
    return _answer(wire.UnitWriter(addresses).roles(unit, roles))


@get(
    f"{_REGISTER}/enheter",
    guards=[_accepted],
    exception_handlers={SearchRefused: _answer_refused},
    sync_to_thread=True,
)
def search_units(
    request: AnyRequest, database: Given[Database], addresses: Given[Addresses]
) -> Response[bytes]:
    """Units by name, number, form, place and the like."""
    return _search(request, database, addresses, place="enheter")


@get(
    f"{_REGISTER}/underenheter",
    guards=[_accepted],
    exception_handlers={SearchRefused: _answer_refused},
    sync_to_thread=True,
)
def search_sub_units(
    request: AnyRequest, database: Given[Database], addresses: Given[Addresses]
) -> Response[bytes]:
    """Sub-units, by the same parameters."""
    return _search(request, database, addresses, place="underenheter")


def _search(
    request: AnyRequest, database: Database, addresses: Addresses, *, place: str
) -> Response[bytes]:
    asked = _asked(request)
    with database.reading() as reading:
        search = read_search(asked, at=reading.now)
        hits = service.search_units(reading, search, are_sub_units=place == "underenheter")
    return _answer(wire.UnitWriter(addresses).hits(place, hits, search.page, asked))


@get(f"{_REGISTER}/organisasjonsformer", guards=[_accepted], sync_to_thread=False)
def list_forms(addresses: Given[Addresses]) -> Response[bytes]:
    """Every organisation form."""
    return _answer(wire.UnitWriter(addresses).forms("organisasjonsformer", FORM_NAMES))


@get(f"{_REGISTER}/organisasjonsformer/enheter", guards=[_accepted], sync_to_thread=False)
def list_forms_of_units(addresses: Given[Addresses]) -> Response[bytes]:
    """The forms that units have."""
    forms = FORM_NAMES.keys() - SUB_UNIT_FORMS
    return _answer(wire.UnitWriter(addresses).forms("organisasjonsformer/enheter", forms))


@get(f"{_REGISTER}/organisasjonsformer/underenheter", guards=[_accepted], sync_to_thread=False)
def list_forms_of_sub_units(addresses: Given[Addresses]) -> Response[bytes]:
    """The forms that sub-units have."""
    place = "organisasjonsformer/underenheter"
    return _answer(wire.UnitWriter(addresses).forms(place, SUB_UNIT_FORMS))


@get(f"{_REGISTER}/organisasjonsformer/{{code:str}}", guards=[_accepted], sync_to_thread=False)
def get_form(addresses: Given[Addresses], code: FromPath[str]) -> Response[bytes]:
    """One organisation form."""
    if code not in FORM_NAMES:
        raise UnitNotFound
    return _answer(wire.UnitWriter(addresses).form(code))


@get(f"{_REGISTER}/roller/rolletyper", guards=[_accepted], sync_to_thread=False)
def list_role_types(catalog: Given[Catalog], addresses: Given[Addresses]) -> Response[bytes]:
    """Every type of role."""
    writer = wire.UnitWriter(addresses)
    types = writer.role_types(service.list_register_roles(catalog))
    return _answer(writer.codes("roller/rolletyper", types.values()))


@get(f"{_REGISTER}/roller/rolletyper/{{code:str}}", guards=[_accepted], sync_to_thread=False)
def get_role_type(
    catalog: Given[Catalog], addresses: Given[Addresses], code: FromPath[str]
) -> Response[bytes]:
    """One type of role."""
    types = wire.UnitWriter(addresses).role_types(service.list_register_roles(catalog))
    return _answer(_known(types, code))


@get(f"{_REGISTER}/roller/rollegruppetyper", guards=[_accepted], sync_to_thread=False)
def list_role_groups(catalog: Given[Catalog], addresses: Given[Addresses]) -> Response[bytes]:
    """Every group of roles."""
    writer = wire.UnitWriter(addresses)
    types = writer.role_group_types(service.list_register_roles(catalog))
    return _answer(writer.codes("roller/rollegruppetyper", types.values()))


@get(f"{_REGISTER}/roller/rollegruppetyper/{{code:str}}", guards=[_accepted], sync_to_thread=False)
def get_role_group(
    catalog: Given[Catalog], addresses: Given[Addresses], code: FromPath[str]
) -> Response[bytes]:
    """One group of roles."""
    types = wire.UnitWriter(addresses).role_group_types(service.list_register_roles(catalog))
    return _answer(_known(types, code))


def _known(types: dict[str, wire.Code], code: str) -> wire.Code:
    if code not in types:
        raise UnitNotFound
    return types[code]


ROUTES = [
    index,
    get_unit,
    get_sub_unit,
    list_roles,
    search_units,
    search_sub_units,
    list_forms,
    list_forms_of_units,
    list_forms_of_sub_units,
    get_form,
    list_role_types,
    get_role_type,
    list_role_groups,
    get_role_group,
]
