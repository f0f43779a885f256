"""From the JSON of a world file to its entries: which members there are, and how each is read.

Every entry is read, whatever is wrong with those before it. Whether what an entry names exists is
`checking.py`. How entries are written again is `writing.py`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fullmakt.access.resources.model import ContactPoint, NewResource, ResourceReference
from fullmakt.credentials.clients.model import LIMITS, Scope
from fullmakt.foundation.terms import urns
from fullmakt.run.testworld.worldfile import words
from fullmakt.run.testworld.worldfile.entries import (
    ClientEntry,
    DelegationEntry,
    Number,
    OrganizationEntry,
    PersonEntry,
    PolicyTerms,
    ResourceEntry,
    RoleEntry,
    SystemEntry,
    SystemUserEntry,
)
from fullmakt.run.testworld.worldfile.members import Members
from fullmakt.run.testworld.worldfile.service_members import SERVICE_MEMBERS, with_service_members
from fullmakt.services.tax.model import TaxpayerDuty, VatRegistration
from fullmakt.services.tax.vat.obligations import VatObligation
from fullmakt.services.tax.vat.periods import Category, PeriodKind
from fullmakt.systems.system_register.model import AttributePair, ServiceRight, SystemFacts
from fullmakt.systems.system_register.rules import read_redirect_url
from fullmakt.systems.system_users.model import SystemUserKind

if TYPE_CHECKING:
    from fullmakt.run.testworld.worldfile.members import WorldFault

ORGANIZATION_DETAILS = (
    "key",
    "organisasjonsform",
    "partyTypeName",
    "naeringskode1",
    "naeringskode2",
    "naeringskode3",
    "registrertIMvaregisteret",
    "antallAnsatte",
    "orgcode",
    "forretningsadresse",
    "postadresse",
    "registreringsdatoEnhetsregisteret",
    "note",
)
PERSON_DETAILS = ("key", "type", "fodselsdato", "kjoenn")
RESOURCE_POLICY = ("roles", "accessPackages", "actions", "minimumAuthenticationLevel")
_ORGANIZATION = frozenset(
    {
        "organisasjonsnummer",
        "navn",
        "partyId",
        "partyUuid",
        "konkurs",
        "slettedato",
        "overordnetEnhet",
        *ORGANIZATION_DETAILS,
    }
)
_PERSON = frozenset(
    {
        "personidentifikator",
        "fornavn",
        "etternavn",
        "partyId",
        "partyUuid",
        "userId",
        *PERSON_DETAILS,
    }
)
_ROLE = frozenset({"rollegruppe", "rolle", "enhet", "person", "innehaverEnhet"})
_DELEGATION = frozenset({"from", "to", "toPerson", "accessPackages", "resources", "givenBy"})
_RESOURCE = frozenset(
    {
        "identifier",
        "resourceType",
        "owner",
        "scope",
        "resourceReferences",
        "identifierInferred",
        "accessPackagesInferred",
        "title",
        "description",
        "rightDescription",
        "contactPoints",
        "delegable",
        "policy",
        *RESOURCE_POLICY,
        *SERVICE_MEMBERS,
    }
)
_SYSTEM = frozenset(
    {
        "systemId",
        "vendor",
        "name",
        "description",
        "clientId",
        "rights",
        "accessPackages",
        "isVisible",
        "allowedRedirectUrls",
    }
)
_SYSTEM_USER = frozenset(
    {
        "key",
        "id",
        "reportee",
        "systemId",
        "userType",
        "accessPackages",
        "rights",
        "clients",
        "externalRef",
        "integrationTitle",
    }
)
_VAT_PERIODS = frozenset({"skattleggingsperiodeType", "filedUntil", "filedAhead"})
_VAT_DUTY = _VAT_PERIODS | {"org", "meldingskategori", "fra", "til"}
_VAT_REGISTRATION = frozenset({"org", "reportingUnit", "accountNumber"})
_SCOPE = frozenset({"scope", "owner", "accessibleForAll", "grantedTo"})
_CLIENT = frozenset({"clientId", "organisation", "name", "scopes", "tokenLifetime"})
_packages = words.list_of(words.text)


@dataclass(frozen=True, slots=True)
class Shapes:
    """Reads entries by the names that one catalog knows, into one list of faults."""

    catalog: words.CatalogWords
    faults: list[WorldFault]

    def open(self, value: object, path: str, known: frozenset[str]) -> Members:
        """The members of one object."""
        return Members(value, path, self.faults, known)

    def organization(self, value: object, path: str) -> OrganizationEntry | None:
        """An entry of `organisations`."""
        members = self.open(value, path, _ORGANIZATION)
        form = members.required("organisasjonsform", words.json_object)
        at = f"{path}.organisasjonsform" if path else "organisasjonsform"
        code = ""
        if isinstance(form, dict):
            described = self.open(form, at, frozenset({"kode", "beskrivelse"}))
            code = described.required("kode", self.catalog.form)
        entry = OrganizationEntry(
            number=members.required("organisasjonsnummer", words.organization_number),
            name=members.required("navn", words.text),
            form=code,
            parent=members.optional("overordnetEnhet", words.organization_number, None),
            deleted_on=members.optional("slettedato", words.day, None),
            is_bankrupt=members.optional("konkurs", words.flag, default=False),
            uuid=members.optional("partyUuid", words.uuid, None),
            party_id=members.optional("partyId", words.whole_number, None),
            details=members.verbatim(*ORGANIZATION_DETAILS),
        )
        return entry if members.is_sound else None

    def person(self, value: object, path: str) -> PersonEntry | None:
        """An entry of `persons`."""
        members = self.open(value, path, _PERSON)
        entry = PersonEntry(
            number=members.required("personidentifikator", words.person_number),
            first_name=members.required("fornavn", words.text),
            last_name=members.required("etternavn", words.text),
            uuid=members.optional("partyUuid", words.uuid, None),
            party_id=members.optional("partyId", words.whole_number, None),
            user_id=members.optional("userId", words.whole_number, None),
            details=members.verbatim(*PERSON_DETAILS),
        )
        return entry if members.is_sound else None

    def role(self, value: object, path: str) -> RoleEntry | None:
        """An entry of `roles`. Its group follows from the role and is not read."""
        members = self.open(value, path, _ROLE)
        holder = _one_of_two(members, "person", "innehaverEnhet")
        role = members.required("rolle", self.catalog.role)
        giver = members.required("enhet", words.organization_number)
        if not members.is_sound or holder is None:
            return None
        return RoleEntry(role, giver, holder)

    def delegation(self, value: object, path: str) -> DelegationEntry | None:
        """An entry of `delegations`."""
        members = self.open(value, path, _DELEGATION)
        receiver = _one_of_two(members, "toPerson", "to")
        packages = members.optional("accessPackages", words.list_of(self.catalog.package), ())
        resources = members.optional("resources", words.list_of(words.text), ())
        giver = members.required("from", words.organization_number)
        given_by = members.required("givenBy", words.person_number)
        if members.is_sound and not packages and not resources:
            members.fault("", value, "must give an access package or a resource")
        if not members.is_sound or receiver is None:
            return None
        return DelegationEntry(giver, receiver, frozenset(packages), frozenset(resources), given_by)

    def resource(self, value: object, path: str) -> ResourceEntry | None:
        """An entry of `resources`. Owner codes are filled in where the owner is known."""
        members = self.open(value, path, _RESOURCE)
        resource = NewResource(
            identifier=members.required("identifier", words.text),
            resource_type=members.required("resourceType", words.resource_type),
            owner=members.required("owner", words.organization_number),
            owner_code="",
            title=members.required("title", words.localized),
            description=members.optional("description", words.localized, None),
            right_description=members.optional("rightDescription", words.localized, None),
            is_delegable=members.optional("delegable", words.flag, default=True),
            contact_points=tuple(
                self._contact_point(each, at) for at, each in members.each("contactPoints")
            ),
            references=tuple(
                self._reference(each, at) for at, each in members.each("resourceReferences")
            ),
        )
        resource = with_service_members(resource, members)
        policy = self._policy(members)
        if not members.is_sound or not isinstance(value, dict):
            return None
        return ResourceEntry(resource, policy, value)

    def _policy(self, members: Members) -> PolicyTerms | bytes:
        """The policy as terms or as a document; without bytes when the entry has none."""
        document = members.optional("policy", words.text, "")
        terms = members.verbatim(*RESOURCE_POLICY)
        if document:
            if terms:
                members.fault("policy", document, f"cannot stand beside {', '.join(terms)}")
            return document.encode()
        if not terms:
            return b""
        return PolicyTerms(
            roles=members.optional("roles", words.list_of(self.catalog.legacy_role), ()),
            packages=members.optional("accessPackages", words.list_of(self.catalog.package), ()),
            actions=members.required("actions", words.list_of(words.text)),
            minimum_level=members.optional("minimumAuthenticationLevel", words.whole_number, 3),
        )

    def _contact_point(self, value: object, path: str) -> ContactPoint:
        names = ("category", "email", "telephone", "contactPage")
        members = self.open(value, path, frozenset(names))
        return ContactPoint(*(members.optional(name, words.any_text, "") for name in names))

    def _reference(self, value: object, path: str) -> ResourceReference:
        names = ("referenceSource", "reference", "referenceType")
        members = self.open(value, path, frozenset(names))
        return ResourceReference(*(members.required(name, words.text) for name in names))

    def system(self, value: object, path: str) -> SystemEntry | None:
        """An entry of `systems`."""
        members = self.open(value, path, _SYSTEM)
        empty = {"nb": "", "nn": "", "en": ""}
        addresses = members.optional("allowedRedirectUrls", words.list_of(words.text), ())
        facts = SystemFacts(
            id=members.required("systemId", words.text),
            name=members.required("name", _texts),
            description=members.optional("description", _texts, empty),
            rights=tuple(self._right(each, at) for at, each in members.each("rights")),
            packages=members.optional("accessPackages", _packages, ()),
            client_ids=members.optional("clientId", words.list_of(words.text), ()),
            is_visible=members.optional("isVisible", words.flag, default=True),
            redirect_urls=tuple(read_redirect_url(each) or each for each in addresses),
        )
        vendor = members.required("vendor", words.organization_number)
        return SystemEntry(vendor, facts) if members.is_sound else None

    def _right(self, value: object, path: str) -> ServiceRight:
        members = self.open(value, path, frozenset({"resource", "action"}))
        pairs = []
        for at, each in members.each("resource"):
            pair = self.open(each, at, frozenset({"id", "value"}))
            pairs.append(
                AttributePair(pair.required("id", words.text), pair.required("value", words.text))
            )
        action = members.optional("action", words.text, "")
        return ServiceRight(tuple(pairs), action or None)

    def system_user(self, value: object, path: str) -> SystemUserEntry | None:
        """An entry of `systemUsers`."""
        members = self.open(value, path, _SYSTEM_USER)
        kinds = tuple(kind.value for kind in SystemUserKind)
        kind = members.required("userType", words.one_of(*kinds))
        rights = [self._right(each, at) for at, each in members.each("rights")]
        clients = members.optional("clients", words.list_of(words.organization_number), ())
        owner = members.required("reportee", words.organization_number)
        entry = SystemUserEntry(
            id=members.optional("id", words.uuid, None),
            key=members.optional("key", words.text, None),
            owner=owner,
            system_id=members.required("systemId", words.text),
            kind=SystemUserKind(kind) if kind else SystemUserKind.STANDARD,
            packages=members.optional("accessPackages", words.list_of(self.catalog.package), ()),
            resources=frozenset(right.resource or "" for right in rights),
            clients=frozenset(clients),
            external_ref=members.optional("externalRef", words.text, None),
            title=members.required("integrationTitle", words.text),
        )
        if not members.is_sound:
            return None
        if entry.kind is SystemUserKind.STANDARD and clients:
            members.fault("clients", len(clients), "clients can be linked to an agent only")
        return entry

    def vat_duty(self, value: object, path: str) -> TaxpayerDuty | None:
        """An entry of `domain.vatObligations`."""
        members = self.open(value, path, _VAT_DUTY)
        category = members.required("meldingskategori", words.one_of(*Category))
        kind = members.required("skattleggingsperiodeType", words.one_of(*PeriodKind))
        organization = members.required("org", words.organization_number)
        begins = members.required("fra", words.day)
        ends = members.optional("til", words.day, None)
        filed_until = members.optional("filedUntil", words.day, None)
        ahead = members.optional("filedAhead", words.list_of(words.period(kind)), ())
        if not members.is_sound:
            return None
        obligation = VatObligation(
            category=Category(category),
            period_kind=PeriodKind(kind),
            valid_from=begins,
            filed_until=filed_until,
            valid_until=ends,
            filed_ahead=frozenset(ahead),
        )
        return TaxpayerDuty(organization, obligation)

    def vat_registration(self, value: object, path: str) -> VatRegistration | None:
        """An entry of `domain.vatRegistrations`."""
        members = self.open(value, path, _VAT_REGISTRATION)
        entry = VatRegistration(
            organization=members.required("org", words.organization_number),
            reporting_unit=members.optional("reportingUnit", words.organization_number, None),
            account_number=members.optional("accountNumber", words.account_number, None),
        )
        return entry if members.is_sound else None

    def scope(self, value: object, path: str) -> Scope | None:
        """An entry of `maskinportenScopes`."""
        members = self.open(value, path, _SCOPE)
        granted = members.optional("grantedTo", words.list_of(words.organization_number), ())
        entry = Scope(
            name=members.required("scope", words.text),
            owner=members.required("owner", words.organization_number),
            accessible_for_all=members.optional("accessibleForAll", words.flag, default=False),
            granted_to=frozenset(granted),
        )
        return entry if members.is_sound else None

    def client(self, value: object, path: str) -> ClientEntry | None:
        """An entry of `maskinportenClients`."""
        members = self.open(value, path, _CLIENT)
        default_s = LIMITS.default_token_lifetime_s
        scopes = members.optional("scopes", words.list_of(words.text), ())
        entry = ClientEntry(
            client_id=members.optional("clientId", words.text, None),
            organization=members.required("organisation", words.organization_number),
            name=members.required("name", words.text),
            scopes=frozenset(scopes),
            token_lifetime_s=members.optional("tokenLifetime", words.whole_number, default_s),
        )
        return entry if members.is_sound else None


def _one_of_two(members: Members, person: str, organization: str) -> Number | None:
    """The holder or receiver: exactly one of a person and an organisation."""
    as_person = members.optional(person, words.person_number, None)
    as_organization = members.optional(organization, words.organization_number, None)
    if (as_person is None) == (as_organization is None) and members.is_sound:
        both = members.verbatim(person, organization)
        members.fault("", both, f"must name exactly one of `{person}` and `{organization}`")
    return as_person or as_organization


def _texts(value: object) -> dict[str, str]:
    texts = words.json_object(value)
    return {name: words.any_text(each) for name, each in texts.items()}


def resource_right(resource: str) -> ServiceRight:
    """The single service that is a resource, as entries name it."""
    return ServiceRight((AttributePair(urns.RESOURCE, resource),))
