"""``new``: a small working book to start from, kept as files in ``octavo/new_book``."""

import shutil
from importlib.resources import as_file, files
from pathlib import Path


def make(folder: Path) -> None:
    """Copy the small book to ``folder``.

    Raises ``FileExistsError`` when the folder has something in it, ``OSError`` when it cannot be
    written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(folder)
    with as_file(files("octavo") / "new_book") as source:
        shutil.copytree(source, folder, dirs_exist_ok=True)
