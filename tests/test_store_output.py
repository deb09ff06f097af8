"""The store of earlier layouts, and the writing of outputs: always whole, whatever happens."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from support import ROOT, files_in

from octavo import store
from octavo.output import replace_all, replace_file
from octavo.store import Store

# Store


def test_what_is_put_is_got(tmp_path: Path) -> None:
    kept = Store(tmp_path / "store")
    name = store.key(["a"])
    assert kept.get(name) is None
    kept.put(name, b"contents")
    assert kept.get(name) == b"contents"
    assert Store(tmp_path / "store").get(name) == b"contents"


def test_keys_tell_parts_apart() -> None:
    parts: list[list[str | bytes]] = [
        ["ab", "c"],
        ["a", "bc"],
        ["abc"],
        ["abc", ""],
        [b"abc", "x"],
    ]
    keys = [store.key(of) for of in parts]
    assert len(set(keys)) == len(keys)
    assert store.key(["é"]) == store.key(["é".encode()])


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:-1],
        lambda data: data + b"x",
        lambda data: data[:40] + bytes([data[40] ^ 1]) + data[41:],
        lambda data: b"x" * len(data),
    ],
)
def test_a_damaged_entry_is_as_good_as_none(tmp_path: Path, damage: object) -> None:
    kept = Store(tmp_path)
    name = store.key(["a"])
    kept.put(name, b"contents of some length")
    (path,) = [path for path in tmp_path.rglob("*") if path.is_file()]
    path.write_bytes(damage(path.read_bytes()))  # type: ignore[operator]
    assert kept.get(name) is None
    kept.put(name, b"again")
    assert kept.get(name) == b"again"


def test_what_was_used_longest_ago_goes_first(tmp_path: Path) -> None:
    kept = Store(tmp_path, limit=3 * 132)
    names = [store.key([str(number)]) for number in range(5)]
    for age, name in enumerate(names):
        kept.put(name, bytes(100))
        path = next(path for path in tmp_path.rglob("*") if path.name == name[2:])
        os.utime(path, (1000 + age, 1000 + age))
    assert kept.get(names[0]) is not None  # used now
    kept.prune()
    assert [kept.get(name) is not None for name in names] == [True, False, False, True, True]


def test_a_store_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    kept = Store(tmp_path / "file" / "store")
    kept.put(store.key(["a"]), b"x")
    assert kept.get(store.key(["a"])) is None
    kept.prune()


# Outputs


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.pdf"
    replace_file(path, b"one")
    with path.open("rb") as reader:
        replace_file(path, b"two!")
        assert reader.read() == b"one"
    assert path.read_bytes() == b"two!"
    assert path.stat().st_mode & 0o777 == 0o644
    assert [entry.name for entry in path.parent.iterdir()] == ["a.pdf"]


def test_a_file_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.pdf"
    replace_file(path, b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="No space"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_holds_just_what_it_is_given(tmp_path: Path) -> None:
    path = tmp_path / "web"
    replace_all({path: {"index.html": b"1", "fonts/a.woff2": b"2"}})
    replace_all({path: {"index.html": b"3", "images/b.png": b"4"}})
    assert files_in(path) == {"images/b.png": b"4", "index.html": b"3"}
    assert path.stat().st_mode & 0o777 == 0o755
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("platform", ["linux", "darwin"])
def test_a_folder_is_replaced_on_every_system(
    tmp_path: Path, platform: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    path = tmp_path / "web"
    for contents in (b"1", b"2", b"3"):
        replace_all({path: {"index.html": contents}})
        assert files_in(path) == {"index.html": contents}
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "web"
    replace_all({path: {"index.html": b"old"}})
    write = Path.write_bytes

    def fail(self: Path, data: bytes) -> int:
        if self.name == "last.html":
            raise OSError(28, "No space left on device")
        return write(self, data)

    monkeypatch.setattr(Path, "write_bytes", fail)
    with pytest.raises(OSError, match="No space"):
        replace_all({path: {"index.html": b"new", "last.html": b"new"}})
    assert files_in(path) == {"index.html": b"old"}
    assert list(tmp_path.iterdir()) == [path]


WRITER = """
import sys
from pathlib import Path
from octavo.output import replace_all, replace_file
root = Path(sys.argv[1])
print("go", flush=True)
for number in range(10**9):
    text = str(number).encode() * 50
    replace_file(root / "a.pdf", text)
    replace_all({root / "web": {f"{name}.html": text for name in "abcdefgh"}})
"""


def test_readers_never_see_half_and_a_kill_leaves_the_old_whole(tmp_path: Path) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    try:
        assert writer.stdout
        writer.stdout.readline()
        while not (tmp_path / "web").exists():
            time.sleep(0.01)
        seen: set[bytes] = set()
        until = time.monotonic() + 60
        while len(seen) < 20 and time.monotonic() < until:
            found = (tmp_path / "a.pdf").read_bytes()
            assert found == whole(found)
            seen.add(found)
        assert len(seen) == 20
    finally:
        writer.kill()
        writer.wait()
        if writer.stdout:
            writer.stdout.close()
    found = (tmp_path / "a.pdf").read_bytes()
    assert found == whole(found)
    documents = files_in(tmp_path / "web")
    assert len(documents) == 8
    assert len(set(documents.values())) == 1
    replace_all({tmp_path / "web": {"a.html": b"x"}})
    assert files_in(tmp_path / "web") == {"a.html": b"x"}


def whole(found: bytes) -> bytes:
    """Give what a whole file of the writer's is that begins as this one does."""
    return found[: len(found) // 50] * 50
