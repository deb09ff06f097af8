"""Embeds a face once for the whole book: the union of what the sections use of it.

Sections show glyphs by their ids in the whole face; a subset keeps the ids.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import uharfbuzz as hb
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Stream, String

from octavo.typeset.facts import UsedFont

_SYMBOLIC, _SERIF, _ITALIC = 1 << 2, 1 << 1, 1 << 6
"""Flags of a font's descriptor (ISO 32000-1 table 123); glyphs are shown by number: symbolic."""

_TABLES_DROPPED = {"BASE", "DSIG", "GDEF", "GPOS", "GSUB", "JSTF", "LTSH", "PCLT", "STAT", "meta"}
"""What has done its work when the text is set."""

_BATCH = 100
"""How many lines a block of a character map may have (Adobe Technical Note 5014)."""


def embed(
    book: pikepdf.Pdf, used: Iterable[UsedFont], faces: Mapping[str, Path]
) -> dict[str, pikepdf.Object]:
    """Embed the faces that sections have used; give the fonts by the names used in content."""
    glyphs: dict[tuple[str, str], dict[int, str]] = {}
    for font in used:
        found = glyphs.setdefault((font.name, font.face), {})
        for glyph, text in font.glyphs:
            found.setdefault(glyph, text)
    return {
        name: _embed(book, _cut(faces[face], face, tuple(sorted(found))), found)
        for (name, face), found in sorted(glyphs.items())
    }


@dataclass(frozen=True)
class _Cut:
    """A face cut down to some glyphs: its file, their widths, and what its descriptor says.

    Lengths are in thousandths of the type's size.
    """

    file: bytes
    is_outline: bool
    name: str
    family: str
    widths: Mapping[int, int]
    flags: int
    box: tuple[int, ...]
    angle: int
    ascent: int
    descent: int
    capitals: int
    stem: int


@lru_cache(maxsize=32)
def _cut(path: Path, digest: str, glyphs: tuple[int, ...]) -> _Cut:
    """Cut a face down; ``digest`` tells its file from what stood at its path before."""
    data = path.read_bytes()
    face = TTFont(BytesIO(data), lazy=True)
    scale = 1000 / face["head"].unitsPerEm
    metrics, names = face["hmtx"].metrics, face.getGlyphOrder()
    head, os2, post = face["head"], face["OS/2"], face["post"]
    return _Cut(
        file=_subset(data, glyphs),
        is_outline="CFF " in face,
        name=f"{_tag(glyphs)}+{face['name'].getDebugName(6)}",
        family=str(face["name"].getDebugName(1)),
        widths={glyph: round(metrics[names[glyph]][0] * scale) for glyph in glyphs},
        flags=_SYMBOLIC | _SERIF | (_ITALIC if post.italicAngle else 0),
        box=tuple(round(edge * scale) for edge in (head.xMin, head.yMin, head.xMax, head.yMax)),
        angle=round(post.italicAngle),
        ascent=round(face["hhea"].ascent * scale),
        descent=round(face["hhea"].descent * scale),
        capitals=round(getattr(os2, "sCapHeight", 0) * scale),
        stem=50 + round((os2.usWeightClass / 65) ** 2),
    )


def _embed(book: pikepdf.Pdf, cut: _Cut, glyphs: Mapping[int, str]) -> pikepdf.Object:
    name = Name(f"/{cut.name}")
    file = Stream(book, cut.file)
    if cut.is_outline:
        file.Subtype = Name.OpenType
    else:
        file.Length1 = len(cut.file)
    descriptor = _descriptor(cut)
    descriptor.FontName = name
    descriptor["/FontFile3" if cut.is_outline else "/FontFile2"] = file
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType0 if cut.is_outline else Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(
            Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0
        ),
        FontDescriptor=book.make_indirect(descriptor),
        W=_widths(cut.widths),
    )
    if not cut.is_outline:
        descendant.CIDToGIDMap = Name.Identity
    return book.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=name,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([book.make_indirect(descendant)]),
            ToUnicode=Stream(book, _to_unicode(glyphs)),
        )
    )


def _subset(data: bytes, glyphs: Iterable[int]) -> bytes:
    wanted = hb.SubsetInput()
    wanted.glyph_set.update(glyphs)
    wanted.flags = (
        hb.SubsetFlags.RETAIN_GIDS
        | hb.SubsetFlags.NO_HINTING
        | hb.SubsetFlags.DESUBROUTINIZE
        | hb.SubsetFlags.NOTDEF_OUTLINE
        | hb.SubsetFlags.CFF_IDENTITY_CHARSET
    )
    wanted.drop_table_tag_set.update(
        int.from_bytes(table.encode(), "big") for table in _TABLES_DROPPED
    )
    subset = hb.subset(hb.Face(data), wanted)
    assert subset is not None
    return bytes(subset.blob.data)


def _tag(glyphs: Sequence[int]) -> str:
    """Give the six letters that tell subsets of a face apart (ISO 32000-1 §9.6.4)."""
    digest = hashlib.sha256(repr(list(glyphs)).encode()).digest()
    return "".join(chr(ord("A") + byte % 26) for byte in digest[:6])


def _descriptor(cut: _Cut) -> Dictionary:
    return Dictionary(
        Type=Name.FontDescriptor,
        FontFamily=String(cut.family),
        Flags=cut.flags,
        FontBBox=Array(cut.box),
        ItalicAngle=cut.angle,
        Ascent=cut.ascent,
        Descent=cut.descent,
        CapHeight=cut.capitals,
        StemV=cut.stem,
    )


def _widths(widths: Mapping[int, int]) -> Array:
    """Write advances as runs of neighbouring glyphs (ISO 32000-1 §9.7.4.3)."""
    runs: list[Any] = []
    previous = None
    for glyph, width in widths.items():
        if previous is None or glyph != previous + 1:
            runs += [glyph, []]
        runs[-1].append(width)
        previous = glyph
    return Array([Array(run) if isinstance(run, list) else run for run in runs])


def _to_unicode(glyphs: Mapping[int, str]) -> bytes:
    """Write the map from glyphs to text (ISO 32000-1 §9.10.3)."""
    lines = [
        f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>"
        for glyph, text in sorted(glyphs.items())
    ]
    parts = [
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap",
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def",
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def",
        "1 begincodespacerange\n<0000> <ffff>\nendcodespacerange",
    ]
    for start in range(0, len(lines), _BATCH):
        batch = lines[start : start + _BATCH]
        parts.append("\n".join([f"{len(batch)} beginbfchar", *batch, "endbfchar"]))
    parts.append("endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend")
    return "\n".join(parts).encode("ascii")
