"""Names of people and machines as values: x500Name, rfc822Name, ipAddress and dnsName.

Each keeps the text it was given as, and compares by what the text means. XACML 3.0 core appendix
A.2 and A.3.1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address
from typing import Final

_TYPE_FORM: Final = re.compile(r"(?:[oO][iI][dD]\.)?([0-9]+(?:\.[0-9]+)*|[A-Za-z][A-Za-z0-9-]*)")
_HEX_FORM: Final = re.compile(r"#(?:[0-9A-Fa-f]{2})+")
_MUST_BE_ESCAPED: Final = frozenset('"<>')
# RFC 4514 section 3, and the one that RFC 2253 names by its OID in certificates.
_SHORT_NAMES: Final = {
    "2.5.4.3": "cn",
    "2.5.4.7": "l",
    "2.5.4.8": "st",
    "2.5.4.10": "o",
    "2.5.4.11": "ou",
    "2.5.4.6": "c",
    "2.5.4.9": "street",
    "0.9.2342.19200300.100.1.25": "dc",
    "0.9.2342.19200300.100.1.1": "uid",
    "1.2.840.113549.1.9.1": "emailaddress",
    "e": "emailaddress",
    "s": "st",
}

_RELATIVE_HOST: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_TOP_HOST: Final = r"[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
_PORTS_FORM: Final = re.compile(r"([0-9]{1,5})?(-)?([0-9]{1,5})?")
_IPV4_FORM: Final = re.compile(r"([0-9.]+)(?:/([0-9.]+))?(?::([0-9-]*))?")
_IPV6_FORM: Final = re.compile(r"\[([0-9A-Fa-f:.]+)\](?:/\[([0-9A-Fa-f:.]+)\])?(?::([0-9-]*))?")
_DNS_FORM: Final = re.compile(rf"((?:\*\.)?(?:{_RELATIVE_HOST}\.)*{_TOP_HOST})\.?(?::([0-9-]*))?")
_MAILBOX_FORM: Final = re.compile(r'([^\s@"]+|"(?:[^"\\\r\n]|\\.)+")@([^\s@]+)')

RelativeName = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class X500Name:
    """A distinguished name; `parts` are its relative names from the first written to the last.

    SPEC: A.3.1, x500Name-equal: types and values regardless of case, values with white space
    collapsed, the pairs of one relative name in any order (RFC 2253, RFC 3280 section 4.1.2.4).
    """

    text: str = field(compare=False)
    parts: tuple[RelativeName, ...]


@dataclass(frozen=True, slots=True)
class Rfc822Name:
    """A mailbox; its domain in lower case, its local part as it stands."""

    text: str = field(compare=False)
    local: str
    domain: str


@dataclass(frozen=True, slots=True)
class NetworkName:
    """An ipAddress or dnsName, with mask and ports where given; `ports` is (first, last)."""

    text: str = field(compare=False)
    host: str
    mask: str = ""
    ports: tuple[int, int] | None = None


def read_x500(text: str) -> X500Name:
    """A distinguished name as RFC 2253 writes it. Raises ValueError, as the readers below do."""
    return X500Name(text, _NameReader(text).read() if text else ())


def is_terminal(end: X500Name, whole: X500Name) -> bool:
    """Whether `end` is some last part of `whole`. SPEC: A.3.14, x500Name-match."""
    return whole.parts[len(whole.parts) - len(end.parts) :] == end.parts


class _NameReader:
    """Reads a distinguished name from left to right."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def read(self) -> tuple[RelativeName, ...]:
        parts: list[list[tuple[str, str]]] = [[self._pair()]]
        while self._at < len(self._text):
            separator = self._text[self._at]
            self._at += 1
            if separator == "+":
                parts[-1].append(self._pair())
            else:
                parts.append([self._pair()])
        return tuple(tuple(sorted(part)) for part in parts)

    def _pair(self) -> tuple[str, str]:
        name, equals, _ = self._text[self._at :].partition("=")
        found = _TYPE_FORM.fullmatch(name.strip())
        if not equals or found is None:
            raise ValueError(self._text)
        self._at += len(name) + 1
        short = found[1].lower()
        return _SHORT_NAMES.get(short, short), " ".join(self._value().lower().split())

    def _value(self) -> str:
        self._skip_spaces()
        if self._peek() == '"':
            return self._quoted()
        if self._peek() == "#":
            return self._hex()
        found = bytearray()
        while self._peek() not in {"", ",", ";", "+"}:
            if self._peek() in _MUST_BE_ESCAPED:
                raise ValueError(self._text)
            found += self._character()
        return found.decode()

    def _quoted(self) -> str:
        self._at += 1
        found = bytearray()
        while self._peek() != '"':
            found += self._character()
        self._at += 1
        self._skip_spaces()
        if self._peek() not in {"", ",", ";", "+"}:
            raise ValueError(self._text)
        return found.decode()

    def _hex(self) -> str:
        found = _HEX_FORM.match(self._text, self._at)
        if found is None:
            raise ValueError(self._text)
        self._at = found.end()
        self._skip_spaces()
        if self._peek() not in {"", ",", ";", "+"}:
            raise ValueError(self._text)
        return found[0]

    def _character(self) -> bytes:
        """The next character, or what the next escape stands for."""
        character = self._peek()
        if not character:
            raise ValueError(self._text)
        self._at += 1
        if character != "\\":
            return character.encode()
        pair = self._text[self._at : self._at + 2]
        if re.fullmatch("[0-9A-Fa-f]{2}", pair):
            self._at += 2
            return bytes.fromhex(pair)
        if pair[:1] and pair[:1] in ',=+<>#;"\\ ':
            self._at += 1
            return pair[:1].encode()
        raise ValueError(self._text)

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _skip_spaces(self) -> None:
        while self._peek().isspace():
            self._at += 1


