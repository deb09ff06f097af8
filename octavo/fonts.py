"""The book's fonts: static faces for print, what they can set, and small subsets for the screen.

All fonts come from Python packages, never from the machine: EB Garamond (variable roman and
italic, ``fontpkg-eb-garamond``) sets everything that it has glyphs for; Noto Serif TC
(``pylopdf-fonts-zh-tw``) sets the rest, that is Chinese, and Noto Serif SC
(``pylopdf-fonts-zh-cn``) what is marked as written in simplified characters.  All are under the SIL
Open Font License 1.1, which asks that copyright and licence travel with each copy: every font made
here keeps them in its name table.

WeasyPrint names the weights of variable fonts wrongly (Kozea/WeasyPrint#1981, #1454), so
:func:`faces` cuts static instances, once, into a cache folder.  For WeasyPrint to use these files
and no others, two things are needed: an ``@font-face`` rule for each of :func:`print_rules`, and
the environment variable ``FONTCONFIG_FILE`` naming :func:`fontconfig_file`.

EB Garamond 1.003 has no small capitals for the Vietnamese letters with a hook, a dot below, or two
marks (ả, ị, ễ …): in small capitals they stay lower case, in every style.  Its figures are lining
and tabular unless ``onum`` and ``pnum`` are both asked for.

Everything is deterministic: the same sources, characters and version of fontTools give the same
bytes in every process.
"""

# ruff: noqa: PLC0415 - what reads and cuts fonts takes long to load, and is seldom needed

import gc
import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache as remember
from itertools import groupby, pairwise, repeat
from pathlib import Path
from typing import Literal

import fontpkg
import pylopdf_fonts_zh_cn
import pylopdf_fonts_zh_tw

from octavo import store, tools
from octavo.store import Store

Style = Literal["normal", "italic"]
TextStyle = Literal["normal", "italic", "bold", "bold-italic"]
Flavor = Literal["woff2", "sfnt"]

FAMILY = "EB Garamond"
"""The family that sets the book."""

FALLBACK_FAMILY = "Noto Serif TC"
"""The family that sets what :data:`FAMILY` has no glyph for; second in every ``font-family``."""

SIMPLIFIED_FAMILY = "Noto Serif SC"
"""The family before :data:`FALLBACK_FAMILY` in simplified Chinese, and behind it elsewhere."""

SIMPLIFIED = ("zh-hans", "zh-cn", "zh-sg")
"""How language tags of simplified Chinese begin, in small letters."""

REGULAR = 400
"""The weight of most text."""

STYLES: Mapping[TextStyle, tuple[Style, int]] = {
    "normal": ("normal", REGULAR),
    "italic": ("italic", REGULAR),
    "bold": ("normal", 700),
    "bold-italic": ("italic", 700),
}
"""The styles that text can have, each with the CSS ``font-style`` and ``font-weight`` of its face.

There is a face for each, because neither WeasyPrint nor a careful printer fakes one.
"""

BASICS = frozenset(" -\N{HYPHEN}")
"""What every subset has besides the text: browsers add hyphens, and measure the space."""

_PACKAGES = ("fontpkg-eb-garamond", "pylopdf-fonts-zh-cn", "pylopdf-fonts-zh-tw", "uharfbuzz")
"""What fonts are from, and what reads which characters they have."""

_RECIPE = 1
"""To be raised when ``fontcutting`` changes, so that no older instance is taken for its work."""

_WHITE_SPACE = frozenset("\t\n\v\f\r")
_DEFAULT_IGNORABLE = (
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0F),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFF8),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
# Unicode 15.1, DerivedCoreProperties.txt, Default_Ignorable_Code_Point.

_FONTCONFIG = b"""\
<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><reset-dirs/></fontconfig>
"""


@dataclass(frozen=True)
class Face:
    """One static font file: what CSS calls it, and where it is."""

    family: str
    style: Style
    weight: int
    path: Path


@dataclass(frozen=True)
class WebFont:
    """One subset for the web or EPUB edition.

    ``file_name`` holds a hash of ``data``, so that the file may be cached for ever;
    ``unicode_range`` is a value of the CSS descriptor of that name.
    """

    family: str
    style: Style
    weight: int
    file_name: str
    data: bytes
    unicode_range: str

    def sets_any(self, text: str) -> bool:
        """Tell whether this font has a character of a text."""
        bounds = (one.partition("-") for one in self.unicode_range.removeprefix("U+").split(", U+"))
        signs = "".join(f"\\U{first:0>8}-\\U{last or first:0>8}" for first, _, last in bounds)
        return re.search(f"[{signs}]", text) is not None


