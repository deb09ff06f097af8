"""Trees cut at lines' ends: every character stays, once, notes stay with their calls."""

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import pytest
from lxml import etree

from octavo.markdown.tree import Element
from octavo.typeset import cutting
from octavo.typeset.breaks import NotePiece, PagePlan
from octavo.typeset.cutting import carry_out, flow_text, footnotes, keep_words_whole, number
from octavo.typeset.galley import Galley, NoteLine, SetNote, Strip

HYPHEN = "\N{HYPHEN}"


def body(xml: str) -> Element:
    tree = etree.fromstring(f"<html><body>{xml}</body></html>")
    number(tree)
    return tree


def strip(
    block: Element, end: int = 0, opens: Sequence[Element] = (), notes: Sequence[str] = ()
) -> Strip:
    numbers = tuple(int(element.get("data-n")) for element in opens)
    block_number = int(block.get("data-n"))
    return Strip(0, 10, block_number, numbers, end, False, True, 0, False, tuple(notes))


def column(strips: Sequence[Strip], **notes: Sequence[int]) -> Galley:
    """A galley of these strips; of each note the ends of its lines are given."""
    shown = {
        name: SetNote(name, tuple(NoteLine(end, False) for end in ends), 10.0)
        for name, ends in notes.items()
    }
    return Galley(tuple(strips), shown, 0, 50, 10, 0)


def page(first: int, last: int, *notes: tuple[str, int, int]) -> PagePlan:
    return PagePlan(first, last, tuple(NotePiece(*note) for note in notes), (), 0)


def shown(tree: Element) -> list[str]:
    """Give the body's blocks, without the numbers of elements."""
    copy: Element = etree.fromstring(etree.tostring(tree))
    for element in copy.iter():
        element.attrib.pop("data-n", None)
    found = copy if copy.tag == "body" else copy.find("body")
    return [etree.tostring(child, encoding="unicode", with_tail=False) for child in found]


def cut_paragraph(xml: str, *ends: int) -> list[str]:
    """Cut the one paragraph at these visible characters, a page for each part."""
    tree = body(f"<p>{xml}</p>")
    block = tree[0][0]
    lines = [*ends, len(flow_text(block))]
    strips = [strip(block, end, [block] if not index else []) for index, end in enumerate(lines)]
    plans = [page(index, index + 1) for index in range(len(strips))]
    return shown(carry_out(tree, column(strips), plans))


FIRST = '<p class="continues">'
LAST = '<p class="continued opens-page">'
MIDDLE = '<p class="continued continues opens-page">'


def test_a_paragraph_is_cut_between_words() -> None:
    assert cut_paragraph("One two three four.", 6, 11) == [
        f"{FIRST}One two</p>",
        f"{MIDDLE}three</p>",
        f"{LAST}four.</p>",
    ]


def test_a_broken_word_gets_its_hyphen() -> None:
    assert cut_paragraph("One twofold", 5) == [f"{FIRST}One tw{HYPHEN}</p>", f"{LAST}ofold</p>"]


@pytest.mark.parametrize("xml", ["one—two", "1950–51", "and/or", "one-two"])
def test_no_hyphen_where_the_line_ends_at_a_sign(xml: str) -> None:
    at = next(index for index, sign in enumerate(xml) if not sign.isalnum()) + 1
    assert cut_paragraph(xml, at) == [f"{FIRST}{xml[:at]}</p>", f"{LAST}{xml[at:]}</p>"]


def test_inline_elements_are_cut_too() -> None:
    assert cut_paragraph("a <i>one <b>two</b> three</i> z", 5) == [
        f"{FIRST}a <i>one <b>t{HYPHEN}</b></i></p>",
        f"{LAST}<i><b>wo</b> three</i> z</p>",
    ]


def test_no_empty_elements_are_left() -> None:
    assert cut_paragraph("<i>one</i> <b>two</b>", 3) == [
        f"{FIRST}<i>one</i></p>",
        f"{LAST}<b>two</b></p>",
    ]


def test_ids_stay_with_the_first_part() -> None:
    assert cut_paragraph('<span id="x">one two</span> <a id="y"/>three', 3) == [
        f'{FIRST}<span id="x">one</span></p>',
        f'{LAST}<span>two</span> <a id="y"/>three</p>',
    ]


