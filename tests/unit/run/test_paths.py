"""Paths found whatever the letter case of their fixed parts, with parameters left as they are."""

from __future__ import annotations

import pytest

from fullmakt.run.server.paths import DeclaredPaths

PATHS = DeclaredPaths(
    [
        "/",
        "/maskinporten/token",
        "/authentication/api/v1/systemregister/vendor",
        "/authentication/api/v1/systemregister/vendor/{system_id:str}",
        "/authentication/api/v1/systemregister/{system_id:str}/rights",
        "/{org:str}/{app:str}/instances",
        "/api/GetPersonalToken",
    ]
)


@pytest.mark.parametrize(
    "written, declared",
    [
        ("/maskinporten/token", "/maskinporten/token"),
        ("/Maskinporten/TOKEN/", "/maskinporten/token"),
        ("/api/getpersonaltoken", "/api/GetPersonalToken"),
        (
            "/Authentication/Api/V1/SystemRegister/Vendor/312300109_Maestro",
            "/authentication/api/v1/systemregister/vendor/312300109_Maestro",
        ),
        (
            "/authentication/api/v1/systemregister/VENDOR/RIGHTS",
            "/authentication/api/v1/systemregister/vendor/RIGHTS",
        ),
        (
            "/authentication/api/v1/systemregister/Mine/RIGHTS",
            "/authentication/api/v1/systemregister/Mine/rights",
        ),
        ("/skd/Mva-Melding/INSTANCES", "/skd/Mva-Melding/instances"),
        ("/", "/"),
    ],
)
def test_a_path_is_read_as_it_is_declared(written: str, declared: str) -> None:
    assert PATHS.as_declared(written) == declared


@pytest.mark.parametrize(
    "path",
    [
        "/nothing",
        "//maskinporten/token",
        "/maskinporten//token",
        "/maskinporten/token//",
        "/maskinporten",
        "/authentication/api/v1/systemregister//rights",
        "/MASKINPORTEN/TOKENS",
        "",
    ],
)
def test_a_path_that_leads_nowhere_is_left_as_it_is(path: str) -> None:
    assert PATHS.as_declared(path) in {path, path or "/"}
