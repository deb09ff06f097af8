"""Sections that have been read before, kept in the store under all that they were read from.

Trees are kept as XML, the rest as it is.  A section with problems is not kept: what was wrong with
it may be mended elsewhere, as a file that was missing.
"""

import hashlib
import pickle
from collections.abc import Callable, Mapping
from dataclasses import replace

from lxml import etree

from octavo import store, tools
from octavo.manuscript import Source
from octavo.markdown.reading import ReadFile
from octavo.markdown.tree import Element, Section
from octavo.store import Store

_TOOLS = ("Markdown", "lxml")

Read = Callable[[Source, str, ReadFile], Section]


def remembered(
    read: Read, source: Source, language: str, read_file: ReadFile, kept: Store | None
) -> Section:
    """Give a section as ``read`` would, from the store if nothing it depends on has changed."""
    if kept is None:
        return read(source, language, read_file)
    name = _name(source, language)
    entry = kept.get(name)
    if entry is not None:
        files, section = pickle.loads(entry)
        if _holds(files, read_file):
            return _unpacked(section)
    files_read: dict[str, str] = {}

    def noted(path: str) -> bytes:
        data = read_file(path)
        files_read[path] = hashlib.sha256(data).hexdigest()
        return data

    section = read(source, language, noted)
    if not section.problems:
        kept.put(name, pickle.dumps((files_read, _packed(section))))
    return section


def is_kept(source: Source, language: str, kept: Store) -> bool:
    """Tell whether ``kept`` knows a section, if its data files are as they were."""
    return kept.get(_name(source, language)) is not None


def made_by() -> str:
    """Name what reads Markdown, our code and others'."""
    return tools.named(_TOOLS, tools.OURS)


def _name(source: Source, language: str) -> str:
    return store.key([made_by(), repr(source), language])


def _holds(files: Mapping[str, str], read_file: ReadFile) -> bool:
    """Tell whether the data files of a section are as they were."""
    try:
        return all(hashlib.sha256(read_file(f)).hexdigest() == was for f, was in files.items())
    except OSError:
        return False


def _packed(section: Section) -> Section:
    notes = tuple(replace(note, body=etree.tostring(note.body)) for note in section.notes)
    removed = tuple(replace(one, content=etree.tostring(one.content)) for one in section.removed)
    title, body = etree.tostring(section.title), etree.tostring(section.body)
    return replace(section, title=title, body=body, notes=notes, removed=removed)


def _unpacked(section: Section) -> Section:
    notes = tuple(replace(note, body=tree(note.body)) for note in section.notes)
    removed = tuple(replace(one, content=tree(one.content)) for one in section.removed)
    title, body = tree(section.title), tree(section.body)
    return replace(section, title=title, body=body, notes=notes, removed=removed)


def tree(data: bytes) -> Element:
    """Give the tree that has been written as XML."""
    return etree.fromstring(data, etree.XMLParser(remove_comments=True, huge_tree=True))
