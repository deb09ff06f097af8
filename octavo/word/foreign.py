"""A DOCX that was never sent → a chapter: its text, its tables as CSV files, its pictures."""

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from PIL import Image

from octavo import pictures
from octavo.word import marking
from octavo.word.marking import Renderer, addition, deletion, escaped_opening
from octavo.word.outline import BREAK, NOTE
from octavo.word.package import Package
from octavo.word.pieces import Control, Document, Paragraph, Picture
from octavo.word.styles import Listed

_LABEL = re.compile(
    r"^(?:table|tab\.?|figure|fig\.?|tableau|tabelle|abbildung|abb\.?|bảng|hình|表|图|圖)"
    r"[\s\u00a0]*\d+(?:[.\-–]\d+)*[.:：]?[\s\u00a0]*",
    re.I,
)
_DEEPEST = 5
_INDENT = 4


@dataclass(frozen=True)
class Made:
    """A chapter's text, the other files that it needs, what could not be carried, a remark."""

    text: str
    files: Mapping[Path, bytes]
    lost: Mapping[str, int]
    remark: str


def chapter(package: Package, document: Document, name: str, language: str) -> Made:
    """Make a chapter called ``name`` of a document, for a book in ``language``."""
    return _Maker(package, document, name, language).made()


@dataclass(frozen=True)
class _Block:
    """A block of Markdown; ``kind`` joins those that make one list, one quotation, one code."""

    text: str
    kind: str = ""
    joint: str = "\n\n"


