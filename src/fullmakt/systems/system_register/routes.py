"""The system register over HTTP. Source: Altinn's public documentation, system register API."""

from __future__ import annotations

from typing import Annotated
from uuid import uuid4

from litestar import Response, delete, get, post, put
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, QueryParameter, RawBody

from fullmakt.access.catalog.model import Catalog
from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.bodies import read_body
from fullmakt.foundation.http.doors import json_answer, scope
from fullmakt.foundation.http.given import Given
from fullmakt.foundation.storage.database import Database
from fullmakt.systems.system_register import rules, service, wire

_REGISTER = "/authentication/api/v1/systemregister"
_VENDOR = f"{_REGISTER}/vendor"
_UNCACHED = {"cache-control": "no-store,no-cache", "pragma": "no-cache"}

portal = scope("altinn:portal/enduser")
vendor_write = scope("altinn:authentication/systemregister.write", service.ADMIN_SCOPE)


@post(_VENDOR, guards=[vendor_write], sync_to_thread=True)
def create_system(
    body: RawBody,
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    correlation: Given[str],
) -> Response[bytes]:
    """Register a system. The answer is its internal id, as a JSON string, with status 200."""
    system = read_body(body, wire.SystemBody)
    vendor = rules.read_vendor(wire.read_vendor_id(system))
    facts = wire.read_system(system)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        registered = service.register_system(
            work, catalog, facts, vendor=vendor, caller=caller, internal_id=uuid4()
        )
    return json_answer(str(registered.internal_id))


@get(_VENDOR, guards=[vendor_write], sync_to_thread=True)
def list_own_systems(caller: Given[Caller], database: Given[Database]) -> Response[bytes]:
    """The caller's systems."""
    with database.reading() as reading:
        systems = service.list_systems_of_caller(reading, caller)
    return json_answer([wire.write_entry(system) for system in systems], headers=_UNCACHED)


@get(f"{_VENDOR}/{{system_id:str}}", guards=[vendor_write], sync_to_thread=True)
def read_own_system(
    system_id: FromPath[str], caller: Given[Caller], database: Given[Database]
) -> Response[bytes]:
    """One of the caller's systems, also when it is retired."""
    with database.reading() as reading:
        system = service.get_system_for(reading, system_id, caller)
    return json_answer(wire.write_system(system))


@put(f"{_VENDOR}/{{system_id:str}}", guards=[vendor_write], sync_to_thread=True)
def update_system(
    system_id: FromPath[str],
    body: RawBody,
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    correlation: Given[str],
) -> Response[bytes]:
    """Replace everything that is registered of a system."""
    system = read_body(body, wire.SystemBody)
    facts, vendor_id = wire.read_system(system), wire.read_vendor_id(system)
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        service.replace_system(work, catalog, system_id, facts, vendor_id=vendor_id, caller=caller)
    return json_answer(wire.Succeeded())


@put(f"{_VENDOR}/{{system_id:str}}/rights", guards=[vendor_write], sync_to_thread=True)
def update_rights(
    system_id: FromPath[str],
    body: RawBody,
    caller: Given[Caller],
    database: Given[Database],
    correlation: Given[str],
) -> Response[bytes]:
    """Replace the single services of a system."""
    rights = wire.read_rights(read_body(body, list[wire.RightBody]))
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        service.replace_rights(work, system_id, rights, caller=caller)
    return json_answer(wire.Succeeded())


@put(f"{_VENDOR}/{{system_id:str}}/accesspackages", guards=[vendor_write], sync_to_thread=True)
def update_packages(
    system_id: FromPath[str],
    body: RawBody,
    caller: Given[Caller],
    database: Given[Database],
    catalog: Given[Catalog],
    correlation: Given[str],
) -> Response[bytes]:
    """Replace the access packages of a system."""
    packages = wire.read_packages(read_body(body, list[wire.PackageBody]))
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        service.replace_packages(work, catalog, system_id, packages, caller=caller)
    return json_answer(wire.Succeeded())


@delete(f"{_VENDOR}/{{system_id:str}}", status_code=200, guards=[vendor_write], sync_to_thread=True)
def delete_system(
    system_id: FromPath[str],
    caller: Given[Caller],
    database: Given[Database],
    correlation: Given[str],
) -> Response[bytes]:
    """Retire a system."""
    with database.authority(actor=caller.actor, correlation=correlation) as work:
        service.retire_system(work, system_id, caller=caller)
    return json_answer(wire.Succeeded())


@get(f"{_VENDOR}/{{system_id:str}}/changelog", guards=[vendor_write], sync_to_thread=True)
def read_change_log(
    system_id: FromPath[str], caller: Given[Caller], database: Given[Database]
) -> Response[bytes]:
    """What was changed in a system, newest first."""
    with database.reading() as reading:
        system, changes = service.list_changes(reading, system_id, caller)
    return json_answer([wire.write_change(system, change) for change in changes])


@get(_REGISTER, guards=[portal], sync_to_thread=True)
def list_visible_systems(database: Given[Database]) -> Response[bytes]:
    """The systems that customers may choose among."""
    with database.reading() as reading:
        systems = service.list_visible_systems(reading)
    return json_answer([wire.write_entry(system) for system in systems], headers=_UNCACHED)


@get(f"{_REGISTER}/{{system_id:str}}", guards=[portal], sync_to_thread=True)
def read_system(system_id: FromPath[str], database: Given[Database]) -> Response[bytes]:
    """Any system, hidden and retired ones too."""
    with database.reading() as reading:
        system = service.get_system(reading, system_id)
    return json_answer(wire.write_entry(system))


@get(f"{_REGISTER}/{{system_id:str}}/rights", guards=[portal], sync_to_thread=True)
def read_rights(
    system_id: FromPath[str],
    database: Given[Database],
    *,
    in_old_form: Annotated[bool, QueryParameter(name="useOldFormatForApp")] = False,
) -> Response[bytes]:
    """The single services of a system; none for a system that is not known."""
    with database.reading() as reading:
        system = service.find_system(reading, system_id)
    rights = () if system is None else system.facts.rights
    if in_old_form:
        rights = tuple(rules.in_old_form(right) for right in rights)
    return json_answer(wire.write_rights(rights))


@get(f"{_REGISTER}/{{system_id:str}}/accesspackages", guards=[portal], sync_to_thread=True)
def read_packages(system_id: FromPath[str], database: Given[Database]) -> Response[bytes]:
    """The access packages of a system; none for a system that is not known."""
    with database.reading() as reading:
        system = service.find_system(reading, system_id)
    return json_answer(wire.write_packages(() if system is None else system.facts.packages))


ROUTES: list[HTTPRouteHandler] = [
    create_system,
    list_own_systems,
    read_own_system,
    update_system,
    update_rights,
    update_packages,
    delete_system,
    read_change_log,
    list_visible_systems,
    read_system,
    read_rights,
    read_packages,
]
