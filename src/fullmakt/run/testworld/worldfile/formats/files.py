"""World files on disk: one file, or a folder whose files are one world together.

JSON and YAML files hold any sections, a CSV file the one it is named for. Entries of one section in
several files follow each other. A resource's `policyFile` names a file beside it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from fullmakt.run.testworld.worldfile.formats.json_source import read_json_source
from fullmakt.run.testworld.worldfile.formats.source import (
    FilesRefused,
    PlacedFault,
    Source,
    decoded,
)

POLICY_FILE: Final = "policyFile"
_POLICY: Final = "policy"
_DOMAIN: Final = "domain"
_META: Final = "meta"
_ENTRY: Final = re.compile(r"((?:domain\.)?\w+)\[(\d+)\](.*)", re.DOTALL)

Read = Callable[[str, bytes], Source]


@dataclass(frozen=True, slots=True)
class WorldFiles:
    """What the files say together, and where each value of it stands."""

    value: object
    place_of: Callable[[str], tuple[str, int | None]]

    def placed(self, path: str, told: str) -> PlacedFault:
        """A fault at `path`, with the file and line it stands on."""
        file, line = self.place_of(path)
        return PlacedFault(file, line, told)


def _reader(path: Path) -> Read | None:
    # SPEED: what a format needs is loaded when there is a file of it.
    match path.suffix.casefold():
        case ".yaml" | ".yml":
            from fullmakt.run.testworld.worldfile.formats.yaml_source import (  # noqa: PLC0415
                read_yaml_source,
            )

            return read_yaml_source
        case ".csv":
            from fullmakt.run.testworld.worldfile.formats.csv_source import (  # noqa: PLC0415
                read_csv_source,
            )

            return read_csv_source
        case ".json":
            return read_json_source
        case _:
            return None


def read_world_files(path: Path) -> WorldFiles:
    """The world that a file or the files of a folder say. Raises: FilesRefused, OSError.

    In a folder, files of other kinds are left alone; a file by itself is JSON if it is no other.
    """
    if not path.is_dir():
        source = (_reader(path) or read_json_source)(str(path), path.read_bytes())
        faults: list[PlacedFault] = []
        source = _with_policies(source, faults)
        if faults:
            raise FilesRefused(faults)
        return WorldFiles(source.value, lambda at: (source.file, source.line_of(at)))
    return _read_folder(path)


def _read_folder(folder: Path) -> WorldFiles:
    sources: list[Source] = []
    faults: list[PlacedFault] = []
    for path in sorted(folder.iterdir()):
        read = _reader(path)
        if read is not None and path.is_file():
            try:
                sources.append(_with_policies(read(str(path), path.read_bytes()), faults))
            except FilesRefused as refused:
                faults.extend(refused.faults)
    if not sources and not faults:
        told = "holds no world file: none ends in .json, .yaml, .yml or .csv"
        faults.append(PlacedFault(str(folder), None, told))
    merged = _Merged(str(folder), faults)
    for source in sources:
        merged.add(source)
    if faults:
        raise FilesRefused(faults)
    return WorldFiles(merged.value, merged.place_of)


def _with_policies(source: Source, faults: list[PlacedFault]) -> Source:
    """The source with each named policy file's text in its place."""
    value = source.value
    if not isinstance(value, dict) or not isinstance(value.get("resources"), list):
        return source
    resources = []
    for n, entry in enumerate(value["resources"]):
        kept = entry
        if isinstance(entry, dict) and POLICY_FILE in entry:
            try:
                kept = _with_policy(source, entry)
            except ValueError as fault:
                path = f"resources[{n}].{POLICY_FILE}"
                named = entry[POLICY_FILE]
                told = f"{path}: `{named}` {fault}"
                faults.append(PlacedFault(source.file, source.line_of(path), told))
        resources.append(kept)
    return replace(source, value={**value, "resources": resources})


def _with_policy(source: Source, entry: Mapping[str, object]) -> Mapping[str, object]:
    named = entry[POLICY_FILE]
    if _POLICY in entry:
        raise ValueError(f"cannot stand beside `{_POLICY}`")
    if not isinstance(named, str):
        raise ValueError("must be text")  # noqa: TRY004  one kind of fault for all
    folder = Path(source.file).parent.resolve()
    path = (folder / named).resolve()
    if not path.is_relative_to(folder):
        raise ValueError(f"is not inside `{folder.name}`")
    try:
        document = decoded(str(path), path.read_bytes())
    except OSError as fault:
        raise ValueError(f"cannot be read: {fault.strerror}") from None
    plain = {name: value for name, value in entry.items() if name != POLICY_FILE}
    return {**plain, _POLICY: document}


class _Merged:
    """The sections of several sources as one value, and which source each entry is from."""

    def __init__(self, folder: str, faults: list[PlacedFault]) -> None:
        self._folder = folder
        self._faults = faults
        self._entries: dict[str, list[tuple[Source, int]]] = {}
        self._others: dict[str, Source] = {}
        self.value: dict[str, object] = {}

    def add(self, source: Source) -> None:
        """Let the source's sections follow those that are here."""
        if not isinstance(source.value, dict):
            self._fault(source, "", "must be an object of sections")
            return
        for name, section in source.value.items():
            if name in {_DOMAIN, _META}:
                self._add_members(source, name, section)
            else:
                self._add_section(source, name, section, self.value)

    def _fault(self, source: Source, path: str, told: str) -> None:
        self._faults.append(PlacedFault(source.file, source.line_of(path), told))

    def _add_members(self, source: Source, name: str, section: object) -> None:
        if section is None:
            return
        if not isinstance(section, dict):
            self._fault(source, name, f"{name}: must be an object")
            return
        inside = self.value.setdefault(name, {})
        assert isinstance(inside, dict), "made here"
        for member, value in section.items():
            if name == _DOMAIN:
                self._add_section(source, member, value, inside, prefix=f"{_DOMAIN}.")
                continue
            path = f"{name}.{member}"
            if inside.setdefault(member, value) != value:
                self._fault(source, path, f"{path}: says otherwise than {self._others[path].file}")
            self._others.setdefault(path, source)

    def _add_section(
        self,
        source: Source,
        name: str,
        section: object,
        inside: dict[str, object],
        *,
        prefix: str = "",
    ) -> None:
        path = f"{prefix}{name}"
        self._others.setdefault(path, source)
        if section is None:
            return
        if not isinstance(section, list):
            self._fault(source, path, f"{path}: must be a list")
            return
        entries = inside.setdefault(name, [])
        assert isinstance(entries, list), "made here"
        entries.extend(section)
        self._entries.setdefault(path, []).extend((source, n) for n in range(len(section)))

    def place_of(self, path: str) -> tuple[str, int | None]:
        """The file and line of the value at `path`."""
        found = _ENTRY.fullmatch(path)
        entries = self._entries.get(found[1], []) if found else []
        if found and int(found[2]) < len(entries):
            source, number = entries[int(found[2])]
            return source.file, source.line_of(f"{found[1]}[{number}]{found[3]}")
        for at in _outwards(path):
            if at in self._others:
                return self._others[at].file, self._others[at].line_of(path)
        return self._folder, None


def _outwards(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
