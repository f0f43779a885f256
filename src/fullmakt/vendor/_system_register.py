"""The system register: what a vendor's systems are called, and what they may ask for.

Altinn, system register API, `/authentication/api/v1/systemregister/vendor`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote
from uuid import UUID

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.text import LocalizedText
from fullmakt.vendor._access import Right, read_packages, read_right, write_packages, write_right
from fullmakt.vendor._answers import Members, read_object, read_text
from fullmakt.vendor._environment import Environment
from fullmakt.vendor._exceptions import InvalidInput, SystemNotFound, UnexpectedAnswer
from fullmakt.vendor._flow import Flow, Request
from fullmakt.vendor._problems import check
from fullmakt.vendor._transport import Transport

WRITE = ("altinn:authentication/systemregister.write",)


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """A system in the register.

    `id` is the vendor's organisation number, `_` and a name; ids are never used again. `packages`
    by name or URN; they are read back by name. A system for clients must have `is_visible=False`.
    `is_deleted` is read, never sent.
    """

    id: str
    vendor: OrganizationNumber
    name: LocalizedText
    description: LocalizedText
    rights: tuple[Right, ...] = ()
    packages: tuple[str, ...] = ()
    client_ids: tuple[str, ...] = ()
    redirect_urls: tuple[str, ...] = ()
    is_visible: bool = True
    is_deleted: bool = False


def write_system(system: System) -> dict[str, object]:
    """The system as it is sent."""
    return {
        "id": system.id,
        "vendor": {"authority": "iso6523-actorid-upis", "ID": system.vendor.iso6523},
        "name": _write_text(system.name),
        "description": _write_text(system.description),
        "rights": [write_right(right) for right in system.rights],
        "accessPackages": write_packages(system.packages),
        "clientId": list(system.client_ids),
        "allowedRedirectUrls": list(system.redirect_urls),
        "isVisible": system.is_visible,
    }


def read_system(members: Members) -> System:
    """The system as it is answered. Raises: UnexpectedAnswer."""
    return System(
        id=members.text("id"),
        vendor=_vendor(members.object("vendor").text("ID")),
        name=_read_text(members.object("name").values),
        description=_read_text(members.object("description").values),
        rights=tuple(read_right(right) for right in members.objects("rights")),
        packages=read_packages(members, "accessPackages"),
        client_ids=members.texts("clientId"),
        redirect_urls=members.texts("allowedRedirectUrls"),
        is_visible=members.flag("isVisible"),
        is_deleted=members.flag("isDeleted"),
    )


def _vendor(identifier: str) -> OrganizationNumber:
    try:
        return OrganizationNumber.from_iso6523(identifier)
    except ValueError as fault:
        raise UnexpectedAnswer(str(fault)) from None


def _write_text(text: LocalizedText) -> dict[str, str]:
    return {language: words for language, words in text.as_mapping().items() if words}


def _read_text(texts: Mapping[str, object]) -> LocalizedText:
    """A language that the register lacks is an empty text."""
    return LocalizedText(*(str(texts.get(language) or "") for language in ("nb", "nn", "en")))


def create_system(environment: Environment, system: System) -> Flow[UUID]:
    """Register the system; the answer is its inner id."""
    answer = yield Request(
        "POST", _vendor_address(environment), json=write_system(system), scopes=WRITE
    )
    text = read_text(check(answer))
    try:
        return UUID(text)
    except ValueError:
        raise UnexpectedAnswer("the register did not answer with an id") from None


def fetch_system(environment: Environment, system_id: str) -> Flow[System]:
    """The system with this id."""
    answer = yield Request("GET", _address(environment, system_id), scopes=WRITE)
    return read_system(read_object(check(answer, missing=SystemNotFound)))


def replace_system(environment: Environment, system: System) -> Flow[None]:
    """Make the register say exactly this of the system."""
    answer = yield Request(
        "PUT", _address(environment, system.id), json=write_system(system), scopes=WRITE
    )
    check(answer, missing=SystemNotFound)


def delete_system(environment: Environment, system_id: str) -> Flow[None]:
    """Retire the system."""
    answer = yield Request("DELETE", _address(environment, system_id), scopes=WRITE)
    try:
        check(answer, missing=SystemNotFound)
    except InvalidInput as problem:
        # QUIRK: an unknown system is answered as bad input, not as 404.
        if any("System not found" in texts for texts in problem.errors.values()):
            raise SystemNotFound(problem.body) from None
        raise


def _vendor_address(environment: Environment) -> str:
    return f"{environment.authentication}/systemregister/vendor"


def _address(environment: Environment, system_id: str) -> str:
    return f"{_vendor_address(environment)}/{quote(system_id, safe='')}"


class SystemRegister:
    """A vendor's own systems.

    Needs scope `altinn:authentication/systemregister.write`. Every call raises: VendorError.
    """

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def create(self, system: System) -> UUID:
        """Register a system; its inner id.

        Raises: SystemIdTaken, ClientIdTaken, ValidationRefused, NotAuthorized.
        """
        return self._transport.run(create_system(self._transport.environment, system))

    def read(self, system_id: str) -> System:
        """A system, also one that is deleted. Raises: SystemNotFound, NotAuthorized."""
        return self._transport.run(fetch_system(self._transport.environment, system_id))

    def replace(self, system: System) -> None:
        """Make the register say exactly this of the system: lists left out become empty.

        Raises: SystemNotFound, ClientIdTaken, ValidationRefused, NotAuthorized.
        """
        self._transport.run(replace_system(self._transport.environment, system))

    def delete(self, system_id: str) -> None:
        """Retire a system: no tokens for its system users from now on. Its id stays taken.

        Raises: SystemNotFound, NotAuthorized.
        """
        self._transport.run(delete_system(self._transport.environment, system_id))
