"""A real browser for the tests, and a web server for what it looks at."""

import gzip
import os
import shutil
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, NoReturn

import pytest
from playwright.sync_api import Browser, sync_playwright

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
PACKED: Final = (".html", ".xhtml", ".css", ".js", ".json", ".svg", ".xml", ".txt")
OFFLINE: Final = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
)


def unavailable(reason: str) -> NoReturn:
    """Skip the test; in CI, where nothing may be missing, let it fail."""
    if "CI" in os.environ:
        pytest.fail(reason)
    pytest.skip(reason)


def path_of_chromium() -> str:
    """Find the system's Chromium; skip the test where there is none, but fail in CI."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    return path or unavailable(f"no browser: none of {', '.join(NAMES)} is installed")


def fonts_of_the_system() -> dict[str, str]:
    """Give the environment in which a browser finds all fonts, not those of the book alone."""
    return {name: value for name, value in os.environ.items() if name != "FONTCONFIG_FILE"}


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the system's Chromium; skip the test where there is none, but fail in CI."""
    path = path_of_chromium()
    with sync_playwright() as playwright:
        is_root = hasattr(os, "geteuid") and os.geteuid() == 0
        browser = playwright.chromium.launch(
            executable_path=path,
            args=OFFLINE,
            chromium_sandbox=not is_root,
            env=dict(fonts_of_the_system()),
        )
        yield browser
        browser.close()


class _Handler(SimpleHTTPRequestHandler):
    """Serve files below ``base`` as static hosts do: packed where that makes them smaller."""

    extensions_map = {  # noqa: RUF012 - declared so by the class above
        **SimpleHTTPRequestHandler.extensions_map,
        ".js": "text/javascript",
        ".svg": "image/svg+xml",
        ".wasm": "application/wasm",
        ".woff2": "font/woff2",
        ".xhtml": "application/xhtml+xml",
    }

    def __init__(
        self, *given: object, base: str, directory: str, headers: Mapping[str, str]
    ) -> None:
        self._base, self._headers = base, headers
        super().__init__(*given, directory=directory)  # type: ignore[arg-type]

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the tests say what went wrong."""

    def end_headers(self) -> None:
        """Send the headers that the test wants besides."""
        for name, value in self._headers.items():
            self.send_header(name, value)
        super().end_headers()

    def do_GET(self) -> None:
        address = self.path.partition("?")[0]
        if not address.startswith(self._base):
            self.send_error(404)
            return
        self.path = "/" + address.removeprefix(self._base)
        file = Path(self.translate_path(self.path))
        if file.is_dir():
            file /= "index.html"
        if file.suffix not in PACKED or not file.is_file():
            super().do_GET()
            return
        data = gzip.compress(file.read_bytes(), mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(file)))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class _Server(ThreadingHTTPServer):
    """A server that does not mind when a browser goes before it has all."""

    def handle_error(self, request: object, client_address: object) -> None:
        """Report what went wrong, but for a connection that was closed."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


@contextmanager
def served(
    folder: Path, base: str = "/", headers: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Serve a folder at a free port of this machine; give the address of ``base``, with its slash.

    ``base`` is the path below which the folder stands, as ``/books/salt/``; ``headers`` are sent
    with everything.
    """
    handler = partial(_Handler, base=base, directory=str(folder), headers=headers or {})
    with _Server(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}{base}"
        server.shutdown()
        thread.join()
