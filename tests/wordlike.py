"""What a person does in Word, done to the XML of a DOCX: changes, tracked or not, and comments."""

import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from lxml import etree

from octavo.markdown.tree import Element
from octavo.word import ooxml, package
from octavo.word.ooxml import new, w

ANNA, WHEN = "Anna Lê", "2026-11-25T10:30:00Z"
_CONTENT_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"


@dataclass
class Desk:
    """A DOCX on somebody's desk; ``saved`` gives it back."""

    data: bytes
    author: str = ANNA
    tracks: bool = True
    parts: dict[str, bytes] = field(init=False)
    trees: dict[str, Element] = field(init=False)

    def __post_init__(self) -> None:
        opened = package.unpacked(self.data)
        self.parts = dict(opened.parts)
        self.trees = {
            name: opened.xml(name)
            for name in ("word/document.xml", "word/footnotes.xml")
            if name in opened.parts
        }
        self._ids = iter(range(9000, 99999))
        self._comments: list[Element] = []

    def has(self, words: str) -> bool:
        """Tell whether some words stand in one run that is free to be changed."""
        return any(words in _text(run) for run in self._runs())

    def replace(self, old: str, new_: str) -> None:
        """Type over some words: all of them, or some of them, in one run."""
        run = self._isolated(old)
        parent = run.getparent()
        at = parent.index(run)
        if new_:
            typed = _like(run, new_)
            parent.insert(at + 1, self._tracked("ins", typed))
        if self.tracks:
            for text in run.iter(w("t")):
                text.tag = w("delText")
            parent.insert(at, self._tracked("del", run))
        else:
            parent.remove(run)

    def delete(self, old: str) -> None:
        """Take out some words of one run."""
        self.replace(old, "")

    def type_behind(self, words: str, typed: str, **look: bool) -> None:
        """Set the cursor behind some words and type; ``look`` may be ``italic=True``."""
        run = self._isolated(words)
        made = _like(run, typed)
        if look.get("italic"):
            properties = made.find(w("rPr"))
            if properties is None:
                properties = new("rPr")
                made.insert(0, properties)
            properties.insert(0, new("i"))
        parent = run.getparent()
        parent.insert(parent.index(run) + 1, self._tracked("ins", made))

    def comment(self, words: str, text: str) -> None:
        """Select some words of one run, and comment on them."""
        run = self._isolated(words)
        number = str(len(self._comments))
        parent = run.getparent()
        at = parent.index(run)
        parent.insert(at + 1, new("commentRangeEnd", id=number))
        parent.insert(at + 2, new("r", new("commentReference", id=number)))
        parent.insert(at, new("commentRangeStart", id=number))
        said = new("r", new("t", text=text))
        self._comments.append(
            new("comment", new("p", said), id=number, author=self.author, date=WHEN, initials="A")
        )

    def paragraph(self, words: str) -> Element:
        """Give the paragraph in which some words stand."""
        return next(self._run(words).iterancestors(w("p")))

    def insert_paragraph(self, behind: str, text: str, style: str = "") -> None:
        """Press Enter at the end of a paragraph, and type another one, of its style or another."""
        old = self.paragraph(behind)
        properties = copy.deepcopy(old.find(w("pPr")))
        if style:
            properties = new("pPr", new("pStyle", val=style))
        made = new("p", properties)
        made.append(self._tracked("ins", new("r", new("t", text=text))))
        if self.tracks:
            made[0].append(new("rPr", self._change("ins")))
        old.addnext(made)

    def delete_paragraph(self, words: str) -> None:
        """Select a paragraph with its end, and delete it."""
        old = self.paragraph(words)
        if not self.tracks:
            old.getparent().remove(old)
            return
        for run in list(old.iter(w("r"))):
            for text in run.iter(w("t")):
                text.tag = w("delText")
            parent = run.getparent()
            at = parent.index(run)
            parent.insert(at, self._tracked("del", run))
        old.find(w("pPr")).append(new("rPr", self._change("del")))

    def divide(self, words: str) -> None:
        """Press Enter behind some words."""
        run = self._isolated(words)
        old = next(run.iterancestors(w("p")))
        made = new("p", copy.deepcopy(old.find(w("pPr"))))
        for element in list(run.itersiblings()):
            made.append(element)
        old.addnext(made)
        if self.tracks:
            old.find(w("pPr")).append(new("rPr", self._change("ins")))

    def join(self, words: str) -> None:
        """Press Delete at the end of the paragraph with these words."""
        old = self.paragraph(words)
        if self.tracks:
            old.find(w("pPr")).append(new("rPr", self._change("del")))
            return
        following = old.getnext()
        for element in list(following):
            if element.tag != w("pPr"):
                old.append(element)
        following.getparent().remove(following)

    def look(self, words: str, tag: str) -> None:
        """Set some words otherwise."""
        run = self._isolated(words)
        properties = run.find(w("rPr"))
        if properties is None:
            properties = new("rPr")
            run.insert(0, properties)
        properties.append(new(tag))

    def saved(self) -> bytes:
        """Save it, with the part that holds the comments."""
        parts = dict(self.parts)
        for name, tree in self.trees.items():
            parts[name] = ooxml.written(tree)
        if self._comments:
            root = ooxml.root("comments")
            root.extend(self._comments)
            parts["word/comments.xml"] = ooxml.written(root)
            _relate(parts, "word/_rels/document.xml.rels", "comments", "comments.xml")
            types = etree.fromstring(parts["[Content_Types].xml"])
            override = {"PartName": "/word/comments.xml", "ContentType": _TYPE}
            etree.SubElement(types, f"{{{_CONTENT_TYPES}}}Override", override)
            parts["[Content_Types].xml"] = ooxml.written(types)
        return package.packed(parts)

    def _change(self, kind: str) -> Element:
        return new(kind, id=str(next(self._ids)), author=self.author, date=WHEN)

    def _tracked(self, kind: str, run: Element) -> Element:
        if not self.tracks:
            return run
        change = self._change(kind)
        change.append(run)
        return change

    def _runs(self) -> Iterator[Element]:
        for tree in self.trees.values():
            for run in tree.iter(w("r")):
                inside = any(
                    one.tag in {w("sdt"), w("del"), w("ins")} for one in run.iterancestors()
                )
                if not inside and run.find(w("t")) is not None:
                    yield run

    def _run(self, words: str) -> Element:
        for run in self._runs():
            if words in _text(run):
                return run
        raise AssertionError(f"no run has the words {words!r}")

    def _isolated(self, words: str) -> Element:
        """Cut the run with some words so that one run has these and no others."""
        run = self._run(words)
        before, _, after = _text(run).partition(words)
        parent = run.getparent()
        at = parent.index(run)
        made = _like(run, words)
        pieces = [*([_like(run, before)] if before else []), made]
        pieces += [_like(run, after)] if after else []
        for offset, piece in enumerate(pieces):
            parent.insert(at + offset, piece)
        parent.remove(run)
        return made


