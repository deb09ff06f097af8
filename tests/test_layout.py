"""Sections of a few words on a tiny page, set by WeasyPrint and made up into pages by Octavo.

The page has ten lines of 10 pt; a note's lines are 10 pt high too.  Tests whose names end in
``_by_itself`` show a fault of WeasyPrint's that the code works around: when a new release lets one
of them fail, the workaround may go.
"""

import io
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import pairwise
from typing import Any

import pikepdf
import pypdfium2 as pdfium
import pytest
import weasyprint
from PIL import Image
from support import ROOT, SOFT_HYPHEN, Sign, lines, pdf_of, signs
from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline

from octavo.templating import Templates
from octavo.typeset import layout
from octavo.typeset.boxes import drawing, makeup
from octavo.typeset.facts import Fault, Furniture, FurnitureJob, Job, Laid

CSS = """
@page { size: 150pt 120pt; margin: 10pt; @footnote { margin-top: 10pt } }
html { font: 10pt "EB Garamond", "Noto Serif TC"; line-height: 10pt }
body { margin: 0; orphans: 2; widows: 2; hyphens: manual }
p, figure, ul, blockquote, table, h2 { margin: 0; font-size: 10pt }
.note-call { line-height: 0; vertical-align: super; font-size: 6pt }
.footnote { float: footnote; font-size: 8pt; line-height: 10pt; margin: 0 }
.footnote::footnote-call, .footnote::footnote-marker {
  content: none; font-size: inherit; line-height: 0; vertical-align: baseline }
.note-block { display: block }
table { border-collapse: collapse; width: 100% }
thead { display: table-header-group }
td, th { padding: 0; text-align: left; font-weight: 400 }
h2 { break-after: avoid; font-weight: 400 }
.keep { break-inside: avoid }
"""


@pytest.fixture(scope="module")
def styles(face_rules: str) -> tuple[str, ...]:
    return (face_rules + CSS,)


def document(body: str) -> str:
    return f'<html lang="en"><head><title>T</title></head><body id="s">{body}</body></html>'


def job(styles: tuple[str, ...], body: str) -> Job:
    return Job("s", document(body), styles, 150, 100, 10, "en")


class Set:
    """A section laid out, and the PDF of it."""

    def __init__(self, laid: Laid, furniture: Furniture) -> None:
        self.laid, self.furniture = laid, furniture

    @property
    def count(self) -> int:
        return len(self.laid.pages)

    @cached_property
    def pdf(self) -> bytes:
        return pdf_of(self.laid, self.furniture)

    @cached_property
    def signs(self) -> list[list[Sign]]:
        return signs(self.pdf)

    @cached_property
    def pages(self) -> list[list[str]]:
        """The lines of each page, from its top."""
        return [lines(page) for page in self.signs]

    def order(self, name: str) -> list[int]:
        """Give the numbers of the words so named, page by page, each from its top."""
        return order(self.pages, name)


def set_any(styles: tuple[str, ...], body: str, numbers: str = "") -> Set:
    """Lay a section out, and set the furniture of its pages."""
    return finished(layout.lay_out(job(styles, body)), styles, numbers)


def finished(found: Laid, styles: tuple[str, ...], numbers: str = "") -> Set:
    strings, beside = found.strings, found.margins
    asked = FurnitureJob(found.section, found.body, strings, styles, numbers, "en", beside)
    return Set(found, layout.set_furniture(asked))


def laid(styles: tuple[str, ...], body: str) -> Set:
    """Lay out a section in which there is nothing to find fault with."""
    found = set_any(styles, body)
    assert found.laid.faults == ()
    assert not found.laid.log
    assert not found.furniture.log
    assert len(found.furniture.corners) == found.count
    return found


def words(count: int, name: str = "w") -> str:
    """``w1 w2 …``: each can be found again; four or five fill a line."""
    return " ".join(f"{name}word{number}" for number in range(1, count + 1))


def note(number: int, text: str) -> str:
    return (
        f'<a class="note-call" id="c{number}" href="#n{number}">\u2060{number}</a>'
        f'<span class="footnote" id="n{number}"><span>{text}</span></span>'
    )


def order(pages: Sequence[Sequence[str]], name: str) -> list[int]:
    text = " ".join(" ".join(page) for page in pages)
    return [int(number) for number in re.findall(rf"{name}word(\d+)", text)]


def by_itself(styles: tuple[str, ...], body: str) -> list[list[Sign]]:
    """Give what WeasyPrint prints without Octavo."""
    known = weasyprint.text.fonts.FontConfiguration()
    sheets = [weasyprint.CSS(string=sheet, font_config=known) for sheet in styles]
    found = weasyprint.HTML(string=document(body)).write_pdf(stylesheets=sheets, font_config=known)
    return signs(found)


def baselines(page: Sequence[Sign], size: float) -> list[float]:
    return sorted({round(s.y, 1) for s in page if abs(s.size - size) < 0.1}, reverse=True)


def whole(text: str) -> str:
    """Give the visible characters of a text, without the hyphens of broken words."""
    return "".join(text.split()).replace(SOFT_HYPHEN, "")


# Notes


