"""Lays out one section: XHTML + CSS → PDF + page facts; and the furniture of its pages.

Runs in a worker process (see ``workers``), which has pointed fontconfig at the book's fonts before
this module is imported.  The section is set on one endless page, read as a galley, cut to pages,
made up, drawn, tagged and proved; what can be done here is done here, as it is kept with the
section.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from octavo.typeset import assemble, breaks, proofs, tags, text, whereabouts
from octavo.typeset.boxes import (
    drawing,
    furniture,
    looks,
    makeup,
    margins,
    reading,
    setting,
    structure,
)
from octavo.typeset.boxes.drawing import POINTS_PER_PX, Drawn
from octavo.typeset.boxes.flowing import Flowing
from octavo.typeset.breaks import PagePlan
from octavo.typeset.facts import (
    Beginning,
    Furniture,
    FurnitureJob,
    Glimpse,
    GlimpseJob,
    Job,
    Laid,
    PageFact,
    Place,
    Remarked,
)
from octavo.typeset.galley import Galley
from octavo.typeset.proofs import Source
from octavo.typeset.text import Flow

_WORDS = 8
"""How many words a fact about a page quotes."""

_GLIMPSED = 4
"""How many pages are drawn for a glimpse at most: more would keep the first of them waiting."""


@dataclass(frozen=True)
class _Cut:
    """A section set as a galley, and how that is cut to pages."""

    body: Element
    flow: Flow
    endless: setting.Set
    read: reading.Reading
    plans: Sequence[PagePlan]

    @property
    def corner(self) -> tuple[float, float]:
        """Give where the text areas begin, from the page's top left (points)."""
        page = self.endless.pages[0]
        return (page.content_box_x() * POINTS_PER_PX, page.content_box_y() * POINTS_PER_PX)


def _cut(job: Job) -> _Cut:
    tree = ElementTree.fromstring(job.html)
    text.number(tree)
    body = tree.find("body")
    assert body is not None
    flow = Flow(body)
    endless = setting.set_endless(tree, job.styles, job.width)
    page = endless.pages[0]
    read = reading.read(page, flow, job.height / POINTS_PER_PX, job.leading / POINTS_PER_PX)
    return _Cut(body, flow, endless, read, breaks.cut(read.galley))


def _make_up(cut: _Cut, job: Job) -> Sequence[makeup.MadeUp]:
    """Make up the pages; the boxes of the galley are used up."""
    page = cut.endless.pages[0]
    return makeup.make_up(page, cut.read, cut.plans, rules_continued=job.rules_continued)


def lay_out(job: Job) -> Laid:
    """Lay out a section.  Deterministic: the same job gives the same value."""
    with setting.logged() as log:
        cut = _cut(job)
        body, read, plans, corner = cut.body, cut.read, cut.plans, cut.corner
        seen = looks.look(read, plans, Source(body))
        pages = _make_up(cut, job)
        strings = makeup.named_strings(pages)
        beside = margins.read(
            body, [made.box for made in pages], cut.endless.pages[0].content_box_y()
        )
        document = drawing.Document(Flowing.of(body, job.language, read.parted))
        drawn = []
        for made in pages:
            cut.endless.lay_backgrounds(made.box)
            drawn.append(document.add_page(made.box, made.repeated, drawing.paint_text))
        structure.write(
            document,
            tags.build(
                body,
                [sheet.marks for sheet in drawn],
                [sheet.links for sheet in drawn],
                job.language,
            ),
            [sheet.links for sheet in drawn],
            body,
        )
        words = [sheet.words for sheet in drawn]
        hidden = setting.hidden(cut.endless, body)
    return Laid(
        section=job.section,
        pdf=document.data(),
        corner=corner,
        pages=tuple(_page_facts(read.galley, plans, drawn, cut.flow)),
        places=dict(_places(drawn, corner)),
        notes=proofs.note_facts(body, words),
        fonts=document.fonts.used(),
        body=_attributes(body),
        strings=strings,
        margins=beside,
        faults=proofs.prove(body, words, hidden),
        looks=seen,
        log=tuple(log),
    )


def glimpse(wanted: GlimpseJob) -> Glimpse:
    """Lay out a section, and draw only the first pages that are wanted: about half of the work.

    These look as ``lay_out`` and ``set_furniture`` would make them; it is for no proofs, which have
    comments in their margins.
    """
    job = wanted.job
    with setting.logged():
        cut = _cut(job)
        corner = cut.corner
        changed = whereabouts.pages_with(wanted.lines, cut.body, cut.read.galley, cut.plans)
        numbers = changed[:_GLIMPSED]
        pages = _make_up(cut, job)
        sheets, backs = drawing.Document(None), drawing.Document(None)
        for number in numbers:
            made = pages[number]
            cut.endless.lay_backgrounds(made.box)
            sheets.add_page(made.box, made.repeated, drawing.paint_text)
        around = FurnitureJob(
            section=job.section,
            body=_attributes(cut.body),
            strings=makeup.named_strings(pages),
            styles=job.styles,
            numbers=wanted.numbers,
            language=job.language,
            margins=tuple(Remarked() for _ in pages),
        )
        corners = furniture.set_into(backs, around, numbers)
    laid = Laid(
        section=job.section,
        pdf=sheets.data(),
        corner=corner,
        pages=(),
        places={},
        notes=(),
        fonts=sheets.fonts.used(),
        body=around.body,
        strings=around.strings,
        margins=around.margins,
        faults=(),
        looks=(),
        log=(),
    )
    behind = Furniture(job.section, backs.data(), corners, backs.fonts.used(), ())
    pdf = assemble.apart(laid, behind, wanted.faces, wanted.trim)
    return Glimpse(job.section, numbers, len(pages), pdf)


def set_furniture(job: FurnitureJob) -> Furniture:
    """Set the running heads and folios of a section's pages."""
    with setting.logged() as log:
        document = drawing.Document(None)
        corners = furniture.set_into(document, job, range(len(job.strings)))
    return Furniture(job.section, document.data(), corners, document.fonts.used(), tuple(log))


def _attributes(body: Element) -> dict[str, str]:
    return {name: value for name, value in body.attrib.items() if name != text.NUMBER}


def _places(drawn: Sequence[Drawn], corner: tuple[float, float]) -> Iterator[tuple[str, Place]]:
    found: set[str] = set()
    for page, sheet in enumerate(drawn):
        for name, (left, top) in sheet.anchors.items():
            if name not in found:
                found.add(name)
                yield name, Place(page, round(left - corner[0], 2), round(top - corner[1], 2))


def _page_facts(
    galley: Galley, plans: Sequence[PagePlan], drawn: Sequence[Drawn], flow: Flow
) -> Iterator[PageFact]:
    for plan, sheet in zip(plans, drawn, strict=True):
        last = plan.last == len(galley.strips)
        end = flow.length if last else galley.strips[plan.last].start
        yield PageFact(
            beginning=_beginning(galley, plan, flow),
            ids=tuple(sheet.anchors),
            notes=tuple(piece.note for piece in plan.notes),
            last_words=flow.last_words(end, _WORDS) if plan.first < plan.last else "",
            lines_short=breaks.lines_short_for_notes(galley, plan),
        )


def _beginning(galley: Galley, plan: PagePlan, flow: Flow) -> Beginning | None:
    if plan.first == plan.last:
        return None
    strip = galley.strips[plan.first]
    block, start = flow.block(strip.element)
    return Beginning(block, strip.start - start, flow.first_words(strip.start, _WORDS))
