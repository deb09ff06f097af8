"""What the network says of links, by a server of our own."""

import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from support import chapter, write_book
from test_bad_input import status

from octavo.checks import network
from octavo.problems import Span


class Handler(BaseHTTPRequestHandler):
    """Answers with the status that the path names; ``/get/`` refuses HEAD."""

    asked: list[tuple[str, str]] = []  # noqa: RUF012 - one list for all requests

    def answer(self) -> None:
        Handler.asked.append((self.command, self.path))
        code = int(self.path.rsplit("/", 1)[-1])
        if "/get/" in self.path and self.command == "HEAD":
            code = 405
        if "/slow/" in self.path:
            time.sleep(2)
        self.send_response(code)
        if code in {301, 302}:
            self.send_header("Location", "/ok/200")
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = answer  # noqa: N815 - the library's names

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{made.server_port}"
    made.shutdown()
    made.server_close()


def ask(address: str) -> list[str]:
    return [problem.message for problem in network.check([(address, Span(Path("a.md"), 1, 1))])]


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/ok/200", ""),
        ("/get/200", ""),
        ("/moved/301", ""),
        ("/only-for-members/401", ""),
        ("/robots/403", ""),
        ("/gone/404", " is not there (status 404)"),
        ("/get/404", " is not there (status 404)"),
        ("/gone/410", " is not there (status 410)"),
        ("/broken/500", " has a server in trouble (status 500)"),
    ],
)
def test_what_an_answer_means(path: str, said: str, server: str) -> None:
    assert ask(server + path) == ([server + path + said] if said else [])


def test_who_does_not_answer_is_named(server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask("http://127.0.0.1:9/") == ["http://127.0.0.1:9/ does not answer: connection refused"]
    monkeypatch.setattr(network, "TIMEOUT", 0.3)
    slow = f"{server}/slow/200"
    assert ask(slow) == [f"{slow} does not answer: nothing came in 0 seconds"]


def test_each_address_is_asked_once_and_named_wherever_it_stands(server: str) -> None:
    Handler.asked.clear()
    spans = [Span(Path("a.md"), line) for line in (1, 2)]
    given = [
        (f"{server}/gone/404{part}", span) for part, span in zip(("", "#b"), spans, strict=True)
    ]
    assert [problem.span for problem in network.check(given)] == spans
    assert Handler.asked == [("HEAD", "/gone/404")]


def test_the_network_is_asked_only_online(
    server: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = write_book(tmp_path, {"one": chapter("One", f"See [it]({server}/gone/404).")})
    Handler.asked.clear()
    assert status("check", "--book", root) == 0
    assert not Handler.asked
    assert "link-answers" not in capsys.readouterr().err
    assert status("check", "--book", root, "--online") == 0
    assert "one.md:4:10: warning: " in capsys.readouterr().err
