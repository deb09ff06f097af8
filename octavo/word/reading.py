"""A DOCX → its paragraphs, with every change and comment where it stands.

Nothing is decided here of what becomes of them: text that was deleted is there as well as text
that was inserted, each piece with who did it and when.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from octavo.markdown.tree import Element
from octavo.word import comments, controls
from octavo.word.ooxml import WP, A, R, w
from octavo.word.outline import BREAK, IMAGE, NOTE, Format
from octavo.word.package import DocxError, Package
from octavo.word.pieces import (
    Anchor,
    Cell,
    Change,
    Document,
    Held,
    IndexEntry,
    NoteText,
    Paragraph,
    Picture,
    Piece,
)
from octavo.word.styles import Styles

_VML = "urn:schemas-microsoft-com:vml"
_MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
_CHANGES = {"ins": "insertion", "del": "deletion", "moveTo": "insertion", "moveFrom": "deletion"}
_EAST_ASIAN = (
    "[\u2e80-\u2fdf\u3005-\u30ff\u3100-\u318f\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff]"
)
_PRIVATE = range(0xF000, 0xF100)
"""Where the fonts of symbols have theirs (ECMA-376 part 1, 17.3.3.30)."""

_REPLACEMENT = 0xFFFD
_FIELD = re.compile(r"\s*(?P<name>[A-Z]+)\b(?P<rest>.*)", re.S)
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


def read(package: Package) -> Document:
    """Read the document.  Raises ``DocxError`` where it is none."""
    return _Reader(package).document()


@dataclass
class _Draft:
    """A paragraph that is being read."""

    pieces: list[Piece] = field(default_factory=list)
    starts: dict[str, int] = field(default_factory=dict)
    anchors: list[Anchor] = field(default_factory=list)
    bookmarks: dict[str, tuple[re.Match[str], int]] = field(default_factory=dict)


@dataclass
class _Field:
    code: str = ""
    shown: bool = False


@dataclass(frozen=True)
class _State:
    """What stands around a run."""

    change: Change | None = None
    link: str = ""


class _Reader:
    """Reads one document; its fields and comments may run over several paragraphs."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.name = package.document
        self.styles = Styles(package)
        self.lost: Counter[str] = Counter()
        self.tables = 0
        self.fields: list[_Field] = []
        self.open_comments: dict[str, bool] = {}
        self.placed: set[str] = set()
        self.notes = {kind: self._notes(kind) for kind in ("footnotes", "endnotes")}

    def document(self) -> Document:
        """Read the text, with all that is called in it."""
        tree = self.package.xml(self.name)
        body = tree.find(w("body"))
        if tree.tag != w("document") or body is None:
            raise DocxError("this is an archive, and no Word document", "save it as .docx in Word")
        found = comments.read(self.package, self.name)
        paragraphs = tuple(self._blocks(body, None, self.name))
        return Document(paragraphs, found, self.styles.language, dict(self.lost))

    def _notes(self, kind: str) -> tuple[str, Mapping[str, Element]]:
        part = self.package.related(self.name, kind)
        if part is None:
            return "", {}
        found = self.package.xml(part).iter(w(kind.removesuffix("s")))
        return part, {note.get(w("id")) or "": note for note in found}

    # Blocks

    def _blocks(self, parent: Element, cell: Cell | None, part: str) -> Iterator[Paragraph]:
        for element in parent:
            if element.tag == w("p"):
                yield from self._paragraph(element, cell, part)
            elif element.tag == w("tbl"):
                if cell is not None:
                    self.lost["table inside a table"] += 1
                yield from self._table(element, cell, part)
            elif element.tag in {w("sdt"), w("customXml"), w("sdtContent")}:
                yield from self._blocks(_content(element), cell, part)
            elif element.tag == w("altChunk"):
                self.lost["document embedded as a whole"] += 1
            elif element.tag in {w("ins"), w("del"), w("moveFrom"), w("moveTo")}:
                yield from self._blocks(element, cell, part)

    def _table(self, table: Element, around: Cell | None, part: str) -> Iterator[Paragraph]:
        number = self.tables
        self.tables += 1
        for row_number, row in enumerate(table.iter(w("tr"))):
            if _table_around(row) is not table:
                continue
            whole = _row_change(row)
            column = 0
            for tc in row.iter(w("tc")):
                if next(tc.iterancestors(w("tr"))) is not row:
                    continue
                properties = tc.find(w("tcPr"))
                span, merged = _spans(properties)
                cell = around or Cell(number, row_number, column, span, merged)
                if span > 1 or merged:
                    self.lost["merged cell of a table"] += 1
                for paragraph in self._blocks(tc, cell, part):
                    yield _changed(paragraph, whole) if whole else paragraph
                column += span

    def _paragraph(self, element: Element, cell: Cell | None, part: str) -> Iterator[Paragraph]:
        properties = element.find(w("pPr"))
        mark = None
        if properties is not None:
            marks = properties.find(w("rPr"))
            mark = _first_change(marks) if marks is not None else None
            if properties.find(w("pPrChange")) is not None:
                self.lost["tracked change of a paragraph's format"] += 1
        draft = _Draft(starts=dict.fromkeys(self.open_comments, 0))
        boxes: list[Element] = []
        self._inline(element, _State(), draft, part, boxes)
        for name in list(draft.starts):
            draft.anchors.append(Anchor(name, draft.starts[name], len(draft.pieces)))
        yield Paragraph(
            tuple(draft.pieces), self.styles.role(properties), mark, cell, tuple(draft.anchors)
        )
        for box in boxes:
            self.lost["text box (its text stands behind its paragraph)"] += 1
            yield from self._blocks(box, cell, part)

    # Words

    def _inline(
        self, parent: Element, state: _State, draft: _Draft, part: str, boxes: list[Element]
    ) -> None:
        for element in parent:
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            match name:
                case "r" if element.tag == w("r"):
                    self._run(element, state, draft, part, boxes)
                case "ins" | "del" | "moveFrom" | "moveTo" if element.tag == w(name):
                    inner = replace(state, change=_merged(state.change, _change(element)))
                    self._inline(element, inner, draft, part, boxes)
                case "hyperlink":
                    inner = replace(state, link=self._address(element, part))
                    self._inline(element, inner, draft, part, boxes)
                case "fldSimple":
                    self._simple_field(element, state, draft, part, boxes)
                case "sdt":
                    self._control(element, state, draft, part, boxes)
                case "bookmarkStart" | "bookmarkEnd" | "commentRangeStart" | "commentRangeEnd":
                    self._end_of_range(element, name, draft)
                case "oMath" | "oMathPara":
                    self.lost["formula (its signs are carried as text)"] += 1
                    text = "".join(one.text or "" for one in element.iter(f"{{{_MATH}}}t"))
                    self._add(text, Format(), state, draft)
                case "smartTag" | "customXml" | "dir" | "bdo" | "ruby" | "rubyBase":
                    self._inline(element, state, draft, part, boxes)
                case "AlternateContent":
                    self._inline(_choice(element), state, draft, part, boxes)

    def _end_of_range(self, element: Element, name: str, draft: _Draft) -> None:
        """Meet where a bookmark or a comment begins or ends."""
        identifier = element.get(w("id")) or ""
        match name:
            case "bookmarkStart":
                if marked := controls.BOOKMARK.fullmatch(element.get(w("name")) or ""):
                    draft.bookmarks[identifier] = (marked, len(draft.pieces))
            case "bookmarkEnd":
                if identifier in draft.bookmarks:
                    marked, start = draft.bookmarks.pop(identifier)
                    draft.pieces[start:] = controls.bookmarked(marked, draft.pieces[start:])
            case "commentRangeStart":
                self.open_comments[identifier] = True
                draft.starts[identifier] = len(draft.pieces)
            case _:
                self._end_comment(identifier, draft)

    def _end_comment(self, identifier: str, draft: _Draft) -> None:
        self.open_comments.pop(identifier, None)
        self.placed.add(identifier)
        if identifier in draft.starts:
            start = draft.starts.pop(identifier)
            draft.anchors.append(Anchor(identifier, start, len(draft.pieces)))

    def _address(self, element: Element, part: str) -> str:
        relation = self.package.relations(part).get(element.get(f"{{{R}}}id") or "")
        anchor = element.get(w("anchor")) or ""
        if relation is None or not relation.external:
            return ""
        return relation.target + (f"#{anchor}" if anchor else "")

    def _add(self, text: str, format_: Format, state: _State, draft: _Draft) -> None:
        if self._is_hidden():
            return
        link = state.link or self._field_link()
        made = replace(format_, link=link) if link else format_
        draft.pieces += [Piece(sign, made, state.change) for sign in text]

    def _text(
        self, text: str, format_: Format, properties: Element | None, state: _State, draft: _Draft
    ) -> None:
        for signs in re.split(f"({_EAST_ASIAN}+)", text):
            if signs and re.match(_EAST_ASIAN, signs):
                language = self.styles.east_asian_of(properties)
                self._add(signs, replace(format_, language=language), state, draft)
            else:
                self._add(signs, format_, state, draft)

    def _hold(self, key: str, held: Held | None, state: _State, draft: _Draft) -> None:
        if not self._is_hidden():
            draft.pieces.append(Piece(key, Format(), state.change, held))

    def _is_hidden(self) -> bool:
        """Tell whether this is a field's code, or the result of one that makes a list."""
        return any(not one.shown or _name(one.code) in _MADE_LISTS for one in self.fields)

    def _field_link(self) -> str:
        for one in reversed(self.fields):
            if _name(one.code) == "HYPERLINK" and "\\l" not in one.code.split('"')[0]:
                found = _QUOTED.search(one.code)
                return found[1] if found else ""
        return ""

    def _run(
        self, run: Element, state: _State, draft: _Draft, part: str, boxes: list[Element]
    ) -> None:
        properties = run.find(w("rPr"))
        format_ = self.styles.format(properties)
        if properties is not None and properties.find(w("rPrChange")) is not None:
            self.lost["tracked change of how words are set"] += 1
        if self.styles.hides(properties):
            self.lost["hidden text"] += 1
            return
        for element in run:
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            match name:
                case "t" | "delText":
                    self._text(element.text or "", format_, properties, state, draft)
                case "tab" | "ptab" | "noBreakHyphen":
                    sign = "\u2011" if name == "noBreakHyphen" else "\t"
                    self._add(sign, format_, state, draft)
                case "br" | "cr" if element.get(w("type")) not in {"page", "column"}:
                    self._hold(BREAK, None, state, draft)
                case "sym":
                    self._symbol(element, format_, state, draft)
                case "drawing" | "pict" | "object":
                    self._drawing(element, state, draft, part, boxes)
                case "AlternateContent":
                    self._drawing(_choice(element), state, draft, part, boxes)
                case "ruby":
                    self._inline(element, state, draft, part, boxes)
                case _:
                    self._call(element, name, state, draft)

    def _call(self, element: Element, name: str, state: _State, draft: _Draft) -> None:
        """Meet what stands in a run for something else: a note, a field, a comment."""
        match name:
            case "footnoteReference" | "endnoteReference":
                kind = f"{name.removesuffix('Reference')}s"
                self._note(element.get(w("id")) or "", kind, state, draft)
            case "fldChar":
                self._field_sign(element, state, draft)
            case "instrText" | "delInstrText" if self.fields:
                self.fields[-1].code += element.text or ""
            case "commentReference":
                self._point(element.get(w("id")) or "", draft)

    def _point(self, identifier: str, draft: _Draft) -> None:
        """Place a comment that has no range of words where it is called."""
        if identifier not in self.placed | self.open_comments.keys():
            self.placed.add(identifier)
            draft.anchors.append(Anchor(identifier, len(draft.pieces), len(draft.pieces)))

    def _symbol(self, element: Element, format_: Format, state: _State, draft: _Draft) -> None:
        code = element.get(w("char")) or ""
        value = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,5}", code) else 0
        if not value or value in _PRIVATE:
            self.lost[f"sign of the font {element.get(w('font')) or '?'}"] += 1
            value = _REPLACEMENT
        self._add(chr(value), format_, state, draft)

    def _note(self, identifier: str, kind: str, state: _State, draft: _Draft) -> None:
        part, notes = self.notes[kind]
        element = notes.get(identifier)
        if element is None:
            self.lost["call of a note that is not there"] += 1
            return
        fields, self.fields = self.fields, []
        paragraphs = list(self._blocks(element, None, part))
        self.fields = fields
        if paragraphs:
            paragraphs[0] = _without_lead(paragraphs[0])
        self._hold(NOTE, NoteText(tuple(paragraphs)), state, draft)

    def _drawing(
        self, element: Element, state: _State, draft: _Draft, part: str, boxes: list[Element]
    ) -> None:
        boxes += list(element.iter(w("txbxContent")))
        blips = [*element.iter(f"{{{A}}}blip"), *element.iter(f"{{{_VML}}}imagedata")]
        for blip in blips:
            identifier = blip.get(f"{{{R}}}embed") or blip.get(f"{{{R}}}id") or ""
            relation = self.package.relations(part).get(identifier)
            described = next(iter(element.iter(f"{{{WP}}}docPr")), None)
            alt = (described.get("descr") or "") if described is not None else ""
            inside = relation is not None and not relation.external
            target = relation.target if relation is not None and inside else ""
            if target not in self.package.parts:
                self.lost["picture that lies outside the document"] += 1
                target = ""
            self._hold(IMAGE, Picture(target, alt), state, draft)
        if not blips and not list(element.iter(w("txbxContent"))):
            self.lost["drawing, diagram or embedded object"] += 1

    # Fields and controls

    def _field_sign(self, element: Element, state: _State, draft: _Draft) -> None:
        match element.get(w("fldCharType")):
            case "begin":
                self.fields.append(_Field())
            case "separate" if self.fields:
                self.fields[-1].shown = True
                self._report_field(self.fields[-1].code)
            case "end" if self.fields:
                ended = self.fields.pop()
                if not ended.shown:
                    self._report_field(ended.code)
                    self._entry(ended.code, state, draft)

    def _entry(self, code: str, state: _State, draft: _Draft) -> None:
        if _name(code) == "XE" and (found := _QUOTED.search(code)):
            term, _, sub = found[1].replace("\\:", "\0").partition(":")
            entry = IndexEntry(term.replace("\0", ":").strip(), sub.replace("\0", ":").strip())
            self._hold("\ue106", entry, state, draft)

    def _report_field(self, code: str) -> None:
        name = _name(code)
        if "ZOTERO_ITEM" in code or "CSL_CITATION" in code:
            self.lost["citation of Zotero or Mendeley (its words are carried)"] += 1
        elif "ZOTERO_BIBL" in code or "CSL_BIBLIOGRAPHY" in code:
            self.lost["bibliography made by Zotero or Mendeley (its words are carried)"] += 1
        elif name in _MADE_LISTS:
            self.lost["list made by Word (contents, index, figures)"] += 1
        elif name not in _SILENT:
            self.lost[f"field {name or '?'} (its words are carried)"] += 1

    def _simple_field(
        self, element: Element, state: _State, draft: _Draft, part: str, boxes: list[Element]
    ) -> None:
        code = element.get(w("instr")) or ""
        self.fields.append(_Field(code, shown=True))
        self._report_field(code)
        self._inline(element, state, draft, part, boxes)
        self.fields.pop()

    def _control(
        self, element: Element, state: _State, draft: _Draft, part: str, boxes: list[Element]
    ) -> None:
        properties = element.find(w("sdtPr"))
        tag = properties.find(w("tag")) if properties is not None else None
        found = controls.TAG.fullmatch((tag.get(w("val")) or "") if tag is not None else "")
        content = _content(element)
        if not found:
            is_prompt = properties is not None and properties.find(w("showingPlcHdr")) is not None
            if not is_prompt:
                self._inline(content, state, draft, part, boxes)
            return
        inner = _Draft()
        lost = self.lost.copy()
        fields, self.fields = self.fields, []
        self._inline(content, state, inner, part, boxes)
        self.fields, self.lost = fields, lost
        if self._is_hidden() or not inner.pieces:
            return
        alias = properties.find(w("alias"))
        shown = (alias.get(w("val")) or "") if alias is not None else ""
        draft.pieces += controls.controlled(found, shown, inner.pieces)


