"""Reading a whole world file, with all that is wrong in it told at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import TypeVar

from fullmakt.access.catalog.model import Catalog
from fullmakt.foundation.terms.members import read_json
from fullmakt.run.testworld.worldfile import words
from fullmakt.run.testworld.worldfile.access_lists import SECTION as ACCESS_LISTS
from fullmakt.run.testworld.worldfile.access_lists import read_access_list
from fullmakt.run.testworld.worldfile.entries import World
from fullmakt.run.testworld.worldfile.members import Members, WorldFault, WorldRefused
from fullmakt.run.testworld.worldfile.shapes import Shapes

Entry = TypeVar("Entry")

VAT_DUTIES = "vatObligations"
VAT_REGISTRATIONS = "vatRegistrations"
DOMAIN = (
    "shareholders",
    "boligsameieSections",
    "borettslagUnits",
    "selfEmployedPayments",
    "localities",
    "employments",
)
_SECTIONS = frozenset(
    {
        "meta",
        "organisations",
        "persons",
        "roles",
        "delegations",
        "resources",
        ACCESS_LISTS,
        "systems",
        "systemUsers",
        "domain",
        "maskinportenScopes",
        "maskinportenClients",
    }
)
_META = frozenset(
    {"description", "orgSeries", "personSeries", "uuidNamespace", "notes", "domainTime"}
)
_ORGANIZATIONS = frozenset(
    {
        "org",
        "company",
        "sameie",
        "borettslag",
        "payer",
        "opplysningspliktig",
        "virksomhet",
    }
)
_PEOPLE = frozenset({"person", "inntektsmottaker"})


def read_world_text(text: bytes | str, catalog: Catalog) -> World:
    """The world that a file's text says. Raises: WorldRefused."""
    try:
        value = read_json(text)
    except ValueError as fault:
        raise WorldRefused([WorldFault("$", "the file", f"is not JSON: {fault}")]) from None
    return read_world(value, catalog)


def read_world(value: object, catalog: Catalog) -> World:
    """The world that the JSON value says. Raises: WorldRefused with every fault."""
    faults: list[WorldFault] = []
    shapes = Shapes(words.CatalogWords(catalog), faults)
    file = Members(value, "", faults, _SECTIONS)

    def section(name: str, read: Callable[[object, str], Entry | None]) -> tuple[Entry, ...]:
        found = (read(each, path) for path, each in file.each(name))
        return tuple(entry for entry in found if entry is not None)

    domain = Members(
        file.optional("domain", words.json_object, None) or {},
        "domain",
        faults,
        frozenset({VAT_DUTIES, VAT_REGISTRATIONS, *DOMAIN}),
    )
    duties = [shapes.vat_duty(each, path) for path, each in domain.each(VAT_DUTIES)]
    registrations = [
        shapes.vat_registration(each, path) for path, each in domain.each(VAT_REGISTRATIONS)
    ]
    meta = file.optional("meta", words.json_object, None) or {}
    about = Members(meta, "meta", faults, _META)
    world = World(
        organizations=section("organisations", shapes.organization),
        people=section("persons", shapes.person),
        roles=section("roles", shapes.role),
        delegations=section("delegations", shapes.delegation),
        resources=section("resources", shapes.resource),
        access_lists=section(ACCESS_LISTS, partial(read_access_list, shapes)),
        systems=section("systems", shapes.system),
        system_users=section("systemUsers", shapes.system_user),
        scopes=section("maskinportenScopes", shapes.scope),
        clients=section("maskinportenClients", shapes.client),
        vat_duties=tuple(duty for duty in duties if duty is not None),
        vat_registrations=tuple(each for each in registrations if each is not None),
        domain=dict(_domain(domain, faults)),
        meta={name: each for name, each in meta.items() if name != "domainTime"},
        domain_time=about.optional("domainTime", words.moment, None),
    )
    if faults:
        raise WorldRefused(faults)
    return world


def _domain(
    domain: Members, faults: list[WorldFault]
) -> Iterator[tuple[str, tuple[Mapping[str, object], ...]]]:
    for name in DOMAIN:
        facts: list[Mapping[str, object]] = []
        for path, each in domain.each(name):
            if isinstance(each, dict):
                facts.append(each)
                faults.extend(_number_faults(each, path))
            else:
                faults.append(WorldFault(path, each, "must be an object"))
        if facts:
            yield name, tuple(facts)


def _number_faults(value: object, path: str) -> Iterator[WorldFault]:
    """What is wrong with the organisation and identity numbers anywhere inside a domain fact."""
    if isinstance(value, list):
        for n, each in enumerate(value):
            yield from _number_faults(each, f"{path}[{n}]")
    if not isinstance(value, dict):
        return
    for name, each in value.items():
        at = f"{path}.{name}"
        if name in _ORGANIZATIONS | _PEOPLE:
            parse = words.organization_number if name in _ORGANIZATIONS else words.person_number
            try:
                parse(each)
            except ValueError as fault:
                yield WorldFault(at, each, str(fault))
        else:
            yield from _number_faults(each, at)
