"""What the preview shows at a time: a plain value, replaced as a whole."""

from dataclasses import dataclass

from octavo.preview.screen import Screen


@dataclass(frozen=True)
class Notice:
    """A problem as a page shows it.

    ``place`` is ``file:line:column``.  ``path`` and ``line`` are where it is in the manuscript;
    ``document`` is the document of the web edition that shows the place, ``""`` where none does;
    ``section`` is the id of its section there, and ``shown_line`` the line that the place had in
    the text that is shown.
    """

    severity: str
    rule: str
    message: str
    hint: str
    place: str
    path: str
    line: int
    column: int
    document: str = ""
    section: str = ""
    shown_line: int = 0


@dataclass(frozen=True)
class Sheet:
    """A printed page: its folio, the document that has its text, and its picture.

    ``document`` and ``picture`` are ``""`` for a blank page; a picture is named by the PDF that it
    is drawn from and its page there ("4f3a…/2"; see ``album``).
    """

    folio: str
    section: str
    document: str
    picture: str


@dataclass(frozen=True)
class State:
    """All that the preview shows.

    ``screen`` is the web edition of what was sound last, None before there is any; ``sources`` are
    the ids of its sections, each with the path of its file.  ``text`` counts
    how often documents have become others, ``style`` the same of their stylesheet and fonts, and
    ``frame`` of the templates, after which scripts have to run anew.  ``sheets`` are the printed
    pages, ``trim`` their width and height in points; ``is_behind`` tells that they are being set
    anew.
    """

    screen: Screen | None = None
    sources: tuple[tuple[str, str], ...] = ()
    text: int = 0
    style: int = 0
    frame: int = 0
    notices: tuple[Notice, ...] = ()
    sheets: tuple[Sheet, ...] = ()
    trim: tuple[float, float] = (0.0, 0.0)
    is_behind: bool = False


NOTHING = State()
"""What there is before the book has been read."""