@dataclass(frozen=True)
class FontRule:
    """What a template writes into one ``@font-face`` rule, every field as CSS has it.

    ``format`` is the hint behind the URL; ``unicode_range`` is ``""`` where the rule has none.
    """

    family: str
    style: Style
    weight: int
    url: str
    format: str
    unicode_range: str = ""


def faces(cache: Path) -> tuple[Face, ...]:
    """Give the book's faces: EB Garamond for each of :data:`STYLES`, then Noto Serif TC and SC.

    Instances that ``cache`` (a folder, made if need be) does not hold are cut at the same time in
    processes of their own: some seconds each, once.  Several builds may share a cache.

    Raises ``OSError`` if the cache cannot be written, fontpkg's ``FontpkgError`` if EB Garamond
    is not installed.
    """
    wanted = tuple((_source(weight, style), style, weight) for style, weight in STYLES.values())
    lacking = [
        (source, weight)
        for source, _, weight in wanted
        if not _is_whole(_entry(source, weight, cache))
    ]
    if lacking:
        from concurrent.futures import ProcessPoolExecutor
        from multiprocessing import get_context

        sources, weights = zip(*lacking, strict=True)
        workers = min(len(lacking), os.cpu_count() or 1)
        # Cutting makes millions of small objects and no garbage to speak of: without the
        # collector it takes two thirds of the time.
        with ProcessPoolExecutor(workers, get_context("spawn"), gc.disable) as pool:
            tuple(pool.map(instance, sources, weights, repeat(cache)))
    return (
        *(
            Face(FAMILY, style, weight, _entry(source, weight, cache))
            for source, style, weight in wanted
        ),
        Face(FALLBACK_FAMILY, "normal", 400, pylopdf_fonts_zh_tw.serif_path()),
        Face(SIMPLIFIED_FAMILY, "normal", 400, pylopdf_fonts_zh_cn.serif_path()),
    )


@remember
def _source(weight: int, style: str) -> Path:
    return Path(fontpkg.path(FAMILY, weight, style))


def instance(source: Path, weight: int, cache: Path) -> Path:
    """Give the static instance of the variable font ``source`` at ``weight``, from ``cache``.

    The file's name depends on the bytes of ``source``, the weight, and the versions of fontTools
    and of this recipe.  Beside it lies its digest (``….sha256``, readable by ``sha256sum -c``);
    a file that does not have that digest is made again.  Files are replaced whole, and
    every process writes the same bytes, so that no reader meets a mixture.

    Raises ``OSError`` if ``source`` cannot be read or ``cache`` not be written, ``ValueError`` if
    the font does not have the weight.
    """
    entry = _entry(source, weight, cache)
    if not _is_whole(entry):
        from octavo import fontcutting

        data = fontcutting.static(source, weight)
        _replace(entry, data)
        _replace(_digest_file(entry), _digest_line(entry, data))
    return entry


def fontconfig_file(cache: Path) -> Path:
    """Give a Fontconfig configuration that knows no fonts and no rules, written into ``cache``.

    With its path in the environment variable ``FONTCONFIG_FILE`` before weasyprint is imported,
    WeasyPrint sees the fonts of ``@font-face`` alone.  Without it (tried with WeasyPrint 70.0), an
    EB Garamond installed on the machine wins over ours, a missing glyph comes from whatever font
    has it, and rules of the machine (Debian's ``90-synthetic.conf``) slant and embolden Chinese,
    with one more copy of the font for each.  WeasyPrint warns at its import that it found no
    fonts; that is meant.

    Raises ``OSError`` if the cache cannot be written.
    """
    path = cache / "fonts.conf"
    if not path.exists() or path.read_bytes() != _FONTCONFIG:
        _replace(path, _FONTCONFIG)
    return path


