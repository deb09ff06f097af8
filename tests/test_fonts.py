"""The fonts: static instances, their cache, coverage, subsets, and what WeasyPrint draws."""

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import fontpkg
import pikepdf
import pytest
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

from octavo import fontcutting, fonts
from octavo.fonts import Face

ROOT = Path(__file__).parent.parent
VIETNAMESE = "Nguyễn Thị Mai Hoa, Điện Biên Phủ, Hồ Chí Minh, Đường Kách mệnh"
CHINESE = "十萬大山陳賡廣西"


def opened(path: Path) -> TTFont:
    """Read a font, leaving no file open."""
    return TTFont(BytesIO(path.read_bytes()), recalcTimestamp=False, lazy=True)


LATIN = len(fonts.STYLES)
"""How many faces come before that of traditional Chinese, the first of the Chinese ones."""


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder whose name needs quoting in a URL."""
    return tmp_path_factory.mktemp("fonts") / "a cache — ễ"


@pytest.fixture(scope="session")
def faces(cache: Path) -> tuple[Face, ...]:
    """The book's faces, cut once for all tests."""
    return fonts.faces(cache)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """EB Garamond's variable italic with few letters and no features: quickly cut."""
    font = opened(Path(fontpkg.path(fonts.FAMILY, 400, "italic")))
    options = Options()
    options.layout_features = []
    options.name_IDs = ["*"]
    subsetter = Subsetter(options)
    subsetter.populate(text="abc")
    subsetter.subset(font)
    path = tmp_path_factory.mktemp("small") / "Small[wght].ttf"
    font.save(path)
    return path


def python(code: str, *arguments: object, **environment: str) -> subprocess.Popen[str]:
    """Start a Python of its own, which finds the package."""
    return subprocess.Popen(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
    )


def output(process: subprocess.Popen[str]) -> str:
    """Wait for the process to end well, and give what it printed."""
    printed, _ = process.communicate(timeout=120)
    assert process.returncode == 0
    return printed.strip()


def features(font: TTFont, table: str) -> set[str]:
    """Give the tags of the layout features in ``GSUB`` or ``GPOS``."""
    return {record.FeatureTag for record in font[table].table.FeatureList.FeatureRecord}


def substitutes(font: TTFont, feature: str) -> dict[str, str]:
    """Give what a feature puts for single glyphs."""
    table = font["GSUB"].table
    lookups = {
        index
        for record in table.FeatureList.FeatureRecord
        if record.FeatureTag == feature
        for index in record.Feature.LookupListIndex
    }
    found: dict[str, str] = {}
    for index in sorted(lookups):
        for subtable in table.LookupList.Lookup[index].SubTable:
            found |= getattr(getattr(subtable, "ExtSubTable", subtable), "mapping", {})
    return found


# Static instances


def test_faces_are_static_and_say_what_they_are(faces: tuple[Face, ...]) -> None:
    found = []
    for face in faces:
        font = opened(face.path)
        assert not {"fvar", "gvar", "STAT"} & set(font.keys())
        assert font["name"].getBestFamilyName() == face.family
        assert font["OS/2"].usWeightClass == face.weight
        assert bool(font["OS/2"].fsSelection & 1) == (face.style == "italic")
        assert bool(font["head"].macStyle & 1) == (face.weight > 400)
        found.append((font["name"].getDebugName(6), face.style, face.weight))
    assert found == [
        ("EBGaramond-Regular", "normal", 400),
        ("EBGaramond-Italic", "italic", 400),
        ("EBGaramond-Bold", "normal", 700),
        ("EBGaramond-BoldItalic", "italic", 700),
        ("NotoSerifTC-Regular", "normal", 400),
        ("NotoSerifSC-Regular", "normal", 400),
    ]


def test_bold_is_bolder_and_licence_stays(faces: tuple[Face, ...]) -> None:
    regular, _, bold, *_ = (opened(face.path) for face in faces)
    assert bold["hmtx"]["n"][0] > regular["hmtx"]["n"][0]
    for font in (regular, bold):
        assert "Copyright" in font["name"].getDebugName(0)
        assert "SIL Open Font License" in font["name"].getDebugName(13)


