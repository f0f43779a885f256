"""What the catalog's endpoints answer."""

from __future__ import annotations

from fullmakt.access.catalog import wire
from fullmakt.foundation.http.contract import Call, Contract

CONTRACT = Contract(
    about="Access packages, their areas, and roles",
    calls={
        "routes.search_packages": Call({200: list[wire.Found], 204: None}),
        "routes.export_packages": Call({200: list[wire.GroupEntry], 204: None}),
        "routes.list_groups": Call({200: list[wire.GroupEntry], 204: None}),
        "routes.get_group": Call({200: wire.GroupEntry}),
        "routes.list_areas": Call({200: list[wire.AreaEntry], 204: None}),
        "routes.get_area": Call({200: wire.AreaEntry}),
        "routes.list_packages": Call({200: list[wire.PackageEntry], 204: None}),
        "routes.get_package": Call({200: wire.PackageEntry}),
        "routes.get_package_by_urn": Call({200: wire.PackageEntry}),
        "routes.list_roles": Call({200: list[wire.RoleEntry], 204: None}),
        "routes.list_packages_of_role_code": Call({200: list[wire.PackageEntry]}),
        "routes.look_up_role": Call({200: wire.RoleEntry}),
        "routes.list_role_keys": Call({200: list[str]}),
        "routes.get_role": Call({200: wire.RoleEntry}),
        "routes.list_packages_of_role": Call({200: list[wire.PackageEntry]}),
    },
)