def read_rfc822(text: str) -> Rfc822Name:
    """A mailbox: a local part, `@` and a domain."""
    found = _MAILBOX_FORM.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return Rfc822Name(text, found[1], found[2].lower())


def is_mailbox_of(wanted: str, mailbox: Rfc822Name) -> bool:
    """Whether a mailbox is the one wanted, or on the host or anywhere in the `.domain` wanted.

    SPEC: XACML 3.0 core A.3.14, rfc822Name-match.
    """
    local, at, domain = wanted.rpartition("@")
    if at:
        return (local, domain.lower()) == (mailbox.local, mailbox.domain)
    if domain.startswith("."):
        return f".{mailbox.domain}".endswith(domain.lower())
    return mailbox.domain == domain.lower()


def read_ip_address(text: str) -> NetworkName:
    """An IPv4 address, or an IPv6 address in brackets, with mask and ports if wanted."""
    for form, kind in ((_IPV4_FORM, IPv4Address), (_IPV6_FORM, IPv6Address)):
        found = form.fullmatch(text)
        if found is not None:
            mask = "" if found[2] is None else str(kind(found[2]))
            return NetworkName(text, str(kind(found[1])), mask, _ports(found[3]))
    raise ValueError(text)


def read_dns_name(text: str) -> NetworkName:
    """A host name, its first label perhaps `*`, with ports if wanted."""
    found = _DNS_FORM.fullmatch(text)
    if found is None:
        raise ValueError(text)
    return NetworkName(text, found[1].lower(), ports=_ports(found[2]))


def _ports(text: str | None) -> tuple[int, int] | None:
    """SPEC: A.2, `-n` is every port up to n, `n-` every port from n."""
    if not text:
        return None
    found = _PORTS_FORM.fullmatch(text)
    if found is None or not (found[1] or found[3]):
        raise ValueError(text)
    first, dash, last = int(found[1] or 0), found[2], int(found[3] or 65_535)
    ports = (first, last if dash else first)
    if not ports[0] <= ports[1] <= 65_535:
        raise ValueError(text)
    return ports
