"""The few words that the tool itself prints, by language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """Words in one language; ``kinds`` names targets as a cross reference does ("table")."""

    kinds: Mapping[str, str]
    contents: str
    tables: str
    figures: str
    bibliography: str
    copyright: str
    colophon: str
    notes: str
    page: str
    previous: str
    next: str
    whole_book: str
    cited_in: str
    back_to_text: str
    note: str
    skip_to_text: str
    cover: str
    title_page: str
    half_title: str
    body: str
    all_rights: str
    data: str
    data_of: str
    months: tuple[str, ...]
    set_in: str


_ENGLISH = Wording(
    kinds={
        "chapter": "chapter",
        "section": "section",
        "table": "table",
        "figure": "figure",
        "note": "note",
        "page": "page",
    },
    contents="Contents",
    tables="Tables",
    figures="Figures",
    bibliography="Bibliography",
    copyright="Copyright",
    colophon="Colophon",
    notes="Notes",
    page="page",
    previous="Previous",
    next="Next",
    whole_book="The whole book in one document",
    cited_in="Cited in",
    back_to_text="Back to the text",
    note="Note",
    skip_to_text="Skip to the text",
    cover="Cover",
    title_page="Title page",
    half_title="Half-title",
    body="Text",
    all_rights="All rights reserved.",
    data="The data",
    data_of="The data of",
    months=(
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
    set_in="Set in",
)

_BY_LANGUAGE = {"en": _ENGLISH}


def wording(language: str) -> Wording:
    """Give the words for a BCP 47 language tag; English where there are none."""
    return _BY_LANGUAGE.get(language.split("-", maxsplit=1)[0].lower(), _ENGLISH)
