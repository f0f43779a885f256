"""What a test world answers, beside what the public APIs have: docs/reference/endpoints.md."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from fullmakt.run.server.surface import ServedRoute

UPSTREAM = Path(__file__).with_name("upstream.yaml")
_PARAMETER = re.compile(r"\{[^}]+\}")
_NOT_SERVED = "not served"
_STATUSES = {"differs": "as Altinn, but: ", _NOT_SERVED: "not served: "}
_HEAD = """# Endpoints

What a test world answers, beside what the public APIs have. This page is made from
[`docs/upstream.yaml`](../upstream.yaml) and the program itself by `make openapi`; do not edit it.

| status | means |
|---|---|
| as Altinn | as the real service has it, with the oddities that are [kept](quirks.md) |
| as Altinn, but | the same with one difference, named; the rest stands in [quirks](quirks.md) |
| beyond | not in the public API: ours |
| not served | in the public API and not here, with the reason |

How each is called stands in [`openapi.json`](openapi.json), in OpenAPI 3.1; what each operation
is called, in [`routes.csv`](routes.csv).
"""
_BEYOND = "Beyond the public APIs"


class WrongStatusError(Exception):
    """The list of upstream endpoints says what is not so."""


@dataclass(frozen=True, slots=True)
class Upstream:
    """An endpoint of a public API. `note` begins with its status."""

    group: str
    host: str
    method: str
    path: str
    kind: str
    note: str

    @property
    def shape(self) -> tuple[str, str]:
        """What tells it from others, whatever its parameters are called."""
        return self.method, _PARAMETER.sub("{}", self.path)


def upstream() -> Iterator[Upstream]:
    """Every endpoint of the list. Raises: WrongStatusError."""
    for group in yaml.safe_load(UPSTREAM.read_text(encoding="utf-8")):
        for named, said in group["endpoints"].items():
            method, _, rest = named.partition(" ")
            ((kind, note),) = (said or {"": ""}).items()
            if kind not in {"", *_STATUSES}:
                message = f"{named}: `{kind}` is no status"
                raise WrongStatusError(message)
            path = f"{group['base']}{rest}"
            yield Upstream(group["group"], group.get("host", ""), method, path, kind, note)


def endpoints_page(routes: Sequence[ServedRoute]) -> str:
    """The whole page. Raises: WrongStatusError."""
    served = {(route.method, _PARAMETER.sub("{}", route.path)): route for route in routes}
    known = list(upstream())
    _check(known, served)
    groups: dict[str, list[str]] = {}
    for each in known:
        route = served.pop(each.shape, None)
        status = _STATUSES.get(each.kind, "as Altinn") + each.note
        rows = groups.setdefault(each.group, _heading(each))
        summary = "" if route is None else route.summary
        rows.append(_row(each.method, each.path if route is None else route.path, summary, status))
    rows = groups.setdefault(_BEYOND, [f"\n## {_BEYOND}\n", *_TABLE])
    rows.extend(
        _row(route.method, route.path, route.summary, "beyond") for route in served.values()
    )
    return "\n".join([_HEAD.rstrip("\n"), *(line for rows in groups.values() for line in rows), ""])


_TABLE = ("| | path | what it does | status |", "|---|---|---|---|")


def _heading(each: Upstream) -> list[str]:
    host = [f"The real host: {each.host}.\n"] if each.host else []
    return [f"\n## {each.group}\n", *host, *_TABLE]


def _row(method: str, path: str, summary: str, status: str) -> str:
    cells = (method, f"`{path}`", summary.replace("|", "\\|"), status)
    return f"| {' | '.join(cells)} |"


def _check(known: Sequence[Upstream], served: Mapping[tuple[str, str], ServedRoute]) -> None:
    times = Counter(each.shape for each in known)
    wrong = [
        f"{each.method} {each.path} is {fault}"
        for each in known
        if (fault := _fault(each, times[each.shape], is_served=each.shape in served))
    ]
    if wrong:
        message = "docs/upstream.yaml is not so:\n" + "\n".join(wrong)
        raise WrongStatusError(message)


def _fault(each: Upstream, times: int, *, is_served: bool) -> str:
    if times > 1:
        return "listed twice"
    if is_served:
        return "served" if each.kind == _NOT_SERVED else ""
    return "" if each.kind == _NOT_SERVED else "not served"
