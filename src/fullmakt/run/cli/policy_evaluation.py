"""Questions to policies from files and from lines of standard input."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path
from typing import BinaryIO

from fullmakt.access.policy.context.cases import answer_case
from fullmakt.access.policy.context.errors import ContextRefused
from fullmakt.access.policy.context.evaluation import Evaluator, is_xml
from fullmakt.access.policy.context.json_responses import write_json_response
from fullmakt.access.policy.context.xml_responses import write_xml_response
from fullmakt.access.policy.errors import PolicyRefused
from fullmakt.access.policy.semantics import ORIGINAL, STANDARD
from fullmakt.run.cli.complaints import Complaint
from fullmakt.run.cli.policy_documents import read_file, told

_LONGEST_LINE = 64 * 1024 * 1024


class Notation(Enum):
    """How a response is written."""

    JSON = auto()
    XML = auto()


def _evaluator(*, is_strict: bool) -> Evaluator:
    return Evaluator(ORIGINAL if is_strict else STANDARD)


def evaluate_files(
    policies: Sequence[Path], request: Path, *, notation: Notation | None, is_strict: bool
) -> str:
    """The response, in the request's own notation unless another is asked for.

    Raises: Complaint.
    """
    documents = [read_file(path, "policy") for path in policies]
    question = sys.stdin.buffer.read() if str(request) == "-" else read_file(request, "request")
    try:
        response = _evaluator(is_strict=is_strict).evaluate(
            documents, question, at=datetime.now(UTC)
        )
    except PolicyRefused as refused:
        raise Complaint(told(refused, policies)) from None
    except ContextRefused as refused:
        message = f"the request `{request}` is refused: {refused}"
        raise Complaint(message) from None
    if notation is None:
        notation = Notation.XML if is_xml(question) else Notation.JSON
    write = write_xml_response if notation is Notation.XML else write_json_response
    return write(response).decode()


def answer_lines(lines: BinaryIO, answers: BinaryIO, *, is_strict: bool) -> None:
    """Answer each line with one, as soon as it is read; blank lines are passed over."""
    evaluator = _evaluator(is_strict=is_strict)
    for line in _lines(lines):
        answer = answer_case(evaluator, line, at=datetime.now(UTC))
        try:
            answers.write(answer + b"\n")
            answers.flush()
        except BrokenPipeError:
            # Whoever asked has left; Python writes what is still buffered when it ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), answers.fileno())
            return


def _lines(lines: BinaryIO) -> Iterator[bytes]:
    """Each line, and of one that is too long its beginning, which is no JSON."""
    while line := lines.readline(_LONGEST_LINE):
        rest = line
        while len(rest) == _LONGEST_LINE and not rest.endswith(b"\n"):
            rest = lines.readline(_LONGEST_LINE)
        if line.strip():
            yield line
