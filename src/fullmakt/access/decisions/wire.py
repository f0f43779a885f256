"""The decision request and answer as JSON: the platform's dialect of XACML's JSON profile.

Read: PascalCase, whatever the letter case. Written: camelCase with nulls.
"""

from __future__ import annotations

from msgspec import Struct, field


class Attribute(Struct, omit_defaults=True, rename="pascal", gc=False):
    """One attribute with one value."""

    attribute_id: str | None = None
    value: str | None = None
    data_type: str | None = None
    issuer: str | None = None
    include_in_result: bool = False


class Category(Struct, omit_defaults=True, rename="pascal", gc=False):
    """The attributes of one subject, action, resource or other category."""

    id: str | None = None
    category_id: str | None = None
    content: str | None = None
    attribute: list[Attribute] | None = None


class RequestReference(Struct, omit_defaults=True, rename="pascal", gc=False):
    """One decision of several, by the ids of its categories."""

    reference_id: list[str] | None = None


class MultiRequests(Struct, omit_defaults=True, rename="pascal", gc=False):
    """Several decisions in one request."""

    request_reference: list[RequestReference] | None = None


class Request(Struct, omit_defaults=True, rename="pascal", gc=False):
    """One decision request."""

    return_policy_id_list: bool = False
    combined_decision: bool = False
    x_path_version: str | None = field(default=None, name="XPathVersion")
    category: list[Category] | None = None
    access_subject: list[Category] | None = None
    action: list[Category] | None = None
    resource: list[Category] | None = None
    recipient_subject: list[Category] | None = None
    intermediary_subject: list[Category] | None = None
    requesting_machine: list[Category] | None = None
    multi_requests: MultiRequests | None = None


class DecisionRequest(Struct, omit_defaults=True, rename="pascal", gc=False):
    """The body of a question to the decision point."""

    request: Request


class StatusCodeAnswer(Struct, rename="camel"):
    """A status code."""

    value: str
    status_code: None = None


class StatusAnswer(Struct, rename="camel"):
    """A status. The platform never fills the message in JSON."""

    status_message: None
    status_details: None
    status_code: StatusCodeAnswer


class AssignmentAnswer(Struct, rename="camel"):
    """One attribute of an obligation."""

    attribute_id: str
    value: str
    category: str | None
    data_type: str
    issuer: str | None


class ObligationAnswer(Struct, rename="camel"):
    """An obligation."""

    id: str
    attribute_assignment: list[AssignmentAnswer]


class AttributeAnswer(Struct, rename="camel"):
    """An attribute sent back because the request asked for it."""

    attribute_id: str
    value: str | None
    issuer: None
    data_type: str
    include_in_result: bool


class CategoryAnswer(Struct, rename="camel"):
    """A category sent back because the request asked for it."""

    category_id: str
    id: None
    content: None
    attribute: list[AttributeAnswer]


class ResultAnswer(Struct, rename="camel"):
    """One decision."""

    decision: str
    status: StatusAnswer
    obligations: list[ObligationAnswer] | None
    associate_advice: None
    category: list[CategoryAnswer] | None
    policy_identifier_list: None


class DecisionAnswer(Struct, rename="camel"):
    """The body of an answer."""

    response: list[ResultAnswer]
