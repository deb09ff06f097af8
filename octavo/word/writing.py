"""Outlines → the text of a DOCX: paragraphs, tables, footnotes, fields, content controls.

What the manuscript has and Word has not stands in content controls, whose tag says what it is and
where it is written: ``octavo:citation:0:812:9f2c1a07``, with a check of its words at the end; what
is made by the book (numbers, labels) in controls with the tag ``octavo:made``.
"""

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from lxml import etree

from octavo.book import Image
from octavo.markdown.tree import Element
from octavo.word import languages
from octavo.word.ooxml import PIC, XML, A, R, new, root, w
from octavo.word.outline import (
    CITATION,
    IMAGE,
    NOTE,
    RULE,
    Format,
    Origin,
    Outline,
    Para,
    Token,
    in_place,
)
from octavo.word.shown import Cited, Label, Reference, Shown, Words

_EMU = 9525
"""English Metric Units in a CSS pixel (ECMA-376 part 1, 20.1.10.16; 914,400 to the inch)."""

_WIDEST = 600.0
_HIGHEST = 840.0
_PAPERS = {False: ("11906", "16838"), True: ("12240", "15840")}
_MARGIN = 1440
_TEXT_WIDTH = 9026
_LONGEST, _PADDING = 36, 5
"""How many characters of a cell count for its column's width, and how many stand for its edges."""

_MOST_NAME = 40
MOST_ALIAS = 64
"""How many characters Word lets a control's title have."""

MADE, RULED = "octavo:made", "octavo:rule"


@dataclass(frozen=True)
class Chapter:
    """What is written of a section: its outline, its number, what stands in its places.

    ``index`` is its place among the files that go with the document, ``number`` the one that
    stands before its title; ``places`` give line and column in a file of a place in what is sent.
    """

    outline: Outline
    index: int
    id: str
    number: str
    shown: Shown
    places: Mapping[str, Callable[[int], tuple[int, int]]]


@dataclass
class Written:
    """The parts that hold text, and what they refer to."""

    document: Element
    footnotes: Element
    pictures: list[Image] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    lists: list[tuple[int, int, int]] = field(default_factory=list)


def check_of(text: str) -> str:
    """Give a short check of the words of a control, by which a change of them is seen."""
    return hashlib.blake2s(" ".join(text.split()).encode(), digest_size=4).hexdigest()


def write(chapters: Sequence[Chapter], language: str, cites: str) -> Written:
    """Write chapters, each beginning on a page of its own."""
    writer = _Writer(language, cites, chapters)
    for number, chapter in enumerate(chapters, start=1):
        writer.chapter(chapter, is_last=number == len(chapters))
    return writer.made


