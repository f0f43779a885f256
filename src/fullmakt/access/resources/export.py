"""The registry as RDF: each visible service as a public service of CPSV-AP, in Turtle.

Vocabularies: CPSV-AP 3.2 (`cpsv:PublicService`, `cv:hasCompetentAuthority`), DCMI terms, FOAF.
Source of the notation: W3C, RDF 1.1 Turtle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from urllib.parse import quote

from fullmakt.access.resources.model import Keyword, Resource
from fullmakt.foundation.terms.text import LocalizedText

_PREFIXES = {
    "cpsv": "http://purl.org/vocab/cpsv#",
    "cv": "http://data.europa.eu/m8g/",
    "dct": "http://purl.org/dc/terms/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "foaf": "http://xmlns.com/foaf/0.1/",
}
_ESCAPED = str.maketrans(
    {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f"}
)
_LANGUAGES = frozenset({"nb", "nn", "en"})


def write_turtle(resources: Iterable[Resource], *, base: str) -> str:
    """The visible ones of `resources`; each is named by its address under `base`."""
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in _PREFIXES.items())
    return head + "".join(
        "\n" + _described(f"<{base}/{quote(each.identifier, safe='')}>", list(_facts(each)))
        for each in resources
        if each.is_visible
    )


def _described(subject: str, facts: list[str]) -> str:
    return f"{subject} a cpsv:PublicService ;\n    " + " ;\n    ".join(facts) + " .\n"


def _facts(resource: Resource) -> Iterator[str]:
    yield f"dct:identifier {_text(resource.identifier)}"
    yield from _texts("dct:title", resource.title)
    yield from _texts("dct:description", resource.description)
    yield f"dct:type {_text(resource.resource_type.value)}"
    for word in resource.keywords:
        yield f"dcat:keyword {_keyword(word)}"
    for part in resource.spatial:
        yield f"dct:spatial {_text(part)}"
    for contact in resource.contact_points:
        if contact.email:
            yield f"cv:email {_text(contact.email)}"
    owner = [f"dct:identifier {_text(resource.owner.digits)}"]
    owner += [f"foaf:nick {_text(resource.owner_code)}"]
    owner += _texts("foaf:name", resource.owner_name)
    yield f"cv:hasCompetentAuthority [ a cv:PublicOrganisation ; {' ; '.join(owner)} ]"


def _texts(name: str, text: LocalizedText | None) -> Iterator[str]:
    if text is not None:
        for language, value in text.as_mapping().items():
            yield f"{name} {_text(value)}@{language}"


def _keyword(word: Keyword) -> str:
    tag = f"@{word.language}" if word.language in _LANGUAGES else ""
    return _text(word.word) + tag


def _text(value: str) -> str:
    return f'"{value.translate(_ESCAPED)}"'
