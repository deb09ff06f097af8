"""Abbreviations: those of ``content/abbreviations.csv`` are marked, and spelled out at first use.

An abbreviation that the body of the book uses before it has said what it stands for is spelled out
there, "Democratic Republic of Vietnam (DRV)", as an editor would (Chicago 18, ch. 10).  That is
done in running text alone: headings, quotations, tables, captions and notes stay as they are
written.  Every use outside headings and quotations becomes ``<abbr>`` (see ``markdown.tree``).
"""

import copy
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from lxml import etree

from octavo import csvfile
from octavo.manuscript import Source
from octavo.markdown.finish import BLOCKS, CONTAINERS, span_of
from octavo.markdown.inline import parse_lines
from octavo.markdown.tree import Element, Section
from octavo.problems import Problem, Severity, Span
from octavo.store import Store

NAME = "abbreviations"
FILE = Path("content") / "abbreviations.csv"
COLUMNS = ("abbreviation", "expansion")

SpellOut = Literal["book", "chapter", "never"]
"""Where abbreviations are spelled out: at first use in the book, in each chapter, nowhere."""

_LEFT = {"h1", "h2", "h3", "h4", "h5", "blockquote", "q", "code", "pre", "abbr"}
_NO_RUNNING_TEXT = {"figure", "table", "figcaption"}
_QUOTES = (("“", "”"), ("«", "»"))
_ARTICLE = re.compile(r"\ban?\s+$", re.IGNORECASE)


@dataclass(frozen=True)
class Abbreviation:
    """An abbreviation, what it stands for (a ``<p>`` of inline text), and where it is defined."""

    short: str
    expansion: Element
    span: Span

    @property
    def words(self) -> str:
        """Give what it stands for as plain text."""
        return " ".join("".join(self.expansion.itertext()).split())


def enter(
    sources: Sequence[Source],
    sections: Sequence[Section],
    root: Path,
    language: str,
    spell_out: SpellOut,
    kept: Store | None,
) -> list[Problem]:
    """Mark the abbreviations in the sections' trees, and fill the section that lists them.

    ``kept`` remembers what they stand for, as it has been read before.
    """
    home = next((n for n, s in enumerate(sources) if s.generated and s.name == NAME), None)
    if not (root / FILE).exists():
        if home is None:
            return []
        message = f"the list is made of {FILE.as_posix()}, and there is no such file"
        hint = f"its first line: {','.join(COLUMNS)}"
        span = Span(sources[home].path, sources[home].first_line)
        return [Problem("data-file-is-readable", message, span, hint)]
    known, problems = _load(root, language, kept)
    if not known:
        return problems
    marker = _Marker(known)
    introduced: set[str] = set()
    for source, section in zip(sources, sections, strict=True):
        if spell_out == "chapter":
            introduced = set()
        is_spelled_out = source.part == "body" and spell_out != "never"
        marker.mark(section, source.path, introduced if is_spelled_out else None)
    problems += marker.problems
    for short, abbreviation in known.items():
        if short not in marker.used:
            message = f'the abbreviation "{short}" is not used'
            problems.append(
                Problem("abbreviation-is-used", message, abbreviation.span, "", Severity.WARNING)
            )
    if home is not None:
        used = (
            known[short] for short in sorted(marker.used, key=lambda name: (name.casefold(), name))
        )
        sections[home].body.append(_list(used))
    return problems


def listed(root: Path) -> Iterator[str]:
    """Give the abbreviations of the book in the folder ``root``; it need not have any."""
    if (root / FILE).exists():
        yield from (
            row["abbreviation"].text for row in csvfile.load(root / FILE, FILE, COLUMNS).rows
        )


def _load(
    root: Path, language: str, kept: Store | None
) -> tuple[dict[str, Abbreviation], list[Problem]]:
    table = csvfile.load(root / FILE, FILE, COLUMNS)
    problems = list(table.problems)
    first: dict[str, Span] = {}
    rows = []
    for row in table.rows:
        short, expansion = (row[column] for column in COLUMNS)
        for name, cell in row.items():
            if not cell.text:
                problems.append(Problem("row-is-whole", f"this row has no {name}", cell.span))
        if short.text in first:
            message = f'the abbreviation "{short.text}" is defined twice'
            hint = f"first on line {first[short.text].line}"
            problems.append(Problem("abbreviation-is-defined-once", message, short.span, hint))
        elif short.text and expansion.text:
            rows.append((short, expansion))
        first.setdefault(short.text, short.span)
    expansions = [(expansion.text, expansion.span) for _, expansion in rows]
    texts, found = parse_lines(expansions, language, kept)
    for inner in (inner for text in texts for inner in text.iterdescendants()):
        inner.attrib.pop("data-line", None)  # It is to stand in other files.
    known = {
        short.text: Abbreviation(short.text, text, short.span)
        for (short, _), text in zip(rows, texts, strict=True)
    }
    return known, [*problems, *found]


def _list(abbreviations: Iterable[Abbreviation]) -> Element:
    made: Element = etree.Element("ul", {"class": "abbreviations"})
    for abbreviation in abbreviations:
        item = etree.SubElement(made, "li")
        item.set("data-line", str(abbreviation.span.line))
        item.set("data-path", FILE.as_posix())
        name = etree.Element("dfn")
        name.text = abbreviation.short
        _put(_Run(item, "text", is_own=True), [name, " ", *_spelled_out(abbreviation)])
    return made


