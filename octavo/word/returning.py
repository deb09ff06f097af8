"""What was changed in Word → marks in the files that were sent.

A mark only adds signs to a file: at the places where words were taken out, put in or commented on.
Everything else stays as it is to the byte, whatever Word has made of it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from octavo.word import marking
from octavo.word.aligning import Aligned, Break, Entry, Group, align
from octavo.word.marking import Renderer, addition, escaped_opening, placed, remark
from octavo.word.outline import (
    IMAGE,
    NOTE,
    Format,
    Origin,
    Outline,
    Para,
    Sources,
    Token,
    in_place,
    outline,
    within,
)
from octavo.word.reading import (
    Anchor,
    Comment,
    Control,
    Document,
    NoteText,
    Paragraph,
    Picture,
    Piece,
)
from octavo.word.source import Leaf, Wrap

_BEHIND, _CLOSE, _OPEN, _BEFORE = range(4)
"""In which order signs stand at one place: the end of a change, of a highlight; their beginnings."""


@dataclass(frozen=True)
class Sign:
    """Something to be put in at a place of a file; ``order`` sorts those of one place.

    ``length`` is that of what goes for it: a title or a cell is written anew.
    """

    at: int
    order: int
    text: str
    length: int = 0


@dataclass(frozen=True)
class Mark:
    """The signs of one mark, which stand or fall together; ``words`` says what it is.

    ``kinds`` are those of the changes and comments in it, several in a value that is written anew.
    """

    path: str
    signs: tuple[Sign, ...]
    words: str
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Uncarried:
    """Something in a paragraph that no mark can say: its file, its place there, what it is."""

    path: str
    at: int
    message: str


@dataclass(frozen=True)
class Returned:
    """The marks, and what could not be carried."""

    marks: tuple[Mark, ...]
    uncarried: tuple[Uncarried, ...]
    lost: Mapping[str, int]


def returned(sources: Sources, document: Document) -> Returned:
    """Compare a document that came back with the files that were sent in it."""
    outlines = [outline(sources, path) for path in sources.chapters]
    return _Returning(sources, outlines, document).all()


class _Returning:
    def __init__(self, sources: Sources, outlines: Sequence[Outline], document: Document) -> None:
        self.sources, self.outlines, self.document = sources, outlines, document
        self.paths = list(sources.texts)
        self.marks: list[Mark] = []
        self.values: dict[Origin, list[Mark]] = {}
        self.uncarried: list[Uncarried] = []
        self.lost: Counter[str] = Counter(document.lost)
        self.threads = marking.threads(document.comments)
        self.renderer = Renderer(self._source_of, self._picture, self.lost)
        self.gone: set[tuple[str, int, int]] = set()

    def all(self) -> Returned:
        paras = [para for one in self.outlines for para in one.paras]
        self._story(paras, self.document.paragraphs)
        for origin, marks_ in self.values.items():
            value = with_signs(origin.value, (sign for mark in marks_ for sign in mark.signs))
            self._value_mark(origin, value, tuple(kind for mark in marks_ for kind in mark.kinds))
        marks = tuple(sorted(self.marks, key=lambda mark: (mark.path, mark.signs[0].at)))
        return Returned(marks, tuple(self.uncarried), dict(self.lost))

    def _value_mark(self, origin: Origin, value: str, kinds: tuple[str, ...]) -> None:
        """Write a title or a cell anew, with marks in it."""
        sign = Sign(origin.start, _BEFORE, origin.written(value), origin.end - origin.start)
        self.marks.append(Mark(origin.path, (sign,), value, kinds))

    # Things of the manuscript's

    def _source_of(self, control: Control) -> str:
        path = self.paths[control.file] if 0 <= control.file < len(self.paths) else ""
        text = self.sources.texts.get(path, "")
        if path and control.place >= 0:
            for one in self.outlines:
                if one.path == path:
                    found = _thing_at(one, control.place)
                    if found:
                        return text[found.start : found.end]
        if control.kind == "reference" and control.alias.startswith("#"):
            return f"[]({control.alias})"
        if control.alias.startswith(("[", "@")) and len(control.alias) < 64:
            return control.alias
        self.lost["citation or reference whose source is not known"] += 1
        return ""

    def _picture(self, picture: Picture) -> str:
        del picture
        self.lost["picture put in (import it on its own)"] += 1
        return ""

    # Paragraphs

    def _story(self, paras: Sequence[Para], paragraphs: Sequence[Paragraph]) -> None:
        pairs = align(paras, paragraphs)
        before: Para | None = None
        for index, pair in enumerate(pairs):
            following = next((one.para for one in pairs[index + 1 :] if one.para), None)
            if pair.para is None:
                assert pair.group, "one of them is there"
                self._new_blocks(list(_paragraphs(pair.group)), before, following)
                continue
            if pair.group is None:
                self._delete_block(pair.para)
            else:
                self._paragraph(pair, before, following)
            before = pair.para

    def _paragraph(self, pair: Aligned, before: Para | None, following: Para | None) -> None:
        para, group = pair.para, pair.group
        assert para and group, "both are there"
        segments = _segments(pair.entries)
        bearing = [n for n, one in enumerate(segments) if any(e.token for e in one)]
        first, last = (bearing[0], bearing[-1]) if bearing else (0, len(segments) - 1)
        owners = [group.first, *(e.of for e in pair.entries if e.state == "divided")]
        ahead = [(owners[n], segments[n]) for n in range(first)]
        behind = [(owners[n], segments[n]) for n in range(last + 1, len(segments))]
        self._new_segments(ahead, before, para, is_before=True)
        start = sum(len(one) + 1 for one in segments[:first])
        inner = pair.entries[
            start : start + sum(len(one) + 1 for one in segments[first : last + 1]) - 1
        ]
        anchors = tuple(
            Anchor(one.comment, max(one.start - start, 0), max(min(one.end - start, len(inner)), 0))
            for one in pair.anchors
        )
        is_gone = group.ended is not None and group.ended.kind == "deletion"
        is_empty = bool(para.tokens) and all(e.state == "deleted" for e in inner)
        if is_empty and (is_gone or para.leaf.role not in {"cell", "caption", "title"}):
            self._delete_block(para)
            self._comments_alone(para, anchors)
        else:
            self._words(para, inner, anchors)
            if is_gone:
                self._join(para, following)
            self._check_look(para, group, inner)
        self._new_segments(behind, para, following, is_before=False)

    def _delete_block(self, para: Para) -> None:
        leaf, origin = para.leaf, para.origin
        place = (origin.path, leaf.start, leaf.end)
        if place in self.gone:
            return
        if leaf.role in {"cell", "title"}:
            if para.tokens:
                kind = "a cell" if leaf.role == "cell" else "the title"
                self._cannot(para, f"{kind} was deleted with all that is in it")
            return
        self.gone.add(place)
        self._mark(para, (Sign(leaf.start, _BEFORE, "{--"), Sign(leaf.end, _BEHIND, "--}")),
                   f"paragraph deleted: {_short(para.keys)}", "deletion")  # fmt: skip
        for token in para.tokens:
            self._delete_definition(token)

    def _delete_definition(self, token: Token) -> None:
        """Take out a note that is written apart, when its call is."""
        if token.thing is None or token.thing.kind != "call":
            return
        for one in self.outlines:
            paras = one.notes.get(token.thing.text, ())
            if paras:
                start, end = paras[0].leaf.start, paras[-1].leaf.end
                signs = (Sign(start, _BEFORE, "{--"), Sign(end, _BEHIND, "--}"))
                self._mark(paras[0], signs, f"note deleted: {_short(paras[0].keys)}", "deletion")

    def _join(self, para: Para, following: Para | None) -> None:
        """Mark the end of a paragraph as taken out."""
        text = self.sources.texts[para.origin.path]
        end = _content_end(para)
        fits = (
            following is not None
            and {para.leaf.role, following.leaf.role} <= _JOINABLE
            and para.origin.kind == following.origin.kind == "text"
            and para.origin.path == following.origin.path
        )
        start = _content_start(following) if following is not None and fits else -1
        gap = text[end:start].strip() if start > end else "…"
        if following is None or (gap and gap != following.leaf.opening.strip()):
            self._cannot(para, "this paragraph was joined to the next one")
            return
        signs = (Sign(end, _BEFORE, "{--"), Sign(start, _BEHIND, "--}"))
        self._mark(para, signs, "two paragraphs joined", "deletion")

    # New paragraphs

    def _new_segments(
        self,
        segments: Sequence[tuple[Paragraph | None, Sequence[Entry]]],
        before: Para | None,
        following: Para | None,
        *,
        is_before: bool,
    ) -> None:
        new = [
            replace(owner, pieces=tuple(e.piece for e in entries if e.piece is not None))
            for owner, entries in segments
            if owner is not None
        ]
        self._new_blocks(new, before, following, is_before=is_before)

    def _new_blocks(
        self,
        paragraphs: Sequence[Paragraph],
        before: Para | None,
        following: Para | None,
        *,
        is_before: bool = False,
    ) -> None:
        """Mark paragraphs as put in between two others."""
        blocks = [block for one in paragraphs if (block := self._block(one))]
        if not blocks:
            return
        anchor = following if is_before or before is None else before
        if anchor is None:
            return
        if any(one.cell is not None for one in paragraphs) or anchor.origin.kind == "csv":
            self._cannot(anchor, f"put into a table: {_short(' '.join(blocks))}")
            return
        text = self.sources.texts[anchor.origin.path]
        behind = before if before and before.origin.path == anchor.origin.path else None
        at, form = _place_for(text, behind, anchor)
        is_item = all(one.role.name == "item" for one in paragraphs)
        joint = "\n" if is_item and behind and behind.leaf.role == "item" else "\n\n"
        words = joint.join(blocks)
        if form == "line":
            made = f"{{++{words}{joint}++}}\n"
        elif form == "inside" and behind is not None:
            opening = _QUOTED.match(behind.leaf.opening)
            lead = opening[0] if opening else ""
            inner = "\n\n".join(block.removeprefix("> ") for block in blocks)
            made = addition("".join(f"\n{lead}{line}".rstrip() for line in ["", *inner.split("\n")]))
        else:
            made = addition(joint + words)
        comments = sum(made.count(remark(c)) for thread in self.threads.values() for c in thread)
        kinds = ("insertion", *["comment"] * comments)
        sign = Sign(at, _BEHIND, made)
        self.marks.append(
            Mark(anchor.origin.path, (sign,), f"paragraph put in: {_short(words)}", kinds)
        )

    def _block(self, paragraph: Paragraph) -> str:
        """Write a paragraph that is new, as the block that its style says."""
        kept = [p for p in paragraph.pieces if p.change is None or p.change.kind == "insertion"]
        for piece in kept:
            self._count_thing(piece)
        words = self.renderer.words(kept).strip()
        said = "".join(
            remark(one)
            for anchor in paragraph.anchors
            for one in self.threads.get(anchor.comment, ())
        )
        return block(paragraph, words + said) if words else ""

    # Words

    def _words(self, para: Para, entries: Sequence[Entry], anchors: Iterable[Anchor]) -> None:
        changed = any(entry.state != "kept" for entry in entries)
        if para.whole and changed:
            self._whole_value(para, entries)
            return
        writer = _Signs(para, self.renderer)
        runs = _state_runs(entries)
        for start, end, state in runs:
            if state:
                writer.cluster(entries, start, end)
        self._note_changes(para, entries)
        ranges, points = placed(anchors, runs, self.threads.keys())
        for start, end, name in ranges:
            writer.highlight(entries, start, end, self.threads[name])
        for at, name in points:
            writer.point(entries, at, self.threads[name])
        for signs, words, kinds in writer.marks:
            self._mark(para, signs, words, *kinds)

    def _whole_value(self, para: Para, entries: Sequence[Entry]) -> None:
        kept = [
            e.piece or Piece(e.token.key, Format()) for e in entries
            if e.state in {"kept", "inserted"} and (e.piece or e.token)
        ]  # fmt: skip
        new = self.renderer.words(kept).strip()
        old = para.origin.value
        self._value_mark(para.origin, f"{{~~{old}~>{new}~~}}", ("substitution",))

    def _note_changes(self, para: Para, entries: Sequence[Entry]) -> None:
        """Go into the notes that stayed; take out those that went."""
        for entry in entries:
            token, piece = entry.token, entry.piece
            if token is None:
                if piece is not None:
                    self._count_thing(piece)
                continue
            if entry.state == "deleted":
                self._delete_definition(token)
            elif token.key == NOTE and piece is not None and isinstance(piece.held, NoteText):
                self._note(para, token, piece.held)
            elif piece is not None and isinstance(piece.held, Control) and piece.held.changed:
                self._cannot(para, f"the words of a {piece.held.kind} were changed, which the "
                             f"book makes: {piece.held.alias}")  # fmt: skip

    def _note(self, para: Para, token: Token, note: NoteText) -> None:
        thing = token.thing
        assert thing, "a note is a thing"
        if thing.kind == "note":
            self._story([in_place(thing, para.origin, self.sources.cites)], note.paragraphs)
        elif thing.kind == "call":
            for one in self.outlines:
                if thing.text in one.notes and one.path == para.origin.path:
                    self._story(one.notes[thing.text], note.paragraphs)
        else:
            self._cited_note(para, token, note)

    def _cited_note(self, para: Para, token: Token, note: NoteText) -> None:
        """Look into a note that is a citation: it can have comments, and words beside its own."""
        pieces = [piece for one in note.paragraphs for piece in one.pieces]
        named = [a.comment for one in note.paragraphs for a in one.anchors]
        said = [comment for name in named for comment in self.threads.get(name, ())]
        if said:
            words = "".join(map(remark, said))
            self._mark(para, (Sign(token.end, _CLOSE, words),), words, *["comment"] * len(said))
        others = [p for p in pieces if not isinstance(p.held, Control) and p.key.strip()]
        controls = [p.held for p in pieces if isinstance(p.held, Control)]
        if others or any(one.changed for one in controls) or len(controls) != 1:
            text = "".join(p.key if p.held is None else "…" for p in pieces)
            self._cannot(para, f"a citation's note was changed: {_short(text)}")

    def _count_thing(self, piece: Piece) -> None:
        if piece.key == IMAGE and piece.held is None:
            self.lost["picture put in (import it on its own)"] += 1

    def _comments_alone(self, para: Para, anchors: Iterable[Anchor]) -> None:
        """Place comments on a paragraph that is taken out as a whole."""
        for anchor in anchors:
            thread = self.threads.get(anchor.comment, ())
            if thread:
                said, kinds = "".join(map(remark, thread)), ["comment"] * len(thread)
                self._mark(para, (Sign(para.leaf.end, _CLOSE, said),), said, *kinds)

    def _check_look(self, para: Para, group: Group, entries: Sequence[Entry]) -> None:
        """Report words that are set otherwise than they were."""
        changed = "".join(
            entry.token.key
            for entry in entries
            if entry.state == "kept" and entry.token and entry.piece
            and entry.token.thing is None and entry.piece.held is None and entry.token.key.strip()
            and entry.token.format.looks != entry.piece.format.looks
        )  # fmt: skip
        if changed:
            self._cannot(para, f"words are set otherwise than they were: {_short(changed)}")
        sent, come = _kind_of(para.leaf), group.last.role
        if sent and (come.name, come.level if come.name == "heading" else 0) != sent:
            self._cannot(para, f"this {sent[0]} was made a {come.name}: {_short(para.keys)}")

    def _cannot(self, para: Para, message: str) -> None:
        at = para.leaf.start if para.origin.kind == "text" else para.origin.start
        self.uncarried.append(Uncarried(para.origin.path, at, message))

    def _mark(self, para: Para, signs: tuple[Sign, ...], words: str, *kinds: str) -> None:
        mark = Mark(para.origin.path, signs, words, kinds)
        if para.origin.kind == "text":
            self.marks.append(mark)
        else:
            self.values.setdefault(para.origin, []).append(mark)


class _Signs:
    """Finds where the signs of a paragraph's marks go, around what Word does not show."""

    def __init__(self, para: Para, renderer: Renderer) -> None:
        self.para, self.renderer = para, renderer
        self.marks: list[tuple[tuple[Sign, ...], str, tuple[str, ...]]] = []
        self.members: dict[int, list[int]] = {}
        for index, token in enumerate(para.tokens):
            for wrap in token.wraps:
                self.members.setdefault(id(wrap), []).append(index)
        self.index = {id(token): index for index, token in enumerate(para.tokens)}

    def cluster(self, entries: Sequence[Entry], start: int, end: int) -> None:
        """Mark one change: words taken out, words put in, or both."""
        members = entries[start:end]
        deleted = [entry.token for entry in members if entry.token is not None]
        inserted = [e for e in members if e.state in {"inserted", "divided"}]
        look = _look(inserted) if inserted else None
        units = self._units(deleted, look)
        before = next((e.token for e in reversed(entries[:start]) if e.token), None)
        behind = next((e.token for e in entries[end:] if e.token), None)
        text, at, order = "", 0, _BEHIND
        if inserted:
            at, order, around = self._place(units, before, behind, look)
            text = self._text(inserted, around)
        old = self._source(deleted)
        if (
            text
            and len(units) == 1
            and at == units[0][1]
            and "~>" not in old
            and "\n\n" not in text
        ):
            low, high = units[0]
            signs = (Sign(low, _BEFORE, "{~~"), Sign(high, _BEHIND, f"~>{text}~~}}"))
            self.marks.append((signs, f"{_short(old)} → {_short(text)}", ("substitution",)))
            return
        for low, high in units:
            signs = (Sign(low, _BEFORE, "{--"), Sign(high, _BEHIND, "--}"))
            self.marks.append((signs, f"deleted: {_short(old)}", ("deletion",)))
        if text:
            signs_ = (Sign(at, order, addition(text)),)
            self.marks.append((signs_, f"put in: {_short(text)}", ("insertion",)))

    def _source(self, deleted: Sequence[Token]) -> str:
        return "".join(token.key for token in deleted)

    def _units(
        self, deleted: Sequence[Token], look: tuple[bool, ...] | None
    ) -> list[tuple[int, int]]:
        """Give the pieces of source that go with some tokens: whole wraps, or words inside them.

        Where words of a ``look`` take their place, wraps stay that those words can stand in.
        """
        gone = {self.index[id(token)] for token in deleted}
        out: list[tuple[int, int, tuple[int, ...]]] = []
        for token in deleted:
            low, high, path = token.start, token.end, tuple(id(wrap) for wrap in token.wraps)
            for depth, wrap in enumerate(token.wraps):
                stays = look is not None and (
                    look == token.format.looks or not _is_seen(wrap)
                )
                if not stays and gone.issuperset(self.members[id(wrap)]):
                    low, high, path = wrap.start, wrap.end, path[:depth]
                    break
            if out and out[-1][0] <= low < out[-1][1]:
                continue
            if out and out[-1][1] == low and out[-1][2] == path:
                out[-1] = (out[-1][0], high, path)
            else:
                out.append((low, high, path))
        return [(low, high) for low, high, _ in out]

    def _place(
        self,
        units: Sequence[tuple[int, int]],
        before: Token | None,
        behind: Token | None,
        look: tuple[bool, ...] | None,
    ) -> tuple[int, int, Format]:
        """Choose where words go in: as little deep as may be, where words are set as they are."""
        places: list[tuple[int, int, int, Format]] = []
        if units:
            last = next(t for t in reversed(self.para.tokens) if t.end <= units[-1][1])
            places = list(self._outward(last, units[-1][1]))
        else:
            if before is not None:
                places += self._outward(before, before.end)
            if behind is not None:
                places += self._inward(behind)
        if not places:
            at = _content_start(self.para) if self.para.tokens == () else self.para.tokens[0].start
            return at, _BEHIND, Format()
        fitting = [one for one in places if one[3].looks == look] or places
        depth = fitting[0][2] if units else min(one[2] for one in fitting)
        at, order, _, around = next(one for one in fitting if one[2] == depth)
        return at, order, around

    def _outward(self, token: Token, least: int) -> Iterator[tuple[int, int, int, Format]]:
        """Give the places behind a token, from inside its wraps outward."""
        index = self.index[id(token)]
        if token.end >= least:
            yield token.end, _BEHIND, len(token.wraps), token.format
        for depth in reversed(range(len(token.wraps))):
            wrap = token.wraps[depth]
            if self.members[id(wrap)][-1] != index:
                return
            if wrap.end >= least:
                yield wrap.end, _BEHIND, depth, self._format_around(token, depth)

    def _inward(self, token: Token) -> Iterator[tuple[int, int, int, Format]]:
        index = self.index[id(token)]
        yield token.start, _OPEN, len(token.wraps), token.format
        for depth in reversed(range(len(token.wraps))):
            wrap = token.wraps[depth]
            if self.members[id(wrap)][0] != index:
                return
            yield wrap.start, _OPEN, depth, self._format_around(token, depth)

    def _format_around(self, token: Token, depth: int) -> Format:
        made = Format()
        for wrap in token.wraps[:depth]:
            made = within(made, wrap)
        return made

    def _text(self, inserted: Sequence[Entry], around: Format) -> str:
        out = []
        for is_break, group in groupby(inserted, lambda entry: entry.state == "divided"):
            if is_break:
                out += [_gap(self.para) for _ in group]
            else:
                out.append(self.renderer.words([e.piece for e in group if e.piece], around))
        return "".join(out)

    # Comments

    def highlight(
        self, entries: Sequence[Entry], start: int, end: int, thread: Sequence[Comment]
    ) -> None:
        """Highlight the words of some entries, with a comment behind them."""
        tokens = [entry.token for entry in entries[start:end] if entry.token is not None]
        if not tokens:
            self.point(entries, end, thread)
            return
        low, high = self._balanced(tokens[0], tokens[-1])
        said = "".join(map(remark, thread))
        signs = (Sign(low, _OPEN, "{=="), Sign(high, _CLOSE, f"==}}{said}"))
        self.marks.append((signs, said, ("comment",) * len(thread)))

    def _balanced(self, first: Token, last: Token) -> tuple[int, int]:
        """Give the least piece of source that holds two tokens and cuts no wrap."""
        depth = 0
        for one, other in zip(first.wraps, last.wraps, strict=False):
            if one is not other:
                break
            depth += 1
        low = first.wraps[depth].start if len(first.wraps) > depth else first.start
        high = last.wraps[depth].end if len(last.wraps) > depth else last.end
        return low, high

    def point(self, entries: Sequence[Entry], at: int, thread: Sequence[Comment]) -> None:
        """Put a comment where it stands between words."""
        before = next((e.token for e in reversed(entries[:at]) if e.token), None)
        behind = next((e.token for e in entries[at:] if e.token), None)
        place, _, _ = self._place((), before, behind, Format().looks)
        said = "".join(map(remark, thread))
        self.marks.append(((Sign(place, _CLOSE, said),), said, ("comment",) * len(thread)))


