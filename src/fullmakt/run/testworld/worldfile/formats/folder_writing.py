"""A world written as a folder of CSV files, with its policies and what is said of it beside."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from fullmakt.run.testworld.worldfile.formats.csv_writing import write_csv
from fullmakt.run.testworld.worldfile.formats.files import POLICY_FILE

_POLICIES: Final = "policies"
_META: Final = "meta.json"
_PLAIN_NAME: Final = re.compile(r"[\w.-]+")


class FolderInUseError(Exception):
    """The folder holds something already, which might be taken for a part of the world."""


def write_folder(folder: Path, world: Mapping[str, object]) -> list[Path]:
    """Write the world as CSV into a folder that is new or empty; the files written.

    Raises: FolderInUseError, UnwritableError, OSError.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderInUseError(str(folder))
    policies, resources = _policies_apart(world)
    tables = [(f"{name}.csv", text) for name, text in write_csv({**world, "resources": resources})]
    meta = json.dumps({"meta": world.get("meta")}, ensure_ascii=False, indent=1)
    written = []
    for name, text in [(_META, f"{meta}\n"), *tables, *policies]:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")
        written.append(path)
    return written


def _policies_apart(
    world: Mapping[str, object],
) -> tuple[list[tuple[str, str]], list[Mapping[str, object]]]:
    """The policies that are documents, as files, and the resources that name them."""
    policies: list[tuple[str, str]] = []
    resources: list[Mapping[str, object]] = []
    listed = world.get("resources")
    assert isinstance(listed, list), "what is exported has this shape"
    for number, entry in enumerate(listed):
        identifier = str(entry["identifier"])
        if "policy" in entry:
            stem = identifier if _PLAIN_NAME.fullmatch(identifier) else f"policy-{number}"
            name = f"{_POLICIES}/{stem}.xml"
            policies.append((name, str(entry["policy"])))
            plain = {member: value for member, value in entry.items() if member != "policy"}
            resources.append({**plain, POLICY_FILE: name})
        else:
            resources.append(entry)
    return policies, resources
