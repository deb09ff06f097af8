"""A tagged PDF as a screen reader takes it: its structure tree, with the text that is marked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pikepdf

PAINTING = set("Tj TJ ' \" f F f* B B* b b* S s sh Do".split()) | {"INLINE IMAGE"}
"""The operators that put something on a page (ISO 32000-1 annex A)."""


@dataclass
class Element:
    """An element of structure; ``kids`` are elements, (page, mcid), and annotations."""

    kind: str
    own: pikepdf.Object
    parent: "Element | None"
    kids: list["Element | tuple[int, int] | pikepdf.Object"] = field(default_factory=list)

    def __iter__(self) -> Iterator["Element"]:
        """Give this element and all in it, in reading order."""
        yield self
        for kid in self.children:
            yield from kid

    @property
    def children(self) -> list["Element"]:
        return [kid for kid in self.kids if isinstance(kid, Element)]

    @property
    def content(self) -> list[tuple[int, int]]:
        """The marks right in this element."""
        return [kid for kid in self.kids if isinstance(kid, tuple)]

    @property
    def annotations(self) -> list[pikepdf.Object]:
        return [kid for kid in self.kids if not isinstance(kid, (Element, tuple))]

    @property
    def around(self) -> Iterator["Element"]:
        if self.parent is not None:
            yield self.parent
            yield from self.parent.around

    def all(self, *kinds: str) -> list["Element"]:
        return [element for element in self if element.kind in kinds]

    @property
    def language(self) -> str:
        return str(self.own.get("/Lang", ""))

    def attribute(self, name: str) -> Any:
        """Give an attribute of whatever owner."""
        given = self.own.get("/A", pikepdf.Array())
        for one in given if isinstance(given, pikepdf.Array) else [given]:
            if name in one:
                return one[name]
        return None


class Tagged:
    """The PDF, its pages' marks, its tree."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        """Read the marks of every page."""
        self.pdf = pdf
        self._places = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        self.unmarked: list[tuple[int, str]] = []
        """What is drawn outside all marks: the page, the operator."""
        self.artifacts: list[str] = ["" for _ in pdf.pages]
        """What is drawn as artifact on each page, read as text."""
        self.marks: list[dict[int, str]] = [{} for _ in pdf.pages]
        self.tags: list[dict[int, str]] = [{} for _ in pdf.pages]
        self._maps: dict[tuple[int, int], dict[str, str]] = {}
        for number, page in enumerate(pdf.pages):
            self._read(number, page.obj, page.obj.Resources if "/Resources" in page.obj else None)

    @cached_property
    def root(self) -> Element:
        """The document's element."""
        tree = self.pdf.Root.StructTreeRoot
        kids = tree.K if isinstance(tree.K, pikepdf.Array) else [tree.K]
        (document,) = kids
        return self._element(document, None)

    def page(self, page: pikepdf.Object) -> int:
        return self._places[page.objgen]

    def text(self, element: Element, *without: str) -> str:
        """Give the text in an element in reading order, without that in elements so named."""
        pieces = []
        for kid in element.kids:
            if isinstance(kid, tuple):
                pieces.append(self.marks[kid[0]][kid[1]])
            elif isinstance(kid, Element) and kid.kind not in without:
                pieces.append(self.text(kid, *without))
        return "".join(pieces)

    def _element(self, own: pikepdf.Object, parent: Element | None) -> Element:
        made = Element(str(own.S)[1:], own, parent)
        kids = own.get("/K", pikepdf.Array())
        for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
            if isinstance(kid, int):
                made.kids.append((self.page(own.Pg), int(kid)))
            elif kid.get("/Type") == pikepdf.Name.MCR:
                made.kids.append((self.page(kid.Pg), int(kid.MCID)))
            elif kid.get("/Type") == pikepdf.Name.OBJR:
                made.kids.append(kid.Obj)
            else:
                made.kids.append(self._element(kid, made))
        return made

    def _read(self, number: int, stream: pikepdf.Object, resources: pikepdf.Object | None) -> None:
        """Follow the operators of a page; what stands in a form belongs to the mark around it."""
        stack: list[int | str] = []
        characters: dict[str, str] = {}
        for step in pikepdf.parse_content_stream(stream):
            operands: Any = step.operands
            match str(step.operator):
                case "BMC":
                    stack.append(str(operands[0]))
                case "BDC":
                    stack.append(self._begin(number, operands))
                case "EMC":
                    stack.pop()
                case "Tf":
                    assert resources is not None
                    characters = self._characters(resources.Font[str(operands[0])])
                case name if name in PAINTING:
                    if name == "Do" and "/Artifact" in stack:
                        assert resources is not None
                        form = resources.XObject[str(operands[0])]
                        if form.Subtype == pikepdf.Name.Form:
                            self._read_form(number, form)
                        continue
                    self._take(number, stack, _shown(name, operands, characters), name)
        assert not stack

    def _read_form(self, number: int, form: pikepdf.Object) -> None:
        characters: dict[str, str] = {}
        for step in pikepdf.parse_content_stream(form):
            if str(step.operator) == "Tf":
                characters = self._characters(form.Resources.Font[str(step.operands[0])])
            self.artifacts[number] += _shown(str(step.operator), step.operands, characters)

    def _begin(self, number: int, operands: Any) -> int | str:
        tag, properties = str(operands[0]), operands[1]
        if "/MCID" in properties:
            mcid = int(properties.MCID)
            assert mcid not in self.marks[number], "a number is given twice"
            self.marks[number][mcid] = ""
            self.tags[number][mcid] = tag
            return mcid
        if "/ActualText" in properties:
            return f"={bytes(properties.ActualText).decode('utf-16')}"
        return tag

    def _take(self, number: int, stack: list[int | str], shown: str, operator: str) -> None:
        instead = next((one[1:] for one in stack if isinstance(one, str) and one[0] == "="), None)
        shown = shown if instead is None else instead
        mcid = next((one for one in stack if isinstance(one, int)), None)
        if "/Artifact" in stack:
            assert mcid is None, "an artifact in the text"
            self.artifacts[number] += shown
        elif mcid is None:
            self.unmarked.append((number, operator))
        else:
            self.marks[number][mcid] += shown

    def _characters(self, font: pikepdf.Object) -> dict[str, str]:
        """Give the text of every glyph, by its number in hexadecimal."""
        if font.objgen not in self._maps:
            cmap = font.ToUnicode.read_bytes().decode("ascii")
            self._maps[font.objgen] = {
                glyph.lower(): bytes.fromhex(text).decode("utf-16-be")
                for glyph, text in re.findall(r"^<(\w{4})> <(\w*)>$", cmap, re.M)
            }
        return self._maps[font.objgen]


def _shown(operator: str, operands: Any, characters: dict[str, str]) -> str:
    if operator not in {"Tj", "TJ"}:
        return ""
    (shown,) = operands
    pieces = shown if isinstance(shown, pikepdf.Array) else [shown]
    codes = "".join(bytes(piece).hex() for piece in pieces if isinstance(piece, pikepdf.String))
    return "".join(characters[codes[at : at + 4]] for at in range(0, len(codes), 4))
