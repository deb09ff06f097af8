"""What the styles and lists of a DOCX mean: headings, quotations, items; how characters are set."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from octavo.markdown.tree import Element
from octavo.word.languages import is_east_asian
from octavo.word.ooxml import w
from octavo.word.outline import Format
from octavo.word.package import Package

_HEADING = re.compile(r"heading (\d)$")
_LISTED = re.compile(r"list (bullet|number)(?: (\d))?$")
_QUOTES = {"quote", "intense quote", "block text", "quotations", "block quotation", "epigraph"}
_CODE = {"html preformatted", "preformatted text", "source code", "plain text", "code"}
_TOGGLES = {"i": "italic", "b": "bold", "smallCaps": "smallcaps", "strike": "strike",
            "dstrike": "strike"}  # fmt: skip
_MONOSPACED = {"courier new", "courier", "consolas", "liberation mono", "menlo"}
_OFF = {"0", "false", "off", "none"}


@dataclass(frozen=True)
class Listed:
    """An item's place: the list that it belongs to, how deep (from 1), its first number or 0.

    ``start`` is -1 for what is set in as an item and has no sign of its own.
    """

    list: str
    level: int
    start: int


@dataclass(frozen=True)
class Role:
    """What a paragraph is: ``level`` is a heading's, from 1; ``listed`` an item's place."""

    name: str = "paragraph"
    level: int = 0
    listed: Listed | None = None


@dataclass(frozen=True)
class _Style:
    name: str
    based: str
    element: Element


PLAIN = Role()
_BODY_LEVEL = 9
"""The level of an outline that means none (ECMA-376 part 1, 17.3.1.20)."""


def _named(name: str) -> Role | None:
    """Give the role that a style of this name has in every document."""
    if found := _HEADING.match(name):
        return Role("heading", int(found[1]))
    kinds = {"title": {"title"}, "caption": {"caption"}, "attribution": {"quote source"},
             "quotation": _QUOTES, "code": _CODE}  # fmt: skip
    return next((Role(kind) for kind, names in kinds.items() if name in names), None)


class Styles:
    """The styles and lists of one document."""

    def __init__(self, package: Package) -> None:
        """Read them, where the document has any."""
        self._styles: dict[str, _Style] = {}
        self._default = ""
        name = package.related(package.document, "styles")
        self.language = self.east_asian = ""
        if name:
            self._read(package.xml(name))
        self._levels: dict[tuple[str, int], tuple[str, int]] = {}
        lists = package.related(package.document, "numbering")
        if lists:
            self._levels = dict(_levels(package.xml(lists)))

    def _read(self, tree: Element) -> None:
        for style in tree.iter(w("style")):
            identifier = style.get(w("styleId")) or ""
            name = _value(style, "name").lower()
            self._styles[identifier] = _Style(name, _value(style, "basedOn"), style)
            is_default = (style.get(w("default")) or "0") not in _OFF
            if is_default and style.get(w("type")) == "paragraph":
                self._default = identifier
        language = tree.find(f"{w('docDefaults')}//{w('lang')}")
        if language is not None:
            self.language = language.get(w("val")) or ""
            self.east_asian = language.get(w("eastAsia")) or ""

    def _chain(self, identifier: str) -> Iterator[_Style]:
        """Give a style and those that it is based on."""
        seen: set[str] = set()
        while identifier in self._styles and identifier not in seen:
            seen.add(identifier)
            yield self._styles[identifier]
            identifier = self._styles[identifier].based

    def role(self, properties: Element | None) -> Role:
        """Tell what a paragraph with these properties (``w:pPr``) is."""
        identifier = _value(properties, "pStyle") or self._default
        names = [style.name for style in self._chain(identifier)]
        for name in names:
            if role := _named(name):
                return role
        level = self._property(properties, identifier, "outlineLvl")
        depth = "" if level is None else (level.get(w("val")) or "")
        if depth.isdecimal() and int(depth) < _BODY_LEVEL:
            return Role("heading", int(depth) + 1)
        listed = self._listed(properties, identifier, names)
        if listed:
            return Role("item" if listed.start >= 0 else "continued", listed=listed)
        return Role("continued") if "list continue" in names else PLAIN

    def _listed(
        self, properties: Element | None, identifier: str, names: list[str]
    ) -> Listed | None:
        numbering = self._property(properties, identifier, "numPr")
        if numbering is not None:
            number = _value(numbering, "numId")
            depth = _value(numbering, "ilvl") or "0"
            if number in {"", "0"} or not depth.isdecimal():
                return None
            level = min(int(depth), _BODY_LEVEL - 1)
            kind, start = self._levels.get((number, level), ("bullet", 0))
            signs = {"none": -1, "bullet": 0}
            return Listed(number, level + 1, signs.get(kind, start))
        for name in names:
            if found := _LISTED.match(name):
                level = int(found[2] or 1)
                return Listed(name, level, 0 if found[1] == "bullet" else 1)
        return None

    def _property(self, properties: Element | None, identifier: str, name: str) -> Element | None:
        own = properties.find(w(name)) if properties is not None else None
        if own is not None:
            return own
        for style in self._chain(identifier):
            found = style.element.find(f"{w('pPr')}/{w(name)}")
            if found is not None:
                return found
        return None

    def format(self, properties: Element | None) -> Format:
        """Tell how a run with these properties (``w:rPr``) is set, besides its paragraph."""
        made = Format()
        if properties is None:
            return made
        for style in reversed(list(self._chain(_value(properties, "rStyle")))):
            if style.name in {"footnote reference", "endnote reference", "hyperlink",
                              "internet link", "footnote anchor", "endnote anchor"}:  # fmt: skip
                continue
            own = style.element.find(w("rPr"))
            made = _with(made, own)
            if style.name in {"html code", "verbatim char", "source text"}:
                made = replace(made, code=True)
        return _with(made, properties)

    def hides(self, properties: Element | None) -> bool:
        """Tell whether a run with these properties is not to be seen."""
        hidden = properties.find(w("vanish")) if properties is not None else None
        return hidden is not None and (hidden.get(w("val")) or "1") not in _OFF

    def east_asian_of(self, properties: Element | None) -> str:
        """Give the language of a run's Chinese, Japanese, Korean characters, ``""`` if unknown."""
        language = properties.find(w("lang")) if properties is not None else None
        own = "" if language is None else language.get(w("eastAsia")) or language.get(w("val"))
        found = own if own and is_east_asian(own) else self.east_asian
        return found if is_east_asian(found) else ""