class _Maker:
    def __init__(self, package: Package, document: Document, name: str, language: str) -> None:
        self.package, self.document, self.name = package, document, name
        self.lost: Counter[str] = Counter(document.lost)
        self.files: dict[Path, bytes] = {}
        self.known: dict[str, str] = {}
        self.threads = marking.threads(document.comments)
        self.renderer = Renderer(
            self._source_of, lambda _: "", self.lost, (language, document.language), self.threads
        )
        self.numbers: dict[tuple[str, int], int] = {}
        self.level = 0
        self.tables = 0

    def made(self) -> Made:
        paragraphs = [one for one in self.document.paragraphs if one.pieces or one.cell]
        title, shift, rest = self._title(paragraphs)
        self.shift, self.above = shift, 1
        body = _joined(list(self._blocks(rest)))
        text = f"---\ntitle: {json.dumps(title, ensure_ascii=False)}\n---\n\n{body}\n"
        changes = {piece.change for one in self.document.paragraphs for piece in one.pieces}
        notes = sum(piece.key == NOTE for one in paragraphs for piece in one.pieces)
        counts = {
            "note": notes,
            "table": self.tables,
            "picture": len(self.files) - self.tables_in_files,
            "tracked change": len(changes - {None}),
            "comment": len(self.document.comments),
        }
        said = [f"{n} {what}{'s' * (n > 1)}" for what, n in counts.items() if n]
        return Made(text, self.files, dict(self.lost), ", ".join(said))

    @property
    def tables_in_files(self) -> int:
        """Give how many of the files are tables."""
        return sum(path.suffix == ".csv" for path in self.files)

    def _title(self, paragraphs: Sequence[Paragraph]) -> tuple[str, int, list[Paragraph]]:
        """Find the title: the paragraph that is one, or the only heading of the first level."""
        rest = list(paragraphs)
        first = [one for one in rest if one.role.name == "heading" and one.role.level == 1]
        for one in rest:
            if one.role.name == "title":
                rest.remove(one)
                return self._plain(one), 1, rest
        if len(first) == 1 and first[0] is next(o for o in rest if o.role.name == "heading"):
            rest.remove(first[0])
            return self._plain(first[0]), 0, rest
        return self.name.replace("-", " ").capitalize(), 1 if first else 0, rest

    def _plain(self, paragraph: Paragraph) -> str:
        kept = [p for p in paragraph.pieces if p.change is None or p.change.kind == "insertion"]
        return self.renderer.words(kept).strip()

    # Blocks

    def _blocks(self, paragraphs: Sequence[Paragraph]) -> Iterator[_Block]:
        at = 0
        while at < len(paragraphs):
            one = paragraphs[at]
            if one.cell is not None:
                end = at
                while end < len(paragraphs) and _table(paragraphs[end]) == one.cell.table:
                    end += 1
                caption = ""
                if (
                    end < len(paragraphs)
                    and paragraphs[end].role.name == "caption"
                    and not self.caption_before
                ):
                    caption = self._caption(paragraphs[end])
                    end += 1
                yield self._table(paragraphs[at:end], caption or self.caption_before)
                self.caption_before = ""
                at = end
                continue
            following = paragraphs[at + 1] if at + 1 < len(paragraphs) else None
            if one.role.name == "caption" and following is not None and following.cell:
                self.caption_before = self._caption(one)
                at += 1
                continue
            shown = [p.held for p in one.pieces if isinstance(p.held, Picture)]
            words = replace(
                one, pieces=tuple(p for p in one.pieces if not isinstance(p.held, Picture))
            )
            if any(piece.key.strip() for piece in words.pieces):
                yield self._block(words)
            caption = ""
            if shown and following is not None and following.role.name == "caption":
                caption = self._caption(following)
                at += 1
            for index, picture in enumerate(shown):
                yield from self._figure(picture, caption if index == len(shown) - 1 else "")
            at += 1

    caption_before = ""

    def _caption(self, paragraph: Paragraph) -> str:
        return _LABEL.sub("", self.renderer.marked(paragraph, self.threads).strip())

    def _block(self, paragraph: Paragraph) -> _Block:
        kinds = {piece.change.kind if piece.change else "" for piece in paragraph.pieces}
        mark = paragraph.mark.kind if paragraph.mark else ""
        if len(kinds) == 1 and (whole := kinds & {"insertion", "deletion"}):
            text = self.renderer.words(paragraph.pieces).strip()
            block = self._formed(paragraph, text)
            wrap = addition if "insertion" in whole else deletion
            return replace(block, text=wrap(block.text))
        text = self.renderer.marked(paragraph, self.threads).strip()
        block = self._formed(paragraph, text)
        if mark in {"insertion", "deletion"} and block.kind == "":
            wrap = addition if mark == "insertion" else deletion
            return replace(block, joint=wrap("\n\n"))
        return block

    def _formed(self, paragraph: Paragraph, text: str) -> _Block:
        role, level = paragraph.role, self.level
        if role.name == "item" and role.listed:
            return self._item(role.listed, text)
        self.level = level if role.name == "continued" else 0
        match role.name:
            case "heading":
                self.above = min(max(role.level + self.shift, 2), self.above + 1, _DEEPEST)
                self.numbers.clear()
                made = _Block(f"{'#' * self.above} {text}")
            case "quotation":
                made = _Block(f"> {escaped_opening(text)}", "quotation", "\n>\n")
            case "attribution":
                made = _Block(f"> — {text.removeprefix('— ')}", "quotation", "\n")
            case "code":
                signs = ("\n" if p.key == BREAK else p.key for p in paragraph.pieces)
                made = _Block("".join(signs), "code", "\n")
            case "continued" if level:
                depth = role.listed.level if role.listed else level
                made = _Block(f"{' ' * _INDENT * depth}{text}", "list")
            case _:
                made = _Block(escaped_opening(text))
        return made

    def _item(self, listed: Listed, text: str) -> _Block:
        place = (listed.list, listed.level)
        for other in [
            one for one in self.numbers if one[0] == listed.list and one[1] > listed.level
        ]:
            del self.numbers[other]
        self.numbers[place] = self.numbers.get(place, listed.start - 1) + 1
        self.level = listed.level
        sign = f"{self.numbers[place]}." if listed.start else "-"
        return _Block(f"{' ' * _INDENT * (listed.level - 1)}{sign} {text}", "item", "\n")

    # Tables and pictures

    def _table(self, paragraphs: Sequence[Paragraph], caption: str) -> _Block:
        self.tables += 1
        rows: list[list[str]] = []
        for _, row in groupby(paragraphs, lambda one: one.cell.row if one.cell else -1):
            cells: list[str] = []
            for cell, inside in groupby(row, lambda one: one.cell):
                words = [self._cell(one) for one in inside]
                cells.append(" ".join(filter(None, words)))
                cells += [""] * ((cell.span if cell else 1) - 1)
            rows.append(cells)
        width = max(map(len, rows))
        rows = [[*row, *[""] * (width - len(row))] for row in rows]
        is_marked = any(p.change for one in paragraphs for p in one.pieces) or any(
            one.anchors for one in paragraphs
        )
        if is_marked or len(rows) == 1:
            return _Block(_pipes(rows) + (f"\n\nTable: {caption}" if caption else ""))
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        path = Path("content") / "data" / f"{self.name}-{self.tables_in_files + 1}.csv"
        self.files[path] = out.getvalue().encode()
        return _Block(f"![{caption}](data/{path.name}){{.table}}")

    def _cell(self, paragraph: Paragraph) -> str:
        return self.renderer.marked(paragraph, self.threads).replace("  \n", " ").strip()

    def _figure(self, picture: Picture, caption: str) -> Iterator[_Block]:
        path = self._file(picture.part)
        if path is None:
            return
        alt = " ".join(picture.alt.replace('"', "”").split())
        attributes = f'{{alt="{alt.replace("{", "(").replace("}", ")")}"}}' if alt else ""
        yield _Block(f"![{caption}]({path}){attributes}")

    def _file(self, part: str) -> str | None:
        """Write a picture of the document, as a kind that the book can have; give its address."""
        if not part:
            return None
        if part in self.known:
            return self.known[part]
        made = _usable(part, self.package.parts[part])
        if made is None:
            kind = Path(part).suffix.lstrip(".").upper() or "unknown"
            self.lost[f"picture of a kind that cannot be printed ({kind})"] += 1
            return None
        suffix, data = made
        number = len(self.files) - self.tables_in_files + 1
        path = Path("content") / "figures" / f"{self.name}-{number}{suffix}"
        self.files[path] = data
        self.known[part] = f"figures/{path.name}"
        return self.known[part]

    def _source_of(self, control: Control) -> str:
        if control.kind == "reference" and control.alias.startswith("#"):
            return f"[]({control.alias})"
        return control.alias


