"""The few words that the tool itself prints, by language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """Words in one language; ``kinds`` names targets as a cross reference does ("table").

    ``index_behind``, ``index_signs`` and ``index_main`` make up the note at the head of the index.
    """

    kinds: Mapping[str, str]
    contents: str
    tables: str
    figures: str
    bibliography: str
    index: str
    index_behind: str
    index_signs: Mapping[str, str]
    index_main: str
    see: str
    see_also: str
    continued: str
    other_signs: str
    letters: str
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
    index="Index",
    index_behind="Behind a page number",
    index_signs={"note": "n, note", "table": "t, table", "figure": "f, figure"},
    index_main="Numbers in bold lead to the main places",
    see="see",
    see_also="see also",
    continued="cont.",
    other_signs="Figures and signs",
    letters="Letters",
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
    set_in="Set in",
)

_BY_LANGUAGE = {"en": _ENGLISH}


def wording(language: str) -> Wording:
    """Give the words for a BCP 47 language tag; English where there are none."""
    return _BY_LANGUAGE.get(language.split("-", maxsplit=1)[0].lower(), _ENGLISH)
