"""The few words that the tool itself prints, by language."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Wording:
    """Words in one language; ``kinds`` names targets as a cross reference does ("table").

    ``name_kinds`` are the headings of the register of names; ``not_certain`` says of a name how
    sure it is whom or what it means.
    ``index_behind``, ``index_signs`` and ``index_main`` make up the note at the head of the index.
    """

    kinds: Mapping[str, str]
    contents: str
    tables: str
    figures: str
    bibliography: str
    names: str
    name_kinds: Mapping[str, str]
    mentioned_in: str
    see_also: str
    not_certain: Mapping[str, str]
    index: str
    index_behind: str
    index_signs: Mapping[str, str]
    index_main: str
    see: str
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
    names="Register of Names",
    name_kinds={
        "person": "Persons",
        "organisation": "States and organisations",
        "place": "Places",
        "campaign": "Campaigns",
        "agreement": "Agreements",
        "document": "Documents",
        "event": "Events",
    },
    mentioned_in="Mentioned in",
    see_also="See also",
    not_certain={
        "probable": "The identification is probable.",
        "unknown": "Not identified.",
    },
    index="Index",
    index_behind="Behind a page number",
    index_signs={"note": "n, note", "table": "t, table", "figure": "f, figure"},
    index_main="Numbers in bold lead to the main places",
    see="See",
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
