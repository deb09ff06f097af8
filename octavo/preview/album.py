"""Pictures of printed pages, drawn by PDFium: not by the program that makes the PDFs."""

import hashlib
import io
from collections.abc import Callable, Collection, Mapping
from functools import lru_cache
from threading import Lock

import pypdfium2 as pdfium

WIDTHS = range(100, 3001)
"""How wide a picture may be (px)."""

_PICTURES = 96
"""How many pictures are remembered."""


class Album:
    """The PDFs of sections' pages, each by a key, and pictures of their pages."""

    def __init__(self) -> None:
        """Begin without any."""
        self._lock = Lock()
        self._makers: dict[str, Callable[[], bytes]] = {}
        self._before: Collection[str] = ()
        self._opened = lru_cache(maxsize=16)(self._open)
        self._drawn = lru_cache(maxsize=_PICTURES)(self._draw)

    def add(self, makers: Mapping[str, Callable[[], bytes]]) -> None:
        """Take up PDFs, which are made when the first picture of theirs is asked for."""
        with self._lock:
            self._makers.update(makers)

    def keep(self, keys: Collection[str]) -> None:
        """Forget the PDFs that are neither among these nor were among those kept before."""
        with self._lock:
            known = {*keys, *self._before}
            self._makers = {key: make for key, make in self._makers.items() if key in known}
            self._before = tuple(keys)

    def picture(self, key: str, number: int, width: int) -> bytes | None:
        """Draw the page ``number``, from 0, as a PNG ``width`` px wide; None where there is none.

        PDFium does one thing at a time.
        """
        with self._lock:
            if key not in self._makers or width not in WIDTHS:
                return None
            if not 0 <= number < len(self._opened(key)):
                return None
            return self._drawn(key, number, width)

    def _open(self, key: str) -> pdfium.PdfDocument:
        return pdfium.PdfDocument(self._makers[key]())

    def _draw(self, key: str, number: int, width: int) -> bytes:
        page = self._opened(key)[number]
        picture = page.render(scale=width / page.get_width()).to_pil()
        page.close()
        out = io.BytesIO()
        picture.save(out, "PNG", compress_level=1)
        return out.getvalue()


def key(*parts: bytes) -> str:
    """Give the key of a PDF that is made of these parts."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()[:16]
