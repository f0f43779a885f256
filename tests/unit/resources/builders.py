"""Resources for tests, with defaults for all that does not matter."""

from __future__ import annotations

from dataclasses import replace

from fullmakt.access.resources.model import (
    ContactPoint,
    NewResource,
    ResourceReference,
    ResourceType,
)
from fullmakt.access.resources.service import default_policy
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.text import LocalizedText

TAX = OrganizationNumber("212000019")
JOINTLY_OWNED = NewResource(
    identifier="ske-innrapportering-boligsameie",
    resource_type=ResourceType.GENERIC_ACCESS_RESOURCE,
    owner=TAX,
    owner_code="skd",
    owner_name=LocalizedText("Skatteetaten", "Skatteetaten", "The Tax Administration"),
    title=LocalizedText("Boligsameie", "Bustadsameige", "Jointly owned property"),
    description=LocalizedText("Innsending", "Innsending", "Submission"),
    right_description=LocalizedText("Gir rett", "Gir rett", "Gives the right"),
    contact_points=(ContactPoint("support", "support@example.invalid", "", ""),),
)
VAT = replace(
    JOINTLY_OWNED,
    identifier="app_skd_mva-melding-innsending-v1",
    resource_type=ResourceType.ALTINN_APP,
    title=LocalizedText("Mva-melding", "Mva-melding", "VAT return"),
    references=(ResourceReference("Altinn3", "skd/mva-melding-innsending-v1", "ApplicationId"),),
)


def a_resource(
    identifier: str, resource_type: ResourceType = ResourceType.GENERIC_ACCESS_RESOURCE
) -> NewResource:
    """A resource of the tax administration."""
    return replace(JOINTLY_OWNED, identifier=identifier, resource_type=resource_type)


def a_policy(identifier: str, *, packages: tuple[str, ...] = ("skattegrunnlag",)) -> bytes:
    """Managing directors and holders of the packages may read and write."""
    return default_policy(
        identifier, roles=("dagl",), packages=packages, actions=("read", "write"), minimum_level=3
    )
