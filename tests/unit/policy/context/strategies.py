"""Random requests and responses, for properties: values of every data type of the standard."""

from __future__ import annotations

import string

from hypothesis import strategies as st

from fullmakt.access.policy import data_types as types
from fullmakt.access.policy.context.model import (
    ContextAttribute,
    ContextCategory,
    ContextRequest,
    ContextStatus,
    Response,
    Result,
)
from fullmakt.access.policy.context.short_names import CATEGORIES
from fullmakt.access.policy.data_types import read_value
from fullmakt.access.policy.model import AttributeValue
from fullmakt.access.policy.outcome import (
    Assignment,
    Decision,
    Directive,
    MissingAttribute,
    PolicyIdentifier,
)

LITERALS = {
    types.BOOLEAN: ["true", "false"],
    types.INTEGER: ["0", "-7", "9007199254740993", "-" + "9" * 60],
    types.DOUBLE: ["0.5", "-1E300", "INF", "-INF", "NaN", "3"],
    types.DAY_TIME_DURATION: ["P3DT4H", "-PT0.5S"],
    types.YEAR_MONTH_DURATION: ["P1Y2M", "-P10M"],
    types.HEX_BINARY: ["0FB7", ""],
    types.BASE64_BINARY: ["AQID"],
    types.RFC822_NAME: ["Anna@example.invalid"],
    types.X500_NAME: ["cn=Anna,o=Bakeriet"],
    types.IP_ADDRESS: ["10.0.0.1", "10.0.0.1/255.0.0.0:80"],
    types.DNS_NAME: ["example.invalid", "*.example.invalid:8080-"],
    types.ANY_URI: ["urn:test:a", "https://example.invalid/?a=b&c"],
    types.DATE: ["2026-11-23", "1999-01-01Z"],
    types.TIME: ["08:30:00", "23:59:59.5+01:00"],
    types.DATE_TIME: ["2026-11-23T08:30:00Z", "2026-02-28T00:00:00-03:30"],
}
# XML cannot hold most control characters, and reads a carriage return as a line feed.
_PLAIN = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"))
texts = st.text(st.one_of(_PLAIN, st.sampled_from("\n\t <&>\"'")), max_size=20)
names = st.text(string.ascii_letters + ":-", min_size=1, max_size=12)
flags = st.booleans()

values = st.one_of(
    texts.map(lambda text: AttributeValue(types.STRING, text)),
    st.sampled_from(
        [
            AttributeValue(data_type, read_value(data_type, text))
            for data_type, literals in LITERALS.items()
            for text in literals
            if text != "NaN"  # equal to nothing, so it has a test of its own
        ]
    ),
)
# A JSON attribute has one data type, so a bag of several is several attributes.
bags = st.lists(values, min_size=1, max_size=3).map(
    lambda held: tuple(value for value in held if value.data_type == held[0].data_type)
)
attributes = st.builds(ContextAttribute, names, bags, st.none() | names, flags)
categories = st.builds(
    ContextCategory,
    st.sampled_from([*CATEGORIES.values(), "urn:test:other"]),
    st.lists(attributes, max_size=3).map(tuple),
    st.none() | st.from_regex(r"[a-z][a-z0-9]{0,5}", fullmatch=True),
)
requests = st.builds(
    ContextRequest,
    st.lists(categories, min_size=1, max_size=4).map(tuple),
    st.lists(st.lists(names, min_size=1, max_size=3).map(tuple), max_size=2).map(tuple),
    flags,
    flags,
)

_assignments = st.builds(
    lambda name, value, category, issuer: Assignment(
        name, value.data_type, value.value, category, issuer
    ),
    names,
    values,
    st.none() | names,
    st.none() | names,
)
_directives = st.lists(
    st.builds(Directive, names, st.lists(_assignments, max_size=2).map(tuple)), max_size=2
).map(tuple)
_missing = st.builds(MissingAttribute, names, names, names, st.none() | names)
_statuses = st.builds(
    ContextStatus,
    st.lists(names, min_size=1, max_size=3).map(tuple),
    texts,
    st.lists(_missing, max_size=2).map(tuple),
)
_policies = st.builds(PolicyIdentifier, names, st.sampled_from(["", "1.0", "2.3.4"]), flags)
results = st.builds(
    Result,
    st.sampled_from(list(Decision)),
    st.none() | _statuses,
    _directives,
    _directives,
    st.lists(categories, max_size=2).map(tuple),
    # JSON lists policies and sets apart.
    st.lists(_policies, max_size=3).map(
        lambda held: tuple(sorted(held, key=lambda policy: policy.is_set))
    ),
)
responses = st.lists(results, min_size=1, max_size=3).map(lambda held: Response(tuple(held)))
