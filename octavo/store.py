"""A content-addressed cache: key → bytes.

Safe with several processes at once: entries are written beside their place and moved there.  An
entry that is damaged is as good as none: each begins with the digest of the rest.
"""

import hashlib
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from octavo.output import replace_file

_DIGEST = hashlib.sha256().digest_size


def key(parts: Iterable[str | bytes]) -> str:
    """Make a key of everything that an entry depends on, in order."""
    digest = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        digest.update(len(data).to_bytes(8, "big"))
        digest.update(data)
    return digest.hexdigest()


class Store:
    """The entries in a folder, which need not exist yet; ``damaged`` names those met that were."""

    def __init__(self, folder: Path, limit: int = 256 * 2**20) -> None:
        """Keep entries in ``folder``, of ``limit`` bytes in all after ``prune``."""
        self._folder = folder
        self._limit = limit
        self.damaged: set[str] = set()

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name[2:]

    def get(self, name: str) -> bytes | None:
        """Give an entry, or None where there is none or it is damaged."""
        path = self._path(name)
        try:
            data = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        digest, content = data[:_DIGEST], data[_DIGEST:]
        if hashlib.sha256(content).digest() == digest:
            return content
        self.damaged.add(name)
        return None

    def put(self, name: str, content: bytes) -> None:
        """Keep an entry; where that cannot be done (a full disk), go on without."""
        try:
            replace_file(self._path(name), hashlib.sha256(content).digest() + content)
        except OSError:
            return

    def prune(self) -> None:
        """Delete the entries used longest ago until the rest is within the limit."""
        entries = [(path, path.stat()) for path in self._folder.glob("??/*") if path.is_file()]
        total = sum(stat.st_size for _, stat in entries)
        for path, stat in sorted(entries, key=lambda entry: entry[1].st_mtime):
            if total <= self._limit:
                return
            path.unlink(missing_ok=True)
            total -= stat.st_size


def once(kept: Store | None, name: str, make: Callable[[], bytes]) -> bytes:
    """Give what ``make`` gives: from the store, if there is one and it has the entry ``name``."""
    if kept is None:
        return make()
    data = kept.get(name)
    if data is None:
        data = make()
        kept.put(name, data)
    return data
