"""The page of endpoints: what is told of the public APIs is held against the routes."""

from __future__ import annotations

import pytest

from docs.endpoints import WrongStatusError, endpoints_page
from fullmakt.run.server.surface import ServedRoute
from fullmakt.run.testworld.routes import world_routes


def test_an_endpoint_that_is_no_longer_served_must_be_given_a_reason() -> None:
    routes = [route for route in world_routes() if route.operation != "requests_deleteRequest"]

    with pytest.raises(WrongStatusError) as raised:
        endpoints_page(routes)

    assert str(raised.value).splitlines()[1:] == [
        "DELETE /authentication/api/v1/systemuser/request/vendor/{requestId} is not served"
    ]


def test_an_endpoint_that_is_served_after_all_loses_its_reason() -> None:
    begun = ServedRoute("GET", "/accessmanagement/api/v1/logoutredirect", "portal_x", "Leads back.")

    with pytest.raises(WrongStatusError) as raised:
        endpoints_page([*world_routes(), begun])

    assert "GET /accessmanagement/api/v1/logoutredirect is served" in str(raised.value)


def test_a_route_of_our_own_stands_in_the_page_as_beyond() -> None:
    own = ServedRoute("GET", "/fullmakt/new", "testWorld_getNew", "Something new.")

    page = endpoints_page([*world_routes(), own])

    assert "| GET | `/fullmakt/new` | Something new. | beyond |" in page
