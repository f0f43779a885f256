"""Every room's tables, named once: importing this fills the schema that a world is made from."""

from __future__ import annotations

import importlib

from fullmakt.foundation.storage.tables import metadata

ROOMS = (
    "fullmakt.foundation.events.tables",
    "fullmakt.credentials.keys.tables",
    "fullmakt.credentials.clients.tables",
    "fullmakt.access.parties.tables",
    "fullmakt.access.parties.search_tables",
    "fullmakt.access.resources.tables",
    "fullmakt.access.resources.lists_tables",
    "fullmakt.access.delegations.tables",
    "fullmakt.systems.system_register.tables",
    "fullmakt.systems.system_users.tables",
    "fullmakt.systems.requests.tables",
    "fullmakt.identity.maskinporten.tables",
    "fullmakt.services.apps.tables",
    "fullmakt.services.tax.tables",
    "fullmakt.services.notices.tables",
)

for room in ROOMS:
    importlib.import_module(room)

schema = metadata
