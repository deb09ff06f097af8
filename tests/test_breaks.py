"""Galleys of made-up numbers cut to pages: a line is 10 px high, a page has five of them."""

import random
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import pairwise

import pytest

from octavo.typeset.breaks import (
    MIN_NOTE_LINES,
    MOST_OF_PAGE,
    NotePiece,
    PagePlan,
    cut,
    lines_short_for_notes,
)
from octavo.typeset.galley import Galley, NoteLine, SetNote, Strip

LINE = 10.0


def galley(
    heights: Sequence[float] | int,
    notes: Mapping[str, int] | None = None,
    calls: Mapping[int, Sequence[str]] | None = None,
    unbreakable: Sequence[int] = (),
    page: float = 50,
    overhead: float = 0,
) -> Galley:
    """A column of strips; ``notes`` gives the lines of each, ``calls`` the notes of each strip."""
    if isinstance(heights, int):
        heights = [LINE] * heights
    strips, top = [], 100.0
    for index, height in enumerate(heights):
        strips.append(
            Strip(
                top=top,
                bottom=top + height,
                element=index,
                start=index,
                breakable=index > 0 and index not in unbreakable,
                forced=False,
                repeated=0.0,
                after_figure=False,
                notes=tuple((calls or {}).get(index, ())),
            )
        )
        top += height
    set_notes = {name: set_note(name, count, LINE) for name, count in (notes or {}).items()}
    return Galley(tuple(strips), set_notes, 100.0, page, LINE, overhead)


def set_note(name: str, count: int, height: float) -> SetNote:
    """A note of ``count`` lines, all of one height, somewhere below the text."""
    tops = [1000 + height * index for index in range(count)]
    return SetNote(name, tuple(NoteLine(top, top + height, False) for top in tops))


def text(plans: Sequence[PagePlan]) -> list[tuple[int, int]]:
    return [(plan.first, plan.last) for plan in plans]


def feet(plans: Sequence[PagePlan]) -> list[list[tuple[str, int, int]]]:
    return [[(p.note, p.first, p.last) for p in plan.notes] for plan in plans]


def test_text_alone_fills_its_pages() -> None:
    plans = cut(galley(12))
    assert text(plans) == [(0, 5), (5, 10), (10, 12)]
    assert [plan.height for plan in plans] == [50, 50, 20]
    assert cut(galley(0)) == ()


def test_a_line_fits_in_spite_of_rounding() -> None:
    assert text(cut(galley([10.04] * 5))) == [(0, 5)]
    assert text(cut(galley([10.1] * 5))) == [(0, 4), (4, 5)]


def test_a_note_stands_on_the_page_of_its_call() -> None:
    """The last line that fits calls a note that does not fit any more: it goes over with it."""
    plans = cut(galley(6, {"a": 2}, {4: ["a"]}))
    assert text(plans) == [(0, 4), (4, 6)]
    assert feet(plans) == [[], [("a", 0, 2)]]


def test_what_stands_between_text_and_notes_takes_room() -> None:
    assert text(cut(galley(6, {"a": 2}, {0: ["a"]}))) == [(0, 3), (3, 6)]
    plans = cut(galley(6, {"a": 2}, {0: ["a"]}, overhead=7))
    assert text(plans) == [(0, 2), (2, 6)]
    assert plans[0].height == 20 + 7 + 20


def test_a_note_is_cut_when_the_page_would_be_short_for_it() -> None:
    plans = cut(galley(5, {"a": 4}, {2: ["a"]}))
    assert text(plans) == [(0, 3), (3, 5)]
    assert feet(plans) == [[("a", 0, 2)], [("a", 2, 4)]]


def test_a_note_stays_whole_when_the_page_lacks_only_a_line() -> None:
    plans = cut(galley(6, {"a": 4}, {4: ["a"]}))
    assert text(plans) == [(0, 4), (4, 5), (5, 6)]
    assert feet(plans) == [[], [("a", 0, 4)], []]


