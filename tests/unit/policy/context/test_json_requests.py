"""Requests in JSON: short names, inferred data types, and each refusal by its member."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from fullmakt.access.policy import data_types as types
from fullmakt.access.policy import names
from fullmakt.access.policy.context.errors import ContextRefused, ValueRefused
from fullmakt.access.policy.context.json_requests import read_json_request, write_json_request
from fullmakt.access.policy.context.limits import ContextLimits
from fullmakt.access.policy.context.model import ContextAttribute
from fullmakt.access.policy.context.short_names import CATEGORIES
from fullmakt.access.policy.data_types import XPATH_EXPRESSION


def document(**members: object) -> str:
    return json.dumps({"Request": members})


def attribute(value: object, **more: object) -> dict[str, object]:
    return {"AttributeId": "urn:test:a", "Value": value, **more}


def only_attribute(value: object, **more: object) -> ContextAttribute:
    request = read_json_request(document(Action={"Attribute": attribute(value, **more)}))
    (category,) = request.categories
    (found,) = category.attributes
    return found


@pytest.mark.parametrize("short, full", sorted(CATEGORIES.items()))
def test_a_short_name_is_a_category_of_its_own(short: str, full: str) -> None:
    request = read_json_request(document(**{short: {"Attribute": [attribute("x")]}}))

    assert [each.category for each in request.categories] == [full]


def test_one_object_and_an_array_of_one_say_the_same() -> None:
    single = document(AccessSubject={"Attribute": attribute("x")})
    array = document(AccessSubject=[{"Attribute": [attribute("x")]}])

    assert read_json_request(single) == read_json_request(array)


def test_categories_keep_the_order_of_the_document() -> None:
    text = document(
        Environment={},
        Category=[{"CategoryId": "urn:test:c"}, {"CategoryId": "Resource"}],
        AccessSubject={},
    )

    found = [each.category for each in read_json_request(text).categories]

    assert found == [names.ENVIRONMENT, "urn:test:c", names.RESOURCE, names.SUBJECT]


@pytest.mark.parametrize(
    "value, data_type, wanted",
    [
        ("x", types.STRING, ("x",)),
        (True, types.BOOLEAN, (True,)),
        (7, types.INTEGER, (7,)),
        (0.5, types.DOUBLE, (0.5,)),
        (7.0, types.DOUBLE, (7.0,)),
        ([1, 2, 2], types.INTEGER, (1, 2, 2)),
        ([1, 2.5], types.DOUBLE, (1.0, 2.5)),
        (["a", "b"], types.STRING, ("a", "b")),
        ([True, False], types.BOOLEAN, (True, False)),
    ],
)
def test_a_data_type_is_inferred_from_the_value(
    value: object, data_type: str, wanted: tuple[object, ...]
) -> None:
    found = only_attribute(value).values

    assert tuple(each.value for each in found) == wanted
    assert {each.data_type for each in found} == {data_type}
    assert [type(each.value) for each in found] == [type(each) for each in wanted]


def test_an_empty_array_is_an_empty_bag() -> None:
    assert only_attribute([]).values == ()


@pytest.mark.parametrize(
    "value, data_type, uri, text",
    [
        ("7", "integer", types.INTEGER, "7"),
        (7, "integer", types.INTEGER, "7"),
        (True, types.BOOLEAN, types.BOOLEAN, "true"),
        (3, "double", types.DOUBLE, "3.0"),
        ("NaN", "double", types.DOUBLE, "NaN"),
        ("INF", "double", types.DOUBLE, "INF"),
        ("-INF", types.DOUBLE, types.DOUBLE, "-INF"),
        ("true", "boolean", types.BOOLEAN, "true"),
        ("2026-11-23", "date", types.DATE, "2026-11-23"),
        ("08:30:00", "time", types.TIME, "08:30:00"),
        ("2026-11-23T08:30:00Z", "dateTime", types.DATE_TIME, "2026-11-23T08:30:00Z"),
        ("urn:x", "anyURI", types.ANY_URI, "urn:x"),
    ],
)
def test_a_data_type_may_be_named_short_or_in_full(
    value: object, data_type: str, uri: str, text: str
) -> None:
    (found,) = only_attribute(value, DataType=data_type).values

    assert found.data_type == uri
    assert types.write_value(uri, found.value) == text


def test_not_a_number_is_written_as_text() -> None:
    request = read_json_request(document(Action={"Attribute": attribute("NaN", DataType="double")}))

    (category,) = read_json_request(write_json_request(request)).categories

    assert math.isnan(float(str(category.attributes[0].values[0].value)))


def test_issuer_and_include_in_result_are_read() -> None:
    found = only_attribute("x", Issuer="urn:test:i", IncludeInResult=True)

    assert (found.issuer, found.include_in_result) == ("urn:test:i", True)


def test_what_a_whole_request_asks_for_is_read() -> None:
    request = read_json_request(
        document(
            ReturnPolicyIdList=True,
            CombinedDecision=True,
            XPathVersion="http://www.w3.org/TR/1999/REC-xpath-19991116",
            AccessSubject=[{"Id": "s1"}, {"Id": "s2"}],
            MultiRequests={"RequestReference": [{"ReferenceId": ["s1"]}, {"ReferenceId": "s2"}]},
        )
    )

    assert request.returns_policy_ids
    assert request.wants_combined_decision
    assert request.references == (("s1",), ("s2",))


X = {"Attribute": attribute("x")}


@pytest.mark.parametrize(
    "request_members, where, why",
    [
        ({}, "Request", "nothing is asked"),
        ({"Subject": X}, "Request.Subject", "not a member known"),
        ({"accessSubject": X}, "Request.accessSubject", "not a member known"),
        ({"Action": 5}, "Request.Action", "must be an object, not a number"),
        ({"Action": None}, "Request.Action", "must be an object, not null"),
        ({"Action": [X, "x"]}, "Request.Action[1]", "must be an object, not a text"),
        ({"Action": {"Attributes": []}}, "Request.Action.Attributes", "not a member known"),
        ({"Action": {"Content": "<a/>"}}, "Request.Action.Content", "XPath"),
        ({"Action": {"CategoryId": "Resource"}}, "Request.Action.CategoryId", "stands under"),
        ({"Category": X}, "Request.Category", "needs the member `CategoryId`"),
        (
            {"Action": {"Attribute": {"Value": "x"}}},
            "Request.Action.Attribute",
            "needs the member `AttributeId`",
        ),
        (
            {"Action": {"Attribute": [{"AttributeId": "a"}]}},
            "Request.Action.Attribute[0]",
            "needs the member `Value`",
        ),
        ({"Action": {"Attribute": attribute(None)}}, "Request.Action.Attribute.Value", "null"),
        ({"Action": {"Attribute": attribute({})}}, "Request.Action.Attribute.Value", "an object"),
        (
            {"Action": {"Attribute": attribute(["x", None])}},
            "Request.Action.Attribute.Value[1]",
            "null",
        ),
        (
            {"Action": {"Attribute": attribute(["x", 1])}},
            "Request.Action.Attribute.Value",
            "needs a `DataType`",
        ),
        (
            {"Action": {"Attribute": attribute({"XPath": "a"}, DataType="xpathExpression")}},
            "Request.Action.Attribute.DataType",
            "XPath",
        ),
        (
            {"Action": {"Attribute": attribute("x", DataType=XPATH_EXPRESSION)}},
            "Request.Action.Attribute.DataType",
            "XPath",
        ),
        (
            {"Action": {"Attribute": attribute("x", Issuer=5)}},
            "Request.Action.Attribute.Issuer",
            "must be a text",
        ),
        (
            {"Action": {"Attribute": attribute("x", IncludeInResult="yes")}},
            "Request.Action.Attribute.IncludeInResult",
            "true or false",
        ),
        ({"Action": {"Id": " "}}, "Request.Action.Id", "must not be blank"),
        ({"Action": X, "CombinedDecision": 1}, "Request.CombinedDecision", "true or false"),
        ({"Action": X, "XPathVersion": 2}, "Request.XPathVersion", "must be a text"),
        ({"Action": X, "MultiRequests": {}}, "Request.MultiRequests", "`RequestReference`"),
        (
            {"Action": X, "MultiRequests": {"RequestReference": []}},
            "Request.MultiRequests.RequestReference",
            "is empty",
        ),
        (
            {"Action": X, "MultiRequests": {"RequestReference": [{"ReferenceId": []}]}},
            "Request.MultiRequests.RequestReference[0].ReferenceId",
            "is empty",
        ),
    ],
)
def test_what_is_wrong_is_told_by_its_member(
    request_members: dict[str, Any], where: str, why: str
) -> None:
    with pytest.raises(ContextRefused) as refused:
        read_json_request(document(**request_members))

    assert refused.value.where == where
    assert why in refused.value.why
    assert not isinstance(refused.value, ValueRefused)


@pytest.mark.parametrize(
    "value, data_type, why",
    [
        ("seven", "integer", "`seven` is not a literal"),
        (True, "integer", "true or false is not a value"),
        (0.5, "integer", "a number is not a value"),
        (5, "string", "a number is not a value"),
        ("yes", "boolean", "`yes` is not a literal"),
        ("2026-02-30", "date", "`2026-02-30` is not a literal"),
        ("x", "urn:test:unknown", "unknown data type `urn:test:unknown`"),
        (10**400, "double", "larger than any double"),
    ],
)
def test_a_value_that_is_not_of_its_data_type_is_told(
    value: object, data_type: str, why: str
) -> None:
    with pytest.raises(ValueRefused) as refused:
        only_attribute(value, DataType=data_type)

    assert why in refused.value.why


@pytest.mark.parametrize(
    "text, why",
    [
        ("", "not JSON"),
        ("[]", "must be an object"),
        ("{}", "needs the member `Request`"),
        ('{"Request": {}, "More": 1}', "not a member known"),
        ('{"Request": {"Action": {}, "Action": {}}}', "stands twice"),
        ('{"Request": {"Action": {}, "action": {}}}', "stands twice"),
        ('{"Request": {"Action": {"Attribute": {"AttributeId": "a", "Value": NaN}}}}', "not JSON"),
        ('{"Request": ' + "[" * 100_000, "not JSON"),
        ('{"Request": ' + "[" * 40 + "]" * 40 + "}", "nested deeper than 32"),
    ],
)
def test_a_document_that_is_no_request_is_refused(text: str, why: str) -> None:
    with pytest.raises(ContextRefused, match=why):
        read_json_request(text)


@pytest.mark.parametrize(
    "limits, why",
    [
        (ContextLimits(largest_bytes=50), "at most 50 are read"),
        (ContextLimits(most_values=2), "3 values; at most 2 are read"),
        (ContextLimits(deepest=3), "nested deeper than 3"),
    ],
)
def test_more_than_the_limits_is_refused(limits: ContextLimits, why: str) -> None:
    text = document(Action={"Attribute": attribute([1, 2, 3])})

    with pytest.raises(ContextRefused, match=why):
        read_json_request(text, limits)
