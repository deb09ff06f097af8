"""Text in columns: how it is cut, put side by side, and headed where it goes on."""

from dataclasses import replace

from test_layout import laid, note, order, set_any, styles, words

from octavo.typeset import breaks, columns
from octavo.typeset.columns import Column
from octavo.typeset.galley import Columns, Galley, Strip

__all__ = ["styles"]

CSS = """
<style>
.two { columns: 2; column-gap: 10pt }
.two p { text-align: left }
li { display: block } ul { padding: 0 }
.entry::before { display: block; height: 0; content: attr(data-rest) }
</style>
"""

REGION = Columns(7, 2, 60.0)


def strip(number: int, *, region: Columns | None = REGION, breakable: bool = True) -> Strip:
    return Strip(number * 10.0, number * 10.0 + 10, number, 0, breakable, False, 0.0, False, (),
                 region)  # fmt: skip


def galley(strips: list[Strip]) -> Galley:
    return Galley(tuple(strips), {}, 0.0, 100.0, 10.0, 0.0)


def test_the_last_page_is_balanced() -> None:
    made = galley([strip(number) for number in range(7)])
    assert columns.fill(made, 0, 100) == (Column(0, 4), Column(4, 7))


def test_full_columns_come_first() -> None:
    made = galley([strip(number) for number in range(30)])
    first, last = breaks.cut(made)
    assert first.columns == (Column(0, 10), Column(10, 20))
    assert last.columns == (Column(20, 25), Column(25, 30))


def test_a_column_ends_where_a_page_may() -> None:
    strips = [strip(number, breakable=number != 4) for number in range(8)]
    assert columns.fill(galley(strips), 0, 100) == (Column(0, 5), Column(5, 8))


def test_what_is_repeated_takes_room() -> None:
    strips = [strip(number) for number in range(20)]
    strips[10] = replace(strips[10], repeated=10.0)
    filled = columns.fill(galley(strips), 0, 100)
    assert filled == (Column(0, 10), Column(10, 19))


def test_columns_begin_below_the_text_before_them_and_text_follows_the_longest() -> None:
    before = [strip(0, region=None), strip(1, region=None)]
    inside = [strip(number) for number in range(2, 7)]
    behind = [strip(7, region=None)]
    (page,) = breaks.cut(galley([*before, *inside, *behind]))
    assert page.columns == (Column(2, 5), Column(5, 7))
    assert page.padding == ((7, -20.0),)
    assert page.height == 60


def test_columns_without_room_for_all_of_them_go_to_the_next_page() -> None:
    before = [strip(number, region=None) for number in range(9)]
    inside = [strip(9), strip(10, breakable=False), strip(11), strip(12, breakable=False)]
    first, second = breaks.cut(galley([*before, *inside]))
    assert (first.last, second.columns) == (9, (Column(9, 11), Column(11, 13)))


def test_words_stand_in_their_columns_in_order(styles: tuple[str, ...]) -> None:
    body = f"<p>{words(8, 'a')}</p><div class='two'><p>{words(50)}</p></div><p>{words(4, 'z')}</p>"
    made = laid(styles, CSS + body)
    drawn = [["".join(sign.text for sign in page)] for page in made.signs]
    assert order(drawn, "a") == list(range(1, 9))
    assert order(drawn, "w") == list(range(1, 51)), "column by column"
    assert order(drawn, "z") == [1, 2, 3, 4]
    lasts = [page[-1].split() for page in made.pages[:2]]
    assert all(len(last) == 2 for last in lasts), "a line of either column at the foot"


def test_a_head_stands_above_what_goes_on(styles: tuple[str, ...]) -> None:
    entries = "".join(f"<li><p>{words(1, f'e{n}x')}</p></li>" for n in range(30))
    entry = f"<li class='entry' data-rest='more'><p>head</p><ul>{entries}</ul></li>"
    body = f"<div class='two'><ul>{entry}</ul></div>"
    made = laid(styles, CSS + body)
    text = "\n".join(line for page in made.pages for line in page)
    assert text.count("more") == 3, "at the top of every column but the first"
    assert [page[0] for page in made.pages] == ["headmore", "moremore"]


def test_a_head_stands_on_pages_without_columns_too(styles: tuple[str, ...]) -> None:
    entries = "".join(f"<li><p>{words(1, f'e{n}x')}</p></li>" for n in range(12))
    body = f"<ul><li class='entry' data-rest='more'><p>head</p><ul>{entries}</ul></li></ul>"
    made = laid(styles, CSS + body)
    assert [page[0] for page in made.pages] == ["head", "more"]


def test_a_space_between_two_spans_is_one_on_paper(styles: tuple[str, ...]) -> None:
    body = '<p><span id="a">one</span> <span id="b">two</span></p>'
    (page,) = laid(styles, body).signs
    assert "".join(sign.text for sign in page) == "one two"


def test_a_space_at_the_end_of_a_line_is_too(styles: tuple[str, ...]) -> None:
    body = f'<p>{words(3)} <span id="a">last</span> <span id="b">{words(3, "next")}</span></p>'
    (page,) = laid(styles, body).signs
    assert "last next" in "".join(sign.text for sign in page)


def test_a_note_called_in_columns_is_not_lost(styles: tuple[str, ...]) -> None:
    body = f"<div class='two'><p>{words(8)} x{note(1, words(3, 'n'))} {words(30, 'v')}</p></div>"
    made = set_any(styles, CSS + body)
    assert made.order("n") == [1, 2, 3]
    assert made.laid.faults == ()
    assert made.laid.notes[0].pages[0] > made.laid.notes[0].call_page
