"""What of a standing is told: narrowed as asked, and what is held then.

Pure: standings, catalog and selection are given.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from fullmakt.access.decisions.asking import Kind
from fullmakt.access.decisions.rules import holdings, roles_held
from fullmakt.access.parties.model import PartyKind
from fullmakt.access.policy import names

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.decisions.rules import Holdings
    from fullmakt.access.delegations.standings import Standing
    from fullmakt.access.reach.model import Selection

KINDS = {
    PartyKind.PERSON: Kind.PERSON,
    PartyKind.ORGANIZATION: Kind.PARTY,
    PartyKind.SYSTEM_USER: Kind.SYSTEM_USER,
}
"""As whom each kind of party asks here: as the one with the most to say."""


def narrowed(standing: Standing, selection: Selection) -> Standing:
    """The standing without what is not asked for."""
    if not selection.via_key_roles:
        standing = replace(
            standing, roles=tuple(role for role in standing.roles if role.via is None)
        )
    if not selection.sub_units and standing.party.parent is not None:
        own = standing.party.id
        standing = replace(
            standing,
            roles=tuple(role for role in standing.roles if role.giver == own),
            links=tuple(link for link in standing.links if link.client == own),
        )
    return standing


def reopened(standing: Standing) -> Standing:
    """The standing as if the party were not deleted."""
    main_unit = standing.main_unit
    if main_unit is not None:
        main_unit = replace(main_unit, deleted_at=None)
    return replace(standing, party=replace(standing.party, deleted_at=None), main_unit=main_unit)


def held_by(
    catalog: Catalog, standing: Standing, *, has_single_services: bool, kind: Kind | None = None
) -> Holdings:
    """What the subject of a standing holds, as a question of it would find.

    `kind` is what it is named as; None for the one with the most to say.
    """
    return holdings(
        catalog,
        standing,
        kind=kind or KINDS[standing.subject.kind],
        has_single_services=has_single_services,
    )


def role_codes(catalog: Catalog, standing: Standing) -> frozenset[str]:
    """The role codes that a policy knows the subject by; people alone have any."""
    if standing.subject.kind is not PartyKind.PERSON:
        return frozenset()
    return roles_held(catalog, standing).get(names.ROLE_CODE, frozenset())


def all_roles(catalog: Catalog, standing: Standing) -> Mapping[str, frozenset[str]]:
    """Every role attribute that a policy knows the subject by; people alone have any."""
    return roles_held(catalog, standing) if standing.subject.kind is PartyKind.PERSON else {}


def holds_anything(held: Holdings, roles: frozenset[str]) -> bool:
    """Whether anything at all is held."""
    return bool(held.packages or roles or held.rights or held.conditional)