NOTE = '<a class="note-call" id="c">1</a><span class="footnote" id="n">A note.</span>'


@pytest.mark.parametrize(("end", "page_of_note"), [(3, 1), (4, 0), (7, 0)])
def test_a_note_stays_behind_its_call(end: int, page_of_note: int) -> None:
    parts = cut_paragraph(f"One{NOTE} two three", end)
    assert [NOTE in part for part in parts] == [page_of_note == 0, page_of_note == 1]
    assert sum(part.count("A note.") for part in parts) == 1


def test_a_notes_text_does_not_count() -> None:
    tree = body(f"<p>One{NOTE} two</p>")
    assert flow_text(tree[0][0]) == "One1two"
    assert [note.get("id") for note in footnotes(tree)] == ["n"]


def test_an_item_of_a_list_keeps_its_one_mark() -> None:
    tree = body("<ul><li>one two</li></ul>")
    item = tree[0][0][0]
    strips = [strip(item, 3, [tree[0][0], item]), strip(item, 6)]
    assert shown(carry_out(tree, column(strips), [page(0, 1), page(1, 2)])) == [
        '<ul><li><div class="continues">one</div>'
        '<div class="continued opens-page">two</div></li></ul>'
    ]


def test_a_cell_cannot_be_cut_and_a_row_opens_a_page() -> None:
    tree = body("<table><tbody><tr><td>1</td></tr><tr><td>2</td></tr></tbody></table>")
    rows = list(tree.iter("tr"))
    strips = [strip(row, 0, [row]) for row in rows]
    assert shown(carry_out(tree, column(strips), [page(0, 1), page(1, 2)])) == [
        '<table><tbody><tr><td>1</td></tr><tr class="opens-page"><td>2</td></tr></tbody></table>'
    ]


def test_what_begins_together_stands_at_the_top() -> None:
    tree = body("<p>a</p><blockquote><p>b</p></blockquote>")
    first, quote = tree[0]
    strips = [strip(first, 1, [first]), strip(quote[0], 1, [quote, quote[0]])]
    assert shown(carry_out(tree, column(strips), [page(0, 1), page(1, 2)]))[1] == (
        '<blockquote class="opens-page"><p class="at-top">b</p></blockquote>'
    )


def two_blocks(second: str, *plans: PagePlan, ends: Sequence[int] = (3, 6)) -> list[str]:
    """A paragraph with a note of two lines, and a second block."""
    note = '<a class="note-call" id="c">1</a><span class="footnote" id="n">one two</span>'
    tree = body(f"<p>Text{note}.</p>{second}")
    first, other = tree[0]
    strips = [strip(first, 6, [first], ["n"]), strip(other, 9, [other])]
    return shown(carry_out(tree, column(strips, n=ends), plans))


CUT = (page(0, 1, ("n", 0, 1)), page(1, 2, ("n", 1, 2)))
REST = '<span class="footnote continued" id="n--piece-2">two</span>'


def test_a_note_carried_over_stands_at_the_head_of_the_next_page() -> None:
    assert two_blocks("<p>More.</p>", *CUT) == [
        '<p>Text<a class="note-call" id="c">1</a>'
        '<span class="footnote continues" id="n">one</span>.</p>',
        f'<p class="opens-page">{REST}More.</p>',
    ]


@pytest.mark.parametrize("tag", ["ul", "blockquote", "figure", "table", "pre"])
def test_a_block_that_holds_no_text_of_its_own_has_a_carrier(tag: str) -> None:
    assert two_blocks(f"<{tag}>More.</{tag}>", *CUT)[1:] == [
        f'<div class="carrier opens-page">{REST}</div>',
        f'<{tag} class="at-top">More.</{tag}>',
    ]


def test_a_note_carried_over_to_a_row_stands_in_its_first_cell() -> None:
    tree = body(f"<p>T{NOTE}</p><table><tr><td>1</td></tr><tr><td>2</td><td>3</td></tr></table>")
    first, table = tree[0]
    rows = list(table)
    strips = [
        strip(first, 2, [first], ["n"]),
        strip(rows[0], 0, [table, rows[0]]),
        strip(rows[1], 0, [rows[1]]),
    ]
    plans = [page(0, 2, ("n", 0, 1)), page(2, 3, ("n", 1, 2))]
    found = shown(carry_out(tree, column(strips, n=(1, 6)), plans))
    assert found[1].endswith(
        '<tr class="opens-page"><td><span class="footnote continued" id="n--piece-2">note.</span>'
        "2</td><td>3</td></tr></table>"
    )


