"""The structure of small sections: what is drawn, in the order in which it is to be read.

A structure is written here as one reads it: ``P(1 Reference(Link(2 @)) 3)`` is a paragraph that
holds the first mark, a reference of a link of the second mark and an annotation, and the third.
"""

import io
from collections.abc import Iterator, Sequence
from dataclasses import replace
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

import pikepdf
import pytest
from support import face_files, pdf_of
from tagged import Tagged

from octavo.typeset import layout, tags, text
from octavo.typeset.facts import FurnitureJob, Job
from octavo.typeset.tags import Annotation, Content, Link, Mark, Tag
from octavo.typeset.text import Flow


def body_of(xhtml: str) -> Element:
    tree = ElementTree.fromstring(f'<html><body id="s">{xhtml}</body></html>')
    text.number(tree)
    body = tree.find("body")
    assert body is not None
    return body


def drawn(body: Element) -> Iterator[Mark]:
    """Mark what has words of its own, as a page draws it: the notes last."""
    notes = {id(inner) for note in text.notes(body) for inner in note.iter()}
    flow = Flow(body, whole=True)
    for wanted in (False, True):
        for element in body.iter():
            if (id(element) in notes) is wanted:
                yield from _of(element, flow)


def _of(element: Element, flow: Flow) -> Iterator[Mark]:
    number = text.number_of(element)
    start = flow.starts[number]
    if element.tag == "li" and "bare" not in element.get("class", ""):
        yield Mark(0, number, True, start)
    if element.tag == "img":
        yield Mark(0, number, False, start, (1.0, 2.0, 3.0, 4.0))
    if text.own(element):
        yield Mark(0, number, False, flow.segments[number][0][0])


def numbered(marks: Sequence[Mark]) -> list[Mark]:
    return [replace(mark, mcid=number) for number, mark in enumerate(marks, start=1)]


def spots(tag: Tag) -> list[tuple[int, int]]:
    """Give the page and the number of an element's own pieces of content."""
    return [(kid.page, kid.mcid) for kid in tag.kids if isinstance(kid, Content)]


def built(xhtml: str, *pages: Sequence[int]) -> Tag:
    """Give the structure of a section whose marks stand on one page, or are parted among pages.

    ``pages`` gives for each page which of the marks (from 1) are on it.
    """
    body = body_of(xhtml)
    marks = numbered(list(drawn(body)))
    parted = [[mark for mark in marks if mark.mcid in page] for page in pages] or [marks]
    linked = {mark.element for page in parted for mark in page}
    links = [
        [
            Link(str(a.get("href")), (0.0, 0.0, 1.0, 1.0), text.number_of(a))
            for a in body.iter("a")
            if a.get("href") and text.number_of(a) in linked
        ]
    ] + [[] for _ in parted[1:]]
    return tags.build(body, parted, links, "en")


def shown(tag: Tag) -> str:
    kids = " ".join(map(_kid, tag.kids))
    return f"{tag.kind}({kids})"


def _kid(kid: Tag | Content | Annotation) -> str:
    match kid:
        case Content():
            return str(kid.mcid)
        case Annotation():
            return "@"
    return shown(kid)


def inside(xhtml: str, *pages: Sequence[int]) -> str:
    """Give what is in the section."""
    return shown(built(xhtml, *pages)).removeprefix("Sect(").removesuffix(")")


def all_of(tag: Tag, kind: str) -> list[Tag]:
    found = [tag] if tag.kind == kind else []
    for kid in tag.kids:
        if isinstance(kid, Tag):
            found += all_of(kid, kind)
    return found


def note(number: int, words: str = "note") -> str:
    return (
        f'<a class="note-call" id="c{number}" href="#n{number}">{number}</a>'
        f'<span class="footnote" id="n{number}"><a class="note-number" href="#c{number}">'
        f"{number}.</a><span>{words}</span></span>"
    )


# Blocks and lines


