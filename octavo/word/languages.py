"""Languages of the text (BCP 47) as Word's speller knows them: always with a region."""

import re
from dataclasses import dataclass

_REGIONS = {
    "ar": "SA", "cs": "CZ", "da": "DK", "de": "DE", "el": "GR", "en": "GB", "es": "ES", "fi": "FI",
    "fr": "FR", "he": "IL", "it": "IT", "ja": "JP", "km": "KH", "ko": "KR", "la": "VA", "lo": "LA",
    "nl": "NL", "no": "NO", "pl": "PL", "pt": "PT", "ru": "RU", "sv": "SE", "th": "TH", "tr": "TR",
    "uk": "UA", "vi": "VN", "zh": "CN",
}  # fmt: skip
_SCRIPTS = {"hant": "TW", "hans": "CN"}
_EAST_ASIAN = {"zh", "ja", "ko"}
_LETTER = {"en-US", "en-CA", "es-MX", "fr-CA"}


@dataclass(frozen=True)
class Language:
    """A document's languages: that of the text, and that of its Chinese, Japanese or Korean."""

    latin: str
    east_asian: str


def is_east_asian(tag: str) -> bool:
    """Tell whether a language is written in the signs that Word calls East Asian."""
    return tag.split("-", maxsplit=1)[0].lower() in _EAST_ASIAN


def regional(tag: str) -> str:
    """Give a language with its region: ``vi-VN`` for ``vi``, ``zh-TW`` for ``zh-Hant``."""
    first, *rest = tag.split("-")
    region = next((part.upper() for part in rest if re.fullmatch("[A-Za-z]{2}", part)), "")
    script = next((_SCRIPTS[part.lower()] for part in rest if part.lower() in _SCRIPTS), "")
    found = region or script or _REGIONS.get(first.lower(), "")
    return f"{first.lower()}-{found}" if found else first.lower()


def of_document(language: str) -> Language:
    """Give the languages of a document whose text is in ``language``."""
    made = regional(language)
    return Language(made, made if is_east_asian(language) else "zh-TW")


def takes_letter_paper(language: str) -> bool:
    """Tell whether manuscripts in a language are printed on paper of 8.5 × 11 in, and not A4."""
    return language in _LETTER