def test_the_rest_of_a_note_behind_the_last_text_has_a_page_of_its_own() -> None:
    plans = (page(0, 2, ("n", 0, 1)), page(2, 2, ("n", 1, 2)))
    assert two_blocks("<p>More.</p>", *plans)[1:] == [
        "<p>More.</p>",
        f'<div class="carrier opens-page">{REST}</div>',
    ]


def test_a_page_of_notes_alone_comes_before_the_next_text() -> None:
    plans = (page(0, 1, ("n", 0, 1)), page(1, 1, ("n", 1, 2)), page(1, 2))
    assert two_blocks("<p>More.</p>", *plans)[1:] == [
        f'<div class="carrier opens-page">{REST}</div>',
        '<p class="opens-page">More.</p>',
    ]


def test_a_paragraph_opens_a_page_and_runs_over_its_end() -> None:
    tree = body("<p>One.</p><p>two three</p><p>Four.</p>")
    first, second, third = tree[0]
    strips = [
        strip(first, 4, [first]),
        strip(second, 3, [second]),
        strip(second, 8),
        strip(third, 5, [third]),
    ]
    plans = [page(0, 1), page(1, 2), page(2, 4)]
    assert shown(carry_out(tree, column(strips), plans)) == [
        "<p>One.</p>",
        '<p class="continues opens-page">two</p>',
        '<p class="continued opens-page">three</p>',
        "<p>Four.</p>",
    ]


def test_a_note_that_cannot_begin_with_its_call_is_brought_to_a_later_page() -> None:
    note = '<a class="note-call" id="c">1</a><span class="footnote" id="n">one two</span>'
    tree = body(f"<p>Text{note} on.</p><p>More.</p>")
    first, other = tree[0]
    strips = [strip(first, 8, [first], ["n"]), strip(other, 5, [other])]
    plans = [page(0, 1), page(1, 2, ("n", 0, 2))]
    assert shown(carry_out(tree, column(strips, n=(3, 6)), plans)) == [
        '<p>Text<a class="note-call" id="c">1</a> on.</p>',
        '<p class="opens-page"><span class="footnote" id="n">one two</span>More.</p>',
    ]


def test_padding_stands_on_the_outermost_element() -> None:
    tree = body("<p>a</p><blockquote><p>b</p></blockquote>")
    first, quote = tree[0]
    strips = [strip(first, 1, [first]), strip(quote[0], 1, [quote, quote[0]])]
    plan = replace(page(0, 2), padding=((1, 6.5),))
    assert shown(carry_out(tree, column(strips), [plan]))[1] == (
        '<blockquote style="padding-top: 6.5px"><p>b</p></blockquote>'
    )


def test_the_given_tree_is_left_alone() -> None:
    tree = body("<p>one two</p>")
    before = etree.tostring(tree)
    block = tree[0][0]
    strips = [strip(block, 3, [block]), strip(block, 6)]
    carry_out(tree, column(strips), [page(0, 1), page(1, 2)])
    assert etree.tostring(tree) == before


def test_words_are_kept_whole() -> None:
    tree = body(f"<p>some <i>long words</i> here{NOTE}</p>")
    block = int(tree[0][0].get("data-n"))
    assert keep_words_whole(tree, [(block, 10), ("n", 3)])
    assert shown(tree) == [
        '<p>some <i>long <span class="unbroken">words</span></i> here'
        '<a class="note-call" id="c">1</a>'
        '<span class="footnote" id="n">A <span class="unbroken">note.</span></span></p>'
    ]
    number(tree)
    assert not keep_words_whole(tree, [(block, 4)])
    assert not keep_words_whole(tree, [])


# Any paragraph


WORDS = "salt silk 鹽 Điện, (one) “two” 1950–51 — trade; silks-and-salts end.".split()


