"""Finding packages by a word: in their names, their areas and their URNs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fullmakt.access.catalog.model import Catalog, Package
    from fullmakt.foundation.terms.text import Language

_WEIGHTS = {"name": 3.0, "area": 2.0, "urn": 1.0}


def matching_packages(
    catalog: Catalog, term: str, language: Language, *, entity_type: str | None = None
) -> list[tuple[Package, float, dict[str, str]]]:
    """The packages in which every word of `term` stands somewhere, the best first.

    Each with its score, and the fields that a word stands in. Letter case is not told apart.
    """
    words = term.casefold().split()
    found = []
    for package in catalog.facts.packages:
        if (
            entity_type is not None
            and package.entity_type.value.casefold() != entity_type.casefold()
        ):
            continue
        fields = {
            "name": package.names.in_language(language),
            "area": catalog.area(package.area).names.in_language(language),
            "urn": package.urn,
        }
        folded = {name: value.casefold() for name, value in fields.items()}
        if all(any(word in value for value in folded.values()) for word in words):
            held = {
                name: value
                for name, value in fields.items()
                if any(word in folded[name] for word in words)
            }
            found.append((package, sum(_WEIGHTS[name] for name in held), held))
    return sorted(found, key=lambda each: (-each[1], each[0].names.in_language(language)))
