"""The SDK's public list: complete, in order, and light."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import fullmakt.vendor
from fullmakt.vendor import VendorError, _exceptions

SERVER_LIBRARIES = ("alembic", "litestar", "lxml", "msgspec", "sqlalchemy", "uvicorn")


def test_the_list_is_what_the_package_has() -> None:
    has = {
        name
        for name, value in vars(fullmakt.vendor).items()
        if not name.startswith("_") and not inspect.ismodule(value) and name != "annotations"
    }

    assert set(fullmakt.vendor.__all__) == has


def test_the_list_is_in_order_and_names_nothing_twice() -> None:
    assert list(fullmakt.vendor.__all__) == sorted(set(fullmakt.vendor.__all__))


@pytest.mark.parametrize("name", fullmakt.vendor.__all__)
def test_everything_on_the_list_says_what_it_is(name: str) -> None:
    offered = getattr(fullmakt.vendor, name)

    assert not isinstance(offered, type) or inspect.getdoc(offered)


def test_every_exception_is_on_the_list() -> None:
    defined = {
        name
        for name, value in vars(_exceptions).items()
        if isinstance(value, type) and issubclass(value, VendorError)
    }

    assert defined <= set(fullmakt.vendor.__all__)


def test_importing_the_sdk_loads_nothing_of_the_server() -> None:
    program = f"import sys, fullmakt.vendor; print(set({SERVER_LIBRARIES!r}) & set(sys.modules))"

    finished = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )

    assert finished.stdout.strip() == "set()"
