"""What a registration must hold: ids, addresses, single services and packages.

Every check gives the faults it finds, in the order that Altinn's public documentation lists them,
so that a vendor sees all of them at once. Which resources and client ids exist is handed in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit, urlunsplit

from fullmakt.access.catalog.model import Catalog
from fullmakt.foundation.terms import urns
from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import Fault, ValidationProblem
from fullmakt.systems.system_register import errors
from fullmakt.systems.system_register.model import ServiceRight

ALLOWED_TYPES = frozenset(
    {
        "Default",
        "Systemresource",
        "AltinnApp",
        "GenericAccessResource",
        "BrokerService",
        "CorrespondenceService",
        "MigratedApp",
    }
)
"""The resource types that can stand in a system's rights."""

_PACKAGE_PARTS = 4
_DEFAULT_PORTS = {"https": 443, "http": 80}


def read_vendor(identifier: str) -> OrganizationNumber:
    """The organisation in `0192:312300109`. Raises: ValidationProblem.

    QUIRK: the original takes any text after `0192:`, and fails with 500 when there is none. No
    token carries such an organisation, so it could own nothing; refused here
    (test_a_vendor_id_must_be_a_norwegian_organisation_number).
    """
    try:
        return OrganizationNumber.from_iso6523(identifier)
    except ValueError as fault:
        raise ValidationProblem(errors.VENDOR_ID.fault(str(fault))) from None


def read_redirect_url(text: str) -> str | None:
    """`text` as an absolute address in its normal form, or None if it is not one.

    Scheme and host in lower case, no default port, and `/` as the shortest path.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return None
    if not parts.scheme or not parts.hostname or any(part.isspace() for part in text):
        return None
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    if port is not None and port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{port}"
    user, at, _ = parts.netloc.rpartition("@")
    return urlunsplit(
        (parts.scheme, f"{user}{at}{host}", parts.path or "/", parts.query, parts.fragment)
    )


def id_faults(system_id: str, vendor: OrganizationNumber, *, is_taken: bool) -> list[Fault]:
    """What is wrong with the id that the vendor chose."""
    faults = []
    if " " in system_id:
        faults.append(errors.ID_HAS_SPACE.fault(f"system id `{system_id}` has a space"))
    if system_id.partition("_")[0] != vendor.digits:
        detail = f"system id `{system_id}` must begin with `{vendor}_`"
        faults.append(errors.ID_FORM.fault(detail))
    if is_taken:
        faults.append(errors.ID_TAKEN.fault(f"system id `{system_id}` is taken"))
    return faults


def redirect_faults(addresses: Iterable[str]) -> list[Fault]:
    """What is wrong with the addresses that people may be sent back to."""
    wrong = [
        address
        for address in addresses
        if not (read_redirect_url(address) or "").startswith("https://")
    ]
    if not wrong:
        return []
    detail = f"redirect URL must be absolute and begin with `https://`: {_listed(wrong)}"
    return [errors.REDIRECT_FORM.fault(detail)]


def taken_client_faults(taken: Iterable[str]) -> list[Fault]:
    """One fault for each client id that another system has."""
    return [
        errors.CLIENT_TAKEN.fault(f"client id `{client}` belongs to another system")
        for client in taken
    ]


def repeated_client_faults(client_ids: Sequence[str]) -> list[Fault]:
    """What is wrong when the same client id stands twice, in any letter case."""
    repeated = _repeated([client.casefold() for client in client_ids])
    return [errors.CLIENT_TWICE.fault(f"stands twice: {_listed(repeated)}")] if repeated else []


def right_faults(rights: Sequence[ServiceRight], types: Mapping[str, str | None]) -> list[Fault]:
    """What is wrong with the single services. `types` has each resource's type, None if unknown."""
    faults = []
    pairs = [pair for right in rights for pair in right.pairs]
    ill_formed = list(dict.fromkeys(pair.id for pair in pairs if pair.id != urns.RESOURCE))
    if ill_formed or any(not right.pairs for right in rights):
        detail = f"a right must name `{urns.RESOURCE}`: {_listed(ill_formed) or 'it names nothing'}"
        extensions = {"Invalid Resource Id Details : ": " | ".join(ill_formed)}
        faults.append(errors.RESOURCE_FORM.fault(detail, extensions if ill_formed else None))
    named = list(dict.fromkeys(pair.value for pair in pairs if pair.id == urns.RESOURCE))
    unknown = [resource for resource in named if types.get(resource) is None]
    if unknown:
        detail = f"not in the resource registry: {_listed(unknown)}"
        extensions = {"ResourceIds Not Found : ": " | ".join(unknown)}
        faults.append(errors.RESOURCE_UNKNOWN.fault(detail, extensions))
    refused = [
        resource for resource in named if (types.get(resource) or "Default") not in ALLOWED_TYPES
    ]
    if refused:
        told = ", ".join(f"`{resource}` is `{types[resource]}`" for resource in refused)
        extensions = {"ResourceIds Not Delegable : ": " | ".join(refused)}
        faults.append(errors.RESOURCE_TYPE.fault(f"cannot be asked for: {told}", extensions))
    repeated = _repeated([_right_key(right) for right in rights])
    if repeated:
        faults.append(errors.RIGHT_TWICE.fault(f"stands twice: {_listed(repeated)}"))
    return faults


