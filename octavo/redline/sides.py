"""A revision's folder → a state of the book that can be compared."""

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from octavo import compose, manuscript
from octavo import config as settings
from octavo.compose import Draft
from octavo.config import Config, Sections
from octavo.manuscript import SETTINGS, Manuscript
from octavo.problems import BookError, Problem, Span
from octavo.redline import events
from octavo.redline.homes import Side
from octavo.redline.revisions import Revision
from octavo.store import Store


def read(revision: Revision, now: Path, kept: Store) -> Draft:
    """Read the later state, for a proof of the text as it was written.

    Where its settings do not hold any more, those of the book's folder ``now`` do.  Raises
    ``BookError`` where it cannot be read.
    """
    with _named(revision):
        try:
            given = manuscript.load(revision.root, kept=kept)
        except BookError:
            if revision.is_working_tree:
                raise
            present = settings.load(now / SETTINGS, SETTINGS)
            config = _settings(revision.root, present, now)
            given = manuscript.load_as(revision.root, config, kept=kept)
        return compose.draft(_as_written(given), kept)


def old(revision: Revision, later: Draft, kept: Store) -> Side:
    """Give the state that was, with the settings of the later one: what changed is the text.

    Its own are the order of its sections, and its works.  It need not be sound, only
    readable; raises ``BookError`` where not even that holds.
    """
    with _named(revision):
        config = _settings(revision.root, later.manuscript.config, later.manuscript.root)
        draft = compose.draft(manuscript.load_as(revision.root, config, kept=kept), kept)
        fatal = draft.problems if draft.style is None else ()
        return _side(replace(draft, problems=fatal), kept)


def _settings(root: Path, config: Config, place: Path) -> Config:
    """Give the settings of the folder ``place``, the sections and the works of ``root``.

    The bibliography is not divided, as the rules for that are not those of these works.
    """
    try:
        given = tomllib.loads(settings.read(root / SETTINGS, SETTINGS))
    except tomllib.TOMLDecodeError as error:
        message = f"the settings of this revision cannot be read: {error}"
        raise BookError([Problem("settings-are-toml", message, Span(SETTINGS))]) from None
    style = config.citations.style
    if style.endswith(".csl"):
        style = str((place / style).resolve())
    changed = {
        "style": style,
        "sections": [],
        "files": _names(given, "citations", "files") or config.citations.files,
        "nocite": _names(given, "citations", "nocite"),
    }
    citations = config.citations.model_copy(update=changed)
    parts = {part: _names(given, "sections", part) for part in Sections.model_fields}
    sections = Sections.model_construct(None, **parts)
    return config.model_copy(update={"citations": citations, "sections": sections})


def _names(given: Mapping[str, Any], table: str, key: str) -> list[str]:
    """Give a list of names in settings that nobody has checked."""
    values = given.get(table)
    found = values.get(key) if isinstance(values, dict) else None
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def new(draft: Draft, revision: Revision, kept: Store) -> Side:
    """Give the state that is; raises ``BookError`` where it has errors."""
    with _named(revision):
        return _side(draft, kept)


def _as_written(given: Manuscript) -> Manuscript:
    """Have no abbreviation spelled out, since where that is done depends on what stands before.

    A proof stands at no address, and the settings that give one do not hold for it.
    """
    config = given.config
    changed = {
        "abbreviations": config.abbreviations.model_copy(update={"spell_out": "never"}),
        "web": config.web.model_copy(update={"base_url": None, "pdf_url": None}),
    }
    return replace(given, config=config.model_copy(update=changed))


def _side(draft: Draft, kept: Store) -> Side:
    book = compose.finish(draft, kept).book
    sources = draft.manuscript.sources
    written = {source.id: text.citations for source, text in zip(sources, draft.texts, strict=True)}
    return Side(events.as_text(book), written)


@contextmanager
def _named(revision: Revision) -> Iterator[None]:
    """Let problems name a revision's files as git does: ``REV:path``."""
    try:
        yield
    except BookError as error:
        if revision.is_working_tree:
            raise
        raise BookError(
            replace(problem, span=_of_revision(problem.span, revision))
            for problem in error.problems
        ) from None


def _of_revision(span: Span, revision: Revision) -> Span:
    return replace(span, path=Path(f"{revision.commit}:{span.path.as_posix()}"))
