"""The JSON schemas of a description, each struct once: as msgspec writes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import msgspec

Json: TypeAlias = dict[str, Any]
_REFERENCE = "#/components/schemas/{name}"
_JSON = "application/json"


class Schemas:
    """The schemas of all types that are asked for when it is made."""

    def __init__(self, forms: Iterable[object]) -> None:
        wanted = list(dict.fromkeys(each for form in forms for each in _alternatives(form)))
        written, components = msgspec.json.schema_components(
            wanted, ref_template=_REFERENCE, schema_hook=_any
        )
        self._written = dict(zip(wanted, written, strict=True))
        self.components: Mapping[str, Json] = dict(sorted(components.items()))

    def of(self, form: object) -> Json:
        """The schema of a type, or of any of several. Bytes are whatever they are."""
        if isinstance(form, tuple):
            return {"anyOf": [self.of(each) for each in form]}
        return {} if form is bytes else self._written[form]

    def content(self, form: object) -> Json:
        """The content of a body, by media type."""
        return {media: {"schema": self.of(each)} for media, each in by_media(form).items()}


def by_media(form: object) -> Mapping[str, object]:
    """A body's types by media type; JSON, unless it says more."""
    return form if isinstance(form, Mapping) else {_JSON: form}


def _alternatives(form: object) -> tuple[object, ...]:
    return form if isinstance(form, tuple) else (form,)


def _any(form: type) -> Json:
    """The schema of what msgspec knows nothing of: an object is anything.

    msgspec is told of all else by NotImplementedError, and refuses it by name.
    """
    if form is object:
        return {"description": "Any JSON value."}
    raise NotImplementedError