def _right_key(right: ServiceRight) -> str:
    return f"{right.action or ''}:" + ",".join(f"{pair.id}:{pair.value}" for pair in right.pairs)


def package_faults(packages: Sequence[str], catalog: Catalog, *, is_visible: bool) -> list[Fault]:
    """What is wrong with the access packages, given by URN."""
    ill_formed = [urn for urn in packages if not _is_package_urn(urn)]
    found = {urn: catalog.package_by_urn(urn) for urn in packages if urn not in ill_formed}
    unknown = [urn for urn, package in found.items() if package is None]
    fixed = [
        urn
        for urn, package in found.items()
        if package is not None and not package.is_delegable and not package.is_assignable
    ]
    told = {
        "Invalid format": ill_formed,
        "Not found": unknown,
        "Not possible to delegate": fixed,
    }
    faults = []
    if any(told.values()):
        details = " | ".join(f"{what}: {', '.join(which)}" for what, which in told.items() if which)
        extensions = {"Invalid Urn Details : ": details}
        faults.append(errors.PACKAGE_UNKNOWN.fault(details, extensions))
    repeated = _repeated(packages)
    if repeated:
        faults.append(errors.PACKAGE_TWICE.fault(f"stands twice: {_listed(repeated)}"))
    for_clients = [
        urn
        for urn, package in found.items()
        if package is not None and package.is_delegable and not package.is_assignable
    ]
    if is_visible and for_clients:
        detail = f"register the system with `isVisible` false, or without {_listed(for_clients)}"
        faults.append(errors.PACKAGE_FOR_CLIENTS.fault(detail))
    return faults


def _is_package_urn(urn: str) -> bool:
    is_long_enough = len(urn.split(":")) >= _PACKAGE_PARTS
    return urn.startswith(urns.ACCESS_PACKAGE_PREFIX) and is_long_enough


def _repeated(values: Sequence[str]) -> list[str]:
    return [value for value, times in Counter(values).items() if times > 1]


def _listed(values: Iterable[str]) -> str:
    return ", ".join(f"`{value}`" for value in values)


def in_old_form(right: ServiceRight) -> ServiceRight:
    """`right` with an app's id as its service owner and app; only resource ids are kept."""
    pairs = []
    for pair in right.pairs:
        app = urns.app_of_resource(pair.value)
        if pair.id == urns.RESOURCE and app is not None:
            pairs.append(type(pair)(urns.SERVICE_OWNER, app[0]))
            pairs.append(type(pair)(urns.APP, app[1]))
        elif pair.id == urns.RESOURCE:
            pairs.append(pair)
    return ServiceRight(tuple(pairs), right.action)
