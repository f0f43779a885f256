"""Files in forms (RFC 7578), read from a body that has arrived whole."""

from __future__ import annotations

from io import BytesIO

from multipart import MultipartError, MultipartParser, parse_options_header

from fullmakt.foundation.http.bodies import LARGEST_BODY
from fullmakt.foundation.terms.problem import InvalidInput, TooLarge

_MOST_PARTS = 20


def read_form_file(
    body: bytes, content_type: str | None, name: str, *, largest: int = LARGEST_BODY
) -> bytes | None:
    """The content of the part called `name`, in whatever letter case; None when there is none.

    A body of another media type has no parts. Raises: InvalidInput, TooLarge.
    """
    if len(body) > largest:
        message = f"the body has `{len(body)}` bytes; at most {largest} are read"
        raise TooLarge(message)
    media_type, options = parse_options_header(content_type or "")
    if media_type.lower() != "multipart/form-data" or not options.get("boundary"):
        return None
    parser = MultipartParser(
        BytesIO(body), options["boundary"], len(body), part_limit=_MOST_PARTS, strict=True
    )
    try:
        found = [part.raw for part in parser if part.name.lower() == name.lower()]
    except MultipartError as fault:
        raise InvalidInput({"$": (f"The form cannot be read: {fault}.",)}) from None
    if len(found) > 1:
        raise InvalidInput({name: (f"The form has {len(found)} parts called `{name}`.",)})
    return found[0] if found else None
