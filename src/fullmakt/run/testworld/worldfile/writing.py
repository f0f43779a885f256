"""The entries of a world as the JSON of a world file; the counterpart of `shapes.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fullmakt.foundation.terms.moments import write_moment
from fullmakt.foundation.terms.numbers import PersonNumber
from fullmakt.foundation.terms.urns import package_urn
from fullmakt.run.testworld.worldfile.access_lists import SECTION as ACCESS_LISTS
from fullmakt.run.testworld.worldfile.access_lists import write_access_list
from fullmakt.run.testworld.worldfile.reading import VAT_DUTIES, VAT_REGISTRATIONS
from fullmakt.run.testworld.worldfile.service_members import write_service_members
from fullmakt.run.testworld.worldfile.shapes import resource_right

if TYPE_CHECKING:
    from uuid import UUID

    from fullmakt.access.catalog.model import Catalog
    from fullmakt.access.resources.model import NewResource
    from fullmakt.credentials.clients.model import Scope
    from fullmakt.foundation.terms.text import LocalizedText
    from fullmakt.run.testworld.worldfile.entries import (
        ClientEntry,
        DelegationEntry,
        OrganizationEntry,
        PersonEntry,
        RoleEntry,
        SystemEntry,
        SystemUserEntry,
        World,
    )
    from fullmakt.services.tax.model import TaxpayerDuty, VatRegistration
    from fullmakt.systems.system_register.model import ServiceRight

Json = dict[str, object]


def write_world(world: World, catalog: Catalog) -> Json:
    """The world as the JSON value of its file."""
    meta: Json = dict(world.meta)
    if world.domain_time is not None:
        meta["domainTime"] = write_moment(world.domain_time.replace(microsecond=0))
    return {
        "meta": meta,
        "organisations": [write_organization(entry) for entry in world.organizations],
        "persons": [write_person(entry) for entry in world.people],
        "roles": [write_role(entry, catalog) for entry in world.roles],
        "delegations": [_delegation(entry) for entry in world.delegations],
        "resources": [dict(entry.written) for entry in world.resources],
        **_access_lists(world),
        "systems": [_system(entry) for entry in world.systems],
        "systemUsers": [_system_user(entry) for entry in world.system_users],
        "domain": {
            VAT_DUTIES: [_vat_duty(duty) for duty in world.vat_duties],
            **_vat_registrations(world),
            **{name: [dict(fact) for fact in facts] for name, facts in world.domain.items()},
        },
        "maskinportenScopes": [write_scope(scope) for scope in world.scopes],
        "maskinportenClients": [_client(entry) for entry in world.clients],
    }


def _access_lists(world: World) -> Json:
    written = [write_access_list(entry) for entry in world.access_lists]
    return {ACCESS_LISTS: written} if written else {}


def _id(uuid: UUID | None) -> str | None:
    return None if uuid is None else str(uuid)


def write_organization(entry: OrganizationEntry) -> Json:
    """An entry of `organisations`."""
    return {
        "organisasjonsnummer": entry.number.digits,
        "navn": entry.name,
        "organisasjonsform": {"kode": entry.form},
        "partyId": entry.party_id,
        "partyUuid": _id(entry.uuid),
        "konkurs": entry.is_bankrupt,
        "slettedato": entry.deleted_on and entry.deleted_on.isoformat(),
        "overordnetEnhet": entry.parent and entry.parent.digits,
        **entry.details,
    }


def write_person(entry: PersonEntry) -> Json:
    """An entry of `persons`."""
    return {
        "personidentifikator": entry.number.digits,
        "fornavn": entry.first_name,
        "etternavn": entry.last_name,
        "partyId": entry.party_id,
        "partyUuid": _id(entry.uuid),
        "userId": entry.user_id,
        **entry.details,
    }


def write_role(entry: RoleEntry, catalog: Catalog) -> Json:
    """An entry of `roles`."""
    role = catalog.role(entry.role)
    is_person = isinstance(entry.holder, PersonNumber)
    return {
        "rollegruppe": role.register_group or role.code,
        "rolle": role.register_code or role.code,
        "enhet": entry.giver.digits,
        "person": entry.holder.digits if is_person else None,
        "innehaverEnhet": None if is_person else entry.holder.digits,
    }


def _delegation(entry: DelegationEntry) -> Json:
    receiver = "toPerson" if isinstance(entry.receiver, PersonNumber) else "to"
    return {
        "from": entry.giver.digits,
        receiver: entry.receiver.digits,
        "accessPackages": [package_urn(name) for name in sorted(entry.packages)],
        "resources": sorted(entry.resources),
        "givenBy": entry.given_by.digits,
    }


def write_new_resource(resource: NewResource) -> Json:
    """A resource that came without a world file, without its policy."""
    return {
        "identifier": resource.identifier,
        "resourceType": resource.resource_type.value,
        "owner": resource.owner.digits,
        "title": resource.title.as_mapping(),
        "description": _text(resource.description),
        "rightDescription": _text(resource.right_description),
        "delegable": resource.is_delegable,
        "contactPoints": [
            {
                "category": each.category,
                "email": each.email,
                "telephone": each.telephone,
                "contactPage": each.contact_page,
            }
            for each in resource.contact_points
        ],
        "resourceReferences": [
            {
                "referenceSource": each.source,
                "reference": each.reference,
                "referenceType": each.reference_type,
            }
            for each in resource.references
        ],
        **write_service_members(resource),
    }


def _text(text: LocalizedText | None) -> Mapping[str, str] | None:
    return None if text is None else text.as_mapping()


def write_right(right: ServiceRight) -> Json:
    """A single service, as systems and system users name it."""
    pairs = [{"id": pair.id, "value": pair.value} for pair in right.pairs]
    return {"resource": pairs, **({"action": right.action} if right.action else {})}


def _system(entry: SystemEntry) -> Json:
    facts = entry.facts
    written: Json = {
        "systemId": facts.id,
        "vendor": entry.vendor.digits,
        "name": dict(facts.name),
        "clientId": list(facts.client_ids),
        "rights": [write_right(right) for right in facts.rights],
        "accessPackages": list(facts.packages),
        "isVisible": facts.is_visible,
        "allowedRedirectUrls": list(facts.redirect_urls),
    }
    if any(facts.description.values()):
        written["description"] = dict(facts.description)
    return written


def _system_user(entry: SystemUserEntry) -> Json:
    return {
        **({"key": entry.key} if entry.key else {}),
        "id": _id(entry.id),
        "reportee": entry.owner.digits,
        "systemId": entry.system_id,
        "userType": entry.kind.value,
        "accessPackages": [package_urn(name) for name in entry.packages],
        "rights": [write_right(resource_right(each)) for each in sorted(entry.resources)],
        "clients": [number.digits for number in sorted(entry.clients)],
        "externalRef": entry.external_ref,
        "integrationTitle": entry.title,
    }


def _vat_duty(duty: TaxpayerDuty) -> Json:
    obligation = duty.obligation
    filed_until, ends = obligation.filed_until, obligation.valid_until
    ahead = [period.title for period in obligation.filed_ahead]
    return {
        "org": duty.organization.digits,
        "meldingskategori": obligation.category.value,
        "skattleggingsperiodeType": obligation.period_kind.value,
        "fra": obligation.valid_from.isoformat(),
        "filedUntil": filed_until and filed_until.isoformat(),
        **({"til": ends.isoformat()} if ends else {}),
        **({"filedAhead": sorted(ahead)} if ahead else {}),
    }


def _vat_registrations(world: World) -> Json:
    written = [_vat_registration(each) for each in world.vat_registrations]
    return {VAT_REGISTRATIONS: written} if written else {}


def _vat_registration(registration: VatRegistration) -> Json:
    unit, account = registration.reporting_unit, registration.account_number
    return {
        "org": registration.organization.digits,
        **({"reportingUnit": unit.digits} if unit else {}),
        **({"accountNumber": account} if account else {}),
    }


def write_scope(scope: Scope) -> Json:
    """An entry of `maskinportenScopes`."""
    return {
        "scope": scope.name,
        "owner": scope.owner.digits,
        "accessibleForAll": scope.accessible_for_all,
        "grantedTo": [number.digits for number in sorted(scope.granted_to)],
    }


def _client(entry: ClientEntry) -> Json:
    return {
        "clientId": entry.client_id,
        "organisation": entry.organization.digits,
        "name": entry.name,
        "scopes": sorted(entry.scopes),
        "tokenLifetime": entry.token_lifetime_s,
    }
