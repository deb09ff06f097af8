"""The pictures of the web edition: their files, and how charts are drawn for screens."""

import hashlib
from pathlib import PurePosixPath
from urllib.parse import quote

from octavo.book import Image
from octavo.charts.drawing import Frame
from octavo.editions import charts

WIDE = charts.Style(Frame(576, 17), "px")
"""How charts are drawn: as wide as the text on a large screen."""

NARROW = charts.Style(Frame(290, 17), "px")
"""How charts are drawn for a telephone; ``NARROW_SCREEN`` says how wide that is."""

NARROW_SCREEN = "(max-width: 36rem)"
"""The media query of a telephone's screen."""

_IMAGES = "images/"


def image_path(image: Image) -> str:
    """Give an image's file; its name holds a hash, so that it may be cached for ever."""
    path = PurePosixPath(image.path)
    return f"{_IMAGES}{path.stem}.{hashlib.sha256(image.data).hexdigest()[:12]}{path.suffix}"


def image_address(image: Image) -> str:
    """Give the address of an image, as a document has it."""
    return quote(image_path(image))
