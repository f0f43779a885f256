"""The VAT register of the tax service: who has which duty, what is filed, and checking a return.

Who may ask is decided where the question comes in. The register stands beside the Enhetsregisteret
kept in `access/parties`, and is filled by whoever makes the world.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from fullmakt.access.parties.service import find_organization
from fullmakt.foundation.storage.database import Database, Journal, Reading, Work
from fullmakt.foundation.storage.model import Change
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.services.tax import store
from fullmakt.services.tax.model import TaxpayerDuty, VatFiling, VatRegistration
from fullmakt.services.tax.rules import facts_of, norwegian_day, with_filings
from fullmakt.services.tax.vat.obligations import TaxpayerFacts, VatObligation
from fullmakt.services.tax.vat.reading import Unreadable, read_return
from fullmakt.services.tax.vat.rules.table import Validation, validate


def set_vat_obligations(writing: Journal | Work, duties: Iterable[TaxpayerDuty]) -> None:
    """Let each organisation named have these VAT duties, and no others it had before.

    What has been filed stays filed.
    """
    by_organization: dict[OrganizationNumber, list[VatObligation]] = {}
    for duty in duties:
        by_organization.setdefault(duty.organization, []).append(duty.obligation)
    for organization, obligations in by_organization.items():
        store.replace_duties(writing, organization, obligations)
    if isinstance(writing, Work) and by_organization:
        organizations = sorted(organization.digits for organization in by_organization)
        writing.record(Change("vat-obligations-set", {"organizations": organizations}))


def list_vat_obligations(reading: Reading) -> list[TaxpayerDuty]:
    """Every VAT duty as it stands: `filed_until` covers what has been filed in a row since, and
    `filed_ahead` names what was filed ahead of a missing period.
    """
    filings: dict[OrganizationNumber, list[VatFiling]] = {}
    for filing in store.list_filings(reading):
        filings.setdefault(filing.organization, []).append(filing)
    return [
        TaxpayerDuty(duty.organization, obligation)
        for duty in store.list_duties(reading)
        for obligation in with_filings([duty.obligation], filings.get(duty.organization, ()))
    ]


def set_vat_registrations(
    writing: Journal | Work, registrations: Iterable[VatRegistration]
) -> None:
    """Let this be what the VAT register says of each organisation named, besides its duties."""
    named = []
    for registration in registrations:
        store.replace_registration(writing, registration)
        named.append(registration.organization.digits)
    if isinstance(writing, Work) and named:
        writing.record(Change("vat-registrations-set", {"organizations": sorted(named)}))


def list_vat_registrations(reading: Reading) -> list[VatRegistration]:
    """What the VAT register says besides the duties, by organisation number."""
    return store.list_registrations(reading)


def list_vat_filings(reading: Reading, organization: OrganizationNumber) -> list[VatFiling]:
    """The returns that an organisation has filed, oldest first."""
    return store.list_filings(reading, organization)


def get_taxpayer_facts(
    reading: Reading, organization: OrganizationNumber, *, to_file: bool = False
) -> TaxpayerFacts:
    """What the rules may know about an organisation now; of an unknown one, only that it is.

    `to_file` keeps others from filing for it before this transaction ends.
    """
    duties = store.list_duties(reading, organization, to_change=to_file)
    registrations = store.list_registrations(reading, organization)
    return facts_of(
        find_organization(reading, organization),
        [duty.obligation for duty in duties],
        store.list_filings(reading, organization),
        registrations[0] if registrations else VatRegistration(organization),
        at=reading.now,
    )


def file_return(journal: Journal, filing: VatFiling) -> int:
    """Mark a period as filed. The version: 1 for the first return for it, 2 for the one after, …

    A changed return is a whole new one; the last filed is the one that counts.
    """
    earlier = [
        one
        for one in store.list_filings(journal, filing.organization)
        if one.is_for(filing.category, filing.period)
    ]
    store.add_filing(journal, filing)
    return len(earlier) + 1


def validate_return(
    database: Database, xml: bytes, *, check: Callable[[OrganizationNumber], None]
) -> Validation:
    """What the rules say of the return in `xml`.

    `check` refuses a caller who may not know about the organisation the return names: duties and
    filed periods show in the answer. A return that names no registered organisation is held against
    no register, and nobody is asked about it.
    """
    vat_return = read_return(xml)
    stated = None if isinstance(vat_return, Unreadable) else vat_return.organization
    organization = _organization(stated)
    with database.reading() as reading:
        if organization is None:
            facts = TaxpayerFacts(
                norwegian_day(reading.now), obligations=None, is_in_entity_register=stated is None
            )
        else:
            facts = get_taxpayer_facts(reading, organization)
    if organization is not None and facts.is_in_entity_register:
        check(organization)
    return validate(xml, facts)


def _organization(stated: str | None) -> OrganizationNumber | None:
    try:
        return None if stated is None else OrganizationNumber(stated)
    except ValueError:
        return None