@pytest.mark.parametrize(
    ("xhtml", "structure"),
    [
        ("<p>a</p><p>b</p>", "P(1) P(2)"),
        ("<p>a <i>b</i> c</p>", "P(1 2)"),
        ("<div><section><p>a</p></section></div>", "P(1)"),
        ("<header><h1>a</h1></header><h2>b</h2><h3>c</h3>", "H1(1) H2(2) H3(3)"),
        ("<pre>a</pre>", "P(1)"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "BlockQuote(P(1) P(2))"),
        ("<p/><p>a<i/></p><ul/><div/>", "P(1)"),
        ('<p>a <a href="https://a.org/">b</a></p>', "P(1 Link(2 @))"),
        ("<ul><li>a</li><li>b</li></ul>", "L(LI(Lbl(1) LBody(2)) LI(Lbl(3) LBody(4)))"),
        (
            "<ol><li>a<ul><li><p>b</p></li></ul></li></ol>",
            "L(LI(Lbl(1) LBody(2 L(LI(Lbl(3) LBody(P(4)))))))",
        ),
        (
            '<ol class="contents-list"><li class="bare"><a href="#x">A <i>1</i></a></li></ol>',
            "TOC(TOCI(Reference(Link(1 2 @))))",
        ),
        (
            '<ol class="contents-list"><li><a href="#x">A <span>1</span></a></li></ol>',
            "TOC(TOCI(Lbl(1) Reference(Link(2 3 @))))",
        ),
        (
            '<figure class="quotation"><blockquote><p>a</p></blockquote>'
            "<figcaption>b</figcaption></figure>",
            "BlockQuote(P(1)) P(2)",
        ),
        (
            '<figure class="figure"><img alt="x"/><figcaption>a</figcaption></figure>',
            "Div(Figure(1) Caption(2))",
        ),
    ],
)
def test_elements_are_what_they_are(xhtml: str, structure: str) -> None:
    assert inside(xhtml) == structure


def test_a_section_bears_its_id() -> None:
    root = built("<p>a</p>")
    assert (root.kind, root.id) == ("Sect", "s")


def test_a_paragraph_over_a_page_is_one() -> None:
    root = built("<p>a <i>b</i></p><p>c</p>", [1], [2, 3])
    first, second = all_of(root, "P")
    assert spots(first) == [(0, 1), (1, 2)]
    assert spots(second) == [(1, 3)]


def test_a_picture_says_what_it_shows_and_where() -> None:
    (figure,) = all_of(built('<p>a <img alt="A map"/></p>'), "Figure")
    assert figure.alternative == "A map"
    assert figure.picture == (1.0, 2.0, 3.0, 4.0)


def test_what_is_drawn_out_of_order_is_read_in_order() -> None:
    """What is moved (CSS ``position``) is drawn last; it is read in its place."""
    body = body_of("<p>a</p><ul><li>b</li></ul><p>c</p>")
    numbers = [text.number_of(element) for element in body.iter() if text.own(element)]
    starts = Flow(body).starts
    marks = numbered([Mark(0, number, False, starts[number]) for number in reversed(numbers)])
    made = tags.build(body, [marks], [[]], "en")
    assert shown(made) == "Sect(P(3) L(LI(LBody(2))) P(1))"


# Notes


@pytest.mark.parametrize(
    ("xhtml", "structure"),
    [
        (
            f"<p>a{note(1)} b</p>",
            "P(1 Reference(Link(2 @)) Note(Lbl(Link(3 @)) 4))",
        ),
        (
            f"<p>a{note(1)} b{note(2)}</p><p>c</p>",
            "P(1 Reference(Link(2 @)) Reference(Link(3 @)) Note(Lbl(Link(5 @)) 6)"
            " Note(Lbl(Link(7 @)) 8)) P(4)",
        ),
        (
            f"<h2>a{note(1)}</h2><p>b</p>",
            "H2(1 Reference(Link(2 @))) Note(Lbl(Link(4 @)) 5) P(3)",
        ),
        (
            f"<p><i>a{note(1)}</i> b</p>",
            "P(2 Reference(Link(3 @)) 1 Note(Lbl(Link(4 @)) 5))",
        ),
        (
            f"<ul><li>a{note(1)}<ul><li>b</li></ul></li></ul>",
            "L(LI(Lbl(1) LBody(2 Reference(Link(3 @)) L(LI(Lbl(4) LBody(5)))"
            " Note(Lbl(Link(6 @)) 7))))",
        ),
        (
            f"<table><tbody><tr><td>a{note(1)}</td><td>b</td></tr></tbody></table>",
            "Table(TBody(TR(TD(1 Reference(Link(2 @)) Note(Lbl(Link(4 @)) 5)) TD(3))))",
        ),
        (
            f'<figure class="figure"><img alt="x"/><figcaption>a{note(1)}</figcaption></figure>',
            "Div(Figure(1) Caption(2 Reference(Link(3 @)) Note(Lbl(Link(4 @)) 5)))",
        ),
        (
            f"<blockquote><p>a{note(1)}</p></blockquote>",
            "BlockQuote(P(1 Reference(Link(2 @)) Note(Lbl(Link(3 @)) 4)))",
        ),
    ],
)
def test_a_note_comes_at_the_end_of_what_calls_it_or_behind_a_heading(
    xhtml: str, structure: str
) -> None:
    assert inside(xhtml) == structure


