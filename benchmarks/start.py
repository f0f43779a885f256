"""`fullmakt serve --memory` to its first answer, beside importing what it stands on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from benchmarks.targets import Target, note

_ROUNDS = 3
_SOON_S = 1.5
_IMPORTS = "import litestar, sqlalchemy, uvicorn"


def main() -> None:
    """Print the figures."""
    served = sorted(_served() for _ in range(_ROUNDS))
    imported = sorted(_imported() for _ in range(_ROUNDS))
    middle, beside = served[_ROUNDS // 2], imported[_ROUNDS // 2]
    print(f"  serve --memory to first answer {middle:.2f} s ({served[0]:.2f}…{served[-1]:.2f})")
    print(f"  {_IMPORTS} {beside:.2f} s")
    print(f"  serve / imports {middle / beside:.2f}")
    note(Target.START, min(middle / _SOON_S, middle / (2 * beside)))


def _served() -> float:
    with tempfile.TemporaryDirectory() as folder:
        run_file = Path(folder) / "run.json"
        command = [str(Path(sys.executable).parent / "fullmakt"), "serve", "--memory"]
        command += ["--port", "0", "--run-file", str(run_file)]
        begun = time.monotonic()
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            process.stdout.readline()
            url = json.loads(run_file.read_text())["url"]
            urllib.request.urlopen(f"{url}/fullmakt/health", timeout=10).close()
            return time.monotonic() - begun
        finally:
            process.terminate()
            process.wait(timeout=30)


def _imported() -> float:
    begun = time.monotonic()
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run([sys.executable, "-c", _IMPORTS], check=True, env=environment)
    return time.monotonic() - begun


if __name__ == "__main__":
    main()
