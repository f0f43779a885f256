"""The console script where the server's libraries are missing, as after a plain `pip install`."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest


def run_entry_without(library: str) -> subprocess.CompletedProcess[str]:
    """Run `main()` in a Python of its own that cannot import `library`."""
    program = f"""
        import sys
        sys.modules[{library!r}] = None
        from fullmakt.run.entry import main
        sys.exit(main())
    """
    command = [sys.executable, "-c", textwrap.dedent(program), "--help"]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("library", ["click"])
def test_without_the_server_extra_one_line_says_what_to_install(library: str) -> None:
    finished = run_entry_without(library)

    assert finished.stderr == (
        f"fullmakt: `{library}` is not installed; the server needs it:"
        " pip install 'fullmakt[server]'\n"
    )
    assert finished.stdout == ""
    assert finished.returncode == 2


def test_a_fault_of_our_own_is_not_taken_for_a_missing_library() -> None:
    finished = run_entry_without("fullmakt.run.cli.app")

    assert "pip install" not in finished.stderr
    assert "ModuleNotFoundError: import of fullmakt.run.cli.app halted" in finished.stderr


def test_the_entry_point_itself_needs_only_the_standard_library() -> None:
    program = """
        import sys
        before = set(sys.modules)
        import fullmakt.run.entry
        new = {name.partition(".")[0] for name in set(sys.modules) - before}
        print(sorted(new - set(sys.stdlib_module_names) - {"fullmakt"}))
    """

    finished = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )

    assert finished.stdout.strip() == "[]"
