"""Words of Word's as Markdown, and its changes and comments as CriticMarkup."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, pairwise

from octavo.config import LANGUAGE
from octavo.word.outline import BREAK, IMAGE, NOTE, RULE, Format
from octavo.word.pieces import (
    Anchor,
    Change,
    Comment,
    Control,
    IndexEntry,
    NoteText,
    Paragraph,
    Picture,
    Piece,
)

_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)?)?")
_SPECIAL = re.compile(
    r"[\\*`\[\]]"
    r"|(?<!\w)_|_(?!\w)"
    r"|<(?=[A-Za-z/!?])"
    r"|&(?=#?\w+;)"
    r"|(?<![\w.@/])@(?=\w)"
    r"|\{(?=\+\+|--|~~|==|>>)"
)
_CLOSING = re.compile(r"(?<=\+\+|--|~~|==|<<)\}")
_PLAIN = {"zh-TW": "zh-Hant", "zh-HK": "zh-Hant", "zh-CN": "zh-Hans", "vi-VN": "vi", "fr-FR": "fr",
          "de-DE": "de", "es-ES": "es", "it-IT": "it", "ru-RU": "ru", "la-VA": "la"}  # fmt: skip
"""Languages of Word's, which always name a region, as a manuscript names them."""

_OPENING = re.compile(r"^(?:(?P<sign>[#>+|:-])|(?P<number>\d+)(?=\.\s))")
_SUPERSCRIPTS = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_SUBSCRIPTS = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


def addition(text: str) -> str:
    """Mark words as put in."""
    return f"{{++{text}++}}"


def deletion(text: str) -> str:
    """Mark words as taken out."""
    return f"{{--{text}--}}"


def remark(comment: Comment) -> str:
    """Give a comment, with who made it and when (``{>>@Anna 2026-11-25: …<<}``)."""
    text = " ".join(comment.text.split()).replace("<<}", "<< }").replace("`", "'")
    author = " ".join(comment.author.replace(":", " ").split()).lstrip("@")
    date = comment.date if _DATE.fullmatch(comment.date) else ""
    head = f"@{' '.join(filter(None, [author, date]))}: " if author else ""
    return f"{{>>{head}{text}<<}}"


def threads(comments: Mapping[str, Comment]) -> dict[str, tuple[Comment, ...]]:
    """Give each comment that answers none with its answers behind it."""
    found: dict[str, list[Comment]] = {}
    for identifier, comment in comments.items():
        first = identifier
        while comments[first].answers in comments and comments[first].answers != first:
            first = comments[first].answers
        found.setdefault(first, []).append(comment)
    return {first: tuple(all_) for first, all_ in found.items()}


def escaped(text: str) -> str:
    """Give plain words so that Markdown takes no sign in them for one of its own."""
    return _CLOSING.sub(r"\\}", _SPECIAL.sub(r"\\\g<0>", text))


def escaped_opening(text: str) -> str:
    """Escape what opens a paragraph and would make it another block."""
    found = _OPENING.match(text)
    if not found:
        return text
    if found["number"]:
        return f"{found['number']}\\{text[found.end() :]}"
    return f"\\{text}"


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


