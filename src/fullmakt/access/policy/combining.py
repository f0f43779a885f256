"""Combining algorithms: how the decisions of rules become the decision of their policy.

XACML 3.0 core appendix C. An algorithm reads decisions in document order and stops reading as soon
as its answer is settled, so what stands after is not evaluated. Ids of the policy- family are
accepted for rules too: policies of this domain carry them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Final

from fullmakt.access.policy.outcome import Verdict

Combine = Callable[[Iterable[Verdict]], Verdict]

_P, _D, _NA = Verdict.PERMIT, Verdict.DENY, Verdict.NOT_APPLICABLE
_FP, _FD, _FDP = Verdict.INDETERMINATE_P, Verdict.INDETERMINATE_D, Verdict.INDETERMINATE_DP


def deny_overrides(verdicts: Iterable[Verdict]) -> Verdict:
    """Appendix C.2 and C.3: any Deny wins, then what could have been Deny, then Permit."""
    return _overriding(verdicts, winner=_D, loser=_P, failed_winner=_FD, failed_loser=_FP)


def permit_overrides(verdicts: Iterable[Verdict]) -> Verdict:
    """Appendix C.4 and C.5: any Permit wins, then what could have been Permit, then Deny."""
    return _overriding(verdicts, winner=_P, loser=_D, failed_winner=_FP, failed_loser=_FD)


def _overriding(
    verdicts: Iterable[Verdict],
    *,
    winner: Verdict,
    loser: Verdict,
    failed_winner: Verdict,
    failed_loser: Verdict,
) -> Verdict:
    seen: set[Verdict] = set()
    for verdict in verdicts:
        if verdict is winner:
            return winner
        seen.add(verdict)
    if _FDP in seen or (failed_winner in seen and not seen.isdisjoint({loser, failed_loser})):
        return _FDP
    return next((answer for answer in (failed_winner, loser, failed_loser) if answer in seen), _NA)


def deny_unless_permit(verdicts: Iterable[Verdict]) -> Verdict:
    """Appendix C.6: Permit if anything permits, else Deny; never another answer."""
    return _P if any(verdict is _P for verdict in verdicts) else _D


def permit_unless_deny(verdicts: Iterable[Verdict]) -> Verdict:
    """Appendix C.7: Deny if anything denies, else Permit; never another answer."""
    return _D if any(verdict is _D for verdict in verdicts) else _P


def first_applicable(verdicts: Iterable[Verdict]) -> Verdict:
    """Appendix C.8: the first answer that is not NotApplicable.

    SPEC: appendix C.1, an algorithm that does not track the extended Indeterminate gives {DP}.
    """
    for verdict in verdicts:
        if verdict is not _NA:
            return verdict if verdict in {_P, _D} else _FDP
    return _NA


def legacy_deny_overrides(verdicts: Iterable[Verdict]) -> Verdict:
    """Appendix C.10: as XACML 1.0 had it; a failed Permit rule gives way to another Permit."""
    return _legacy_overriding(verdicts, winner=_D, loser=_P, failed_loser=_FP)


def legacy_permit_overrides(verdicts: Iterable[Verdict]) -> Verdict:
    """Appendix C.12: as XACML 1.0 had it; a failed Deny rule gives way to another Deny."""
    return _legacy_overriding(verdicts, winner=_P, loser=_D, failed_loser=_FD)


def _legacy_overriding(
    verdicts: Iterable[Verdict], *, winner: Verdict, loser: Verdict, failed_loser: Verdict
) -> Verdict:
    seen: set[Verdict] = set()
    for verdict in verdicts:
        if verdict is winner:
            return winner
        seen.add(verdict)
    if seen - {loser, failed_loser, _NA}:
        return _FDP
    if loser in seen:
        return loser
    return _FDP if failed_loser in seen else _NA


# SPEC: section 7.14 table 7, the answer of a policy whose own target could not be evaluated.
WITH_FAILED_TARGET: Final[Mapping[Verdict, Verdict]] = MappingProxyType({
    _NA: _NA, _P: _FP, _D: _FD, _FP: _FP, _FD: _FD, _FDP: _FDP,
})  # fmt: skip


def legacy_policy_deny_overrides(verdicts: Iterable[Verdict]) -> Verdict:
    """Appendix C.10: as XACML 1.0 had it for policies; one that fails counts as Deny."""
    verdict = _NA
    for asked in verdicts:
        if asked is _P:
            verdict = _P
        elif asked is not _NA:
            return _D
    return verdict


def legacy_policy_permit_overrides(verdicts: Iterable[Verdict]) -> Verdict:
    """Appendix C.12: as XACML 1.0 had it for policies; a Deny stands beside one that fails."""
    seen: set[Verdict] = set()
    for verdict in verdicts:
        if verdict is _P:
            return _P
        seen.add(verdict)
    if _D in seen:
        return _D
    return _NA if seen <= {_NA} else _FDP


def _ids(version: str, family: str, name: str, combine: Combine) -> dict[str, Combine]:
    return {f"urn:oasis:names:tc:xacml:{version}:{family}-combining-algorithm:{name}": combine}


_OF_BOTH: Final[Mapping[tuple[str, str], Combine]] = MappingProxyType({
    ("3.0", "deny-overrides"): deny_overrides,
    ("3.0", "ordered-deny-overrides"): deny_overrides,
    ("3.0", "permit-overrides"): permit_overrides,
    ("3.0", "ordered-permit-overrides"): permit_overrides,
    ("3.0", "deny-unless-permit"): deny_unless_permit,
    ("3.0", "permit-unless-deny"): permit_unless_deny,
    ("1.0", "first-applicable"): first_applicable,
})  # fmt: skip
_LEGACY: Final = (
    ("1.0", "deny-overrides", legacy_deny_overrides, legacy_policy_deny_overrides),
    ("1.1", "ordered-deny-overrides", legacy_deny_overrides, legacy_policy_deny_overrides),
    ("1.0", "permit-overrides", legacy_permit_overrides, legacy_policy_permit_overrides),
    ("1.1", "ordered-permit-overrides", legacy_permit_overrides, legacy_policy_permit_overrides),
)
ONLY_ONE_APPLICABLE: Final = (
    "urn:oasis:names:tc:xacml:1.0:policy-combining-algorithm:only-one-applicable"
)


def _table(*rows: dict[str, Combine]) -> Mapping[str, Combine]:
    return MappingProxyType({key: combine for row in rows for key, combine in row.items()})


# QUIRK: policies of this domain name algorithms of the policy family for their rules; they mean the
# rule algorithm of that name. Held by test_ids_of_the_policy_family_are_accepted_for_rules.
RULE_COMBINING: Final = _table(*(
    row
    for family in ("rule", "policy")
    for row in (
        *(_ids(version, family, name, held) for (version, name), held in _OF_BOTH.items()),
        *(_ids(version, family, name, of_rules) for version, name, of_rules, _ in _LEGACY),
    )
))  # fmt: skip

POLICY_COMBINING: Final = _table(
    *(_ids(version, "policy", name, held) for (version, name), held in _OF_BOTH.items()),
    *(_ids(version, "policy", name, of_policies) for version, name, _, of_policies in _LEGACY),
    # Reads the one decision that `the_only_one` leaves.
    {ONLY_ONE_APPLICABLE: first_applicable},
)
