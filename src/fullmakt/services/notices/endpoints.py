"""Which addresses a webhook may have, and sending to them without being led elsewhere.

The host is looked up anew for every sending, every address it leads to must be permitted, and the
connection is made to the one that was looked at. Redirects are not followed; proxies of the
environment are not used.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import SplitResult, urlsplit, urlunsplit

from fullmakt.services.notices.errors import EndpointRefused

_TIMEOUT_S = 10.0
_LONGEST = 2000


class EndpointRule(StrEnum):
    """Where notices may go: this machine alone (a test world), or public addresses by HTTPS."""

    LOOPBACK = "loopback"
    PUBLIC = "public"


@dataclass(frozen=True, slots=True)
class Answered:
    """How an endpoint answered. `allowed_origin` is its `WebHook-Allowed-Origin`."""

    status: int
    allowed_origin: str = ""


class Unreachable(Exception):
    """The endpoint did not answer, or may not be asked; the text says why."""


def check_endpoint(url: str, rule: EndpointRule) -> SplitResult:
    """The parts of an address that notices may go to. Raises: EndpointRefused."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused(url, "it cannot be read") from None
    if len(url) > _LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        raise _refused(url, f"it must be printable ASCII of at most {_LONGEST} characters")
    schemes = {"https"} if rule is EndpointRule.PUBLIC else {"https", "http"}
    if parts.scheme not in schemes:
        raise _refused(url, f"it must begin with {' or '.join(sorted(schemes))}")
    if not parts.hostname or port == 0:
        raise _refused(url, "it names no host")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise _refused(url, "it must have no user, password or fragment")
    return parts


def _refused(url: str, why: str) -> EndpointRefused:
    message = f"notices cannot go to `{url[:200]}`: {why}"
    return EndpointRefused(message)


def send(
    method: str, url: str, rule: EndpointRule, *, headers: Mapping[str, str], body: bytes = b""
) -> Answered:
    """Send one request and read how it was answered, not what.

    Raises: EndpointRefused, Unreachable.
    """
    # Imported here: a server that sends no notices starts without it.
    import httpx  # noqa: PLC0415

    parts = check_endpoint(url, rule)
    host = parts.hostname or ""
    address = _address(host, parts.port or (443 if parts.scheme == "https" else 80), rule)
    shown = f"[{address}]" if ":" in address else address
    port = f":{parts.port}" if parts.port else ""
    target = urlunsplit((parts.scheme, f"{shown}{port}", parts.path or "/", parts.query, ""))
    try:
        with (
            httpx.Client(trust_env=False, timeout=_TIMEOUT_S) as client,
            client.stream(
                method,
                target,
                headers={**headers, "host": parts.netloc},
                content=body,
                extensions={"sni_hostname": host},
            ) as answer,
        ):
            return Answered(answer.status_code, answer.headers.get("webhook-allowed-origin", ""))
    except httpx.HTTPError as fault:
        raise Unreachable(type(fault).__name__) from None


def _address(host: str, port: int, rule: EndpointRule) -> str:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        message = f"`{host}` has no address"
        raise Unreachable(message) from None
    addresses = [str(each[4][0]).partition("%")[0] for each in found]
    for each in addresses:
        if not is_permitted(each, rule):
            where = "this machine" if rule is EndpointRule.LOOPBACK else "the public network"
            message = f"notices cannot go to `{host}`: `{each}` is not on {where}"
            raise EndpointRefused(message)
    return addresses[0]


def is_permitted(address: str, rule: EndpointRule) -> bool:
    """Whether notices may go to an IP address."""
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address) and ip.ipv4_mapped is not None:
        ip = ip.ipv4_mapped
    if rule is EndpointRule.LOOPBACK:
        return ip.is_loopback
    return ip.is_global and not ip.is_multicast
