"""Two revisions → the redline on disk: a proof to read, as a PDF, and as documents for the web."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from octavo import build, checking, fonts, output, press
from octavo.compose import Draft
from octavo.editions import paging, web
from octavo.editions import print as print_edition
from octavo.outcome import CACHE, REDLINE, Made
from octavo.output import Contents
from octavo.problems import BookError, Problem, errors, in_order
from octavo.redline import books, citing, listing, revisions, sides
from octavo.redline.changes import total
from octavo.redline.homes import Side
from octavo.redline.matching import Matched, match
from octavo.redline.revisions import Revision
from octavo.store import Store
from octavo.templating import Templates
from octavo.typeset import tasks
from octavo.typeset.memory import Memory


@dataclass(frozen=True)
class Redline:
    """What was made, how much has changed, and what is wrong with the proof."""

    made: tuple[Made, ...]
    changes: int
    words_added: int
    words_removed: int
    problems: tuple[Problem, ...]


def make(
    root: Path, old: str, new: str, target: Path, jobs: int, tell: Callable[[str], None]
) -> Redline:
    """Make the redline of the book in ``root`` from revision ``old`` to ``new``.

    ``new`` is ``""`` for the files as they are now.  It goes into the folder ``redline`` below
    ``target``.  Raises ``BookError`` where a revision cannot be had or read, or the later one has
    errors, and ``OSError`` when an output cannot be written.
    """
    tell("reading")
    kept = Store(root / CACHE / "store")
    with ExitStack() as stack:
        before = stack.enter_context(revisions.checked_out(root, old))
        after = stack.enter_context(_later(root, new))
        draft = sides.read(after, root, kept)
        faces = fonts.faces(checking.font_folder())
        condition, found = press.condition(draft.manuscript, after.root)
        if condition is None:
            raise BookError(found)
        later = sides.new(draft, after, kept)
        earlier = sides.old(before, draft, kept)
        tell("comparing")
        merged = books.merge(comparison(earlier, later, draft, kept))
        book = listing.listed(merged, before, after)
        templates = Templates(after.root, kept)
        with build.crew(jobs) as crew:
            memory = Memory(kept, crew, faces, lambda name, pages: tell(f"print: {name}"))
            stamp = build.stamp(book.config.date)
            typeset = print_edition.typeset(book, templates, faces, memory, condition, stamp)
            if errors(typeset.problems):
                raise BookError(typeset.problems)
            reading = crew.submit(tasks.assemble_reading, typeset.joined)
            tell("web")
            pages = paging.of(typeset.joined)
            documents = web.make(book, templates, faces, pages, kept)
            pdf = reading.result()
        changes = [change for one in merged.changes for change in one.changes]
        come, gone = total(changes)
    count = typeset.joined.pagination.pages
    folder = target / REDLINE
    made: dict[Made, Contents] = {
        Made(folder / f"{book.config.slug}-changes.pdf", f"{count} pages"): pdf,
        Made(folder / "web", "from index.html"): documents.files,
    }
    tell("writing")
    output.replace_all({one.path: contents for one, contents in made.items()})
    listed = sum(change.kind != "moved-from" for change in changes)
    return Redline(tuple(made), listed, come, gone, in_order([*found, *typeset.problems]))


def comparison(old: Side, new: Side, draft: Draft, kept: Store) -> Matched:
    """Match two states of a book; ``draft`` is the later one's.

    Where citations were edited, they are matched again, with those in the form that they have now.
    """
    matched = match(old, new)
    found = list(citing.edited(matched))
    return match(citing.in_place(old, draft, found, kept), new) if found else matched


@contextmanager
def _later(root: Path, name: str) -> Iterator[Revision]:
    if name:
        with revisions.checked_out(root, name) as revision:
            yield revision
    else:
        yield Revision(root)