@pytest.mark.parametrize("before", range(1, 36, 8))
@pytest.mark.parametrize("length", [1, 12, 50, 120])
def test_notes_begin_with_their_calls_and_no_word_is_lost(
    styles: tuple[str, ...], before: int, length: int
) -> None:
    body = f"<p>{words(before, 'a')} call{note(1, words(length, 'n'))} {words(30, 'b')}</p>"
    found = laid(styles, body)
    (fact,) = found.laid.notes
    assert fact.begins_with_call
    assert fact.pages == tuple(range(fact.pages[0], fact.pages[-1] + 1))
    assert "call" in " ".join(found.pages[fact.pages[0]])
    assert order(found.pages[fact.pages[0] :], "n")[0] == 1
    assert [page for page in range(found.count) if order([found.pages[page]], "n")] == list(
        fact.pages
    )
    for name, count in (("a", before), ("n", length), ("b", 30)):
        assert found.order(name) == list(range(1, count + 1)), name


def test_a_note_does_not_split_by_itself(styles: tuple[str, ...]) -> None:
    """Kozea/WeasyPrint#1833: what does not fit moves whole to the next page, or is lost."""
    body = f"<p>{words(20, 'a')} call{note(1, words(30, 'n'))}</p>"
    printed = [lines(page) for page in by_itself(styles, body)]
    assert any("call" in line for line in printed[0])
    assert order(printed[:1], "n") == []
    assert laid(styles, body).laid.notes[0].begins_with_call


def test_a_note_carried_over_goes_on_at_the_next_foot(styles: tuple[str, ...]) -> None:
    found = laid(styles, f"<p>call{note(1, words(60, 'n'))}</p><p>{words(40, 'b')}</p>")
    first, second, *_ = found.pages
    assert "nword1" in " ".join(first)
    assert second[0].startswith("bword")
    assert "nword" in second[-1]
    assert found.laid.notes[0].pages[:2] == (0, 1)


def test_notes_stand_at_the_foot_of_the_text_area(styles: tuple[str, ...]) -> None:
    """Their last line is the page's last, however short the text above them is."""
    found = laid(styles, f"<p>call{note(1, words(60, 'n'))}</p><p>b</p>")
    assert found.count == 2
    feet = [baselines(page, 8)[-1] for page in found.signs]
    full = baselines(laid(styles, f"<p>{words(60, 'a')}</p>").signs[0], 10)
    assert feet == [pytest.approx(full[-1], abs=1.5)] * 2


@pytest.mark.parametrize("ruled", [False, True])
def test_a_rule_stands_above_the_rest_of_a_note_if_that_is_wished(
    styles: tuple[str, ...], ruled: bool
) -> None:
    body = f"<p>call{note(1, words(60, 'n'))}</p><p>{words(40, 'b')}</p>"
    found = layout.lay_out(replace(job(styles, body), rules_continued=ruled))
    assert found.notes[0].pages[:2] == (0, 1)
    with pikepdf.open(io.BytesIO(found.pdf)) as pdf:
        assert [_has_rule(page) for page in list(pdf.pages)[:2]] == [False, ruled]


def _has_rule(page: pikepdf.Page) -> bool:
    """Tell whether a line as long as the measure (130 pt) is drawn on a page, in CSS px."""
    edges = [float(drawn.operands[0]) for drawn in pikepdf.parse_content_stream(page, "m l")]
    return any(abs(abs(b - a) * 0.75 - 130) < 0.1 for a, b in pairwise(edges))


def test_a_note_behind_the_last_word_is_finished(styles: tuple[str, ...]) -> None:
    found = laid(styles, f"<p>end{note(1, words(150, 'n'))}</p>")
    assert found.count > 3
    assert found.order("n") == list(range(1, 151))


def test_several_notes_in_a_line_stand_in_order(styles: tuple[str, ...]) -> None:
    calls = "".join(note(number, words(9, f"n{number}")) for number in range(1, 7))
    found = laid(styles, f"<p>{words(6, 'a')}{calls} {words(20, 'b')}</p>")
    # Not all can begin on the page; those that do not are told.
    assert [fact.begins_with_call for fact in found.laid.notes] == [True] * 2 + [False] * 4
    text = " ".join(" ".join(page) for page in found.pages)
    begins = [text.index(f"n{number}word1 ") for number in range(1, 7)]
    assert begins == sorted(begins)


def test_notes_that_fit_exactly_stay_on_their_page(styles: tuple[str, ...]) -> None:
    """Sums of floats are compared with some slack: a page of 36 lines of 14 pt, notes of 11.2."""
    look = CSS.replace("120pt", "524pt").replace("line-height: 10pt }", "line-height: 14pt }")
    look = look.replace("margin-top: 10pt", "margin-top: 7pt; padding-top: 6pt")
    look = look.replace("line-height: 10pt; margin", "line-height: 11.2pt; margin")
    dice = random.Random(1)
    body = "".join(
        f"<p>{words(dice.randint(3, 14), 'a')} call{note(n, words(dice.randint(1, 14), 'n'))}"
        f" {words(dice.randint(1, 14), 'b')}</p>"
        for n in range(60)
    )
    asked = replace(job((styles[0].replace(CSS, look),), body), height=504, leading=14)
    found = layout.lay_out(asked)
    assert found.faults == ()
    assert len(found.notes) == 60
    assert all(fact.begins_with_call for fact in found.notes)
    pdf = pdf_of(found, finished(found, asked.styles).furniture, trim=(150.0, 524.0))
    feet = [min(sign.y for sign in page if not sign.text.isspace()) for page in signs(pdf)]
    assert min(feet[:-1]) > 10
    assert max(feet[:-1]) - min(feet[:-1]) < 0.5


def test_paragraphs_in_notes(styles: tuple[str, ...]) -> None:
    blocks = "".join(f'<span class="note-block">{words(12, n)}</span>' for n in "nm")
    found = laid(styles, f"<p>{words(22, 'a')} call{note(1, blocks)} {words(9, 'b')}</p>")
    assert found.order("n") == found.order("m") == list(range(1, 13))


