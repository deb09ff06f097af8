"""Building books from the command line: what is written, what is said, what is left alone."""

import gc
import json
import multiprocessing
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import pikepdf
import pypdfium2 as pdfium
import pytest
import unsound_workers
from PIL import ImageCms
from support import ROOT, Settings, chapter, files_in, lines, octavo, signs, write_book

from octavo import build, outcome
from octavo.book import Book
from octavo.cli import running
from octavo.criticmarkup import Mode
from octavo.problems import BookError
from octavo.typeset import workers
from octavo.typeset.facts import Job, Laid


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
            running.main([str(argument) for argument in arguments])
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
    said = [Path(line.split("  ")[0]) for line in done.stdout.splitlines()]
    assert said == [tmp_path / "book" / "dist" / path.name for path in said]
    names = {path.name for path in said}
    assert names == {path.name for path in (tmp_path / "book" / "dist").iterdir()}
    (slug,) = [name.removesuffix(".epub") for name in names if name.endswith(".epub")]
    assert names == {f"{slug}.pdf", f"{slug}-press.pdf", "pages.json", "web", f"{slug}.epub"}


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
    assert lines[1] == f"{book / 'dist' / 'salt-press.pdf'}  {pages} pages, for the press"
    assert lines[2] == f"{book / 'dist' / 'pages.json'}  page facts"
    assert lines[3].startswith(f"{book / 'dist' / 'web'}  ")
    assert lines[4].startswith(f"{book / 'dist' / 'salt.epub'}  ")
    assert len(lines) == 5
    assert files_in(book / "dist") == files_in(built_book / "dist")


def test_building_is_the_default_and_finds_the_book_of_this_folder(book: Path) -> None:
    shutil.rmtree(book / "dist")
    done = octavo(cwd=book)
    assert done.returncode == 0
    assert done.stdout.splitlines()[0].startswith("dist/salt.pdf  ")


@pytest.mark.parametrize(
    ("editions", "names"),
    [
        ("web", ["web"]),
        ("epub,print", ["pages.json", "salt-press.pdf", "salt.epub", "salt.pdf"]),
    ],
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
        "1. First.",
        "• one",
        "• two",
        "1. three",
        "Quoted.",
        "Last.",
        "1",
    ]


def test_the_pdfs_say_what_they_are(tmp_path: Path) -> None:
    root = write_book(tmp_path / "b", {"one": chapter("One", "A.")}, Settings(trim=("4in", "6in")))
    toml = root / "content" / "book.toml"
    named = toml.read_text().replace("Salt and Silk", "Salt & <Silk>")
    toml.write_text(named.replace("An Author", "Nguyễn Thị Mai"))
    build.build(root, root / "dist", ("print",), 1, lambda _: None)
    for name in ("salt.pdf", "salt-press.pdf"):
        with pikepdf.open(root / "dist" / name) as pdf:
            assert str(pdf.docinfo["/Title"]) == "Salt & <Silk>"
            assert str(pdf.docinfo["/Author"]) == "Nguyễn Thị Mai"
            assert str(pdf.Root.Lang) == "en-GB"
            with pdf.open_metadata() as xmp:
                assert xmp["dc:title"] == "Salt & <Silk>"
                assert xmp["dc:creator"] == ["Nguyễn Thị Mai"]
                assert xmp["dc:rights"] == "© 2026 Nguyễn Thị Mai"
                assert str(xmp["xmp:CreateDate"]).startswith("2026-03-04T00:00:00")


# Warm builds


