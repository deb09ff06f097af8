"""Writes outputs so that each is always whole: the old one stands until the new one is complete."""

import ctypes
import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

DRAFT = ".octavo-"
"""How the names of outputs begin that are not complete yet."""

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def replace_file(path: Path, data: bytes) -> None:
    """Put ``data`` at ``path`` at one stroke; the file keeps its name and gets new contents.

    Raises ``OSError`` when that is not possible, and leaves what was there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=DRAFT)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(draft).chmod(0o644)
        Path(draft).replace(path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def replace_folder(path: Path, files: Mapping[str, bytes]) -> None:
    """Put a folder with just these files at ``path``, at one stroke where the system can.

    ``files`` maps names relative to the folder to contents.  Raises ``OSError``.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=path.parent, prefix=DRAFT))
    try:
        for name, data in files.items():
            file = draft / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        draft.chmod(0o755)
        _swap(draft, path)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


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
