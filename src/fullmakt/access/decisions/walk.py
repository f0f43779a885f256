"""The walk: one question, answered, with a trail for those who want to know why.

The same walk decides and explains; on the hot path the trail is a null object and no reason is
made. Nothing is read here: the policy, the holdings and the question are given.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from fullmakt.access.decisions.asking import Kind
from fullmakt.access.decisions.model import Outcome
from fullmakt.access.decisions.rules import Holdings
from fullmakt.access.delegations.model import Right
from fullmakt.access.policy import names
from fullmakt.access.policy.outcome import Fault, Verdict
from fullmakt.access.policy.request import RequestAttributes
from fullmakt.access.policy.trail import NO_TRAIL, RecordedTrail

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from fullmakt.access.decisions.asking import Asked
    from fullmakt.access.decisions.rules import ConditionalRight
    from fullmakt.access.delegations.standings import Unregistered
    from fullmakt.access.policy.outcome import Directive, Evaluation
    from fullmakt.access.policy.request import AttributeName, Entry
    from fullmakt.access.resources.lists_model import Admission
    from fullmakt.access.resources.shelf import ShelvedPolicy

STATUS_OK = names.STATUS_OK
STATUS_SYNTAX_ERROR = names.STATUS_SYNTAX_ERROR
STATUS_PROCESSING_ERROR = names.STATUS_PROCESSING_ERROR


class ReasonTrail(Protocol):
    """Listens to a walk. Nothing is told unless `is_listening`."""

    @property
    def is_listening(self) -> bool:
        """Whether anything should be told at all."""
        ...

    def resource_missing(self, asked: Asked) -> None:
        """The resource is not registered, or has no policy."""
        ...

    def resource_found(self, asked: Asked, shelved: ShelvedPolicy) -> None:
        """The resource has a policy."""
        ...

    def unregistered(self, asked: Asked, found: Unregistered) -> None:
        """The subject or the party is not registered."""
        ...

    def held(self, asked: Asked, held: Holdings) -> None:
        """What the subject holds towards the party."""
        ...

    def rules_asked(
        self, asked: Asked, shelved: ShelvedPolicy, trail: RecordedTrail, answer: Evaluation
    ) -> None:
        """The policy was asked."""
        ...

    def single_right(self, asked: Asked, right: Right | None) -> None:
        """A single right was looked for, because no rule of the policy applied."""
        ...

    def access_lists(
        self, asked: Asked, shelved: ShelvedPolicy, admission: Admission | None, *, opens: bool
    ) -> None:
        """The access lists of the resource were asked, after a permit."""
        ...


class _NobodyAsks:
    """The trail nobody follows."""

    is_listening = False

    def resource_missing(self, asked: Asked) -> None:
        """Is not told: nobody listens."""

    def resource_found(self, asked: Asked, shelved: ShelvedPolicy) -> None:
        """Is not told: nobody listens."""

    def unregistered(self, asked: Asked, found: Unregistered) -> None:
        """Is not told: nobody listens."""

    def held(self, asked: Asked, held: Holdings) -> None:
        """Is not told: nobody listens."""

    def rules_asked(
        self, asked: Asked, shelved: ShelvedPolicy, trail: RecordedTrail, answer: Evaluation
    ) -> None:
        """Is not told: nobody listens."""

    def single_right(self, asked: Asked, right: Right | None) -> None:
        """Is not told: nobody listens."""

    def access_lists(
        self, asked: Asked, shelved: ShelvedPolicy, admission: Admission | None, *, opens: bool
    ) -> None:
        """Is not told: nobody listens."""


NOBODY_ASKS: ReasonTrail = _NobodyAsks()


class Answer(NamedTuple):
    """The answer to one question.

    `is_known` is false when no rule is about the resource and action. `spoils`: what was asked
    about could not be looked up, which the original takes as a fault of the whole request.
    """

    outcome: Outcome
    status: str = STATUS_OK
    message: str | None = None
    obligations: tuple[Directive, ...] = ()
    is_known: bool = False
    spoils: bool = False
    evaluation: Evaluation | None = None
    """The policy's own, where the answer is the policy's."""
    added_party: int | None = None
    """The party id of the instance asked about, where the question itself named no party."""


_NOT_APPLICABLE = Answer(Outcome.NOT_APPLICABLE)
_OUTCOMES = {verdict: Outcome(verdict.decision.value) for verdict in Verdict}


def decide(
    asked: Asked,
    shelved: ShelvedPolicy | None,
    held: Holdings | Unregistered | None,
    *,
    admission: Admission | None = None,
    trail: ReasonTrail = NOBODY_ASKS,
    now: datetime | None = None,
) -> Answer:
    """Answer `asked`.

    `held` is None when the question names no party, or a subject nobody looks up. `admission` is
    how the party stands to the access lists of a resource that has them; None without a party.
    `now` is for a policy that asks the time.
    """
    if shelved is None:
        trail.resource_missing(asked)
        message = f"resource `{asked.resource}` has no policy"
        return Answer(Outcome.INDETERMINATE, STATUS_PROCESSING_ERROR, message, spoils=True)
    if trail.is_listening:
        trail.resource_found(asked, shelved)
    if not (held is None or isinstance(held, Holdings)):
        trail.unregistered(asked, held)
        return _unregistered(asked, held)
    if trail.is_listening and held is not None:
        trail.held(asked, held)
    entries = asked.entries if held is None else {**asked.entries, **held.entries}
    request = RequestAttributes(entries, now)
    answer = _evaluate(asked, shelved, request, trail)
    if answer.outcome is Outcome.NOT_APPLICABLE and held is not None:
        answer = _single_right(asked, shelved, held, request, answer, trail)
    if answer.outcome is Outcome.PERMIT and shelved.needs_access_list:
        return _access_lists(asked, shelved, admission, answer, trail)
    return answer


def _access_lists(
    asked: Asked,
    shelved: ShelvedPolicy,
    admission: Admission | None,
    answer: Answer,
    trail: ReasonTrail,
) -> Answer:
    """SPEC: a permit stands only for an organisation that is on a list which opens the action."""
    opens = admission is not None and admission.is_organization and admission.opens(asked.actions)
    trail.access_lists(asked, shelved, admission, opens=opens)
    return answer if opens else Answer(Outcome.DENY, is_known=answer.is_known)


def _evaluate(
    asked: Asked, shelved: ShelvedPolicy, request: RequestAttributes, trail: ReasonTrail
) -> Answer:
    if trail.is_listening:
        recorded = RecordedTrail()
        evaluation = shelved.compiled.evaluate(request, recorded)
        trail.rules_asked(asked, shelved, recorded, evaluation)
    else:
        evaluation = shelved.compiled.evaluate(request, NO_TRAIL)
    status = evaluation.status
    return Answer(
        _OUTCOMES[evaluation.verdict],
        status.code,
        status.message or None,
        evaluation.obligations,
        evaluation.resource_and_action_known,
        False,  # noqa: FBT003  SPEED: named members would take twice as long (benchmarks/decide.py)
        evaluation,
    )


def _single_right(  # noqa: PLR0917  the walk's whole state
    asked: Asked,
    shelved: ShelvedPolicy,
    held: Holdings,
    request: RequestAttributes,
    answer: Answer,
    trail: ReasonTrail,
) -> Answer:
    """A single right permits where no rule applied; the policy's own obligations go with it."""
    found = None
    if held.rights or held.conditional:
        wanted = [Right(asked.resource, action) for action in asked.actions]
        found = next((right for right in wanted if right in held.rights), None)
        found = found or _opened_to_relation(asked, shelved, held.conditional, wanted, request.now)
    trail.single_right(asked, found)
    if found is None:
        return answer
    try:
        obligations = shelved.compiled.permit_obligations(request)
    except Fault:
        # SPEC: a fault in this step leaves the policy's own answer.
        return answer
    return Answer(Outcome.PERMIT, obligations=obligations, is_known=answer.is_known)


