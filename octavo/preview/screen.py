"""The web edition of one reading of the book: each of its files is made when it is asked for."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from threading import Lock

from octavo.editions import web
from octavo.editions.paging import Paging
from octavo.editions.web.loaded import with_fonts
from octavo.editions.web.offline import WORKER
from octavo.fonts import WebFont
from octavo.templating import Templates

_COSTLY = ("search/", "cite/")
"""Folders of files that are made of all documents together."""


class Screen:
    """The files of the web edition; those of a reading share their documents, see ``with_``.

    There is no service worker among them: it would show the book as it was.
    """

    def __init__(
        self,
        making: web.Making,
        paging: Paging,
        fonts: Sequence[WebFont],
        templates: Templates,
        lock: AbstractContextManager[object] | None = None,
    ) -> None:
        """Show the documents that ``making`` gives with the marks of these printed pages."""
        self.making, self.paging, self.fonts = making, paging, tuple(fonts)
        self._templates = templates
        self._lock = lock or Lock()

    @property
    def names(self) -> Mapping[str, str]:
        """Give the names of the sections' documents, by the sections' ids."""
        return self.making.names

    def with_(self, paging: Paging, fonts: Sequence[WebFont]) -> "Screen":
        """Give the same reading with other pages, or other fonts."""
        return Screen(self.making, paging, fonts, self._templates, self._lock)

    def fonts_needed(self) -> tuple[WebFont, ...]:
        """Give the fonts that the documents need as they are now; makes all of them."""
        with self._lock:
            return self.making.fonts(self.paging)

    @property
    def style(self) -> bytes:
        """Give the stylesheet, which names the fonts."""
        with self._lock:
            return self._loaded["style.css"]

    def prepare_style(self) -> None:
        """Make all that documents load; raises ``BookError`` where a template is not sound."""
        with self._lock:
            self._loaded  # noqa: B018 - made here, and kept

    def prepare(self, name: str) -> None:
        """Make a document, if there is one of that name, for who will ask for it."""
        with self._lock:
            self.making.document(name, self.paging)

    def file(self, name: str) -> bytes | None:
        """Give a file by its name below the edition's folder; None where there is none."""
        with self._lock:
            document = self.making.document(name, self.paging)
            if document is not None:
                return with_fonts(document.written, self.fonts, self._templates).encode()
            if name in self._loaded:
                return self._loaded[name]
            if name.endswith(".html") or name.startswith(_COSTLY):
                return self._whole.get(name)
        return None

    @cached_property
    def _loaded(self) -> Mapping[str, bytes]:
        return self.making.loaded(self.fonts, self.paging)

    @cached_property
    def _whole(self) -> Mapping[str, bytes]:
        files = dict(self.making.finish(self.paging).files)
        del files[WORKER]
        return files
