"""Building books from the command line: what is written, what is said, what is left alone."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pypdfium2 as pdfium
import pytest
from support import ROOT, Settings, chapter, files_in, lines, octavo, signs, write_book

from octavo import build, cli
from octavo.problems import BookError
from octavo.typeset import workers
from octavo.typeset.facts import Job


@pytest.fixture
def book(tmp_path: Path, built_book: Path) -> Path:
    """A copy of the small book with its outputs and its store."""
    return Path(shutil.copytree(built_book, tmp_path / "book"))


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


class Run(Protocol):
    def __call__(self, *arguments: object, cwd: Path | None = None) -> Done: ...


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command line in this process, which is quicker than in one of its own."""
    monkeypatch.delenv("OCTAVO_BOOK", raising=False)

    def call(*arguments: object, cwd: Path | None = None) -> Done:
        monkeypatch.chdir(cwd or ROOT)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Done(int(ended.value.code or 0), said.out, said.err)

    return call


def modified(folder: Path) -> dict[str, int]:
    return {path.as_posix(): path.stat().st_mtime_ns for path in folder.rglob("*")}


# What is built


def test_the_new_book_builds(tmp_path: Path) -> None:
    made = octavo("new", tmp_path / "book")
    assert made.returncode == 0
    assert f"--book {tmp_path / 'book'}" in made.stdout
    done = octavo("--book", tmp_path / "book")
    assert (done.returncode, done.stderr) == (0, "")
    names = {Path(line.split("  ")[0]).name for line in done.stdout.splitlines()}
    assert len(names) == 3
    assert {path.suffix for path in (tmp_path / "book" / "dist").iterdir()} == {"", ".pdf", ".epub"}


def test_new_leaves_what_is_there(tmp_path: Path, run: Run) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    done = run("new", tmp_path)
    assert done.returncode == 1
    assert "is there already" in done.stderr
    assert files_in(tmp_path) == {"notes.txt": b"mine"}


def test_outputs_are_named_with_what_they_are(built_book: Path, book: Path, run: Run) -> None:
    done = run("build", "--book", book)
    pages = len(pdfium.PdfDocument((book / "dist" / "salt.pdf").read_bytes()))
    lines = done.stdout.splitlines()
    assert lines[0] == f"{book / 'dist' / 'salt.pdf'}  {pages} pages"
    assert lines[1].startswith(f"{book / 'dist' / 'web'}  ")
    assert lines[2].startswith(f"{book / 'dist' / 'salt.epub'}  ")
    assert files_in(book / "dist") == files_in(built_book / "dist")


def test_building_is_the_default_and_finds_the_book_of_this_folder(book: Path) -> None:
    shutil.rmtree(book / "dist")
    done = octavo(cwd=book)
    assert done.returncode == 0
    assert done.stdout.splitlines()[0].startswith("dist/salt.pdf  ")


@pytest.mark.parametrize(
    ("editions", "names"),
    [("web", ["web"]), ("epub,print", ["salt.epub", "salt.pdf"])],
)
def test_editions(book: Path, editions: str, names: list[str], run: Run) -> None:
    shutil.rmtree(book / "dist")
    assert run("--book", book, "--edition", editions).returncode == 0
    assert sorted(path.name for path in (book / "dist").iterdir()) == names


def test_output_goes_where_it_is_told(book: Path, tmp_path: Path, run: Run) -> None:
    before = modified(book / "dist")
    assert run("--book", book, "--output", tmp_path / "a" / "b").returncode == 0
    assert files_in(tmp_path / "a" / "b") == files_in(book / "dist")
    assert modified(book / "dist") == before


def test_lists_and_quotations_stay_in_their_notes(tmp_path: Path) -> None:
    """HTML allows no blocks in a paragraph, where the note stands until CSS moves it."""
    note = "First.\n\n    - one\n    - two\n\n    1. three\n\n    > Quoted.\n\n    Last."
    body = f"Before.[^n] Behind.\n\n[^n]: {note}\n"
    root = write_book(tmp_path / "b", {"one": chapter("One", body)}, Settings(trim=("4in", "6in")))
    build.build(root, root / "dist", ("print",), 1, lambda _: None)
    page = lines(signs((root / "dist" / "salt.pdf").read_bytes())[0])
    assert page[-8:] == [
        "Before.1 Behind.",
        "1.First.",
        "• one",
        "• two",
        "1. three",
        "Quoted.",
        "Last.",
        "1",
    ]