def _with(format_: Format, properties: Element | None) -> Format:
    if properties is None:
        return format_
    changed: dict[str, bool] = {}
    for tag, name in _TOGGLES.items():
        element = properties.find(w(tag))
        if element is not None:
            changed[name] = (element.get(w("val")) or "1") not in _OFF
    align = _value(properties, "vertAlign")
    if align:
        changed["superscript"] = align == "superscript"
        changed["subscript"] = align == "subscript"
    fonts = properties.find(w("rFonts"))
    if fonts is not None and (fonts.get(w("ascii")) or "").lower() in _MONOSPACED:
        changed["code"] = True
    language = properties.find(w("lang"))
    tag = "" if language is None else (language.get(w("val")) or "")
    made = replace(format_, language=tag or format_.language)
    return replace(made, **changed)  # type: ignore[arg-type]


def _value(element: Element | None, name: str) -> str:
    child = element.find(w(name)) if element is not None else None
    return "" if child is None else (child.get(w("val")) or "")


def _levels(tree: Element) -> Iterator[tuple[tuple[str, int], tuple[str, int]]]:
    """Give the form and the first number of each level of each list."""
    abstract: dict[str, Mapping[int, tuple[str, int]]] = {}
    for one in tree.iter(w("abstractNum")):
        abstract[one.get(w("abstractNumId")) or ""] = dict(_forms(one))
    for number in tree.iter(w("num")):
        identifier = number.get(w("numId")) or ""
        levels = dict(abstract.get(_value(number, "abstractNumId"), {}))
        for override in number.iter(w("lvlOverride")):
            depth = override.get(w("ilvl")) or "0"
            start = _value(override, "startOverride")
            levels.update(_forms(override))
            if depth.isdecimal() and start.isdecimal() and int(depth) in levels:
                levels[int(depth)] = (levels[int(depth)][0], int(start))
        for depth_, form in levels.items():
            yield (identifier, depth_), form


def _forms(element: Element) -> Iterator[tuple[int, tuple[str, int]]]:
    for level in element.iter(w("lvl")):
        depth, start = level.get(w("ilvl")) or "", _value(level, "start") or "1"
        if depth.isdecimal():
            number = int(start) if start.isdecimal() else 1
            kind = _value(level, "numFmt") or "decimal"
            sign = level.find(w("lvlText"))
            if sign is not None and not (sign.get(w("val")) or "").strip():
                kind = "none"
            yield int(depth), (kind, number)
