"""What a section shows of each font: the glyphs, each with its text.

Content names a font by the digest of its file, so that all sections name it alike; the file itself
is embedded when they are joined (``fontfile``).
"""

import hashlib
from io import BytesIO
from typing import Any

from fontTools.ttLib import TTFont
from weasyprint.pdf.fonts import Font
from weasyprint.text.fonts import get_pango_font_key

from octavo.typeset.facts import UsedFont


class _Advances(dict[int, int]):
    """The advance of each glyph of a font in thousandths of the type size, as its file has it.

    WeasyPrint would take what Pango rounds at the first size that it meets; sections drawn in
    different processes have to agree.
    """

    def __init__(self, data: bytes) -> None:
        super().__init__()
        font = TTFont(BytesIO(data), lazy=True)
        self._names = font.getGlyphOrder()
        self._metrics = font["hmtx"].metrics
        self._scale = 1000 / font["head"].unitsPerEm
        name = font.getBestCmap().get(ord(" "))
        self.space: int | None = None if name is None else font.getGlyphID(name)

    def __contains__(self, glyph: object) -> bool:
        return True

    def __missing__(self, glyph: int) -> int:
        width: int = self._metrics[self._names[glyph]][0]
        self[glyph] = round(width * self._scale)
        return self[glyph]


class Fonts:
    """The fonts of a section, by the name under which its content knows them."""

    def __init__(self) -> None:
        self._by_key: dict[Any, Font] = {}
        self._by_name: dict[str, Font] = {}

    def add(self, pango_font: Any) -> tuple[Font, float]:
        """Give the font that Pango has chosen, and its size in CSS px."""
        key, description, size = get_pango_font_key(pango_font)
        if key not in self._by_key:
            font = Font(pango_font, description, size)
            name = f"F{hashlib.sha256(font.file_content).hexdigest()[:10]}"
            if name not in self._by_name:
                font.hash = name
                font.widths = _advances(font.file_content)
                self._by_name[name] = font
            self._by_key[key] = self._by_name[name]
        return self._by_key[key], size

    def space(self, name: str) -> str:
        """Give the glyph of a font's space in hexadecimal; ``""`` where there is none."""
        glyph = self._by_name[name].widths.space if name in self._by_name else None
        return "" if glyph is None else f"{glyph:04x}"

    def use_space(self, name: str) -> str:
        """Give the glyph of a font's space, which is going to be shown."""
        space = self.space(name)
        if space:
            self._by_name[name].to_unicode.setdefault(int(space, 16), " ")
        return space

    def used(self) -> tuple[UsedFont, ...]:
        """Give what has been used of each font."""
        return tuple(
            UsedFont(
                name,
                hashlib.sha256(font.file_content).hexdigest(),
                tuple(sorted(font.to_unicode.items())),
            )
            for name, font in sorted(self._by_name.items())
        )


_known_advances: dict[bytes, _Advances] = {}


def _advances(data: bytes) -> _Advances:
    digest = hashlib.sha256(data).digest()
    if digest not in _known_advances:
        _known_advances[digest] = _Advances(data)
    return _known_advances[digest]