@pytest.fixture
def submitted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What workers are given to do from now on: the task, and the section if it is of one."""
    found: list[str] = []
    submit = workers.Crew.submit

    def record(self: workers.Crew, task: Callable[[Any], Any], given: Any) -> "Future[Any]":
        found.append(f"{task.__name__} {getattr(given, 'section', '')}".strip())
        return submit(self, task, given)

    monkeypatch.setattr(workers.Crew, "submit", record)
    return found


JOINING = ["assemble_press", "assemble_reading"]


def print_again(book: Path) -> None:
    build.build(book, book / "dist", ("print",), 1, lambda _: None)


def test_a_warm_build_lays_nothing_out(book: Path, submitted: list[str]) -> None:
    before = files_in(book / "dist")
    print_again(book)
    assert sorted(submitted) == JOINING
    assert files_in(book / "dist") == before


def test_what_is_damaged_in_the_store_is_laid_out_again(
    built_book: Path, book: Path, run: Run
) -> None:
    entries = [path for path in (book / ".cache" / "octavo" / "store").rglob("*") if path.is_file()]
    assert len(entries) > 3
    for number, entry in enumerate(entries):
        data = entry.read_bytes()
        entry.write_bytes(data[: len(data) // 2] if number % 2 else b"")
    (book / "dist" / "salt.pdf").unlink()
    done = run("--book", book, "--edition", "print", "--explain")
    assert done.returncode == 0
    assert "text ch-salt: made: what was kept is damaged" in done.stdout
    assert (book / "dist" / "salt.pdf").read_bytes() == (
        built_book / "dist" / "salt.pdf"
    ).read_bytes()


def test_a_changed_chapter_alone_is_laid_out_again(book: Path, submitted: list[str]) -> None:
    path = book / "content" / "chapters" / "silk.md"
    path.write_text(path.read_text().replace("came late", "came very late"))
    print_again(book)
    assert sorted(submitted) == [*JOINING, "lay_out ch-silk"]


def test_furniture_alone_is_set_again_when_folios_change(book: Path, submitted: list[str]) -> None:
    """A chapter that grows by two pages moves those behind it."""
    path = book / "content" / "chapters" / "salt.md"
    path.write_text(path.read_text() + "\nMore of it.\n" * 60)
    print_again(book)
    assert "lay_out ch-salt" in submitted
    assert "lay_out ch-silk" not in submitted
    assert "set_furniture ch-silk" in submitted


def test_a_moved_book_needs_no_new_layout(book: Path, tmp_path: Path, submitted: list[str]) -> None:
    moved = book.rename(tmp_path / "elsewhere")
    test_a_warm_build_lays_nothing_out(moved, submitted)


def test_why_something_was_laid_out_is_explained(book: Path, run: Run, tmp_path: Path) -> None:
    def reasons(*more: object) -> dict[str, str]:
        done = run("--book", book, "--edition", "print", "--explain", *more)
        assert done.returncode == 0
        said = done.stdout.splitlines()
        made = [line for line in said if "/dist/" in line or str(tmp_path / "out") in line]
        assert len(made) == 3
        steps = dict(line.split(": ", 1) for line in said if line not in made)
        return {name: why for name, why in steps.items() if "ch-" in name or name == "book"}

    everything = {"text ch-salt", "text ch-silk", "furniture ch-salt", "furniture ch-silk"}
    assert reasons() == dict.fromkeys(everything, "kept")
    assert reasons() == {"book": "nothing has changed since the last build"}
    path = book / "content" / "chapters" / "silk.md"
    path.write_text(path.read_text().replace("came late", "came very late"))
    assert reasons() == dict.fromkeys(everything, "kept") | {
        "text ch-silk": "made: text changed",
    }
    look = book / "templates" / "print" / "book.css"
    look.parent.mkdir(parents=True)
    look.write_text(
        (ROOT / "octavo/templates/print/book.css").read_text() + "p { word-spacing: 1pt }"
    )
    assert reasons() == dict.fromkeys(everything, "made: stylesheets changed")
    shutil.rmtree(book / ".cache")
    assert reasons("--output", tmp_path / "out") == dict.fromkeys(everything, "made: new")


def test_a_build_with_nothing_to_do_is_not_run(
    book: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run("--book", book)
    before = modified(book / "dist")
    with monkeypatch.context() as patch:
        patch.setattr(build, "build", refuse)
        assert run("--book", book) == first
    assert modified(book / "dist") == before
    (book / "dist" / "web" / "index.html").write_text("gone")
    assert run("--book", book) == first
    assert (book / "dist" / "web" / "index.html").read_text() != "gone"


def test_editions_without_print_take_the_pages_printed_last(
    tmp_path: Path, small_book: Path, run: Run
) -> None:
    book = tmp_path / "book"
    shutil.copytree(small_book, book)

    def pages() -> list[str]:
        run("--book", book, "--edition", "web")
        found = (book / "dist" / "web" / "salt.html").read_text()
        return re.findall(r' id="page-(\w+)"', found)

    assert pages() == []
    run("--book", book, "--edition", "print")
    printed = json.loads((book / "dist" / "pages.json").read_text())["pages"]
    assert pages() == [page["folio"] for page in printed if page["section"] == "ch-salt"]


def test_a_page_that_is_no_longer_known_is_reported(
    tmp_path: Path, small_book: Path, run: Run
) -> None:
    book = tmp_path / "book"
    shutil.copytree(small_book, book)
    salt = book / "content" / "chapters" / "salt.md"
    salt.write_text(salt.read_text() + "\n".join(f"\nWord{n} " * 30 for n in range(40)))
    run("--book", book, "--edition", "print")
    text = salt.read_text()
    salt.write_text(text.replace("Salt came early", "Salt, of all goods of the coast, came early"))
    done = run("--book", book, "--edition", "web")
    assert done.returncode == 0
    assert "[page-begins-where-printed]" not in done.stderr
    salt.write_text(re.sub(r"Word\d+", "Other", text))
    done = run("--book", book, "--edition", "web")
    printed = json.loads((book / "dist" / "pages.json").read_text())["pages"]
    salt_pages = [page for page in printed if page["section"] == "ch-salt"]
    within = {page["folio"] for page in salt_pages if page["begins"]["characters"]}
    said = "the web edition does not show where page (.*) begins"
    assert within == set(re.findall(said, done.stderr)) != set()


def refuse(*arguments: object) -> None:
    raise AssertionError("a build was asked for")


def test_warnings_are_said_again_when_nothing_is_done(tmp_path: Path, run: Run) -> None:
    root = write_book(tmp_path / "b", {"one": chapter("One", "A {++mark++}.")})
    first = run("--book", root, "--edition", "web")
    assert "warning: a mark of editing is open in this file" in first.stderr
    assert run("--book", root, "--edition", "web") == first


def append(path: str, text: str) -> Callable[[Path], object]:
    def change(book: Path) -> None:
        file = book / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes((file.read_bytes() if file.exists() else b"") + text.encode())

    return change


@pytest.mark.parametrize(
    "change",
    [
        append("content/chapters/silk.md", "\nMore.\n"),
        append("bib/works.bib", "% more\n"),
        append("templates/web/scripts/notes.js", "// mine"),
        append("dist/web/more.html", "more"),
        append("dist/salt.epub", "more"),
        lambda book: (book / "dist" / "pages.json").unlink(),
        lambda book: (book / "bib" / "works.bib").rename(book / "bib" / "other.bib"),
    ],
)
def test_a_build_is_run_when_anything_has_changed(
    book: Path, change: Callable[[Path], object], run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    run("--book", book)
    change(book)
    monkeypatch.setattr(build, "build", refuse)
    assert "a build was asked for" in run("--book", book).stderr


def test_a_build_is_run_when_the_press_profile_has_changed(book: Path, run: Run) -> None:
    """Whatever its name is."""
    profile = book / "profiles" / "ours"
    profile.parent.mkdir()
    profile.write_bytes((ROOT / "octavo" / "data" / "fogra39.icc").read_bytes())
    append("content/book.toml", '\n[print.press]\nprofile = "profiles/ours"\n')(book)
    assert run("--book", book, "--edition", "print").returncode == 0
    profile.write_bytes(b"no profile")
    assert run("--book", book, "--edition", "print").returncode == 1


def test_a_build_is_run_when_a_linked_folder_has_changed(
    book: Path, tmp_path: Path, run: Run
) -> None:
    chapters = book / "content" / "chapters"
    chapters.rename(tmp_path / "chapters")
    chapters.symlink_to(tmp_path / "chapters", target_is_directory=True)
    assert run("--book", book, "--edition", "web").returncode == 0
    append("chapters/silk.md", "\nNever more.\n")(tmp_path)
    assert run("--book", book, "--edition", "web").returncode == 0
    assert "Never more" in (book / "dist" / "web" / "silk.html").read_text()


def test_what_is_changed_while_a_build_runs_is_built_by_the_next(
    book: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    chapter = book / "content" / "chapters" / "silk.md"
    build_all = build.build

    def slow(
        root: Path,
        target: Path,
        editions: Sequence[str],
        jobs: int,
        progress: build.Progress,
        marks: Mode,
    ) -> outcome.Result:
        def told(words: str) -> None:
            progress(words)
            if words == "writing":
                chapter.write_text(chapter.read_text().replace("came late", "came never"))

        return build_all(root, target, editions, jobs, told, marks)

    monkeypatch.setattr(build, "build", slow)
    assert run("--book", book, "--edition", "web").returncode == 0
    monkeypatch.setattr(build, "build", build_all)
    assert run("--book", book, "--edition", "web").returncode == 0
    assert "came never" in (book / "dist" / "web" / "silk.html").read_text()


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
    root = write_book(tmp_path / "b", {"one": chapter("One", "A {++mark++}.")})
    done = run("--book", root, "--edition", "web")
    assert done.returncode == 0
    assert "content/chapters/one.md:4:3: warning: a mark of editing is open" in done.stderr
    assert (root / "dist" / "web" / "index.html").exists()


def test_an_output_that_cannot_be_written_is_named(book: Path, tmp_path: Path, run: Run) -> None:
    (tmp_path / "taken").write_text("a file")
    done = run("--book", book, "--output", tmp_path / "taken" / "out", "--edition", "epub")
    assert done.returncode == 1
    assert str(tmp_path / "taken") in done.stderr
    assert "Traceback" not in done.stderr
    assert (tmp_path / "taken").read_text() == "a file"


@pytest.mark.parametrize(
    ("act", "said"),
    [
        (unsound_workers.kill, "the process that laid this section out was ended from outside"),
        (unsound_workers.fail, "this section cannot be laid out: ValueError: no box for ch-silk"),
    ],
)
def test_a_section_that_cannot_be_laid_out_is_named(
    tmp_path: Path,
    small_book: Path,
    act: Callable[[Job], Laid],
    said: str,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    root = Path(shutil.copytree(small_book, tmp_path / "book"))
    with monkeypatch.context() as patch:
        patch.setattr(workers, "local", unsound_workers.local("ch-silk", act))
        done = run("--book", root, "--jobs", 2)
    assert done.returncode == 1
    first, hint, last = done.stderr.splitlines()
    assert first == f"content/chapters/silk.md:5: error: {said} [section-can-be-laid-out]"
    assert hint.startswith("  hint: ")
    assert last == "1 error: nothing was written"
    assert not (root / "dist").exists()
    # What the others gave is kept.
    result = build.build(root, root / "dist", ("print",), 1, lambda _: None)
    made = [
        step for step, why in result.reasons.items() if step.startswith("text") and why != "kept"
    ]
    assert "text ch-silk" in made
    assert "text ch-salt" not in made
    assert (root / "dist" / "salt.pdf").exists()


def test_a_worker_that_is_ended_between_jobs_stops_nothing() -> None:
    """One that dies while it loads what it needs, say."""

    def start() -> ProcessPoolExecutor:
        return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"))

    with workers.Crew(start, 1) as crew:
        assert isinstance(crew.submit(os._exit, 1).exception(), BrokenExecutor)
        assert dict(crew.do(abs, [("a", -2), ("b", -3)])) == {"a": 2, "b": 3}


def test_steps_are_taken_while_workers_are_at_work() -> None:
    taken: list[str] = []

    def steps() -> Iterator[None]:
        for name in ("one", "two", "three"):
            taken.append(name)
            yield

    with workers.Crew(lambda: ThreadPoolExecutor(1), 1) as crew:
        crew.meanwhile(steps())
        assert list(crew.do(lambda _: time.sleep(0.2), [("a", 1)])) == [("a", None)]
        assert taken == ["one", "two", "three"]
        crew.meanwhile(steps())
        assert list(crew.do(abs, [])) == []
        assert taken == ["one", "two", "three"]


def test_steps_that_are_left_are_dropped() -> None:
    taken: list[str] = []

    def steps() -> Iterator[None]:
        taken.append("one")
        yield

    with workers.Crew(lambda: ThreadPoolExecutor(1), 1) as crew:
        crew.meanwhile(steps())
        crew.drop_steps()
        assert list(crew.do(lambda _: None, [("a", 1)])) == [("a", None)]
    assert taken == []


def test_a_process_that_stays_holds_no_book_built_before(small_book: Path, tmp_path: Path) -> None:
    """Else the preview's memory would grow with every save."""
    root = Path(shutil.copytree(small_book, tmp_path / "book"))

    def held() -> int:
        gc.collect()
        return sum(isinstance(one, Book) for one in gc.get_objects())

    before = held()
    with build.crew(1) as crew:
        build.build_with(crew, root, root / "dist", outcome.EDITIONS, lambda words: None)
        assert held() == before


