"""SVG → PNG, for reading systems that do not draw SVG, or not as it is meant.

Kindle takes none that transforms what it draws, or has words in it (Kindle Publishing Guidelines,
"Use Supported SVG Tags and Elements"); Adobe's old systems show none beside text.
"""

import io
from collections.abc import Sequence

import resvg_py
from PIL import Image, ImageChops

from octavo.fonts import Face

WIDTH, HEIGHT = 1600, 2400
"""The box that a picture fills, in pixels: sharp on any screen, below Apple's 5.6 million."""


def png(svg: bytes, size: tuple[float, float], faces: Sequence[Face]) -> bytes:
    """Draw an SVG picture of ``size`` (CSS px) on white; words in it are set in the faces given.

    Families that the faces have not are the first face's.  The same picture and faces give the same
    bytes.
    """
    family = faces[0].family
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg.decode(),
        zoom=min(WIDTH / size[0], HEIGHT / size[1]),
        background="#ffffff",
        skip_system_fonts=True,
        font_family=family,
        serif_family=family,
        sans_serif_family=family,
        monospace_family=family,
        font_files=[str(face.path) for face in faces] if b"<text" in svg else [],
    )
    with Image.open(io.BytesIO(drawn)) as opened:
        picture = opened.convert("RGB")
    red, green, blue = picture.split()
    is_grey = not (
        ImageChops.difference(red, green).getbbox() or ImageChops.difference(red, blue).getbbox()
    )
    out = io.BytesIO()
    (green if is_grey else picture).save(out, "PNG", optimize=True)
    return out.getvalue()