def test_a_note_bears_its_id_and_its_paragraphs() -> None:
    blocks = '<span class="note-block">x</span><span class="note-block">y</span>'
    root = built(f"<p>a{note(7, blocks)}</p>")
    (found,) = all_of(root, "Note")
    assert found.id == "n7"
    assert shown(found) == "Note(Lbl(Link(3 @)) P(4) P(5))"


def test_a_note_over_a_page_is_one() -> None:
    words = '<span class="note-block">x</span><span class="note-block">y</span>'
    root = built(f"<p>a{note(1, words)}</p><p>b</p>", [1, 2, 4, 5], [3, 6])
    (found,) = all_of(root, "Note")
    places = [spot for paragraph in all_of(found, "P") for spot in spots(paragraph)]
    assert places == [(0, 5), (1, 6)]
    assert [tag.kind for tag in root.kids if isinstance(tag, Tag)] == ["P", "P"]


def test_a_note_that_is_not_drawn_is_not_there() -> None:
    assert inside(f"<p>a{note(1)}</p>", [1, 2]) == "P(1 Reference(Link(2 @)))"


# Tables


ROWS = (
    '<thead><tr><th>a</th><th colspan="2">b</th></tr></thead>'
    '<tbody><tr><th rowspan="2">c</th><td>d</td><td/></tr><tr><td>e</td><td>f</td></tr></tbody>'
)
TABLE = f"<figure><figcaption>g</figcaption><table>{ROWS}</table></figure>"


@pytest.mark.parametrize(
    ("xhtml", "structure"),
    [
        (
            TABLE,
            "Table(Caption(1) THead(TR(TH(2) TH(3))) TBody(TR(TH(4) TD(5) TD()) TR(TD(6) TD(7))))",
        ),
        (
            f"<figure><table>{ROWS}</table><figcaption>g</figcaption></figure>",
            "Table(Caption(7) THead(TR(TH(1) TH(2))) TBody(TR(TH(3) TD(4) TD()) TR(TD(5) TD(6))))",
        ),
        (
            f"<table>{ROWS}</table>",
            "Table(THead(TR(TH(1) TH(2))) TBody(TR(TH(3) TD(4) TD()) TR(TD(5) TD(6))))",
        ),
        (
            "<table><tbody><tr><td/><td>a</td></tr><tr><td>b</td><td/></tr></tbody></table>",
            "Table(TBody(TR(TD() TD(1)) TR(TD(2) TD())))",
        ),
    ],
)
def test_a_table_has_its_caption_and_all_its_cells_in_order(xhtml: str, structure: str) -> None:
    """The empty ones too, and the caption first."""
    assert inside(xhtml) == structure


def test_heads_say_what_they_head() -> None:
    root = built(TABLE)
    assert [head.scope for head in all_of(root, "TH")] == ["Column", "Column", "Row"]
    assert [cell.scope for cell in all_of(root, "TD")] == [""] * 4
    assert [cell.spans for cell in all_of(root, "TH")] == [(1, 1), (2, 1), (1, 2)]


def test_a_table_over_a_page_is_one() -> None:
    root = built(TABLE, [1, 2, 3, 4, 5], [6, 7])
    assert shown(root).count("Table(") == shown(root).count("TBody(") == 1
    assert spots(all_of(all_of(root, "TR")[2], "TD")[0]) == [(1, 6)]


# Languages


@pytest.mark.parametrize(
    ("xhtml", "languages"),
    [
        ('<p>a <span lang="fr">b</span></p>', ["Span fr"]),
        ('<p lang="fr">a</p>', ["P fr"]),
        (
            '<p>a <i lang="vi">b <span lang="zh-Hant">c</span> d</i></p>',
            ["Span vi", "Span zh-Hant"],
        ),
        ('<p>a <i lang="vi">b <span lang="en">c</span></i></p>', ["Span vi", "Span en"]),
        ('<p>a <i lang="vi">b <b lang="vi">c</b></i></p>', ["Span vi"]),
        ('<div lang="fr"><p>a</p></div>', ["Div fr"]),
        ('<p>a <span lang="en">b</span></p>', []),
        ('<p>a <a href="#x" lang="fr">b</a></p>', ["Link fr"]),
        ('<table><tbody><tr><td lang="fr">b</td></tr></tbody></table>', ["TD fr"]),
        ('<h2 lang="fr">b</h2>', ["H2 fr"]),
        ('<p lang="fr">a <i>b</i> <span lang="en">c</span></p>', ["P fr", "Span en"]),
    ],
)
def test_what_is_in_another_language_says_so(xhtml: str, languages: list[str]) -> None:
    assert list(_languages(built(xhtml))) == languages


