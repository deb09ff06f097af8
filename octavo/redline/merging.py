"""A section as it was and as it is → one tree that shows what has changed.

The tree is that of the new text, with marks (see ``markdown.tree``); what has gone stands in the
table ``removed`` beside it.  So notes, headings and tables bear the numbers that they have now,
and a thing whose number alone is another is not marked.
"""

import copy
from collections.abc import Hashable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from lxml import etree

from octavo.book import Note
from octavo.citations import Entry
from octavo.markdown.tree import Element, MarkKind
from octavo.redline import frozen, items, weaving
from octavo.redline.alignment import Item, Step, align, item
from octavo.redline.changes import Change, Where
from octavo.redline.citing import differing
from octavo.redline.frozen import PARAGRAPH_END
from octavo.redline.homes import Home
from octavo.redline.marking import Marking, context, count, text_of
from octavo.redline.tokens import Token, Wrapper, of_block, within
from octavo.redline.trees import is_leaf, parts, shell
from octavo.redline.weaving import Thread
from octavo.redline.words import Piece, compare
from octavo.wording import wording

POINTER = "pointer"
"""The class of the line that stands where a block stood that has been moved."""

OPENING = 8
"""How many words of that block it quotes."""

_WHERES: dict[str, Where] = {
    "heading": "heading",
    "table": "table",
    "figure": "figure",
    "quotation": "quotation",
}


