"""Makes the benchmark's books: the monograph's own text in another order in each chapter.

Everything is deterministic: the same monograph and number of chapters give the same files.
"""

import random
import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

PAGES_PER_CHAPTER = 28
"""How many pages of the monograph's make a chapter has, about."""

SETTINGS = Path("content") / "book.toml"
"""Where a book has its settings, below its folder."""

_WORDS_PER_CHAPTER = 7300
_OTHER_PAGES = 10
"""Front matter and bibliography of a book of some chapters, in pages."""

_HEADER = re.compile(r"---\n(?P<header>.*?)\n---\n(?P<body>.*)", re.DOTALL)
_HEADING = re.compile(r"(?P<level>#{2,5}) .*")
_DEFINITION = re.compile(r"\[\^(?P<label>[\w-]+)\]:")
_CALL = re.compile(r"\[\^(?P<label>[\w-]+)\]")
_ID = re.compile(r"\{#(?P<id>[\w-]+)")
_REFERENCE = re.compile(r"\[\]\(#(?P<id>[\w-]+)\)")
_VALUE = re.compile(r"\[(?P<text>[^\[\]]*)\]\{value=[\w-]+\}")
_MARK = re.compile(r"\{\.(?:no)?index[^}]*\}")
_RANGE = re.compile(r"\[\]\{\.index-(?:start|end)[^}]*\}")
_CHART = re.compile(r"!\[.*\]\(data/\S+\)\{#fig-[^{}]*\}", re.DOTALL)
_WORK = re.compile(r"^@\w+\{([^,\s]+),", re.MULTILINE)
_CITED = re.compile(r"(?<![\w.])@([\w-]+)")
_LABEL = re.compile(r"(?<=\[\^)[\w-]+(?=\])")


@dataclass(frozen=True)
class Unit:
    """A block of the text (paragraph, quotation, list, table) with the notes that it calls."""

    text: str
    notes: tuple[str, ...]

    @property
    def words(self) -> int:
        """Give how many words it has, notes and all."""
        return len(_MARK.sub("", " ".join((self.text, *self.notes))).split())


@dataclass(frozen=True)
class Stretch:
    """A heading, and how many units stood below it before the next one."""

    heading: str
    units: int


