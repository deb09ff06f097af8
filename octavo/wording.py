"""The few words that the tool itself prints, by language."""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class DateWords:
    """How dates are printed: months and seasons (from spring) by name, and what stands beside them.

    ``decade`` takes the decade's first year; ``month_first`` as in "January 18, 1950".
    """

    months: tuple[str, ...]
    seasons: tuple[str, ...]
    decade: str
    circa: str
    since: str
    until: str
    month_first: bool = False


@dataclass(frozen=True)
class Wording:
    """Words in one language; ``kinds`` names targets as a cross reference does ("table").

    ``plurals`` names several of a kind ("tables").
    ``name_kinds`` are the headings of the register of names; ``not_certain`` says of a name how
    sure it is whom or what it means.
    ``search_many`` takes the count of sections.
    ``index_behind``, ``index_signs`` and ``index_main`` make up the note at the head of the index.
    """

    kinds: Mapping[str, str]
    plurals: Mapping[str, str]
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
    pages: str
    go_to_page: str
    go: str
    show_pages: str
    no_such_page: str
    page_short: str
    search: str
    search_book: str
    search_none: str
    search_one: str
    search_many: str
    search_more: str
    search_local: str
    search_forbidden: str
    search_failed: str
    close: str
    previous: str
    next: str
    whole_book: str
    cited_in: str
    chapter_short: str
    note_short: str
    notes_short: str
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
    set_in: str
    abbreviations: str
    chronology: str
    date: str
    event: str
    dates: DateWords


_ENGLISH_DATES = DateWords(
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    seasons=("spring", "summer", "autumn", "winter"),
    decade="{}s",
    circa="c.",
    since="from",
    until="until",
)

_ENGLISH = Wording(
    kinds={
        "chapter": "chapter",
        "section": "section",
        "table": "table",
        "figure": "figure",
        "note": "note",
        "page": "page",
    },
    plurals={
        "chapter": "chapters",
        "section": "sections",
        "table": "tables",
        "figure": "figures",
        "note": "notes",
        "page": "pages",
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
    pages="Pages of the printed edition",
    go_to_page="Page",
    go="Go",
    show_pages="Page numbers in the margin",
    no_such_page="No text begins on a page of that number.",
    page_short="p.",
    search="Search",
    search_book="Search the book",
    search_none="Nothing found.",
    search_one="Found in one section.",
    search_many="Found in {} sections.",
    search_more="More results",
    search_local="Searching needs the book on a web server; here it was opened as a file.",
    search_forbidden="This site, or this browser, forbids the code that searches (WebAssembly).",
    search_failed="The search cannot be loaded.",
    close="Close",
    previous="Previous",
    next="Next",
    whole_book="The whole book in one document",
    cited_in="Cited in",
    chapter_short="ch.",
    note_short="n.",
    notes_short="nn.",
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
    set_in="Set in",
    abbreviations="Abbreviations",
    chronology="Chronology",
    date="Date",
    event="Event",
    dates=_ENGLISH_DATES,
)

_AMERICAN_DATES = replace(
    _ENGLISH_DATES, seasons=("spring", "summer", "fall", "winter"), month_first=True
)

_BY_LANGUAGE = {"en": _ENGLISH, "en-us": replace(_ENGLISH, dates=_AMERICAN_DATES)}


def wording(language: str) -> Wording:
    """Give the words for a BCP 47 language tag; English where there are none."""
    tag = language.lower()
    return _BY_LANGUAGE.get(tag) or _BY_LANGUAGE.get(tag.split("-", maxsplit=1)[0], _ENGLISH)
