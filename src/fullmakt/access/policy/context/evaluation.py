"""Policies and a request in, a response out: for test suites, without a world.

The public way in from Python::

    from datetime import UTC, datetime
    from fullmakt.access.policy.context.evaluation import evaluate

    response = evaluate([policy], request, at=datetime.now(UTC))
    response.results[0].decision

`Evaluator` is the same for many questions: it keeps what it has compiled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeAlias

from fullmakt.access.policy import names
from fullmakt.access.policy.compile import CompiledPolicy
from fullmakt.access.policy.compile_sets import CompiledPolicySet, compile_tree
from fullmakt.access.policy.context.errors import ContextRefused, ValueRefused
from fullmakt.access.policy.context.json_requests import read_json_request, request_from_json
from fullmakt.access.policy.context.limits import DEFAULT_LIMITS, ContextLimits
from fullmakt.access.policy.context.model import (
    ContextCategory,
    ContextRequest,
    ContextStatus,
    Response,
    Result,
)
from fullmakt.access.policy.context.multiple import (
    DanglingReference,
    Individual,
    combined,
    individual_requests,
)
from fullmakt.access.policy.context.xml_requests import read_xml_request
from fullmakt.access.policy.data_types import STRING
from fullmakt.access.policy.original import as_judged_tree, status_told
from fullmakt.access.policy.outcome import Decision
from fullmakt.access.policy.parse_sets import parse_policies
from fullmakt.access.policy.request import AttributeName, Entry, RequestAttributes, TypedValue
from fullmakt.access.policy.semantics import STANDARD, Semantics

Document: TypeAlias = str | bytes
Question: TypeAlias = str | bytes | Mapping[str, object] | ContextRequest
"""A request: JSON or XML as text or bytes, JSON already read, or one made in Python."""
Compiled: TypeAlias = CompiledPolicy | CompiledPolicySet

# Compiled, a policy takes about six times the memory of its text.
_MOST_KEPT = 8 * 1024 * 1024


def evaluate(
    policies: Sequence[Document],
    request: Question,
    *,
    at: datetime,
    semantics: Semantics = STANDARD,
    limits: ContextLimits = DEFAULT_LIMITS,
) -> Response:
    """The response of a decision point that has these policies, asked at a time with its zone.

    The first policy or policy set is the root; the others can be referred to by id and version.
    `semantics` is `STANDARD` or `ORIGINAL` (`fullmakt.access.policy.semantics`), or has single
    switches turned. A value that is not of its data type is answered with Indeterminate and a
    syntax error, as everything else that cannot be evaluated is with its own status.

    Raises: PolicyRefused (with line and document number), ContextRefused (with the member or line).
    """
    return Evaluator(semantics, limits=limits).evaluate(policies, request, at=at)


class Evaluator:
    """Answers many questions, and compiles the same policies once.

    Policies of up to 8 MiB in all are kept; those compiled first make room for others.
    """

    def __init__(
        self, semantics: Semantics = STANDARD, *, limits: ContextLimits = DEFAULT_LIMITS
    ) -> None:
        self._semantics = semantics
        self._limits = limits
        self._kept: dict[tuple[Document, ...], Compiled] = {}
        self._kept_size = 0

    def evaluate(
        self, policies: Sequence[Document], request: Question, *, at: datetime
    ) -> Response:
        """As the function `evaluate`. Raises: PolicyRefused, ContextRefused."""
        compiled = self.compile(policies)
        try:
            asked = read_request(request, self._limits)
        except ValueRefused as refused:
            status = ContextStatus((names.STATUS_SYNTAX_ERROR,), str(refused))
            return Response((Result(Decision.INDETERMINATE, status),))
        individuals = individual_requests(asked, self._limits)
        results = [self._result(compiled, asked, each, at) for each in individuals]
        return Response((combined(results),) if asked.wants_combined_decision else tuple(results))

    def compile(self, policies: Sequence[Document]) -> Compiled:
        """The evaluator of the documents, kept for the next time. Raises: PolicyRefused."""
        key = tuple(policies)
        compiled = self._kept.get(key)
        if compiled is None:
            if not key:
                raise ContextRefused("policies", "no policy is given")
            documents = [each.encode() if isinstance(each, str) else each for each in key]
            compiled = compile_tree(as_judged_tree(parse_policies(*documents), self._semantics))
            self._keep(key, compiled)
        return compiled

    def _keep(self, key: tuple[Document, ...], compiled: Compiled) -> None:
        self._kept[key] = compiled
        self._kept_size += _size(key)
        while self._kept_size > _MOST_KEPT:
            oldest = next(iter(self._kept))
            del self._kept[oldest]
            self._kept_size -= _size(oldest)

    def _result(
        self,
        compiled: Compiled,
        asked: ContextRequest,
        individual: Individual | DanglingReference,
        at: datetime,
    ) -> Result:
        if isinstance(individual, DanglingReference):
            return individual.result
        answer = compiled.evaluate(RequestAttributes(entries_of(individual), now=at))
        status = status_told(answer.status, self._semantics)
        return Result(
            decision=answer.decision,
            status=ContextStatus((status.code,), status.message, status.missing),
            obligations=answer.obligations,
            advice=answer.advice,
            categories=sent_back(individual),
            policies=answer.applicable if asked.returns_policy_ids else (),
        )


def _size(documents: tuple[Document, ...]) -> int:
    return sum(map(len, documents))


def read_request(question: Question, limits: ContextLimits = DEFAULT_LIMITS) -> ContextRequest:
    """The request, whichever notation it is in.

    JSON already read may stand without its outermost member `Request`. Raises: ContextRefused.
    """
    if isinstance(question, ContextRequest):
        return question
    if isinstance(question, Mapping):
        whole = question if "Request" in question else {"Request": dict(question)}
        return request_from_json(dict(whole), limits)
    return (read_xml_request if is_xml(question) else read_json_request)(question, limits)


def is_xml(document: Document) -> bool:
    """Whether a document begins as XML does; JSON never does."""
    start = document[:200]
    text = start if isinstance(start, str) else start.decode("utf-8-sig", "replace")
    return text.lstrip("\ufeff \t\r\n").startswith("<")


def entries_of(individual: Iterable[ContextCategory]) -> dict[AttributeName, Entry]:
    """The bags of one decision's attributes, as policies are asked with."""
    entries: dict[AttributeName, Entry] = {}
    for category in individual:
        for attribute in category.attributes:
            name = (category.category, attribute.attribute_id)
            added = tuple(
                TypedValue(value.data_type, value.value, attribute.issuer)
                for value in attribute.values
            )
            held = entries.get(name)
            assert held is None or isinstance(held, tuple), "made here"
            entries[name] = (*(held or ()), *added)
    return {name: _plainest(entry) for name, entry in entries.items()}


def _plainest(entry: Entry) -> Entry:
    """One text without issuer has a form of its own, which indexes can use."""
    match entry:
        case (TypedValue(data_type, str(text), None),) if data_type == STRING:
            return text
        case _:
            return entry


def sent_back(individual: Iterable[ContextCategory]) -> tuple[ContextCategory, ...]:
    """The attributes that the request asked to see again, by category; an empty bag is none."""
    echoed = (
        ContextCategory(
            each.category,
            tuple(held for held in each.attributes if held.include_in_result and held.values),
        )
        for each in individual
    )
    return tuple(each for each in echoed if each.attributes)
