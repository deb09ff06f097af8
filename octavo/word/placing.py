"""Where the signs of a paragraph's marks go, around what Word does not show."""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from octavo.word.aligning import Entry
from octavo.word.marking import Renderer, addition, remark
from octavo.word.outline import Format, Para, Token, within
from octavo.word.pieces import Comment
from octavo.word.signs import BEFORE, BEHIND, CLOSE, OPEN, Sign, short
from octavo.word.source import Wrap


class Placer:
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
        text, at, order = "", 0, BEHIND
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
            signs = (Sign(low, BEFORE, "{~~"), Sign(high, BEHIND, f"~>{text}~~}}"))
            self.marks.append((signs, f"{short(old)} → {short(text)}", ("substitution",)))
            return
        for low, high in units:
            signs = (Sign(low, BEFORE, "{--"), Sign(high, BEHIND, "--}"))
            self.marks.append((signs, f"deleted: {short(old)}", ("deletion",)))
        if text:
            signs_ = (Sign(at, order, addition(text)),)
            self.marks.append((signs_, f"put in: {short(text)}", ("insertion",)))

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
                stays = look is not None and (look == token.format.looks or not _is_seen(wrap))
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
            at = content_start(self.para) if self.para.tokens == () else self.para.tokens[0].start
            return at, BEHIND, Format()
        fitting = [one for one in places if one[3].looks == look] or places
        depth = fitting[0][2] if units else min(one[2] for one in fitting)
        at, order, _, around = next(one for one in fitting if one[2] == depth)
        return at, order, around

    def _outward(self, token: Token, least: int) -> Iterator[tuple[int, int, int, Format]]:
        """Give the places behind a token, from inside its wraps outward."""
        index = self.index[id(token)]
        if token.end >= least:
            yield token.end, BEHIND, len(token.wraps), token.format
        for depth in reversed(range(len(token.wraps))):
            wrap = token.wraps[depth]
            if self.members[id(wrap)][-1] != index:
                return
            if wrap.end >= least:
                yield wrap.end, BEHIND, depth, self._format_around(token, depth)

    def _inward(self, token: Token) -> Iterator[tuple[int, int, int, Format]]:
        index = self.index[id(token)]
        yield token.start, OPEN, len(token.wraps), token.format
        for depth in reversed(range(len(token.wraps))):
            wrap = token.wraps[depth]
            if self.members[id(wrap)][0] != index:
                return
            yield wrap.start, OPEN, depth, self._format_around(token, depth)

    def _format_around(self, token: Token, depth: int) -> Format:
        made = Format()
        for wrap in token.wraps[:depth]:
            made = within(made, wrap)
        return made

    def _text(self, inserted: Sequence[Entry], around: Format) -> str:
        out = []
        for is_break, group in groupby(inserted, lambda entry: entry.state == "divided"):
            if is_break:
                out += [gap(self.para) for _ in group]
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
        signs = (Sign(low, OPEN, "{=="), Sign(high, CLOSE, f"==}}{said}"))
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
        self.marks.append(((Sign(place, CLOSE, said),), said, ("comment",) * len(thread)))


def _is_seen(wrap: Wrap) -> bool:
    """Tell whether words in a wrap are set otherwise than those around it."""
    return within(Format(), wrap).looks != Format().looks


def _look(inserted: Sequence[Entry]) -> tuple[bool, ...]:
    """Tell how words that were put in are set, if all are set alike."""
    looks = {e.piece.format.looks for e in inserted if e.piece and e.piece.held is None}
    return looks.pop() if len(looks) == 1 else Format().looks


def state_runs(entries: Sequence[Entry]) -> list[tuple[int, int, str]]:
    """Divide entries into what stayed and what was changed, next to each other or not."""
    runs = []
    at = 0
    for state, group in groupby(entries, lambda e: "kept" if e.state == "kept" else "changed"):
        count = sum(1 for _ in group)
        runs.append((at, at + count, state if state != "kept" else ""))
        at += count
    return runs


QUOTED = re.compile(r"(?:[ ]{0,3}>[ ]?)+")


def place_for(text: str, behind: Para | None, following: Para) -> tuple[int, str]:
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


def gap(para: Para) -> str:
    """Give what parts two paragraphs where ``para`` stands."""
    opening = para.leaf.opening
    if para.leaf.role == "item":
        return f"\n{opening}"
    if quoted := QUOTED.match(opening):
        return f"\n{quoted[0].rstrip()}\n{quoted[0]}"
    return "\n\n"


def content_start(para: Para) -> int:
    """Give where a paragraph's words begin, behind what opens it."""
    from_wraps = [one.start for one in para.leaf.content[:1]]
    return from_wraps[0] if from_wraps else para.leaf.start


def content_end(para: Para) -> int:
    """Give where a paragraph's words end."""
    return para.leaf.content[-1].end if para.leaf.content else para.leaf.end
