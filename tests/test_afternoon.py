"""An editor's afternoon from end to end: preview, marks, Word there and back, checks, a redline."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from lxml import etree
from playwright.sync_api import Page, expect
from support import Settings, chapter, octavo, words, write_book
from wordlike import edited

SALT = Path("content/chapters/salt.md")
FIRST = "Salt came early to the market.[@gras, 12] It was dear."
SECOND = "Silk came late, and nobody knew why."
ADDED = "{++Rice came too.++}{>>@anna 2026-11-20: Is there a source?<<}"
TEXT = chapter("Salt", f"{FIRST}\n\n{SECOND}\n\nThe end is near.\n", id="ch-salt")


def git(folder: Path, *arguments: str) -> None:
    own = ["-c", "user.name=E", "-c", "user.email=e@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", message)


@dataclass(frozen=True)
class Desk:
    """What an editor has at hand: the book, a preview that runs, and its page in a browser."""

    book: Path
    preview: subprocess.Popen[str]
    page: Page

    def read(self) -> str:
        return (self.book / SALT).read_text(encoding="utf-8")

    def save(self, text: str) -> None:
        (self.book / SALT).write_text(text, encoding="utf-8")

    def build_py(self, *arguments: object, said: str = "") -> str:
        """Run a command that must end well; what it says of problems must be ``said``."""
        self.is_followed()
        done = octavo(*arguments, cwd=self.book)
        assert (done.returncode, said in done.stderr) == (0, True), done.stderr
        assert said or not done.stderr
        return done.stdout

    def is_followed(self) -> None:
        """Wait until the preview shows the pages of what was saved last."""
        expect(self.page.locator("#status")).to_have_text("up to date", timeout=30_000)

    def sees(self, text: str) -> None:
        expect(self.page.frame_locator("#text").locator("main")).to_contain_text(text)


@pytest.fixture
def desk(tmp_path: Path, page: Page) -> Iterator[Desk]:
    """A small book in a repository, committed once, and its preview open at the first chapter."""
    book = write_book(
        tmp_path / "a book",
        {"salt": TEXT, "silk": chapter("Silk", "Silk came late; see [](#ch-salt){.page}.")},
        Settings(front=("title",), back=("bibliography",), trim=("4in", "6in")),
    )
    (book / ".gitignore").write_text(".cache/\ndist/\n")
    git(book, "init", "--quiet")
    commit(book, "Round 1")
    command = [sys.executable, "-m", "octavo", "preview", "--book", str(book), "--jobs", "1"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True) as preview:
        assert preview.stdout is not None
        found = re.search(r"http://\S+:\d+/", preview.stdout.readline())
        assert found
        page.set_viewport_size({"width": 1280, "height": 720})
        page.goto(f"{found[0]}#salt.html")
        expect(page.locator("#pages img").first).to_be_visible(timeout=60_000)
        yield Desk(book, preview, page)
        preview.kill()


def test_an_afternoon_works_from_end_to_end(desk: Desk) -> None:
    an_edit_appears(desk)
    a_broken_citation_is_shown_at_its_paragraph_until_it_is_mended(desk)
    a_proof_shows_the_marks(desk)
    what_was_done_in_word_comes_back_and_nothing_else(desk)
    marks_that_are_accepted_leave_clean_text(desk)
    assert "no errors" in desk.build_py("check")
    commit(desk.book, "Round 2")
    a_redline_lists_what_has_changed(desk)
    ctrl_c_ends_the_preview(desk)


def an_edit_appears(desk: Desk) -> None:
    desk.sees("Salt came early")
    desk.save(TEXT.replace("came early", "came by sea"))
    desk.sees("Salt came by sea")
    desk.is_followed()


def a_broken_citation_is_shown_at_its_paragraph_until_it_is_mended(desk: Desk) -> None:
    sound = desk.read()
    desk.save(sound.replace("came by sea", "came by ship").replace("@gras", "@grass"))
    place = desk.page.locator("#problems .place")
    expect(place).to_have_text(re.compile(rf"^{re.escape(str(SALT))}:5:\d+$"))
    box = desk.page.frame_locator("#text").locator(".octavo-problem")
    expect(box).to_contain_text("grass")
    assert "Salt came by sea" in str(box.evaluate("box => box.nextElementSibling.textContent"))
    desk.save(sound)
    expect(box).to_have_count(0)
    expect(desk.page.locator("#problems-button")).to_be_hidden()
    desk.sees("Salt came by sea")


def a_proof_shows_the_marks(desk: Desk) -> None:
    desk.save(desk.read().replace(SECOND, f"{SECOND} {ADDED}"))
    desk.build_py("build", "--marks", "show", "--jobs", "1")
    proof = desk.book / "dist" / "proof"
    document = etree.parse(proof / "web" / "salt.html")
    assert [words(one) for one in document.iter("{*}ins")] == ["Rice came too."]
    for shown in (words(document.getroot()), printed(proof / "salt-proof.pdf")):
        assert "Rice came too." in shown and "Is there a source?" in shown
    assert [path.name for path in (desk.book / "dist").iterdir()] == ["proof"]


def what_was_done_in_word_comes_back_and_nothing_else(desk: Desk) -> None:
    stated = desk.build_py("export", "--docx", "--section", "silk,salt", said="marks")
    before = desk.read(), others(desk)
    sent = desk.book / "dist" / "docx" / "salt.docx"
    assert stated.split() == [f"dist/docx/{name}.docx" for name in ("salt", "silk")]
    back = desk.book.parent / "back from Anna.docx"
    back.write_bytes(
        edited(
            sent.read_bytes(),
            lambda word: word.replace("dear", "cheap"),
            lambda word: word.comment("near", "How near?"),
        )
    )
    desk.build_py("import", back)
    marked = desk.read()
    assert others(desk) == before[1]
    changed = before[0].replace("dear", "{~~dear~>cheap~~}")
    assert marked == changed.replace(
        "near", "{==near==}{>>@Anna Lê 2026-11-25T10:30:00Z: How near?<<}"
    )


def others(desk: Desk) -> dict[Path, bytes]:
    """Give all files of the manuscript but the chapter."""
    folder = desk.book / "content"
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    return {path: path.read_bytes() for path in paths if path != desk.book / SALT}


def marks_that_are_accepted_leave_clean_text(desk: Desk) -> None:
    desk.build_py("resolve", "--accept")
    now = TEXT.replace("came early", "came by sea").replace("dear", "cheap")
    assert desk.read() == now.replace(SECOND, f"{SECOND} Rice came too.")
    desk.sees("Rice came too.")


def a_redline_lists_what_has_changed(desk: Desk) -> None:
    said = desk.build_py("diff", "HEAD~1", "--jobs", "1")
    assert "3 changes: 6 words added, 2 words taken out" in said
    redline = desk.book / "dist" / "redline"
    documents = {
        path.stem: etree.parse(path).getroot() for path in (redline / "web").glob("*.html")
    }
    marks = {
        name: [words(mark) for mark in document.iter("{*}ins", "{*}del")]
        for name, document in documents.items()
    }
    made = ["early", "by sea", "dear", "cheap", "Rice came too."]
    assert {name: found for name, found in marks.items() if found} == {
        "salt": made,
        "changes": made,
        "book": made * 2,
    }
    ids = {element.get("id") for element in documents["salt"].iter()}
    places = [
        link.get("href", "").removeprefix("salt.html#")
        for link in documents["changes"].iterfind(".//{*}li//{*}a")
        if link.get("href", "").startswith("salt.html#ch-salt.mark")
    ]
    assert len(places) == 3 and ids.issuperset(places)
    pdf = printed(redline / "salt-changes.pdf")
    assert pdf.count("Rice came too.") == 2  # In the list, and in its place.


def printed(path: Path) -> str:
    """Give the words that a PDF prints."""
    pdf = pdfium.PdfDocument(path)
    text = " ".join(page.get_textpage().get_text_range() for page in pdf)
    pdf.close()
    return " ".join(text.split())


def ctrl_c_ends_the_preview(desk: Desk) -> None:
    desk.is_followed()
    desk.preview.send_signal(signal.SIGINT)
    assert desk.preview.wait(30) == 0
    assert desk.preview.stderr is not None
    assert desk.preview.stderr.read() == "the preview has ended\n"
