"""What is kept from one build to the next is what would be made anew, whatever has changed."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from support import Settings, chapter, composed, write_book

from octavo import build, compose, digest, manuscript, proofing
from octavo.book import Book
from octavo.editions import epub, shelves, web
from octavo.editions import print as print_edition
from octavo.editions.paging import PageStart, Paging
from octavo.editions.shelves import Shelves
from octavo.fonts import Face
from octavo.problems import BookError
from octavo.store import Store
from octavo.templating import Templates
from octavo.typeset.condition import PrintingCondition
from octavo.typeset.facts import Job, Laid
from octavo.typeset.memory import LayoutError, Memory

SALT = """\
## Weights {#sec-weights}

[Salt]{.index} was weighed with care, as Ka says.[^w] See [](#silk), page [](#sec-looms){.page}
and [](#tbl-rice).[@gras, 12]

![What was given](data/aid.csv){#tbl-rice .table}

[^w]: So @yang [3] says.
"""
SILK = """\
## Looms {#sec-looms}

Silk is not salt[@gras, 14]; see [](#tbl-rice).

![A chart of rice](data/aid.csv){#fig-rice .bar x=Year y=Rice alt="Rice doubles."}

![A square](images/square.svg){#fig-square alt="A square."}
"""
TEA = "Tea was dear[@yang, 9].\n"
SQUARE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40" viewBox="0 0 40 40">'
    '<rect width="{}" height="30"/></svg>'
)
NAMES = '[[names]]\nid = "ka"\nheadword = "Ka"\nkind = "person"\nabout = "A weigher."\n'
PAGING = Paging(
    (PageStart("7", "silk", True, "silk", 0, "Silk"),), (), {"sec-looms": "7", "tea": "9"}
)


@dataclass
class Setter(Memory):
    """Takes note of the XHTML that would be laid out, and lays out nothing."""

    html: dict[str, str] = field(default_factory=dict)

    def lay_out(self, jobs: Iterable[Job]) -> dict[str, Laid]:
        """End here."""
        self.html = {job.section: job.html for job in jobs}
        raise LayoutError({})


class Desk:
    """A book of three chapters, and the store that its editions share."""

    def __init__(self, folder: Path, faces: tuple[Face, ...], fonts: Store) -> None:
        chapters = {
            "salt": chapter("Salt", SALT),
            "silk": chapter("Silk", SILK),
            "tea": chapter("Tea", TEA),
        }
        files: dict[str, str | bytes] = {
            "content/names.toml": NAMES,
            "content/data/aid.csv": "Year,Rice\n1950,12\n1951,15\n",
            "content/images/square.svg": SQUARE.format(30),
        }
        back = ("bibliography", "names", "index")
        given = Settings(front=("title", "contents"), back=back, files=files)
        self.root = write_book(folder / "book", chapters, given)
        self.kept, self.faces, self.fonts = Store(folder / "store"), faces, fonts
        self.make(self.kept)

    def change(self, name: str, old: str, new: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        was = path.read_text() if path.exists() else ""
        assert old in was
        path.write_text(was.replace(old, new, 1) if old else new)

    def make(self, kept: Store | None, known: Paging = PAGING) -> dict[str, bytes | str]:
        """Make what the editions for screens are, and the XHTML of print."""
        book, templates = composed(self.root), Templates(self.root)
        places = None if kept is None else Shelves(book, templates, kept)
        screen = web.Making(book, templates, self.faces, self.fonts, places, has_pages=True)
        packed = epub.Making(book, templates, self.faces, self.fonts, places).finish(known)
        html = self._set(book, templates, places)
        return {**screen.finish(known).files, "epub": packed.data, **html}

    def _set(self, book: Book, templates: Templates, places: Shelves | None) -> dict[str, str]:
        setter = Setter()
        condition = PrintingCondition(b"", "")
        stamp = build.stamp(book.config.date)
        with pytest.raises(BookError):
            print_edition.typeset(book, templates, self.faces, setter, condition, stamp, places)
        return {f"print {name}": html for name, html in setter.html.items()}


@pytest.fixture(scope="module")
def subsets(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Where all these books' fonts are cut."""
    return Store(tmp_path_factory.mktemp("fonts"))


@pytest.fixture
def desk(tmp_path: Path, set_faces: tuple[Face, ...], subsets: Store) -> Desk:
    return Desk(tmp_path, set_faces, subsets)


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is taken from the store, one by one; None where nothing was there."""
    found: list[object] = []
    take = shelves.Shelf.take

    def noted(place: shelves.Shelf) -> object:
        found.append(take(place))
        return found[-1]

    monkeypatch.setattr(shelves.Shelf, "take", noted)
    return found


CHANGES: dict[str, tuple[str, str, str]] = {
    "a word": ("content/chapters/salt.md", "with care", "with great care"),
    "a line before": ("content/chapters/salt.md", "[Salt]", "\n[Salt]"),
    "a heading": ("content/chapters/silk.md", "## Looms", "## Weaving on looms"),
    "a heading more": ("content/chapters/silk.md", "## Looms", "## Worms\n\nSome.\n\n## Looms"),
    "a title": ("content/chapters/tea.md", "title: Tea", "title: Green tea"),
    "a chapter's short title": (
        "content/chapters/silk.md",
        "title: Silk",
        "title: Silk\nshort-title: Thread",
    ),
    "a note": ("content/chapters/silk.md", "not salt", "not salt[@yang, 1]"),
    "a table before": (
        "content/chapters/salt.md",
        "![What",
        "![Before](data/aid.csv){#tbl-x .table}\n\n![What",
    ),
    "a name": ("content/names.toml", 'headword = "Ka"', 'headword = "Ka Li"'),
    "a term": ("content/chapters/silk.md", "Silk is", "[Silk]{.index} is"),
    "the book's title": ("content/book.toml", "Salt and Silk", "Silk and Salt"),
    "the language": ("content/book.toml", 'language = "en-GB"', 'language = "en-US"'),
    "the size of type": ("content/book.toml", "[print]", '[print]\nsize = "10pt"'),
    "data": ("content/data/aid.csv", "1950,12", "1950,19"),
    "a picture": ("content/images/square.svg", 'width="30"', 'width="20"'),
    "a work": ("bib/works.bib", "Histoire", "Une histoire"),
    "a template": (
        "templates/shared/section.html",
        "",
        (Path(shelves.__file__).parents[1] / "templates/shared/section.html")
        .read_text()
        .replace('class="title"', 'class="called"'),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_is_kept_is_what_would_be_made(desk: Desk, change: str) -> None:
    before = desk.make(None)
    desk.change(*CHANGES[change])
    assert desk.make(desk.kept) == desk.make(None) != before


def test_a_printed_folio_that_changes_is_printed_anew(desk: Desk) -> None:
    known = Paging((PageStart("8", "silk", True, "silk", 0, "Silk"),), (), {"sec-looms": "8"})
    assert desk.make(desk.kept, known) == desk.make(None, known) != desk.make(None)


def test_only_the_chapter_with_the_changed_word_is_made(desk: Desk, taken: list[object]) -> None:
    desk.make(desk.kept)
    assert len(taken) == 12, "three chapters in three editions, and in the web edition's whole"
    assert None not in taken
    taken.clear()
    desk.change("content/chapters/tea.md", "dear", "very dear")
    desk.make(desk.kept)
    assert len(taken) == 12
    assert taken.count(None) == 4


def test_a_proof_keeps_nothing(desk: Desk, taken: list[object]) -> None:
    desk.change("content/chapters/tea.md", "dear", "{++very ++}dear")
    given = proofing.proof_of(manuscript.load(desk.root, "show"))
    book = compose.compose(given).book
    places = Shelves(book, Templates(desk.root), desk.kept)
    assert all(places.place(section, ()) is None for section in book.sections)


def test_equal_values_have_one_name_and_others_another() -> None:
    text = "".join(["a", "b"])
    assert digest.of([text, text]) == digest.of(["ab", "".join(["a", "b"])])
    different: list[Callable[[], list[object]]] = [
        lambda: ["ab"],
        lambda: ["a", "b"],
        lambda: [("a", "b")],
        lambda: [{"a": "b"}],
        lambda: [PAGING],
        lambda: [Paging((), (), {})],
    ]
    assert len({digest.of(make()) for make in different}) == len(different)
