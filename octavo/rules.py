"""The register of rules: every code that a problem can bear, what it means, how bad it is.

A rule is a truth about a sound book.  ``Severity.ERROR`` means: without it there is no book, so no
setting and no comment can lower it; except for those that ``LENIENT`` names, which are errors by
choice.  Where a rule is met in a lighter and a graver form, the lighter one is registered, and the
graver one stays an error.  ``octavo check --rules`` prints this table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class Severity(StrEnum):
    """How bad a problem is: an error stops the build; a note is shown by ``check`` alone."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


Stage = Literal["text", "pages", "editions", "network"]
"""Whether a rule is looked at in the text, where the book is laid out, where all its editions are
made, or where the network is asked."""


@dataclass(frozen=True)
class Rule:
    """A rule: its name, how bad it is to break it unless the book says otherwise, what it means.

    ``stage`` is where it is looked at.  ``can_be_lowered``: a book may switch it off, make it less
    than an error, or silence it at a line.
    """

    name: str
    severity: Severity
    meaning: str
    stage: Stage
    can_be_lowered: bool


_ERRORS = {
    # Word there and back
    "docx-is-readable": "What is imported is a document of Word's, whole and harmless.",
    "file-is-kept": "No import writes over a file unless it is asked to.",
    "name-is-plain": "The name of a chapter that is imported is one of a file.",
    # book.toml and the other files of TOML
    "address-is-sound": "An address in the settings can be one on the web.",
    "book-file-exists": "The folder holds content/book.toml.",
    "conformance-is-certified": "Who states an EPUB's conformance says who found that it holds.",
    "date-is-given-in-seconds": "SOURCE_DATE_EPOCH, if it is set, is a number of seconds.",
    "lines-have-room": "The leading is no less than the size of the type.",
    "page-has-room": "The margins leave room for text on the page.",
    "settings-are-known": "Each key of a file of settings is one that Octavo knows.",
    "settings-are-toml": "A file of settings is TOML.",
    "settings-are-valid": "Each setting has a value of its kind, and none is missing.",
    # Revisions
    "book-is-in-repository": "A book whose revisions are compared is in a git repository.",
    "git-can-read": "The repository is one that git can read.",
    "git-is-installed": "Where revisions are compared, git is installed.",
    "revision-exists": "A revision that is named is one that git knows.",
    "revision-has-book": "A revision that is compared has the book in it.",
    # Files and headers
    "file-is-readable": "A file of the book can be read.",
    "file-is-utf-8": "A file of the book is UTF-8.",
    "header-is-closed": "A header ends in a line of three hyphens.",
    "header-is-known": "Each key of a header is one that Octavo knows.",
    "header-is-valid": "Each value of a header is of its kind.",
    "header-is-yaml": "A header is YAML.",
    "header-key-is-unique": "A header has each key once.",
    "section-file-exists": "Each section listed in the settings has its file.",
    "section-has-title": "Each section that is a file has a title.",
    "section-is-listed-once": "A section stands once in the settings' lists.",
    "section-is-supported": "A section that is made by name can be made.",
    # Markdown
    "attribute-is-known": "Each attribute in braces is one that its element can have.",
    "cell-is-line-of-text": "A cell that is printed in a list is a line of text without notes.",
    "character-has-glyph": "Each character stands in one of the book's fonts.",
    "character-is-printable": "The text holds no control characters and no private ones.",
    "citation-is-text": "A citation holds text and works, no references, code or notes.",
    "code-is-closed": "A block of code is closed.",
    "comment-is-closed": "A comment is closed.",
    "cross-reference-has-target": "What a cross reference names is in the book.",
    "entity-is-known": "A character that is written as an entity exists.",
    "heading-has-level": "Headings begin at the second level, and leave none out.",
    "heading-has-own-words": "An author's name in a heading is written out.",
    "language-is-tag": "A language is named by a tag of BCP 47.",
    "link-has-text": "A link has words to be printed.",
    "locator-has-work": "Each part of a citation names one work.",
    "note-has-text": "A note has text.",
    "note-is-called": "Each note that is written is called.",
    "note-is-called-once": "A note is called once.",
    "note-is-closed": "A note in place is closed.",
    "note-is-text": "A note holds no tables, figures or headings.",
    "note-is-written": "Each note that is called is written.",
    "note-is-written-once": "A note is written once.",
    "note-stands-alone": "No note is called in a note.",
    "reference-form-is-known": "A cross reference has a form that Octavo knows.",
    "span-class-is-known": "A class in braces is one that Octavo knows.",
    "target-id-is-no-pages": "No id is that of a printed page.",
    "target-id-is-plain": "An id is made of letters, digits and single signs.",
    "target-id-is-unique": "An id stands for one thing.",
    "text-is-markdown": "The text is Markdown without HTML.",
    "title-is-text": "A section's title is text, without pictures and marks of the index.",
    # Marks of editing
    "editorial-mark-is-closed": "A mark of editing is closed.",
    "editorial-marks-nest": "No change stands in a change, no highlight in a highlight.",
    "file-is-of-the-book": "A file whose marks of editing are to be settled is the book's.",
    "list-has-no-editorial-marks": "What is printed in a list has no marks of editing.",
    "substitution-has-both-sides": "A substitution says what is put in for what.",
    # Ranges
    "range-has-numbers": "A range of cross references is named by numbers.",
    "range-is-of-one-kind": "A range begins and ends with things of one kind.",
    "range-is-of-one-section": "A range of notes lies in one section.",
    "range-runs-forwards": "A range ends behind its beginning.",
    # Pictures, tables and charts
    "chart-label-is-unique": "A chart has each label once.",
    "chart-names-columns": "A chart names the columns that it shows.",
    "chart-option-is-known": "A chart has one form, and the options of that form.",
    "chart-series-are-few": "A chart has no more series than can be told apart.",
    "column-exists": "A column that is named is in its file.",
    "column-is-known": "A file of data has no columns but those that it can have.",
    "column-is-unique": "A file of data has each column once.",
    "data-file-is-csv": "A file of data is CSV.",
    "data-file-is-readable": "A file of data that is named can be read.",
    "data-has-form": "Data that the text shows has a form: a table or a chart.",
    "date-is-date": "A date in a chart is one.",
    "image-is-readable": "A picture can be read, and is whole.",
    "period-ends-after-beginning": "A period in a chart ends behind its beginning.",
    "row-fills-columns": "A row has a cell for each column.",
    "series-has-values": "A chart's series has values.",
    "stacked-values-are-positive": "What a chart stacks is not negative.",
    "table-has-rows": "A table has rows below its head.",
    "value-is-number": "What a chart shows as a number is one.",
    # Chronology, abbreviations, values, names
    "abbreviation-is-defined-once": "An abbreviation is defined once.",
    "date-exists": "A date of the chronology is written as EDTF has it, and exists.",
    "event-is-listed-once": "An event of the chronology is listed once.",
    "event-is-whole": "An event has its date, its words and its passage.",
    "name-form-is-unique": "A form of a name belongs to one name.",
    "name-has-id": "An id can be made of a name.",
    "name-id-is-unique": "An id stands for one name.",
    "register-has-names": "The register of names has names.",
    "row-exists": "A row that content/values.csv names is in its file.",
    "row-is-one": "A row that content/values.csv names is one row.",
    "row-is-whole": "A row of the abbreviations has both cells.",
    "value-is-the-same-everywhere": "A value is the same wherever it stands.",
    # Index
    "index-heading-is-unique": "A heading stands once in content/index.toml.",
    "index-heading-refers-in-one-way": "A heading refers with see, or with see also.",
    "index-mark-has-term": "A mark of the index has a heading.",
    "index-mark-is-of-one-kind": "A mark of the index is of one kind.",
    "index-range-is-closed": "A range of the index that begins ends.",
    "index-range-is-opened": "A range of the index that ends has begun.",
    # Works and citations
    "bibliography-section-has-rule": "All sections of the bibliography but one have a rule.",
    "citation-has-words": "The style prints something for each citation.",
    "citation-key-exists": "A work that is cited is in the bibliography's files.",
    "citation-key-is-unique": "A key stands for one work.",
    "date-is-valid": "A work's date is one.",
    "entry-has-key": "An entry of the bibliography has a key.",
    "entry-is-bibtex": "An entry of the bibliography is BibTeX.",
    "entry-type-is-known": "An entry of the bibliography is of a type that there is.",
    "field-is-unique": "An entry has each field once.",
    "style-exists": "The citation style is there.",
    "style-is-csl": "The citation style is CSL.",
    "style-is-usable": "The citation style can be used: it is independent, and can be read.",
    "work-has-section": "Each work comes into a section of the bibliography.",
    "work-is-named": "A work has an author or a title.",
    # Permalinks
    "permalink-is-unique": "An id stands once in content/permalinks.txt.",
    "permalinks-are-merged": "Two versions of content/permalinks.txt have been merged.",
    "permalinks-are-readable": "content/permalinks.txt can be read.",
    # Templates, fonts, the cover, tools
    "cover-is-raster": "The EPUB's cover is a JPEG or PNG.",
    "cover-is-readable": "The EPUB's cover can be read.",
    "cover-is-rgb": "The EPUB's cover has the colours of screens.",
    "octavo-is-sound": "Octavo meets no fault of its own.",
    "press-profile-is-for-cmyk": "The printer's profile is one of output, for CMYK.",
    "press-profile-is-readable": "The printer's profile can be read.",
    "search-is-indexed": "Pagefind can index the web edition.",
    "template-is-sound": "A template can be read, and makes well-formed documents.",
    # Pages
    "every-word-is-printed": "Each word of the manuscript is printed, once.",
    "folios-settle": "The folios that a section prints are the true ones.",
    "note-follows-call": "No note stands before its call.",
    "section-can-be-laid-out": "A section can be laid out.",
    "text-stands-on-page": "No text stands outside its page.",
    # The press PDF, which these rules of PDF/X-4 (ISO 15930-7) are about
    "actions-are-absent": "The press PDF does nothing when it is opened.",
    "annotations-are-absent": "The press PDF has no annotations on its pages.",
    "art-box-is-absent": "The press PDF's pages have no art box beside the trim box.",
    "black-text-is-pure": "Black text in the press PDF is in black ink alone.",
    "bleed-box-is-set": "The press PDF's pages have a bleed box.",
    "bleed-is-wide-enough": "The press PDF's bleed is wide enough.",
    "boxes-are-nested": "The boxes of the press PDF's pages lie in each other.",
    "colours-are-inks": "All colours of the press PDF are inks of the press.",
    "file-is-identified": "The press PDF has an identifier.",
    "file-is-not-encrypted": "The press PDF is not encrypted.",
    "files-are-not-embedded": "The press PDF holds no other files.",
    "filters-are-allowed": "The press PDF is packed in ways that PDF/X allows.",
    "fonts-are-embedded": "All fonts of the press PDF are in it.",
    "fonts-are-outlines": "All fonts of the press PDF are outlines.",
    "forms-are-absent": "The press PDF has no form to be filled in.",
    "halftone-phases-are-absent": "The press PDF leaves screens to the press.",
    "media-box-is-set": "The press PDF's pages have a media box.",
    "metadata-is-complete": "The press PDF says what it is.",
    "output-intent-is-set": "The press PDF says what it is to be printed with.",
    "output-profile-is-sound": "The press PDF's profile is sound.",
    "pages-are-even": "The press PDF has an even number of pages.",
    "pdf-version-is-known": "The press PDF is of a version that PDF/X-4 allows.",
    "transfer-functions-are-absent": "The press PDF leaves the tone of inks to the press.",
    "trapping-is-known": "The press PDF says whether it has been trapped.",
    "trim-box-is-set": "The press PDF's pages have a trim box.",
    "trim-sizes-are-equal": "All pages of the press PDF are trimmed to one size.",
    "xobjects-are-plain": "The press PDF draws nothing by PostScript or from other files.",
}