def faces_for(style: TextStyle, faces: Iterable[Face]) -> tuple[Face, ...]:
    """Give the faces that text of this style is set in: its EB Garamond face, then the fallback.

    Raises ``ValueError`` if ``faces`` has none of :data:`FAMILY` for the style.
    """
    faces = tuple(faces)
    own = next(
        (
            face
            for face in faces
            if (face.family, face.style, face.weight) == (FAMILY, *STYLES[style])
        ),
        None,
    )
    if own is None:
        raise ValueError(f"no face of {FAMILY} for {style} text")
    return own, *(face for face in faces if face.family != FAMILY)


def runs(text: str, style: TextStyle, faces: Iterable[Face]) -> Iterator[tuple[str, Face]]:
    """Divide a text into runs that one face can set: the style's own, or the first that can.

    Raises ``ValueError`` if ``faces`` has none of :data:`FAMILY` for the style.
    """
    usable = faces_for(style, faces)

    def face(character: str) -> Face:
        return next((f for f in usable if not missing(character, [f])), usable[0])

    for found, characters in groupby(text, key=face):
        yield "".join(characters), found


def missing(
    text_chars: Iterable[str], faces: Iterable[Face], kept: Store | None = None
) -> frozenset[str]:
    """Give those of the characters that none of ``faces`` has a glyph for.

    Not counted are characters that are never drawn: tab and line ends, and Unicode's default
    ignorable code points (soft hyphen, zero-width space, word joiner, variation selectors …).
    WeasyPrint draws a missing character as an empty box and says nothing.  With all faces, a
    character counts as present if only the roman has it, and WeasyPrint then sets it upright in
    italic text; ``faces_for(style, faces)`` gives the strict answer for one style.  ``kept``
    remembers the answer.
    """
    asked, paths = frozenset(text_chars), [face.path for face in faces]

    def find() -> frozenset[str]:
        return _visible(asked.difference(*map(_coverage, paths)))

    if kept is None:
        return find()
    versions = map(tools.version, _PACKAGES)
    parts = ["missing", *versions, *(path.name for path in paths), "".join(sorted(asked))]
    name = store.key(parts)
    return frozenset(store.once(kept, name, lambda: "".join(sorted(find())).encode()).decode())


def subset(face: Face, characters: Iterable[str], flavor: Flavor = "woff2") -> bytes:
    """Give the font with ``characters`` and :data:`BASICS` alone, without hints.

    Their variants by ``fontcutting.LAYOUT_FEATURES`` (small capitals, figures …) stay.  ``flavor``
    is ``"woff2"`` (what browsers and EPUB 3.3 ask for) or ``"sfnt"`` (uncompressed).

    Raises ``ValueError`` naming the characters that the face has no glyph for, ``OSError`` if its
    file cannot be read.
    """
    wanted = frozenset(characters)
    if lacking := wanted - _coverage(face.path):
        names = ", ".join(f"U+{ord(character):04X}" for character in sorted(lacking))
        raise ValueError(f"{face.path.name} has no glyph for {names}")
    from octavo import fontcutting

    return fontcutting.subset(face.path, wanted | BASICS, flavor)


def web_fonts(
    used: Mapping[TextStyle, Iterable[str]],
    faces: Sequence[Face],
    kept: Store | None = None,
    simplified: Iterable[str] = (),
) -> tuple[WebFont, ...]:
    """Give the fonts that a web or EPUB edition needs, in the order of ``faces``.

    ``used`` holds the characters of the edition by the style they are set in.  Each EB Garamond
    face gets those of its style that it has; Noto Serif TC gets those that it has and the face of
    their style has not, and Noto Serif SC what is left, besides what it has of ``simplified``, the
    characters of the text that is marked as simplified Chinese.  What none has is left out
    (:func:`missing` names it); a face that
    nothing is set in gives no font.  Only EB Garamond's ranges name the space, so that browsers
    take the height of an empty line from it (CSS Fonts 4, "first available font").

    Takes about a second for each face, unless ``kept`` remembers its subset.

    Raises ``ValueError`` if a style has no face.
    """
    shares: dict[Face, frozenset[str]] = {}
    for style, characters in used.items():
        rest = _visible(characters)
        for face in faces_for(style, faces):
            share = rest & _coverage(face.path)
            shares[face] = shares.get(face, frozenset()) | share
            rest -= share
    own = frozenset[str]().union(*(_coverage(f.path) for f in faces if f.family == FAMILY))
    for face in faces:
        if face.family == SIMPLIFIED_FAMILY:
            share = (_visible(simplified) - own) & _coverage(face.path)
            shares[face] = shares.get(face, frozenset()) | share
    return tuple(_web_font(face, shares[face], kept) for face in faces if shares.get(face))