_MADE_LISTS = {"TOC", "INDEX", "TOA"}
_SILENT = {"HYPERLINK", "XE", "SEQ", "PAGE", "NUMPAGES", "TC", "REF", "PAGEREF", "NOTEREF"}


def _name(code: str) -> str:
    found = _FIELD.match(code)
    return found["name"] if found else ""


def _content(element: Element) -> Element:
    found = element.find(w("sdtContent"))
    return element if found is None else found


def _choice(element: Element) -> Element:
    """Give what of an ``mc:AlternateContent`` holds a picture, or its first choice."""
    branches = list(element)
    for branch in branches:
        if next(iter(branch.iter(f"{{{A}}}blip", f"{{{_VML}}}imagedata")), None) is not None:
            return branch
    return branches[0] if branches else element


def _change(element: Element) -> Change:
    name = etree.QName(element).localname
    return Change(
        _CHANGES[name],
        element.get(w("author")) or "",
        element.get(w("date")) or "",
        name.startswith("move"),
    )


def _merged(outer: Change | None, inner: Change) -> Change | None:
    """Give what two changes come to: what one put in and another took out never was."""
    if outer is None or outer.kind == inner.kind:
        return inner
    return Change("undone", inner.author, inner.date)


def _first_change(properties: Element) -> Change | None:
    found = [_change(one) for one in properties if one.tag in {w(name) for name in _CHANGES}]
    if {one.kind for one in found} == {"insertion", "deletion"}:
        return Change("undone", found[0].author, found[0].date)
    return found[0] if found else None