def _opened_to_relation(
    asked: Asked,
    shelved: ShelvedPolicy,
    conditional: Sequence[ConditionalRight],
    wanted: Sequence[Right],
    now: datetime | None,
) -> Right | None:
    """The first right wanted that the policy opens to the relation of a client link."""
    for each in conditional:
        if each.right in wanted and is_opened(shelved, {**asked.entries, **each.entries}, now):
            return each.right
    return None


def is_opened(
    shelved: ShelvedPolicy, entries: Mapping[AttributeName, Entry], now: datetime | None = None
) -> bool:
    """Whether the policy permits what is asked with these attributes."""
    decision = shelved.compiled.evaluate(RequestAttributes(entries, now)).decision
    return decision.value == Outcome.PERMIT.value


def _unregistered(asked: Asked, found: Unregistered) -> Answer:
    """SPEC: which parties must be registered, by how they are named."""
    subject, party = asked.subject, asked.party
    if subject is not None and not found.is_subject_registered:
        match subject.kind:
            case Kind.ORGANIZATION:
                return _nobody("the subject", STATUS_SYNTAX_ERROR)
            case Kind.PERSON:
                return _nobody("the subject", STATUS_PROCESSING_ERROR)
            case _:
                return _NOT_APPLICABLE
    if party is not None and party.key in {"orgno", "personno"}:
        return _nobody("the party", STATUS_SYNTAX_ERROR)
    return _NOT_APPLICABLE


def _nobody(who: str, status: str) -> Answer:
    return Answer(Outcome.INDETERMINATE, status, f"{who} is not registered", spoils=True)
