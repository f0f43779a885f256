"""What the endpoints of Enhetsregisteret answer."""

from __future__ import annotations

from fullmakt.access.parties import units_wire as wire
from fullmakt.access.parties.units_search import FLAGS, TEXT_PATHS
from fullmakt.foundation.http.contract import Call, Contract

_KIND = frozenset({406})
_GONE = _KIND | {410}
_TEXTS = (
    "navn",
    "organisasjonsnummer",
    "organisasjonsform",
    "overordnetEnhet",
    "sort",
    "fraRegistreringsdatoEnhetsregisteret",
    "tilRegistreringsdatoEnhetsregisteret",
    *TEXT_PATHS,
)
_SEARCH = {
    **dict.fromkeys(_TEXTS, str),
    **dict.fromkeys(("konkurs", *sorted(FLAGS)), bool),
    **dict.fromkeys(("page", "size", "fraAntallAnsatte", "tilAntallAnsatte"), int),
}

CONTRACT = Contract(
    about="Organisations and their roles, as Enhetsregisteret tells them",
    calls={
        "units_routes.index": Call({200: wire.Index}, refusals=_KIND),
        "units_routes.get_unit": Call({200: dict[str, object]}, refusals=_GONE),
        "units_routes.get_sub_unit": Call({200: dict[str, object]}, refusals=_GONE),
        "units_routes.list_roles": Call({200: wire.Roles}, refusals=_GONE),
        "units_routes.search_units": Call({200: wire.Listing}, query=_SEARCH, refusals=_KIND),
        "units_routes.search_sub_units": Call({200: wire.Listing}, query=_SEARCH, refusals=_KIND),
        "units_routes.get_form": Call({200: wire.Code}, refusals=_KIND),
        "units_routes.get_role_type": Call({200: wire.Code}, refusals=_KIND),
        "units_routes.get_role_group": Call({200: wire.Code}, refusals=_KIND),
        "units_routes.list_forms": Call({200: wire.Listing}, refusals=_KIND),
        "units_routes.list_forms_of_units": Call({200: wire.Listing}, refusals=_KIND),
        "units_routes.list_forms_of_sub_units": Call({200: wire.Listing}, refusals=_KIND),
        "units_routes.list_role_types": Call({200: wire.Listing}, refusals=_KIND),
        "units_routes.list_role_groups": Call({200: wire.Listing}, refusals=_KIND),
    },
    problems={"application/json": (wire.Refused, wire.Fault)},
)
