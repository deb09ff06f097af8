"""Names what makes the entries of the store, so that they end with what has made them."""

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

OURS = Path(__file__).parent
"""The folder of all our code: for entries that hold values of several rooms."""


@cache
def version(package: str) -> str:
    """Give the version of an installed package; the installation is asked once a process."""
    return metadata.version(package)


@cache
def named(packages: tuple[str, ...], folder: Path) -> str:
    """Name what makes an entry: packages with their versions, our code in ``folder``."""
    return " ".join([*(f"{package} {version(package)}" for package in packages), _code(folder)])


@cache
def _code(folder: Path) -> str:
    code = hashlib.sha256()
    for module in sorted(folder.rglob("*.py")):
        code.update(module.read_bytes())
    return code.hexdigest()