def _relate(parts: dict[str, bytes], name: str, kind: str, target: str) -> None:
    tree = etree.fromstring(parts[name])
    attributes = {"Id": f"rIdNew{kind}", "Type": f"{ooxml.R}/{kind}", "Target": target}
    etree.SubElement(tree, f"{{{ooxml.RELATIONS}}}Relationship", attributes)
    parts[name] = ooxml.written(tree)


def _text(run: Element) -> str:
    return "".join(text.text or "" for text in run.iter(w("t")))


def _like(run: Element, words: str) -> Element:
    """Give a run with other words that is set like another one."""
    properties = run.find(w("rPr"))
    text = new("t", text=words)
    text.set(f"{{{ooxml.XML}}}space", "preserve")
    return new("r", *([copy.deepcopy(properties)] if properties is not None else []), text)


def words_once(text: str, least: int = 7) -> list[str]:
    """Give the words of a text that stand in it once, letters only and not inside others."""
    found = re.findall(r"[A-Za-z]+", text)
    return [word for word in dict.fromkeys(found) if len(word) >= least and text.count(word) == 1]


def edited(data: bytes, *steps: Callable[[Desk], None], tracks: bool = True) -> bytes:
    """Take a DOCX through some steps."""
    desk = Desk(data, tracks=tracks)
    for step in steps:
        step(desk)
    return desk.saved()