# Warm builds


def test_a_warm_build_starts_no_worker(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: object, *arguments: object) -> None:
        raise AssertionError("a worker was asked for")

    monkeypatch.setattr(workers.Crew, "make_up", refuse)
    monkeypatch.setattr(workers.Crew, "lay_out", refuse)
    said: list[str] = []
    build.build(book, book / "dist", ("print",), 1, said.append)
    assert any(words.startswith("print: ") for words in said)


def test_what_is_damaged_in_the_store_is_laid_out_again(
    built_book: Path, book: Path, run: Run
) -> None:
    entries = [path for path in (book / ".cache" / "octavo" / "store").rglob("*") if path.is_file()]
    assert len(entries) > 3
    for number, entry in enumerate(entries):
        data = entry.read_bytes()
        entry.write_bytes(data[: len(data) // 2] if number % 2 else b"")
    (book / "dist" / "salt.pdf").unlink()
    assert run("--book", book, "--edition", "print").returncode == 0
    assert (book / "dist" / "salt.pdf").read_bytes() == (
        built_book / "dist" / "salt.pdf"
    ).read_bytes()


def test_a_changed_chapter_alone_is_made_up_again(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book / "content" / "chapters" / "silk.md"
    path.write_text(path.read_text().replace("came late", "came very late"))
    asked: list[str] = []
    make_up = workers.Crew.make_up

    def record(self: workers.Crew, job: Job) -> object:
        asked.append(job.section)
        return make_up(self, job)

    monkeypatch.setattr(workers.Crew, "make_up", record)
    build.build(book, book / "dist", ("print",), 1, lambda _: None)
    assert asked == ["ch-silk"]


def test_a_moved_book_needs_no_new_layout(
    book: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = book.rename(tmp_path / "elsewhere")
    test_a_warm_build_starts_no_worker(moved, monkeypatch)


# Errors


def test_errors_write_nothing(book: Path, run: Run) -> None:
    before = modified(book / "dist")
    path = book / "content" / "chapters" / "silk.md"
    path.write_text(path.read_text() + "\nMore.[@nobody, 3] See [](#nowhere).\n")
    done = run("--book", book)
    assert done.returncode == 1
    assert done.stdout == ""
    assert "content/chapters/silk.md:7:6: error: no work has the key" in done.stderr
    assert "[cross-reference-has-target]" in done.stderr
    assert done.stderr.splitlines()[-1] == "2 errors: nothing was written"
    assert modified(book / "dist") == before


def test_a_warning_stops_nothing(tmp_path: Path, run: Run) -> None:
    root = write_book(tmp_path / "b", {"one": chapter("One", "A [mark]{.index}.")})
    done = run("--book", root, "--edition", "web")
    assert done.returncode == 0
    assert "content/chapters/one.md:4:3: warning: index marks" in done.stderr
    assert (root / "dist" / "web" / "index.html").exists()


def test_an_output_that_cannot_be_written_is_named(book: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "taken").write_text("a file")
    done = run("--book", book, "--output", tmp_path / "taken" / "out", "--edition", "epub")
    assert done.returncode == 1
    assert str(tmp_path / "taken") in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "taken").read_text() == "a file"


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--edition", "papyrus"], 2, "papyrus"),
        (["--jobs", "0"], 2, "--jobs"),
        (["biuld"], 2, 'did you mean "build"'),
        (["--book", "no-such-folder"], 2, "no-such-folder"),
        (["--nonsense"], 2, "--nonsense"),
        (["--version"], 0, ""),
        (["--help"], 0, ""),
    ],
)
def test_wrong_calls(
    tmp_path: Path, arguments: list[str], status: int, said: str, run: Run
) -> None:
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == status
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert bool(done.stdout) == (status == 0)


def test_no_book_here(tmp_path: Path, run: Run) -> None:
    done = run(cwd=tmp_path)
    assert done.returncode == 1
    assert "content/book.toml: error: there is no such file [book-file-exists]" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_check_says_so_and_writes_nothing(book: Path, run: Run) -> None:
    before = modified(book / "dist")
    done = run("check", "--book", book)
    assert done.returncode == 0
    assert done.stdout.endswith("2 works: no errors\n")
    assert modified(book / "dist") == before


def test_clean_takes_away_what_was_made_and_no_more(book: Path, run: Run) -> None:
    (book / "dist" / "mine.txt").write_text("mine")
    assert run("clean", "--book", book).returncode == 0
    assert files_in(book / "dist") == {"mine.txt": b"mine"}
    assert not (book / ".cache" / "octavo").exists()
    assert (book / "content" / "book.toml").exists()


def test_doctor_finds_what_is_needed(run: Run) -> None:
    done = run("doctor")
    assert done.returncode == 0
    assert "FAIL" not in done.stdout
    assert "EB Garamond" in done.stdout


# The terminal


def test_no_colour_and_no_progress_in_a_pipe(book: Path) -> None:
    done = octavo("--book", book, "--edition", "web")
    assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="has no pseudo-terminals")
