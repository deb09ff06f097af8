"""Charts: where things stand, what their cells may be, and what each edition shows of them."""

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise, product
from pathlib import Path

import page as validator
import pikepdf
import pytest
from lxml import etree
from support import Settings, chapter, composed, octavo, signs, write_book

from octavo.charts import scales
from octavo.charts.bars import abreast, bars, blocks, fitted
from octavo.charts.drawing import (
    Box,
    Drawing,
    Frame,
    Line,
    Shape,
    Style,
    Text,
    area,
    box_of,
    wrapped,
)
from octavo.charts.lettering import Lettering
from octavo.charts.lines import Field, crosses, lines, segments
from octavo.charts.model import FORMS, Chart, Form, Period, Series, Value
from octavo.charts.scales import Scale
from octavo.charts.timeline import broken, timeline
from octavo.dates import DateError
from octavo.editions import charts, epub, web
from octavo.editions.paging import NONE
from octavo.editions.web.pictures import WIDE
from octavo.fonts import Face
from octavo.markdown import chart_cells
from octavo.markdown.tree import Element
from octavo.numerals import written
from octavo.templating import Templates
from octavo.wording import wording

ENGLISH = wording("en").dates
SVG = "{http://www.w3.org/2000/svg}"


def measure(words: str, style: Style) -> float:
    """Measure words as if every letter were half an em wide."""
    return len(words) / 2


def values(*numbers: float | None) -> tuple[Value | None, ...]:
    return tuple(None if number is None else Value(number, written(number)) for number in numbers)


def chart_of(form: Form, series: dict[str, Sequence[float | None]], **more: object) -> Chart:
    count = len(next(iter(series.values())))
    given: dict[str, object] = {
        "labels": tuple(f"label {index}" for index in range(count)),
        "series": tuple(Series(name, values(*numbers)) for name, numbers in series.items()),
    }
    return Chart(form=form, name="c", **(given | more))  # type: ignore[arg-type]


def filled(drawing: Drawing) -> list[Box]:
    """Give the rectangles of a drawing's bars."""
    return [
        Box(shape.points[0][0], shape.points[0][1], shape.points[2][0], shape.points[2][1])
        for shape in drawing.items
        if isinstance(shape, Shape) and len(shape.points) == 4 and not shape.stroke
    ]


def texts(drawing: Drawing) -> list[Text]:
    return [item for item in drawing.items if isinstance(item, Text)]


# Numbers, dates, scales


@pytest.mark.parametrize(
    ("text", "number", "shown"),
    [
        ("1080000", 1080000, "1,080,000"),
        (">1080000", 1080000, ">\N{NO-BREAK SPACE}1,080,000"),
        ("~ 12.50", 12.5, "≈\N{NO-BREAK SPACE}12.50"),
        ("-1500", -1500, "−1,500"),
        ("−7", -7, "−7"),
    ],
)
def test_numbers_are_read_and_written(text: str, number: float, shown: str) -> None:
    assert chart_cells.value(text) == Value(number, shown)