_WARNINGS = {
    # Word there and back
    "docx-is-text": "A DOCX holds no macros or objects, and refers to nothing outside it.",
    "file-is-as-sent": "A file has not changed since it was exported.",
    "section-is-listed": "A chapter that was imported is listed in the settings.",
    "word-change-fits": "What was changed in a DOCX has not been changed here too; else an error.",
    "word-change-is-carried": "A change made in Word can be said by marks in the text.",
    "word-part-is-carried": "What a DOCX holds has a form in a manuscript.",
    # What stages report
    "abbreviation-is-introduced": "An abbreviation behind an article is introduced by hand.",
    "abbreviation-is-used": "An abbreviation that is defined is used.",
    "bibliography-file-exists": "A pattern of bibliography files fits some; a path is the book's.",
    "bibliography-has-works": "A file of the bibliography has works.",
    "bibliography-section-has-works": "A section of the bibliography has works.",
    "cover-is-large-enough": "The EPUB's cover is large enough; an error where shops refuse it.",
    "cover-is-small-enough": "The EPUB's cover is not larger than shops take it.",
    "cover-is-upright": "The EPUB's cover has the shape of a book.",
    "distributors-have-metadata": "The settings hold what the distributors named in them need.",
    "figure-has-alternative-text": "A figure has alternative text; for charts it is an error.",
    "name-is-in-chosen-form": "A name stands in the form that the book uses.",
    "passage-has-successor": "Something has come of each passage that was published.",
    "section-has-text": "A section has text below its headings; an error if it has neither.",
    "style-has-bibliography": "The citation style makes a bibliography.",
    "syntax-is-supported": "A syntax of Markdown is supported; an error where text would be lost.",
    "target-is-of-section": "A number of words is wanted of a section that the book has.",
    "value-has-second-place": "A value that is marked stands in a second place.",
    "work-has-entry": "The style prints an entry for each work cited.",
    "work-is-cited": "A work of the bibliography is cited.",
    # Marks of editing
    "editorial-mark-can-be-shown": "A mark of editing stands where a proof can show it.",
    "editorial-mark-is-opened": "What closes a mark of editing has one to close.",
    "marks-of-editing-are-settled": "No marks of editing are left in a final edition.",
    # Index
    "index-heading-is-used": "Something stands under a heading that content/index.toml names.",
    "index-headings-differ": "No two headings of the index are nearly the same.",
    "index-locators-are-told-apart": "A heading has no more locators than readers follow up.",
    "index-reference-has-target": "What a heading of the index refers to is one.",
    "index-reference-leads-on": "No heading of the index refers to itself.",
    "index-reference-leads-to-places": "What a heading of the index refers to has places.",
    "index-see-has-no-places": "A heading that refers with see has no places of its own.",
    "index-sub-heading-has-others": "No sub-heading of the index is alone.",
    # The text's typography
    "dashes-are-long-enough": "A dash between words is a dash, not a hyphen between spaces.",
    "link-is-sound": "A link's address can lead somewhere.",
    "note-call-is-close": "No space stands before the call of a note.",
    "quotation-marks-are-paired": "A quotation mark that opens is closed, and the other way round.",
    "quotes-are-typographic": "No straight quotation mark or apostrophe is printed.",
    "ranges-have-dashes": "A range of numbers has a dash, not a hyphen.",
    "spaces-are-single": "One space stands between words.",
    "words-are-not-repeated": "No word stands twice by mistake.",
    # The text's words
    "dates-are-written-in-one-way": "Dates, and ranges of years, are written in one way.",
    "names-are-written-in-one-way": "A name has the same marks, hyphens and spaces everywhere.",
    "word-list-has-words": "A line of content/words.txt is a word.",
    "words-are-spelled": "A dictionary, or the book's own list, has each word.",
    "words-are-written-in-one-way": "A word has its hyphen, marks and -ise or -ize everywhere.",
    # Settings of rules, and comments that silence them
    "rule-can-be-lowered": "What keeps the book from being built is not silenced; an error in the "
    "settings.",
    "rule-is-known": "Rules that comments name are in this list; an error in the settings.",
    "silence-has-effect": "A comment that silences a rule has something to silence.",
    "silence-has-reason": "A comment that silences a rule gives the reason.",
    # Pictures, and what is asked of the network
    "images-are-fine-enough": "A picture has enough pixels for the size at which it is printed.",
    "link-answers": "What a link leads to is there: with check --online alone.",
    # Pages
    "layout-is-clean": "The renderer had nothing to complain about.",
    "note-begins-with-call": "A note begins on the page of its call.",
    "page-begins-where-printed": "The editions for screens show where each printed page begins.",
    "pages-are-opaque": "Nothing in the press PDF is seen through something else.",
}