def _is_seen(wrap: Wrap) -> bool:
    """Tell whether words in a wrap are set otherwise than those around it."""
    return within(Format(), wrap).looks != Format().looks


def _look(inserted: Sequence[Entry]) -> tuple[bool, ...]:
    """Tell how words that were put in are set, if all are set alike."""
    looks = {e.piece.format.looks for e in inserted if e.piece and e.piece.held is None}
    return looks.pop() if len(looks) == 1 else Format().looks


def _state_runs(entries: Sequence[Entry]) -> list[tuple[int, int, str]]:
    """Divide entries into what stayed and what was changed, next to each other or not."""
    runs = []
    at = 0
    for state, group in groupby(entries, lambda e: "kept" if e.state == "kept" else "changed"):
        count = sum(1 for _ in group)
        runs.append((at, at + count, state if state != "kept" else ""))
        at += count
    return runs


def _segments(entries: Sequence[Entry]) -> list[list[Entry]]:
    segments: list[list[Entry]] = [[]]
    for entry in entries:
        if entry.state == "divided":
            segments.append([])
        else:
            segments[-1].append(entry)
    return segments


def _paragraphs(group: Group) -> Iterator[Paragraph]:
    """Give the paragraphs that a group has become."""
    owner, pieces = group.first, []
    for item in group.items:
        if isinstance(item, Break):
            yield replace(owner, pieces=tuple(pieces))
            owner, pieces = item.of, []
        else:
            pieces.append(item)
    yield replace(owner, pieces=tuple(pieces))