@dataclass(frozen=True)
class _Run:
    """A piece of a block's text: the element and the attribute that keep it.

    ``is_own`` is false in code and in other languages, which are left as they are.
    """

    element: Element
    attribute: Literal["text", "tail"]
    is_own: bool


class _Marker:
    """Marks abbreviations, section by section; remembers which it has met."""

    def __init__(self, known: Mapping[str, Abbreviation]) -> None:
        self._known = known
        names = "|".join(re.escape(name) for name in sorted(known, key=len, reverse=True))
        self._letters = re.compile(names)
        self._pattern = re.compile(rf"(?<!\w)(?P<name>{names})(?P<own>[’']s)?(?!\w)")
        self.used: set[str] = set()
        self.problems: list[Problem] = []

    def mark(self, section: Section, home: Path, introduced: set[str] | None) -> None:
        """Mark a section's abbreviations; ``introduced`` is None where none is spelled out."""
        for block in [block for block in section.body.iter() if block.tag in BLOCKS]:
            around = {block.tag, *(element.tag for element in block.iterancestors())}
            if not around & _LEFT:
                is_running = not around & _NO_RUNNING_TEXT and block.get("class") != "event"
                self._mark_block(block, home, introduced if is_running else None)
        for note in section.notes:
            for block in [block for block in note.body.iter() if block.tag in BLOCKS]:
                self._mark_block(block, home, None)

    def _mark_block(self, block: Element, home: Path, introduced: set[str] | None) -> None:
        if not self._letters.search("".join(block.itertext())):
            return
        runs = list(_runs(block, is_own=True))
        whole = "".join(getattr(run.element, run.attribute) or "" for run in runs)
        at = 0
        for run in runs:
            text = getattr(run.element, run.attribute) or ""
            parts: list[str | Element] = []
            last = at
            for found in self._pattern.finditer(whole, at, at + len(text)) if run.is_own else ():
                spelled_out = introduced is not None and self._is_first(found, introduced)
                if spelled_out and _ARTICLE.search(whole, 0, found.start()):
                    self._report_article(found["name"], span_of(block, home))
                    spelled_out = False
                parts.append(whole[last : found.start()])
                parts += self._marked(found, spelled_out=spelled_out)
                last = found.end()
            at += len(text)
            if parts:
                _put(run, [*parts, whole[last:at]])

    def _is_first(self, found: re.Match[str], introduced: set[str]) -> bool:
        """Tell whether an abbreviation stands here alone that has not been introduced before."""
        name = found["name"]
        before, after = found.string[: found.start()], found.string[found.end() :]
        if name in introduced or any(
            before.count(opening) > before.count(closing) for opening, closing in _QUOTES
        ):
            return False
        introduced.add(name)
        words = self._known[name].words.casefold()
        before, after = (" ".join(text.split()).casefold() for text in (before, after))
        return words not in before and not after.startswith(f"({words}")

    def _marked(self, found: re.Match[str], *, spelled_out: bool) -> list[str | Element]:
        abbreviation, own = self._known[found["name"]], found["own"] or ""
        self.used.add(abbreviation.short)
        short = etree.Element("abbr", {"title": abbreviation.words})
        short.text = abbreviation.short
        if not spelled_out:
            return [short, own]
        expansion = etree.Element("span", {"class": "spelled-out"})
        _put(_Run(expansion, "text", is_own=True), list(_spelled_out(abbreviation)))
        return [expansion, f"{own} (", short, f"{own})"]

    def _report_article(self, name: str, span: Span) -> None:
        message = (
            f'"{name}" stands here for the first time, behind an article that may not fit what it '
            "stands for: it is not spelled out"
        )
        hint = f"write it in full: … {self._known[name].words} ({name})"
        self.problems.append(
            Problem("abbreviation-is-introduced", message, span, hint, Severity.WARNING)
        )


def _runs(element: Element, *, is_own: bool) -> Iterator[_Run]:
    """Give the pieces of a block's text, without those of blocks in it."""
    is_own = is_own and not (
        element.tag in _LEFT
        or (element.tag == "span" and element.get("lang"))
        or "noindex" in (element.get("class") or "").split()
    )
    yield _Run(element, "text", is_own)
    for child in element:
        if child.tag not in BLOCKS | CONTAINERS:
            yield from _runs(child, is_own=is_own)
        yield _Run(child, "tail", is_own)


def _spelled_out(abbreviation: Abbreviation) -> Iterator[str | Element]:
    yield abbreviation.expansion.text or ""
    for child in abbreviation.expansion:
        made = copy.deepcopy(child)
        made.tail = None
        yield made
        yield child.tail or ""


def _put(run: _Run, parts: Sequence[str | Element]) -> None:
    """Put words and elements in the place of a piece of text."""
    holder, attribute = run.element, run.attribute
    if attribute == "tail":
        parent, at = holder.getparent(), holder.getparent().index(holder) + 1
    else:
        parent, at = holder, 0
    setattr(holder, attribute, "")
    for part in parts:
        if isinstance(part, str):
            setattr(holder, attribute, (getattr(holder, attribute) or "") + part)
        else:
            parent.insert(at, part)
            holder, attribute, at = part, "tail", at + 1
