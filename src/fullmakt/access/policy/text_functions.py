"""Functions of strings and of values as strings: XACML 3.0 core A.3.3, A.3.9, A.3.13 and A.3.14."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from fullmakt.access.policy import data_types as types
from fullmakt.access.policy import names
from fullmakt.access.policy.data_types import DATA_TYPES, BadLiteral, Value, read_value
from fullmakt.access.policy.names_and_addresses import is_mailbox_of, is_terminal
from fullmakt.access.policy.outcome import Fault
from fullmakt.access.policy.patterns import BadPattern, TextTooLong, compile_pattern
from fullmakt.access.policy.signatures import (
    ANY_URI,
    BOOLEAN,
    INTEGER,
    RFC822_NAME,
    STRING,
    V1,
    V2,
    V3,
    X500_NAME,
    Function,
    TypeOf,
)

LONGEST_TEXT = 1_000_000
_MATCHED_AS_TEXT = {
    types.ANY_URI: V2,
    types.IP_ADDRESS: V2,
    types.DNS_NAME: V2,
    types.RFC822_NAME: V2,
    types.X500_NAME: V2,
}


def equal_ignoring_case(left: str, right: str) -> bool:
    """SPEC: XACML 3.0 core A.3.1, both sides to lower case and then compared; no case folding."""
    return left.lower() == right.lower()


def regexp_match(pattern: str, text: str) -> bool:
    """Whether the pattern is found anywhere in the text; anchors are the pattern's own."""
    try:
        return compile_pattern(pattern).is_found_in(text)
    except (BadPattern, TextTooLong) as fault:
        raise Fault(f"the regular expression cannot be matched: {fault}") from fault


def normalize_space(text: str) -> str:
    """The text without white space at its ends."""
    return text.strip(" \t\r\n")


def _concatenated(*texts: str) -> str:
    if sum(map(len, texts)) > LONGEST_TEXT:
        raise Fault(f"a string of more than {LONGEST_TEXT} characters")
    return "".join(texts)


def _starts_with(start: str, text: str) -> bool:
    return text.startswith(start)


def _ends_with(end: str, text: str) -> bool:
    return text.endswith(end)


def _contains(part: str, text: str) -> bool:
    return part in text


def _substring(text: str, start: int, end: int) -> str:
    last = len(text) if end == -1 else end
    if not 0 <= start <= last <= len(text):
        raise Fault(f"from {start} to {end} is outside a string of {len(text)} characters")
    return text[start:last]


def _reader_of(uri: str) -> Callable[[str], Value]:
    def read(text: str) -> Value:
        try:
            return read_value(uri, text)
        except BadLiteral as fault:
            raise Fault(str(fault), code=names.STATUS_SYNTAX_ERROR) from fault

    return read


def _writer_of(canonical: Callable[[Value], str]) -> Callable[[Value], str]:
    def write(value: Value) -> str:
        try:
            return canonical(value)
        except OverflowError as fault:
            raise Fault("a date outside the years 0001 to 9999") from fault

    return write


def _matcher_of(write: Callable[[Value], str]) -> Callable[[str, Value], bool]:
    return lambda pattern, value: regexp_match(pattern, write(value))


def _uri_concatenated(uri: str, *texts: str) -> Value:
    return _reader_of(types.ANY_URI)(_concatenated(uri, *texts))


def text_functions() -> Iterator[Function]:
    """The rows of these functions."""
    yield Function(V3 + "string-equal-ignore-case", (STRING, STRING), BOOLEAN, equal_ignoring_case)
    yield Function(V1 + "string-normalize-space", (STRING,), STRING, normalize_space)
    yield Function(V1 + "string-normalize-to-lower-case", (STRING,), STRING, str.lower)
    yield Function(
        V2 + "string-concatenate", (STRING, STRING), STRING, _concatenated, repeated=STRING
    )
    # SPEC: A.4, deprecated and kept.
    yield Function(
        V2 + "uri-string-concatenate",
        (ANY_URI, STRING),
        ANY_URI,
        _uri_concatenated,
        repeated=STRING,
    )
    for name, text in (("string", STRING), ("anyURI", ANY_URI)):
        yield Function(f"{V3}{name}-starts-with", (STRING, text), BOOLEAN, _starts_with)
        yield Function(f"{V3}{name}-ends-with", (STRING, text), BOOLEAN, _ends_with)
        yield Function(f"{V3}{name}-contains", (STRING, text), BOOLEAN, _contains)
        yield Function(f"{V3}{name}-substring", (text, INTEGER, INTEGER), STRING, _substring)
    yield from _conversions()
    yield from _matches()


def _conversions() -> Iterator[Function]:
    without = {types.STRING, types.HEX_BINARY, types.BASE64_BINARY}
    for uri, data_type in DATA_TYPES.items():
        if uri not in without:
            one, name = TypeOf(uri), data_type.name
            yield Function(f"{V3}{name}-from-string", (STRING,), one, _reader_of(uri))
            write = _writer_of(data_type.canonical)
            yield Function(f"{V3}string-from-{name}", (one,), STRING, write)


def _matches() -> Iterator[Function]:
    yield Function(V1 + "x500Name-match", (X500_NAME, X500_NAME), BOOLEAN, is_terminal)
    yield Function(V1 + "rfc822Name-match", (STRING, RFC822_NAME), BOOLEAN, is_mailbox_of)
    yield Function(V1 + "string-regexp-match", (STRING, STRING), BOOLEAN, regexp_match)
    for uri, version in _MATCHED_AS_TEXT.items():
        data_type = DATA_TYPES[uri]
        matches = _matcher_of(data_type.write)
        name = f"{version}{data_type.name}-regexp-match"
        yield Function(name, (STRING, TypeOf(uri)), BOOLEAN, matches)
