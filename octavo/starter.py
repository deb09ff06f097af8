"""``new``: a small working book to start from, kept as files in ``octavo/new_book``."""

import shutil
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from octavo.desk import equipping


def make(folder: Path, program: str) -> None:
    """Copy the small book to ``folder``, whole or not at all, with what text editors can use.

    ``program`` is how a shell in ``folder`` calls the tool.
    Raises ``FileExistsError`` when the folder has something in it, ``OSError`` when it cannot be
    written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FileExistsError(folder)
    folder.absolute().parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=folder.absolute().parent, prefix=".octavo-"))
    try:
        with as_file(files("octavo") / "new_book") as source:
            built = shutil.ignore_patterns(".cache", "dist")  # by who tries the small book itself
            shutil.copytree(source, draft, ignore=built, dirs_exist_ok=True)
        equipping.equip(draft, program)
        draft.chmod(0o755)
        draft.replace(folder)
    except shutil.Error as error:  # It holds, for each file, its two paths and the reason.
        reason = str(error.args[0][0][2]).partition("] ")[2].partition(": '")[0]
        raise OSError(f"{folder}: {reason}") from error
    finally:
        shutil.rmtree(draft, ignore_errors=True)
