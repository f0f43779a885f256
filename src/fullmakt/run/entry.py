"""The console script: hands over to the command line, or says what to install.

Standard library only, because `pip install fullmakt` brings the SDK without the server. What the
commands are and do is in `run/cli`.
"""

from __future__ import annotations

import sys


def main() -> int:
    """Run the command line and give its exit code.

    2 when a library of the `server` extra is not installed, as for any other wrong use.
    """
    try:
        from fullmakt.run.cli.app import main as command  # noqa: PLC0415 - may be missing

        return command()
    except ModuleNotFoundError as missing:
        library = (missing.name or "").partition(".")[0]
        if library in {"", "fullmakt"}:
            raise
        sys.stderr.write(
            f"fullmakt: `{library}` is not installed; the server needs it:"
            " pip install 'fullmakt[server]'\n"
        )
        return 2


if __name__ == "__main__":
    sys.exit(main())