def print_rules(faces: Iterable[Face]) -> tuple[FontRule, ...]:
    """Give the ``@font-face`` rules that make WeasyPrint load exactly these files."""
    return tuple(
        FontRule(
            face.family,
            face.style,
            face.weight,
            face.path.absolute().as_uri(),
            "opentype" if face.path.suffix == ".otf" else "truetype",
        )
        for face in faces
    )


def web_rules(fonts: Iterable[WebFont], folder: str) -> tuple[FontRule, ...]:
    """Give the ``@font-face`` rules for ``fonts``.

    ``folder`` is the URL of the fonts' folder as seen from the stylesheet, ``""`` or ending in
    ``/``.
    """
    return tuple(
        FontRule(
            font.family,
            font.style,
            font.weight,
            f"{folder}{font.file_name}",
            "woff2",
            font.unicode_range,
        )
        for font in fonts
    )


def unicode_range(characters: Iterable[str]) -> str:
    """Give the characters as a CSS ``unicode-range`` value, such as ``"U+20, U+41-5A"``."""
    points = sorted({ord(character) for character in characters})
    breaks = [index for index, (a, b) in enumerate(pairwise(points), 1) if b != a + 1]
    bounds = pairwise([0, *breaks, len(points)]) if points else ()
    return ", ".join(
        f"U+{points[start]:X}" + (f"-{points[end - 1]:X}" if end - start > 1 else "")
        for start, end in bounds
    )


def _entry(source: Path, weight: int, cache: Path) -> Path:
    """Name the cache's file for an instance: ``Name[wght].ttf`` gives ``Name-400-….ttf``."""
    parts = (digest(source), str(weight), tools.version("fonttools"), str(_RECIPE))
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]
    return cache / f"{source.stem.partition('[')[0]}-{weight}-{key}{source.suffix}"


@remember
def digest(source: Path) -> str:
    """Give the SHA-256 of a font's file, in hexadecimal; it is read once a process."""
    return hashlib.sha256(source.read_bytes()).hexdigest()


def _digest_file(entry: Path) -> Path:
    return entry.with_name(f"{entry.name}.sha256")


def _digest_line(entry: Path, data: bytes) -> bytes:
    return f"{hashlib.sha256(data).hexdigest()}  {entry.name}\n".encode()


def _is_whole(entry: Path) -> bool:
    try:
        return _digest_file(entry).read_bytes() == _digest_line(entry, entry.read_bytes())
    except FileNotFoundError:
        return False


def _replace(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` at one stroke, making its folder if need be."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(
        dir=path.parent, prefix=f".{path.name}.", delete=False
    ) as draft:
        try:
            draft.write(data)
            draft.close()
            Path(draft.name).replace(path)
        except BaseException:
            Path(draft.name).unlink(missing_ok=True)
            raise


@remember
def _coverage(path: Path) -> frozenset[str]:
    """HarfBuzz reads a font's characters ten times as fast as fontTools."""
    import uharfbuzz as hb

    return frozenset(map(chr, hb.Face(hb.Blob.from_file_path(str(path))).unicodes))


def _visible(characters: Iterable[str]) -> frozenset[str]:
    return frozenset(
        character
        for character in set(characters)
        if character not in _WHITE_SPACE
        and not any(first <= ord(character) <= last for first, last in _DEFAULT_IGNORABLE)
    )


def _web_font(face: Face, characters: frozenset[str], kept: Store | None) -> WebFont:
    made_by = f"{tools.version('fonttools')} {tools.version('brotli')} {_RECIPE}"
    name = store.key([digest(face.path), "".join(sorted(characters)), made_by])
    data = store.once(kept, name, lambda: subset(face, characters))
    from octavo import fontcutting

    postscript = fontcutting.postscript_name(face.path)
    return WebFont(
        face.family,
        face.style,
        face.weight,
        f"{postscript}.{hashlib.sha256(data).hexdigest()[:12]}.woff2",
        data,
        unicode_range(characters | BASICS if face.family == FAMILY else characters),
    )