class _Writer:
    """Writes one document; its counters make ids that are unique in it."""

    def __init__(self, language: str, cites: str, chapters: Sequence[Chapter]) -> None:
        self.language, self.cites = language, cites
        self.made = Written(root("document"), root("footnotes"))
        self.body = etree.SubElement(self.made.document, w("body"))
        self.bookmarks: dict[tuple[str, str], str] = {}
        self.here = self._targets(chapters)
        self.bookmark_count = self.control_count = self.picture_count = 0
        self.note_count = 0
        for kind, number in (("separator", "-1"), ("continuationSeparator", "0")):
            run = new("r", new(kind))
            paragraph = new("p", new("pPr", new("spacing", after="0", line="240")), run)
            self.made.footnotes.append(new("footnote", paragraph, type=kind, id=number))

    def _targets(self, chapters: Sequence[Chapter]) -> set[tuple[str, str]]:
        """Give the targets that stand in the document, each with what a field can take of it."""
        found: set[tuple[str, str]] = set()
        for chapter in chapters:
            for label in chapter.shown.labels.values():
                found |= {("number", label.id), ("title", label.id)}
            found |= {("title", chapter.id)}
            found |= {("number", chapter.id)} if chapter.number else set()
            found |= {("note", name) for name in chapter.shown.notes}
        return found

    def chapter(self, chapter: Chapter, *, is_last: bool) -> None:
        """Write a chapter's paragraphs and tables."""
        self.current = chapter
        self.list_number = (0, 0, 0)
        paras = chapter.outline.paras
        for is_cell, group in groupby(paras, _table_of):
            if is_cell is None:
                for para in group:
                    self.body.append(self._paragraph(para))
            else:
                self.body.append(self._table(list(group)))
                self.body.append(new("p", new("pPr", new("pStyle", val="TableText"))))
        section = self._section()
        if is_last:
            self.body.append(section)
        else:
            section.insert(2, new("type", val="nextPage"))
            self.body.append(new("p", new("pPr", section)))

    def _section(self) -> Element:
        width, height = _PAPERS[languages.takes_letter_paper(self.language)]
        footer = new("footerReference", type="default")
        footer.set(f"{{{R}}}id", "rIdFooter")
        margins = {side: str(_MARGIN) for side in ("top", "right", "bottom", "left")}
        notes = new("footnotePr", new("numFmt", val="decimal"), new("numStart", val="1"),
                    new("numRestart", val="eachSect"))  # fmt: skip
        return new(
            "sectPr",
            footer,
            notes,
            new("pgSz", w=width, h=height),
            new("pgMar", **margins, header="708", footer="708", gutter="0"),
        )

    # Paragraphs

    def _paragraph(self, para: Para, style: str = "") -> Element:
        leaf = para.leaf
        properties = new("pPr", new("pStyle", val=style or _style(para)))
        if leaf.role == "item":
            properties.append(self._numbering(para))
        if leaf.role == "cell" and leaf.number > 0:
            properties.append(new("jc", val="right"))
        content = list(self._opening(para))
        content += self._tokens(para.tokens, para.origin)
        title = {"heading": self._label(para), "title": self._title_label(para)}.get(leaf.role)
        if title is not None:
            content = self._bookmarked("title", title.id, content)
            content = [*self._label_runs(title, "\u2002"), *content]
        elif leaf.role == "caption" and (label := self._label(para)):
            content = [*self._label_runs(label, " "), *content]
        return new("p", properties, *content)

    def _opening(self, para: Para) -> Iterator[Element]:
        if para.leaf.role == "attribution":
            yield from self._control(MADE, "", [_run("— ", Format())])

    def _numbering(self, para: Para) -> Element:
        leaf = para.leaf
        level = leaf.level - 1
        if leaf.number < 0:
            return new("ind", left=str(425 * (level + 1)))
        start, last_level, identifier = self.list_number
        goes_on = identifier and last_level == level and leaf.number == (start + 1 if start else 0)
        if not goes_on:
            identifier = len(self.made.lists) + 1
            self.made.lists.append((identifier, level, leaf.number))
        self.list_number = (leaf.number, level, identifier)
        return new("numPr", new("ilvl", val=str(level)), new("numId", val=str(identifier)))

    def _label(self, para: Para) -> Label | None:
        line, _ = self._at(para.origin, para.leaf.start)
        return self.current.shown.labels.get((para.origin.path, line))

    def _title_label(self, para: Para) -> Label | None:
        chapter = self.current
        return Label(chapter.id, "", chapter.number, "") if para.leaf.role == "title" else None

    def _label_runs(self, label: Label, space: str) -> Iterator[Element]:
        """Give a label in a control, its number inside a bookmark."""
        if not label.number:
            return
        inner = [_run(label.words, Format())] if label.words else []
        inner += self._bookmarked("number", label.id, [_run(label.number, Format())])
        inner.append(_run(label.end + space, Format()))
        yield from self._control(MADE, "", inner)

    def _bookmarked(self, kind: str, target: str, content: list[Element]) -> list[Element]:
        number = str(self.bookmark_count)
        self.bookmark_count += 1
        start = new("bookmarkStart", id=number, name=self._name(kind, target))
        return [start, *content, new("bookmarkEnd", id=number)]

    def _name(self, kind: str, target: str) -> str:
        """Give the name of a bookmark: letters, digits, underlines, 40 at the most; hidden."""
        if (kind, target) not in self.bookmarks:
            name = f"_{kind}_" + re.sub(r"\W", "_", target)
            taken = set(self.bookmarks.values())
            if len(name) > _MOST_NAME or name in taken:
                name = f"{name[: _MOST_NAME - 9]}_{check_of(target)}"
            self.bookmarks[kind, target] = name
        return self.bookmarks[kind, target]

    def _table(self, cells: Sequence[Para]) -> Element:
        rows = [list(group) for _, group in groupby(cells, lambda cell: cell.leaf.row)]
        columns = max(len(row) for row in rows)
        widths = _widths(rows, columns)
        look = new("tblLook", val="0020", firstRow="1", lastRow="0", firstColumn="0",
                   lastColumn="0", noHBand="1", noVBand="1")  # fmt: skip
        table = new(
            "tbl",
            new("tblPr", new("tblStyle", val="BookTable"), new("tblW", w="5000", type="pct"),
                new("tblLayout", type="fixed"), look),
            new("tblGrid", *(new("gridCol", w=str(width)) for width in widths)),
        )  # fmt: skip
        for index, row in enumerate(rows):
            properties = new("trPr", new("cantSplit"))
            if not index:
                properties.append(new("tblHeader"))
            made = new("tr", properties)
            for cell, width in zip(row, widths, strict=False):
                style = "TableText" if index else "TableHead"
                size = new("tcPr", new("tcW", w=str(width), type="dxa"))
                made.append(new("tc", size, self._paragraph(cell, style)))
            table.append(made)
        return table

    # Words

    def _tokens(self, tokens: Sequence[Token], origin: Origin) -> list[Element]:
        out: list[Element] = []
        for (format_, is_text), group in groupby(
            tokens, lambda token: (token.format, token.thing is None and token.key >= " "
                                   and not "\ue100" <= token.key <= "\ue1ff")
        ):  # fmt: skip
            if is_text:
                run = _run("".join(token.key for token in group), format_)
                out.append(self._linked(run, format_) if format_.link else run)
            else:
                for token in group:
                    out += self._thing(token, origin)
        return out

    def _linked(self, run: Element, format_: Format) -> Element:
        if format_.link.startswith("#"):
            target = format_.link[1:]
            kind = next((k for k in ("title", "number", "note") if (k, target) in self.here), "")
            return new("hyperlink", run, anchor=self._name(kind, target)) if kind else run
        if format_.link not in self.made.links:
            self.made.links.append(format_.link)
        link = new("hyperlink", run)
        link.set(f"{{{R}}}id", f"rIdLink{self.made.links.index(format_.link) + 1}")
        return link

    def _thing(self, token: Token, origin: Origin) -> list[Element]:
        if token.key == RULE:
            return self._control(RULED, "", [_run("* * *", Format())])
        if token.key == IMAGE:
            return self._picture(token, origin)
        if token.thing is None or token.thing.kind == "break":
            return [new("r", new("br"))]
        if token.key == NOTE:
            return self._note(token, origin)
        if token.key == CITATION:
            return self._citation(token, origin)
        return self._reference(token, origin)

    def _place(self, token: Token, origin: Origin) -> tuple[str, int, int]:
        if origin.kind == "text":
            return (origin.path, *self._at(origin, token.start))
        line, column = self._at(origin, origin.start)
        return origin.path, line, column + self._text_at(origin) + token.start

    def _text_at(self, origin: Origin) -> int:
        """Give the width of the quotation mark that a value begins with in its file."""
        return int(origin.end - origin.start > len(origin.value))

    def _at(self, origin: Origin, offset: int) -> tuple[int, int]:
        """Give line and column of a place in a file."""
        return self.current.places[origin.path](offset)

    def _note(self, token: Token, origin: Origin) -> list[Element]:
        thing = token.thing
        assert thing, "a note is a thing"
        if thing.kind == "citation":
            cited = self.current.shown.citations.get(self._place(token, origin), _UNKNOWN)
            words = cited.note if cited.note is not None else cited.text
            inner = list(_runs(words or ((thing.text, Format()),)))
            control = self._control(self._tag(token, origin), thing.text, inner)
            return [self._footnote([("FootnoteText", control)])]
        if thing.kind == "note":
            paras: Sequence[Para] = (in_place(thing, origin, self.cites),)
        else:
            paras = self.current.outline.notes.get(thing.text, ())
        content = [("FootnoteText", self._tokens(para.tokens, para.origin)) for para in paras] or [
            ("FootnoteText", [])
        ]
        label = f"fn-{thing.text}" if thing.kind == "call" else ""
        reference = self._footnote(content)
        return self._bookmarked("note", label, [reference]) if label else [reference]

    def _footnote(self, paragraphs: Sequence[tuple[str, list[Element]]]) -> Element:
        self.note_count += 1
        number = str(self.note_count)
        made = new("footnote", id=number)
        for index, (style, content) in enumerate(paragraphs):
            paragraph = new("p", new("pPr", new("pStyle", val=style)))
            if not index:
                mark = new("rPr", new("rStyle", val="FootnoteReference"))
                paragraph.append(new("r", mark, new("footnoteRef")))
                paragraph.append(_run(" ", Format()))
            paragraph.extend(content)
            made.append(paragraph)
        self.made.footnotes.append(made)
        style_ = new("rPr", new("rStyle", val="FootnoteReference"))
        return new("r", style_, new("footnoteReference", id=number))

    def _citation(self, token: Token, origin: Origin) -> list[Element]:
        thing = token.thing
        assert thing, "a citation is a thing"
        cited = self.current.shown.citations.get(self._place(token, origin), _UNKNOWN)
        inner = list(_runs(cited.text or ((thing.text, Format()),)))
        if cited.note:
            inner.append(self._footnote([("FootnoteText", list(_runs(cited.note)))]))
        elif self.cites != "note" and thing.text.startswith("["):
            inner.insert(0, _run(" ", Format()))
        return self._control(self._tag(token, origin), thing.text, inner)

    def _reference(self, token: Token, origin: Origin) -> list[Element]:
        thing = token.thing
        assert thing, "a reference is a thing"
        made = self.current.shown.references.get(self._place(token, origin))
        found = made or Reference("", thing.text, f"[{thing.text}]", "", "")
        inner = [_run(found.before, Format())] if found.before else []
        if found.result and (found.kind, found.target) in self.here:
            code = "NOTEREF" if found.kind == "note" else "REF"
            name = self._name(found.kind, found.target)
            inner += _field(f" {code} {name} \\h ", found.result)
        elif found.result:
            inner.append(_run(found.result, Format()))
        inner += [_run(found.after, Format())] if found.after else []
        return self._control(self._tag(token, origin), f"#{thing.text}", inner)

    def _tag(self, token: Token, origin: Origin) -> str:
        assert token.thing, "only things have tags"
        place = token.start if origin.kind == "text" else -1
        return f"octavo:{token.thing.kind}:{self.current.index}:{place}"

    def _control(self, tag: str, alias: str, content: list[Element]) -> list[Element]:
        """Put what the book makes into a control, and that into a bookmark that says the same.

        Word's users see the control; programs that drop its tag (LibreOffice does) keep bookmarks.
        """
        self.control_count += 1
        if tag not in {MADE, RULED}:
            text = "".join(run.text or "" for run in _texts(content))
            tag = f"{tag}:{check_of(text)}"
        properties = new("sdtPr")
        if alias:
            properties.append(new("alias", val=alias[:MOST_ALIAS]))
        properties.append(new("tag", val=tag))
        properties.append(new("id", val=str(self.control_count)))
        properties.append(new("lock", val="contentLocked"))
        number = str(self.bookmark_count)
        self.bookmark_count += 1
        kind, *place = tag.split(":")[1:]
        letter = "u" if tag == RULED else kind[0]
        name = "_".join(["", f"octavo{letter}", *place, str(self.control_count)])
        name = name.replace("-", "")
        return [
            new("bookmarkStart", id=number, name=name),
            new("sdt", properties, new("sdtContent", *content)),
            new("bookmarkEnd", id=number),
        ]

    def _picture(self, token: Token, origin: Origin) -> list[Element]:
        line, _ = self._at(origin, token.start)
        image = self.current.shown.pictures.get((origin.path, line))
        if image is None:
            return self._control(MADE, "", [_run("[picture]", Format())])
        leaf = next(
            (p.leaf for p in self.current.outline.paras if p.leaf.start == token.start), None
        )
        alt = token.thing.attributes.get("alt", "") if token.thing else ""
        alt = leaf.attributes.get("alt", alt) if leaf else alt
        if image not in self.made.pictures:
            self.made.pictures.append(image)
        number = self.made.pictures.index(image) + 1
        self.picture_count += 1
        scale = min(1.0, _WIDEST / image.width, _HIGHEST / image.height)
        size = {
            "cx": str(round(image.width * scale * _EMU)),
            "cy": str(round(image.height * scale * _EMU)),
        }
        return [new("r", new("drawing", _inline(self.picture_count, number, alt, size)))]