_MOST_PIXELS = 100_000_000


def _usable(part: str, data: bytes) -> tuple[str, bytes] | None:
    suffix = Path(part).suffix.lower().replace(".jpg", ".jpeg")
    if suffix in {".png", ".jpeg", ".svg"}:
        try:
            pictures.picture(f"picture{suffix}", data)
        except (OSError, ValueError):
            return None
        return suffix, data
    try:
        with Image.open(io.BytesIO(data), formats=("GIF", "TIFF", "BMP", "WEBP")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                return None
            out = io.BytesIO()
            opened.convert("RGB").save(out, "PNG", optimize=True)
    except (OSError, ValueError, Image.DecompressionBombError):
        return None
    return ".png", out.getvalue()


def _table(paragraph: Paragraph) -> int:
    return paragraph.cell.table if paragraph.cell else -1


def _pipes(rows: Sequence[Sequence[str]]) -> str:
    lines = [f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |" for row in rows]
    lines.insert(1, f"|{'---|' * len(rows[0])}")
    return "\n".join(lines)


def _joined(blocks: Sequence[_Block]) -> str:
    out: list[str] = []
    for index, block in enumerate(blocks):
        before = blocks[index - 1] if index else None
        if before is not None:
            out.append(_joint(before, block))
        if block.kind == "code":
            opens = before is None or before.kind != "code"
            after = blocks[index + 1] if index + 1 < len(blocks) else None
            closes = after is None or after.kind != "code"
            out.append(("```\n" if opens else "") + block.text + ("\n```" if closes else ""))
        else:
            out.append(block.text)
    return "".join(out)


def _joint(before: _Block, block: _Block) -> str:
    """Give what parts two blocks: less where they make one quotation, one list, one code."""
    if before.kind and before.kind == block.kind:
        return block.joint
    if {before.kind, block.kind} == {"item", "list"}:
        return "\n\n"
    return before.joint if not before.kind else "\n\n"
