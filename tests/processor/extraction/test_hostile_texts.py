"""Whatever somebody writes, reading ends without an exception and its work grows no faster than the text.

The work is counted in calls of functions, not in seconds: the count is the same on every machine.
"""

from __future__ import annotations

import sys
from itertools import pairwise
from types import FrameType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import Article
from services.processor.extraction.extract import extract
from services.processor.extraction.text import LONGEST_SENTENCE, readable, split_sentences

OPENING = "Gunmen killed 12 people in Gao, Mali. "
REPEATED = [
    "killed and ", "12 ", "a soldier, ", "<a ", "<", "&", "(", ")", '" ', ". ", "12 killed. ", "\n",
    "a man who was killed, who ", "death of ", "death toll from 5 to ", "John Smith ", "Gao, Mali, ", "1,", "a-", "9",
    "'s ", "&amp;", "said that ", "in Gao ", "if killed ", '"killed ', "12 soldiers and ", "at least at least ",
    "on 5 May 2019 ", "hundred ", "Gunmen killed 3 in Kano. Raiders killed 4 in Goma. ", "between 1 and ", "no ",
    "taken ", "taken by ", "lives ", "army's ", "previous attack in ", "(Reuters) reported ", "a.b.", "of the dead ",
]  # fmt: skip
SIZE = 6_000


def calls(text: str) -> int:
    """How many functions are called to read a text."""
    counted = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event in ("call", "c_call")

    article = Article(article_id="a", body=text)
    sys.setprofile(count)
    try:
        extract(article)
    finally:
        sys.setprofile(None)
    return counted


@pytest.fixture(scope="module", autouse=True)
def _lexicons_are_loaded() -> None:
    extract(Article(article_id="a", body=f"{OPENING} JNIM claimed responsibility on Sunday."))


@pytest.mark.parametrize("piece", REPEATED)
def test_twice_the_text_is_at_most_about_twice_the_work(piece: str) -> None:
    once, twice = (calls(OPENING + piece * (size // len(piece))) for size in (SIZE, 2 * SIZE))

    assert twice <= 2.4 * once + 2_000


@pytest.mark.parametrize("piece", ["word ", "12 killed. ", "wörd\u00a0", "<b>killed</b> ", "x"])
def test_a_megabyte_is_read(piece: str) -> None:
    extract(Article(article_id="a", body=piece * (1_000_000 // len(piece))))


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    extract(Article(article_id="a", title=text[:50], highlights=(text[50:90],), body=text))


@given(st.text(max_size=300))
def test_the_readable_view_keeps_every_character_in_its_place(text: str) -> None:
    assert len(readable(text)) == len(text)


@given(st.lists(st.sampled_from(["Gunmen struck", ". ", "\n", "x" * 900, " ", "U.S. ", "5.5 ", "!"]), max_size=30))
def test_sentences_are_in_order_apart_and_of_bounded_length(pieces: list[str]) -> None:
    text = "".join(pieces)

    sentences = split_sentences(text)

    assert all(0 < s.end - s.start <= LONGEST_SENTENCE for s in sentences)
    assert all(one.end <= other.start for one, other in pairwise(sentences))
    assert [s.index for s in sentences] == list(range(len(sentences)))
