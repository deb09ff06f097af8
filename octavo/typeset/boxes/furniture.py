"""Sets what stands around the text: running heads, folios, the page's own background.

Folios are known last, and change when a chapter before grows; so furniture is set by itself, on
pages without text, which takes a small part of the time that the text does.
"""

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement

from octavo.typeset import text
from octavo.typeset.boxes import drawing, margins, setting
from octavo.typeset.boxes.drawing import POINTS_PER_PX, Document
from octavo.typeset.facts import FurnitureJob

_EMPTY = f"""
body * {{ break-before: auto; height: 0; margin: 0; padding: 0; border: 0; visibility: hidden }}
.sheet {{ position: relative }}
.sheet + .sheet {{ break-before: page }}
.{margins.BAR}, .{margins.REMARK} {{ position: absolute; visibility: visible }}
.{margins.REMARK}, .{margins.REMARK} * {{ height: auto; visibility: visible }}
"""


def set_into(
    document: Document, job: FurnitureJob, wanted: Iterable[int]
) -> tuple[tuple[float, float], ...]:
    """Set the furniture of a section's pages, of those wanted, into a PDF.

    Gives the corners of their text areas (points).
    """
    tree = _pages(job)
    text.number(tree)
    made = setting.set_pages(tree, (*job.styles, job.numbers, _EMPTY))
    pages = []
    for number in wanted:
        page = made.pages[number]
        margins.place(page, job.margins[number])
        document.add_page(page, (), drawing.paint_furniture)
        pages.append(page)
    return tuple(
        (page.content_box_x() * POINTS_PER_PX, page.content_box_y() * POINTS_PER_PX)
        for page in pages
    )


def _pages(job: FurnitureJob) -> Element:
    """Make a document of as many pages as the section has, which sets the strings that it sets."""
    tree = Element("html", {"lang": job.language})
    body = SubElement(tree, "body", dict(job.body))
    for strings, remarked in zip(job.strings, job.margins, strict=True):
        sheet = SubElement(body, "div", {"class": "sheet"})
        for name, words in strings:
            quoted = words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
            SubElement(sheet, "div", {"style": f'string-set: {name} "{quoted}"'})
        margins.put(sheet, remarked)
    return tree
