"""The chronology as paragraphs, each with its date in words: so a date is text that can change."""

import copy
from dataclasses import replace

from octavo import chronology, dates
from octavo.book import Book, Section
from octavo.redline.trees import shell
from octavo.wording import wording


def as_text(book: Book) -> Book:
    """Give a book in which sections of events are sections of paragraphs."""
    language = book.config.language
    return replace(book, sections=tuple(_told(section, language) for section in book.sections))


def _told(section: Section, language: str) -> Section:
    if section.kind != "chronology":
        return section
    body = copy.deepcopy(section.body)
    for when, event in list(chronology.events(body)):
        words = "".join(piece.text for piece in dates.printed(when, wording(language).dates))
        made = shell(event)
        for name in ("class", "data-date"):
            made.attrib.pop(name, None)
        made.text = f"{words[:1].upper()}{words[1:]}: {event.text or ''}"
        place = chronology.passage(event)
        made.extend(list(event))
        before = place.getprevious()
        if before is None:
            made.text += " ("
        else:
            before.tail = f"{before.tail or ''} ("
        place.set("data-form", "number")
        place.tail = ")"
        event.getparent().replace(event, made)
    return replace(section, kind="text", body=body)
