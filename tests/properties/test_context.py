"""Requests and responses say the same in both notations, and broken ones are refused by name."""

from __future__ import annotations

import json
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from fullmakt.access.policy.context.errors import ContextRefused
from fullmakt.access.policy.context.json_requests import read_json_request, write_json_request
from fullmakt.access.policy.context.json_responses import read_json_response, write_json_response
from fullmakt.access.policy.context.model import ContextRequest, Response
from fullmakt.access.policy.context.xml_requests import read_xml_request, write_xml_request
from fullmakt.access.policy.context.xml_responses import read_xml_response, write_xml_response
from tests.unit.policy.context.strategies import requests, responses

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("Request", "Category", "AccessSubject", "Resource", "MultiRequests"),
                    *("CategoryId", "Id", "Attribute", "AttributeId", "Value", "DataType"),
                    *("RequestReference", "ReferenceId", "IncludeInResult", "Content"),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(requests)
def test_a_request_written_as_json_reads_back_as_itself(request: ContextRequest) -> None:
    assert read_json_request(write_json_request(request)) == request


@given(requests)
def test_a_request_written_as_xml_reads_back_as_itself(request: ContextRequest) -> None:
    assert read_xml_request(write_xml_request(request)) == request


@given(responses)
def test_a_response_written_as_json_reads_back_as_itself(response: Response) -> None:
    assert read_json_response(write_json_response(response)) == response


@given(responses)
def test_a_response_written_as_xml_reads_back_as_itself(response: Response) -> None:
    assert read_xml_response(write_xml_response(response)) == response


@given(json_values)
def test_any_json_is_read_or_refused_by_name(value: object) -> None:
    document = json.dumps({"Request": value})

    with suppress(ContextRefused):
        assert read_json_request(document).categories


@given(requests, st.data())
def test_any_broken_document_is_read_or_refused_by_name(
    request: ContextRequest, data: st.DataObject
) -> None:
    write, read = data.draw(
        st.sampled_from(
            [(write_json_request, read_json_request), (write_xml_request, read_xml_request)]
        )
    )
    document = bytearray(write(request))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(document) - 1))
        document[place : place + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))

    with suppress(ContextRefused):
        assert read(bytes(document)).categories
