"""What the system register's endpoints are given and answer."""

from __future__ import annotations

from fullmakt.foundation.http.contract import Call, Contract, Link
from fullmakt.systems.system_register import wire

_ID = {"system_id": "$request.body#/id"}
_OF_SYSTEM = (
    Link("systemRegister_readOwnSystem", _ID),
    Link("systemRegister_updateSystem", _ID),
    Link("systemRegister_readChangeLog", _ID),
    Link("systemRegister_deleteSystem", _ID),
)

CONTRACT = Contract(
    about="The register of systems",
    calls={
        "routes.create_system": Call({200: str}, body=wire.SystemBody, links=_OF_SYSTEM),
        "routes.list_own_systems": Call({200: list[wire.SystemEntry]}),
        "routes.read_own_system": Call({200: wire.SystemAnswer}),
        "routes.update_system": Call({200: wire.Succeeded}, body=wire.SystemBody),
        "routes.update_rights": Call({200: wire.Succeeded}, body=list[wire.RightBody]),
        "routes.update_packages": Call({200: wire.Succeeded}, body=list[wire.PackageBody]),
        "routes.delete_system": Call({200: wire.Succeeded}),
        "routes.read_change_log": Call({200: list[wire.ChangeEntry]}),
        "routes.list_visible_systems": Call({200: list[wire.SystemEntry]}),
        "routes.read_system": Call({200: wire.SystemEntry}),
        "routes.read_rights": Call({200: list[wire.RightBody]}),
        "routes.read_packages": Call({200: list[wire.PackageBody]}),
    },
    tells_text=True,
)
