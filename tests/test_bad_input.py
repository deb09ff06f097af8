"""What is said of books that are not sound: each folder of ``tests/books`` is one of them.

A folder holds what is bad, and ``expected.txt``, what ``octavo check`` says of it.  Its files are
laid over those of ``tests/books/sound``, so that it need hold nothing else.  To add a book, make
its folder and run the tests with ``OCTAVO_ACCEPT=1``, which writes ``expected.txt``; then read
it: would an editor know what to do?
"""

import errno
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

import octavo
from octavo import output
from octavo.cli.running import main

BOOKS = Path(__file__).parent / "books"
NAMES = sorted(path.name for path in BOOKS.iterdir() if path.is_dir())


def lay_out(name: str, root: Path) -> Path:
    """Put the book ``name`` together in ``root``."""
    shutil.copytree(BOOKS / "sound", root, ignore=shutil.ignore_patterns("expected.txt"))
    shutil.copytree(BOOKS / name, root, dirs_exist_ok=True)
    (root / "expected.txt").unlink(missing_ok=True)
    return root


def files(root: Path) -> list[Path]:
    """Give all that stands in a book's folder but its cache."""
    found = sorted(path.relative_to(root) for path in root.rglob("*"))
    return [path for path in found if path.parts[0] != ".cache"]


def status(*arguments: str | Path) -> int:
    """Run the command line in this process and give its exit status."""
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