def _row_change(row: Element) -> Change | None:
    properties = row.find(w("trPr"))
    return _first_change(properties) if properties is not None else None


def _changed(paragraph: Paragraph, change: Change) -> Paragraph:
    pieces = tuple(replace(piece, change=piece.change or change) for piece in paragraph.pieces)
    return replace(paragraph, pieces=pieces, mark=change)


def _table_around(row: Element) -> Element:
    return next(row.iterancestors(w("tbl")))


def _spans(properties: Element | None) -> tuple[int, bool]:
    if properties is None:
        return 1, False
    span = properties.find(w("gridSpan"))
    merge = properties.find(w("vMerge"))
    count = (span.get(w("val")) or "1") if span is not None else "1"
    goes_on = merge is not None and (merge.get(w("val")) or "continue") == "continue"
    return min(int(count), 100) if count.isdecimal() else 1, goes_on


def _without_lead(paragraph: Paragraph) -> Paragraph:
    """Take the space out that Word sets between a note's number and its text."""
    count = 0
    for piece in paragraph.pieces:
        if piece.key not in " \t\u00a0":
            break
        count += 1
    anchors = tuple(
        Anchor(one.comment, max(one.start - count, 0), max(one.end - count, 0))
        for one in paragraph.anchors
    )
    return replace(paragraph, pieces=paragraph.pieces[count:], anchors=anchors)
