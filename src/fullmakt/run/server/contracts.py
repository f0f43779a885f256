"""The contracts of all rooms, with the tags that their operations go under."""

from __future__ import annotations

from fullmakt.access.catalog.contract import CONTRACT as CATALOG
from fullmakt.access.connections.contract import CONTRACT as CONNECTIONS
from fullmakt.access.decisions.contract import CONTRACT as DECISIONS
from fullmakt.access.parties.contract import CONTRACT as PARTIES
from fullmakt.access.parties.units_contract import CONTRACT as UNITS
from fullmakt.access.reach.contract import CONTRACT as REACH
from fullmakt.access.resources.contract import CONTRACT as RESOURCES
from fullmakt.identity.exchange.contract import CONTRACT as EXCHANGE
from fullmakt.identity.logout.contract import CONTRACT as LOGOUT
from fullmakt.identity.maskinporten.contract import CONTRACT as MASKINPORTEN
from fullmakt.portal.calls.contract import CONTRACT as PORTAL_CALLS
from fullmakt.run.server.description import Room
from fullmakt.services.apps.contract import CONTRACT as APPS
from fullmakt.services.notices.contract import CONTRACT as NOTICES
from fullmakt.services.tax.contract import CONTRACT as TAX
from fullmakt.systems.requests.contract import CONTRACT as REQUESTS
from fullmakt.systems.system_register.contract import CONTRACT as SYSTEM_REGISTER
from fullmakt.systems.system_users.contract import CONTRACT as SYSTEM_USERS

ROOMS = (
    Room("fullmakt.systems.system_register", "systemRegister", SYSTEM_REGISTER),
    Room("fullmakt.systems.requests", "requests", REQUESTS),
    Room("fullmakt.systems.system_users", "systemUsers", SYSTEM_USERS),
    Room("fullmakt.services.notices", "notices", NOTICES),
    Room("fullmakt.portal.calls", "portal", PORTAL_CALLS),
    Room("fullmakt.identity.maskinporten", "maskinporten", MASKINPORTEN),
    Room("fullmakt.identity.exchange", "exchange", EXCHANGE),
    Room("fullmakt.identity.logout", "logout", LOGOUT),
    Room("fullmakt.access.decisions", "decisions", DECISIONS),
    Room("fullmakt.access.connections", "connections", CONNECTIONS),
    Room("fullmakt.access.reach", "authorizedParties", REACH),
    Room("fullmakt.access.catalog", "catalog", CATALOG),
    Room("fullmakt.access.resources", "resources", RESOURCES),
    Room("fullmakt.access.parties", "parties", PARTIES),
    Room("fullmakt.access.parties", "units", UNITS),
    Room("fullmakt.services.apps", "apps", APPS),
    Room("fullmakt.services.tax", "tax", TAX),
)