def test_notes_in_captions_and_cells(styles: tuple[str, ...]) -> None:
    """At the foot of a page, where rows go over with their notes."""
    rows = "".join(
        f"<tr><td>row{n}</td><td>cell{note(n, words(8, f'n{n}'))}</td></tr>" for n in range(2, 8)
    )
    found = laid(
        styles,
        f"<p>{words(12, 'a')}</p><figure><figcaption>cap{note(1, words(8, 'n1'))}</figcaption>"
        f"<table><thead><tr><th>head</th><th>tail</th></tr></thead><tbody>{rows}</tbody></table>"
        "</figure>",
    )
    assert len(found.laid.notes) == 7
    assert all(fact.begins_with_call for fact in found.laid.notes)
    for number in range(1, 8):
        assert found.order(f"n{number}") == list(range(1, 9))


def test_notes_in_lists_and_quotations(styles: tuple[str, ...]) -> None:
    items = "".join(f"<li>{words(9, f'i{n}')}{note(n, words(20, f'n{n}'))}</li>" for n in (1, 2, 3))
    found = laid(
        styles, f"<ul>{items}</ul><blockquote><p>q{note(4, words(30, 'n4'))}</p></blockquote>"
    )
    assert all(fact.begins_with_call for fact in found.laid.notes)
    for name, count in (("i1", 9), ("i3", 9), ("n1", 20), ("n3", 20), ("n4", 30)):
        assert found.order(name) == list(range(1, count + 1)), name
    assert "".join("".join(page) for page in found.pages).count("•") == 3


# Lines and pages


def test_calls_and_carried_notes_do_not_raise_their_lines(styles: tuple[str, ...]) -> None:
    """Every line stands on the grid of 10 pt, on the pages to which notes are carried too."""
    body = "".join(
        f"<p>{words(20, f'p{n}')} call{note(n, words(25, f'n{n}'))} {words(9, f'q{n}')}</p>"
        for n in range(1, 6)
    )
    found = laid(styles, body)
    assert found.count > 4
    for page in found.signs:
        at = baselines(page, 10)
        assert at
        assert all(abs((a - b) % 10) < 0.15 or (a - b) % 10 > 9.85 for a, b in pairwise(at))
        assert abs(at[0] - baselines(found.signs[0], 10)[0]) < 0.15


def test_the_empty_call_raises_its_line_by_itself(styles: tuple[str, ...]) -> None:
    """A footnote's own call, though its content is none, is higher than the line."""
    raised = (re.sub(r"content: none;.*?}", "content: none }", styles[0], flags=re.S),)
    body = f"<p>one</p><p>two{note(1, 'n')}</p><p>three</p>"
    sound, unsound = (baselines(set_any(look, body).signs[0], 10) for look in (styles, raised))
    assert [a - b for a, b in pairwise(sound)] == [pytest.approx(10, abs=0.15)] * 2
    assert unsound[0] - unsound[2] > 21


def test_the_books_stylesheet_keeps_the_grid(styles: tuple[str, ...]) -> None:
    look = Templates(ROOT).source("print/book.css").replace("font-weight: 400;", "")
    body = f"<p>{words(9, 'a')} call{note(1, words(30, 'n'))} {words(60, 'b')}</p>"
    asked = replace(job((styles[0].split("@page")[0], CSS_PAGE, look), body), height=98, leading=14)
    found = finished(layout.lay_out(asked), asked.styles)
    steps = [a - b for page in found.signs for a, b in pairwise(baselines(page, 11))]
    assert len(steps) > 10
    assert steps == [pytest.approx(14, abs=0.1)] * len(steps)


CSS_PAGE = "@page { size: 150pt 120pt; margin: 10pt } html { font-size: 11pt; line-height: 14pt }"


def test_widows_and_orphans(styles: tuple[str, ...]) -> None:
    """A paragraph of three lines is never cut, one of four in the middle only."""
    for before in range(1, 12):
        paragraph = f"<p>{words(11, 'x')}</p>"
        body = "<p>line</p>" * before + paragraph + f"<p>{words(14, 'y')}</p>"
        for page in laid(styles, body).pages:
            for name in "xy":
                count = sum(f"{name}word" in line for line in page)
                assert count != 1, (before, name, page)


def test_a_heading_does_not_end_a_page(styles: tuple[str, ...]) -> None:
    for before in range(6, 11):
        body = "<p>line</p>" * before + f"<h2>Heading</h2><p>{words(12, 'x')}</p>"
        assert all(page[-1] != "Heading" for page in laid(styles, body).pages)


def test_what_is_kept_together_moves_whole(styles: tuple[str, ...]) -> None:
    kept = '<div class="keep"><p>k1</p><p>k2</p></div>'
    for before in range(6, 11):
        for page in laid(styles, "<p>line</p>" * before + kept + "<p>end</p>").pages:
            assert sum(line.startswith("k") for line in page) in {0, 2}


def test_a_table_is_broken_between_rows_and_its_head_stands_again(styles: tuple[str, ...]) -> None:
    rows = "".join(f"<tr><td>row{n}</td><td>{words(3, f'r{n}')}</td></tr>" for n in range(1, 31))
    found = laid(
        styles,
        "<p>before</p><table><thead><tr><th>head</th><th>tail</th></tr></thead>"
        f"<tbody>{rows}</tbody></table><p>after</p>",
    )
    made = found.pages
    assert len(made) > 2
    assert made[0][:2] == ["before", "headtail"]
    assert all(page[0] == "headtail" for page in made[1:])
    text = [re.split(r"(?=r\d+word)", line)[0] for page in made for line in page if "row" in line]
    assert text == [f"row{n}" for n in range(1, 31)]
    assert made[-1][-1] == "after"