@pytest.mark.parametrize("name", NAMES)
def test_what_is_wrong_is_said(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = lay_out(name, tmp_path / "book")
    before = files(root)
    ended = status("check", "--book", root)
    said = capsys.readouterr()
    report = f"{said.err}{said.out}exit status {ended}\n"
    expected = BOOKS / name / "expected.txt"
    if os.environ.get("OCTAVO_ACCEPT"):
        expected.write_text(report, encoding="utf-8")
    assert report == expected.read_text(encoding="utf-8")
    assert str(tmp_path) not in report, "paths are relative to the book's folder"
    assert "a fault in Octavo" not in report
    assert ended == ("error: " in report)
    assert files(root) == before, "nothing is written but what is remembered"


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return lay_out("sound", tmp_path / "book")


Raiser = Callable[..., None]


def raises(error: BaseException) -> Raiser:
    def call(*arguments: object, **named: object) -> None:
        raise error

    return call


TEMPLATES = {
    "{{ config.titel }}": 'section.html:1: error: Config has no "titel"',
    "\n\n{{ nothing }}": "section.html:3: error: 'nothing' is undefined",
    "\n{% esle %}": "section.html:2: error: Encountered unknown tag 'esle'.",
    '{% include "none.html" %}': 'section.html:1: error: there is no template "none.html"',
    "<p>{{ 1 / 0 }}</p>": "section.html:1: error: division by zero",
    "<html><p></html>": "section.html: error: what this template makes is not well-formed: ",
    "\udce9": "section.html: error: this is not UTF-8 text",
}


@pytest.mark.parametrize("text", TEMPLATES)
def test_a_template_of_the_book_is_named_with_its_line(
    text: str, sound: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    template = sound / "templates" / "print" / "section.html"
    template.parent.mkdir(parents=True)
    template.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert status("build", "--book", sound, "--edition", "print") == 1
    said = capsys.readouterr().err
    assert f"templates/print/{TEMPLATES[text]}" in said
    assert "[template-is-sound]" in said
    assert not (sound / "dist").exists()


@pytest.mark.parametrize(
    ("path", "said"),
    {
        "content/book.toml": "content/book.toml: error: this file cannot be read: it is a folder",
        "content/chapters/one.md": "content/chapters/one.md: error: this file cannot be read",
        "bib/works.bib": "bib/works.bib: error: this file cannot be read: it is a folder",
    }.items(),
)
def test_a_folder_in_the_place_of_a_file(
    path: str, said: str, sound: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (sound / path).unlink()
    (sound / path).mkdir()
    assert status("check", "--book", sound) == 1
    assert said in capsys.readouterr().err


def test_a_file_that_may_not_be_read(
    sound: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    read = Path.read_bytes

    def refused(path: Path) -> bytes:
        if path.name in {"works.bib", "one.md", "two.md"}:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", refused)
    assert status("check", "--book", sound) == 1
    assert capsys.readouterr().err.splitlines() == [
        f"{name}: error: this file cannot be read: permission is denied [file-is-readable]"
        for name in ("bib/works.bib", "content/chapters/one.md", "content/chapters/two.md")
    ] + ["3 errors: nothing was written"]


def test_a_folder_without_a_book(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("check", "--book", tmp_path) == 1
    said = capsys.readouterr().err
    assert "content/book.toml: error: there is no such file [book-file-exists]" in said
    assert "--book" in said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("biuld",), 'There is no command "biuld"; did you mean "build"?'),
        (("--edition", "pdf"), "there is no edition 'pdf'; known: print, web, epub"),
        (("--edition", ""), "there is no edition"),
        (("--jobs", "0"), "0 is not in the range"),
        (("--job", "2"), "Did you mean '--jobs'?"),
        (("--book", "nowhere"), "does not exist"),
        (("build", "now"), "unexpected extra argument"),
        (("new",), "Missing argument 'DIR'"),
        (("--output", __file__), "is a file"),
    ],
)
def test_a_wrong_call(
    arguments: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(*arguments) == 2
    assert said in capsys.readouterr().err


def test_an_output_folder_that_cannot_be_made_is_said_before_the_work(
    sound: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("octavo.build.web.Making", raises(AssertionError("worked before")))
    (sound / "file").touch()
    assert status("--book", sound, "--edition", "web", "--output", sound / "file" / "dist") == 1
    assert f"error: {sound / 'file'}: not a directory" in capsys.readouterr().err


def test_a_full_disk_leaves_the_old_output(
    sound: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = sound / "dist" / "web" / "index.html"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    full = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "a draft")
    monkeypatch.setattr(Path, "write_bytes", raises(full))
    assert status("--book", sound, "--edition", "web") == 1
    place = sound / "dist" / "web"
    assert capsys.readouterr().err == f"error: {place}: no space left on device\n"
    assert [path.name for path in (sound / "dist").iterdir()] == ["web"]
    assert old.read_text() == "old"


@pytest.mark.parametrize(
    ("act", "ended", "said"),
    [
        (lambda: signal.raise_signal(signal.SIGTERM), 143, "ended; the earlier outputs"),
        (lambda: signal.raise_signal(signal.SIGINT), 130, "interrupted; the earlier outputs"),
        (raises(BrokenProcessPool()), 1, "a process that joins the pages was ended"),
    ],
)
def test_a_build_that_is_ended(
    act: Callable[[], None],
    ended: int,
    said: str,
    sound: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    handlers = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr("octavo.build.build", lambda *_: act())
    assert status("--book", sound) == ended
    assert said in capsys.readouterr().err
    assert signal.getsignal(signal.SIGTERM) is handlers


def test_workers_end_with_the_process_that_started_them(tmp_path: Path) -> None:
    script = tmp_path / "crew.py"
    script.write_text(
        "import multiprocessing, os, time\n"
        "from concurrent.futures import ProcessPoolExecutor\n"
        "from octavo.typeset import workers\n"
        "if __name__ == '__main__':\n"
        "    spawn = multiprocessing.get_context('spawn')\n"
        "    pool = ProcessPoolExecutor(1, spawn, workers.prepare, ('fonts.conf',))\n"
        "    pool.submit(os.getpid).result()\n"
        "    print('working', flush=True)\n"
        "    time.sleep(60)\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(octavo.__file__).parents[1])}
    with subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, env=environment
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"working\n"
        process.kill()
        # The worker holds the other end of the pipe: all is read when it has ended too.
        assert process.communicate(timeout=20)[0] == b""


def test_a_new_book_is_made_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").touch()
    assert status("new", tmp_path) == status("new", tmp_path / "file") == 1
    assert f"{tmp_path} is there already" in capsys.readouterr().err
    monkeypatch.setattr(
        "shutil.copytree", raises(shutil.Error([("a", "b", "[Errno 28] No space left: 'a'")]))
    )
    assert status("new", tmp_path / "book") == 1
    assert f"error: {tmp_path}/book: no space left\n".lower() in capsys.readouterr().err.lower()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_new_book_is_sound_and_holds_nothing_that_was_made(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status("new", tmp_path / "a" / "book") == 0
    names = sorted(path.name for path in (tmp_path / "a" / "book").iterdir())
    assert names == [".editorconfig", ".vscode", "bib", "content", "schema"]
    assert status("check", "--book", tmp_path / "a" / "book") == 0
    assert capsys.readouterr().err == ""


def test_clean_takes_drafts_that_a_lost_build_left(sound: Path) -> None:
    draft = sound / "dist" / f"{output.DRAFT}x"
    draft.mkdir(parents=True)
    assert status("clean", "--book", sound) == 0
    assert not (sound / "dist").exists()


@pytest.mark.parametrize(
    "text",
    {
        "quotes in quotes": "\n".join(
            f"{'> ' * depth}quote\n{'> ' * depth}" for depth in range(40)
        ),
        "lists in lists": "\n".join(f"{'    ' * depth}- item" for depth in range(40)),
        "a long paragraph": 'Words "and words", it\'s said -- often. ' * 1300,
        "notes": " ".join(f"Word^[Note, [@shore1901, {number}].]" for number in range(300)),
        "brackets": "[" * 400 + "]" * 200,
        "a long word": "x" * 20000,
        "zero width": "a\u200b\u2060\u200db" * 2000,
    }.items(),
    ids=lambda item: str(item[0]),
)
def test_what_is_long_or_deep_is_read_at_once(text: tuple[str, str], sound: Path) -> None:
    chapter = sound / "content" / "chapters" / "one.md"
    chapter.write_text(f"---\ntitle: One\n---\n{text[1]}\n", encoding="utf-8")
    before = signal.signal(signal.SIGALRM, lambda *_: pytest.fail("it takes too long"))
    signal.alarm(20)
    try:
        assert status("check", "--book", sound) == 0
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("text", ["x" * 300, f"|{' a |' * 40}\n|{'---|' * 40}\n|{' word |' * 40}"])
def test_what_is_wider_than_the_sheet_is_an_error(
    text: str, sound: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chapter = sound / "content" / "chapters" / "two.md"
    chapter.write_text(f"---\ntitle: Two\n---\n{text}\n\nText.[@tide1923]\n")
    assert status("--book", sound, "--edition", "print", "--jobs", "1") == 1
    first = capsys.readouterr().err.splitlines()[0]
    assert first.startswith("content/chapters/two.md:4: error: ")
    told = "stands outside its page (page 1 of this section) [text-stands-on-page]"
    assert first.endswith(told)
    assert not (sound / "dist").exists()