def random_inline(dice: random.Random, depth: int, new_id: partial[int]) -> str:
    pieces: list[str] = []
    for _ in range(dice.randint(1, 6)):
        kind = dice.randint(0, 9)
        if kind < 6 or not depth:
            pieces.append(" ".join(dice.choices(WORDS, k=dice.randint(1, 5))))
        elif kind < 8:
            tag = dice.choice(["i", "b", 'span lang="vi"'])
            inside = random_inline(dice, depth - 1, new_id)
            pieces.append(f"<{tag}>{inside}</{tag.split()[0]}>")
        elif kind == 8:
            pieces.append(f'<span id="s{new_id()}"/>')
        else:
            n = new_id()
            text = " ".join(dice.choices(WORDS, k=dice.randint(1, 9)))
            pieces.append(
                f'<a class="note-call" id="c{n}">{n}</a>'
                f'<span class="footnote" id="n{n}"><i>{text}</i> {text}</span>'
            )
        pieces.append(dice.choice(["", " ", "\n"]))
    return "".join(pieces)


def visible(tree: Element) -> str:
    return "".join("".join(tree.itertext()).replace(HYPHEN, "").split())


def flowing(tree: Element) -> str:
    return flow_text(tree).replace(HYPHEN, "")


@pytest.mark.parametrize("seed", range(150))
def test_every_character_stays_once_and_every_id(seed: int) -> None:
    dice = random.Random(seed)
    count = iter(range(1000))
    xml = random_inline(dice, 2, partial(next, count))
    tree = body(f"<p>{xml}Two words.</p><p>After.</p>")
    block, after = tree[0]
    length = len(flow_text(block))
    ends = sorted(dice.sample(range(1, length), min(dice.randint(1, 4), length - 1)))
    lines = [*ends, length]
    notes, carried = {}, {}
    for note in footnotes(tree):
        total = visible(note)
        notes[note.get("id")] = [dice.randint(1, len(total) - 1), len(total)]
        carried[note.get("id")] = dice.random() < 0.5
    calls = calls_by_line(block, lines)
    strips = [
        strip(block, end, [block] if not index else [], calls[index])
        for index, end in enumerate(lines)
    ]
    strips.append(strip(after, 6, [after]))
    plans = pages_with_notes(calls, carried)
    made = carry_out(tree, column(strips, **notes), plans)

    assert flowing(made) == flowing(tree)
    ids = [element.get("id") for element in made.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    pieces = {identifier for identifier in ids if cutting.PIECE in identifier}
    assert set(ids) - pieces == {e.get("id") for e in tree.iter() if e.get("id")}
    for note in footnotes(tree):
        parts = [
            part
            for part in footnotes(made)
            if part.get("id").split(cutting.PIECE)[0] == note.get("id")
        ]
        assert len(parts) == 1 + carried[note.get("id")]
        assert "".join(visible(part) for part in parts) == visible(note)
        call = parts[0].getprevious()
        assert call.get("id") == note.get("id").replace("n", "c")


def calls_by_line(block: Element, lines: list[int]) -> list[list[str]]:
    """Give the notes that are called in each line."""
    found: list[list[str]] = [[] for _ in lines]
    for note in footnotes(block.getroottree().getroot()):
        call = note.getprevious()
        before = call.xpath("preceding::text()[ancestor::p]")
        inside = "".join(text for text in before if not in_note(text))
        at = len("".join(inside.split())) + len(call.text)
        found[next(index for index, end in enumerate(lines) if at <= end)].append(note.get("id"))
    return found


def pages_with_notes(calls: list[list[str]], carried: dict[str, bool]) -> list[PagePlan]:
    """Plan a page a line; a note carried over has its first line with its call, the rest next."""
    found: list[list[tuple[str, int, int]]] = [[] for _ in range(len(calls) + 1)]
    for index, names in enumerate(calls):
        for name in names:
            found[index].append((name, 0, 1 if carried[name] else 2))
            if carried[name]:
                found[index + 1].append((name, 1, 2))
    return [page(index, index + 1, *pieces) for index, pieces in enumerate(found)]


def in_note(text: Element) -> bool:
    holder = text.getparent() if text.is_text else text.getparent().getparent()
    return bool(holder.xpath("ancestor-or-self::*[contains(@class, 'footnote')]"))
