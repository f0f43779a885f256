"""Each endpoint of the public APIs is at its real host and no other; what is ours is at none."""

from __future__ import annotations

import re

import pytest

from docs.endpoints import Upstream, upstream
from fullmakt.foundation.http.addresses import Addresses
from fullmakt.run.server.hosts import Host, Hosts
from fullmakt.run.testworld.real_hosts import TT02
from fullmakt.run.testworld.routes import ROUTES

PLATFORM, PORTAL = TT02.names.platform, TT02.names.portal
APPS, MASKINPORTEN = f"skd.{TT02.names.apps}", TT02.names.maskinporten
# How the list of public endpoints names a host: the name here.
HOSTS = {
    "": PLATFORM,
    "data.brreg.no": TT02.names.units,
    "test.maskinporten.no, there without `/maskinporten` before the path": MASKINPORTEN,
    "{org}.apps.tt02.altinn.no": APPS,
    "the Tax Administration's": "idporten-api-sbstest.sits.no",
}
PORTALS_GROUPS = {"Calls of the portal's pages", "Log-out from the portal's request pages"}
EVERY_NAME = (*TT02.by_name, APPS)


def host_of(endpoint: Upstream) -> str | None:
    """The name of the host that serves it; None for what is below the base address alone."""
    if endpoint.path == "/.well-known/oauth-authorization-server/maskinporten":
        return None
    return PORTAL if endpoint.group in PORTALS_GROUPS else HOSTS.get(endpoint.host)


def path_within(name: str, path: str) -> str | None:
    host = TT02.find(name)
    assert host is not None
    return host.path_within(path)


def test_every_public_endpoint_is_at_its_host_and_no_other() -> None:
    seen = set()
    for endpoint in upstream():
        house_path = re.sub(r"\{org\}", "skd", endpoint.path)
        home = host_of(endpoint)
        seen.add(home)
        for name in EVERY_NAME:
            path = house_path
            if name == MASKINPORTEN:
                path = house_path.removeprefix("/maskinporten")
            expected = house_path if name == home else None
            assert path_within(name, path) == expected, f"{endpoint.path} at {name}"
    assert seen == {*HOSTS.values(), PORTAL, None}


@pytest.mark.parametrize("name", EVERY_NAME)
def test_the_control_surface_is_at_no_host(name: str) -> None:
    paths = [path for route in ROUTES for path in route.paths]

    assert paths
    assert {path_within(name, path) for path in paths} == {None}


@pytest.mark.parametrize(
    "header",
    [
        *("", "localhost", "127.0.0.1:8080", "[::1]:8080", "[::1", "x:y:z", "evil.example"),
        *("apps.tt02.altinn.no", "a.b.apps.tt02.altinn.no", "SKD_.apps.tt02.altinn.no"),
        *("authentication.apps.tt02.altinn.no", "fullmakt.apps.tt02.altinn.no"),
        *("api.apps.tt02.altinn.no", "enhetsregisteret.apps.tt02.altinn.no"),
        *("test.maskinporten.no.evil.example", "evil.example/test.maskinporten.no"),
    ],
)
def test_a_name_that_is_not_configured_is_no_host(header: str) -> None:
    assert TT02.find(header) is None


@pytest.mark.parametrize(
    "path, found",
    [
        ("/a/b", "/inner/a/b"),
        ("/A/B", "/inner/A/B"),
        ("/a/", "/inner/a/"),
        ("/a", None),
        ("/ab", None),
        ("//a/b", None),
        ("/a/no/way", None),
        ("/a/NO/way", None),
        ("/exact", "/inner/exact"),
        ("/exact/", "/inner/exact/"),
        ("/exact/more", None),
        ("/", "/inner/"),
    ],
)
def test_a_host_serves_what_is_below_a_path_or_a_path_alone(path: str, found: str | None) -> None:
    host = Host(("/", "/a/", "/exact"), but_not=("/a/no/",), stands_below="/inner")

    assert host.path_within(path) == found


def test_links_by_name_begin_with_the_real_hosts() -> None:
    below_base = Addresses("http://127.0.0.1:8080", TT02.names)
    by_name = below_base.by_name()

    assert below_base.apps_of("skd") == below_base.platform == below_base.units
    assert (by_name.platform, by_name.portal) == (f"https://{PLATFORM}", f"https://{PORTAL}")
    assert by_name.apps_of("skd") == f"https://{APPS}"
    assert by_name.maskinporten_issuer == "https://test.maskinporten.no/"
    assert by_name.altinn_issuers == below_base.altinn_issuers
    assert len(by_name.altinn_issuers) == len(by_name.maskinporten_issuers) == 2


def test_a_house_without_names_has_none() -> None:
    with pytest.raises(ValueError, match="no host names"):
        Addresses("http://127.0.0.1:8080").by_name()


def test_hosts_without_apps_know_their_names_alone() -> None:
    hosts = Hosts(TT02.names, {"one.example": Host(("/a/",))})

    assert hosts.find("one.example:443") == Host(("/a/",))
    assert hosts.find("two.example") is None
