"""Problems → what other programs read: JSON, GitHub's annotations, SARIF.

Each function takes problems in order and gives a text.  ``prefix`` is the book's folder as seen
from its repository, ``""`` where that is the repository itself: GitHub names files so.
"""

from pathlib import Path


def prefix(root: Path) -> str:
    """Give the book's folder below the git repository that it stands in, with a slash behind it."""
    for folder in (root, *root.parents):
        if (folder / ".git").exists():
            inner = root.relative_to(folder).as_posix()
            return "" if inner == "." else f"{inner}/"
    return ""