def test_a_broken_word_has_its_hyphen_and_stays_one(styles: tuple[str, ...]) -> None:
    """A paragraph that is cut within a word has its hyphen once, and no letter is lost."""
    css = (styles[0] + "body { hyphens: auto; orphans: 1; widows: 1 }",)
    text = " ".join(["incomprehensibilities"] * 30)
    found = laid(css, f"<p>x</p><p>{text}</p>")
    assert found.count > 1
    printed = [line for page in found.pages for line in page]
    assert all(SOFT_HYPHEN not in line[:-1] for line in printed)
    assert any(page[-1].endswith(SOFT_HYPHEN) for page in found.pages[:-1])
    assert whole("".join(printed)) == "x" + whole(text)


@pytest.mark.parametrize("text", ["one—two", "1950–51", "and/or", "one-two"])
def test_no_hyphen_is_added_where_a_line_ends_at_a_sign(styles: tuple[str, ...], text: str) -> None:
    found = laid(styles, f'<p style="width: 1pt; hyphens: auto">{text}</p>')
    assert whole("".join(found.pages[0])) == text
    assert not any(SOFT_HYPHEN in line for line in found.pages[0])


def test_no_three_lines_in_a_row_end_in_a_hyphen(styles: tuple[str, ...]) -> None:
    found = laid(ladder(styles), f"<p>{LADDER}</p>")
    assert any(ends(found.pages))
    assert longest_run(ends(found.pages)) == 2


