"""Text in the three languages of the house: bokmål, nynorsk and English."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Mapping


class Language(StrEnum):
    """The languages that pages and texts exist in."""

    BOKMAL = "nb"
    NYNORSK = "nn"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class LocalizedText:
    """One text in all three languages."""

    nb: str
    nn: str
    en: str

    @classmethod
    def from_mapping(cls, texts: Mapping[str, str]) -> Self:
        """Read `{"nb": …, "nn": …, "en": …}`. Raises: ValueError naming the missing language."""
        missing = [language.value for language in Language if language.value not in texts]
        if missing:
            message = f"text lacks language `{', '.join(missing)}`"
            raise ValueError(message)
        return cls(texts["nb"], texts["nn"], texts["en"])

    def in_language(self, language: str) -> str:
        """The text in `language` (`nb`, `nn` or `en`); English for any other."""
        match language:
            case Language.BOKMAL:
                return self.nb
            case Language.NYNORSK:
                return self.nn
            case _:
                return self.en

    def as_mapping(self) -> dict[str, str]:
        """The text as `{"nb": …, "nn": …, "en": …}`."""
        return {"nb": self.nb, "nn": self.nn, "en": self.en}
