"""Answers the pages of the preview: the shell with its two panes, and all that these show."""

import asyncio
import hashlib
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import closing, suppress
from pathlib import Path
from types import FrameType

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from octavo import build
from octavo.criticmarkup import Mode
from octavo.preview import links, watching
from octavo.preview.guard import Guard
from octavo.preview.messages import messages
from octavo.preview.state import NOTHING
from octavo.preview.workshop import Workshop
from octavo.problems import BookError
from octavo.templating import Templates

HOST = "127.0.0.1"
"""The preview listens on this machine alone."""

FIRST_PORT = 8017
"""The port that is tried first where none is asked for, so that an open page finds it again."""

_PORTS = 20
"""How many ports are tried one after the other before any free one is taken."""

_SHELL = (
    "shell.css",
    "shell.js",
    "frame.css",
    "frame.js",
    "pages.js",
    "patch.js",
    "problems.js",
    "icon.svg",
)
"""The files of the shell, beside the document itself."""

_ALIVE = 15.0
"""After how long (s) without news a stream of events says that it is still there."""


def free_socket(port: int | None) -> socket.socket:
    """Listen on a port; where None is asked for, on the first that is free.

    Raises ``OSError`` when the port asked for is taken.
    """
    wanted = [port] if port else [*range(FIRST_PORT, FIRST_PORT + _PORTS), 0]
    for number in wanted:
        listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, number))
            listening.listen()
        except OSError:
            listening.close()
            if number == wanted[-1]:
                raise
        else:
            return listening
    raise AssertionError


class News:
    """Wakes the streams of events when the state has changed; belongs to one event loop."""

    def __init__(self) -> None:
        """Begin without news."""
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self.has_ended = False

    def tell(self) -> None:
        """Wake all who wait; any thread may call this."""
        self._loop.call_soon_threadsafe(self._wake)

    def end(self) -> None:
        """Wake all who wait, for the last time."""
        self.has_ended = True
        self.tell()

    async def wait(self) -> None:
        """Wait for the next change."""
        await self._changed.wait()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()


def application(
    workshop: Workshop, news: News, templates: Templates, editor: str, root: Path, port: int
) -> Guard:
    """Give the application that shows what ``workshop`` makes of the book in ``root``.

    ``editor`` is the template of links to the manuscript's places (see ``links``); ``port`` is the
    one that the server listens on.
    """

    def shell(request: Request) -> Response:
        return _answer(request, templates.render("preview/shell.html", {}).encode(), "shell.html")

    def shell_file(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in _SHELL:
            return _nothing()
        return _answer(request, templates.render(f"preview/{name}", {}).encode(), name)

    def web(request: Request) -> Response:
        name = request.path_params["name"]
        if workshop.state.screen is None:
            made = templates.render("preview/waiting.html", {})
            return Response(made, 503, media_type="text/html")
        try:
            data = workshop.file(name)
        except BookError as error:
            return Response(str(error), 503, media_type="text/plain")
        return _nothing() if data is None else _answer(request, data, name)

    def page(request: Request) -> Response:
        given = request.path_params
        width = request.query_params.get("width", "")
        if not width.isascii() or not width.isdigit():
            return _nothing()
        data = workshop.album.picture(given["key"], given["number"], int(width))
        return _nothing() if data is None else _answer(request, data, "page.png")

    def pdf(request: Request) -> Response:
        data = workshop.pdf()
        return _nothing() if data is None else _answer(request, data, "book.pdf")

    def source(request: Request) -> Response:
        path = links.inside(root, request.query_params.get("path", ""))
        numbers = [request.query_params.get(name, "1") for name in ("line", "column")]
        if path is None or not all(one.isascii() and one.isdigit() for one in numbers):
            return _nothing()
        line, column = map(int, numbers)
        is_shown = request.query_params.get("shown") == "yes"
        there = workshop.line_now(path, line) if is_shown else line
        return JSONResponse({"href": links.link(editor, root / path, there, column)})

    async def events(request: Request) -> Response:
        return StreamingResponse(_events(workshop, news), media_type="text/event-stream")

    routes = [
        Route("/", shell),
        Route("/preview/{name}", shell_file),
        Route("/web/{name:path}", web),
        Route("/pages/{key}/{number:int}.png", page),
        Route("/book.pdf", pdf),
        Route("/source", source),
        Route("/events", events),
    ]
    return Guard(Starlette(routes=routes), port)


def _nothing() -> Response:
    return Response("There is nothing here.\n", 404, media_type="text/plain")


def _answer(request: Request, data: bytes, name: str) -> Response:
    """Answer with a file, or with the word that it is still the same (RFC 9110 §13.1.2)."""
    tag = f'"{hashlib.sha256(data).hexdigest()[:20]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    return Response(data, headers=headers, media_type=_TYPES.get(Path(name).suffix))


_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".gif": "image/gif",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".pdf": "application/pdf",
    ".bib": "text/plain",
    ".ris": "text/plain",
}


async def _events(workshop: Workshop, news: News) -> AsyncIterator[bytes]:
    """Give what has to be told, from nothing on; of states that follow fast, the last is told."""
    known = NOTHING
    while not news.has_ended:
        changed = asyncio.ensure_future(news.wait())
        now = workshop.state
        for message in messages(known, now):
            yield message.written()
        known = now
        done, _ = await asyncio.wait([changed], timeout=_ALIVE)
        if not done:
            changed.cancel()
            yield b": still here\n\n"


class _Server(uvicorn.Server):
    """A server that lets the streams of events end when it is to end itself."""

    def __init__(self, config: uvicorn.Config, news: News) -> None:
        super().__init__(config)
        self._news = news

    def end(self) -> None:
        """Begin to end."""
        self._news.end()
        self.should_exit = True

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to end, as a signal asks for."""
        self._news.end()
        super().handle_exit(sig, frame)


async def serve(
    root: Path,
    marks: Mode,
    jobs: int,
    listening: socket.socket,
    editor: str,
    ready: Callable[[str], None],
) -> None:
    """Show the book in ``root`` until a signal ends the process; its address is told to ``ready``.

    ``marks`` says what becomes of marks of editing; ``jobs`` is the number of worker processes
    beside the one for what is seen first.
    """
    news = News()
    port = listening.getsockname()[1]
    with (
        closing(listening),
        build.crew(jobs) as crew,
        build.crew(1) as scouts,
        Workshop(root, marks, crew, scouts, news.tell) as workshop,
    ):
        app = application(workshop, news, Templates(root), editor, root, port)
        settings = uvicorn.Config(app, log_config=None, access_log=False, server_header=False,
                                  lifespan="off", timeout_graceful_shutdown=1)  # fmt: skip
        server = _Server(settings, news)
        watcher = asyncio.ensure_future(watching.watch(root, workshop.change))
        watcher.add_done_callback(lambda _: server.end())
        ready(f"http://{HOST}:{port}/")
        await server.serve(sockets=[listening])
        watcher.cancel()
        with suppress(asyncio.CancelledError):
            await watcher
