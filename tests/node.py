"""What the tests run from npm: skipped where it is not installed, but not in CI."""

import shutil
import subprocess
from pathlib import Path

from browsing import fonts_of_the_system, path_of_chromium, unavailable

PACKAGES = Path(__file__).parent / "npm"


def run(script: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a script of ``tests/npm`` with Node; what drives a browser finds the system's."""
    node = shutil.which("node") or unavailable("Node.js is not installed")
    environment = fonts_of_the_system() | {
        "PUPPETEER_EXECUTABLE_PATH": path_of_chromium(),
        "ACE_TIMEOUT_INITIAL": "60000",
    }
    return subprocess.run(
        [node, str(_installed(script)), *map(str, arguments)],
        env=environment,
        capture_output=True,
        check=False,
        text=True,
        timeout=600,
    )


def axe() -> str:
    """Give the script of axe-core, to be run in a document."""
    return _installed("node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def _installed(path: str) -> Path:
    if not (PACKAGES / "node_modules").is_dir():
        unavailable("the packages are not installed: npm ci --ignore-scripts --prefix tests/npm")
    return PACKAGES / path
