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
class AccessibilityWords:
    """The sentences that say how an EPUB can be read.

    ``text`` holds for every book; ``by_feature`` has those of a feature's own (the names are
    those of schema.org).  ``conforms`` takes the standard and who certifies it.
    """

    text: str
    by_feature: Mapping[str, str]
    conforms: str
    not_evaluated: str


@dataclass(frozen=True)
class EditingWords:
    """What a proof says of the marks of editing: their list's title, their kinds, one and many.

    ``proof`` stands on each page; ``none`` where there is no mark.
    """

    title: str
    proof: str
    none: str
    comment: str
    kinds: Mapping[str, tuple[str, str]]


@dataclass(frozen=True)
class ReadingWords:
    """What the web edition says of its own use: the reader's settings, the keys, the pictures.

    ``lines_*`` say whether lines end flush; ``keys_on`` is the switch for keys without modifiers.
    ``resume`` leads to the book's last place, ``resume_here`` to the document's.
    """

    settings: str
    size: str
    measure: str
    measure_narrow: str
    measure_normal: str
    measure_wide: str
    colours: str
    colours_system: str
    colours_light: str
    colours_sepia: str
    colours_dark: str
    lines: str
    lines_fitting: str
    lines_justified: str
    lines_ragged: str
    keys: str
    keys_on: str
    keys_list: str
    close: str
    enlarge: str
    resume: str
    resume_here: str


@dataclass(frozen=True)
class Wording:
    """Words in one language, a BCP 47 tag; ``kinds`` names targets as references do ("table").

    ``plurals`` names several of a kind ("tables").
    ``name_kinds`` are the headings of the register of names; ``not_certain`` says of a name how
    sure it is whom or what it means.
    ``search_many`` takes the count of sections.
    ``index_behind``, ``index_signs`` and ``index_main`` make up the note at the head of the index.
    """

    language: str
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
    first_edition: str
    cite_passage: str
    cite_section: str
    cite_book: str
    permalink: str
    in_text: str
    works_cited: str
    copy: str
    copied: str
    close: str
    download: str
    moved: str
    moved_document: str
    accessibility: AccessibilityWords
    dates: DateWords
    reading: ReadingWords
    editing: EditingWords


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

_ENGLISH_ACCESSIBILITY = AccessibilityWords(
    text=(
        "The text reflows, and follows the reader's own choice of type, size, spacing and"
        " colours. Headings, landmarks and a nested table of contents lead through the book;"
        " notes lead back to where they are called; passages in other languages are marked."
    ),
    by_feature={
        "alternativeText": "All pictures have alternative text.",
        "longDescription": "What charts show is given as tables, too.",
        "index": "Each entry of the index leads to its place in the text.",
        "pageNavigation": (
            "The pages of the printed edition are marked where they begin, and can be gone to."
        ),
    },
    conforms="The publication conforms to {standard}, as certified by {certifier}.",
    not_evaluated="The file has not been evaluated against an accessibility standard.",
)

_ENGLISH_READING = ReadingWords(
    settings="Reading settings",
    size="Text size",
    measure="Line length",
    measure_narrow="Short",
    measure_normal="Medium",
    measure_wide="Long",
    colours="Colours",
    colours_system="Auto",
    colours_light="Light",
    colours_sepia="Sepia",
    colours_dark="Dark",
    lines="Line ends",
    lines_fitting="Auto",
    lines_justified="Justified",
    lines_ragged="Ragged",
    keys="Keys",
    keys_on="Shortcut keys",
    keys_list="List of keys",
    close="Close",
    enlarge="Enlarge",
    resume="Continue reading:",
    resume_here="Go on where you stopped",
)

_ENGLISH_EDITING = EditingWords(
    title="Marks of Editing",
    proof="Proof",
    none="No marks are open.",
    comment="Comment",
    kinds={
        "addition": ("addition", "additions"),
        "deletion": ("deletion", "deletions"),
        "substitution": ("substitution", "substitutions"),
        "moved-to": ("passage moved here", "passages moved here"),
        "moved-from": ("passage moved away", "passages moved away"),
        "highlight": ("highlight", "highlights"),
        "comment": ("comment", "comments"),
    },
)

_ENGLISH = Wording(
    language="en",
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
    first_edition="First edition",
    cite_passage="Cite this passage",
    cite_section="Cite this section",
    cite_book="Cite this book",
    permalink="Permanent link",
    in_text="in the text",
    works_cited="list of works",
    copy="Copy",
    copied="Copied.",
    close="Close",
    download="Download",
    moved="This passage now stands in",
    moved_document="This part of the book now stands in",
    accessibility=_ENGLISH_ACCESSIBILITY,
    dates=_ENGLISH_DATES,
    reading=_ENGLISH_READING,
    editing=_ENGLISH_EDITING,
)

_AMERICAN_DATES = replace(
    _ENGLISH_DATES, seasons=("spring", "summer", "fall", "winter"), month_first=True
)

_AMERICAN = replace(
    _ENGLISH,
    dates=_AMERICAN_DATES,
    reading=replace(_ENGLISH_READING, colours="Colors"),
)

_BY_LANGUAGE = {"en": _ENGLISH, "en-us": _AMERICAN}


def wording(language: str) -> Wording:
    """Give the words for a BCP 47 language tag; English where there are none."""
    tag = language.lower()
    return _BY_LANGUAGE.get(tag) or _BY_LANGUAGE.get(tag.split("-", maxsplit=1)[0], _ENGLISH)
