"""``content/names.toml``: the names that the book mentions, each with its forms and its entry.

A *form* is what may stand in the text for a name; the headword is one.  A *variant* is a form that
the book should not use outside quotations.  ``naming`` finds both.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field

from octavo import config
from octavo.config import DashedTable, Text
from octavo.config.values import Shape
from octavo.problems import BookError, Problem, Span
from octavo.spelling import slug, sort_key

FILE = Path("content") / "names.toml"

Kind = Literal["person", "organisation", "place", "campaign", "agreement", "document", "event"]

_HEAD = re.compile(r"\s*\[\[\s*names\s*\]\]")

Id = Annotated[
    str,
    Shape(
        r"^([a-z0-9]+(-[a-z0-9]+)*)?$",
        "no id",
        "small letters from a to z and digits, with single hyphens between",
    ),
]


class Name(DashedTable):
    """A name: the headword as the book prints it, its forms, and what the register says of it.

    ``load`` gives ``id`` and ``sort`` to names that are without, and puts the headword first among
    the ``forms``.
    """

    headword: Text
    """The name as the book writes it."""
    kind: Kind
    """What bears the name: the register has a list for each kind."""
    id: Id = ""
    """Its id, of which [](#name-ID) is made; by default made of the headword."""
    sort: str = ""
    """What it is filed under, if that is not the heading."""
    index_as: str = ""
    """The heading in index and register, if that is not the headword: "Gras, Yves"."""
    forms: list[Text] = Field(default=[])
    """What else may stand in the text for it."""
    variants: list[Text] = Field(default=[])
    """What the book does not write: reported, but in quotations."""
    vietnamese: str = ""
    """The name in Vietnamese; several spellings are parted by semicolons."""
    pinyin: str = ""
    """The name in pinyin."""
    traditional: str = ""
    """The name in traditional Chinese characters."""
    simplified: str = ""
    """The name in simplified Chinese characters."""
    dates: str = ""
    """Years, as 1898--1976."""
    about: str = ""
    """A line that the register prints of it."""
    certainty: Literal["certain", "probable", "unknown"] = "certain"
    """How sure the identification is; printed where it is not certain."""
    see_also: list[Text] = Field(default=[])
    """Headings to see besides."""
    index: Literal["forms", "marks", "none"] = "forms"
    """What makes a place in the index: each form found in the text, marks alone, or nothing."""
    in_register: bool = Field(default=True, alias="register")
    """False for a name without an entry in the register."""

    @property
    def heading(self) -> str:
        """Give what the index and the register file the name under."""
        return self.index_as or self.headword

    def printed(self) -> tuple[str, ...]:
        """Give the words that the register prints of the name."""
        spellings = (self.vietnamese, self.pinyin, self.traditional, self.simplified)
        return (self.heading, *spellings, self.dates, self.about, *self.see_also)


class Table(DashedTable):
    """The names that the book mentions."""

    names: list[Name] = Field(default=[])
    """The names, each in a table of its own."""


@dataclass(frozen=True)
class Names:
    """The table of names in its file's order, the names' places by id, and what is wrong."""

    names: tuple[Name, ...]
    spans: Mapping[str, Span]
    problems: tuple[Problem, ...]

    def registered(self) -> tuple[Name, ...]:
        """Give the names that have an entry in the register, in its order."""
        entries = (name for name in self.names if name.in_register)
        return tuple(sorted(entries, key=lambda name: sort_key(name.sort)))

    def by_id(self) -> dict[str, Name]:
        """Give the names by their ids."""
        return {name.id: name for name in self.names}


def load(root: Path) -> Names:
    """Read the names of the book in the folder ``root``; a book need not have any."""
    if not (root / FILE).exists():
        return Names((), {}, ())
    try:
        return _read(config.read(root / FILE, FILE))
    except BookError as error:
        return Names((), {}, error.problems)


@lru_cache(maxsize=1)
def _read(text: str) -> Names:
    table = config.validated(Table, text, FILE)
    names = tuple(_completed(name) for name in table.names)
    places = _Places(text)
    problems = (*_without_id(names, places), *_claimed_twice(names, places))
    spans = {name.id: span for name, span in zip(names, places.heads(), strict=False)}
    return Names(names, spans, problems)


@dataclass(frozen=True)
class _Places:
    """Where in the file's ``text`` things stand."""

    text: str

    def heads(self) -> Iterator[Span]:
        """Give the places at which the names' tables begin."""
        for number, line in enumerate(self.text.split("\n"), start=1):
            if _HEAD.match(line):
                yield Span(FILE, number)

    def span(self, number: int, key: str) -> Span:
        """Give the place of a key of the N-th name."""
        return Span(FILE, config.line_of(self.text, ("names", number, key)))


def _completed(name: Name) -> Name:
    headword, index_as = typographic(name.headword), typographic(name.index_as)
    forms = [headword, *(typographic(form) for form in name.forms)]
    return name.model_copy(
        update={
            "headword": headword,
            "id": name.id or slug(headword.replace("–", "-")),
            "sort": name.sort or index_as or headword,
            "index_as": index_as,
            "forms": list(dict.fromkeys(forms)),
            "variants": [typographic(form) for form in name.variants],
            "see_also": [typographic(heading) for heading in name.see_also],
        }
    )


def typographic(form: str) -> str:
    """Give a form as the text prints it: composed (NFC), with typographic apostrophes and dashes.

    Spaces and hyphens that forbid a line's end become the common ones.
    """
    signs = unicodedata.normalize("NFC", form).replace("'", "’").replace("--", "–")
    return " ".join(signs.replace("\u2010", "-").replace("\u2011", "-").split())


def _without_id(names: Sequence[Name], places: _Places) -> Iterator[Problem]:
    """Report names that no id can be made for, or whose id another name has."""
    owners: dict[str, int] = {}
    for number, name in enumerate(names):
        if not name.id:
            message = f'no id can be made of "{name.headword}"'
            span = places.span(number, "headword")
            yield Problem("name-has-id", message, span, 'give it one: id = "salt-office"')
        elif (first := owners.setdefault(name.id, number)) != number:
            message = f'the id "{name.id}" stands for two names'
            hint = f"first at {places.span(first, 'id')}; give one of them another id"
            yield Problem("name-id-is-unique", message, places.span(number, "id"), hint)


def _claimed_twice(names: Sequence[Name], places: _Places) -> Iterator[Problem]:
    """Report forms that two names claim: which of them is meant could not be told."""
    owners: dict[str, tuple[int, str]] = {}
    for number, name in enumerate(names):
        for key, forms in (("forms", name.forms), ("variants", name.variants)):
            for form in forms:
                place = "headword" if form == name.headword else key
                first, before = owners.setdefault(form, (number, place))
                if first != number:
                    message = f'"{form}" is a form of two names'
                    other = places.span(first, before)
                    hint = (
                        f'the other is "{names[first].headword}" ({other}); leave the form to one '
                        "of them, and mark the other's places in the text"
                    )
                elif before != place:
                    message = f'"{form}" is both a form and a variant'
                    hint = "take one of them out"
                else:
                    continue
                yield Problem("name-form-is-unique", message, places.span(number, place), hint)