def test_a_cache_that_cannot_be_written_is_done_without(small_book: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(small_book, tmp_path / "book"))
    (root / ".cache").write_text("in the way")
    done = octavo("--book", root)
    assert (done.returncode, done.stderr) == (0, "")
    assert (root / ".cache").read_text() == "in the way"
    assert len(list((root / "dist").iterdir())) == 5


def test_two_builds_of_a_book_at_once(built_book: Path, small_book: Path, tmp_path: Path) -> None:
    root = Path(shutil.copytree(small_book, tmp_path / "book"))
    both = [
        subprocess.Popen(
            [sys.executable, "-m", "octavo", "--book", str(root), "--jobs", "1"],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [process.communicate(timeout=120) for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert said[0] == said[1]
    assert said[0][1] == ""
    assert files_in(root / "dist") == files_in(built_book / "dist")


def test_the_pdfs_bear_the_date_that_is_asked_for(
    book: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1000000000")
    assert run("--book", book, "--edition", "print").returncode == 0
    for name in ("salt.pdf", "salt-press.pdf"):
        with pikepdf.open(book / "dist" / name) as pdf:
            assert str(pdf.docinfo["/CreationDate"]) == "D:20010909014640Z"
            assert str(pdf.docinfo["/ModDate"]) == "D:20010909014640Z"
            with pdf.open_metadata() as xmp:
                assert str(xmp["xmp:CreateDate"]) == "2001-09-09T01:46:40Z"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "")
    assert run("--book", book, "--edition", "print").returncode == 0
    with pikepdf.open(book / "dist" / "salt.pdf") as pdf:
        assert str(pdf.docinfo["/CreationDate"]) == "D:20260304000000Z"


@pytest.mark.parametrize("given", ["tomorrow", "1e9", "9" * 30])
def test_a_date_that_is_no_number_is_refused(
    book: Path, given: str, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = modified(book / "dist")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    done = run("--book", book)
    assert done.returncode == 1
    assert f'SOURCE_DATE_EPOCH is "{given}", which is no number of seconds' in done.stderr
    assert "[date-is-given-in-seconds]" in done.stderr
    assert "Traceback" not in done.stderr
    assert modified(book / "dist") == before


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {},
            "the profile profiles/ours.icc cannot be read: there is no such file "
            "[press-profile-is-readable]",
        ),
        (
            {"profiles/ours.icc": b"no profile"},
            "profiles/ours.icc is no ICC output profile for CMYK [press-profile-is-for-cmyk]",
        ),
        (
            {"profiles/ours.icc": SRGB},
            "profiles/ours.icc is no ICC output profile for CMYK [press-profile-is-for-cmyk]",
        ),
        (
            {"profiles/ours.icc": b""},
            "profiles/ours.icc is no ICC output profile for CMYK [press-profile-is-for-cmyk]",
        ),
    ],
)
def test_a_press_profile_that_cannot_be_used_is_told(
    tmp_path: Path, files: dict[str, str | bytes], said: str, run: Run
) -> None:
    root = write_book(tmp_path / "b", {"one": chapter("One", "A.")}, Settings(files=files))
    toml = root / "content" / "book.toml"
    toml.write_text(toml.read_text() + '\n[print.press]\nprofile = "profiles/ours.icc"\n')
    line = toml.read_text().splitlines().index('profile = "profiles/ours.icc"') + 1
    done = run("check", "--book", root)
    assert done.returncode == 1
    assert done.stderr.splitlines()[0] == f"content/book.toml:{line}: error: {said}"


def test_a_press_profile_of_the_books_own_is_used(tmp_path: Path, run: Run) -> None:
    profile = (ROOT / "octavo" / "data" / "fogra39.icc").read_bytes()
    root = write_book(
        tmp_path / "b",
        {"one": chapter("One", "A.")},
        Settings(files={"profiles/ours.icc": profile}),
    )
    toml = root / "content" / "book.toml"
    toml.write_text(
        toml.read_text() + '\n[print.press]\nprofile = "profiles/ours.icc"\ncondition = "FOGRA52"\n'
    )
    assert run("--book", root, "--edition", "print").returncode == 0
    with pikepdf.open(root / "dist" / "salt-press.pdf") as pdf:
        (intent,) = pdf.Root.OutputIntents
        assert str(intent.OutputConditionIdentifier) == "FOGRA52"
        assert intent.DestOutputProfile.read_bytes() == profile


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
        build.build(root, root / "dist", outcome.EDITIONS, 1, lambda _: None)
    assert not (root / "dist").exists()


def test_a_books_own_template_is_used(tmp_path: Path) -> None:
    root = write_book(
        tmp_path / "b",
        {"one": chapter("One", "A.")},
        Settings(files={"templates/web/scripts/notes.js": "// mine"}),
    )
    build.build(root, root / "dist", ("web",), 1, lambda _: None)
    assert "// mine\n" in (root / "dist" / "web" / "reading.js").read_text()
