"""A section's text made for the screen: pictures that can be enlarged, tables that scroll."""

from urllib.parse import urlsplit

from lxml import etree

from octavo.book import Image
from octavo.editions import page_marks
from octavo.editions.web.edition import Edition
from octavo.editions.web.pictures import NARROW_SCREEN, image_address
from octavo.markdown.tree import Element
from octavo.wording import wording


def shape(body: Element, edition: Edition, down: int) -> None:
    """Make a section's text fit for the screen, its headings ``down`` levels lower."""
    words = wording(edition.book.config.language)
    _size_images(body, edition)
    _offer_narrow(body, edition)
    _tell_addresses(body)
    for table in list(body.iter("table")):
        _let_scroll(table)
        if table.get("class") == "data noindex":
            _fold(table.getparent(), words.data)
    _offer_large(body, words.reading.enlarge)
    for heading in body.iter("h2", "h3", "h4", "h5"):
        heading.tag = f"h{int(heading.tag[1]) + down}"


def _size_images(body: Element, edition: Edition) -> None:
    """Give images their size, so that nothing moves when they arrive (HTML §4.8.17).

    They are loaded when a reader comes near them.
    """
    images = [*edition.book.images.values(), *edition.wide.values()]
    by_address = {image_address(image): image for image in images}
    for element in body.iter("img"):
        _size(element, by_address[element.get("src")])
        element.set("loading", "lazy")


def _size(element: Element, image: Image) -> None:
    element.set("width", str(round(image.width)))
    element.set("height", str(round(image.height)))


def _offer_large(body: Element, words: str) -> None:
    """Put a link to the picture below each figure; where scripts run, a dialog shows it."""
    for figure in body.iterfind(".//figure[@class='figure']"):
        image, label = figure.find(".//img"), figure.find("figcaption/span[@class='label']")
        name = words if label is None else f"{words}: {label.text.rstrip('.')}"
        line = etree.Element("div", {"class": "enlarge", page_marks.UNPRINTED: ""})
        given = {"href": image.get("src"), "aria-label": name}
        etree.SubElement(line, "a", given).text = words
        line.tail, figure.tail = figure.tail, None
        figure.addnext(line)


def _offer_narrow(body: Element, edition: Edition) -> None:
    """Let charts be drawn otherwise on a narrow screen (HTML §4.8.4.2.3)."""
    narrow = {image_address(edition.wide[chart]): edition.narrow[chart] for chart in edition.wide}
    for element in list(body.iter("img")):
        if element.get("class") != "chart":
            continue
        picture = etree.Element("picture")
        image = narrow[element.get("src")]
        given = {"srcset": image_address(image), "media": NARROW_SCREEN}
        _size(etree.SubElement(picture, "source", given), image)
        element.getparent().replace(element, picture)
        picture.append(element)


def _tell_addresses(body: Element) -> None:
    """Mark links to other sites whose words do not say where they lead: paper has to."""
    for link in body.iter("a"):
        host = urlsplit(link.get("href", "")).netloc
        if host and host not in "".join(link.itertext()):
            link.set("class", "elsewhere")


def _fold(box: Element, summary: str) -> None:
    """Put a chart's data, in the box that scrolls, below its figure, behind words that open it."""
    figure = box.getparent()
    details = etree.Element("details", {"class": "data", page_marks.UNPRINTED: ""})
    etree.SubElement(details, "summary").text = summary
    details.tail, figure.tail = figure.tail, None
    figure.addnext(details)
    details.append(box)


def _let_scroll(table: Element) -> None:
    """Put a table into a box that scrolls, by keyboard too, where the screen is too narrow."""
    figure = table.getparent()
    box = etree.Element("div", {"class": "scroll", "tabindex": "0", "role": "group"})
    caption = figure.find("figcaption") if figure.tag == "figure" else None
    if caption is not None and figure.get("id"):
        caption.set("id", f"{figure.get('id')}.caption")
        box.set("aria-labelledby", caption.get("id"))
    box.tail, table.tail = table.tail, None
    figure.replace(table, box)
    box.append(table)