def test_three_lines_in_a_row_end_in_a_hyphen_by_itself(
    styles: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """WeasyPrint knows no ``hyphenate-limit-lines`` (CSS Text 4 §6.3.2)."""
    ours = inline.get_next_linebox.__self__
    monkeypatch.setattr(inline, "get_next_linebox", ours._next_line)
    monkeypatch.setattr(inline, "split_first_line", ours._split)
    printed = [lines(page) for page in by_itself(ladder(styles), f"<p>{LADDER}</p>")]
    assert longest_run(ends(printed)) > 2


def test_no_three_lines_of_a_note_end_in_a_hyphen(styles: tuple[str, ...]) -> None:
    found = laid(ladder(styles), f"<p>call{note(1, LADDER)}</p>")
    assert found.count > 1
    assert longest_run(ends(found.pages)) == 2


LADDER = " ".join(["extraordinarily"] * 120)


def ladder(styles: tuple[str, ...]) -> tuple[str, ...]:
    return (styles[0] + "body { hyphens: auto; text-align: justify }",)


def ends(pages: Sequence[Sequence[str]]) -> list[bool]:
    """Tell of each line whether it ends in a hyphen."""
    return [line[-1] in f"\u2010-{SOFT_HYPHEN}" for page in pages for line in page]


def longest_run(found: Sequence[bool]) -> int:
    longest = run = 0
    for one in found:
        run = run + 1 if one else 0
        longest = max(longest, run)
    return longest


def test_the_last_line_of_a_page_is_full_in_a_paragraph_that_goes_on(
    styles: tuple[str, ...],
) -> None:
    css = (styles[0] + "body { text-align: justify }",)
    page = laid(css, f"<p>{words(60, 'a')}</p>").signs[0]
    last = [sign for sign in page if abs(sign.y - min(s.y for s in page)) < 1]
    ends = [sign.right for sign in last if not sign.text.isspace()]
    assert max(ends) == pytest.approx(140, abs=1)


# Boxes


BOX = "border: 2pt solid #0000ff; padding: 4pt; background: #ffff00"
BLUE, YELLOW = (0, 0, 255), (255, 255, 0)
SCALE = 4
"""How many pixels a point has in pictures of pages."""


def picture(pdf: bytes, page: int) -> Image.Image:
    with pdfium.PdfDocument(pdf) as opened:
        found: Image.Image = opened[page].render(scale=SCALE).to_pil().convert("RGB")
        return found


def spans(image: Image.Image, colour: tuple[int, int, int], x: float) -> list[tuple[int, int]]:
    """Give from where to where (pt, from the top) a colour stands in the column at ``x`` (pt)."""
    column = [image.getpixel((round(x * SCALE), y)) == colour for y in range(image.height)]
    edges = [y for y, (a, b) in enumerate(pairwise([False, *column, False])) if a != b]
    # Where two colours meet there is a pixel of neither.
    gaps = [(a, b) for a, b in zip(edges[1:-1:2], edges[2::2], strict=True) if b - a <= 2]
    edges = [y for y in edges if not any(y in gap for gap in gaps)]
    return [
        (round(a / SCALE), round(b / SCALE)) for a, b in zip(edges[::2], edges[1::2], strict=True)
    ]


def test_a_box_that_runs_over_a_page_is_drawn_on_both_without_edge_at_the_cut(
    styles: tuple[str, ...],
) -> None:
    """CSS Fragmentation 3 §5.4.1, ``box-decoration-break: slice``."""
    body = f'<p>before</p><div style="{BOX}"><p>{words(60, "a")}</p></div><p>after</p>'
    found = laid(styles, body)
    assert found.count == 3
    pictures = [picture(found.pdf, page) for page in range(3)]
    edge, inside = 11, 13.5  # the middle of the left border, and of the left padding
    # From below the first line: the upper edge of 2 pt, padding of 4, eight lines of text.
    assert spans(pictures[0], BLUE, edge) == [(20, 106)]
    assert spans(pictures[0], YELLOW, inside) == [(22, 106)]
    assert spans(pictures[0], BLUE, inside) == [(20, 22)]
    # From the top of the text area to its foot, without edges.
    assert spans(pictures[1], BLUE, edge) == [(10, 110)]
    assert spans(pictures[1], YELLOW, inside) == [(10, 110)]
    assert spans(pictures[1], BLUE, inside) == []
    # To the lower edge, below which the text goes on.
    ((top, bottom),) = spans(pictures[2], BLUE, edge)
    assert top == 10
    assert spans(pictures[2], BLUE, inside) == [(bottom - 2, bottom)]
    assert spans(pictures[2], YELLOW, inside) == [(10, bottom - 2)]
    assert found.pages[2][-1] == "after"
    first = [baselines(page, 10)[0] for page in found.signs]
    assert first == pytest.approx([first[0]] * 3, abs=0.1)


def test_empty_elements_keep_their_places(styles: tuple[str, ...]) -> None:
    body = (
        '<div id="first"></div>'
        + "<p>line</p>" * 9
        + '<p>line<span id="inline"></span></p><div id="between"><div id="inner"></div></div>'
        + '<p>next</p><ul><li id="item"><span id="in-item"></span>item</li></ul>'
        + '<table><tr id="row"><td id="cell"></td><td>cell</td></tr></table><div id="last"></div>'
    )
    places = laid(styles, body).laid.places
    found = {name: (place.page, round(place.y)) for name, place in places.items()}
    assert found["first"] == (0, 0)
    assert found["inline"][0] == 0
    assert 88 < found["inline"][1] < 100
    assert found["between"] == found["inner"] == (1, 0)
    assert found["item"] == (1, 10)
    assert found["in-item"][0] == 1
    assert found["row"] == found["cell"] == (1, 20)
    assert found["last"] == (1, 30)
    assert set(found) == {"s", *re.findall('id="(.*?)"', body)}


def test_a_list_in_an_item_behind_its_text(styles: tuple[str, ...]) -> None:
    inner = "".join(f"<li>{words(6, f'i{n}')}</li>" for n in (1, 2, 3))
    body = f"<p>{words(20, 'a')}</p><ul><li>{words(12, 'o')}<ul>{inner}</ul></li><li>end</li></ul>"
    found = laid(styles, body)
    assert found.count > 1
    assert found.order("o") == list(range(1, 13))
    for n in (1, 2, 3):
        assert found.order(f"i{n}") == list(range(1, 7))
    text = " ".join(" ".join(page) for page in found.pages)
    assert re.sub(r"[^•◦]", "", text) == "•◦◦◦•"


@pytest.mark.parametrize("before", range(5, 11))
@pytest.mark.parametrize("way", ["in a paragraph", "by itself"])
def test_floats(styles: tuple[str, ...], before: int, way: str) -> None:
    """No line stands over another, nor above or below the text area."""
    floated = f'<span style="float: right; width: 40pt">{words(3, "f")}</span>'
    if way == "in a paragraph":
        text = f"<p>{words(2, 'x')} {floated} {words(30, 'y')}</p>"
    else:
        text = f"<div>{floated}</div><p>{words(2, 'x')} {words(30, 'y')}</p>"
    found = laid(styles, "<p>line</p>" * before + text)
    assert found.order("y") == list(range(1, 31))
    assert sorted(found.order("f")) == [1, 2, 3]
    for page in found.signs:
        for sign in page:
            if not sign.text.isspace():
                assert 8 < sign.bottom < sign.top < 112, sign
        spots = [(round(sign.x, 1), round(sign.y, 1)) for sign in page if not sign.text.isspace()]
        assert len(spots) == len(set(spots))


def test_what_is_moved_from_its_place_keeps_its_distance(styles: tuple[str, ...]) -> None:
    """CSS Positioned Layout 3 §3.3, on whatever page."""
    moved = '<p style="position: relative; top: 3pt; left: 5pt">moved</p>'
    for before in (3, 12):
        body = "<p>line</p>" * before + "{}<p>line</p>"
        plain = laid(styles, body.format("<p>moved</p>"))
        page = laid(styles, body.format(moved)).signs[-1]
        assert plain.count == 1 + before // 10
        place, other = (
            next(sign for sign in signs if sign.text == "m") for signs in (plain.signs[-1], page)
        )
        assert (other.x - place.x, other.y - place.y) == pytest.approx((5, -3), abs=0.1)
        assert [s.y for s in page if s.text == "l"] == pytest.approx(
            [s.y for s in plain.signs[-1] if s.text == "l"], abs=0.1
        )


def test_a_block_in_a_line(styles: tuple[str, ...]) -> None:
    inline = f'<span style="display: inline-block; width: 60pt">{words(6, "i")}</span>'
    found = laid(styles, f"<p>{words(32, 'a')} {inline} {words(20, 'b')}</p>")
    assert found.count == 2
    for name, count in (("a", 32), ("b", 20), ("i", 6)):
        assert found.order(name) == list(range(1, count + 1))
    assert [bool(order([page], "i")) for page in found.pages] == [False, True]


RED = (255, 0, 0)
PICTURE = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' width='30pt' height='30pt'%3E"
    "%3Crect width='30pt' height='30pt' fill='%23f00'/%3E%3C/svg%3E"
)


