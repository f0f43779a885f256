"""The swift reading of a decision request asks what the patient one asks, or leaves it to that."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fullmakt.access.decisions import wire
from fullmakt.access.decisions.multiple import read_questions
from fullmakt.access.decisions.plain_asking import read_plainly
from fullmakt.access.policy import names
from fullmakt.foundation.http.bodies import read_body
from fullmakt.foundation.terms import urns

SUBJECTS = {
    urns.SYSTEM_USER_UUID: "6f1c2d8e-1a2b-4c3d-8e9f-0a1b2c3d4e5f",
    urns.ORGANIZATION_NUMBER: "312300028",
    urns.LEGACY_ORGANIZATION_NUMBER: "312300028",
    urns.PARTY_UUID: "6F1C2D8E-1A2B-4C3D-8E9F-0A1B2C3D4E5F",
    urns.USER_ID: "20001",
    names.ACCESS_PACKAGE: "skattegrunnlag",
    "urn:other": "x",
}
RESOURCES = {
    urns.RESOURCE: "app_skd_mva",
    urns.SERVICE_OWNER: "skd",
    urns.APP: "mva",
    urns.ORGANIZATION_NUMBER: "312400014",
    urns.PARTY_ID: "50001",
    urns.INSTANCE: "50001/6f1c2d8e-1a2b-4c3d-8e9f-0a1b2c3d4e5f",
    "urn:other": "ær",
}
UNUSUAL = st.sampled_from(
    [
        ("DataType", "http://www.w3.org/2001/XMLSchema#string"),
        ("DataType", "http://www.w3.org/2001/XMLSchema#integer"),
        ("IncludeInResult", True),
        ("Issuer", "x"),
        ("attributeId", "urn:other"),
        ("Value", None),
        ("Value", 7),
        ("AttributeId", ""),
        ("Unknown", "x"),
    ]
)


def attributes(of: dict[str, str]) -> st.SearchStrategy[list[dict[str, object]]]:
    one = st.builds(
        lambda item, more: {"AttributeId": item[0], "Value": item[1], **dict(more)},
        st.sampled_from(sorted(of.items())) | st.tuples(st.sampled_from(sorted(of)), st.just("7")),
        st.lists(UNUSUAL, max_size=1) | st.just([]) | st.just([]),
    )
    return st.lists(one, max_size=4)


def categories(of: dict[str, str]) -> st.SearchStrategy[list[dict[str, object]]]:
    one = st.builds(
        lambda held, more: {"Attribute": held, **more},
        attributes(of),
        st.sampled_from([{}, {}, {}, {"Id": "a"}, {"CategoryId": names.SUBJECT}]),
    )
    return st.lists(one, min_size=1, max_size=1) | st.lists(one, max_size=2)


def usual(of: dict[str, str]) -> st.SearchStrategy[list[dict[str, object]]]:
    """One category with one to three attributes of different ids, as a rule of good values."""
    items = st.lists(
        st.sampled_from(sorted(of.items())), min_size=1, max_size=3, unique_by=lambda each: each[0]
    )
    return items.map(
        lambda chosen: [{"Attribute": [{"AttributeId": n, "Value": v} for n, v in chosen]}]
    )


def requests_of(
    subjects: st.SearchStrategy[object],
    actions: st.SearchStrategy[object],
    resources: st.SearchStrategy[object],
) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries(
        {"AccessSubject": subjects, "Action": actions, "Resource": resources}
    )


ACTIONS = {names.ACTION_ID: "read", "urn:other": "x"}
USUAL_REQUESTS = requests_of(usual(SUBJECTS), usual(ACTIONS), usual(RESOURCES))
REQUESTS = st.builds(
    lambda subjects, actions, resources, more: {
        "AccessSubject": subjects,
        "Action": actions,
        "Resource": resources,
        **more,
    },
    categories(SUBJECTS),
    categories(ACTIONS),
    categories(RESOURCES),
    st.sampled_from([{}, {}, {"ReturnPolicyIdList": True}, {"MultiRequests": None}]),
)


@given(REQUESTS | USUAL_REQUESTS)
def test_what_is_read_swiftly_is_what_is_read_patiently(request: dict[str, object]) -> None:
    body = json.dumps({"Request": request}, ensure_ascii=False).encode()

    swift = read_plainly(body)

    if swift is not None:
        questions, asked_by = read_questions(read_body(body, wire.DecisionRequest).request)
        assert [swift] == questions
        assert not any(
            attribute.include_in_result
            for group in asked_by[0]
            for category in group
            for attribute in category.attribute or ()
        )


USUAL_REQUEST = (
    b'{"Request":{"AccessSubject":[{"Attribute":[{"AttributeId":"urn:altinn:systemuser:uuid",'
    b'"Value":"6f1c2d8e-1a2b-4c3d-8e9f-0a1b2c3d4e5f"}]}],"Action":[{"Attribute":[{"AttributeId":'
    b'"urn:oasis:names:tc:xacml:1.0:action:action-id","Value":"read"}]}],"Resource":[{"Attribute":'
    b'[{"AttributeId":"urn:altinn:resource","Value":"ske-demo"},{"AttributeId":'
    b'"urn:altinn:organization:identifier-no","Value":"312400014"}]}]}}'
)


def test_the_usual_request_is_read_swiftly() -> None:
    (asked,), _ = read_questions(read_body(USUAL_REQUEST, wire.DecisionRequest).request)

    assert read_plainly(USUAL_REQUEST) == asked


@pytest.mark.parametrize(
    "old, new",
    [
        (b'"Value":"read"', b'"Value":"read","Value":"write"'),
        (b'"Value":"read"', b'"Value":"read","value":"write"'),
        (b'"Value":"read"', b'"Value":"re\\u0061d"'),
        (b'"Value":"read"', b'"Value":"\xff"'),
        (b'"Value":"312400014"', b'"Value":"312400015"'),
    ],
)
def test_what_needs_care_is_left_to_the_patient_reader(old: bytes, new: bytes) -> None:
    body = USUAL_REQUEST.replace(old, new)

    assert body != USUAL_REQUEST
    assert read_plainly(body) is None
