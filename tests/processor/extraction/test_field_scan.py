"""Which texts are read at all: those in which a word for harm or an event has beside it what lets it tell of one."""

from __future__ import annotations

import pytest

from services.processor.extraction.field_scan import scan_field
from services.processor.extraction.text import LONGEST_SENTENCE, latest_end
from tests.processor.extraction.reading_table import read, shown

UNREAD = [
    "The contract was taken up in May. It was signed by the mayor.",
    "Shares held their ground!\nTraders said by noon that all was calm.",
    "Her club has plans for a larger hall.",
    "A free kick by the captain settled it.",
    "They want to kick off early.",
    "He spoke of life in the north and of how their lives had changed for good.",
    "A public body will set the fees, and two bodies will watch over it.",
    "It remains a fine view.",
    "New films bomb when long queues rob them of their charm.",
    "Sharp bends derail most plans.",
]

READ = [
    ("Twelve teachers were taken, the ministry said, by gunmen near Gao on Sunday.", "12", "abducted"),
    ("Mobs club three traders to death in Gao on Sunday.", "3", "killed"),
    ("MOBS CLUB THREE TRADERS TO DEATH IN GAO ON SUNDAY.", "3", "killed"),
    ("A blast in Gao on Sunday cost the lives of twelve people.", "12", "killed"),
    ("A blast in Gao on Sunday claimed nine lives.", "9", "killed"),
    ("The bodies of five herders were found near Gao on Sunday.", "5", "killed"),
    ("Rescuers in Gao pulled five bodies from the river on Sunday.", "5", "killed"),
    ("Five bodies believed to be those of herders were dug out of a trench near Gao on Sunday.", "5", "killed"),
]


@pytest.mark.parametrize("text", UNREAD, ids=[text[:50] for text in UNREAD])
def test_a_text_whose_words_tell_of_no_harm_is_not_read(text: str) -> None:
    assert not scan_field("body", text).may_tell
    assert read(text) == ()


@pytest.mark.parametrize(("text", "number", "kind"), READ, ids=[text[:50] for text, _, _ in READ])
def test_a_text_whose_only_word_for_harm_tells_of_it_is_read(text: str, number: str, kind: str) -> None:
    assert [shown(getattr(report.toll, kind)) for report in read(text)] == [number]


@pytest.mark.parametrize(
    ("where", "text", "told"),
    [
        ("title", "Rebels bomb bridge in Gao", True),
        ("body", "Rebels bomb bridge in Gao", False),
        ("body", "Rebels tried to violently bomb a bridge in Gao", True),
    ],
)
def test_outside_headlines_a_verb_for_an_event_tells_only_after_to(where: str, text: str, told: bool) -> None:
    scanned = scan_field("title" if where == "title" else "body", text)

    assert scanned.may_tell is told


def test_a_full_stop_that_ends_no_sentence_and_a_line_end_that_runs_on_do_not_part_a_verb_from_its_by() -> None:
    assert scan_field("body", "Teachers were taken from St. Mary's school near Gao by gunmen.").may_tell
    assert scan_field("body", "Teachers were taken from a school\nnear Gao by gunmen.").may_tell
    assert not scan_field("body", "Teachers were taken from the list.\n\nIt was drawn up by clerks.").may_tell


def test_a_sentence_ends_at_the_latest_where_a_long_one_is_cut() -> None:
    assert latest_end("taken away " * 500, 22) == 22 + LONGEST_SENTENCE
    assert latest_end("Taken away. " * 500, 24) == 35


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Our hospital spoke of a body of work.", True),
        ("A body of work was lost on St. Mary's\nhospital.", True),
        ("A public body runs the hospital.", True),
        ("A public body met. The hospital was closed.", False),
        ("The hospital was closed! A public body met.", False),
    ],
)
def test_a_word_that_is_read_on_beside_any_word_for_harm_must_share_its_sentence(text: str, told: bool) -> None:
    assert scan_field("body", text).may_tell is told


@pytest.mark.parametrize(
    ("title", "body", "followed"),
    [
        ("Mourners of last week's ferry disaster meet in Gao", "The hall is free. The club has plans for more.", 1),
        ("Members of last week's boating party meet in Gao", "The hall is free. The club has plans for more.", 0),
    ],
)
def test_an_article_that_only_takes_an_event_up_is_read_though_no_word_of_it_tells_of_harm(
    title: str, body: str, followed: int
) -> None:
    assert not any(scan_field("body", text).may_tell for text in (title, body))
    assert len(read(body, title)) == followed