def test_two_lines_of_a_note_stand_on_either_side() -> None:
    assert MIN_NOTE_LINES == 2
    # Three lines cannot be cut: the line that calls them waits, and its page stays short.
    assert feet(cut(galley(4, {"a": 3}, {2: ["a"]}))) == [[], [("a", 0, 3)]]
    # Three lines of five fit; of four, three would leave one.
    kept = [3]
    assert feet(cut(galley(4, {"a": 5}, {1: ["a"]}, kept))) == [[("a", 0, 3)], [("a", 3, 5)]]
    assert feet(cut(galley(4, {"a": 4}, {1: ["a"]}, kept))) == [[("a", 0, 2)], [("a", 2, 4)]]


def test_a_note_is_not_cut_behind_a_broken_word_if_that_can_be() -> None:
    plain = galley(8, {"a": 7}, {1: ["a"]}, [3])
    note = plain.notes["a"]
    broken = replace(note, lines=tuple(replace(line, hyphenated=True) for line in note.lines))
    assert feet(cut(plain))[0] == [("a", 0, 3)]
    assert feet(cut(replace(plain, notes={"a": broken})))[0] == [("a", 0, 2)]


def test_a_note_longer_than_a_page_leaves_room_for_text() -> None:
    plans = cut(galley(6, {"a": 12}, {0: ["a"]}))
    most = int(50 * MOST_OF_PAGE / LINE)
    assert most == 3
    assert feet(plans) == [[("a", 0, 2)], [("a", 2, 5)], [("a", 5, 8)], [("a", 8, 12)]]
    assert text(plans) == [(0, 3), (3, 5), (5, 6), (6, 6)]


def test_what_is_left_of_a_note_at_the_end_fills_pages_of_its_own() -> None:
    plans = cut(galley(1, {"a": 12}, {0: ["a"]}))
    assert feet(plans) == [[("a", 0, 4)], [("a", 4, 9)], [("a", 9, 12)]]
    assert text(plans) == [(0, 1), (1, 1), (1, 1)]


def test_notes_keep_their_order_and_only_the_last_is_cut() -> None:
    plans = cut(galley(4, {"a": 1, "b": 1, "c": 4}, {0: ["a", "b", "c"]}))
    assert feet(plans)[0] == [("a", 0, 1), ("b", 0, 1), ("c", 0, 2)]
    assert feet(plans)[1] == [("c", 2, 4)]


def test_a_note_carried_over_comes_before_those_called_there() -> None:
    plans = cut(galley(6, {"a": 6, "b": 1}, {0: ["a"], 1: ["b"]}))
    assert feet(plans) == [[("a", 0, 4)], [("a", 4, 6), ("b", 0, 1)], []]


def test_a_page_ends_a_line_earlier_where_a_later_one_would_be_short() -> None:
    """The line that calls a note which cannot be cut would leave two lines empty before it."""
    column = galley(9, {"a": 3}, {8: ["a"]})
    plans = cut(column)
    assert text(plans) == [(0, 4), (4, 8), (8, 9)]
    assert [lines_short_for_notes(column, plan) for plan in plans] == [1, 1, 0]
    # Where the page before may not end there, two lines stay empty.
    column = galley(9, {"a": 3}, {8: ["a"]}, unbreakable=[1, 2, 3, 4])
    plans = cut(column)
    assert text(plans) == [(0, 5), (5, 8), (8, 9)]
    assert [lines_short_for_notes(column, plan) for plan in plans] == [0, 2, 0]


def test_lines_that_stay_empty_in_any_case_are_not_the_notes_fault() -> None:
    column = galley(7, unbreakable=[5, 6])
    plans = cut(column)
    assert text(plans) == [(0, 4), (4, 7)]
    assert [lines_short_for_notes(column, plan) for plan in plans] == [0, 0]


