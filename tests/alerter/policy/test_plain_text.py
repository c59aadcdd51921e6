"""Nothing that a stranger wrote can command a terminal, forge a header or reverse a line."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.alerter.policy.plain_text import one_line, printable

HOSTILE = st.text(
    st.sampled_from("a b\x1b[]0;m\x07\x9b\x90\x9c\r\n\t\x00\x7f\u202e\u2028\u200bé中\ud800P^_\\"), max_size=200
)


@pytest.mark.parametrize(
    ("hostile", "plain"),
    [
        ("plain words", "plain words"),
        ("\x1b[31mred\x1b[0m words", "red words"),
        ("\x1b]0;a new title\x07words", "words"),
        ("\x1b]8;;https://evil.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x9b2Jwiped", "wiped"),
        ("\x1b]never closed: words remain", "never closed: words remain"),
        ("one\r\nX-Header: two", "one X-Header: two"),
        ("one\u2028two\u2029three\x85four\x0bfive", "one two three four five"),
        ("tab\tand\x00nul\x08\x7f", "tab andnul"),
        ("right \u202eot tfel\u202c to left", "right ot tfel to left"),
        ("zero\u200bwidth\ufeff", "zerowidth"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("half \ud800 a pair", "half a pair"),
        ("   ", ""),
    ],
)
def test_a_line_is_made_plain(hostile: str, plain: str) -> None:
    assert one_line(hostile) == plain


@given(HOSTILE, st.integers(1, 300))
def test_a_line_is_one_line_within_its_limit_whatever_is_in_it(hostile: str, limit: int) -> None:
    line = one_line(hostile, limit)
    assert len(line) <= limit
    assert all(unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} for char in line)
    assert one_line(line, limit) == line
    line.encode()


@given(HOSTILE | st.text(max_size=200))
def test_a_line_is_the_same_whether_or_not_anything_has_to_go(text: str) -> None:
    assert one_line(text) == one_line("\x00" + text)


@given(HOSTILE)
def test_text_keeps_its_line_feeds_and_nothing_else_of_control(hostile: str) -> None:
    text = printable(hostile)
    assert text.count("\n") == hostile.count("\n")
    assert all(one_line(line, 1000) == line.strip() for line in text.split("\n"))
    assert printable(text) == text


@given(st.text(max_size=60) | HOSTILE, st.integers(1, 300))
def test_what_is_printable_already_becomes_the_same_beside_something_that_is_not(text: str, limit: int) -> None:
    # U+FEFF is taken out, and keeps the text from being taken for printable.
    assert one_line(text, limit) == one_line(f"{text}\ufeff", limit)


def test_text_keeps_its_indents() -> None:
    assert printable("a\n    b\x1b[1m c") == "a\n    b c"


@pytest.mark.parametrize("unit", ["\x1b]", "\x90", "\x1b[", "\x1b ", "\x9b0 ", "a", "\u202e"])
def test_ten_million_hostile_characters_are_read_no_further_than_matters(unit: str) -> None:
    # Were this quadratic, it would run into the time limit of a test.
    assert len(one_line(unit * 10_000_000, 500)) <= 500
