"""How the name of a party is searched for."""

from __future__ import annotations

import unicodedata
from typing import Final

_TWO_LETTERS: Final = str.maketrans({"å": "aa", "æ": "ae", "ä": "ae", "ø": "oe", "ö": "oe"})


def run_together(name: str) -> str:
    """`name` without what people leave out or write in another way, for both sides of a search.

    Letters and digits alone, in lower case: `å` is `aa`, `æ` and `ä` are `ae`, `ø` and `ö` are
    `oe`; other accents, spaces, hyphens and signs are dropped.
    """
    two_letters = unicodedata.normalize("NFKC", name).casefold().translate(_TWO_LETTERS)
    apart = unicodedata.normalize("NFKD", two_letters)
    return "".join(letter for letter in apart if letter.isalnum())