class Merger:
    """Merges the blocks of one section; ``home`` is the section as it is."""

    def __init__(self, home: Home, marking: Marking) -> None:
        """Begin with no note merged: the text's are, as their calls are met."""
        self._home = home
        self.marking = marking
        self._where: Where = "text"
        self._note = 0
        self._heading = ""
        self.notes: dict[int, Note] = {}

    @contextmanager
    def _at(self, where: Where, note: int = 0) -> Iterator[None]:
        before = self._where, self._note
        self._where, self._note = where, note or self._note
        try:
            yield
        finally:
            self._where, self._note = before

    def title(self, old: Home) -> Element:
        """Merge the titles of two sections."""
        with self._at("title"):
            return self._leaves([old.section.title], [self._home.section.title], old)[0]

    def new_title(self) -> Element:
        """Give the title of a section that was not there yet."""
        title = self._copy(self._home.section.title)
        with self._at("title"):
            index = self._came(self._home.section.title)
        return _inside(title, index)

    def step(
        self, step: Step, olds: Sequence[Element], news: Sequence[Element], old: Home | None
    ) -> list[Element]:
        """Give what stands in the merged text for a step from old blocks to new ones.

        ``old`` is None where there were none.
        """
        was, now = [olds[i] for i in step.old], [news[j] for j in step.new]
        if now and now[0].tag in {"h2", "h3", "h4", "h5"}:
            self._heading = now[0].get("id") or ""
        shown = [*now, *was][0]
        with self._at(_WHERES.get(items.kind_of(shown), self._where)):
            if old is None or not was:
                return [self.come(block) for block in now]
            if not now:
                return [self.gone(block, old) for block in was]
            if all(is_leaf(block) for block in (*was, *now)):
                return self._leaves(was, now, old)
            if now[0].tag == "blockquote" and was[0].tag == "figure":
                return self._without_source(was[0], now[0], old)
            return [self._pair(was[0], now[0], old)]

    def moved_here(self, was: Element, now: Element, old: Home) -> tuple[list[Element], int]:
        """Give a block that stood elsewhere, with what was changed in it, and its mark."""
        index = self.marking.mark("moved-to")
        words = self._said([now], self._home)
        self._list(index, "moved-to", new=words)
        made = self.step(Step((0,), (0,)), [was], [now], old)
        made[0].set("data-mark", str(index))
        return made, index

    def moved_away(self, was: Element, old: Home) -> tuple[Element, int, Element]:
        """Give what stands where a block stood that is elsewhere now.

        That is a place with the block's first words; its mark; and the link that is to lead on.
        """
        index = self.marking.mark("moved-from")
        words = self._said([was], old)
        self._list(index, "moved-from", old=words)
        said = wording(self._home.side.book.config.language).redline.moved_to
        opening = etree.Element("p", {"class": POINTER})
        opening.text = f"{said} "
        link = etree.SubElement(opening, "a", {"class": "cross-reference", "data-form": "page"})
        link.tail = f": {' '.join(words.split()[:OPENING])} …"
        return self.marking.place(index, opening), index, link

    def gone(self, block: Element, old: Home) -> Element:
        """Give the place of a block that is no more."""
        index = self.marking.mark("deletion")
        self._list(index, "deletion", old=self._said([block], old), counted=(block, old))
        content = frozen.block(block, old)
        if content.tag == "figcaption":
            content.tag = "p"
        return self.marking.place(index, content)

    def come(self, block: Element) -> Element:
        """Give a block that was not there yet."""
        made = self._copy(block)
        index = self._came(block)
        if block.tag == "run":
            return _inside(made, index)
        made.set("data-mark", str(index))
        return made

    def _came(self, block: Element) -> int:
        """List a block that was not there yet, and mark the notes in it; give its mark."""
        index = self.marking.mark("addition")
        said = self._said([block], self._home)
        self._list(index, "addition", new=said, counted=(block, self._home))
        for token in items.tokens(block, self._home):
            self._note_came(token, index)
        return index

    def _note_came(self, token: Token, index: int) -> None:
        """Mark the note that a token calls, if it calls one, as put in by a mark."""
        note = self._home.note(token.element) if token.kind == "atom" else None
        if note is not None:
            self.notes[note.number] = replace(note, mark=index)

    def _blocks(self, olds: Sequence[Element], news: Sequence[Element], old: Home) -> list[Element]:
        """Merge the blocks in a block; one alone belongs to one alone, whatever it says now."""
        kinds = {items.kind_of(block) for block in (*olds, *news)}
        if len(olds) == len(news) == len(kinds) == 1:
            return self.step(Step((0,), (0,)), olds, news, old)
        steps = align(
            [items.of(block, old) for block in olds],
            [items.of(block, self._home) for block in news],
        )
        return [made for step in steps for made in self.step(step, olds, news, old)]

    def _pair(self, was: Element, now: Element, old: Home) -> Element:
        """Merge two blocks of a kind, not both of words alone."""
        if now.tag == "img":
            return self._picture(was, now, old)
        if now.get("class") == "data noindex":
            return self._copy(now)  # The chart above it has changed: that is said there.
        if now.tag == was.tag == "table":
            return self._table(was, now, old)
        made = shell(now)
        if now.tag == "hr":
            return made
        olds = [was] if now.tag == "figure" and was.tag == "blockquote" else parts(was)
        for part in self._blocks(olds, parts(now), old):
            if part.tag == "run":
                for inner in frozen.contents(part):
                    weaving.add(made, inner)
            else:
                made.append(part)
        return made

    def _without_source(self, was: Element, now: Element, old: Home) -> list[Element]:
        """Merge a quotation with one that names no source any more."""
        caption = was.find("figcaption")
        quote = self._pair(was.find("blockquote"), now, old)
        return [quote] if caption is None else [quote, self.gone(caption, old)]

    def _picture(self, was: Element, now: Element, old: Home) -> Element:
        """Mark a picture, or a chart, that is another now."""
        made = self._copy(now)
        made.tail = None
        if self._home.key(now) == old.key(was):
            return made
        index = self.marking.mark("substitution")
        words = self._home.said(now)
        self._list(index, "substitution", new=words)
        around = etree.Element("ins", {"data-mark": str(index)})
        around.append(made)
        return around

    def _table(self, was: Element, now: Element, old: Home) -> Element:
        """Merge two tables: their columns first, then row by row."""
        columns = align(_columns(was), _columns(now))
        made = shell(now)
        old_parts = {part.tag: part for part in was}
        gone_marks: dict[int, int] = {}
        for part in now:
            olds = list(old_parts.get(part.tag, ()))
            rows = align(
                [items.of(row, old) for row in olds],
                [items.of(row, self._home) for row in part],
            )
            target = etree.SubElement(made, part.tag)
            for step in rows:
                was_row = olds[step.old[0]] if step.old else None
                now_row = part[step.new[0]] if step.new else None
                target.append(self._row(was_row, now_row, columns, old, gone_marks))
        return made

    def _row(
        self,
        was: Element | None,
        now: Element | None,
        columns: Sequence[Step],
        old: Home,
        marks: dict[int, int],
    ) -> Element:
        """Merge two rows; ``marks`` are those of columns that came (1, 2 …) or went (-1, -2 …)."""
        shown = was if now is None else now
        made = shell(shown)
        whole = None
        if now is not None and was is None:
            whole = self._came(now)
            made.set("data-mark", str(whole))
        elif was is not None and now is None:
            whole = self.marking.mark("deletion")
            self._list(whole, "deletion", old=self._said([was], old), counted=(was, old))
        for step in columns:
            before = was[step.old[0]] if was is not None and step.old else None
            after = now[step.new[0]] if now is not None and step.new else None
            if before is not None and after is not None:
                made.append(self._leaves([before], [after], old)[0])
            elif after is not None:
                cell = self._copy(after)
                if whole is None:
                    index = self._column(marks, step.new[0] + 1, after, self._home)
                    cell.set("data-mark", str(index))
                made.append(cell)
            elif before is not None:
                column = -step.old[0] - 1
                index = self._column(marks, column, before, old) if whole is None else whole
                cell = etree.SubElement(made, before.tag)
                if before.get("class"):
                    cell.set("class", before.get("class"))
                words = frozen.inline(of_block(before, old), old)
                cell.append(self.marking.place(index, words))
            else:
                etree.SubElement(made, "td")
        return made

    def _column(self, marks: dict[int, int], number: int, cell: Element, home: Home) -> int:
        """Give the mark of a column that came or went; its first cell is what the list quotes."""
        if number not in marks:
            said = self._said([cell], home)
            kind: MarkKind = "addition" if number > 0 else "deletion"
            marks[number] = self.marking.mark(kind)
            old, new = ("", said) if number > 0 else (said, "")
            self._list(marks[number], kind, old=old, new=new)
        return marks[number]

    def _leaves(self, olds: Sequence[Element], news: Sequence[Element], old: Home) -> list[Element]:
        """Merge blocks of words; of several, the ends of paragraphs are compared as well."""
        was = _joined([of_block(block, old) for block in olds])
        now = _joined([of_block(block, self._home) for block in news])
        if len(news) == 1 and _keys(was) == _keys(now):
            self._same(was, now, old)
            return [self._copy(news[0])]
        was, now = self._with_cited(was, now, old)
        pieces = compare(was, now)
        blocks: list[list[Thread]] = [[]]
        at = 0
        while at < len(pieces):
            end = at
            while end < len(pieces) and pieces[end].mark:
                end += 1
            if end == at:
                self._stays(pieces[at], old, blocks)
                at += 1
            else:
                self._changes(pieces, at, end, old, blocks)
                at = end
        made = []
        for block, threads in zip(news, blocks, strict=True):
            element = shell(block)
            weaving.weave(element, threads, _Living())
            made.append(element)
        return made

    def _same(self, was: Sequence[Token], now: Sequence[Token], old: Home) -> None:
        """Merge the notes of words that are the same."""
        atoms = ([token for token in side if token.kind == "atom"] for side in (was, now))
        for before, after in zip(*atoms, strict=True):
            self._note_stays(before, after, old)

    def _stays(self, piece: Piece, old: Home, blocks: list[list[Thread]]) -> None:
        if piece.token.kind == "break":
            blocks.append([])
            return
        if piece.token.kind == "atom" and piece.was is not None:
            self._note_stays(piece.was, piece.token, old)
        blocks[-1].append(Thread((), piece.token))

    def _note_stays(self, was: Token, now: Token, old: Home) -> None:
        before, after = old.note(was.element), self._home.note(now.element)
        if before is not None and after is not None:
            self._merge_note(before, after, old)

    def _changes(
        self,
        pieces: Sequence[Piece],
        start: int,
        end: int,
        old: Home,
        blocks: list[list[Thread]],
    ) -> None:
        """Mark a run of words that go and come."""
        gone = [piece.token for piece in pieces[start:end] if piece.mark == "del"]
        come = [piece.token for piece in pieces[start:end] if piece.mark == "ins"]
        kind: MarkKind = "substitution" if gone and come else "deletion" if gone else "addition"
        index = self.marking.mark(kind)
        self.marking.changes.append(
            Change(
                index, kind, self._where, self._note, self._heading,
                text_of(gone, old), text_of(come, self._home),
                context(pieces[:start], -1), context(pieces[end:], 1),
                count(gone, old), count(come, self._home),
            )
        )  # fmt: skip
        following = come[0] if come else next((p.token for p in pieces[end:]), _NOTHING)
        if gone:
            if [token.kind for token in gone] == ["break"]:
                content = etree.Element("span", {"class": PARAGRAPH_END})
            else:
                content = frozen.inline(gone, old)
            blocks[-1].append(Thread((), following, self.marking.place(index, content)))
        around = _ins(index)
        for token in come:
            if token.kind == "break":
                end_mark = etree.Element("ins", {"class": PARAGRAPH_END, "data-mark": str(index)})
                blocks[-1].append(Thread((), _NOTHING, end_mark))
                blocks.append([])
                around = _ins(index)
            else:
                self._note_came(token, index)
                blocks[-1].append(Thread((around,), token))

    def _merge_note(self, was: Note, now: Note, old: Home) -> None:
        written = self._home.written_note(now)
        if written is not None and written == old.written_note(was):
            return
        with self._at("note", now.number):
            if now.body.tag == "div" and was.body.tag == "div":
                body = shell(now.body)
                body.extend(self._blocks(list(was.body), list(now.body), old))
            elif now.body.tag == "div" and len(now.body) == 1 and is_leaf(now.body[0]):
                body = shell(now.body)
                body.extend(self._leaves(old.note_blocks(was), list(now.body), old))
            elif now.body.tag == "span":
                body = self._leaves(old.note_blocks(was), [now.body], old)[0]
            else:
                body = shell(now.body)
                body.extend(self._blocks([was.body], list(now.body), old))
        self.notes[now.number] = replace(now, body=body)

    def _with_cited(
        self, was: list[Token], now: list[Token], old: Home
    ) -> tuple[list[Token], list[Token]]:
        """Put the words of citations in their places, where two of the same work differ.

        In a style that cites in the text these belong to the sentence: citations are replaced as
        a whole there.
        """
        if self._home.side.book.cited.style.kind != "note":
            return was, now
        pairs = differing(was, now, old, self._home)
        old_places, new_places = {i for i, _ in pairs}, {j for _, j in pairs}
        return _opened(was, old_places, old), _opened(now, new_places, self._home)

    def entry(self, was: Entry, now: Entry, old: Home) -> Entry:
        """Merge two entries of the bibliography, with the annotations where these differ."""
        with self._at("bibliography"):
            if was.work.annotation != now.work.annotation:
                was, now = _annotated(was), _annotated(now)
            return replace(now, content=self._leaves([was.content], [now.content], old)[0])

    def new_entry(self, now: Entry) -> Entry:
        """Give an entry that was not there yet."""
        now = _annotated(now)
        with self._at("bibliography"):
            index = self._came(now.content)
        return replace(now, content=_inside(now.content, index))

    def old_entry(self, was: Entry, old: Home) -> Entry:
        """Give an entry that is no more."""
        was = _annotated(was)
        with self._at("bibliography"):
            place = self.gone(was.content, old)
        content = etree.Element("span")
        content.append(place)
        return replace(was, content=content)

    def _said(self, blocks: Sequence[Element], home: Home) -> str:
        """Give what a list quotes of blocks: of figures and tables, their captions."""
        captions = [block.find("figcaption") for block in blocks if block.tag == "figure"]
        told = [caption for caption in captions if caption is not None] or blocks
        words = text_of([token for block in told for token in items.tokens(block, home)], home)
        return words or frozen.NO_WORDS

    def _list(
        self,
        index: int,
        kind: MarkKind,
        old: str = "",
        new: str = "",
        counted: tuple[Element, Home] | None = None,
    ) -> None:
        number = count(items.tokens(*counted), counted[1]) if counted else 0
        self.marking.changes.append(
            Change(
                index, kind, self._where, self._note, self._heading, old, new,
                old_words=number if old else 0, new_words=number if new else 0,
                is_whole=counted is not None,
            )
        )  # fmt: skip

    def _copy(self, element: Element) -> Element:
        made = copy.deepcopy(element)
        made.tail = None
        return made