@dataclass(frozen=True)
class Material:
    """What chapters are made of: units, stretches by second-level heading, and the titles."""

    units: tuple[Unit, ...]
    parts: tuple[tuple[Stretch, ...], ...]
    titles: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """A chapter of a benchmark's book: its number from 1, its title, its headings and units."""

    number: int
    title: str
    blocks: tuple[str | Unit, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """Give the ids of its headings and tables, as the monograph has them, in order."""
        texts = (block if isinstance(block, str) else block.text for block in self.blocks)
        return tuple(found["id"] for text in texts for found in _ID.finditer(text))


def chapters_for(pages: int) -> int:
    """Give how many chapters a book of about so many pages has."""
    return max(1, round((pages - _OTHER_PAGES) / PAGES_PER_CHAPTER))


def chapter_file(folder: Path, number: int) -> Path:
    """Give the file of a chapter, by its number from 1, of the book in ``folder``."""
    return folder / "content" / "chapters" / f"chapter-{number:02}.md"


def make(monograph: Path, folder: Path, chapters: int) -> None:
    """Make a book of so many chapters in ``folder``, which must not be there yet.

    ``monograph`` is the folder of the book that gives the text, the works, the settings, and the
    names and words that are right though no dictionary has them.
    """
    content = folder / "content"
    shutil.copytree(monograph / "bib", folder / "bib")
    shutil.copytree(monograph / "content" / "data", content / "data")
    for path in (content / "data").glob("*.csv"):
        path.write_text(_without_marks(path.read_text("utf-8")), "utf-8")
    for name in ("names.toml", "words.txt"):
        shutil.copy(monograph / "content" / name, content / name)
    (content / "chapters").mkdir()
    (content / "front").mkdir()
    copyright_page = Path("front") / "copyright.md"
    shutil.copy(monograph / "content" / copyright_page, content / copyright_page)
    made = _chapters(_material(monograph / "content" / "chapters"), chapters)
    for chapter, before in zip(made, [None, *made], strict=False):
        text = _written(chapter, before)
        chapter_file(folder, chapter.number).write_text(text, "utf-8")
    settings = _settings((monograph / SETTINGS).read_text("utf-8"), made)
    (folder / SETTINGS).write_text(_listing_all(settings, folder), "utf-8")


def _listing_all(settings: str, folder: Path) -> str:
    """Let the bibliography list the works that no chapter of the book cites, too."""
    files = sorted((folder / "bib").glob("*.bib"))
    works = {key for path in files for key in _WORK.findall(path.read_text("utf-8"))}
    chapters = (folder / "content" / "chapters").glob("*.md")
    cited = {key for path in chapters for key in _CITED.findall(path.read_text("utf-8"))}
    keys = ", ".join(f'"{key}"' for key in sorted(works - cited))
    return settings.replace("[citations]\n", f"[citations]\nnocite = [{keys}]\n")


def _settings(text: str, chapters: Sequence[Chapter]) -> str:
    """Give the monograph's settings with the sections of the benchmark's book."""
    names = ", ".join(f'"chapter-{chapter.number:02}"' for chapter in chapters)
    sections = (
        '[sections]\nfront = ["half-title", "title", "copyright", "contents", "tables"]\n'
        f'body = [{names}]\nback = ["bibliography"]\n\n'
    )
    return re.sub(r"^\[sections\]\n.*?(?=^\[)", sections, text, flags=re.DOTALL | re.MULTILINE)


def _material(folder: Path) -> Material:
    units: list[Unit] = []
    parts: list[list[Stretch]] = []
    titles: list[str] = []
    for path in sorted(folder.glob("*.md")):
        found = _HEADER.fullmatch(path.read_text("utf-8"))
        if found is None:
            raise ValueError(f"{path} has no header")
        titles += re.findall(r'^title: "?(.*?)"?$', found["header"], re.MULTILINE)
        for heading, below in _stretches(found["body"], path.stem):
            units += below
            if heading.startswith("## "):
                parts.append([])
            if heading:
                parts[-1].append(Stretch(heading, len(below)))
    return Material(tuple(units), tuple(map(tuple, parts)), tuple(titles))


def _without_marks(text: str) -> str:
    """Give a text without marks of which each needs another, as not all come into every book.

    Values stand in several places; ranges for the index have a beginning and an end.
    """
    return _RANGE.sub("", _VALUE.sub(r"\g<text>", text))


def _stretches(body: str, source: str) -> Iterator[tuple[str, list[Unit]]]:
    """Give each heading (``""`` before the first) with the units below it.

    Charts are left out, as other tools have none; references to them lead elsewhere.
    Labels of notes get the name of their ``source`` behind them, to be told apart in one chapter.
    """
    body = _without_marks(body)
    body = _LABEL.sub(lambda label: f"{label[0]}-{source}", body)
    blocks = [block.strip() for block in re.split(r"\n\s*\n", body) if block.strip()]
    notes = {found["label"]: block for block in blocks if (found := _DEFINITION.match(block))}
    heading, units = "", list[Unit]()
    for block in blocks:
        if _HEADING.fullmatch(block):
            yield heading, units
            heading, units = block, []
        elif not _DEFINITION.match(block) and not _CHART.fullmatch(block):
            called = tuple(notes[call["label"]] for call in _CALL.finditer(block))
            units.append(Unit(block.removesuffix("\n{.epigraph}"), called))
    yield heading, units


def _chapters(material: Material, count: int) -> list[Chapter]:
    return [
        Chapter(
            number,
            f"{material.titles[number % len(material.titles)]} ({number})",
            tuple(_shuffled(material, random.Random(f"chapter {number}"))),
        )
        for number in range(1, count + 1)
    ]


def _shuffled(material: Material, order: random.Random) -> Iterator[str | Unit]:
    """Give headings and units in another order until there are enough words for a chapter."""
    units, parts = list(material.units), list(material.parts)
    order.shuffle(units)
    order.shuffle(parts)
    words = 0
    for stretch in (stretch for part in parts for stretch in part):
        if words >= _WORDS_PER_CHAPTER:
            return
        yield stretch.heading
        for _ in range(stretch.units):
            unit = units.pop()
            words += unit.words
            yield unit


def _written(chapter: Chapter, before: Chapter | None) -> str:
    """Give the chapter's file; references that lead out of it lead to the chapter ``before``."""
    away = before or chapter
    blocks = [f'---\ntitle: "{chapter.title}"\nid: ch-{chapter.number:02}\n---']
    for block in chapter.blocks:
        texts = (block,) if isinstance(block, str) else (block.text, *block.notes)
        blocks += (_relabelled(text, chapter, away) for text in texts)
    return "\n\n".join(blocks) + "\n"


def _relabelled(text: str, chapter: Chapter, away: Chapter) -> str:
    """Give a text with ids and labels of its own chapter, and references that lead somewhere."""

    def reference(found: re.Match[str]) -> str:
        id_ = found["id"]
        if id_ in chapter.ids:
            return f"[](#{id_}-{chapter.number:02})"
        headings = [other for other in away.ids if other.startswith("sec-")]
        return f"[](#{headings[sum(id_.encode()) % len(headings)]}-{away.number:02})"

    text = _REFERENCE.sub(reference, text)
    text = _ID.sub(lambda found: f"{found[0]}-{chapter.number:02}", text)
    return _LABEL.sub(lambda label: f"{label[0]}-{chapter.number:02}", text)
