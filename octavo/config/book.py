"""``content/book.toml``: what a book says of itself, as typed, frozen values."""

import datetime
from typing import Annotated, Literal, get_args

from pydantic import Field, JsonValue

from octavo.config.editions import EpubSettings, PrintSettings, WebSettings
from octavo.config.values import Bisac, DashedTable, Language, Link, Name, Role, Text, Thema
from octavo.rules import RULES

GENERATED = (
    *("half-title", "title", "copyright", "contents", "tables", "figures", "abbreviations"),
    *("chronology", "names", "bibliography", "index", "colophon"),
)
"""Sections that are made by name; a file of the same name gives text that they open with."""

Made = Annotated[Name, Field(json_schema_extra={"anyOf": [{"enum": list(GENERATED)}, {}]})]
"""The name of a section before or behind the body: its file's, or one that is made by name."""


class Contributor(DashedTable):
    """Somebody who has a part in the book."""

    name: Text
    """The name as the title page prints it."""
    role: Role = "aut"
    """A MARC relator code: aut author, edt editor, trl translator, ant source of an adaptation."""
    kind: Literal["person", "corporate"] = "person"
    """A person, or a body, whose name is not divided."""
    sort_as: str = ""
    """The form to file under: "Doe, Jane"; without a comma the name is never turned round."""


class Rights(DashedTable):
    """Who holds the rights, and under which licence the text may be used."""

    holder: Text
    """Who holds the copyright."""
    year: int
    """The year of the copyright."""
    licence: str = ""
    """The licence under which the text may be used, in words."""
    licence_url: Link | None = None
    """The address at which the licence stands."""
    statement: str = ""
    """What the copyright page says before its line of copyright."""


class Sections(DashedTable):
    """The order of the book: names of files, or of sections that are made (contents …)."""

    front: list[Made] = Field(default=[])
    """The front matter: files of content/front, and sections that are made by name."""
    body: list[Name] = Field(min_length=1)
    """The chapters: files of content/chapters, without their ending."""
    back: list[Made] = Field(default=[])
    """The back matter: files of content/back, and sections that are made by name."""


class BibliographySection(DashedTable):
    """A part of the bibliography: its heading, and the rule that says which works it takes.

    A work fits a rule if it is of one of the ``types`` (BibLaTeX's), bears one of the
    ``keywords``, is in one of the ``languages`` and has one of the ``fields``; what is not given is
    not asked.  It comes into the first section that it fits; the section without a rule takes the
    works that no other section takes.
    """

    title: Text
    """The section's heading."""
    types: list[str] = Field(default=[])
    """Takes works of these types of BibLaTeX: book, article, report …"""
    keywords: list[str] = Field(default=[])
    """Takes works with one of these keywords."""
    languages: list[Language] = Field(default=[])
    """Takes works in one of these languages."""
    fields: list[str] = Field(default=[])
    """Takes works that have one of these fields, as archive."""

    @property
    def has_rule(self) -> bool:
        """Tell whether the section says which works it takes."""
        return bool(self.types or self.keywords or self.languages or self.fields)


class Citations(DashedTable):
    """How works are cited.

    ``restart`` says where the first, full note of a work starts afresh (Chicago 18, ch. 13: by
    chapter is usual).
    """

    style: str = "chicago-notes-bibliography"
    """The name of a CSL style, or the path of a .csl file."""
    files: list[str] = Field(default=["bib/*.bib"])
    """The files of the works, as patterns below the book's folder."""
    restart: Literal["chapter", "book"] = "chapter"
    """Where the first, full note of a work starts afresh."""
    language: Language | None = None
    """The style's locale (quotation marks, "and", "ed."); by default the book's language."""
    nocite: list[str] = Field(default=[])
    """Keys of works that the bibliography has though nothing cites them."""
    sections: list[BibliographySection] = Field(default=[])
    """The bibliography's sections; a work comes into the first whose rule it fits."""


class ThemaSubject(DashedTable):
    """A subject of Thema, or one of its qualifiers: its code, and its heading in words."""

    code: Thema
    """The code: "NHF"; a qualifier begins with a figure: "1FMV"."""
    label: Text
    """The code's heading."""


