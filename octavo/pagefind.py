"""The one door to Pagefind: texts in, the files of a search that needs no server out.

Pagefind comes with its binary from PyPI (``pagefind_bin``).  It is run as the service that its own
clients use: requests and answers are JSON in base64, each with a comma behind it.  Its client for
Python is passed over, as it waits a tenth of a second for every answer; its command line, as it
numbers texts in the order in which the file system names them, so that no two machines would make
the same index.  Here every request is answered before the next is made.
"""

import base64
import json
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pagefind_bin

from octavo import store, tools
from octavo.problems import BookError, Problem, Span
from octavo.store import Store

_PACKAGE = "pagefind_bin"
_ENTRY = "pagefind-entry.json"
_CODE = "pagefind.js"
_ANY_LANGUAGE = "wasm.unknown.pagefind"
_HASHED = (".pf_meta", ".pf_index", ".pf_fragment")


class PagefindError(Exception):
    """Pagefind failed; the message is its own."""


@dataclass(frozen=True)
class Text:
    """What is found as one: the address that a result leads to, and an HTML document."""

    address: str
    document: str


class Indexing:
    """The index of texts in the making, by Pagefind, while this process does other things."""

    def __init__(self, texts: Iterable[Text], kept: Store | None) -> None:
        """Begin with it; the index of the same texts comes from the store, if there is one."""
        self.texts = tuple(texts)
        self._is_wanted = True
        aside = ThreadPoolExecutor(1)
        self._made = aside.submit(self._index, kept)
        aside.shutdown(wait=False)

    def drop(self) -> None:
        """Go no further: the texts have turned out to be others."""
        self._is_wanted = False

    def files(self) -> dict[str, bytes]:
        """Give the index, and the code that searches in it: file names → contents.

        Of Pagefind's files only those that its programming interface loads are given.  Raises
        ``BookError`` where Pagefind cannot be run, or fails.
        """
        try:
            made = json.loads(self._made.result())
        except (PagefindError, OSError) as error:
            message = f"Pagefind cannot index the web edition: {error}"
            raise BookError([Problem("search-is-indexed", message, Span(Path()))]) from error
        files = {file["path"]: base64.b64decode(file["content"]) for file in made["files"]}
        return {path: files[path] for path in sorted(_loaded(files))}

    def _index(self, kept: Store | None) -> bytes:
        parts = [part for text in self.texts for part in (text.address, text.document)]
        name = store.key([_PACKAGE, tools.version(_PACKAGE), *parts])
        return store.once(kept, name, lambda: json.dumps(self._answer()).encode())

    def _answer(self) -> dict[str, Any]:
        """Give what Pagefind answers to the request for its files."""
        service = subprocess.Popen(
            [pagefind_bin.get_executable(), "--service"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        with service:
            made = _ask(service, type="NewIndex", config={"keep_index_url": True})
            number = made["index_id"]
            for text in self.texts:
                if not self._is_wanted:
                    raise PagefindError("nobody wants this index any more")
                _ask(
                    service,
                    type="AddFile",
                    index_id=number,
                    url=text.address,
                    file_contents=text.document,
                )
            return _ask(service, type="GetFiles", index_id=number)


def _loaded(files: Mapping[str, bytes]) -> Iterator[str]:
    """Give those of the files that a search without Pagefind's own dialogs loads."""
    yield from (_CODE, _ENTRY)
    yield from (path for path in files if path.endswith(_HASHED))
    for language in json.loads(files[_ENTRY])["languages"].values():
        yield f"wasm.{language['wasm']}.pagefind" if language["wasm"] else _ANY_LANGUAGE


def _ask(service: subprocess.Popen[bytes], **payload: object) -> dict[str, Any]:
    assert service.stdin is not None
    assert service.stdout is not None
    request = json.dumps({"message_id": 1, "payload": payload}).encode()
    service.stdin.write(base64.b64encode(request) + b",")
    service.stdin.flush()
    answer = bytearray()
    while not answer.endswith(b","):
        read = service.stdout.read1()  # type: ignore[attr-defined]
        if not read:
            raise PagefindError("Pagefind ended before it had answered")
        answer += read
    given: dict[str, Any] = json.loads(base64.b64decode(answer[:-1]))["payload"]
    if given["type"] == "Error":
        raise PagefindError(given["message"])
    return given