_QUOTED = re.compile(r"(?:[ ]{0,3}>[ ]?)+")


def _place_for(text: str, behind: Para | None, following: Para) -> tuple[int, str]:
    """Give where new blocks go, and in what form.

    They go on a ``line`` of their own, ``behind`` the words of the block before where nothing
    follows it, or ``inside`` the quotation to which that belongs.
    """
    if behind is None:
        return text.rfind("\n", 0, following.leaf.start) + 1, "line"
    at = behind.leaf.end
    if behind.origin.kind == "yaml":
        at = text.index("\n---", behind.origin.end) + 4
    elif behind.leaf.role == "item" and text.startswith("\n", at) and text[at + 1 :].strip():
        return (at + 1, "line") if not text.startswith("\n\n", at) else (at, "behind")
    elif not text.startswith("\n\n", at) or not text[at:].strip():
        return at, "inside" if behind.leaf.role == "quotation" else "behind"
    while text.startswith("\n", at):
        at += 1
    return at, "line"


def _gap(para: Para) -> str:
    """Give what parts two paragraphs where ``para`` stands."""
    opening = para.leaf.opening
    if para.leaf.role == "item":
        return f"\n{opening}"
    if quoted := _QUOTED.match(opening):
        return f"\n{quoted[0].rstrip()}\n{quoted[0]}"
    return "\n\n"