def test_a_long_chapter_is_cut_in_a_moment() -> None:
    """However far it is looked ahead: three hundred pages with a note every other line."""
    count = 300 * 36
    names = [f"n{index}" for index in range(0, count, 2)]
    notes = {name: 1 + 7 * index % 5 for index, name in enumerate(names)}
    calls = {2 * index: [name] for index, name in enumerate(names)}
    begun = time.process_time()
    plans = cut(galley(count, notes, calls, page=360, overhead=17))
    assert time.process_time() - begun < 20
    assert len(plans) > 300


def test_pages_end_only_where_they_may() -> None:
    assert text(cut(galley(7, unbreakable=[5, 6]))) == [(0, 4), (4, 7)]
    assert text(cut(galley(7, unbreakable=[1, 5]))) == [(0, 4), (4, 7)]


def test_a_page_ends_where_it_may_not_when_nothing_else_is_left() -> None:
    assert text(cut(galley(7, unbreakable=range(1, 7)))) == [(0, 5), (5, 7)]


def test_what_is_higher_than_a_page_has_one_of_its_own() -> None:
    plans = cut(galley([10, 70, 10]))
    assert text(plans) == [(0, 1), (1, 2), (2, 3)]
    assert plans[1].height == 70


def test_a_picture_does_not_run_into_a_note_carried_over() -> None:
    """The note's rest has a page of its own where picture and rest do not fit on one."""
    plans = cut(galley([10, 45, 10], {"a": 8}, {0: ["a"]}))
    assert text(plans) == [(0, 1), (1, 1), (1, 2), (2, 3)]
    assert feet(plans) == [[("a", 0, 4)], [("a", 4, 8)], [], []]
    assert all(plan.height <= 50 for plan in plans)


def test_the_first_pages_top_is_that_of_the_text_area() -> None:
    """What stands above the first line (a sunk opening) counts; a later page begins at a line."""
    lowered = replace(galley(8), top=70.0)
    assert text(cut(lowered)) == [(0, 2), (2, 7), (7, 8)]


def test_text_comes_back_to_the_grid_behind_a_figure() -> None:
    column = galley([10, 14, 10, 10, 10])
    strips = list(column.strips)
    strips[2] = replace(strips[2], after_figure=True)
    plans = cut(replace(column, strips=tuple(strips)))
    assert plans[0].padding == ((2, 6.0),)
    assert text(plans) == [(0, 4), (4, 5)]
    assert plans[0].height == 50
    # At the head of a page there is nothing to come back from.
    strips[2] = replace(strips[2], after_figure=False)
    strips[4] = replace(strips[4], after_figure=True)
    assert [plan.padding for plan in cut(replace(column, strips=tuple(strips)))] == [(), ()]


@pytest.mark.parametrize(("height", "padding"), [(10.2, ()), (9.9, ()), (10.5, ((1, 9.5),))])
def test_what_is_off_the_grid_by_a_hair_stays(height: float, padding: object) -> None:
    column = galley([height, 10])
    strips = (column.strips[0], replace(column.strips[1], after_figure=True))
    assert cut(replace(column, strips=strips))[0].padding == padding


def test_a_table_head_that_stands_again_takes_room() -> None:
    column = galley(9)
    rows = [replace(strip, repeated=10.0 if strip.element else 0.0) for strip in column.strips]
    assert text(cut(replace(column, strips=tuple(rows)))) == [(0, 5), (5, 9)]
    assert cut(replace(column, strips=tuple(rows)))[1].height == 50


# Any galley


