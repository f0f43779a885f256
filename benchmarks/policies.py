"""Reading and compiling a policy, and one evaluation of it, by how many rules it has."""

from __future__ import annotations

from benchmarks.decide import times, told
from fullmakt.access.policy import names
from fullmakt.access.policy.compile import compile_policy
from fullmakt.access.policy.outcome import Decision
from fullmakt.access.policy.parse import parse_policy
from fullmakt.access.policy.request import RequestAttributes
from fullmakt.access.policy.write import PlainRule, write_policy
from fullmakt.foundation.terms import urns

_RULES = (3, 10, 40)
_COMPILED, _EVALUATED = 50, 5_000


def main() -> None:
    """Print the figures of each size."""
    for count in _RULES:
        document = write_policy("bench", [_rule(n) for n in range(count)], app_by_owner=False)
        parsed = parse_policy(document)
        policy = compile_policy(parsed)
        asked = [_request(n % count) for n in range(_EVALUATED)]
        if {policy.evaluate(each).decision for each in asked} != {Decision.PERMIT}:
            message = "a rule does not open what it is for"
            raise AssertionError(message)
        print(f"  {count} rules, {len(document):,} bytes")
        print(told("read", times(parse_policy, [document] * _COMPILED), "bytes to rules"))
        print(told("compile", times(compile_policy, [parsed] * _COMPILED), "rules to an index"))
        print(told("ask", times(policy.evaluate, asked), "the last rule as soon as the first"))


def _rule(n: int) -> PlainRule:
    return PlainRule(actions=(f"action-{n}",), roles=("dagl",), packages=("skattegrunnlag",))


def _request(n: int) -> RequestAttributes:
    return RequestAttributes(
        {
            (names.RESOURCE, urns.RESOURCE): "bench",
            (names.ACTION, names.ACTION_ID): f"action-{n}",
            (names.SUBJECT, "urn:altinn:rolecode"): "dagl",
        }
    )


if __name__ == "__main__":
    main()