_NOTES = {
    "hyphens-are-few": "No more than two lines in a row end in a hyphen.",
    "last-page-has-lines": "The last page of a section has a few lines.",
    "last-line-has-words": "The last line of a paragraph is more than a few letters.",
    "lines-are-tight": "No line has wide gaps between its words.",
    "listed-word-is-used": "A word of content/words.txt is in the book.",
    "note-ends-on-its-page": "A note ends on the page on which it begins.",
    "page-is-filled": "A page's text goes down to its last line.",
    "terms-have-capitals-or-not": "A term has capitals everywhere, or nowhere.",
}

LENIENT = frozenset({"value-is-the-same-everywhere"})
"""Errors without which there would be a book all the same."""

_STAGES: Mapping[str, Stage] = {
    **dict.fromkeys(_NOTES, "pages"),
    "listed-word-is-used": "text",
    "terms-have-capitals-or-not": "text",
    "images-are-fine-enough": "pages",
    "index-locators-are-told-apart": "pages",
    "layout-is-clean": "pages",
    "link-answers": "network",
    "note-begins-with-call": "pages",
    "page-begins-where-printed": "editions",
    "pages-are-opaque": "pages",
}
"""The stages of the rules that are not looked at in the text, and may be silenced."""


def _register() -> Mapping[str, Rule]:
    tables = {
        Severity.ERROR: _ERRORS,
        Severity.WARNING: _WARNINGS,
        Severity.NOTE: _NOTES,
    }
    return {
        name: Rule(
            name,
            severity,
            meaning,
            stage=_STAGES.get(name, "text"),
            can_be_lowered=severity is not Severity.ERROR or name in LENIENT,
        )
        for severity, table in tables.items()
        for name, meaning in table.items()
    }


RULES = _register()
"""All rules by name."""