def _languages(tag: Tag) -> Iterator[str]:
    if tag.language:
        yield f"{tag.kind} {tag.language}"
    for kid in tag.kids:
        if isinstance(kid, Tag):
            yield from _languages(kid)


# In a PDF

CSS = """
@page { size: 150pt 120pt; margin: 10pt }
html { font: 10pt "EB Garamond"; line-height: 10pt }
body { margin: 0; orphans: 1; widows: 1 }
p, table, figure, ul { margin: 0 }
table { border-collapse: collapse }
thead { display: table-header-group }
td, th { padding: 0; border: 0.5pt solid; text-align: left; font-weight: 400 }
"""
PICTURE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='30pt' height='20pt'%3E"
    "%3Crect width='30pt' height='20pt' fill='%23f00'/%3E%3C/svg%3E"
)


@pytest.fixture(scope="module")
def styles(face_rules: str) -> tuple[str, ...]:
    return (face_rules + CSS,)


def in_pdf(styles: tuple[str, ...], xhtml: str) -> Tagged:
    html = f'<html lang="en"><body id="s">{xhtml}</body></html>'
    laid = layout.lay_out(Job("s", html, styles, 150, 100, 10, "en"))
    assert laid.faults == ()
    furniture = layout.set_furniture(
        FurnitureJob("s", laid.body, laid.strings, styles, "", "en", laid.margins)
    )
    found = Tagged(pikepdf.open(io.BytesIO(pdf_of(laid, furniture))))
    assert len(face_files()) > 0
    assert found.unmarked == []
    return found


def test_a_head_that_stands_again_is_an_artifact(styles: tuple[str, ...]) -> None:
    rows = "".join(f"<tr><td>row{n}</td><td>cell{n}</td></tr>" for n in range(20))
    found = in_pdf(
        styles,
        f"<table><thead><tr><th>head</th><th>tail</th></tr></thead><tbody>{rows}</tbody></table>",
    )
    (table,) = found.root.all("Table")
    assert found.text(table).count("head") == 1
    assert len(found.pdf.pages) > 2
    assert found.artifacts == ["", *["headtail"] * (len(found.pdf.pages) - 1)]


def test_a_figure_has_its_words_and_its_place(styles: tuple[str, ...]) -> None:
    found = in_pdf(
        styles,
        f'<figure class="figure"><img alt="A map of “Huế” &amp; more" src="{PICTURE}"/>'
        f'<figcaption>Map</figcaption></figure><p>a<img alt="" src="{PICTURE}"/></p>',
    )
    (figure,) = found.root.all("Figure")
    assert str(figure.own.Alt) == "A map of “Huế” & more"
    left, bottom, right, top = map(float, figure.attribute("/BBox"))
    assert (right - left, top - bottom) == pytest.approx((30, 20), abs=0.1)
    assert (left, top) == pytest.approx((10, 110), abs=0.1)
    assert len(figure.content) == 1


def test_a_figures_place_is_where_it_is_moved_to(styles: tuple[str, ...]) -> None:
    """The text area of a left page stands elsewhere than that of a right one."""
    css = (styles[0] + "@page :left { margin-left: 15pt; margin-right: 5pt }",)
    found = in_pdf(css, "<p>line</p>" * 10 + f'<p><img alt="x" src="{PICTURE}"/></p>')
    (figure,) = found.root.all("Figure")
    assert figure.content[0][0] == 1
    left, _, right, _ = map(float, figure.attribute("/BBox"))
    assert (left, right) == pytest.approx((15, 45), abs=0.1)


def test_what_is_moved_is_read_in_its_place(styles: tuple[str, ...]) -> None:
    found = in_pdf(
        styles,
        '<p style="position: relative; left: 3pt">first</p><p>second <span style="float: right">'
        "third</span> fourth</p>",
    )
    assert "".join(found.text(found.root).split()) == "firstsecondthirdfourth"


def test_passages_in_other_languages_are_told_in_the_pdf(styles: tuple[str, ...]) -> None:
    found = in_pdf(styles, '<p>a <i lang="fr">mot à mot</i> <span lang="vi">Điện Biên</span></p>')
    said = [(one.language, found.text(one).strip()) for one in found.root if one.language]
    assert said == [("fr", "mot à mot"), ("vi", "Điện Biên")]


def test_words_at_line_ends_are_parted(styles: tuple[str, ...]) -> None:
    """ISO 32000-1 §14.8.2.5: white space parts words, at the end of a line too."""
    words = " ".join(f"word{n}" for n in range(80))
    found = in_pdf(styles, f"<p>{words}</p>")
    (paragraph,) = found.root.all("P")
    assert found.text(paragraph).split() == words.split()
