"""What was changed in Word → marks in the files that were sent.

A mark only adds signs to a file: at the places where words were taken out, put in or commented on.
Everything else stays as it is to the byte, whatever Word has made of it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from octavo.word import marking
from octavo.word.aligning import Aligned, Break, Entry, Group, align
from octavo.word.marking import Renderer, addition, block, placed, remark
from octavo.word.outline import (
    IMAGE,
    NOTE,
    Origin,
    Outline,
    Para,
    Sources,
    Token,
    in_place,
    outline,
)
from octavo.word.pieces import (
    Anchor,
    Control,
    Document,
    NoteText,
    Paragraph,
    Picture,
    Piece,
)
from octavo.word.placing import QUOTED, Placer, content_end, content_start, place_for, state_runs
from octavo.word.signs import BEFORE, BEHIND, CLOSE, Mark, Sign, short, with_signs
from octavo.word.source import Leaf
from octavo.word.writing import MOST_ALIAS


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
        sign = Sign(origin.start, BEFORE, origin.written(value), origin.end - origin.start)
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
        if control.alias.startswith(("[", "@")) and len(control.alias) < MOST_ALIAS:
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
        self._mark(para, (Sign(leaf.start, BEFORE, "{--"), Sign(leaf.end, BEHIND, "--}")),
                   f"paragraph deleted: {short(para.keys)}", "deletion")  # fmt: skip
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
                signs = (Sign(start, BEFORE, "{--"), Sign(end, BEHIND, "--}"))
                self._mark(paras[0], signs, f"note deleted: {short(paras[0].keys)}", "deletion")

    def _join(self, para: Para, following: Para | None) -> None:
        """Mark the end of a paragraph as taken out."""
        text = self.sources.texts[para.origin.path]
        end = content_end(para)
        fits = (
            following is not None
            and {para.leaf.role, following.leaf.role} <= _JOINABLE
            and para.origin.kind == following.origin.kind == "text"
            and para.origin.path == following.origin.path
        )
        start = content_start(following) if following is not None and fits else -1
        gap = text[end:start].strip() if start > end else "…"
        if following is None or (gap and gap != following.leaf.opening.strip()):
            self._cannot(para, "this paragraph was joined to the next one")
            return
        signs = (Sign(end, BEFORE, "{--"), Sign(start, BEHIND, "--}"))
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
            self._cannot(anchor, f"put into a table: {short(' '.join(blocks))}")
            return
        text = self.sources.texts[anchor.origin.path]
        behind = before if before and before.origin.path == anchor.origin.path else None
        at, form = place_for(text, behind, anchor)
        is_item = all(one.role.name == "item" for one in paragraphs)
        joint = "\n" if is_item and behind and behind.leaf.role == "item" else "\n\n"
        words = joint.join(blocks)
        if form == "line":
            made = f"{{++{words}{joint}++}}\n"
        elif form == "inside" and behind is not None:
            opening = QUOTED.match(behind.leaf.opening)
            lead = opening[0] if opening else ""
            inner = "\n\n".join(block.removeprefix("> ") for block in blocks)
            made = addition(
                "".join(f"\n{lead}{line}".rstrip() for line in ["", *inner.split("\n")])
            )
        else:
            made = addition(joint + words)
        comments = sum(made.count(remark(c)) for thread in self.threads.values() for c in thread)
        kinds = ("insertion", *["comment"] * comments)
        sign = Sign(at, BEHIND, made)
        self.marks.append(
            Mark(anchor.origin.path, (sign,), f"paragraph put in: {short(words)}", kinds)
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
        writer = Placer(para, self.renderer)
        runs = state_runs(entries)
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
        kept = [e.piece for e in entries if e.piece and e.state in {"kept", "inserted"}]
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
            self._mark(para, (Sign(token.end, CLOSE, words),), words, *["comment"] * len(said))
        others = [p for p in pieces if not isinstance(p.held, Control) and p.key.strip()]
        controls = [p.held for p in pieces if isinstance(p.held, Control)]
        if others or any(one.changed for one in controls) or len(controls) != 1:
            text = "".join(p.key if p.held is None else "…" for p in pieces)
            self._cannot(para, f"a citation's note was changed: {short(text)}")

    def _count_thing(self, piece: Piece) -> None:
        if piece.key == IMAGE and piece.held is None:
            self.lost["picture put in (import it on its own)"] += 1

    def _comments_alone(self, para: Para, anchors: Iterable[Anchor]) -> None:
        """Place comments on a paragraph that is taken out as a whole."""
        for anchor in anchors:
            thread = self.threads.get(anchor.comment, ())
            if thread:
                said, kinds = "".join(map(remark, thread)), ["comment"] * len(thread)
                self._mark(para, (Sign(para.leaf.end, CLOSE, said),), said, *kinds)

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
            self._cannot(para, f"words are set otherwise than they were: {short(changed)}")
        sent, come = _kind_of(para.leaf), group.last.role
        if sent and (come.name, come.level if come.name == "heading" else 0) != sent:
            self._cannot(para, f"this {sent[0]} was made a {come.name}: {short(para.keys)}")

    def _cannot(self, para: Para, message: str) -> None:
        at = para.leaf.start if para.origin.kind == "text" else para.origin.start
        self.uncarried.append(Uncarried(para.origin.path, at, message))

    def _mark(self, para: Para, signs: tuple[Sign, ...], words: str, *kinds: str) -> None:
        mark = Mark(para.origin.path, signs, words, kinds)
        if para.origin.kind == "text":
            self.marks.append(mark)
        else:
            self.values.setdefault(para.origin, []).append(mark)


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
    owner: Paragraph = group.first
    pieces: list[Piece] = []
    for item in group.items:
        if isinstance(item, Break):
            yield replace(owner, pieces=tuple(pieces))
            owner, pieces = item.of, []
        else:
            pieces.append(item)
    yield replace(owner, pieces=tuple(pieces))


_JOINABLE = {"paragraph", "heading", "item", "quotation"}

_KINDS = {"heading": "heading", "quotation": "quotation", "item": "item", "paragraph": "paragraph"}


def _kind_of(leaf: Leaf) -> tuple[str, int] | None:
    if leaf.role == "item" and leaf.number < 0:
        return None
    name = _KINDS.get(leaf.role)
    return (name, min(leaf.level, 5) if leaf.role == "heading" else 0) if name else None


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
