"""A registry for tests: its routes over a world with service owners, and who calls it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import uuid5

import httpx
from litestar.testing import TestClient

from fullmakt.access.parties import service as parties
from fullmakt.access.parties.model import NewOrganization, NewPerson
from fullmakt.access.resources.routes import ROUTES
from fullmakt.foundation.storage.database import Database
from fullmakt.foundation.terms.numbers import OrganizationNumber, PersonNumber
from tests.cases.decisions.facts import SPACE
from tests.unit.parties.served import authorized, served
from tests.unit.resources.builders import a_policy

API = "/resourceregistry/api/v1"
REGISTRY, LISTS = f"{API}/resource", f"{API}/access-lists"
TAX, FISHERIES, BAKERY, PLUMBER = "212000019", "312900025", "312400014", "312400138"
PERSON = "17912099997"
WRITE, ADMIN = "altinn:resourceregistry/resource.write", "altinn:resourceregistry/resource.admin"
LIST_WRITE = "altinn:resourceregistry/accesslist.write"
LIST_READ = "altinn:resourceregistry/accesslist.read"
THREE = ("nb", "nn", "en")


def of(number: str, *scopes: str, **claims: object) -> dict[str, str]:
    """The header of an organisation with these scopes."""
    consumer = {"authority": "iso6523-actorid-upis", "ID": f"0192:{number}"}
    return authorized(*scopes, consumer=consumer, **claims)


def owner(*scopes: str, **claims: object) -> dict[str, str]:
    """The header of the tax administration, with the scope to write unless others are given."""
    return of(TAX, *(scopes or (WRITE, LIST_WRITE)), **claims)


def a_body(identifier: str = "ske-demo", /, **changes: object) -> dict[str, Any]:
    """A resource as its owner sends it."""
    return {
        "identifier": identifier,
        "title": dict.fromkeys(THREE, "Demo"),
        "description": dict.fromkeys(THREE, "En demo"),
        "rightDescription": dict.fromkeys(THREE, "Gir rett"),
        "resourceType": "GenericAccessResource",
        "hasCompetentAuthority": {"organization": TAX, "orgcode": "skd"},
        "contactPoints": [],
        **changes,
    }


@dataclass
class Registry:
    """A client of the registry."""

    client: TestClient[Any]
    database: Database

    def call(self, method: str, path: str, **more: Any) -> httpx.Response:  # noqa: ANN401
        """One call; as the owner unless headers say otherwise."""
        headers = {**(more.pop("caller", None) or {}), **more.pop("headers", {})}
        return self.client.request(method, path, headers=headers, **more)

    def create(self, identifier: str = "ske-demo", /, **changes: object) -> httpx.Response:
        """Register a resource as its owner."""
        body = a_body(identifier, **changes)
        return self.call("POST", REGISTRY, json=body, caller=owner())

    def publish(
        self,
        identifier: str,
        document: bytes | None = None,
        *,
        method: str = "POST",
        caller: dict[str, str] | None = None,
    ) -> httpx.Response:
        """Upload a policy, as the resource's owner unless another is given."""
        policy = a_policy(identifier) if document is None else document
        files = {"policyFile": ("policy.xml", policy, "application/xml")}
        path = f"{REGISTRY}/{identifier}/policy"
        return self.call(method, path, files=files, caller=owner() if caller is None else caller)

    def get(self, path: str, **more: Any) -> Any:  # noqa: ANN401
        """The JSON under a path of the registry."""
        answer = self.call("GET", f"{REGISTRY}{path}", **more)
        assert answer.status_code == 200, answer.text
        return answer.json()


@contextmanager
def open_registry(database: Database) -> Iterator[Registry]:
    """A registry with two service owners, two organisations and a person."""
    with database.authority(actor="test", correlation="test") as work:
        for place, (number, name, code) in enumerate(
            (
                (TAX, "SKATTEETATEN", "skd"),
                (FISHERIES, "MATTILSYNET", "mat"),
                (BAKERY, "FJORDGLØTT BAKERI AS", ""),
                (PLUMBER, "NORDLYS RØR OG VARME AS", ""),
            )
        ):
            details = {"orgcode": code} if code else {}
            parties.add_organization(
                work,
                NewOrganization(
                    OrganizationNumber(number),
                    name,
                    "ORGL" if code else "AS",
                    uuid5(SPACE, number),
                    51_000_001 + place,
                    details=details,
                ),
            )
        parties.add_person(
            work,
            NewPerson(
                PersonNumber(PERSON), "Nøyaktig", "Havørn", uuid5(SPACE, PERSON), 52_000_001, 20_001
            ),
        )
    with served(ROUTES, database) as client:
        yield Registry(client, database)