@pytest.mark.parametrize("no_colour", [False, True])
def test_colour_on_a_terminal_unless_it_is_not_wanted(tmp_path: Path, no_colour: bool) -> None:
    root = write_book(tmp_path / "b", {"one": chapter("One", "A.[@nobody]")})
    import pty  # noqa: PLC0415 - not on every system

    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "octavo", "check", "--book", str(root)],
        env={
            **{k: v for k, v in os.environ.items() if k not in {"NO_COLOR", "OCTAVO_BOOK"}},
            **({"NO_COLOR": "1"} if no_colour else {}),
            "PYTHONPATH": str(ROOT),
            "TERM": "xterm-256color",
        },
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b"".join(_read_all(ours))
    os.close(ours)
    assert process.wait() == 1
    assert b"no work has the key" in shown
    assert (b"\x1b[1;31m" in shown) is not no_colour


def _read_all(descriptor: int) -> Iterator[bytes]:
    while True:
        try:
            data = os.read(descriptor, 4096)
        except OSError:  # Linux says so when the other end has closed
            return
        if not data:
            return
        yield data


# Interruptions


@pytest.mark.skipif(sys.platform == "win32", reason="has other signals")
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (signal.SIGINT, 130),
        (signal.SIGKILL, -signal.SIGKILL),
    ],
)
def test_an_interrupted_build_leaves_the_earlier_outputs(
    book: Path, sent: signal.Signals, status: int
) -> None:
    before = files_in(book / "dist")
    for path in (book / "content" / "chapters").glob("*.md"):
        path.write_text(path.read_text() + "\nA new paragraph.\n" * 50)
    process = subprocess.Popen(
        [sys.executable, "-m", "octavo", "--book", str(book), "--jobs", "1"],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    store = book / ".cache" / "octavo" / "store"
    known = len(list(store.rglob("*")))
    until = time.monotonic() + 120
    while len(list(store.rglob("*"))) == known and time.monotonic() < until:
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    process.send_signal(sent)
    _, said = process.communicate(timeout=60)
    assert process.returncode == status
    assert "Traceback" not in said
    assert files_in(book / "dist") == before
    assert octavo("--book", book).returncode == 0
    assert files_in(book / "dist") != before


# As a library


def test_build_raises_all_problems_at_once(tmp_path: Path) -> None:
    root = write_book(
        tmp_path / "b", {"one": chapter("One", "A.[@x] [](#y) <b>"), "two": "No header."}
    )
    with pytest.raises(BookError) as raised:
        build.build(root, root / "dist", ("web",), 1, lambda _: None)
    rules = {problem.rule for problem in raised.value.problems}
    assert rules >= {"citation-key-exists", "text-is-markdown", "section-has-title"}
    assert not (root / "dist").exists()


def test_text_outside_its_page_stops_the_build(tmp_path: Path) -> None:
    look = (ROOT / "octavo" / "templates" / "print" / "book.css").read_text()
    root = write_book(
        tmp_path / "b",
        {"one": chapter("One", "A.")},
        Settings(
            files={"templates/print/book.css": look + "p { position: relative; top: -900pt }"}
        ),
    )
    with pytest.raises(BookError, match="text-stands-on-page"):
        build.build(root, root / "dist", build.EDITIONS, 1, lambda _: None)
    assert not (root / "dist").exists()


def test_a_books_own_template_is_used(tmp_path: Path) -> None:
    root = write_book(
        tmp_path / "b",
        {"one": chapter("One", "A.")},
        Settings(files={"templates/web/notes.js": "// mine"}),
    )
    build.build(root, root / "dist", ("web",), 1, lambda _: None)
    assert (root / "dist" / "web" / "notes.js").read_text() == "// mine"
