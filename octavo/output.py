"""Writes outputs so that each is always whole: the old one stands until the new one is complete."""

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

DRAFT = ".octavo-"
"""How the names of outputs begin that are not complete yet."""

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


Contents = bytes | Mapping[str, bytes]
"""What an output is: a file, or a folder of files by their names relative to it."""


class Drafts:
    """Outputs that are written beside their places as they are made, and put there all at once.

    A context: where it is left before that, all outputs stand as they were.
    """

    def __init__(self) -> None:
        self._drafts: dict[Path, Path] = {}
        self._folders: list[Path] = []

    def __enter__(self) -> "Drafts":
        return self

    def __exit__(self, *_: object) -> None:
        for draft in self._drafts.values():
            _discard(draft)
        for folder in reversed(self._folders):
            with suppress(OSError):  # One that has outputs in it stays.
                folder.rmdir()

    def add(self, path: Path, contents: Contents) -> None:
        """Write the output for ``path``.

        Raises ``OSError``, naming the output, when that cannot be done.
        """
        new = [folder for folder in path.parents if not folder.exists()]
        self._folders += [folder for folder in reversed(new) if folder not in self._folders]
        with _named(path):
            self._drafts[path] = _draft(path, contents)

    def put(self) -> None:
        """Put all outputs in their places.

        Raises ``OSError``, naming the output, when that cannot be done.
        """
        for path, draft in self._drafts.items():
            with _named(path):
                _move(draft, path)


def replace_all(outputs: Mapping[Path, Contents]) -> None:
    """Put all outputs in their places, once all of them are complete.

    Raises ``OSError``, naming the output, when one cannot be written; then all stand as they were.
    """
    with Drafts() as drafts:
        for path, contents in outputs.items():
            drafts.add(path, contents)
        drafts.put()


def replace_file(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` at one stroke; the file keeps its name and gets new contents.

    Raises ``OSError`` when that is not possible, and leaves what was there.
    """
    _move(_draft_file(path, data), path)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Let an error name the output: its own file is a draft of which nobody knows."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error


def _draft(path: Path, contents: Contents) -> Path:
    if isinstance(contents, bytes):
        return _draft_file(path, contents)
    return _draft_folder(path, contents)


def _draft_file(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=DRAFT)
    draft = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        draft.chmod(0o644)
    except BaseException:
        _discard(draft)
        raise
    return draft


def _draft_folder(path: Path, files: Mapping[str, bytes]) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=path.parent, prefix=DRAFT))
    try:
        for folder in {(draft / name).parent for name in files}:
            folder.mkdir(parents=True, exist_ok=True)
        for name, data in files.items():
            (draft / name).write_bytes(data)
        draft.chmod(0o755)
    except BaseException:
        _discard(draft)
        raise
    return draft


def _move(draft: Path, path: Path) -> None:
    try:
        if draft.is_dir():
            _swap(draft, path)
        else:
            draft.replace(path)
    except BaseException:
        _discard(draft)
        raise


def _discard(draft: Path) -> None:
    if draft.is_dir():
        shutil.rmtree(draft, ignore_errors=True)
    else:
        draft.unlink(missing_ok=True)


def _swap(draft: Path, path: Path) -> None:
    """Exchange two folders; what stood at ``path`` stands at ``draft`` afterwards."""
    if not path.exists():
        draft.rename(path)
        return
    if sys.platform == "linux" and _exchange(draft, path):
        return
    old = path.with_name(f"{DRAFT}{path.name}-old")
    shutil.rmtree(old, ignore_errors=True)
    path.rename(old)
    draft.rename(path)
    shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Let two names change places in one step (Linux, renameat2); tell whether it was done."""
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    done = rename(
        _AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), ctypes.c_uint(_RENAME_EXCHANGE)
    )
    return bool(done == 0)
