"""What Markdown is turned into: one section's tree, with the tables that stand beside it.

The tree is lxml's, HTML elements with this vocabulary on top.  Every block bears the line of its
source, ``data-line``, and ``data-path`` where that is another file (a table's CSV); ``numbering``
numbers the blocks of the body in order, ``data-block="b1"`` ….

==============================================  ==================================================
``<span class="citation" data-citation="N">``   a citation; entry N of ``Section.citations``;
                                                in a style that cites in notes it is the call of
                                                a note, unless ``data-in-text`` is set
``<a class="note-call" data-note="N">``         the call of a written note, entry N of ``notes``
``<a class="cross-reference" href="#id">``      a cross reference; ``data-form`` is ``number``,
                                                ``page``, ``title`` or, with text of its own,
                                                ``text``; ``data-capital`` at a sentence's start;
                                                ``data-to``, ``#id``, is the last thing of a range
``<figure class="table" id="tbl-…">``           a table with its ``<figcaption>`` and ``<table>``
``<figure class="figure" id="fig-…">``          an image, ``<img>``, with its ``<figcaption>``
``<img class="chart" data-chart="N">``          in a figure: a chart's picture, entry N of
                                                ``Section.charts``, with the chart's data behind
                                                it, a ``<table class="data noindex">`` without
                                                notes and citations, which paper leaves out
``<figure class="quotation">``                  a block quotation with the line that names its
                                                source, as ``<figcaption>``; ``epigraph`` beside
                                                it for an epigraph
``<span data-value="ID">``                      a value that stands in other places too, with
                                                its line and column
``<abbr title="…">``                            an abbreviation, and ``<ul
                                                class="abbreviations">`` their list, put in by
                                                that room
``<span class="spelled-out">``                  what an abbreviation stands for, put in by that
                                                room at its first use
``<p class="event" data-date="1950-01-18">``    an entry of the chronology, put in by that room;
                                                its last child is a cross reference, without
                                                text, to the passage that tells of the event
``<h2>`` … ``<h5>``                             headings below the section's title
``<span class="index-mark" data-index="…">``    a place for the index: ``place``, or the ``start``
                                                or ``end`` of a range; ``data-term`` where the
                                                heading is not its text, ``data-sub``,
                                                ``data-main``; it may have other classes behind;
                                                ``data-place`` where ``indexing`` has given its id
``<span lang="vi">``, ``<span class="…">``      words in another language, words set otherwise
``<span class="noindex">``                      words in which no name is looked for
``<span class="name" data-name="ID">``          a name of ``content/names.toml``, which ``naming``
                                                wraps once the tree is read; ``data-first`` where
                                                an edition may lead from it to its entry
``<ins data-mark="N">``                         words that a change puts in, or has moved here;
                                                entry N of ``Section.marks`` says which
``<p data-mark="N">`` (or any other block)      a whole block that a change puts in: a paragraph,
                                                heading, item, row, table, figure, quotation
``<del data-removed="K">``                      always empty: what a change has taken out here,
                                                entry K of ``Section.removed``; inline, or between
                                                blocks where whole blocks have gone
``<mark data-mark="N">``                        highlighted words
``<span class="comment" data-mark="N">``        always empty: the place of a comment
==============================================  ==================================================

Marks of editing are there in a proof only; else they have been accepted, or rejected, before the
tree is made.  A tree with marks is that of the text with all changes accepted: what has been taken
out stands in a table beside it, so that no number, id or index can be touched by it.

The tree holds neither numbers nor pages: those live in tables beside it (``numbering``,
``typeset``), so that moving a chapter touches no tree.
"""

from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from octavo.charts.model import Chart
from octavo.problems import Problem, Span

Element: TypeAlias = Any
"""An lxml element; lxml ships no types, and its stubs do not know iteration by tag well."""


@dataclass(frozen=True)
class CitedWork:
    """One work in a citation, as it was written: ``[prefix @key, locator suffix]``.

    ``suffix`` holds the locator with what follows it; citeproc tells them apart.  ``author`` is
    false where the author is left out (``-@key``).
    """

    key: str
    prefix: str = ""
    suffix: str = ""
    author: bool = True


@dataclass(frozen=True)
class Citation:
    """Some works cited at one place; ``in_text`` where the author stands in the sentence."""

    works: tuple[CitedWork, ...]
    in_text: bool
    span: Span


@dataclass(frozen=True)
class WrittenNote:
    """A note that the author wrote: ``body`` a ``<div>`` of blocks, ``label`` its id or ``""``."""

    label: str
    body: Element
    span: Span


MarkKind = Literal[
    "addition", "deletion", "substitution", "moved-to", "moved-from", "highlight", "comment"
]


@dataclass(frozen=True)
class Mark:
    """A mark of editing: its kind, its place, and for a comment its words.

    ``author`` and ``date`` are those of who made it, ``""`` where they are not known.  ``other`` is
    the id of the mark at the other end of a move (see ``marks.mark_id``).
    """

    kind: MarkKind
    span: Span
    text: str = ""
    author: str = ""
    date: str = ""
    other: str = ""

    @property
    def signature(self) -> str:
        """Give who made it and on which day, as a proof prints it: "anna, 2026-11-20"."""
        return ", ".join(filter(None, [self.author, self.date.partition("T")[0]]))


@dataclass(frozen=True)
class Removed:
    """What a change has taken out: ``content`` is a ``<span>`` of inline elements, or a block.

    ``mark`` is the index of its mark.  It holds neither ids nor calls: a note that has gone stands
    in it as ``<span class="removed-note">``.  ``citations`` are those that are still to be
    formatted, ``<span class="citation" data-citation="N">`` in ``content``.
    """

    mark: int
    content: Element
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True)
class Section:
    """One section's text: its tree (a ``<div>``), and its notes, citations and charts in order.

    ``title`` is a ``<span>`` with the title's inline elements.  ``marks`` and ``removed`` are what
    a proof shows of the editing.
    """

    title: Element
    body: Element
    notes: tuple[WrittenNote, ...]
    citations: tuple[Citation, ...]
    charts: tuple[Chart, ...]
    problems: tuple[Problem, ...]
    marks: tuple[Mark, ...] = ()
    removed: tuple[Removed, ...] = ()