_NOTHING = Token("space", "", None)


def _annotated(entry: Entry) -> Entry:
    """Give an entry with its annotation at the end of its own words, where it can be marked."""
    content = copy.deepcopy(entry.content)
    words = " ".join(entry.work.annotation.split())
    weaving.add(content, f" {words}" if words else "")
    return replace(entry, work=replace(entry.work, annotation=""), content=content)


def _ins(index: int) -> Wrapper:
    return Wrapper(etree.Element("ins", {"data-mark": str(index)}), ("ins",))


def _inside(element: Element, index: int) -> Element:
    """Put all that is in an element into an ``<ins>``."""
    around = etree.Element("ins", {"data-mark": str(index)})
    around.text, element.text = element.text, None
    around.extend(list(element))
    element.append(around)
    return element


class _Living:
    """Writes the wrappers and atoms of the text as it is."""

    def wrapper(self, wrapper: Wrapper, *, again: bool) -> Element | None:
        """Give a wrapper; one that is opened again has no id, and must be seen by somebody."""
        if again and not wrapper.look:
            return None
        made = shell(wrapper.element)
        if again:
            made.attrib.pop("id", None)
        return made

    def atom(self, token: Token) -> Sequence[Element | str]:
        """Give an atom as it is."""
        made = copy.deepcopy(token.element)
        made.tail = None
        return [made]


def _keys(tokens: Sequence[Token]) -> list[Hashable]:
    return [token.key for token in tokens if token.is_significant]


def _joined(blocks: Sequence[Sequence[Token]]) -> list[Token]:
    """Give the tokens of blocks with the ends of paragraphs between them."""
    found = list(blocks[0])
    for block in blocks[1:]:
        found += [Token("break", "", ("break",)), *block]
    return found


def _opened(tokens: Sequence[Token], places: set[int], home: Home) -> list[Token]:
    found: list[Token] = []
    for number, token in enumerate(tokens):
        if number in places:
            words = of_block(home.formatted(token.element), home)
            found += (within(word, token.wrappers) for word in words)
        else:
            found.append(token)
    return found


def _columns(table: Element) -> list[Item]:
    rows = list(table.iter("tr"))
    width = max((len(row) for row in rows), default=0)
    found = []
    for number in range(width):
        cells = [
            " ".join("".join(row[number].itertext()).split()) if number < len(row) else ""
            for row in rows
        ]
        words = [word for cell in cells for word in cell.split()]
        found.append(item("column", tuple(cells), words, cells[0], is_lone=True))
    return found