class Renderer:
    """Writes pieces of Word's as Markdown.

    ``source_of`` gives the source of a thing of the manuscript's, ``picture`` the Markdown of a
    picture; ``lost`` counts what has no syntax.
    """

    def __init__(
        self,
        source_of: Callable[[Control], str],
        picture: Callable[[Picture], str],
        lost: Counter[str],
        languages: Sequence[str] | None = None,
        comments: Mapping[str, tuple[Comment, ...]] | None = None,
    ) -> None:
        """Keep them; words in other languages than ``languages`` are marked, if these are given.

        With ``comments``, notes have their changes and comments marked.
        """
        self._source_of, self._picture = source_of, picture
        self.lost = lost
        self._usual = languages and {tag.split("-")[0].lower() for tag in languages}
        self._comments = comments

    def words(self, pieces: Sequence[Piece], around: Format = Format()) -> str:  # noqa: B008
        """Write pieces, whose changes are marked already, in words set as ``around``."""
        plain = [self._known(piece, around) for piece in pieces]
        return self._level(plain, 0)

    def _known(self, piece: Piece, around: Format) -> Piece:
        """Leave out of a piece's format what is set around it, or what has no syntax."""
        format_ = piece.format
        language = self._foreign(format_.language)
        if format_.strike:
            self.lost["words struck through"] += 1
        key = piece.key
        if format_.superscript or format_.subscript:
            made = key.translate(_SUPERSCRIPTS if format_.superscript else _SUBSCRIPTS)
            if made == key and key.strip():
                self.lost["superscript or subscript letter"] += 1
            key = made
        kept = replace(
            format_, strike=False, superscript=False, subscript=False, language=language,
            italic=format_.italic != around.italic, bold=format_.bold and not around.bold,
            smallcaps=format_.smallcaps and not around.smallcaps,
            code=format_.code and not around.code,
            link="" if format_.link == around.link else format_.link,
        )  # fmt: skip
        return replace(piece, key=key, format=kept)

    def _foreign(self, tag: str) -> str:
        """Give a language that is to be marked as another one, ``""`` for those that are not."""
        usual = self._usual is None or tag.split("-", maxsplit=1)[0].lower() in {*self._usual, ""}
        return "" if usual or not re.fullmatch(LANGUAGE, tag) else _PLAIN.get(tag, tag)

    _LEVELS = ("link", "language", "smallcaps", "bold", "italic", "code")

    def _level(self, pieces: Sequence[Piece], level: int) -> str:
        if level == len(self._LEVELS):
            return self._flat(pieces)
        name = self._LEVELS[level]
        out = []
        for value, group in groupby(pieces, lambda piece: _value(piece, name)):
            members = list(group)
            if name == "code" and value:
                out.append(_code("".join(piece.key for piece in members)))
                continue
            inner = self._level(members, level + 1)
            out.append(_wrapped(inner, name, value) if value else inner)
        return "".join(out)

    def _flat(self, pieces: Sequence[Piece]) -> str:
        out = []
        for is_text, group in groupby(pieces, lambda piece: not _is_thing(piece)):
            members = list(group)
            if is_text:
                text = "".join(piece.key for piece in members).replace("\t", " ")
                out.append(escaped(text.replace("\u00ad", "")))
            else:
                out += [self._thing(piece) for piece in members]
        return "".join(out)

    def _thing(self, piece: Piece) -> str:
        match piece.held:
            case NoteText():
                return self.note(piece.held)
            case Control():
                return self._source_of(piece.held)
            case Picture():
                return self._picture(piece.held)
            case IndexEntry():
                entry = piece.held
                sub = f' sub="{_attribute(entry.sub)}"' if entry.sub else ""
                return f'[]{{.index term="{_attribute(entry.term)}"{sub}}}'
        return "  \n" if piece.key == BREAK else ""

    def note(self, note: NoteText) -> str:
        """Write a note in place; one that is nothing but a citation of ours is that again."""
        pieces = [piece for one in note.paragraphs for piece in (*one.pieces, _SPACE)][:-1]
        kept = [piece for piece in pieces if _stays(piece)]
        only = [piece for piece in kept if piece.key.strip()]
        if len(only) == 1 and isinstance(only[0].held, Control):
            return self._source_of(only[0].held)
        if len(note.paragraphs) > 1:
            self.lost["note of several paragraphs (joined to one)"] += 1
        if self._comments is not None:
            said = [self.marked(one, self._comments).strip() for one in note.paragraphs]
            return f"^[{' '.join(filter(None, said))}]"
        return f"^[{self.words([piece for piece in kept if piece.key != NOTE]).strip()}]"

    def marked(self, paragraph: Paragraph, comments: Mapping[str, tuple[Comment, ...]]) -> str:
        """Write a whole paragraph with its changes and comments."""
        pieces = paragraph.pieces
        runs = change_runs([piece.change for piece in pieces])
        ranges, points = placed(paragraph.anchors, runs, comments.keys())
        said = {name: "".join(map(remark, thread)) for name, thread in comments.items()}
        opens = {start for start, _, _ in ranges}
        closes = {end: name for _, end, name in ranges}
        cuts = sorted({0, *opens, *closes, *(at for at, _ in points), *(a for a, _, _ in runs)})
        out = []
        for start, end in pairwise([*cuts, len(pieces)]):
            if start in closes:
                out.append("==}" + said[closes[start]])
            out += [said[name] for at, name in points if at == start]
            out += ["{=="] * (start in opens)
            out.append(self._changed(pieces[start:end]))
        if len(pieces) in closes:
            out.append("==}" + said[closes[len(pieces)]])
        out += [said[name] for at, name in points if at == len(pieces) and at not in cuts]
        return "".join(out)

    def _changed(self, pieces: Sequence[Piece]) -> str:
        text = self.words(pieces)
        kind = pieces[0].change.kind if pieces and pieces[0].change else ""
        if not text or kind == "undone":
            return ""
        return {"insertion": addition(text), "deletion": deletion(text)}.get(kind, text)


