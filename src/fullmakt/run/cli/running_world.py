"""The world that a command is about: found by address or run file, and spoken to over HTTP."""

from __future__ import annotations

import functools
import json
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

import click

from fullmakt.run.cli.complaints import Complaint
from fullmakt.run.testworld.run_file import DEFAULT, UnreadableRunFileError, read_run_file

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
_TIMEOUT_S = 300.0
_MOST_TOLD = 5


class RefusedByWorld(Complaint):
    """A running world refused a call. `faults` are the paths and words of what is wrong."""

    def __init__(self, message: str, faults: list[tuple[str, str]]) -> None:
        super().__init__(message)
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Target:
    """Where a running world is, and its secret if it is known."""

    url: str
    secret: str | None = field(repr=False)

    def ask_lines(self, method: str, path: str, body: object) -> Iterator[str]:
        """Call the control surface and give the lines of its answer, as they come.

        Raises: Complaint, RefusedByWorld.
        """
        import httpx  # noqa: PLC0415  as in `ask`

        headers = {} if self.secret is None else {"authorization": f"Bearer {self.secret}"}
        address = f"{self.url}/fullmakt/{path}"
        try:
            with httpx.stream(
                method, address, json=body, headers=headers, timeout=_TIMEOUT_S, trust_env=False
            ) as answer:
                if answer.is_error:
                    content = answer.read()
                    told = _told(answer.status_code, answer.headers, content)
                    raise RefusedByWorld(told, _faults(content))
                yield from answer.iter_lines()
        except httpx.HTTPError as fault:
            message = f"no world answers at {self.url}: {str(fault) or type(fault).__name__}"
            raise Complaint(message) from None

    def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  JSON
        """Call the control surface and give what it answers. Raises: Complaint, RefusedByWorld."""
        # SPEED: loaded when something is asked, not for help and mistakes.
        import httpx  # noqa: PLC0415

        headers = {} if self.secret is None else {"authorization": f"Bearer {self.secret}"}
        try:
            answer = httpx.request(
                method,
                f"{self.url}/fullmakt/{path}",
                json=body,
                headers=headers,
                timeout=_TIMEOUT_S,
                trust_env=False,
            )
        except httpx.HTTPError as fault:
            message = f"no world answers at {self.url}: {str(fault) or type(fault).__name__}"
            raise Complaint(message) from None
        if answer.is_error:
            told = _told(answer.status_code, answer.headers, answer.content)
            raise RefusedByWorld(told, _faults(answer.content))
        try:
            return answer.json()
        except ValueError:
            message = f"what answers at {self.url} is not a world of Fullmakt"
            raise Complaint(message) from None


def _faults(body: bytes) -> list[tuple[str, str]]:
    try:
        entries = json.loads(body).get("validationErrors") or []
        return [(str(entry["paths"][0]), str(entry["detail"])) for entry in entries]
    except (ValueError, AttributeError, KeyError, IndexError, TypeError):
        return []


def _told(status: int, headers: Any, body: bytes) -> str:  # noqa: ANN401  httpx is not loaded here
    """What a refusal says, in one line."""
    challenge = headers.get("www-authenticate", "")
    if 'error_description="' in challenge:
        reason = challenge.partition('error_description="')[2].rstrip('"')
        return f"the world refused ({status}): {reason}"
    try:
        problem = json.loads(body)
    except ValueError:
        return f"the world refused ({status})"
    entries = problem.get("validationErrors") or []
    told = [str(entry.get("detail") or entry.get("title")) for entry in entries]
    told += [f"{name}: {' '.join(texts)}" for name, texts in (problem.get("errors") or {}).items()]
    if not told:
        told = [str(problem.get("detail") or problem.get("title") or "no reason was given")]
    more = f"; and {len(told) - _MOST_TOLD} more" if len(told) > _MOST_TOLD else ""
    return f"the world refused ({status}): {'; '.join(told[:_MOST_TOLD])}{more}"


def find_target(base_url: str | None, secret: str | None, run_file: Path) -> Target:
    """The world that options, environment or run file name, in that order. Raises: Complaint."""
    url = base_url or os.environ.get("FULLMAKT_URL")
    secret = secret or os.environ.get("FULLMAKT_SECRET")
    if secret is not None and not secret.isascii():
        message = "the secret has a character that no secret has; it stands in the run file"
        raise Complaint(message)
    if url is not None:
        return Target(_checked(url), secret)
    try:
        running = read_run_file(run_file)
    except FileNotFoundError:
        message = f"no world is running here (no `{run_file}`): start `fullmakt serve`, or give"
        message += " --base-url and --secret"
        raise Complaint(message) from None
    except OSError as fault:
        message = f"the run file `{run_file}` cannot be read: {fault.strerror}"
        raise Complaint(message) from None
    except UnreadableRunFileError as fault:
        raise Complaint(str(fault)) from None
    return Target(_checked(running.url), secret or running.secret)


def _checked(url: str) -> str:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
        is_address = is_address and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address:
        message = f"the base URL must be as `http://127.0.0.1:8080`: `{url[:80]}`"
        raise Complaint(message)
    return url.rstrip("/")


def about_a_world(command: Callable[..., Result]) -> Callable[..., Result]:
    """Give a command the options that name a running world, and the world as `target`."""

    @click.option("--base-url", help="Where the world is; else FULLMAKT_URL, else the run file.")
    @click.option("--secret", help="Its secret; else FULLMAKT_SECRET, else the run file.")
    @click.option("--run-file", type=click.Path(path_type=Path), default=DEFAULT, show_default=True)
    @functools.wraps(command)
    def with_target(
        *args: Any,  # noqa: ANN401  the command's own
        base_url: str | None,
        secret: str | None,
        run_file: Path,
        **options: Any,  # noqa: ANN401  the command's own
    ) -> Result:
        return command(*args, target=find_target(base_url, secret, run_file), **options)

    return with_target