def random_galley(seed: int) -> Galley:
    dice = random.Random(seed)
    count = dice.randint(1, 60)
    heights = [dice.choice([10, 10, 10, 10, 12.6, 28, 45]) for _ in range(count)]
    notes: dict[str, int] = {}
    calls: dict[int, list[str]] = {}
    for index in range(count):
        for _ in range(dice.choice([0, 0, 0, 1, 1, 2, 4])):
            name = f"n{len(notes):03}"
            notes[name] = dice.choice([1, 1, 2, 3, 5, 8, 13, 40])
            calls.setdefault(index, []).append(name)
    unbreakable = [index for index in range(count) if dice.random() < 0.25]
    page = dice.choice([100, 144.5, 360])
    made = galley(heights, notes, calls, unbreakable, page, dice.choice([0, 7.3, 17.0]))
    strips = tuple(
        replace(strip, after_figure=dice.random() < 0.1, repeated=dice.choice([0, 0, 0, 12.0]))
        for strip in made.strips
    )
    shown = {}
    for name, note in made.notes.items():
        lines = set_note(name, len(note.lines), dice.choice([8, 9.3])).lines
        broken = tuple(replace(line, hyphenated=dice.random() < 0.2) for line in lines)
        shown[name] = SetNote(name, broken)
    return replace(made, strips=strips, notes=shown)


SEEDS = range(400)


@cache
def random_pages(seed: int) -> tuple[Galley, tuple[PagePlan, ...]]:
    column = random_galley(seed)
    return column, cut(column)


def test_no_line_is_lost_or_doubled() -> None:
    for seed in SEEDS:
        column, plans = random_pages(seed)
        assert plans[0].first == 0, seed
        assert plans[-1].last == len(column.strips), seed
        assert all(a.last == b.first for a, b in pairwise(plans)), seed
        for name, note in column.notes.items():
            pieces = [p for plan in plans for p in plan.notes if p.note == name]
            assert [(p.first, p.last) for p in pieces] == _chained(pieces, len(note.lines)), seed


def _chained(pieces: Sequence[NotePiece], lines: int) -> list[tuple[int, int]]:
    """Give the pieces as they must be: one behind the other, from the first line to the last."""
    bounds = [0, *(piece.last for piece in pieces[:-1]), lines]
    return list(pairwise(bounds))


def test_no_page_is_empty_and_none_is_over_full_but_for_one_strip() -> None:
    for seed in SEEDS:
        column, plans = random_pages(seed)
        for plan in plans:
            assert plan.last > plan.first or plan.notes, seed
            if plan.height > column.page + 0.3:
                assert plan.last - plan.first == 1, seed


def test_notes_are_in_order_and_begin_on_the_page_of_their_call() -> None:
    """But where not even two lines fit below the one strip of a page."""
    late = 0
    for seed in SEEDS:
        column, plans = random_pages(seed)
        begun: dict[str, int] = {}
        for number, plan in enumerate(plans):
            for piece in plan.notes:
                begun.setdefault(piece.note, number)
            names = [piece.note for piece in plan.notes]
            assert names == sorted(names), seed
        assert list(begun) == sorted(column.notes), seed
        for number, plan in enumerate(plans):
            for strip in column.strips[plan.first : plan.last]:
                for name in strip.notes:
                    if begun[name] != number:
                        assert plan.last - plan.first == 1, seed
                        late += 1
    assert late > 0


def test_a_note_is_cut_with_two_lines_on_either_side() -> None:
    for seed in SEEDS:
        column, plans = random_pages(seed)
        for plan in plans:
            for piece in plan.notes:
                lines = len(column.notes[piece.note].lines)
                if piece.first > 0 or piece.last < lines:
                    assert piece.last - piece.first >= MIN_NOTE_LINES, seed


def test_pages_end_where_they_may_if_they_can() -> None:
    for seed in SEEDS:
        column, plans = random_pages(seed)
        for plan in plans[:-1]:
            if 0 < plan.last < len(column.strips) and not column.strips[plan.last].breakable:
                inner = column.strips[plan.first + 1 : plan.last]
                assert not any(strip.breakable for strip in inner), seed


def test_the_same_galley_gives_the_same_pages() -> None:
    assert cut(random_galley(7)) == cut(random_galley(7))
