"""What a delegation check means for the system user that is to be made."""

from __future__ import annotations

import pytest

from fullmakt.access.delegations.model import PackageCheck, Right, RightCheck
from fullmakt.systems.system_users import giving_errors as errors
from fullmakt.systems.system_users import rules

CODES = {
    "MissingRoleAccess": "AUTH-00016",
    "MissingDelegationAccess": "AUTH-00018",
    "MissingSrrRightAccess": "AUTH-00019",
    "InsufficientAuthenticationLevel": "AUTH-00020",
    "MissingPackageAccess": "AUTH-00068",
    "AccessListValidationFail": "AUTH-00069",
    "ResourceNotDelegable": "AUTH-00070",
    "ResourceIsMaskinPortenSchema": "AUTH-00071",
    "Unknown": "AUTH-00014",
    "SomethingNew": "AUTH-00014",
}


@pytest.mark.parametrize("reason", CODES)
def test_a_right_that_cannot_be_given_on_has_the_code_of_its_reason(reason: str) -> None:
    check = RightCheck(Right("r", "read"), may_delegate=False, reason=reason)

    with pytest.raises(errors.RightNotDelegable) as refused:
        rules.delegable_rights([check], resource="r", person="P", party="F")

    assert refused.value.code == CODES[reason]
    assert refused.value.detail == f"`P` may not delegate `r` for `F`: {reason}"
    assert refused.value.status == 403


def test_one_right_that_can_be_given_on_is_enough_and_only_it_is_given() -> None:
    read, write = Right("r", "read"), Right("r", "write")
    checks = [
        RightCheck(write, may_delegate=False, reason="MissingRoleAccess"),
        RightCheck(read, may_delegate=True, reason="RoleAccess"),
    ]

    given_on = rules.delegable_rights(checks, resource="r", person="P", party="F")

    assert given_on == {read}


def test_a_service_without_any_action_cannot_be_given_on() -> None:
    with pytest.raises(errors.RightNotDelegable) as refused:
        rules.delegable_rights([], resource="r", person="P", party="F")

    assert refused.value.code == "AUTH-00014"


def test_only_the_packages_that_cannot_be_given_on_are_named() -> None:
    checks = [
        PackageCheck("a", may_delegate=True, reason="Direct-RolePackage"),
        PackageCheck("b", may_delegate=False, reason="nothing held"),
    ]

    with pytest.raises(errors.PackagesNotDelegable) as refused:
        rules.check_packages_delegable(checks, person="P", party="F")

    assert refused.value.detail == "`P` may not delegate for `F`: `b` (nothing held)"