_SPACE = Piece(" ", Format())


def _stays(piece: Piece) -> bool:
    return piece.change is None or piece.change.kind == "insertion"


def change_runs(changes: Sequence[Change | None]) -> list[tuple[int, int, str]]:
    """Divide a paragraph where the kind of change changes: from, to, kind (``""`` for none)."""
    runs = []
    at = 0
    for kind, group in groupby(changes, lambda change: change.kind if change else ""):
        count = sum(1 for _ in group)
        runs.append((at, at + count, kind))
        at += count
    return runs


def placed(
    anchors: Iterable[Anchor], runs: Sequence[tuple[int, int, str]], known: Collection[str]
) -> tuple[list[tuple[int, int, str]], list[tuple[int, str]]]:
    """Give the words that comments are to highlight, and the places of those that cannot.

    A highlight may hold changes, and no change may hold one; nor can highlights overlap: a comment
    on words that another one has stands at their end.
    """
    ranges: list[tuple[int, int, str]] = []
    points: list[tuple[int, str]] = []
    for anchor in sorted(anchors, key=lambda one: (one.start, -one.end)):
        if anchor.comment not in known:
            continue
        start, end = anchor.start, anchor.end
        for first, last, kind in runs:
            if kind and first < start < last:
                start = first if start < end else last
            if kind and first < end < last:
                end = last
        if start < end and all(end <= a or b <= start for a, b, _ in ranges):
            ranges.append((start, end, anchor.comment))
        else:
            points.append((end, anchor.comment))
    return ranges, points


def _value(piece: Piece, name: str) -> str | bool:
    if _is_thing(piece) and piece.key not in {BREAK}:
        return "" if name in {"link", "language"} else False
    found: str | bool = getattr(piece.format, name)
    return found


def _is_thing(piece: Piece) -> bool:
    return piece.held is not None or piece.key in {BREAK, NOTE, IMAGE, RULE}


def _attribute(text: str) -> str:
    return text.replace("\\", "").replace('"', "”").replace("{", "(").replace("}", ")")


def _code(text: str) -> str:
    ticks = "`" * (max((len(run) for run in re.findall("`+", text)), default=0) + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{ticks}{pad}{text}{pad}{ticks}"


def _wrapped(text: str, name: str, value: str | bool) -> str:
    """Set the signs of a format around words, and not around the spaces beside them."""
    core = text.strip()
    if not core:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    made = {
        "bold": f"**{core}**",
        "italic": f"*{core}*",
        "smallcaps": f"[{core}]{{.smallcaps}}",
        "language": f"[{core}]{{lang={value}}}",
        "link": f"[{core}]({_address(str(value))})",
    }[name]
    return f"{before}{made}{after}"


def _address(link: str) -> str:
    """Give an address so that it ends where it ends."""
    return link.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
