"""The combining algorithms as XACML 3.0 core appendix C writes them down, step by step.

Written from the standard's loops and flags, without a look at `combining.py`: what both say is
compared over every combination. A decision is one letter: `P`, `D`, `N`, and an Indeterminate as
`p` ({P}), `d` ({D}) or `x` ({DP}). An algorithm that does not track which gives `x`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

Decisions = Sequence[str]


def deny_overrides(decisions: Decisions) -> str:  # noqa: C901, PLR0911  C.2, as it stands there
    at_least_one_error_d = at_least_one_error_p = at_least_one_error_dp = False
    at_least_one_permit = False
    for decision in decisions:
        if decision == "D":
            return "D"
        if decision == "P":
            at_least_one_permit = True
        elif decision == "d":
            at_least_one_error_d = True
        elif decision == "p":
            at_least_one_error_p = True
        elif decision == "x":
            at_least_one_error_dp = True
    if at_least_one_error_dp:
        return "x"
    if at_least_one_error_d and (at_least_one_error_p or at_least_one_permit):
        return "x"
    if at_least_one_error_d:
        return "d"
    if at_least_one_permit:
        return "P"
    if at_least_one_error_p:
        return "p"
    return "N"


def permit_overrides(decisions: Decisions) -> str:  # noqa: C901, PLR0911  C.4, as it stands there
    at_least_one_error_d = at_least_one_error_p = at_least_one_error_dp = False
    at_least_one_deny = False
    for decision in decisions:
        if decision == "P":
            return "P"
        if decision == "D":
            at_least_one_deny = True
        elif decision == "d":
            at_least_one_error_d = True
        elif decision == "p":
            at_least_one_error_p = True
        elif decision == "x":
            at_least_one_error_dp = True
    if at_least_one_error_dp:
        return "x"
    if at_least_one_error_p and (at_least_one_error_d or at_least_one_deny):
        return "x"
    if at_least_one_error_p:
        return "p"
    if at_least_one_deny:
        return "D"
    if at_least_one_error_d:
        return "d"
    return "N"


def deny_unless_permit(decisions: Decisions) -> str:  # C.6
    for decision in decisions:
        if decision == "P":
            return "P"
    return "D"


def permit_unless_deny(decisions: Decisions) -> str:  # C.7
    for decision in decisions:
        if decision == "D":
            return "D"
    return "P"


def first_applicable(decisions: Decisions) -> str:  # C.8
    for decision in decisions:
        if decision in {"P", "D"}:
            return decision
        if decision != "N":
            return "x"
    return "N"


def legacy_rule_deny_overrides(decisions: Decisions) -> str:  # C.10
    at_least_one_error = potential_deny = at_least_one_permit = False
    for decision in decisions:
        if decision == "D":
            return "D"
        if decision == "P":
            at_least_one_permit = True
        elif decision in {"p", "d", "x"}:
            at_least_one_error = True
            if decision != "p":
                potential_deny = True
    if potential_deny:
        return "x"
    if at_least_one_permit:
        return "P"
    if at_least_one_error:
        return "x"
    return "N"


def legacy_rule_permit_overrides(decisions: Decisions) -> str:  # C.12
    at_least_one_error = potential_permit = at_least_one_deny = False
    for decision in decisions:
        if decision == "D":
            at_least_one_deny = True
        elif decision == "P":
            return "P"
        elif decision in {"p", "d", "x"}:
            at_least_one_error = True
            if decision != "d":
                potential_permit = True
    if potential_permit:
        return "x"
    if at_least_one_deny:
        return "D"
    if at_least_one_error:
        return "x"
    return "N"


def legacy_policy_deny_overrides(decisions: Decisions) -> str:  # C.10, for policies
    at_least_one_permit = False
    for decision in decisions:
        if decision == "D":
            return "D"
        if decision == "P":
            at_least_one_permit = True
        elif decision in {"p", "d", "x"}:
            return "D"
    return "P" if at_least_one_permit else "N"


def legacy_policy_permit_overrides(decisions: Decisions) -> str:  # C.12, for policies
    at_least_one_error = at_least_one_deny = False
    for decision in decisions:
        if decision == "D":
            at_least_one_deny = True
        elif decision == "P":
            return "P"
        elif decision in {"p", "d", "x"}:
            at_least_one_error = True
    if at_least_one_deny:
        return "D"
    if at_least_one_error:
        return "x"
    return "N"


def only_one_applicable(policies: Sequence[tuple[bool | None, str]]) -> str:  # C.9
    """Each policy as whether its target holds (None: that fails), and what it decides if asked."""
    at_least_one = False
    selected = ""
    for applies, decision in policies:
        if applies is None:
            return "x"
        if applies:
            if at_least_one:
                return "x"
            at_least_one, selected = True, decision
    if at_least_one:
        return "x" if selected in {"p", "d", "x"} else selected
    return "N"


def target_indeterminate(combined: str) -> str:  # section 7.14, table 7
    return {"N": "N", "P": "p", "D": "d", "p": "p", "d": "d", "x": "x"}[combined]


_3 = "urn:oasis:names:tc:xacml:3.0:"
_1 = "urn:oasis:names:tc:xacml:1.0:"
_1_1 = "urn:oasis:names:tc:xacml:1.1:"
RULES: dict[str, Callable[[Decisions], str]] = {
    f"{_3}rule-combining-algorithm:deny-overrides": deny_overrides,
    f"{_3}rule-combining-algorithm:ordered-deny-overrides": deny_overrides,
    f"{_3}rule-combining-algorithm:permit-overrides": permit_overrides,
    f"{_3}rule-combining-algorithm:ordered-permit-overrides": permit_overrides,
    f"{_3}rule-combining-algorithm:deny-unless-permit": deny_unless_permit,
    f"{_3}rule-combining-algorithm:permit-unless-deny": permit_unless_deny,
    f"{_1}rule-combining-algorithm:first-applicable": first_applicable,
    f"{_1}rule-combining-algorithm:deny-overrides": legacy_rule_deny_overrides,
    f"{_1_1}rule-combining-algorithm:ordered-deny-overrides": legacy_rule_deny_overrides,
    f"{_1}rule-combining-algorithm:permit-overrides": legacy_rule_permit_overrides,
    f"{_1_1}rule-combining-algorithm:ordered-permit-overrides": legacy_rule_permit_overrides,
}
POLICIES: dict[str, Callable[[Decisions], str]] = {
    f"{_3}policy-combining-algorithm:deny-overrides": deny_overrides,
    f"{_3}policy-combining-algorithm:ordered-deny-overrides": deny_overrides,
    f"{_3}policy-combining-algorithm:permit-overrides": permit_overrides,
    f"{_3}policy-combining-algorithm:ordered-permit-overrides": permit_overrides,
    f"{_3}policy-combining-algorithm:deny-unless-permit": deny_unless_permit,
    f"{_3}policy-combining-algorithm:permit-unless-deny": permit_unless_deny,
    f"{_1}policy-combining-algorithm:first-applicable": first_applicable,
    f"{_1}policy-combining-algorithm:deny-overrides": legacy_policy_deny_overrides,
    f"{_1_1}policy-combining-algorithm:ordered-deny-overrides": legacy_policy_deny_overrides,
    f"{_1}policy-combining-algorithm:permit-overrides": legacy_policy_permit_overrides,
    f"{_1_1}policy-combining-algorithm:ordered-permit-overrides": legacy_policy_permit_overrides,
}
ONLY_ONE_APPLICABLE = f"{_1}policy-combining-algorithm:only-one-applicable"
