"""Pipe tables, with a word when a row has not as many cells as the head."""

import re
from collections.abc import Sequence
from xml.etree import ElementTree

from markdown.blockparser import BlockParser
from markdown.extensions.tables import TableProcessor

from octavo.markdown.reading import Reading

CAPTION = re.compile(
    r"^(?:Table)?:[ \t]+(?P<text>.*?)[ \t]*(?:\{(?P<attributes>[^{}\n]*)\})?\s*$", re.S
)
"""A caption in a paragraph of its own before or behind the table (pandoc's ``table_captions``)."""


class PipeTable(TableProcessor):
    """Python-Markdown's pipe table, which of itself fills or cuts a row without a word."""

    def __init__(self, parser: BlockParser, reading: Reading) -> None:
        """Keep the reading for marks and problems."""
        super().__init__(parser, {"use_align_attribute": True})
        self.reading = reading

    def _build_row(
        self, row: str, parent: ElementTree.Element, align: Sequence[str | None]
    ) -> None:
        count = len(self._split_row(row))  # type: ignore[attr-defined]
        if count != len(align):
            span = self.reading.marks.first(row) or self.reading.span(None)
            few = "few" if count < len(align) else "many"
            message = f"this row has too {few} cells: {count}, and the head has {len(align)}"
            self.reading.error("row-fills-columns", message, span)
        super()._build_row(row, parent, align)  # type: ignore[misc]
