"""Results told: as text for a terminal, as JSON, and as Markdown."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from fullmakt.scenarios.model import (
        Call,
        ReasonTold,
        ScenarioResult,
        Step,
        VariantResult,
    )


def as_json(results: Sequence[ScenarioResult]) -> str:
    """`{"scenarios": [{"id", "title", "passed", "steps": […], "variants": […]}]}`."""
    body = {"scenarios": [_scenario(result) for result in results]}
    return json.dumps(body, ensure_ascii=False, indent=2)


def _scenario(result: ScenarioResult) -> dict[str, object]:
    members: dict[str, object] = {
        "id": result.id,
        "title": result.title,
        "passed": result.passed,
        "steps": [_step(step) for step in result.steps],
        "variants": [_variant(variant) for variant in result.variants],
    }
    return {**members, "fault": result.fault} if result.fault else members


def _step(step: Step) -> dict[str, object]:
    return {
        "number": step.number,
        "text": step.text,
        "who": step.who,
        "result": step.result,
        "calls": [_call(call) for call in step.calls],
        "decisions": [
            {
                "action": decision.action,
                "resource": decision.resource,
                "party": decision.party,
                "decision": decision.outcome,
            }
            for decision in step.decisions
        ],
    }


def _call(call: Call) -> dict[str, object]:
    return {"who": call.who, "method": call.method, "path": call.path, "status": call.status}


def _variant(variant: VariantResult) -> dict[str, object]:
    members: dict[str, object] = {
        "name": variant.name,
        "passed": variant.passed,
        "reason": variant.reason,
    }
    if variant.refused is not None:
        refused = variant.refused
        members |= {
            "status": refused.status,
            "code": refused.code,
            "because": refused.because,
            "chain": [_reason(reason) for reason in refused.chain],
        }
    return members


def _reason(reason: ReasonTold) -> dict[str, object]:
    return {
        "check": reason.check,
        "held": reason.held,
        "found": reason.found,
        "remedy": reason.remedy,
    }


def as_text(results: Sequence[ScenarioResult], *, is_verbose: bool) -> str:
    """The stories for a terminal; verbose tells every call, decision and link of a chain."""
    lines = [line for result in results for line in _story_lines(result, is_verbose=is_verbose)]
    return "\n".join([*lines, _summary(results)])


def _summary(results: Sequence[ScenarioResult]) -> str:
    variants = [variant for result in results for variant in result.variants]
    held = sum(result.story_passed for result in results)
    refused = sum(variant.passed for variant in variants)
    return (
        f"{held} of {len(results)} stories held; "
        f"{refused} of {len(variants)} variants were refused for the reason told"
    )


def _story_lines(result: ScenarioResult, *, is_verbose: bool) -> Iterator[str]:
    yield f"{result.id}  {result.title}  {_mark(passed=result.passed)}"
    for step in result.steps:
        yield f"  {step.number or '-'}  {step.text} ({step.who}): {step.result}"
        if is_verbose:
            yield from (f"       {line}" for line in _step_details(step))
    if result.fault:
        yield f"  the story broke off: {result.fault}"
    for variant in result.variants:
        yield f"  {_mark(passed=variant.passed)}  {variant.name}"
        yield f"       {_told(variant)}"
        if is_verbose and variant.refused is not None:
            yield from (f"         {line}" for line in _chain(variant.refused.chain))
    yield ""


def _told(variant: VariantResult) -> str:
    if variant.refused is None:
        return variant.reason
    refused = variant.refused
    code = f" {refused.code}" if refused.code else ""
    return f"{refused.status}{code}, {refused.because}: {variant.reason}"


def _mark(*, passed: bool) -> str:
    return "held" if passed else "BROKEN"


def _step_details(step: Step) -> Iterator[str]:
    for call in step.calls:
        yield f"{call.status}  {call.method} {call.path}  ({call.who})"
    for decision in step.decisions:
        yield f"decision: {decision.action} for {decision.party}: {decision.outcome}"


def _chain(chain: Iterable[ReasonTold]) -> Iterator[str]:
    for reason in chain:
        yield f"{'+' if reason.held else '-'} {reason.check}: {reason.found}"
        if reason.remedy and not reason.held:
            yield f"    what would help: {reason.remedy}"


def as_markdown(results: Sequence[ScenarioResult]) -> str:
    """The stories as a Markdown document."""
    return "\n".join(line for result in results for line in _markdown(result))


def _markdown(result: ScenarioResult) -> Iterator[str]:
    yield f"## {result.id}: {result.title}"
    yield ""
    yield "| step | who | what | calls | decision |"
    yield "|---|---|---|---|---|"
    for step in result.steps:
        calls = "<br>".join(f"{call.status} `{call.method} {call.path}`" for call in step.calls)
        taken = "<br>".join(f"{each.action}: {each.outcome}" for each in step.decisions)
        told = f"{step.text}: {step.result}"
        yield f"| {step.number or ''} | {step.who} | {told} | {calls} | {taken} |"
    yield ""
    yield "| variant | answer | because | reason |"
    yield "|---|---|---|---|"
    for variant in result.variants:
        refused = variant.refused
        answer = "" if refused is None else f"{refused.status} {refused.code}".strip()
        because = "" if refused is None else refused.because
        yield f"| {variant.name} | {answer} | {because} | {variant.reason} |"
    yield ""