_UNKNOWN = Cited((), None)


def _table_of(para: Para) -> tuple[str, int, int] | None:
    """Give what the cells of one table have in common, and no others."""
    if para.leaf.role != "cell":
        return None
    return para.origin.path, para.leaf.table, int(para.origin.kind == "csv")


_STYLES = {
    "title": "Heading1", "paragraph": "BodyText", "attribution": "QuoteSource",
    "picture": "Figure", "caption": "Caption", "code": "HTMLPreformatted", "rule": "Separator",
    "cell": "TableText",
}  # fmt: skip


def _style(para: Para) -> str:
    leaf = para.leaf
    match leaf.role:
        case "heading":
            return f"Heading{min(leaf.level, 5)}"
        case "quotation":
            return "Epigraph" if "epigraph" in leaf.attributes.get("class", "") else "Quote"
        case "item":
            return "ListContinue" if leaf.number < 0 else "ListParagraph"
        case "caption" if not leaf.target or "table" in leaf.attributes.get("class", "").split():
            return "TableCaption"
    return _STYLES[leaf.role]


def _widths(rows: Sequence[Sequence[Para]], columns: int) -> list[int]:
    """Divide the measure by what the columns hold."""
    most = [
        max(min(len(row[n].keys), _LONGEST) for row in rows if n < len(row)) + _PADDING
        for n in range(columns)
    ]
    return [_TEXT_WIDTH * count // sum(most) for count in most]


def _runs(words: Words) -> Iterator[Element]:
    for text, format_ in words:
        if text:
            yield _run(text, format_)


def _texts(content: Iterable[Element]) -> Iterator[Element]:
    for element in content:
        yield from element.iter(w("t"))


def _run(text: str, format_: Format) -> Element:
    properties = _properties(format_)
    run = new("r", *([properties] if len(properties) else []))
    for index, piece in enumerate(text.split("\t")):
        if index:
            run.append(new("tab"))
        if piece:
            made = new("t", text=piece)
            made.set(f"{{{XML}}}space", "preserve")
            run.append(made)
    return run


def _properties(format_: Format) -> Element:
    """Give a run's properties, in the order of the schema (CT_RPr)."""
    properties = new("rPr")
    east = bool(format_.language) and languages.is_east_asian(format_.language)
    if format_.link:
        properties.append(new("rStyle", val="Hyperlink"))
    elif format_.code:
        properties.append(new("rStyle", val="HTMLCode"))
    if east:
        properties.append(new("rFonts", hint="eastAsia"))
    for name, tag in (
        ("bold", "b"), ("italic", "i"), ("smallcaps", "smallCaps"), ("strike", "strike"),
    ):  # fmt: skip
        if getattr(format_, name):
            properties.append(new(tag))
    if format_.superscript or format_.subscript:
        align = "superscript" if format_.superscript else "subscript"
        properties.append(new("vertAlign", val=align))
    if format_.language:
        tag = languages.regional(format_.language)
        properties.append(new("lang", eastAsia=tag) if east else new("lang", val=tag))
    elif format_.code:
        properties.insert(len(properties), new("noProof"))
    return properties


def _field(code: str, result: str) -> list[Element]:
    instruction = new("instrText", text=code)
    instruction.set(f"{{{XML}}}space", "preserve")
    return [
        new("r", new("fldChar", fldCharType="begin")),
        new("r", instruction),
        new("r", new("fldChar", fldCharType="separate")),
        _run(result, Format()),
        new("r", new("fldChar", fldCharType="end")),
    ]


def _inline(number: int, picture: int, alt: str, size: dict[str, str]) -> Element:
    """Give a picture that stands in the text (ECMA-376 part 1, 20.4.2.8)."""
    wp = "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
    none = dict.fromkeys(("distT", "distB", "distL", "distR"), "0")
    inline = etree.Element(f"{{{wp}}}inline", none)
    etree.SubElement(inline, f"{{{wp}}}extent", size)
    names = {"id": str(number), "name": f"Picture {number}", "descr": alt}
    etree.SubElement(inline, f"{{{wp}}}docPr", names)
    frame = etree.SubElement(inline, f"{{{wp}}}cNvGraphicFramePr")
    etree.SubElement(frame, f"{{{A}}}graphicFrameLocks", {"noChangeAspect": "1"})
    graphic = etree.SubElement(inline, f"{{{A}}}graphic")
    data = etree.SubElement(graphic, f"{{{A}}}graphicData", {"uri": PIC})
    pic = etree.SubElement(data, f"{{{PIC}}}pic")
    about = etree.SubElement(pic, f"{{{PIC}}}nvPicPr")
    etree.SubElement(about, f"{{{PIC}}}cNvPr", names | {"name": f"image{picture}"})
    etree.SubElement(about, f"{{{PIC}}}cNvPicPr")
    fill = etree.SubElement(pic, f"{{{PIC}}}blipFill")
    etree.SubElement(fill, f"{{{A}}}blip", {f"{{{R}}}embed": f"rIdPicture{picture}"})
    etree.SubElement(etree.SubElement(fill, f"{{{A}}}stretch"), f"{{{A}}}fillRect")
    shape = etree.SubElement(pic, f"{{{PIC}}}spPr")
    transform = etree.SubElement(shape, f"{{{A}}}xfrm")
    etree.SubElement(transform, f"{{{A}}}off", {"x": "0", "y": "0"})
    etree.SubElement(transform, f"{{{A}}}ext", size)
    geometry = etree.SubElement(shape, f"{{{A}}}prstGeom", {"prst": "rect"})
    etree.SubElement(geometry, f"{{{A}}}avLst")
    return inline