@pytest.mark.parametrize(
    "text", ["", "ten", "1,200", "1 200", "12 t", "1.", "nan", "inf", "9" * 400]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert chart_cells.value(text) is None


def test_dates_know_where_they_end() -> None:
    year, month, day = (chart_cells.day(t, ENGLISH) for t in ("1954", "1954-12", "1956-02-29"))
    assert (year.begin, year.end, year.text) == (1954, 1955, "1954")
    assert (round(month.begin, 3), month.end, month.text) == (1954.915, 1955, "December 1954")
    assert day.end - day.begin == pytest.approx(1 / 366)
    assert day.text == "29 February 1956"
    for wrong in ("1955-02-29", "1955-13", "54", "May 1954", "1954-5", ""):
        with pytest.raises(DateError):
            chart_cells.day(wrong, ENGLISH)


def test_decades_and_seasons_have_their_length() -> None:
    decade, spring = chart_cells.day("195X", ENGLISH), chart_cells.day("1950-21", ENGLISH)
    assert (decade.begin, decade.end, decade.text) == (1950, 1960, "1950s")
    assert spring.end - spring.begin == pytest.approx(92 / 365)


def test_periods_name_their_dates_once() -> None:
    year = chart_cells.day("1954", ENGLISH)
    other = chart_cells.day("1975-04", ENGLISH)
    assert chart_cells.period(year, year, ENGLISH) == Period(1954, 1955, "1954")
    assert chart_cells.period(year, other, ENGLISH).dates == "1954 – April 1975"
    assert chart_cells.period(year, None, ENGLISH) == Period(1954.5, None, "1954")


@pytest.mark.parametrize("most", range(2, 12))
@pytest.mark.parametrize(
    ("low", "high"), [(0, 25), (0, 1), (-8, 30), (0.001, 0.0013), (1950, 1975), (3, 3), (0, 3.82e8)]
)
def test_ticks_are_round_and_hold_all_between(low: float, high: float, most: int) -> None:
    marks = scales.ticks(low, high, most)
    assert 2 <= len(marks) <= most + 1
    assert marks[0] <= low and marks[-1] >= high
    steps = {round(b - a, 9) for a, b in pairwise(marks)}
    assert len(steps) == 1
    assert re.fullmatch(r"0*\.?0*[125]0*\.?0*", f"{steps.pop():.9f}")


@pytest.mark.parametrize("most", range(2, 9))
def test_years_inside_are_whole_and_not_beyond(most: int) -> None:
    found = scales.inside(1945, 1976, most)
    assert 1 <= len(found) <= most
    assert all(1945 <= year <= 1976 and year == int(year) for year in found)


@pytest.mark.parametrize(
    "wanted", [[5, 5, 5], [0, 100], [98, 99, 100], [3, 1, 2], [50], [0, 0, 100, 100, 50]]
)
def test_places_are_spread_in_their_order(wanted: list[float]) -> None:
    found = scales.spread(wanted, 10, 0, 100)
    in_order = sorted(range(len(wanted)), key=lambda index: (wanted[index], index))
    placed = [found[index] for index in in_order]
    assert all(b - a >= 10 - 1e-9 for a, b in pairwise(placed))
    assert all(-1e-9 <= place <= 100 + 1e-9 for place in found)


def test_places_that_are_far_apart_stay() -> None:
    assert scales.spread([20, 60], 10, 0, 100) == [20, 60]


# Bars


def test_bars_are_as_long_as_their_numbers() -> None:
    drawing = bars(chart_of("bar", {"Tons": [10, 40, 20]}), Frame(300, 10), measure)
    widths = [box.right - box.left for box in filled(drawing)]
    assert widths[1] / widths[0] == pytest.approx(4)
    assert widths[1] / widths[2] == pytest.approx(2)
    assert len({box.left for box in filled(drawing)}) == 1


@pytest.mark.parametrize("numbers", [[(5.0, 20.0), (9.0, 30.0)], [(-3.0, 25.0), (9.0, 30.0)],
                                     [(-4.0, 10.0)], [(0.0, 10.0)]])  # fmt: skip
def test_bars_and_their_words_fill_the_width(numbers: list[tuple[float, float]]) -> None:
    zero, unit = fitted(numbers, 200)
    ends = [zero + n * unit + (w if n >= 0 else -w) for n, w in numbers]
    assert min([zero, *ends]) >= -1e-9
    assert max([zero, *ends]) <= 200 + 1e-9
    if any(number for number, _ in numbers):
        assert unit > 0
        assert max(ends) - min([0.0, *ends]) == pytest.approx(200) or min(ends) == pytest.approx(0)


def test_a_panel_has_the_rows_that_it_has_numbers_for() -> None:
    chart = chart_of("bar", {"Pieces": [5, None, 7], "Tons": [None, 3, 2]}, panels=True)
    assert [(block.title, block.rows) for block in blocks(chart)] == [
        ("Pieces", (0, 2)),
        ("Tons", (1, 2)),
    ]


@pytest.mark.parametrize(
    ("count", "room", "found"),
    [(2, 24, 2), (4, 24, 2), (3, 24, 2), (4, 60, 4), (3, 5, 1), (1, 40, 1)],
)
def test_panels_stand_abreast_as_far_as_there_is_room(count: int, room: float, found: int) -> None:
    assert abreast(count, room) == found


def test_series_are_named_once_or_beside_samples() -> None:
    chart = chart_of("bar", {"Exports": [12, 25], "Imports": [30, 10]})
    names = [text.words for text in texts(bars(chart, Frame(340, 10), measure))]
    assert names.count("Exports") == names.count("Imports") == 1
    long = chart_of("bar", {"Exports to all countries of the socialist camp": [1], "Other": [2]})
    drawing = bars(long, Frame(340, 10), measure)
    first = next(text for text in texts(drawing) if text.words.startswith("Exports"))
    assert first.y < min(box.top for box in filled(drawing)[1:])


def test_stacked_bars_end_in_their_sums() -> None:
    chart = chart_of("stacked", {"Rice": [12, 25], "Salt": [30, 10.5], "Oil": [8, None]})
    found = [text.words for text in texts(bars(chart, Frame(340, 10), measure))]
    assert {"50", "35.5", "Rice", "Salt", "Oil"} <= set(found)


@pytest.mark.parametrize("series", range(5))
def test_areas_differ_without_colour_and_stay_within_their_box(series: int) -> None:
    box = Box(3, 5, 40, 13)
    made = area(box, series, 10)
    for item in made:
        if isinstance(item, Line):
            assert box.left - 0.01 <= min(item.x1, item.x2)
            assert max(item.x1, item.x2) <= box.right + 0.01
            assert box.top - 0.01 <= min(item.y1, item.y2)
            assert max(item.y1, item.y2) <= box.bottom + 0.01
    others = [area(box, other, 10) for other in range(5) if other != series]
    assert made not in others


# Lines


def test_a_line_is_dashed_over_what_has_no_number() -> None:
    chart = chart_of("line", {"E": [4, 20, 25]}, places=(1955.0, 1964.0, 1965.0))
    drawing = lines(chart, Frame(300, 10), measure)
    dashes = [item.dash > 0 for item in drawing.items if isinstance(item, Line) and item.width > 1]
    assert dashes == [True, False]
    field = Field(Scale(0, 3, 0, 30), Scale(0, 9, 9, 0), (0.0, 1.0, 2.0, 3.0), 0, 30)
    one = Series("E", values(1, None, 3, 4))
    assert [skips for *_, skips in segments(one, field)] == [True, False]


@pytest.mark.parametrize(
    ("start", "end", "met"),
    [((0, 0), (10, 10), True), ((0, 9), (3, 9), False), ((5, 0), (5, 20), True),
     ((0, 0), (20, 1), False), ((4.5, 4.5), (5, 5), True)],
)  # fmt: skip
def test_lines_through_boxes_are_known(
    start: tuple[float, float], end: tuple[float, float], met: bool
) -> None:
    assert crosses(start, end, Box(4, 4, 8, 8)) == met


def test_numbers_stand_clear_of_the_line() -> None:
    chart = chart_of("line", {"E": [4, 20, 25, 3, 18]}, places=(1.0, 2.0, 3.0, 4.0, 5.0))
    drawing = lines(chart, Frame(340, 10), measure)
    drawn = [item for item in drawing.items if isinstance(item, Line) and item.width > 1]
    numbers = [text for text in texts(drawing) if text.words in {"4", "20", "25", "3", "18"}]
    boxes = [box_of(text, 10, measure) for text in numbers[-5:]]
    assert len(boxes) == 5
    for line, box in product(drawn, boxes):
        assert not crosses((line.x1, line.y1), (line.x2, line.y2), box)


# Timelines


def test_upright_lines_leave_words_free() -> None:
    boxes = [Box(0, 10, 20, 20), Box(30, 0, 40, 90), Box(0, 50, 20, 60)]
    assert list(broken(10, 0, 100, boxes, 1)) == [(0, 9), (21, 49), (61, 100)]
    assert list(broken(60, 0, 100, boxes, 1)) == [(0, 100)]


def test_periods_stand_on_one_scale() -> None:
    chart = Chart(
        form="timeline",
        name="t",
        labels=("First", "Second", "Event"),
        periods=(
            Period(1945, 1950, "1945–1949"),
            Period(1950, 1970, "1950–1969"),
            Period(1955, None, "1955"),
        ),
    )
    drawing = timeline(chart, Frame(340, 10), measure)
    first, second = (b for b in filled(drawing) if b.bottom - b.top == pytest.approx(6.2))
    assert (second.right - second.left) / (first.right - first.left) == pytest.approx(4)
    assert second.left == pytest.approx(first.right)


# Every form in every frame

LABELS = ("North", "Centre of the country and the whole of the long coast", "South")
EVERY: dict[str, Chart] = {
    "bar": chart_of("bar", {"Tons": [1, 1e9, 3]}, labels=LABELS, y_axis="thousands of tons"),
    "negative": chart_of("bar", {"Tons": [-1, 12345, 3], "Yuan": [3, -500, 1]}, labels=LABELS),
    "panels": chart_of("bar", {"A": [1, 2, 3], "B": [1, 2, 3]}, labels=LABELS, panels=True),
    "zero": chart_of("bar", {"A": [0, 0, 0]}, labels=LABELS),
    "stacked": chart_of("stacked", {"Rice": [1, 2, 3], "Tea and silk": [1, 9, 0]}, labels=LABELS),
    "line": chart_of("line", {"A": [1, 2, 3]}, labels=LABELS, x_axis="parts", y_axis="tons"),
    "point": chart_of("line", {"A": [7]}),
    "years": chart_of(
        "line",
        {"Rice": [*range(20)], "Tea and silk of the South": [*range(20, 0, -1)]},
        labels=tuple(str(1950 + year) for year in range(20)),
        places=tuple(float(1950 + year) for year in range(20)),
    ),
    "timeline": Chart(
        form="timeline",
        name="t",
        labels=LABELS,
        periods=(
            Period(1945, 1950, "1945–1949"),
            Period(1950, None, "18 January 1950"),
            Period(1974, 1975, "21 July 1974 – 30 April 1975"),
        ),
    ),
}


@pytest.mark.parametrize("width", [17.0, 25.0, 34.0])
@pytest.mark.parametrize("name", EVERY)
def test_words_stand_within_the_frame_and_apart(name: str, width: float) -> None:
    drawing = charts.drawn(EVERY[name], Frame(width * 10, 10), measure)
    boxes = [box_of(text, 10, measure) for text in texts(drawing)]
    for box in boxes:
        assert box.left >= -0.5 and box.right <= drawing.width + 0.5
        assert box.top >= -0.5 and box.bottom <= drawing.height + 0.5
    for index, box in enumerate(boxes):
        assert not any(box.meets(other) for other in boxes[index + 1 :])


def test_words_are_broken_between_words_only() -> None:
    assert wrapped("one two three", 3.5, measure) == ["one two", "three"]
    assert wrapped("unbreakable", 1, measure) == ["unbreakable"]
    assert wrapped("", 1, measure) == []


# In the editions

PAGE = """\
Look at [](#fig-aid) and [](#fig-time).

![Aid, in tons[@gras, 12]](data/aid.csv){#fig-aid .bar x=Year y=Tons alt="Aid doubles."}

![Trade](data/trade.csv){#fig-trade .line x=Year y=Value series=Kind alt="Both rise."}

![Time](data/time.csv){#fig-time .timeline label=What begin=From end=To alt="Two periods."}

![Parts](data/parts.csv){#fig-parts .stacked x=Year y="Rice, Salt" alt="Rice grows."}
"""
FILES: dict[str, str | bytes] = {
    "content/data/aid.csv": "Year,Tons\n1950--1954^[A note.],21517\n*later* Hồ[@gras],>42221\n",
    "content/data/trade.csv": "Year,Kind,Value\n1955,out,4\n1955,in,9\n1956,out,8\n1956,in,12\n",
    "content/data/time.csv": "What,From,To\nWar,1946,1954\nTruce,1954-07-21,\n",
    "content/data/parts.csv": "Year,Rice,Salt\n1950,3,4\n1951,5,6\n",
    "content/words.txt": "Hồ\n",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    given = Settings(front=("contents", "figures"), files=FILES)
    return write_book(tmp_path_factory.mktemp("charts"), {"one": chapter("One", PAGE)}, given)


def test_a_chart_says_what_its_data_table_says(root: Path) -> None:
    section = next(section for section in composed(root).sections if section.name == "one")
    aid, trade, time, parts = section.charts
    assert aid.labels == ("1950–1954", "later Hồ")
    assert [value and value.text for value in aid.series[0].values] == [
        "21,517",
        ">\N{NO-BREAK SPACE}42,221",
    ]
    assert [one.name for one in trade.series] == ["out", "in"]
    assert trade.places == (1955.0, 1956.0)
    assert [period.dates for period in time.periods] == ["1946–1954", "21 July 1954"]
    assert parts.form == "stacked"
    assert len(section.notes) == 1, "notes of cells are left out, that of the caption is not"


def test_charts_are_figures(root: Path) -> None:
    targets = composed(root).targets
    found = [(t.id, t.number) for t in targets.values() if t.kind == "figure"]
    assert found == [("fig-aid", "1.1"), ("fig-trade", "1.2"), ("fig-time", "1.3"),
                     ("fig-parts", "1.4")]  # fmt: skip


def test_pictures_are_sound_and_the_same_each_time(root: Path, set_faces: tuple[Face, ...]) -> None:
    book, templates = composed(root), Templates(root)
    first = charts.pictures(book, WIDE, set_faces, templates)
    again = charts.pictures(composed(root), WIDE, set_faces, templates)
    assert [image.data for image in first.values()] == [image.data for image in again.values()]
    for image in first.values():
        tree: Element = etree.fromstring(image.data)
        names = {path.get("id") for path in tree.iter(f"{SVG}path")}
        used = {use.get("{http://www.w3.org/1999/xlink}href")[1:] for use in tree.iter(f"{SVG}use")}
        assert used and used <= names
        colours = re.findall(r"#([0-9a-f]{6})\b", image.data.decode())
        assert colours and all(c[:2] == c[2:4] == c[4:] for c in colours), "greys alone"
        assert not list(tree.iter(f"{SVG}text"))


def test_letters_are_the_faces_own(set_faces: tuple[Face, ...]) -> None:
    lettering = Lettering(set_faces)
    assert lettering.measure("AVA", "normal") < 3 * lettering.measure("A", "normal"), "kerned"
    assert lettering.measure("1111", "normal") == pytest.approx(lettering.measure("8888", "normal"))
    faces = {glyph.face for glyph in lettering.set("Hồ 越南", "italic").glyphs}
    assert len(faces) == 2
    assert all(glyph.number for glyph in lettering.set("Điện Biên Phủ 越南", "normal").glyphs)


def test_web_shows_two_drawings_and_the_data(root: Path, set_faces: tuple[Face, ...]) -> None:
    files = web.make(composed(root), Templates(root), set_faces, NONE).files
    tree: Element = etree.fromstring(files["one.html"])
    names = {"x": "http://www.w3.org/1999/xhtml"}
    pictures = tree.findall(".//x:figure/x:picture", names)
    assert len(pictures) == 4
    for picture in pictures:
        source, image = picture
        assert source.get("srcset") in files and image.get("src") in files
        assert float(source.get("width")) < float(image.get("width"))
        details = picture.getparent().xpath("following-sibling::x:details", namespaces=names)[0]
        assert details.find(".//x:table", names) is not None
    alts = [image.get("alt") for image in tree.iterfind(".//x:picture/x:img", names)]
    assert alts == ["Aid doubles.", "Both rise.", "Two periods.", "Rice grows."]


def test_epub_links_figures_and_data(root: Path, set_faces: tuple[Face, ...]) -> None:
    data = epub.make(composed(root), Templates(root), set_faces, NONE).data
    with zipfile.ZipFile(BytesIO(data)) as archive:
        package = archive.read("EPUB/package.opf").decode()
        text: Element = etree.fromstring(archive.read("EPUB/text/one.xhtml"))
        assert archive.read("EPUB/images/chart-1.svg").startswith(b"<svg")
    assert package.count('media-type="image/svg+xml"') == 4
    names = {"x": "http://www.w3.org/1999/xhtml"}
    tables = text.findall(".//x:div[@class='data']", names)
    links = text.findall(".//x:figcaption/x:a[@class='data-link']", names)
    assert [f"#{table.get('id')}" for table in tables] == [link.get("href") for link in links]
    figures = ["#fig-aid", "#fig-trade", "#fig-time", "#fig-parts"]
    assert [table.find(".//x:a", names).get("href") for table in tables] == figures
    assert not text.findall(".//x:figure/x:table", names)


def test_print_has_pictures_in_greys_with_their_alternative_texts(root: Path) -> None:
    done = octavo("--book", root, "--edition", "print", "--jobs", 1)
    assert (done.returncode, done.stderr) == (0, "")
    reading, press = root / "dist" / "salt.pdf", root / "dist" / "salt-press.pdf"
    profile = validator.ValidationProfile.PDF_UA_1
    assert validator.validate_pdf_bytes(reading.read_bytes(), profile=profile).is_compliant
    with pikepdf.open(reading) as pdf:
        objects = [one for one in pdf.objects if isinstance(one, pikepdf.Dictionary)]
        alts = sorted(str(one.Alt) for one in objects if "/Alt" in one)
    assert alts == ["Aid doubles.", "Both rise.", "Rice grows.", "Two periods."]
    with pikepdf.open(press) as pdf:
        contents = [one for page in pdf.pages for one in pikepdf.parse_content_stream(page)]
    used = {str(one.operator) for one in contents}
    assert "f" in used and not used & {"rg", "RG", "sc", "SC"}, "inks alone"
    printed = "".join(sign.text for page in signs(reading.read_bytes()) for sign in page)
    assert "Figure 1.1." in printed.replace("\N{NO-BREAK SPACE}", " ")
    assert "Tons" not in printed, "data tables are not printed, and a chart's words are outlines"


def test_every_form_has_a_test() -> None:
    assert {chart.form for chart in EVERY.values()} == set(FORMS)
