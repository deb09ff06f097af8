"""Builds of a book give the same bytes, wherever, by whomever and however they are made."""

import os
import shutil
from pathlib import Path

import pytest
from support import files_in, octavo

from octavo import build


@pytest.fixture(scope="module")
def pair(
    tmp_path_factory: pytest.TempPathFactory, small_book: Path, built_book: Path
) -> list[dict[str, bytes]]:
    """All files of two cold builds that differ in everything that must not matter.

    The cut fonts are those of the user who runs the tests: they need not be cut again.
    """
    root = tmp_path_factory.mktemp("pair") / "hai — 越"
    shutil.copytree(small_book, root)
    fonts = build.font_folder().parents[1]
    other = {
        "PYTHONHASHSEED": "7",
        "TZ": "Asia/Ho_Chi_Minh",
        "LC_ALL": "C",
        "LOGNAME": "octavo-tester",
        "USER": "octavo-tester",
        "HOME": str(tmp_path_factory.mktemp("home")),
        "XDG_CACHE_HOME": str(fonts),
        "COLUMNS": "40",
    }
    done = octavo("--book", root, "--jobs", 1, "--output", root / "out", cwd=root.parent, **other)
    assert (done.returncode, done.stderr) == (0, "")
    return [files_in(built_book / "dist"), files_in(root / "out")]


FILES = ["salt.pdf", "salt-press.pdf", "pages.json", "salt.epub"]


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_the_same(pair: list[dict[str, bytes]], name: str) -> None:
    assert pair[0][name] == pair[1][name]
    assert len(pair[0][name]) > (1_000 if name == "pages.json" else 10_000)


def test_the_web_folder_is_the_same(pair: list[dict[str, bytes]]) -> None:
    one, two = ({n: data for n, data in files.items() if "/" in n} for files in pair)
    assert sorted(one) == sorted(two)
    assert {"web/index.html", "web/salt.html", "web/style.css"} <= set(one)
    assert [name for name in one if one[name] != two[name]] == []


def test_these_are_all_files(pair: list[dict[str, bytes]]) -> None:
    assert {name.split("/")[0] for name in pair[0]} == {*FILES, "web"}


def test_no_path_of_the_machine_is_in_an_output(pair: list[dict[str, bytes]]) -> None:
    for name, data in pair[0].items():
        for path in (str(Path.home()), "/tmp/", "file:", "octavo-tester"):
            assert path.encode() not in data, (name, path)


@pytest.mark.parametrize("jobs", [1, 4])
def test_cold_and_warm_builds_give_the_same_with_any_number_of_workers(
    jobs: int, tmp_path: Path, small_book: Path, built_book: Path
) -> None:
    """The fixture's build had two; the second build here takes all from what the first kept."""
    root = Path(shutil.copytree(small_book, tmp_path / "book"))
    wanted = files_in(built_book / "dist")
    for output in ("cold", "warm"):
        build.build(root, root / output, ("print", "web", "epub"), jobs, lambda _: None)
        assert files_in(root / output) == wanted, output


def test_what_was_built_before_does_not_show(
    tmp_path: Path, small_book: Path, built_book: Path
) -> None:
    """Chapters changed and changed back, one edition after another."""
    root = Path(shutil.copytree(small_book, tmp_path / "book"))
    path = root / "content" / "chapters" / "salt.md"
    before = path.read_bytes()
    path.write_bytes(before + b"\nMore of it.\n" * 40)
    build.build(root, root / "dist", ("print",), 2, lambda _: None)
    path.write_bytes(before)
    for edition in ("web", "print", "epub"):
        build.build(root, root / "dist", (edition,), 2, lambda _: None)
    found = files_in(root / "dist")
    wanted = files_in(built_book / "dist")
    for name in ("salt.pdf", "salt-press.pdf", "pages.json"):
        assert found[name] == wanted[name], name


def test_the_age_of_files_does_not_matter(
    tmp_path: Path, small_book: Path, built_book: Path
) -> None:
    root = Path(shutil.copytree(small_book, tmp_path / "book"))
    for path in root.rglob("*"):
        os.utime(path, (1_000_000_000, 1_000_000_000))
    build.build(root, root / "dist", ("print",), 1, lambda _: None)
    found = files_in(root / "dist")
    wanted = files_in(built_book / "dist")
    assert found == {name: wanted[name] for name in found}
    assert len(found) == 3
