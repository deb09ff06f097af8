"""Other ways of making a benchmark's book: WeasyPrint alone, pandoc with XeLaTeX or with Typst."""

import importlib.util
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pypandoc

from benchmarks import one_document, pandoc_source
from benchmarks.books import SETTINGS
from octavo import config, fonts
from octavo.build import font_folder
from octavo.citations import find_style
from octavo.config import Config
from octavo.problems import Span

_SHEET = "us-trade"
"""What Typst calls 6 × 9 in."""


class AbsentError(Exception):
    """A rival is not installed; the message says what is missing."""


@dataclass(frozen=True)
class Rival:
    """The command that makes the book, with what it adds to the environment, and its PDF."""

    command: tuple[str | Path, ...]
    pdf: Path
    variables: Mapping[str, str] = field(default_factory=dict)


def weasyprint(book: Path, folder: Path) -> Rival:
    """Prepare WeasyPrint alone, with one document and under the fonts that Octavo uses.

    ``folder`` is where the rival's files go; composing the document is not part of the command.
    """
    return _weasyprint(book, folder, "weasyprint")


def tagged(book: Path, folder: Path) -> Rival:
    """Prepare WeasyPrint alone, with the tags that it makes for PDF/UA-1."""
    return _weasyprint(book, folder, "tagged", "pdf/ua-1")


def _weasyprint(book: Path, folder: Path, name: str, *variant: str) -> Rival:
    source, pdf = folder / f"{name}.html", folder / f"{name}.pdf"
    source.write_text(one_document.make(book), "utf-8")
    fontconfig = fonts.fontconfig_file(font_folder())
    module = (sys.executable, "-P", "-m", "benchmarks.weasyprint_alone")
    command: tuple[str | Path, ...] = (*module, source, pdf, *variant)
    return Rival(command, pdf, {"FONTCONFIG_FILE": str(fontconfig)})


def xelatex(book: Path, folder: Path) -> Rival:
    """Prepare pandoc with XeLaTeX; raises ``AbsentError`` where that is not installed."""
    if not shutil.which("xelatex"):
        raise AbsentError("xelatex")
    settings = config.load(book / SETTINGS, SETTINGS)
    pdf = folder / "xelatex.pdf"
    looks = _variables(_latex(settings))
    pandoc = _pandoc(book, folder, settings)
    return Rival((*pandoc, "--pdf-engine=xelatex", *looks, "--output", pdf), pdf)


def typst(book: Path, folder: Path) -> Rival:
    """Prepare pandoc with Typst; raises ``AbsentError`` where that is not installed."""
    if importlib.util.find_spec("typst") is None:
        raise AbsentError("typst (from PyPI)")
    settings = config.load(book / SETTINGS, SETTINGS)
    pdf = folder / "typst.pdf"
    looks = {"mainfont": fonts.FAMILY, "fontsize": settings.print.size, "papersize": _SHEET}
    to_typst = ("--to=typst", "--standalone", *_variables(looks.items()))
    cut_fonts = fonts.faces(font_folder())[0].path.parent
    module = (sys.executable, "-P", "-m", "benchmarks.typst_alone")
    return Rival((*module, pdf, cut_fonts, *_pandoc(book, folder, settings), *to_typst), pdf)


ALL: Mapping[str, Callable[[Path, Path], Rival]] = {
    "weasyprint": weasyprint,
    "tagged": tagged,
    "xelatex": xelatex,
    "typst": typst,
}
"""Each takes the book's folder, and one for the rival's own files."""


def _pandoc(book: Path, folder: Path, settings: Config) -> tuple[str | Path, ...]:
    """Give the part of the command that both engines share, and write what it reads."""
    source = folder / "pandoc.md"
    source.write_text(pandoc_source.make(book), "utf-8")
    style, _ = find_style(settings.citations.style, book, Span(SETTINGS))
    assert style is not None
    return (
        pypandoc.get_pandoc_path(),
        source,
        "--from=markdown",
        "--citeproc",
        f"--csl={style.path}",
        *(f"--bibliography={path}" for path in sorted((book / "bib").glob("*.bib"))),
        "--toc",
        "--toc-depth=2",
        "--number-sections",
        "--top-level-division=chapter",
        f"--metadata=title:{settings.title}",
        f"--metadata=lang:{settings.language}",
        "--metadata=link-citations",
    )


def _latex(settings: Config) -> Iterator[tuple[str, str]]:
    """Give pandoc's variables for a page and faces like the print edition's."""
    margins, trim = settings.print.margins, settings.print.trim
    own = (face for face in fonts.faces(font_folder()) if face.family == fonts.FAMILY)
    names = {(face.style, face.weight): face.path for face in own}
    roman = names["normal", 400]
    yield "documentclass", "book"
    yield "fontsize", settings.print.size
    yield "geometry", f"paperwidth={trim[0]},paperheight={trim[1]}"
    yield "geometry", f"top={margins.top},bottom={margins.bottom}"
    yield "geometry", f"inner={margins.inside},outer={margins.outside}"
    yield "mainfont", roman.name
    yield "mainfontoptions", f"Path={roman.parent}/"
    yield "mainfontoptions", f"BoldFont={names['normal', 700].name}"
    yield "mainfontoptions", f"ItalicFont={names['italic', 400].name}"
    yield "mainfontoptions", f"BoldItalicFont={names['italic', 700].name}"


def _variables(variables: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (f"--variable={name}:{value}" for name, value in variables)
