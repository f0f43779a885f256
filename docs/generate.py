"""Writes the reference pages that are made from the code: `make openapi`.

`python -m docs.generate` writes each; tests hold each to what would be written now.
"""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from docs.endpoints import endpoints_page
from fullmakt.run.testworld.description import described_world
from fullmakt.run.testworld.routes import world_routes

REFERENCE = Path(__file__).parent / "reference"


def routes_csv() -> str:
    """Every route of a test world: method, path, what its operation is called, what answers it."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(["method", "path", "operation", "answered by"])
    for route in world_routes():
        answered_by = "plain ASGI" if route.is_hot else "Litestar"
        lines.writerow([route.method, route.path, route.operation, answered_by])
    return text.getvalue()


def openapi_json() -> str:
    """The description of a test world, a member on each line."""
    described = described_world(world_routes())
    return json.dumps(described, indent=1, ensure_ascii=False) + "\n"


PAGES: Mapping[str, Callable[[], str]] = {
    "routes.csv": routes_csv,
    "openapi.json": openapi_json,
    "endpoints.md": lambda: endpoints_page(world_routes()),
}


def main() -> None:
    """Write each page that is not as it would be written now."""
    for name, write in PAGES.items():
        page, text = REFERENCE / name, write()
        if not page.exists() or page.read_text(encoding="utf-8") != text:
            page.write_text(text, encoding="utf-8")
            sys.stdout.write(f"written: {page.relative_to(REFERENCE.parent.parent)}\n")


if __name__ == "__main__":
    main()