def test_faces_are_not_cut_again(
    faces: tuple[Face, ...], cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(fonts, "instance")
    assert fonts.faces(cache) == faces


def test_instance_is_the_same_bytes_in_every_process(small: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from octavo import fonts\n"
        "print(fonts.instance(Path(sys.argv[1]), 700, Path(sys.argv[2])).name)"
    )
    shared = [
        python(code, small, tmp_path / folder, PYTHONHASHSEED=seed)
        for folder, seed in [("shared", "1"), ("shared", "2"), ("other", "3")]
    ]
    names = {output(process) for process in shared}
    assert len(names) == 1
    name = names.pop()
    assert name.startswith("Small-700-")
    shared_bytes = (tmp_path / "shared" / name).read_bytes()
    assert shared_bytes == (tmp_path / "other" / name).read_bytes()
    assert TTFont(BytesIO(shared_bytes))["head"].modified == opened(small)["head"].modified
    assert sorted(path.name for path in (tmp_path / "shared").iterdir()) == [
        name,
        f"{name}.sha256",
    ]


@pytest.mark.parametrize("harm", ["cut short", "one byte", "no digest", "digest cut short"])
def test_damaged_instance_is_made_again(small: Path, tmp_path: Path, harm: str) -> None:
    path = fonts.instance(small, 700, tmp_path)
    sound = path.read_bytes()
    digest = path.with_name(f"{path.name}.sha256")
    line = digest.read_text()
    assert line == f"{hashlib.sha256(sound).hexdigest()}  {path.name}\n"
    match harm:
        case "cut short":
            path.write_bytes(sound[:-100])
        case "one byte":
            path.write_bytes(sound[:500] + bytes([sound[500] ^ 1]) + sound[501:])
        case "no digest":
            digest.unlink()
        case "digest cut short":
            digest.write_text(line[:20])
    assert fonts.instance(small, 700, tmp_path) == path
    assert path.read_bytes() == sound
    assert digest.read_text() == line


def test_whole_instance_is_trusted(small: Path, tmp_path: Path) -> None:
    path = fonts.instance(small, 700, tmp_path)
    before = path.stat().st_mtime_ns
    assert fonts.instance(small, 700, tmp_path) == path
    assert path.stat().st_mtime_ns == before
    assert fonts.instance(small, 600, tmp_path) != path


def test_weight_outside_the_font_is_refused(small: Path, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no weight 900"):
        fonts.instance(small, 900, tmp_path)
    assert not list(tmp_path.iterdir())


def test_failed_write_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "fonts.conf" / "inside").mkdir(parents=True)
    with pytest.raises(OSError):
        fonts.fontconfig_file(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["fonts.conf"]


# Coverage


def test_every_face_has_all_of_vietnamese(faces: tuple[Face, ...]) -> None:
    vowels = "aăâeêioôơuưy"
    letters = {a + tone for a in vowels for tone in ("", *"\u0300\u0301\u0303\u0309\u0323")}
    for style in fonts.STYLES:
        own = fonts.faces_for(style, faces)[:1]
        assert not fonts.missing(VIETNAMESE + "".join(letters), own)


def test_missing_names_what_no_face_has(faces: tuple[Face, ...]) -> None:
    assert fonts.missing("Việt 😀 \u0e01 越", faces) == {"😀", "\u0e01"}
    assert fonts.missing("越南", faces[:LATIN]) == {"越", "南"}
    assert not fonts.missing(CHINESE, faces)


def test_missing_passes_over_what_is_never_drawn(faces: tuple[Face, ...]) -> None:
    assert not fonts.missing("\t\n\r\u00ad\u200b\u200d\u2060\ufe0f\ufeff\U000e0100", faces)
    assert fonts.missing("\u0085\u202f", faces) == {"\u0085", "\u202f"}


def test_missing_is_strict_for_one_style(faces: tuple[Face, ...]) -> None:
    assert not fonts.missing("ʊɨ\u2074", faces)
    assert "ɨ" in fonts.missing("ɨ", fonts.faces_for("italic", faces))


def test_style_without_a_face_is_refused(faces: tuple[Face, ...]) -> None:
    with pytest.raises(ValueError, match="for bold text"):
        fonts.faces_for("bold", faces[:2])


# Subsets


def test_subset_has_the_characters_asked_for_and_their_features(faces: tuple[Face, ...]) -> None:
    text = f"{VIETNAMESE} first x\N{COMBINING DOT BELOW} 0123456789"
    font = TTFont(BytesIO(fonts.subset(faces[0], text)))
    assert font.flavor == "woff2"
    assert set(font.getBestCmap()) == {ord(c) for c in text} | {0x20, 0x2D, 0x2010}
    kept = {"onum", "lnum", "pnum", "tnum", "smcp", "c2sc", "sups", "liga", "case"}
    assert kept <= features(font, "GSUB") <= set(fontcutting.LAYOUT_FEATURES)
    assert {"kern", "mark"} <= features(font, "GPOS")
    glyphs = font.getBestCmap()
    assert glyphs[ord("2")] in substitutes(font, "onum")
    assert glyphs[ord("g")] in substitutes(font, "smcp")
    assert not {"fpgm", "prep", "cvt "} & set(font.keys())
    assert font["name"].getDebugName(6) == "EBGaramond-Regular"
    assert "SIL Open Font License" in font["name"].getDebugName(13)
    assert font["head"].modified == opened(faces[0].path)["head"].modified


def test_subset_is_the_same_bytes_in_every_process(faces: tuple[Face, ...]) -> None:
    code = (
        "import hashlib, sys; from pathlib import Path; from octavo import fonts\n"
        "face = fonts.Face('EB Garamond', 'italic', 400, Path(sys.argv[1]))\n"
        "print(hashlib.sha256(fonts.subset(face, sys.argv[2])).hexdigest())"
    )
    runs = [python(code, faces[1].path, VIETNAMESE, PYTHONHASHSEED=seed) for seed in ("1", "2")]
    here = hashlib.sha256(fonts.subset(faces[1], reversed(VIETNAMESE))).hexdigest()
    assert [output(run) for run in runs] == [here, here]


def test_subset_refuses_what_the_face_lacks(faces: tuple[Face, ...]) -> None:
    with pytest.raises(ValueError, match=r"U\+5341, U\+842C"):
        fonts.subset(faces[0], "a十萬")


def test_subset_can_be_left_uncompressed(faces: tuple[Face, ...]) -> None:
    font = TTFont(BytesIO(fonts.subset(faces[LATIN], CHINESE, "sfnt")))
    assert font.flavor is None
    assert set(font.getBestCmap()) == {ord(c) for c in CHINESE} | {0x20, 0x2D, 0x2010}


def test_web_fonts_give_each_face_its_characters(faces: tuple[Face, ...]) -> None:
    used: dict[fonts.TextStyle, str] = {"normal": "abc 十萬\n😀", "italic": "Hồ大", "bold": ""}
    made = fonts.web_fonts(used, faces)
    assert [(font.family, font.style, font.weight, font.unicode_range) for font in made] == [
        ("EB Garamond", "normal", 400, "U+20, U+2D, U+61-63, U+2010"),
        ("EB Garamond", "italic", 400, "U+20, U+2D, U+48, U+1ED3, U+2010"),
        ("Noto Serif TC", "normal", 400, "U+5341, U+5927, U+842C"),
    ]
    for font, name in zip(
        made, ("EBGaramond-Regular", "EBGaramond-Italic", "NotoSerifTC-Regular"), strict=True
    ):
        assert font.file_name == f"{name}.{hashlib.sha256(font.data).hexdigest()[:12]}.woff2"
        assert len(font.data) < 10_000


def test_simplified_chinese_has_its_own_face(faces: tuple[Face, ...]) -> None:
    made = fonts.web_fonts({"normal": "a南爱; 國"}, faces, simplified="南爱; a")
    assert [(font.family, font.unicode_range) for font in made] == [
        ("EB Garamond", "U+20, U+2D, U+3B, U+61, U+2010"),
        ("Noto Serif TC", "U+5357, U+570B"),
        ("Noto Serif SC", "U+5357, U+7231"),
    ]


@pytest.mark.parametrize(
    ("characters", "value"),
    [("", ""), ("a", "U+61"), ("cab", "U+61-63"), ("acd\U00020000", "U+61, U+63-64, U+20000")],
)
def test_unicode_range(characters: str, value: str) -> None:
    assert fonts.unicode_range(characters) == value


def test_rules_say_what_css_needs(faces: tuple[Face, ...]) -> None:
    rules = fonts.print_rules(faces)
    assert [rule.format for rule in rules] == ["truetype"] * 4 + ["opentype"] * 2
    assert all(rule.url.startswith("file:///") and " " not in rule.url for rule in rules)
    data = fonts.WebFont("EB Garamond", "italic", 400, "x.0.woff2", b"", "U+20")
    assert fonts.web_rules([data], "../fonts/") == (
        fonts.FontRule("EB Garamond", "italic", 400, "../fonts/x.0.woff2", "woff2", "U+20"),
    )


# WeasyPrint

TYPESET = """
import sys, warnings
from pathlib import Path
from octavo import fontcutting, fonts
warnings.filterwarnings("ignore", "No fonts configured in FontConfig")
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

configuration = FontConfiguration()
css = "body { font-family: 'EB Garamond', 'Noto Serif TC' }" + "".join(
    f"@font-face {{ font-family: '{rule.family}'; font-style: {rule.style};"
    f" font-weight: {rule.weight}; src: url('{rule.url}') format('{rule.format}') }}"
    for rule in fonts.print_rules(fonts.faces(Path(sys.argv[1])))
)
HTML(string=Path(sys.argv[2]).read_text("utf-8")).write_pdf(
    sys.argv[3], font_config=configuration, uncompressed_pdf=True,
    stylesheets=[CSS(string=css, font_config=configuration)])
"""

PAGE = f"""<html lang="en"><body>
<p>a 1 {VIETNAMESE}</p> <p><i>{VIETNAMESE}</i> <b>{VIETNAMESE} <i>{VIETNAMESE}</i></b></p>
<p lang="zh-Hant">{CHINESE} <i>{CHINESE}</i> <b>{CHINESE}</b></p>
<p style="font-variant-caps: small-caps">b Điện</p>
<p style="font-variant-numeric: oldstyle-nums proportional-nums">2</p>
<p style="font-variant-position: super">3</p>
<p style="font-family: monospace">code</p>
"""


@pytest.fixture(scope="session")
def printed(
    faces: tuple[Face, ...], cache: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, Path]:
    """The same page set in two processes."""
    folder = tmp_path_factory.mktemp("printed")
    (folder / "page.html").write_text(PAGE, "utf-8")
    only_ours = str(fonts.fontconfig_file(cache))
    pdfs = folder / "1.pdf", folder / "2.pdf"
    runs = [
        python(
            TYPESET,
            cache,
            folder / "page.html",
            pdf,
            FONTCONFIG_FILE=only_ours,
            PYTHONHASHSEED=pdf.stem,
        )
        for pdf in pdfs
    ]
    for run in runs:
        output(run)
    return pdfs


def embedded(pdf: pikepdf.Pdf) -> Iterator[tuple[str, TTFont]]:
    """Give each embedded font with the name under which the page's text uses it."""
    for name, font in pdf.pages[0].resources["/Font"].items():
        descriptor = font.DescendantFonts[0].FontDescriptor
        file = descriptor["/FontFile2" if "/FontFile2" in descriptor else "/FontFile3"]
        yield name, TTFont(BytesIO(file.read_bytes()))


def drawn(pdf: pikepdf.Pdf, face: Face) -> set[str]:
    """Give the names of the face's glyphs that the page draws (WeasyPrint keeps glyph ids)."""
    postscript_name = opened(face.path)["name"].getDebugName(6)
    resource = next(
        name for name, font in embedded(pdf) if font["name"].getDebugName(6) == postscript_name
    )
    order = opened(face.path).getGlyphOrder()
    glyphs: set[str] = set()
    current = ""
    for step in pikepdf.parse_content_stream(pdf.pages[0], "Tf TJ"):
        if str(step.operator) == "Tf":
            current = str(step.operands[0])
        elif current == resource:
            for piece in step.operands[0]:
                if isinstance(piece, pikepdf.String):
                    ids = bytes(piece)
                    glyphs |= {
                        order[int.from_bytes(ids[at : at + 2])] for at in range(0, len(ids), 2)
                    }
    return glyphs


def test_pdf_is_the_same_bytes_in_every_process(printed: tuple[Path, Path]) -> None:
    assert printed[0].read_bytes() == printed[1].read_bytes()


def test_pdf_embeds_our_fonts_alone_and_each_once(printed: tuple[Path, Path]) -> None:
    with pikepdf.open(printed[0]) as pdf:
        names = sorted(font["name"].getDebugName(6) for _, font in embedded(pdf))
    assert names == [
        "EBGaramond-Bold",
        "EBGaramond-BoldItalic",
        "EBGaramond-Italic",
        "EBGaramond-Regular",
        "NotoSerifTC-Regular",
    ]


def test_pdf_draws_real_small_capitals_figures_and_superscripts(
    printed: tuple[Path, Path], faces: tuple[Face, ...]
) -> None:
    with pikepdf.open(printed[0]) as pdf:
        glyphs = drawn(pdf, faces[0])
        chinese = drawn(pdf, faces[LATIN])
    assert {"one", "b.sc", "n.sc", "two.osf", "three.sups"} <= glyphs
    assert ".notdef" not in glyphs | chinese
    assert len(chinese - {"space"}) >= len(set(CHINESE))


def test_vietnamese_letters_without_small_capitals(faces: tuple[Face, ...]) -> None:
    """A gap of EB Garamond 1.003; when this fails, the remark in the module may go."""
    for face in faces[:LATIN]:
        font = opened(face.path)
        glyphs = font.getBestCmap()
        small = substitutes(font, "smcp")
        assert {glyphs[ord(letter)] for letter in "áàãâăđêôơư"} <= small.keys()
        assert not {glyphs[ord(letter)] for letter in "ảạấẻẹễịỏộớủự"} & small.keys()
