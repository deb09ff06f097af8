"""Two builds of a book give the same bytes, wherever, whenever and however they are made."""

import shutil
from pathlib import Path

import pytest
from support import files_in, octavo


@pytest.fixture(scope="module")
def pair(
    tmp_path_factory: pytest.TempPathFactory, small_book: Path, built_book: Path
) -> list[dict[str, bytes]]:
    """All files of two cold builds that differ in everything that must not matter."""
    root = tmp_path_factory.mktemp("pair") / "hai — 越"
    shutil.copytree(small_book, root)
    other = {"PYTHONHASHSEED": "7", "TZ": "Asia/Ho_Chi_Minh", "LC_ALL": "C"}
    done = octavo("--book", root, "--jobs", 1, "--output", root / "out", cwd=root.parent, **other)
    assert (done.returncode, done.stderr) == (0, "")
    return [files_in(built_book / "dist"), files_in(root / "out")]


@pytest.mark.parametrize("name", ["salt.pdf", "salt.epub"])
def test_a_file_is_the_same(pair: list[dict[str, bytes]], name: str) -> None:
    assert pair[0][name] == pair[1][name]
    assert len(pair[0][name]) > 10_000


def test_the_web_folder_is_the_same(pair: list[dict[str, bytes]]) -> None:
    one, two = ({n: data for n, data in files.items() if "/" in n} for files in pair)
    assert sorted(one) == sorted(two)
    assert {"web/index.html", "web/salt.html", "web/style.css"} <= set(one)
    assert [name for name in one if one[name] != two[name]] == []


def test_no_path_of_the_machine_is_in_an_output(pair: list[dict[str, bytes]]) -> None:
    for name, data in pair[0].items():
        for path in (str(Path.home()), "/tmp/", "file:"):
            assert path.encode() not in data, (name, path)
