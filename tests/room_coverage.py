"""Holds the rooms that decide to full branch coverage, in the same run as all other tests.

`pytest --hold-coverage` fails when some branch of them is taken by no test that is about them; it
prints which. What is measured stands in `pyproject.toml` under *coverage*. Only those tests are
measured, only on SQLite, and only while they are called: measuring a room's tests doubles what they
take. What random examples happen to take does not count, and each test begins with nothing kept of
the test before it, so the answer is the same in every run.
"""

from __future__ import annotations

import io
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from functools import _lru_cache_wrapper
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest
from coverage import Coverage

MEASURED = (
    "tests/unit/policy/",
    "tests/unit/decisions/",
    "tests/cases/policy/",
    "tests/cases/decisions/",
    "tests/cases/differences/",
    "tests/cases/giving/",
)
_FILE = "coverage"


class RoomCoverage:
    """Measures in every process that runs tests; the one that began the run tells the result."""

    def __init__(self, config: pytest.Config, folder: Path, *, is_worker: bool) -> None:
        settings = str(config.rootpath / "pyproject.toml")
        self._coverage = Coverage(str(folder / _FILE), data_suffix=True, config_file=settings)
        self._folder, self._settings, self._is_worker = folder, settings, is_worker
        self._report = ""
        self._kept = list(_kept_answers(self._import_rooms()))

    def _import_rooms(self) -> list[ModuleType]:
        """Definitions are measured as they are imported: here, before any test imports them."""
        rooms = self._coverage.get_option("run:source_pkgs")
        assert isinstance(rooms, list)
        early = [
            name for name in sys.modules if name.startswith(tuple(f"{room}." for room in rooms))
        ]
        if early:
            message = f"`{early[0]}` is imported before coverage can be measured"
            raise pytest.UsageError(message)
        self._coverage.start()
        modules = [
            import_module(module.name)
            for package in map(import_module, rooms)
            for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}.")
        ]
        self._coverage.stop()
        return modules

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Iterator[None]:
        """Measure the test, if it is about the rooms."""
        if not is_measured(item):
            yield
            return
        for kept in self._kept:
            kept.cache_clear()
        self._coverage.start()
        try:
            yield
        finally:
            self._coverage.stop()

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Save what was measured; at the end of the whole run fail if it is not everything."""
        self._coverage.save()
        if self._is_worker or session.exitstatus != pytest.ExitCode.OK:
            return
        together = Coverage(str(self._folder / _FILE), config_file=self._settings)
        together.combine([str(self._folder)])
        report = io.StringIO()
        if together.report(file=report) < 100:
            self._report = report.getvalue()
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Tell what no test takes."""
        if self._report:
            terminalreporter.section("no test takes", red=True, bold=True)
            terminalreporter.write(self._report)


def _kept_answers(modules: Iterable[ModuleType]) -> Iterator[_lru_cache_wrapper[object]]:
    for module in modules:
        for value in vars(module).values():
            if isinstance(value, _lru_cache_wrapper):
                yield value


def is_measured(item: pytest.Item) -> bool:
    """Whether the test is about the rooms, and not the same again on another engine."""
    parameters = getattr(item, "callspec", None)
    is_again = parameters is not None and "postgresql" in parameters.params.values()
    return item.nodeid.startswith(MEASURED) and not is_again
