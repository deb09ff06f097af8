"""What tests run from npm, with Debian's Chromium: skipped where it is missing, but not in CI."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import NoReturn

import pytest

PACKAGES = Path(__file__).parent / "npm"
_OWN_FONTS = {"FONTCONFIG_FILE"}  # Workers see the book's fonts alone; Chromium needs others, too.


def run(script: str, *arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script of ``tests/npm`` with Node; skip the test where it cannot be."""
    node, path = shutil.which("node"), PACKAGES / script
    if node is None:
        unavailable("Node.js is not installed")
    if not (PACKAGES / "node_modules").is_dir():
        unavailable("the packages of tests/npm are not installed: npm ci --prefix tests/npm")
    return subprocess.run(
        [node, str(path), *map(str, arguments)],
        env={name: value for name, value in os.environ.items() if name not in _OWN_FONTS}
        | environment,
        capture_output=True,
        check=False,
        text=True,
        timeout=600,
    )


def chromium() -> str:
    """Give the path of Debian's Chromium; skip the test where there is none."""
    path = shutil.which("chromium")
    if path is None:
        unavailable("Chromium is not installed: apt-get install chromium")
    return path


def unavailable(reason: str) -> NoReturn:
    """Skip a test for a reason; in CI, where nothing may be missing, let it fail."""
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
