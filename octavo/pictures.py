"""Files → pictures, each read to its end, so that none that is damaged comes into an edition."""

# ruff: noqa: PLC0415 - Pillow takes a while to load, and many books have no pictures of its formats

import io
import re

from lxml import etree

from octavo.book import Image
from octavo.problems import reason


def picture(path: str, data: bytes) -> Image:
    """Read a picture, whole; ``path`` is what the book calls it.

    Raises ``OSError`` or ``ValueError`` when it is damaged, or of no format of the web.
    """
    if path.lower().endswith(".svg"):
        width, height = _svg_size(data)
        return Image(path, data, "image/svg+xml", width, height)
    from PIL import Image as PillowImage
    from PIL import ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = False  # WeasyPrint, in the same process, would allow them
    try:
        with PillowImage.open(io.BytesIO(data)) as opened:
            opened.load()
            kind = PillowImage.MIME.get(opened.format or "", "")
            name, size = opened.format, opened.size
    except OSError:
        raise
    except PillowImage.DecompressionBombError:
        raise ValueError("it has too many pixels") from None
    except Exception as error:  # Pillow's readers raise whatever they stumble over.
        raise ValueError(f"it is damaged ({error})") from None
    if kind not in {"image/png", "image/jpeg", "image/webp", "image/gif"}:
        raise ValueError(f"{name} is no format of the web; PNG, JPEG, WebP, GIF and SVG are")
    return Image(path, data, kind, *size)


def fault(error: OSError | ValueError) -> str:
    """Say in an editor's words why a picture cannot be used."""
    from PIL import UnidentifiedImageError

    if isinstance(error, UnidentifiedImageError):
        return "it is of no known format"
    return reason(error) if isinstance(error, OSError) else str(error)


_NUMBER = r"\d*\.?\d+(?:[eE][+-]?\d+)?"


def _svg_size(data: bytes) -> tuple[float, float]:
    try:
        root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        said = re.sub(r", line \d+, column \d+$", "", error.msg or "it is empty")
        raise ValueError(f"it is no XML: line {error.lineno}: {said}") from None
    if etree.QName(root).localname != "svg":
        raise ValueError(f"it is no SVG: it holds <{etree.QName(root).localname}>")
    box = (root.get("viewBox") or "").replace(",", " ").split()
    sides = box[2:] if len(box) == 4 else [root.get("width", ""), root.get("height", "")]  # noqa: PLR2004 - min-x, min-y, width, height (SVG 2 §8.6)
    found = [re.fullmatch(rf"({_NUMBER})(?:px)?", side.strip()) for side in sides]
    width, height = (float(side[1]) if side else 0.0 for side in found)
    if not width or not height:
        raise ValueError("it has no size: no viewBox, and no width and height in px")
    return width, height
