"""Figures, charts, and tables from data: an image syntax alone in its paragraph.

``![Caption](figures/map.svg){#fig-map alt="…"}`` is a figure; with a CSV file and ``.table`` it is
a table, whose first row heads the columns and whose cells are Markdown.  Columns of numbers are
grouped in thousands, lined up on the right, and printed as they stand when named in ``plain``.
With ``.bar``, ``.line``, ``.stacked`` or ``.timeline`` the file is shown as a chart (``charts``).
"""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from markdown.blockparser import BlockParser
from markdown.blockprocessors import BlockProcessor

from octavo.charts.model import FORMS, Form
from octavo.markdown import charts, data
from octavo.markdown.charts import ChartSource
from octavo.markdown.data import Row
from octavo.markdown.drafts import Cell
from octavo.markdown.positions import MARK, OPTIONAL_MARK
from octavo.markdown.reading import Reading, closing, say_where, set_attributes
from octavo.numerals import group_digits
from octavo.problems import Span

_EVERYWHERE = ("id", "class", "lang", "data-line", "data-column", "data-path")
_OF_IMAGES = ("alt",)
_OF_TABLES = ("plain",)


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
        path = target["path"]
        span = self.reading.span(opening[1])
        figure = ElementTree.SubElement(parent, "figure")
        set_attributes(figure, self.reading.marks.remove(target["attributes"] or ""))
        say_where(figure, span, self.reading.path)
        classes = set((figure.get("class") or "").split())
        forms = [form for form in FORMS if form in classes]
        if forms:
            self._chart(figure, path, forms, classes, span)
        elif path.endswith(".csv"):
            self._table(figure, path, classes, span)
        else:
            self._image(figure, path, span)
        if caption.strip():
            text = ElementTree.Element("figcaption")
            text.text = caption.strip()
            picture = figure.find("img")
            figure.insert(0 if picture is None else 1, text)
        for name in set(figure.keys()) - {"class", "id", "lang", "data-line", "data-column"}:
            del figure.attrib[name]

    def _check_attributes(
        self, figure: ElementTree.Element, own: Sequence[str], span: Span
    ) -> None:
        for name in sorted(set(figure.keys()) - {*_EVERYWHERE, *own}):
            message = f'unknown attribute "{name}" of a figure'
            hint = f"known here: #id, {', '.join(own)}"
            self.reading.error("attribute-is-known", message, span, hint)

    def _image(self, figure: ElementTree.Element, path: str, span: Span) -> None:
        self._check_attributes(figure, _OF_IMAGES, span)
        alt = figure.get("alt", "")
        if not alt:
            hint = 'describe it for those who do not see it: {alt="…"}'
            self.reading.warn("figure-has-alternative-text", f"{path} has no alt text", span, hint)
        figure.set("class", "figure")
        ElementTree.SubElement(figure, "img", {"src": path, "alt": alt})

    def _chart(
        self,
        figure: ElementTree.Element,
        path: str,
        forms: Sequence[Form],
        classes: set[str],
        span: Span,
    ) -> None:
        own = (*_OF_IMAGES, *charts.OPTIONS[forms[0]])
        self._check_attributes(figure, own, span)
        beside = {charts.PANELS} if forms[0] == "bar" else set()
        for name in sorted(classes - {forms[0], *beside}):
            message = f"a chart cannot be .{name} besides .{forms[0]}"
            hint = f"one of .{', .'.join(FORMS)}; .panels may stand beside .bar"
            self.reading.error("chart-option-is-known", message, span, hint)
        alt = figure.get("alt", "")
        if not alt.strip():
            hint = 'say what it shows, in a sentence, for those who do not see it: {alt="…"}'
            self.reading.error("figure-has-alternative-text", f"{path} has no alt text", span, hint)
        options = {name: value for name, value in figure.attrib.items() if name in own}
        figure.set("class", "figure")
        rows = data.settled_rows(self.reading, path, span)
        if not rows:
            return
        source = ChartSource(forms[0], path, options, charts.PANELS in classes, rows, span)
        draft = charts.draft(self.reading, source)
        if draft is None:
            return
        number = str(len(self.reading.charts))
        self.reading.charts.append(draft)
        ElementTree.SubElement(figure, "img", {"class": "chart", "data-chart": number, "alt": alt})
        table = ElementTree.SubElement(figure, "table", {"class": "data noindex"})
        self._fill(table, draft.table)

    def _table(self, figure: ElementTree.Element, path: str, classes: set[str], span: Span) -> None:
        self._check_attributes(figure, _OF_TABLES, span)
        if "table" not in classes:
            hint = f"write {{.table}} behind it, or the form of a chart: .{', .'.join(FORMS)}"
            message = f"{path} is data, and nothing says how to show it"
            self.reading.error("data-has-form", message, span, hint)
        plain = {name.strip() for name in figure.get("plain", "").split(",")} - {""}
        figure.set("class", "table")
        read = data.rows if self.reading.marks.are_shown else data.settled_rows
        rows = read(self.reading, path, span)
        if not rows:
            return
        for name in sorted(plain):
            data.check_column(self.reading, path, name, rows[0], span)
        self._fill(ElementTree.SubElement(figure, "table"), _cells(rows, plain))

    def _fill(self, table: ElementTree.Element, rows: Sequence[Sequence[Cell]]) -> None:
        head = ElementTree.SubElement(ElementTree.SubElement(table, "thead"), "tr")
        body = ElementTree.SubElement(table, "tbody")
        for index, row in enumerate(rows):
            tr = ElementTree.SubElement(body, "tr") if index else head
            for cell in row:
                element = ElementTree.SubElement(tr, "td" if index else "th")
                if cell.is_number:
                    element.set("class", "number")
                place = cell.span
                marked = self.reading.marks.put(cell.text, place.path, place.line, place.column)
                element.text = marked


def _cells(rows: Sequence[Row], plain: set[str]) -> list[list[Cell]]:
    heads = rows[0]
    numeric = [
        any(row[column].text for row in rows[1:])
        and all(data.is_number(row[column].text or "0") for row in rows[1:])
        for column in range(len(heads))
    ]
    return [
        [
            Cell(
                group_digits(cell.text)
                if index
                and numeric[column]
                and heads[column].text not in plain
                and "{" not in cell.text  # A proof shows marks, with the numbers as written.
                else cell.text,
                cell.span,
                numeric[column],
            )
            for column, cell in enumerate(row)
        ]
        for index, row in enumerate(rows)
    ]
