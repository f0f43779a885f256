"""Names, ids and headers as they come in over the wire."""

from __future__ import annotations

import pytest

from fullmakt.foundation.terms.numbers import OrganizationNumber
from fullmakt.foundation.terms.problem import InvalidInput
from fullmakt.services.apps import wire
from fullmakt.services.apps.errors import UnknownElement, UnknownInstance
from fullmakt.services.apps.service import StatedOwner


@pytest.mark.parametrize(
    "body, owner",
    [
        (
            b'{"instanceOwner":{"organisationNumber":"312400014"}}',
            StatedOwner(number=OrganizationNumber("312400014")),
        ),
        (
            b'{"InstanceOwner":{"OrganisationNumber":"312400014","personNumber":null}}',
            StatedOwner(number=OrganizationNumber("312400014")),
        ),
        (b'{"instanceOwner":{"partyId":"51000005"}}', StatedOwner(party_id=51000005)),
        (b'{"instanceOwner":{"partyId":51000005}}', StatedOwner(party_id=51000005)),
    ],
)
def test_an_owner_is_named_by_number_or_party_id(body: bytes, owner: StatedOwner) -> None:
    assert wire.read_new_instance(body) == owner


@pytest.mark.parametrize(
    "body, member, reason",
    [
        (b"{}", "$", "instanceOwner"),
        (b"<xml/>", "$", "not JSON"),
        (b'{"instanceOwner":{}}', "instanceOwner", "`organisationNumber` or by `partyId`"),
        (
            b'{"instanceOwner":{"organisationNumber":"312400015"}}',
            "instanceOwner.organisationNumber",
            "check digit: `312400015`",
        ),
        (
            b'{"instanceOwner":{"partyId":"99999999999"}}',
            "instanceOwner.partyId",
            "'99999999999' is not a party id",
        ),
        (b'{"instanceOwner":{"partyId":-1}}', "instanceOwner.partyId", "'-1' is not"),
    ],
)
def test_an_owner_that_cannot_be_read_is_named_with_its_value(
    body: bytes, member: str, reason: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        wire.read_new_instance(body)

    assert reason in refused.value.errors[member][0]


@pytest.mark.parametrize(
    "header, name",
    [
        ("attachment; filename=mvaMelding.xml", "mvaMelding.xml"),
        ('attachment; filename="en fil.pdf"', "en fil.pdf"),
        ("attachment; filename*=UTF-8''%C3%A5rsoppgj%C3%B8r.pdf", "årsoppgjør.pdf"),
        ('attachment; filename="årsoppgjør.pdf"'.encode().decode("latin-1"), "årsoppgjør.pdf"),
        ("attachment", None),
        ("", None),
        (None, None),
    ],
)
def test_a_file_name_is_read_in_each_of_its_spellings(header: str | None, name: str | None) -> None:
    assert wire.read_file_name(header) == name


def test_a_content_type_is_the_media_type_alone() -> None:
    assert wire.read_content_type("Text/XML; charset=utf-8") == "text/xml"


@pytest.mark.parametrize(
    "party_id, guid",
    [
        ("51000005", "not-a-guid"),
        ("51000005", "7b0c6d3e1f574a8e9a551f0d3c2b4a10"),
        ("99999999999", "7b0c6d3e-1f57-4a8e-9a55-1f0d3c2b4a10"),
        ("\u0665", "7b0c6d3e-1f57-4a8e-9a55-1f0d3c2b4a10"),
    ],
)
def test_an_address_that_can_name_no_instance_names_none(party_id: str, guid: str) -> None:
    with pytest.raises(UnknownInstance, match=f"not an instance id: `{party_id}/{guid}`"):
        wire.read_reference(party_id, guid)


def test_an_address_that_can_name_no_element_names_none() -> None:
    with pytest.raises(UnknownElement, match="not a data element id: `1`"):
        wire.read_element_id("1")
