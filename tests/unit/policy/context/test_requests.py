"""Requests written in both notations, and read back as what was written."""

from __future__ import annotations

import json

import pytest

from fullmakt.access.policy import data_types as types
from fullmakt.access.policy import names
from fullmakt.access.policy.context.json_requests import read_json_request, write_json_request
from fullmakt.access.policy.context.model import ContextAttribute, ContextCategory, ContextRequest
from fullmakt.access.policy.context.xml_requests import read_xml_request, write_xml_request
from fullmakt.access.policy.model import AttributeValue

READ = AttributeValue(types.STRING, "read")
BARE = ContextRequest((ContextCategory(names.ACTION, (ContextAttribute("urn:a", (READ,)),)),))
FULL = ContextRequest(
    (
        ContextCategory(
            names.SUBJECT,
            (
                ContextAttribute(
                    "urn:a",
                    (READ, AttributeValue(types.INTEGER, 7)),
                    "urn:i",
                    include_in_result=True,
                ),
            ),
            "s1",
        ),
        ContextCategory(
            names.ACTION,
            (
                ContextAttribute("urn:b", (AttributeValue(types.BOOLEAN, value=True),)),
                ContextAttribute("urn:d", (AttributeValue(types.DOUBLE, 2.5),)),
            ),
            "a1",
        ),
    ),
    references=(("s1", "a1"), ("a1",)),
    returns_policy_ids=True,
    wants_combined_decision=True,
)


@pytest.mark.parametrize("request_", [BARE, FULL], ids=["bare", "full"])
def test_a_request_reads_back_in_xml_as_it_was_written(request_: ContextRequest) -> None:
    assert read_xml_request(write_xml_request(request_)) == request_


def test_a_request_reads_back_in_json_with_values_of_one_data_type_together() -> None:
    (category, action) = FULL.categories
    (mixed,) = category.attributes
    apart = tuple(
        ContextAttribute("urn:a", (value,), "urn:i", include_in_result=True)
        for value in mixed.values
    )

    found = read_json_request(write_json_request(FULL))

    assert found.categories == (ContextCategory(names.SUBJECT, apart, "s1"), action)
    assert found.references == FULL.references
    assert read_json_request(write_json_request(BARE)) == BARE


def test_what_a_request_leaves_out_is_not_written_in_json() -> None:
    written = json.loads(write_json_request(BARE))

    assert written["Request"] == {
        "ReturnPolicyIdList": False,
        "CombinedDecision": False,
        "Category": [
            {
                "CategoryId": names.ACTION,
                "Attribute": [{"AttributeId": "urn:a", "Value": "read", "DataType": types.STRING}],
            }
        ],
    }