def block(paragraph: Paragraph, words: str) -> str:
    """Write words as the block that a paragraph's style says."""
    role = paragraph.role
    match role.name:
        case "heading":
            return f"{'#' * min(max(role.level, 2), 5)} {words}"
        case "quotation":
            return f"> {escaped_opening(words)}"
        case "attribution":
            return f"> — {words}"
        case "item" if role.listed:
            sign = f"{role.listed.start}." if role.listed.start else "-"
            return f"{'    ' * (role.listed.level - 1)}{sign} {words}"
    return escaped_opening(words)


_JOINABLE = {"paragraph", "heading", "item", "quotation"}

_KINDS = {"heading": "heading", "quotation": "quotation", "item": "item", "paragraph": "paragraph"}


def _kind_of(leaf: Leaf) -> tuple[str, int] | None:
    if leaf.role == "item" and leaf.number < 0:
        return None
    name = _KINDS.get(leaf.role)
    return (name, min(leaf.level, 5) if leaf.role == "heading" else 0) if name else None


def _content_start(para: Para) -> int:
    """Give where a paragraph's words begin, behind what opens it."""
    from_wraps = [one.start for one in para.leaf.content[:1]]
    return from_wraps[0] if from_wraps else para.leaf.start


def _content_end(para: Para) -> int:
    return para.leaf.content[-1].end if para.leaf.content else para.leaf.end


def with_signs(text: str, signs: Iterable[Sign]) -> str:
    """Put signs into a text."""
    out: list[str] = []
    last = 0
    for sign in sorted(signs, key=lambda sign: (sign.at, sign.order)):
        out += [text[last : sign.at], sign.text]
        last = sign.at + sign.length
    return "".join([*out, text[last:]])


def _thing_at(one: Outline, place: int) -> Token | None:
    paras = [*one.paras, *(para for paras in one.notes.values() for para in paras)]
    for para in paras:
        if para.origin.kind != "text":
            continue
        for token in _all_tokens(para):
            if token.start == place and token.thing is not None:
                return token
    return None


def _all_tokens(para: Para) -> Iterator[Token]:
    for token in para.tokens:
        yield token
        if token.thing is not None and token.thing.kind == "note":
            yield from in_place(token.thing, para.origin, "note").tokens


_SHOWN = 60


def _short(text: str) -> str:
    words = " ".join("".join(sign for sign in text if not "\ue100" <= sign <= "\ue1ff").split())
    return words if len(words) <= _SHOWN else f"{words[: _SHOWN - 1]}…"
