"""Redlines out of git: revisions, what can be wrong with them, and the command ``diff``."""

import subprocess
from pathlib import Path

import pytest
from support import chapter, octavo, write_book

from octavo.problems import BookError
from octavo.redline import books, proofs, revisions, sides
from octavo.redline.revisions import Revision
from octavo.store import Store


def git(folder: Path, *arguments: str) -> None:
    own = ["-c", "user.name=E", "-c", "user.email=e@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *own, *arguments], cwd=folder, check=True, capture_output=True)


def commit(folder: Path, text: str, tag: str) -> None:
    write_book(folder, {"salt": chapter("Salt", text)})
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", tag)
    git(folder, "tag", tag)


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """Give a book with two revisions, in a folder of its repository."""
    home = tmp_path / "a repository"
    home.mkdir()
    git(home, "init", "--quiet")
    (home / "readme").write_text("no book yet")
    git(home, "add", "--all")
    git(home, "commit", "--quiet", "--message", "before")
    git(home, "tag", "empty")
    folder = home / "my book"
    commit(folder, "The salt came in spring.", "round-1")
    commit(folder, "The salt came in autumn.", "round-2")
    return folder


def problems(book: Path, name: str) -> list[str]:
    with pytest.raises(BookError) as raised, revisions.checked_out(book, name):
        pass
    return [f"{problem.rule}: {problem.hint}" for problem in raised.value.problems]


def test_a_revision_is_laid_out_and_the_repository_left_alone(book: Path) -> None:
    before = sorted(path for path in book.parent.rglob("*"))
    with revisions.checked_out(book, "round-1") as revision:
        text = (revision.root / "content" / "chapters" / "salt.md").read_text()
        assert "spring" in text
        assert revision.name == "round-1" and revision.day is not None
        folder = revision.root
    assert not folder.exists()
    assert sorted(path for path in book.parent.rglob("*")) == before


def test_what_git_would_change_in_an_archive_is_there_all_the_same(book: Path) -> None:
    (book / ".gitattributes").write_text("content/chapters export-ignore\n")
    commit(book, "The salt came late.", "round-3")
    with revisions.checked_out(book, "round-3") as revision:
        assert (revision.root / "content" / "chapters" / "salt.md").exists()


@pytest.mark.parametrize("name", ["round-3", "--upload-pack=x", "", "HEAD~99", "round 1"])
def test_a_revision_that_does_not_exist_is_named(book: Path, name: str) -> None:
    assert problems(book, name)[0].startswith("revision-exists: ")


def test_what_may_have_been_meant_is_said(book: Path) -> None:
    assert problems(book, "rond-1") == ['revision-exists: did you mean "round-1"?']
    assert problems(book, "mian") == ['revision-exists: did you mean "main"?']
    told = "revision-exists: commits before HEAD: 2; git log --oneline lists them"
    assert problems(book, "HEAD~99") == [told]


def test_a_revision_without_the_book_is_named(book: Path) -> None:
    assert problems(book, "empty") == ["revision-has-book: name a later revision"]


def test_a_book_that_stood_elsewhere_then_is_found(book: Path) -> None:
    git(book.parent, "mv", "my book", "its book")
    git(book.parent, "commit", "--quiet", "--message", "moved")
    moved = book.parent / "its book"
    assert problems(moved, "round-1") == [
        "revision-has-book: it has a book in: my book; --book names the folder of one"
    ]


def test_a_folder_without_a_repository_and_a_machine_without_git_are_told_apart(
    tmp_path: Path, book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = write_book(tmp_path / "alone", {"a": chapter("A", "One.")})
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    assert problems(alone, "HEAD")[0].startswith("book-is-in-repository: ")
    monkeypatch.setenv("PATH", "")
    assert problems(book, "HEAD")[0].startswith("git-is-installed: ")


def test_the_settings_of_the_day_hold_and_not_those_of_then(book: Path) -> None:
    toml = book / "content" / "book.toml"
    now = toml.read_text()
    then = now.replace("[citations]", "[citations]\nno-more-known = 1\nfiles = 5")
    toml.write_text(then.replace("back = []", "back = 1"))
    git(book, "commit", "--quiet", "--all", "--message", "other settings")
    toml.write_text(now)
    kept, now_there = Store(book / "store"), Revision(book)
    draft = sides.read(now_there, book, kept)
    with revisions.checked_out(book, "HEAD") as earlier:
        old = sides.old(earlier, draft, kept)
    new = sides.new(draft, now_there, kept)
    assert books.merge(proofs.comparison(old, new, draft, kept)).changes == ()


def test_settings_that_are_no_toml_are_named_as_git_names_them(book: Path) -> None:
    toml = book / "content" / "book.toml"
    now = toml.read_text()
    toml.write_text("title = ")
    git(book, "commit", "--quiet", "--all", "--message", "broken")
    toml.write_text(now)
    done = octavo("diff", "HEAD", "--book", book)
    assert done.returncode == 1
    assert ":content/book.toml" in done.stderr and "[settings-are-toml]" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_command_makes_a_proof_and_leaves_the_editions_alone(book: Path) -> None:
    final = book / "dist" / "web" / "index.html"
    final.parent.mkdir(parents=True)
    final.write_text("final")
    done = octavo("diff", "round-1", "round-2", "--book", book, "--jobs", 1)
    assert (done.returncode, done.stderr) == (0, "")
    assert "1 change: 1 word added, 1 word taken out" in done.stdout
    made = book / "dist" / "redline"
    document = (made / "web" / "salt.html").read_text()
    assert '<del class="deleted" id="salt.mark-1">spring</del><ins class="added">autumn' in document
    listed = (made / "web" / "changes.html").read_text()
    assert 'href="salt.html#salt.mark-1"' in listed and "round-1" in listed
    assert (made / "salt-changes.pdf").read_bytes().startswith(b"%PDF")
    assert final.read_text() == "final"
    first = {path: path.read_bytes() for path in made.rglob("*") if path.is_file()}
    octavo("diff", "round-1", "round-2", "--book", book, "--jobs", 2)
    assert {path: path.read_bytes() for path in made.rglob("*") if path.is_file()} == first


def test_two_revisions_are_compared_whose_settings_hold_no_more(book: Path) -> None:
    toml = book / "content" / "book.toml"
    now = toml.read_text()
    toml.write_text(now.replace("[citations]", "[citations]\nno-more-known = 1"))
    git(book, "commit", "--quiet", "--all", "--message", "other settings")
    toml.write_text(now)
    kept = Store(book / "store")
    with revisions.checked_out(book, "HEAD") as later:
        draft = sides.read(later, book, kept)
        assert sides.new(draft, later, kept).book.section("salt").title_text == "Salt"
