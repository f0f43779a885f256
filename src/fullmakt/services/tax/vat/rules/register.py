"""Rules on what the registers say: VAT duties, the period's end, earlier periods, the taxpayer's
own standing.

A rule that needs the VAT register is silent when the register does not answer (`obligations` is
None).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Final

from fullmakt.foundation.terms.text import LocalizedText
from fullmakt.services.tax.vat.faults import quoted
from fullmakt.services.tax.vat.model import VatReturn
from fullmakt.services.tax.vat.obligations import TaxpayerFacts
from fullmakt.services.tax.vat.periods import Category, PeriodKind, due_date
from fullmakt.services.tax.vat.remarks import SHIPWRECK
from fullmakt.services.tax.vat.rules.rule import (
    COMPENSATION,
    EVERY_CATEGORY,
    ORDINARY,
    REVERSE_CHARGE,
    Finder,
    Finding,
    Rule,
    Severity,
)

Text = LocalizedText

_ONLY_ORDINARY: Final = frozenset({Category.ORDINARY})
_ONLY_PRIMARY: Final = frozenset({Category.PRIMARY_INDUSTRY})
_LATE_CHANGE_YEARS: Final = 3
_VERY_LATE_CHANGE_YEARS: Final = 5
_MOST_NAMED_PERIODS: Final = 3


def _duty(vat_return: VatReturn, facts: TaxpayerFacts) -> Iterator[Finding]:
    if facts.obligations is not None and not facts.obligations_of(vat_return.category):
        yield Finding(vat_return.places.category, {"category": vat_return.category})


def _period_kind(vat_return: VatReturn, facts: TaxpayerFacts) -> Iterator[Finding]:
    registered = {one.period_kind for one in facts.obligations_of(vat_return.category)}
    if registered and vat_return.period.kind not in registered:
        kinds = {
            "stated": vat_return.period.kind,
            "registered": ", ".join(sorted(registered)),
        }
        yield Finding(vat_return.places.period, kinds)


def _period(vat_return: VatReturn, facts: TaxpayerFacts) -> Iterator[Finding]:
    duties = facts.obligations_of(vat_return.category)
    if duties and not any(one.covers(vat_return.period) for one in duties):
        yield Finding(vat_return.places.period, {"period": vat_return.period.title})


def _only_kind(kind: PeriodKind) -> Finder:
    def find(vat_return: VatReturn, _facts: TaxpayerFacts) -> Iterator[Finding]:
        if vat_return.period.kind is not kind:
            kinds = {"stated": vat_return.period.kind, "registered": kind}
            yield Finding(vat_return.places.period, kinds)

    return find


def _has_ended(vat_return: VatReturn, facts: TaxpayerFacts) -> bool:
    return facts.today > vat_return.period.last_day


def _has_begun(vat_return: VatReturn, facts: TaxpayerFacts) -> bool:
    return facts.today >= vat_return.period.first_day


def _too_early(vat_return: VatReturn) -> Iterator[Finding]:
    ends = {"period": vat_return.period.title, "last": vat_return.period.last_day.isoformat()}
    yield Finding(vat_return.places.period, ends)


def _ended_unless_ceased(vat_return: VatReturn, facts: TaxpayerFacts) -> Iterator[Finding]:
    excused = facts.may_file_early and _has_begun(vat_return, facts)
    if not (_has_ended(vat_return, facts) or excused):
        yield from _too_early(vat_return)


def _ended_unless_wrecked(vat_return: VatReturn, facts: TaxpayerFacts) -> Iterator[Finding]:
    wrecked = vat_return.remark is not None and vat_return.remark.chosen == SHIPWRECK
    if not (wrecked and _has_begun(vat_return, facts)):
        yield from _ended_unless_ceased(vat_return, facts)


def _ended(vat_return: VatReturn, facts: TaxpayerFacts) -> Iterator[Finding]:
    if not _has_ended(vat_return, facts):
        yield from _too_early(vat_return)


def _missing(vat_return: VatReturn, facts: TaxpayerFacts) -> Iterator[Finding]:
    obligation = facts.obligation_for(vat_return.category, vat_return.period)
    if obligation is None:
        return
    first = islice(obligation.missing_before(vat_return.period), _MOST_NAMED_PERIODS + 1)
    titles = [period.title for period in first]
    if titles:
        more = ", …" if len(titles) > _MOST_NAMED_PERIODS else ""
        named = ", ".join(titles[:_MOST_NAMED_PERIODS])
        yield Finding(vat_return.places.period, {"missing": named + more})


def _missing_with_payment(vat_return: VatReturn, facts: TaxpayerFacts) -> Iterator[Finding]:
    if vat_return.total > 0:
        yield from _missing(vat_return, facts)


def _missing_with_refund(vat_return: VatReturn, facts: TaxpayerFacts) -> Iterator[Finding]:
    if vat_return.total < 0:
        yield from _missing(vat_return, facts)


def _reporting_unit(vat_return: VatReturn, facts: TaxpayerFacts) -> Iterator[Finding]:
    unit = facts.reporting_unit
    if unit is not None and unit != vat_return.organization:
        numbers = {"unit": unit, "organization": vat_return.organization or ""}
        yield Finding(vat_return.places.taxpayer, numbers)


def _years_after(day: date, years: int) -> date:
    # A deadline on 29 February is kept on the 28th of a common year.
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _changed_later_than(years: int, *, until: int | None) -> Finder:
    def find(vat_return: VatReturn, facts: TaxpayerFacts) -> Iterator[Finding]:
        period = vat_return.period
        obligation = facts.obligation_for(vat_return.category, period)
        if obligation is None or not obligation.has_filed(period):
            return
        due = due_date(period, vat_return.category)
        is_late = facts.today > _years_after(due, years)
        is_later_still = until is not None and facts.today > _years_after(due, until)
        if is_late and not is_later_still:
            stated = {"period": period.title, "due": due.isoformat(), "years": str(years)}
            yield Finding(vat_return.places.period, stated)

    return find


def _unknown_unit(vat_return: VatReturn, facts: TaxpayerFacts) -> Iterator[Finding]:
    if not facts.is_in_entity_register:
        number = {"organization": quoted(vat_return.organization or "")}
        yield Finding(vat_return.places.taxpayer, number)


def _form_is(form: str) -> Finder:
    def find(vat_return: VatReturn, facts: TaxpayerFacts) -> Iterator[Finding]:
        if facts.organization_form == form:
            yield Finding(vat_return.places.taxpayer, {"form": form})

    return find


_NO_DUTY: Final = Text(
    "Virksomheten har ingen plikt i Merverdiavgiftsregisteret i kategorien {category}.",
    "Verksemda har inga plikt i Meirverdiavgiftsregisteret i kategorien {category}.",
    "The enterprise has no duty in the VAT register in the category {category}.",
)
_WRONG_KIND: Final = Text(
    "Terminlengden er {stated}; den skal være {registered}.",
    "Terminlengda er {stated}; ho skal vere {registered}.",
    "The period is of the kind {stated}; it must be {registered}.",
)
_NOT_COVERED: Final = Text(
    "Virksomhetens plikt i Merverdiavgiftsregisteret dekker ikke perioden {period}.",
    "Plikta verksemda har i Meirverdiavgiftsregisteret dekkjer ikkje perioden {period}.",
    "The enterprise's duty in the VAT register does not cover the period {period}.",
)
_NOT_ENDED: Final = Text(
    "Perioden {period} varer til og med {last}. Meldingen kan sendes dagen etter.",
    "Perioden {period} varer til og med {last}. Meldinga kan sendast dagen etter.",
    "The period {period} lasts through {last}. The return can be filed the day after.",
)
_LATE_CHANGE: Final = Text(
    "Meldingen endrer perioden {period} mer enn {years} år etter fristen {due}.",
    "Meldinga endrar perioden {period} meir enn {years} år etter fristen {due}.",
    "The return changes the period {period} more than {years} years after it was due on {due}.",
)

_DUTY_NAME: Final = "MVA_PLIKT_OPPGITT_MELDINGSKATEGORI"
_KIND_NAME: Final = "MVA_PLIKT_OPPGITT_SKATTLEGGINGSPERIODE_FOR__MELDINGSKATEGORI"
_COVER_NAME: Final = "MVA_PLIKT_FOR__MELDINGSKATEGORI_DEKKER_IKKE_SKATTELEGGINGSPERIODE"
_END_NAME: Final = "MVA_PLIKT_SKATTLEGGINGSPERIODEN_FOR__MELDINGSKATEGORI"


def _invalid(
    number: str,
    categories: frozenset[Category],
    deviation: str,
    text: LocalizedText,
    find: Finder,
) -> Rule:
    return Rule(number, Severity.INVALID, categories, deviation, text, find)


REGISTER_RULES: Final = (
    _invalid(
        "R047", _ONLY_ORDINARY, f"{_DUTY_NAME}_ALMINNELIG_NÆRING_FINNES_IKKE", _NO_DUTY, _duty
    ),
    _invalid("R048", _ONLY_PRIMARY, f"{_DUTY_NAME}_PRIMÆRNÆRING_FINNES_IKKE", _NO_DUTY, _duty),
    _invalid(
        "R049",
        _ONLY_ORDINARY,
        f"{_KIND_NAME}_ALMINNELIG_NÆRING_FINNES_IKKE",
        _WRONG_KIND,
        _period_kind,
    ),
    _invalid(
        "R050", _ONLY_PRIMARY, f"{_KIND_NAME}__PRIMÆRNÆRING_FINNES_IKKE", _WRONG_KIND, _period_kind
    ),
    _invalid(
        "R095",
        COMPENSATION,
        "MVA_KOMPENSASJON_MELDINGSINNHOLD_UGYLDIG_TERMINKATEGORI",
        _WRONG_KIND,
        _only_kind(PeriodKind.TWO_MONTHS),
    ),
    _invalid(
        "R106",
        REVERSE_CHARGE,
        "MVA_OMVENDT_AVGIFTSPLIKT_MELDINGSINNHOLD_UGYLDIG_TERMINKATEGORI",
        _WRONG_KIND,
        _only_kind(PeriodKind.THREE_MONTHS),
    ),
    _invalid("R072", _ONLY_ORDINARY, f"{_COVER_NAME}_ALMINNELIG", _NOT_COVERED, _period),
    _invalid("R073", _ONLY_PRIMARY, f"{_COVER_NAME}_PRIMAERNAERING", _NOT_COVERED, _period),
    _invalid(
        "R059",
        _ONLY_ORDINARY,
        f"{_END_NAME}_ALMINNELIG_NÆRING_MÅ_VÆRE_FERDIG",
        _NOT_ENDED,
        _ended_unless_ceased,
    ),
    _invalid(
        "R060",
        _ONLY_PRIMARY,
        f"{_END_NAME}_PRIMÆRNÆRING_MÅ_VÆRE_FERDIG",
        _NOT_ENDED,
        _ended_unless_wrecked,
    ),
    _invalid(
        "R089",
        COMPENSATION,
        "MVA_KOMPENSASJON_SKATTLEGGINGSPERIODEN_FOR__MELDINGSKATEGORI_KOMPENSASJON_MÅ_VÆRE_FERDIG",
        _NOT_ENDED,
        _ended,
    ),
    _invalid(
        "R120",
        REVERSE_CHARGE,
        "MVA_SKATTLEGGINGSPERIODEN_FOR_OPPGITT_MELDINGSKATEGORI_OMVENDT_AVGIFTSPLIKT_MÅ_VÆRE_FERDIG",
        _NOT_ENDED,
        _ended_unless_ceased,
    ),
    _invalid(
        "R051",
        ORDINARY,
        "MVA_PLIKT_DELTAKERE_I_FELLESREGISTRERING_HAR_IKKE_MVA_PLIKT",
        Text(
            "`{organization}` er fellesregistrert; rapporterende enhet `{unit}` sender meldingen.",
            "`{organization}` er fellesregistrert; rapporterande eining `{unit}` sender meldinga.",
            "`{organization}` is jointly registered; the reporting unit `{unit}` files the return.",
        ),
        _reporting_unit,
    ),
    Rule(
        "R061",
        Severity.DEVIATING,
        ORDINARY,
        "MVA_MELDINGSINNHOLD_AVGIFT_Å_BETALE_TIDLIGERE_TERMINER_MANGLER_MVA_MELDING",
        Text(
            "Det mangler melding for tidligere perioder: {missing}.",
            "Det manglar melding for tidlegare periodar: {missing}.",
            "Returns for earlier periods are missing: {missing}.",
        ),
        _missing_with_payment,
    ),
    Rule(
        "R062",
        Severity.DEVIATING,
        ORDINARY,
        "MVA_MELDINGSINNHOLD_AVGIFT_TIL_GODE_TIDLIGERE_TERMINER_MANGLER_MVA_MELDING",
        Text(
            "Det mangler melding for tidligere perioder: {missing}. "
            "Beløpet til gode utbetales ikke.",
            "Det manglar melding for tidlegare periodar: {missing}. "
            "Beløpet til gode blir ikkje utbetalt.",
            "Returns for earlier periods are missing: {missing}. The refund is not paid out.",
        ),
        _missing_with_refund,
    ),
    _invalid(
        "R094",
        COMPENSATION,
        "MVA_KOMPENSASJON_ORG_FORM_KF",
        Text(
            "Et kommunalt foretak kan ikke selv kreve kompensasjon; det gjør kommunen.",
            "Eit kommunalt føretak kan ikkje sjølv krevje kompensasjon; det gjer kommunen.",
            "A municipal enterprise cannot claim compensation itself; the municipality does.",
        ),
        _form_is("KF"),
    ),
    _invalid(
        "R126",
        EVERY_CATEGORY,
        "MVA_PLIKT_ORGANISASJONSFORM_ER_UDEFINERT",
        Text(
            "Enheten har organisasjonsformen {form}; den kan ikke levere mva-melding.",
            "Eininga har organisasjonsforma {form}; ho kan ikkje levere mva-melding.",
            "The unit has the organisation form {form}; it cannot file a VAT return.",
        ),
        _form_is("UDEF"),
    ),
    _invalid(
        "R131",
        EVERY_CATEGORY,
        "MVA_PLIKT_SKATTEPLIKTIG_FINNES_IKKE_I_ENHETSREGISTERET",
        Text(
            "`{organization}` finnes ikke i Enhetsregisteret.",
            "`{organization}` finst ikkje i Einingsregisteret.",
            "`{organization}` is not in Enhetsregisteret.",
        ),
        _unknown_unit,
    ),
    Rule(
        "R132",
        Severity.DEVIATING,
        EVERY_CATEGORY,
        "MVA_MELDINGSINNHOLD_ENDRING_ETTER_MER_ENN_TRE_ÅR",
        _LATE_CHANGE,
        _changed_later_than(_LATE_CHANGE_YEARS, until=_VERY_LATE_CHANGE_YEARS),
    ),
    Rule(
        "R133",
        Severity.DEVIATING,
        EVERY_CATEGORY,
        "MVA_MELDINGSINNHOLD_ENDRING_ETTER_MER_ENN_FEM_ÅR",
        _LATE_CHANGE,
        _changed_later_than(_VERY_LATE_CHANGE_YEARS, until=None),
    ),
)
