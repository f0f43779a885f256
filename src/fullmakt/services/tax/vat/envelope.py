"""Holds the envelope against the instance and the return, when the sender asks for confirmation.

Each mismatch is a typed failure with the values that differ; the app answers 409 with their
sentences. What is wrong inside the return is told by the rules instead.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.text import Language, LocalizedText
from fullmakt.services.tax.vat.faults import Fault, quoted
from fullmakt.services.tax.vat.model import Envelope, VatReturn
from fullmakt.services.tax.vat.reading import Unreadable

Text = LocalizedText

REFUSAL_PREFIX: Final = "Valideringsfeil: "
INVALID_RETURN_REFUSAL: Final = f"{REFUSAL_PREFIX}Ugyldig mva-melding"


class Mismatch(StrEnum):
    """What can be wrong between envelope, instance and return."""

    ENVELOPE_STRUCTURE = "envelope structure"
    PERIOD_MISSING = "period missing"
    STATUS_MISSING = "status missing"
    OWNER = "owner"
    TAXPAYER = "taxpayer"
    PERIOD = "period"
    CATEGORY = "category"
    FILE_NAMES = "file names"


_TEXTS: Final = {
    Mismatch.ENVELOPE_STRUCTURE: Text(
        "konvolutten er ikke gyldig: {path}: {problem}",
        "konvolutten er ikkje gyldig: {path}: {problem}",
        "the envelope is not valid: {path}: {problem}",
    ),
    Mismatch.PERIOD_MISSING: Text(
        "skattleggingsperiode mangler eller er tom i konvolutten",
        "skattleggingsperiode manglar eller er tom i konvolutten",
        "skattleggingsperiode is missing or empty in the envelope",
    ),
    Mismatch.STATUS_MISSING: Text(
        "instansstatus mangler i konvolutten",
        "instansstatus manglar i konvolutten",
        "instansstatus is missing in the envelope",
    ),
    Mismatch.OWNER: Text(
        "organisasjonsnummeret i konvolutten er `{envelope}`, instansen tilhører `{instance}`",
        "organisasjonsnummeret i konvolutten er `{envelope}`, instansen høyrer til `{instance}`",
        "the organisation number of the envelope is `{envelope}`, the instance is `{instance}`'s",
    ),
    Mismatch.TAXPAYER: Text(
        "organisasjonsnummeret i konvolutten er `{envelope}`, i mva-meldingen `{return}`",
        "organisasjonsnummeret i konvolutten er `{envelope}`, i mva-meldinga `{return}`",
        "the organisation number of the envelope is `{envelope}`, of the return `{return}`",
    ),
    Mismatch.PERIOD: Text(
        "skattleggingsperioden i konvolutten er `{envelope}`, i mva-meldingen `{return}`",
        "skattleggingsperioden i konvolutten er `{envelope}`, i mva-meldinga `{return}`",
        "the period of the envelope is `{envelope}`, of the return `{return}`",
    ),
    Mismatch.CATEGORY: Text(
        "meldingskategorien i konvolutten er `{envelope}`, i mva-meldingen `{return}`",
        "meldingskategorien i konvolutten er `{envelope}`, i mva-meldinga `{return}`",
        "the category of the envelope is `{envelope}`, of the return `{return}`",
    ),
    Mismatch.FILE_NAMES: Text(
        "filnavnet `{name}` er brukt {times} ganger; filnavn skal være unike",
        "filnamnet `{name}` er brukt {times} gonger; filnamn skal vere unike",
        "the file name `{name}` is used {times} times; file names must be unique",
    ),
}


@dataclass(frozen=True, slots=True)
class EnvelopeFailure:
    """One reason why the submission cannot go on, with the values that differ."""

    mismatch: Mismatch
    values: Mapping[str, str] = field(default_factory=dict)
    problem: LocalizedText | None = None

    @property
    def text(self) -> LocalizedText:
        """The reason as a clause, in each language."""
        return LocalizedText(*(self._in(language) for language in Language))

    def _in(self, language: Language) -> str:
        values = dict(self.values)
        if self.problem is not None:
            values["problem"] = self.problem.in_language(language)
        return _TEXTS[self.mismatch].in_language(language).format(**values)


def check_envelope(
    envelope: Envelope | Unreadable,
    vat_return: VatReturn | None,
    instance_owner: OrganizationNumber,
    *,
    file_names: Sequence[str] = (),
) -> tuple[EnvelopeFailure, ...]:
    """Why this envelope cannot carry this return in an instance of `instance_owner`; empty if it
    can.

    `vat_return` is None when it could not be read: then only what is in the envelope is checked.
    `file_names` are those of uploaded attachments that the envelope does not list.
    """
    if isinstance(envelope, Unreadable):
        return tuple(map(_structure, envelope.faults))
    failures = [*_alone(envelope, instance_owner), *_files(envelope, file_names)]
    if vat_return is not None:
        failures.extend(_against(envelope, vat_return))
    return tuple(failures)


def refusal_text(failures: Sequence[EnvelopeFailure]) -> str:
    """The body of the 409 answer: the first reason decides, the others follow."""
    return REFUSAL_PREFIX + "; ".join(failure.text.nb for failure in failures)


def _structure(fault: Fault) -> EnvelopeFailure:
    path = {"path": fault.place.path}
    return EnvelopeFailure(Mismatch.ENVELOPE_STRUCTURE, path, problem=fault.text)


def _alone(envelope: Envelope, owner: OrganizationNumber) -> Iterator[EnvelopeFailure]:
    if envelope.identifier != owner.digits:
        numbers = {"envelope": _shown(envelope.identifier), "instance": owner.digits}
        yield EnvelopeFailure(Mismatch.OWNER, numbers)
    if envelope.period is None:
        yield EnvelopeFailure(Mismatch.PERIOD_MISSING)
    if not envelope.instance_status:
        yield EnvelopeFailure(Mismatch.STATUS_MISSING)


def _shown(identifier: str) -> str:
    """An identity number is not repeated to whoever reads the answer; other numbers are public."""
    return identifier if len(identifier) < 11 else identifier[:6] + "*" * 5


def _against(envelope: Envelope, vat_return: VatReturn) -> Iterator[EnvelopeFailure]:
    stated = vat_return.organization or vat_return.simplified_registration or ""
    if envelope.identifier != stated:
        numbers = {"envelope": _shown(envelope.identifier), "return": stated}
        yield EnvelopeFailure(Mismatch.TAXPAYER, numbers)
    if envelope.period is not None and envelope.period != vat_return.period:
        periods = {"envelope": envelope.period.title, "return": vat_return.period.title}
        yield EnvelopeFailure(Mismatch.PERIOD, periods)
    if envelope.category is not vat_return.category:
        categories = {"envelope": envelope.category, "return": vat_return.category}
        yield EnvelopeFailure(Mismatch.CATEGORY, categories)


def _files(envelope: Envelope, file_names: Sequence[str]) -> Iterator[EnvelopeFailure]:
    listed = [attachment.full_name for attachment in envelope.attachments]
    for name, times in Counter([*listed, *file_names]).items():
        if times > 1:
            yield EnvelopeFailure(Mismatch.FILE_NAMES, {"name": quoted(name), "times": str(times)})
