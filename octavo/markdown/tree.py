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
                                                ``data-main``; it may have other classes behind
``<span lang="vi">``, ``<span class="…">``      words in another language, words set otherwise
``<span class="noindex">``                      words in which no name is looked for
``<span class="name" data-name="ID">``          a name of ``content/names.toml``, which ``naming``
                                                wraps once the tree is read; ``data-first`` where
                                                an edition may lead from it to its entry
==============================================  ==================================================

The tree holds neither numbers nor pages: those live in tables beside it (``numbering``,
``typeset``), so that moving a chapter touches no tree.
"""

from dataclasses import dataclass
from typing import Any, TypeAlias

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


@dataclass(frozen=True)
class Section:
    """One section's text: its tree (a ``<div>``), and its notes, citations and charts in order.

    ``title`` is a ``<span>`` with the title's inline elements.
    """

    title: Element
    body: Element
    notes: tuple[WrittenNote, ...]
    citations: tuple[Citation, ...]
    charts: tuple[Chart, ...]
    problems: tuple[Problem, ...]
