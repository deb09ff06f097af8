"""Figures and tables from data: an image syntax alone in its paragraph.

``![Caption](figures/map.svg){#fig-map alt="…"}`` is a figure; with a CSV file and ``.table`` it is
a table, whose first row heads the columns and whose cells are Markdown.  Columns of numbers are
grouped in thousands, lined up on the right, and printed as they stand when named in ``plain``.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor

from octavo.markdown.positions import MARK, OPTIONAL_MARK, RESERVED, described
from octavo.markdown.reading import Reading, closing, say_where, set_attributes
from octavo.problems import Span, reason

CHARTS = {"bar", "line", "stacked", "timeline"}
KNOWN = {"id", "class", "alt", "plain", "lang"}
_NUMBER = re.compile(r"^[+-]?\d+(\.\d+)?$")
_GROUPED_FROM = 4


class Figure(BlockProcessor):
    """An image or CSV file with its caption, alone in a paragraph."""

    OPENING = re.compile(rf"^{OPTIONAL_MARK}{MARK}!\[")
    TARGET = re.compile(r"\((?P<path>[^()\s]+)\)(?:\{(?P<attributes>[^{}]*)\})?\s*$", re.S)

    def __init__(self, parser: BlockParser, reading: Reading) -> None:
        """Keep the reading, for files, marks and problems."""
        super().__init__(parser)
        self.reading = reading

    def _parts(self, block: str) -> tuple[str, re.Match[str]] | None:
        opening = self.OPENING.match(block)
        if not opening:
            return None
        end = closing(block, opening.end())
        target = self.TARGET.match(block, end + 1) if end >= 0 else None
        return (block[opening.end() : end], target) if target else None

    def test(self, parent: ElementTree.Element, block: str) -> bool:
        """Take a block that is nothing but an image."""
        return self._parts(block) is not None

    def run(self, parent: ElementTree.Element, blocks: list[str]) -> None:
        """Build the figure or table; its texts are read as Markdown later."""
        block = blocks.pop(0)
        parts = self._parts(block)
        opening = self.OPENING.match(block)
        assert parts and opening, "run follows test"
        caption, target = parts
        span = self.reading.span(opening[1])
        figure = ElementTree.SubElement(parent, "figure")
        set_attributes(figure, self.reading.marks.remove(target["attributes"] or ""))
        say_where(figure, span, self.reading.path)
        classes = set((figure.get("class") or "").split())
        data = bool(classes & CHARTS) or target["path"].endswith(".csv")
        if data and caption.strip():
            ElementTree.SubElement(figure, "figcaption").text = caption.strip()
        unknown = sorted(set(figure.keys()) - KNOWN - {"data-line", "data-column", "data-path"})
        if data:
            unknown = [name for name in unknown if name not in {"x", "y"}]
            self._table(figure, target["path"], classes, span)
        else:
            self._image(figure, target["path"], span)
        for name in unknown:
            message = f'unknown attribute "{name}" of a figure'
            self.reading.error("attribute-is-known", message, span, "known here: #id, alt, plain")
        for name in set(figure.keys()) - {"class", "id", "lang", "data-line", "data-column"}:
            del figure.attrib[name]
        if not data and caption.strip():
            ElementTree.SubElement(figure, "figcaption").text = caption.strip()

    def _image(self, figure: ElementTree.Element, path: str, span: Span) -> None:
        alt = figure.get("alt", "")
        if not alt:
            hint = 'describe it for those who do not see it: {alt="…"}'
            self.reading.warn("figure-has-alternative-text", f"{path} has no alt text", span, hint)
        figure.set("class", "figure")
        ElementTree.SubElement(figure, "img", {"src": path, "alt": alt})

    def _table(self, figure: ElementTree.Element, path: str, classes: set[str], span: Span) -> None:
        if chart := sorted(classes & CHARTS):
            message = f"charts (.{chart[0]}) are not supported yet; the data is printed as a table"
            self.reading.warn("syntax-is-supported", message, span)
        elif "table" not in classes:
            hint = "write {.table} behind it"
            message = f"{path} is data, and nothing says how to show it"
            self.reading.error("data-has-form", message, span, hint)
        plain = {name.strip() for name in figure.get("plain", "").split(",")}
        figure.set("class", "table")
        rows = self._rows(path, span)
        if not rows:
            return
        unknown = sorted(plain - {""} - set(rows[0][1]))
        for name in unknown:
            hint = f"the columns are: {', '.join(rows[0][1])}"
            message = f'{path} has no column "{name}"'
            self.reading.error("column-exists", message, span, hint)
        self._fill(ElementTree.SubElement(figure, "table"), path, rows, plain)

    def _rows(self, path: str, span: Span) -> list[tuple[int, list[str]]]:
        try:
            text = self.reading.read_file(path).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = error.object.count(b"\n", 0, error.start) + 1
            place = Span(Path("content") / path, line)
            hint = "save the file as UTF-8: in a spreadsheet, as CSV UTF-8"
            self.reading.error("file-is-utf-8", "this is not UTF-8 text", place, hint)
            return []
        except OSError as error:
            message = f"{path} cannot be read: {reason(error)}"
            self.reading.error("data-file-is-readable", message, span)
            return []
        for number, line_text in enumerate(text.split("\n"), start=1):
            for found in RESERVED.finditer(line_text.rstrip("\r")):
                place = Span(Path("content") / path, number, found.start() + 1)
                message = f"{described(found[0])} cannot be printed"
                self.reading.error("character-is-printable", message, place)
        rows: list[tuple[int, list[str]]] = []
        try:
            for row in _numbered(RESERVED.sub("\ufffd", text)):
                rows.append(row)
        except csv.Error:
            last = rows[-1][0] + 1 if rows else 1
            place = Span(Path("content") / path, last)
            message = "this row cannot be read: a quotation mark is never closed, or stands alone"
            hint = 'a cell with a quotation mark in it is written "so ""quoted"" here"'
            self.reading.error("data-file-is-csv", message, place, hint)
            return []
        if len(rows) < 2:  # noqa: PLR2004 - a head and at least one row
            message = f"{path} has no rows below its column heads"
            self.reading.error("table-has-rows", message, span)
            return []
        home, width = Path("content") / path, len(rows[0][1])
        for line, cells in rows[1:]:
            if len(cells) != width:
                few = "few" if len(cells) < width else "many"
                hint = (
                    "a cell with a comma in it stands in quotation marks" if few == "many" else ""
                )
                message = f"this row has too {few} cells: {len(cells)}, and the head has {width}"
                self.reading.error("row-fills-columns", message, Span(home, line), hint)
        return [(line, cells) for line, cells in rows if len(cells) == width]

    def _fill(
        self,
        table: ElementTree.Element,
        path: str,
        rows: list[tuple[int, list[str]]],
        plain: set[str],
    ) -> None:
        heads = rows[0][1]
        numeric = [
            any(row[column].strip() for _, row in rows[1:])
            and all(_NUMBER.match(row[column].strip() or "0") for _, row in rows[1:])
            for column in range(len(heads))
        ]
        home = Path("content") / path
        head = ElementTree.SubElement(ElementTree.SubElement(table, "thead"), "tr")
        body = ElementTree.SubElement(table, "tbody")
        for index, (line, row) in enumerate(rows):
            tr = ElementTree.SubElement(body, "tr") if index else head
            for column, value in enumerate(row):
                grouped = index and numeric[column] and heads[column] not in plain
                text = group_digits(value.strip()) if grouped else value.strip()
                cell = ElementTree.SubElement(tr, "td" if index else "th")
                if numeric[column]:
                    cell.set("class", "number")
                cell.text = self.reading.marks.put(text, home, line)


def _numbered(text: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text), strict=True)
    last = 0
    for row in reader:
        if row:
            yield last + 1, row
        last = reader.line_num


def group_digits(number: str) -> str:
    """Group a number's digits in threes from four digits up (Chicago 18, ch. 9); keep ``""``."""
    if not number:
        return ""
    whole, point, fraction = number.partition(".")
    sign, digits = (whole[0], whole[1:]) if whole[0] in "+-" else ("", whole)
    if len(digits) >= _GROUPED_FROM:
        digits = f"{int(digits):,}"
    return f"{sign.replace('-', '−')}{digits}{point}{fraction}"
