"""The syntaxes of a manuscript, in the order in which Python-Markdown tries them."""

from xml.etree import ElementTree

from markdown import Markdown
from markdown.extensions.attr_list import AttrListExtension
from markdown.extensions.fenced_code import FencedCodeExtension
from markdown.extensions.sane_lists import SaneListExtension
from markdown.treeprocessors import Treeprocessor

from octavo.markdown.attributes import Attributes
from octavo.markdown.citations import BracketedCitation, TextCitation
from octavo.markdown.cross_references import KeyedReference, LinkWithoutText
from octavo.markdown.figures import Figure
from octavo.markdown.notes import NoteCall, NoteDefinition, NoteInPlace
from octavo.markdown.pipe_tables import PipeTable
from octavo.markdown.raw_html import Entity, RawTag
from octavo.markdown.reading import Reading
from octavo.markdown.spans import DEPTH, BracketedSpan
from octavo.markdown.typography import PROTECTED

_ALSO_ESCAPED = "\"'@^~|$%&,/:;<=?"
ESCAPABLE = (*Markdown().ESCAPED_CHARS, *_ALSO_ESCAPED)
"""What a backslash before it makes a sign of its own."""

_NOT_OURS = ("reference", "short_reference", "image_reference", "short_image_ref", "automail")


def reader(reading: Reading) -> Markdown:
    """Give a Python-Markdown that reads the manuscript's syntaxes and nothing else.

    Inline syntaxes stand between escapes (180) and Python-Markdown's links (160); among them
    the more special comes first.
    """
    md = Markdown(
        extensions=[AttrListExtension(), FencedCodeExtension(), SaneListExtension()],
        output_format="xhtml",
    )
    md.ESCAPED_CHARS = list(ESCAPABLE)
    md.preprocessors.deregister("html_block")
    for name in _NOT_OURS:
        md.inlinePatterns.deregister(name)
    inline = [
        ("note-in-place", NoteInPlace(reading)),
        ("note-call", NoteCall(reading)),
        ("link-without-text", LinkWithoutText(reading)),
        ("keyed-reference", KeyedReference(reading)),
        ("bracketed-citation", BracketedCitation(reading)),
        *((f"span-{depth}", BracketedSpan(reading)) for depth in range(DEPTH)),
    ]
    for place, (name, processor) in enumerate(inline):
        md.inlinePatterns.register(processor, name, 179 - place)
    md.inlinePatterns.register(TextCitation(reading), "text-citation", 105)
    md.inlinePatterns.register(RawTag(reading), "html", 90)
    md.inlinePatterns.register(Entity(reading), "entity", 80)
    blocks = md.parser.blockprocessors
    blocks.register(NoteDefinition(md.parser, reading), "note-definition", 95)
    blocks.register(Figure(md.parser, reading), "figure", 85)
    blocks.register(PipeTable(md.parser, reading), "table", 75)
    md.parser.blockprocessors.deregister("reference")
    md.treeprocessors.register(Attributes(md, reading), "attr_list", 8)
    md.treeprocessors.register(_KeepEscapes(md), "keep-escapes", 5)
    return md


class _KeepEscapes(Treeprocessor):
    """Keeps escaped quotes, hyphens and dots from typography, which comes later."""

    def run(self, root: ElementTree.Element) -> None:
        for element in root.iter():
            for sign, kept in PROTECTED.items():
                escaped = f"\u0002{ord(sign)}\u0003"
                element.text = element.text and element.text.replace(escaped, kept)
                element.tail = element.tail and element.tail.replace(escaped, kept)
