"""Responses as they go over the wire, in both notations, and each refusal by its place."""

from __future__ import annotations

import json

import pytest

from fullmakt.access.policy import data_types as types
from fullmakt.access.policy import names
from fullmakt.access.policy.context.errors import ContextRefused
from fullmakt.access.policy.context.json_responses import (
    read_json_response,
    response_as_json,
    response_from_json,
    write_json_response,
)
from fullmakt.access.policy.context.model import (
    ContextAttribute,
    ContextCategory,
    ContextStatus,
    Response,
    Result,
)
from fullmakt.access.policy.context.xml_responses import read_xml_response, write_xml_response
from fullmakt.access.policy.model import AttributeValue
from fullmakt.access.policy.outcome import (
    Assignment,
    Decision,
    Directive,
    MissingAttribute,
    PolicyIdentifier,
)

EVERYTHING = Response(
    (
        Result(
            Decision.PERMIT,
            ContextStatus((names.STATUS_OK,)),
            (Directive("urn:o", (Assignment("urn:level", types.INTEGER, 3, "urn:c", "urn:i"),)),),
            (Directive("urn:a", ()),),
            (
                ContextCategory(
                    names.ACTION,
                    (
                        ContextAttribute(
                            "urn:x", (AttributeValue(types.STRING, "r"),), include_in_result=True
                        ),
                    ),
                ),
            ),
            (PolicyIdentifier("urn:p", "1.0"), PolicyIdentifier("urn:s", "2.1", is_set=True)),
        ),
        Result(
            Decision.INDETERMINATE,
            ContextStatus(
                (names.STATUS_MISSING_ATTRIBUTE, "urn:inner"),
                "no age",
                (MissingAttribute(names.SUBJECT, "urn:age", types.INTEGER, "urn:i"),),
            ),
        ),
        Result(Decision.NOT_APPLICABLE),
    )
)


def test_a_response_in_json_has_the_profiles_members() -> None:
    assert response_as_json(EVERYTHING) == {
        "Response": [
            {
                "Decision": "Permit",
                "Status": {"StatusCode": {"Value": names.STATUS_OK}},
                "Obligations": [
                    {
                        "Id": "urn:o",
                        "AttributeAssignment": [
                            {
                                "AttributeId": "urn:level",
                                "Value": 3,
                                "DataType": types.INTEGER,
                                "Category": "urn:c",
                                "Issuer": "urn:i",
                            }
                        ],
                    }
                ],
                "AssociatedAdvice": [{"Id": "urn:a", "AttributeAssignment": []}],
                "Category": [
                    {
                        "CategoryId": names.ACTION,
                        "Attribute": [
                            {
                                "AttributeId": "urn:x",
                                "Value": "r",
                                "DataType": types.STRING,
                                "IncludeInResult": True,
                            }
                        ],
                    }
                ],
                "PolicyIdentifierList": {
                    "PolicyIdReference": [{"Id": "urn:p", "Version": "1.0"}],
                    "PolicySetIdReference": [{"Id": "urn:s", "Version": "2.1"}],
                },
            },
            {
                "Decision": "Indeterminate",
                "Status": {
                    "StatusCode": {
                        "Value": names.STATUS_MISSING_ATTRIBUTE,
                        "StatusCode": {"Value": "urn:inner"},
                    },
                    "StatusMessage": "no age",
                    "StatusDetail": [
                        {
                            "Category": names.SUBJECT,
                            "AttributeId": "urn:age",
                            "DataType": types.INTEGER,
                            "Issuer": "urn:i",
                        }
                    ],
                },
            },
            {"Decision": "NotApplicable"},
        ]
    }


BARE = Response(
    (
        Result(
            Decision.INDETERMINATE,
            ContextStatus(
                (names.STATUS_MISSING_ATTRIBUTE,),
                " ",
                (MissingAttribute(names.SUBJECT, "urn:age", types.INTEGER),),
            ),
        ),
        Result(
            Decision.DENY,
            ContextStatus((names.STATUS_OK,)),
            (Directive("urn:o", (Assignment("urn:level", types.STRING, "three"),)),),
        ),
    )
)


