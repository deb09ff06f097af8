"""Cuts fonts with fontTools: static faces from variable ones, subsets for the screen."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Literal

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables.otBase import USE_HARFBUZZ_REPACKER
from fontTools.varLib.instancer import instantiateVariableFont

LAYOUT_FEATURES = (
    *("kern", "liga", "ccmp", "locl", "mark", "mkmk"),
    *("onum", "lnum", "pnum", "tnum", "frac", "sups", "sinf"),
    *("smcp", "c2sc", "case"),
)
"""The OpenType features that a subset keeps: those that the book's stylesheets may ask for."""

_NAMES_KEPT = (0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17)
# Name ids of the OpenType specification, "name": copyright, the names of family and style,
# version, the two on the licence, and the typographic names.
_VARIATIONS_PREFIX = 25


def static(source: Path, weight: int) -> bytes:
    """Give the variable font ``source`` at ``weight``, as a font of that weight alone.

    Raises ``ValueError`` if the font does not have the weight.
    """
    with TTFont(source, recalcTimestamp=False) as font:
        axis = next(axis for axis in font["fvar"].axes if axis.axisTag == "wght")
        if not axis.minValue <= weight <= axis.maxValue:
            raise ValueError(f"{source.name} has no weight {weight}")
        names = font["name"]
        # From this prefix the instancer makes PostScript names; the italic's own would give
        # "EBGaramondItalic-Italic".
        prefix = names.getBestFamilyName().replace(" ", "")
        names.setName(prefix, _VARIATIONS_PREFIX, 3, 1, 0x409)
        instantiateVariableFont(
            font, {"wght": weight}, inplace=True, updateFontNames=True, static=True
        )
        # What describes the design space has no meaning in a single face.
        del font["STAT"]
        names.removeNames(nameID=_VARIATIONS_PREFIX)
        names.removeUnusedNames(font)
        return _bytes(font)


def subset(source: Path, characters: Iterable[str], flavor: Literal["woff2", "sfnt"]) -> bytes:
    """Give the font ``source`` with ``characters`` alone, without hints.

    Their variants by :data:`LAYOUT_FEATURES` stay.
    """
    options = Options()
    options.layout_features = list(LAYOUT_FEATURES)
    options.name_IDs = list(_NAMES_KEPT)
    options.hinting = False
    options.desubroutinize = True  # Brotli packs plain outlines tighter than shared ones.
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in characters])
    with TTFont(source, recalcTimestamp=False, lazy=True) as font:
        subsetter.subset(font)
        font.flavor = None if flavor == "sfnt" else flavor
        return _bytes(font)


def postscript_name(source: Path) -> str:
    """Give the name by which PostScript knows a font."""
    with TTFont(source, lazy=True) as font:
        return str(font["name"].getDebugName(6))


def _bytes(font: TTFont) -> bytes:
    """Serialise with fontTools' own packer: the same bytes whether uharfbuzz is there or not."""
    font.cfg[USE_HARFBUZZ_REPACKER] = False
    out = BytesIO()
    font.save(out)
    return out.getvalue()
