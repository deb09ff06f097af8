"""Sections are read again only when what they were read from has changed."""

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from octavo import markdown
from octavo.headers import Header
from octavo.manuscript import Source
from octavo.markdown.finish import finish
from octavo.markdown.tree import Element, Section
from octavo.store import Store

TEXT = """\
A *line*.[^1]

![What was given[@ha2022]](data/aid.csv){#tbl-aid .table}

[^1]: A note.
"""


class Shelf:
    """A section's data file, the store, and how often Markdown was read."""

    def __init__(self, folder: Path) -> None:
        self.data = b"Year,Rice\n1950,12\n"
        self.kept = Store(folder)
        self.converted = 0

    def read(self, text: str = TEXT, title: str = "A *title*", language: str = "en-GB") -> Section:
        source = Source("a", "body", Path("a.md"), Header(title=title), text, 1)
        return markdown.parse(source, language, lambda _: self.data, self.kept)


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Shelf:
    shelf = Shelf(tmp_path)

    def counted(*arguments: Any) -> Section:
        shelf.converted += 1
        return finish(*arguments)

    monkeypatch.setattr(markdown, "finish", counted)
    return shelf


def _plain(section: Section) -> tuple[object, ...]:
    notes = [(note.label, _xml(note.body), note.span) for note in section.notes]
    return _xml(section.title), _xml(section.body), notes, section.citations


def _xml(element: Element) -> bytes:
    data: bytes = etree.tostring(element)
    return data


def test_a_kept_section_is_what_was_read(shelf: Shelf) -> None:
    read = shelf.read()
    again = shelf.read()
    assert shelf.converted == 1
    assert read.citations
    assert len(read.notes) == 1
    assert _plain(again) == _plain(read)


def test_what_is_done_to_a_kept_section_is_not_kept(shelf: Shelf) -> None:
    before = _plain(shelf.read())
    shelf.read().body.clear()
    assert _plain(shelf.read()) == before
    assert shelf.converted == 1


@pytest.mark.parametrize(
    "changed", [{"text": TEXT + "\nMore.\n"}, {"title": "Another"}, {"language": "fr"}]
)
def test_a_section_that_has_changed_is_read(shelf: Shelf, changed: dict[str, str]) -> None:
    shelf.read()
    shelf.read(**changed)
    assert shelf.converted == 2


def test_a_section_whose_table_has_changed_is_read(shelf: Shelf) -> None:
    shelf.read()
    shelf.data = b"Year,Rice\n1951,99\n"
    assert b">99<" in _xml(shelf.read().body)
    assert shelf.converted == 2


def test_a_section_with_problems_is_not_kept(shelf: Shelf) -> None:
    shelf.data = b"\xff\xfe\x00"
    assert shelf.read().problems
    assert shelf.read().problems
    assert shelf.converted == 2