def test_what_may_be_left_out_is_left_out_in_both_notations() -> None:
    in_json, in_xml = write_json_response(BARE), write_xml_response(BARE)

    assert read_json_response(in_json) == BARE
    assert read_xml_response(in_xml) == BARE
    assert b"Issuer" not in in_json + in_xml


def test_a_policy_is_named_in_json_without_the_version_that_is_not_known() -> None:
    named = Response((Result(Decision.DENY, policies=(PolicyIdentifier("urn:p", ""),)),))

    written = response_as_json(named)

    assert written["Response"] == [
        {"Decision": "Deny", "PolicyIdentifierList": {"PolicyIdReference": [{"Id": "urn:p"}]}}
    ]
    assert response_from_json(written) == named


def test_both_notations_say_the_same() -> None:
    assert read_json_response(write_json_response(EVERYTHING)) == EVERYTHING
    assert response_from_json(response_as_json(EVERYTHING)) == EVERYTHING
    assert read_xml_response(write_xml_response(EVERYTHING)) == EVERYTHING


def test_a_response_in_xml_has_the_schemas_elements_in_their_order() -> None:
    text = write_xml_response(EVERYTHING).decode()

    places = [
        text.index(f"<{name}")
        for name in ("Decision", "Status>", "Obligations", "AssociatedAdvice", "Attributes", "Pol")
    ]
    assert places == sorted(places)
    assert f'<Response xmlns="{names.NAMESPACE}">' in text


@pytest.mark.parametrize(
    "response, where, why",
    [
        ([], "Response", "is empty"),
        ([{}], "Response[0]", "needs the member `Decision`"),
        (
            {"Decision": "Deny", "Status": {"StatusMessage": 7}},
            "Response.Status.StatusMessage",
            "must be a text, not a number",
        ),
        ([{"Decision": "Maybe"}], "Response[0].Decision", "`Maybe` is not a decision"),
        ({"Decision": "Deny", "Reason": "x"}, "Response.Reason", "not a member known"),
        (
            {"Decision": "Deny", "Status": {"StatusCode": {}}},
            "Response.Status.StatusCode",
            "`Value`",
        ),
        (
            {
                "Decision": "Deny",
                "Obligations": {
                    "Id": "o",
                    "AttributeAssignment": {"AttributeId": "a", "Value": [1, 2]},
                },
            },
            "Response.Obligations.AttributeAssignment.Value",
            "has one value",
        ),
    ],
)
def test_a_wrong_response_in_json_is_told_by_its_member(
    response: object, where: str, why: str
) -> None:
    with pytest.raises(ContextRefused, match=why) as refused:
        read_json_response(json.dumps({"Response": response}))

    assert refused.value.where == where


@pytest.mark.parametrize(
    "inside, why",
    [
        ("", "at least one `Result`"),
        ("<Result/>", "needs a `Decision`"),
        ("<Result><Decision>Maybe</Decision></Result>", "`Maybe` is not a decision"),
        ("<Result><Decision>Deny</Decision><Reason/></Result>", "`Reason` inside `Result`"),
        ("<Result><Decision>Deny</Decision><Decision>Deny</Decision></Result>", "more than one"),
        ("<Result><Decision>Deny</Decision><Status/></Result>", "needs a `StatusCode`"),
        ("<Result><Decision>Deny</Decision><Status><Why/></Status></Result>", "`Why` inside"),
    ],
)
def test_a_wrong_response_in_xml_is_told_by_its_line(inside: str, why: str) -> None:
    text = f'<Response xmlns="{names.NAMESPACE}">{inside}</Response>'

    with pytest.raises(ContextRefused, match=why) as refused:
        read_xml_response(text)

    assert refused.value.where == "line 1"


def test_a_response_is_not_a_yes_or_a_no() -> None:
    with pytest.raises(TypeError, match=r"\.results"):
        bool(EVERYTHING)