@pytest.mark.parametrize("before", [6, 7, 8, 10])
@pytest.mark.parametrize("look", ["display: block", ""])
def test_a_picture_is_not_cut(styles: tuple[str, ...], before: int, look: str) -> None:
    image = f'<figure><img alt="red" style="{look}; vertical-align: bottom" src="{PICTURE}"/>'
    found = laid(styles, "<p>line</p>" * before + f"{image}</figure><p>end</p>")
    drawn = [spans(picture(found.pdf, page), RED, 25) for page in range(found.count)]
    page = 0 if before <= 7 else 1
    ((top, bottom),) = drawn.pop(page)
    assert not any(drawn)
    assert bottom - top == 30
    assert top == 10 + (10 * before if page == 0 else 0)


# Proofs


def test_what_the_stylesheets_change_in_words_is_no_fault(styles: tuple[str, ...]) -> None:
    css = (
        styles[0] + "b { text-transform: uppercase } i { text-transform: capitalize }"
        "p::first-letter { font-size: 20pt; line-height: 10pt }"
        "div::before { content: '“' } q::before { content: '«' } q::after { content: '»' }"
        ".gone { display: none } s { visibility: hidden }",
    )
    body = (
        "<p><b>straße ﬁn</b> <i>word by word</i> ılık İzmir</p>"
        "<div>first and <q>quoted</q></div><p>“First” and (second)</p>"
        f'<p>shown <span class="gone">hidden <b>inside</b></span> again{note(1, "n")}</p>'
        '<div class="gone"><p>block</p></div><p>soft­hyphen­ated</p>'
    )
    found = laid(css, body)
    text = " ".join(found.pages[0])
    assert "STRASSE" in text
    assert "Word By Word" in text
    assert "hidden" not in text
    assert "inside" not in text


def test_a_first_letter_behind_generated_text_is_no_fault(styles: tuple[str, ...]) -> None:
    css = (styles[0] + "p::before { content: '“' } p::first-letter { color: red }",)
    assert laid(css, "<p>First</p>").pages == [["“First"]]


PARAGRAPHS = "".join(
    f'<p data-line="{10 + n}" {path}>{words(count, f"p{n}")}</p>'
    for n, (count, path) in enumerate(
        [(6, ""), (6, ""), (6, ""), (24, 'data-path="content/tables/t.csv"'), (6, "")]
    )
)
"""Sixteen lines; the fourth paragraph runs over to the second page."""


def without_line(word: str) -> Callable[..., tuple[makeup.MadeUp, ...]]:
    """Give a way to make up pages that drops the line in which a word is."""

    def is_line(box: object) -> bool:
        return isinstance(box, boxes.LineBox) and any(
            word in getattr(inner, "text", "") for inner in box.descendants()
        )

    def unsound(*given: Any, **named: Any) -> tuple[makeup.MadeUp, ...]:
        pages = MAKE_UP(*given, **named)
        for page in pages:
            for box in list(page.box.descendants()):
                if isinstance(box, boxes.BlockBox):
                    box.children = [child for child in box.children if not is_line(child)]
        return pages

    return unsound


MAKE_UP = makeup.make_up


