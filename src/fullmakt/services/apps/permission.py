"""May this caller do it? Asked of the decision point, across the network, each time.

The answer is never remembered and never guessed: without one, nothing is done. An obligation that
cannot be fulfilled here is a no (XACML 3.0 core section 7.18).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from fullmakt.foundation.bearer.model import Caller
from fullmakt.foundation.http.traces import RequestTrace
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.services.apps.decision_requests import (
    AuthorizationAnswer,
    AuthorizationQuestion,
    UnreadableAnswerError,
    Verdict,
    read_answer,
    subject_of,
    write_question,
)
from fullmakt.services.apps.errors import (
    DecisionPointUnreachable,
    LevelTooLow,
    NotPermitted,
    ObligationNotUnderstood,
)


class AskDecision(Protocol):
    """Carries a question to the decision point, with the service owner's own token, and back."""

    def __call__(self, question: bytes, trace: RequestTrace) -> bytes:
        """The answer to `question`, asked within `trace`. Raises: DecisionPointUnreachable."""
        ...


@dataclass(frozen=True, slots=True)
class Permissions:
    """What one caller may do, within one request."""

    caller: Caller
    ask: AskDecision
    trace: RequestTrace

    def check(self, action: str, *, resource: str, party: OrganizationNumber) -> None:
        """Refuse the caller unless the decision is Permit and its obligations are met.

        Raises: NotPermitted, LevelTooLow, ObligationNotUnderstood, NotAuthorized,
        DecisionPointUnreachable.
        """
        question = AuthorizationQuestion(subject_of(self.caller), action, resource, party)
        answer = self._answer(question)
        if answer.verdict is not Verdict.PERMIT:
            status = answer.status.rpartition(":")[2]
            because = f" ({status})" if status not in {"", "ok"} else ""
            message = (
                f"{question.subject} may not `{action}` on `{resource}` for organisation"
                f" `{party}`: the decision point answered {answer.verdict}{because}"
            )
            raise NotPermitted(message, correlation=self.trace.correlation)
        self._check_obligations(question, answer)

    def _answer(self, question: AuthorizationQuestion) -> AuthorizationAnswer:
        try:
            return read_answer(self.ask(write_question(question), self.trace))
        except UnreadableAnswerError as fault:
            message = f"the decision point's answer cannot be read: {fault}"
            raise DecisionPointUnreachable(message) from None

    def _check_obligations(
        self, question: AuthorizationQuestion, answer: AuthorizationAnswer
    ) -> None:
        correlation = self.trace.correlation
        if answer.unknown_obligation is not None:
            message = (
                f"{question.subject} may `{question.action}` only with obligation"
                f" `{answer.unknown_obligation}`, which is not understood here"
            )
            raise ObligationNotUnderstood(message, correlation=correlation)
        level = self.caller.authentication_level
        if level < answer.minimum_level:
            message = (
                f"{question.subject} may `{question.action}` on `{question.resource}` with"
                f" authentication level `{answer.minimum_level}` or higher; the token has `{level}`"
            )
            required = str(answer.minimum_level)
            raise LevelTooLow(
                message, correlation=correlation, requiredAuthenticationLevel=required
            )
