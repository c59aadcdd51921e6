"""The plain view of a text keeps every character in its place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.processor.extraction.ascii_view import ascii_view


@given(st.text())
def test_the_view_of_any_text_has_its_length_and_is_ascii(text: str) -> None:
    view = ascii_view(text)
    assert len(view) == len(text)
    assert view.isascii()


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("Al-Shabaab", "al shabaab"),
        ("the Séléka", "the seleka"),
        ("[FMLN]\nsaid", " fmln  said"),
        ("people’s", "people's"),
        ("‘IS’ said", " is' said"),
        ("São Tomé—Łódź", "sao tome lodz"),
        ("Москва x", "______ x"),
    ],
)
def test_marks_and_accents_are_made_plain(text: str, view: str) -> None:
    assert ascii_view(text) == view
