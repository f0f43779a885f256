"""Requests in XML: what the schema asks for is asked for, and nothing unsafe is read."""

from __future__ import annotations

import pytest

from fullmakt.access.policy import data_types as types
from fullmakt.access.policy import names
from fullmakt.access.policy.context.errors import ContextRefused, ValueRefused
from fullmakt.access.policy.context.limits import ContextLimits
from fullmakt.access.policy.context.model import ContextAttribute, ContextCategory, ContextRequest
from fullmakt.access.policy.context.xml_requests import read_xml_request
from fullmakt.access.policy.model import AttributeValue

REQUEST = (
    f'<Request xmlns="{names.NAMESPACE}" ReturnPolicyIdList="true" CombinedDecision="false">'
    "{}</Request>"
)
VALUE = f'<AttributeValue DataType="{types.STRING}">read</AttributeValue>'
ATTRIBUTE = f'<Attribute AttributeId="urn:a" IncludeInResult="true">{VALUE}</Attribute>'


def document(attributes: str = ATTRIBUTE, *, more: str = "") -> str:
    return REQUEST.format(f'<Attributes Category="urn:c">{attributes}</Attributes>{more}')


def test_every_part_of_a_request_is_read() -> None:
    text = REQUEST.format(
        "<RequestDefaults><XPathVersion>urn:x</XPathVersion></RequestDefaults>"
        '<Attributes Category="urn:c" xml:id="c1"><Attribute AttributeId="urn:a" Issuer="urn:i"'
        f' IncludeInResult="false">{VALUE}<AttributeValue DataType="{types.INTEGER}"> 7 '
        "</AttributeValue></Attribute></Attributes><MultiRequests><RequestReference>"
        '<AttributesReference ReferenceId="c1"/></RequestReference></MultiRequests>'
    )

    request = read_xml_request(text)

    values = (AttributeValue(types.STRING, "read"), AttributeValue(types.INTEGER, 7))
    assert request == ContextRequest(
        categories=(ContextCategory("urn:c", (ContextAttribute("urn:a", values, "urn:i"),), "c1"),),
        references=(("c1",),),
        returns_policy_ids=True,
    )


@pytest.mark.parametrize(
    "text, why",
    [
        (document("").replace(' ReturnPolicyIdList="true"', ""), "`ReturnPolicyIdList`"),
        (document("").replace('"false"', '"no"'), "`CombinedDecision` is `true` or `false`"),
        (document("").replace(' Category="urn:c"', ""), "needs the attribute `Category`"),
        (document("").replace("<Attributes", '<Attributes Nr="1"'), "the attribute `Nr`"),
        (document("").replace("Request", "Response"), "the document is a `Response`"),
        (document("").replace(":3.0:core", ":2.0:context"), "is not of the namespace"),
        (REQUEST.format(""), "at least one `Attributes`"),
        (REQUEST.format("<Subject/>"), "`Subject` inside `Request`"),
        (document("<Content><record xmlns='urn:r'/></Content>"), "XPath is not evaluated"),
        (document("read"), "holds the text `read`"),
        (document('<Attribute AttributeId="urn:a" IncludeInResult="true"/>'), "is empty"),
        (document(f'<Attribute AttributeId="urn:a">{VALUE}</Attribute>'), "`IncludeInResult`"),
        (document(ATTRIBUTE.replace("read", "<b xmlns='urn:b'/>")), "is not of the namespace"),
        (
            document(ATTRIBUTE.replace("read", f"<AttributeValue>{VALUE}</AttributeValue>")),
            "does not belong inside",
        ),
        (document(ATTRIBUTE.replace(types.STRING, types.XPATH_EXPRESSION)), "XPath is not eval"),
        (document(more="<MultiRequests/>"), "at least one `RequestReference`"),
        (
            document(more="<MultiRequests><RequestReference/></MultiRequests>"),
            "at least one `AttributesReference`",
        ),
        ('<!DOCTYPE x [<!ENTITY e "read">]>' + document(), "no DTD"),
        (document().replace("</Request>", ""), "not well-formed"),
        (document().replace("read", "&#0;"), "not well-formed"),
        ("", "not well-formed"),
    ],
)
def test_what_is_wrong_is_told_by_its_line(text: str, why: str) -> None:
    with pytest.raises(ContextRefused, match=why) as refused:
        read_xml_request(f"\n{text}" if not text.startswith("<!") else text)

    assert refused.value.where.startswith("line ")


@pytest.mark.parametrize(
    "data_type, why",
    [(types.INTEGER, "`read` is not a literal"), ("urn:test:unknown", "unknown data type")],
)
def test_a_value_that_is_not_of_its_data_type_is_told(data_type: str, why: str) -> None:
    with pytest.raises(ValueRefused, match=why):
        read_xml_request(document(ATTRIBUTE.replace(types.STRING, data_type)))


@pytest.mark.parametrize(
    "limits, why",
    [
        (ContextLimits(largest_bytes=50), "at most 50 are read"),
        (ContextLimits(most_values=0), "1 values; at most 0 are read"),
        (ContextLimits(deepest=2), "nested too deep"),
    ],
)
def test_more_than_the_limits_is_refused(limits: ContextLimits, why: str) -> None:
    with pytest.raises(ContextRefused, match=why):
        read_xml_request(document(), limits)
