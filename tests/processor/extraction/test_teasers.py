"""Headlines of other stories among the lines of a web page tell of no incident of its article."""

from __future__ import annotations

import pytest

from services.processor.extraction import teasers
from tests.processor.extraction.reading_table import read, shown

NEWS = "Bus crash kills 12 in Kano on Sunday"


@pytest.mark.parametrize(
    "body",
    [
        f"The council met in Leeds.\nMOST READ IN NEWS ROAD HELL {NEWS}\nIt will meet again.",
        f"The council met in Leeds.\nRead more: {NEWS}\nIt will meet again.",
        f"The council met in Leeds.\nRelated stories\n{NEWS}\nFlood kills 20 in Jos\n\nIt will meet again.",
        f"The council met in Leeds.\n- See also: {NEWS}",
        f"Read more: {NEWS}\nThe council met in Leeds.",
        f"Most read\n{NEWS}\n\nThe council met in Leeds.",
        f"The council met in Leeds.\nDon\u2019t miss\n{NEWS}",
    ],
)
def test_a_headline_under_a_label_for_other_stories_is_not_read(body: str) -> None:
    assert read(body) == ()


@pytest.mark.parametrize(
    "body",
    [
        f"{NEWS}.\nRead more",
        f"Related stories of survivors filled the day after the {NEWS}.",
        f"Read more than once, the note said little. {NEWS}.",
        "Don\u2019t miss the point, he said.\nA bus crash killed 12 people in Kano on Sunday.",
        "Trending\nA bus crash killed 12 people in Kano on Sunday.",
        "Most read little of it.\nA bus crash killed 12 people in Kano on Sunday.",
    ],
)
def test_sentences_with_such_words_are_read(body: str) -> None:
    assert [shown(report.toll.killed) for report in read(body)] == ["12"]


def test_headlines_below_the_last_sentence_are_not_read() -> None:
    body = (
        "A ferry sank in the Meghna near Dhaka on Sunday. There were no casualties.\n\n"
        "The best-loved crossing in the world is hit by disaster\n\nRed Cross: dozens drown as a ferry sinks off Pemba"
    )

    assert [shown(report.toll.killed) for report in read(body)] == ["0"]


def test_a_text_that_breaks_off_and_one_of_lines_without_full_stops_are_read() -> None:
    assert [shown(r.toll.killed) for r in read("Police came at once.\nA bus crash near Kano on Sunday killed 12")] == [
        "12"
    ]
    assert [
        shown(r.toll.killed) for r in read("Bus crash near Kano on Sunday\n12 people were killed in the crash")
    ] == ["12"]


@pytest.mark.parametrize("end", [".", "!", "?", '."', ".)", ".  ", ".\n", ",", ";"])
def test_below_a_text_that_ends_in_a_mark_no_headlines_are_looked_for(
    end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Nothing:
        def search(self, *_: object) -> None:
            raise AssertionError("looked for headlines")

    view = f"The council met in Leeds.\n\nA bus crash near Kano kills twelve\nFlood in Jos kills twenty{end}"
    assert teasers._TRAILING.search(view) is None
    monkeypatch.setattr(teasers, "_TRAILING", Nothing())

    assert teasers.without_teasers((), view) == ()