class BisacSubject(DashedTable):
    """A subject of BISAC: its code, and its heading in words."""

    code: Bisac
    """The code: "HIS003000"."""
    label: Text
    """The code's heading."""


class Classification(DashedTable):
    """What the book is about, in the schemes by which shops and libraries file it."""

    thema: list[ThemaSubject] = Field(default=[])
    """Subjects of Thema, the first one the main one; then qualifiers."""
    bisac: list[BisacSubject] = Field(default=[])
    """Subjects of BISAC, the first one the main one."""


Distributor = Literal["amazon", "apple", "doab", "google", "ingram", "kobo", "onix"]


CheckSetting = Literal["error", "warning", "note", "off"]
"""How bad it is to break a rule: a note is shown by check alone."""


def _described_rules(schema: dict[str, JsonValue]) -> None:
    """Name the rules in the JSON schema of ``[checks]``, with what they mean."""
    schema["properties"] = {
        rule.name: {
            "description": rule.meaning,
            "enum": [*get_args(CheckSetting)] if rule.can_be_lowered else ["error"],
        }
        for rule in RULES.values()
    }
    schema["additionalProperties"] = False


class Distribution(DashedTable):
    """Who shall distribute the book; what they need of book.toml is then asked of it."""

    to: list[Distributor] = Field(default=[])
    """The distributors; "onix" is a feed to others."""


class AbbreviationSettings(DashedTable):
    """What becomes of abbreviations."""

    spell_out: Literal["book", "chapter", "never"] = "book"
    """Spell them out at their first use in the body of the book, or of each chapter, or never."""


Goal = Annotated[int, Field(gt=0)]
"""How many words are wanted."""


class Targets(DashedTable):
    """How long the book, or its sections, shall be, in words; ``octavo stats`` compares."""

    book: Goal | None = None
    """How many words the whole book shall have."""
    sections: dict[Name, Goal] = Field(default={})
    """How many words sections shall have: the names of their files, without the ending."""
    with_notes: bool = False
    """The words of the notes count too."""


class Config(DashedTable):
    """A book's settings, as book.toml gives them or as they are by default."""

    title: Text
    """The book's title."""
    subtitle: str = ""
    """The subtitle, without the colon before it."""
    short_title: str = ""
    """The title for running heads and narrow places."""
    slug: Name
    """The name of the output files."""
    language: Language = "en-GB"
    """The language of the text, a tag of BCP 47."""
    edition: str = ""
    """The edition in words: "First edition"."""
    date: datetime.date
    """The date of this edition."""
    statement: str = ""
    """A line of the title page that says how the text came about: "after the study by …"."""
    description: str = ""
    """What the book is about, for shops and search engines."""
    subjects: list[str] = Field(default=[])
    """What the book is about, in words, as libraries put it."""
    classification: Classification = Classification()
    publisher: str = ""
    """Who publishes the book."""
    contributors: list[Contributor] = Field(min_length=1)
    """Who has a part in the book, in the title page's order."""
    rights: Rights
    sections: Sections
    citations: Citations = Citations()
    abbreviations: AbbreviationSettings = AbbreviationSettings()
    print: PrintSettings = PrintSettings()
    web: WebSettings = WebSettings()
    epub: EpubSettings = EpubSettings()
    distribution: Distribution = Distribution()
    targets: Targets = Targets()
    checks: dict[str, CheckSetting] = Field(default={}, json_schema_extra=_described_rules)
    """How bad it is to break a rule: error, warning, note, or off (check --rules lists them)."""

    @property
    def running_title(self) -> str:
        """Give the book's title as running heads and narrow places print it."""
        return self.short_title or self.title

    @property
    def full_title(self) -> str:
        """Give title and subtitle, joined by a colon (Chicago 18, ch. 13)."""
        return f"{self.title}: {self.subtitle}" if self.subtitle else self.title

    def creators(self) -> tuple[Contributor, ...]:
        """Give the contributors who made the text: those with the relator ``aut`` or ``cre``."""
        return tuple(c for c in self.contributors if c.role in {"aut", "cre"})