def test_a_lost_line_is_told_with_its_page_and_its_source(
    styles: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = PARAGRAPHS + f'<ul><li data-line="30"><p>item <b>{words(3, "b")}</b></p></li></ul>'
    line = next(line for line in laid(styles, body).pages[1] if "p3word" in line)
    word = line.split()[1]
    monkeypatch.setattr(makeup, "make_up", without_line(word))
    (fault,) = set_any(styles, body).laid.faults
    assert fault.rule == "every-word-is-printed"
    assert fault.message.endswith('" is lost')
    assert word in fault.message
    # The paragraph begins on the first page, its lost line is on the second.
    assert (fault.path, fault.line, fault.page) == ("content/tables/t.csv", 13, 1)


def test_a_lost_element_is_told_with_the_source_of_what_is_around_it(
    styles: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = PARAGRAPHS + f'<ul><li data-line="30"><p>item <b>{words(3, "b")}</b></p></li></ul>'
    monkeypatch.setattr(makeup, "make_up", without_line("bword2"))
    faults = set_any(styles, body).laid.faults
    assert {(fault.path, fault.line, fault.page) for fault in faults} == {("", 30, 1)}
    assert " ".join(fault.message for fault in faults).count("is lost") == len(faults) == 2


def test_words_that_are_not_drawn_are_told(
    styles: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(drawing, "paint_text", lambda page, stream: None)
    faults = set_any(styles, PARAGRAPHS).laid.faults
    assert [fault.rule for fault in faults] == ["every-word-is-printed"] * 5
    assert [fault.line for fault in faults] == [10, 11, 12, 13, 14]
    assert all(fault.message.endswith("is lost") for fault in faults)


def test_words_that_are_drawn_twice_are_told(
    styles: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    paint = drawing.paint_text

    def twice(page: object, stream: object) -> None:
        paint(page, stream)
        paint(page, stream)

    monkeypatch.setattr(drawing, "paint_text", twice)
    (fault,) = set_any(styles, '<p data-line="7">once</p>').laid.faults
    assert fault == Fault("every-word-is-printed", '"once" is doubled', 0, "", 7)


def test_a_note_before_its_call_is_told(
    styles: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = (
        f'<p data-line="4">call{note(1, words(60, "n"))}</p><p data-line="9">{words(40, "b")}</p>'
    )
    make_up = makeup.make_up
    monkeypatch.setattr(makeup, "make_up", lambda *given, **named: make_up(*given, **named)[::-1])
    faults = [f for f in set_any(styles, body).laid.faults if f.rule == "note-follows-call"]
    assert [(fault.message, fault.line) for fault in faults] == [
        ("this note stands before its call", 4)
    ]


@pytest.mark.parametrize(
    "body",
    [
        '<p>a</p><p data-line="5" style="position: relative; top: -60pt">b</p>',
        f'<p data-line="5">{"w" * 40}</p>',
        f'<pre data-line="5">{"w w " * 20}</pre>',
        f"<p>a{note(1, 'w' * 40)}</p>".replace("<p>", '<p data-line="5">'),
    ],
)
def test_what_stands_outside_the_sheet_is_told(styles: tuple[str, ...], body: str) -> None:
    (fault,) = set_any(styles, body).laid.faults
    assert (fault.rule, fault.page, fault.line) == ("text-stands-on-page", 0, 5)
    assert fault.message.endswith("stands outside its page")


def test_what_stands_outside_later_pages_is_told_with_them(styles: tuple[str, ...]) -> None:
    body = "<p>line</p>" * 15 + f'<p data-line="8">{"w" * 40}</p>'
    assert [(f.page, f.line) for f in set_any(styles, body).laid.faults] == [(1, 8)]


def test_what_weasyprint_complains_of_is_told_once_each_time(styles: tuple[str, ...]) -> None:
    """Whatever the process has laid out before."""
    asked = job((*styles, "p { colour: red }"), "<p>a</p>")
    for _ in range(2):
        log = layout.lay_out(asked).log
        assert len(log) == 1
        assert "colour" in log[0]


# Facts


def test_places_are_pages_and_points_from_the_text_areas_corner(styles: tuple[str, ...]) -> None:
    found = laid(styles, f'<p>{words(44, "a")} <span id="here">x</span> {words(9, "b")}</p>')
    assert found.laid.places["s"].page == 0
    here = found.laid.places["here"]
    assert here.page == 1
    x = next(sign for page in found.signs[1:] for sign in page if sign.text == "x")
    left, top = found.furniture.corners[1]
    assert left + here.x == pytest.approx(x.x, abs=0.5)
    assert top + here.y < 120 - x.y < top + here.y + 10


def test_a_note_in_pieces_is_one_note_and_has_one_place(styles: tuple[str, ...]) -> None:
    found = laid(styles, f"<p>call{note(1, words(90, 'n'))}</p>")
    assert found.count > 2
    assert [fact.id for fact in found.laid.notes] == ["n1"]
    assert found.laid.notes[0].pages == tuple(range(found.count))
    assert found.laid.places["n1"].page == 0
    assert [page.notes for page in found.laid.pages] == [("n1",)] * found.count


def test_the_same_job_gives_the_same_bytes(styles: tuple[str, ...]) -> None:
    body = f"<p>{words(20, 'a')} call{note(1, words(30, 'n'))} {words(30, 'b')}</p>"
    one, other = laid(styles, body), laid(styles, body)
    assert one.laid == other.laid
    assert one.furniture == other.furniture
    assert one.pdf == other.pdf


def test_a_job_changes_nothing_for_the_next(styles: tuple[str, ...]) -> None:
    """What a worker has laid out before does not show."""
    body = f"<p>{words(20, 'a')} call{note(1, words(30, 'n'))} {words(30, 'b')}</p>"
    before = laid(styles, body)
    laid((styles[0] + "p { font-size: 7pt; font-style: italic }",), f"<p>{words(200, 'c')}</p>")
    assert laid(styles, body).laid == before.laid


@pytest.mark.parametrize(
    "text",
    [
        words(90, "a"),
        " ".join(["incomprehensibilities", "extraordinarily", "international"] * 20),
        f"{words(20, 'a')} call{note(1, words(30, 'n'))} <i>{words(40, 'b')}</i> soft\u00adly",
    ],
)
def test_facts_agree_with_what_a_page_shows(styles: tuple[str, ...], text: str) -> None:
    """The first and last words of a page, and how much of their block comes before."""
    css = (styles[0] + "body { hyphens: auto; orphans: 1; widows: 1 }",)
    found = laid(css, f'<p id="one">{text}</p><p>{words(30, "z")}</p>')
    first, *_, last = shown = list(flowing(found))
    assert len(shown) > 2
    met = 0
    for page, fact in zip(shown, found.laid.pages, strict=True):
        assert fact.beginning is not None
        assert fact.beginning.words == " ".join(page.split()[:8])
        assert fact.last_words == " ".join(page.split()[-8:])
        if "zword" not in page:
            assert (fact.beginning.block, fact.beginning.characters) == ("one", met)
        met += len(whole(page))
    assert first != last


def flowing(found: Set) -> Iterator[str]:
    """Give the running text of each page as it is read: broken words whole, without notes."""
    for page in found.signs:
        text = " ".join(lines([sign for sign in page if abs(sign.size - 10) < 0.1]))
        yield text.replace(f"{SOFT_HYPHEN} ", "").rstrip(SOFT_HYPHEN)


def test_a_page_that_begins_inside_a_word(styles: tuple[str, ...]) -> None:
    css = (styles[0] + "body { hyphens: auto; orphans: 1; widows: 1 }",)
    text = " ".join(["incomprehensibilities"] * 30)
    found = laid(css, f'<p id="one">{text}</p>'.replace("<p ", "<p>x</p><p "))
    broken = [page for page in found.pages[:-1] if page[-1].endswith(SOFT_HYPHEN)]
    assert broken
    before = -1
    for number, (page, fact) in enumerate(zip(flowing(found), found.laid.pages, strict=True)):
        assert fact.beginning is not None
        if number:
            assert (fact.beginning.block, fact.beginning.characters) == ("one", before)
        assert fact.beginning.words.split()[0] == page.split()[0]
        before += len(whole(page))
    starts = [f.beginning.words.split()[0] for f in found.laid.pages if f.beginning]
    ends = [fact.last_words.split()[-1] for fact in found.laid.pages]
    for end, start in zip(ends, starts[1:], strict=False):
        assert "incomprehensibilities" in {end, start, end + start}


def test_a_page_that_begins_inside_a_table(styles: tuple[str, ...]) -> None:
    rows = "".join(
        f'<tr id="r{n}"><td>row{n}</td><td>cell{n} {words(2, f"r{n}")}</td></tr>'
        for n in range(1, 16)
    )
    found = laid(
        styles,
        "<p>before</p><table><thead><tr><th>head</th><th>tail</th></tr></thead>"
        f"<tbody>{rows}</tbody></table><p>after</p>",
    )
    assert found.count == 2
    second = found.pages[1]
    assert second[0] == "headtail"
    name = re.match(r"row(\d+)", second[1])
    assert name
    number = int(name[1])
    beginning = found.laid.pages[1].beginning
    assert beginning is not None
    assert (beginning.block, beginning.characters) == (f"r{number}", 0)
    assert beginning.words.split()[:5] == [
        f"row{number}", f"cell{number}", f"r{number}word1", f"r{number}word2", f"row{number + 1}"
    ]  # fmt: skip
    assert found.laid.pages[0].last_words.split()[-1] == f"r{number - 1}word2"


def test_a_line_break_parts_words(styles: tuple[str, ...]) -> None:
    (fact,) = laid(styles, "<p>one two<br/>three</p>").laid.pages
    assert fact.beginning is not None
    assert fact.beginning.words == fact.last_words == "one two three"


def test_a_block_without_id_is_named_by_its_number(styles: tuple[str, ...]) -> None:
    found = laid(styles, f'<p data-block="b1">a</p><p data-block="b2">{words(60, "x")}</p>')
    blocks = [(f.beginning.block, f.beginning.characters) for f in found.laid.pages if f.beginning]
    assert blocks[0] == (".b1", 0)
    assert {block for block, _ in blocks[1:]} == {".b2"}
    assert blocks[1][1] == len(whole(next(flowing(found)))) - 1


def test_a_page_of_notes_alone_begins_with_no_text(styles: tuple[str, ...]) -> None:
    found = laid(styles, f"<p>call{note(1, words(90, 'n'))}</p>")
    assert found.laid.pages[0].beginning is not None
    for page in found.laid.pages[1:]:
        assert (page.beginning, page.last_words) == (None, "")


def test_lines_left_empty_for_the_notes_sake_are_counted(styles: tuple[str, ...]) -> None:
    """Not those that a paragraph leaves which goes over whole."""
    for before in (8, 9, 10):
        found = laid(styles, "<p>line</p>" * before + f"<p>{words(11, 'x')}</p>")
        assert [page.lines_short for page in found.laid.pages] == [0, 0]
    body = "<p>line</p>" * 7 + f"<p>call{note(1, words(15, 'n'))}</p>" + "<p>line</p>" * 2
    found = laid(styles, body)
    assert found.pages[0] == ["line"] * 7
    assert [page.lines_short for page in found.laid.pages] == [3, 0]


# Furniture


def test_folios_change_no_page(styles: tuple[str, ...]) -> None:
    """A section is laid out once; its folios come with the furniture."""
    numbers = (
        "@page { @top-left { content: counter(page) } } @page :first { counter-reset: page 45 }"
    )
    plain = laid(styles, f"<p>{words(80, 'a')}</p>")
    found = finished(plain.laid, styles, numbers)
    assert found.count > 1
    assert [page[0] for page in found.pages] == [str(45 + n) for n in range(found.count)]
    assert [page[1:] for page in found.pages] == plain.pages


def test_running_heads_follow_the_text(styles: tuple[str, ...]) -> None:
    """CSS GCPM 3 §1.1.2: the first that a page sets, or else the last that was set before."""
    css = (
        styles[0] + "h2 { string-set: head content() } .two { string-set: head 'Not \\22 h2' }"
        "@page { @top-left { content: string(head); font-size: 6pt } }",
    )
    body = (
        "<p>line</p>" * 12
        + "<h2>One</h2><p>line</p><h2>Two “x” \\ 鹽</h2>"
        + "<p>line</p>" * 16
        + "<h2>Three</h2><p>line</p>"
        + "<p>line</p>" * 9
        + '<p class="two">line</p>'
    )
    heads = [
        "".join(sign.text for sign in page if abs(sign.size - 6) < 0.1).strip()
        for page in laid(css, body).signs
    ]
    assert heads == ["", "One", "Two “x” \\ 鹽", "Three", 'Not "h2']


def test_the_bodys_own_strings_reach_every_page(styles: tuple[str, ...]) -> None:
    css = styles[0] + (
        "body { string-set: book attr(data-book) }"
        "@page { @top-right { content: string(book); font-size: 6pt } }"
    )
    asked = job((css,), f"<p>{words(60, 'a')}</p>")
    asked = replace(
        asked, html=asked.html.replace("<body ", '<body data-book="Salt &amp; “Silk”" ')
    )
    found = finished(layout.lay_out(asked), asked.styles)
    assert found.count > 1
    assert [page[0] for page in found.pages] == ["Salt & “Silk”"] * found.count
