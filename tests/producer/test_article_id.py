from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.producer.article_id import HEX_DIGITS, article_id

texts = st.text(max_size=200)
articles = st.fixed_dictionaries(
    {
        "source": texts,
        "url": st.none() | texts,
        "title": texts,
        "highlights": st.lists(texts, max_size=3),
        "body": texts,
    }
)
ARTICLE: dict[str, Any] = {
    "source": "sahel-wire",
    "url": "https://example.org/1",
    "title": "Café burns down",
    "highlights": ["Nobody was hurt."],
    "body": "The café on the quay burned down on Monday. Nobody was hurt.",
}


@given(articles)
def test_the_same_article_has_the_same_id_however_often_it_is_fetched(article: dict[str, Any]) -> None:
    assert article_id(**article) == article_id(**article)
    assert len(article_id(**article)) == HEX_DIGITS


@given(articles, st.sampled_from([" ", "\n", "\r\n", "\t", "  \n\n  "]))
def test_spacing_and_wrapping_make_no_other_article(article: dict[str, Any], space: str) -> None:
    spaced = article | {slot: space + space.join(article[slot].split()) + space for slot in ("title", "body")}
    assert article_id(**spaced) == article_id(**article)


# Long runs of combining marks are broken up before they are normalised, so the promise is for text as people write it.
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=20), max_size=20))
def test_composed_and_decomposed_letters_make_no_other_article(words: list[str]) -> None:
    body = " ".join(words)
    composed = ARTICLE | {"body": unicodedata.normalize("NFC", body)}
    decomposed = ARTICLE | {"body": unicodedata.normalize("NFD", body)}
    assert article_id(**composed) == article_id(**decomposed)


@pytest.mark.parametrize(
    "change",
    [
        {"source": "atlantic-post"},
        {"url": None},
        {"url": "https://example.org/2"},
        {"title": "Cafe burns down"},
        {"highlights": []},
        {"highlights": ["Nobody was", "hurt."]},
        {"body": "The café on the quay burned down on Tuesday. Nobody was hurt."},
    ],
)
def test_an_edited_article_is_another(change: dict[str, Any]) -> None:
    assert article_id(**(ARTICLE | change)) != article_id(**ARTICLE)


@given(articles, st.sampled_from(["title", "body"]), st.text(min_size=1, max_size=20))
def test_words_added_anywhere_make_another_article(article: dict[str, Any], slot: str, added: str) -> None:
    longer = article | {slot: f"{article[slot]} {added}."}
    assert article_id(**longer) != article_id(**article)


def test_words_that_move_from_the_title_into_the_body_make_another_article() -> None:
    one = ARTICLE | {"title": "A", "highlights": [], "body": "B C"}
    other = ARTICLE | {"title": "A B", "highlights": [], "body": "C"}
    assert article_id(**one) != article_id(**other)


def test_the_id_is_the_one_that_was_given_out_before() -> None:
    # Known to whoever stored it: another algorithm would send every archived article through once more.
    assert article_id(**ARTICLE) == "77a4586854ad388ca8d18e53"


def test_an_article_of_millions_of_combining_marks_has_an_id_too() -> None:
    # Normalised as it is, such a text takes time by the square of its length: far longer than any test may run.
    body = "a" + "\u0315\u0300" * 1_000_000
    assert article_id(**(ARTICLE | {"body": body})) != article_id(**ARTICLE)
