"""Tells which files of a book have changed, within milliseconds."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from watchfiles import Change, DefaultFilter, awatch

from octavo import build, config
from octavo.manuscript import SETTINGS
from octavo.output import DRAFT
from octavo.problems import BookError

FOLDERS = ("content", "bib", "templates")
"""Where a book's own files are, below its folder."""

_STEP, _MOST = 10, 100
"""How long (ms) is waited for what changes at the same time: this after the last, that in all."""

_GRACE = 0.15
"""How long (s) a file may be away: some editors take it away and put another in its place."""


class _Filter(DefaultFilter):
    """Lets through what the book is made of, but no drafts of files, ours or those of editors."""

    def __init__(self, root: Path, named: frozenset[Path]) -> None:
        super().__init__()
        self._folders = tuple(root / name for name in FOLDERS)
        self._named = named

    def __call__(self, change: Change, path: str) -> bool:
        given = Path(path)
        is_own = given in self._named or any(map(given.is_relative_to, self._folders))
        return is_own and not given.name.startswith(DRAFT) and super().__call__(change, path)


class _OtherPlacesError(Exception):
    """The book has its files in other places than before."""


async def watch(root: Path, changed: Callable[[set[Path]], None]) -> None:
    """Call ``changed`` with the files that change together, until this is cancelled.

    They are those in the book's folders, and those elsewhere that ``book.toml`` names.
    """
    while True:
        with suppress(_OtherPlacesError):
            await _watch_places(root, changed)


async def _watch_places(root: Path, changed: Callable[[set[Path]], None]) -> None:
    """Watch where the book's files are now; raise ``_OtherPlacesError`` when that is elsewhere."""
    named, trees = _named(root), _trees(root)
    places = _places(root, named)

    async def tell(*paths: Path, is_tree: bool) -> None:
        wanted = _Filter(root, named)
        async for found in awatch(
            *paths, watch_filter=wanted, debounce=_MOST, step=_STEP, recursive=is_tree
        ):
            if any(change is Change.deleted for change, _ in found):
                await asyncio.sleep(_GRACE)
            changed({Path(path) for _, path in found})
            if _places(root, _named(root)) != places:
                raise _OtherPlacesError

    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(tell(root, *(places - trees), is_tree=False))
            if trees:
                group.create_task(tell(*trees, is_tree=True))
    except ExceptionGroup as errors:
        raise errors.exceptions[0] from None


def _trees(root: Path) -> frozenset[Path]:
    return frozenset(root / name for name in FOLDERS if (root / name).is_dir())


def _places(root: Path, named: frozenset[Path]) -> frozenset[Path]:
    """Give the folders in which files of the book are."""
    return frozenset(path.parent for path in named) | _trees(root)


def _named(root: Path) -> frozenset[Path]:
    """Give the files outside the book's folders that its settings name."""
    try:
        settings = config.load(root / SETTINGS, SETTINGS)
    except BookError:
        return frozenset()
    return frozenset(root / path for path in build.other_inputs(settings, root))
