from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.producer.bad_input import UnreadableError
from services.producer.seed_text import article_of_seed

lines = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\n")).filter(str.strip)


def test_the_first_line_is_the_title_dashes_are_highlights_and_the_rest_is_the_body() -> None:
    article = article_of_seed("Title\n- One.\n- Two.\nFirst.\n\n- a list in the body\nSecond.\n")
    assert article.title == "Title"
    assert article.highlights == ("One.", "Two.")
    assert article.body == "First.\n\n- a list in the body\nSecond."


def test_blank_lines_around_title_and_highlights_belong_to_nothing() -> None:
    article = article_of_seed("\n\n Title \n\n- One.\n- \n\n\n  First.\n")
    assert (article.title, article.highlights, article.body) == ("Title", ("One.",), "  First.")


def test_lines_may_end_in_carriage_returns() -> None:
    article = article_of_seed("Title\r\n- One.\r\n\r\nFirst.\r\nSecond.\r\n\r\n")
    assert (article.title, article.highlights, article.body) == ("Title", ("One.",), "First.\r\nSecond.")


def test_a_seed_may_be_a_title_alone() -> None:
    article = article_of_seed("Title")
    assert (article.title, article.highlights, article.body) == ("Title", (), "")


def test_only_a_line_feed_ends_a_line() -> None:
    article = article_of_seed("Title\x0bstill\u2028title\nBody\x0cstill body")
    assert article.title == "Title\x0bstill\u2028title"
    assert article.body == "Body\x0cstill body"


@pytest.mark.parametrize("text", ["", "\n \n\t\n"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(UnreadableError, match="empty"):
        article_of_seed(text)


@given(title=lines, highlights=st.lists(lines, max_size=3), body=st.lists(lines | st.just(""), max_size=5))
def test_the_body_is_kept_character_by_character_up_to_the_line_feeds_at_its_end(
    title: str, highlights: list[str], body: list[str]
) -> None:
    text = "\n".join(body).strip("\r\n")
    if text.split("\n")[0].startswith("- ") or not text.split("\n")[0].strip():
        text = f"Body: {text}"
    article = article_of_seed("\n".join([title, *(f"- {point}" for point in highlights), text]) + "\n\n")
    assert article.title == title.strip()
    assert article.highlights == tuple(point.strip() for point in highlights)
    assert article.body == text


@pytest.mark.parametrize(
    ("name", "published_at", "source"),
    [
        ("2025-06-02T0915_sahel-wire_boulkessi", datetime(2025, 6, 2, 9, 15, tzinfo=UTC), "sahel-wire"),
        ("2025-06-02_sahel-wire_boulkessi_again", datetime(2025, 6, 2, tzinfo=UTC), "sahel-wire"),
        ("2025-06-02T0915_boulkessi", None, ""),
        ("2025-06-02", None, ""),
        ("000_ab1077fe777cf85e", None, ""),
        ("boulkessi", None, ""),
        ("", None, ""),
    ],
)
def test_the_name_says_when_and_by_whom_or_nothing_is_said(
    name: str, published_at: datetime | None, source: str
) -> None:
    article = article_of_seed("Title", name)
    assert (article.published_at, article.source) == (published_at, source)


@pytest.mark.parametrize("name", ["2025-13-02_wire_x", "2025-06-31T0915_wire_x", "2025-06-02T2460_wire_x"])
def test_a_name_with_a_time_that_does_not_exist_is_refused(name: str) -> None:
    with pytest.raises(UnreadableError, match="rename it"):
        article_of_seed("Title", name)


def test_the_same_text_under_another_date_is_the_same_article() -> None:
    one = article_of_seed("Title\nBody.", "2025-06-02_wire_x")
    assert article_of_seed("Title\nBody.\n", "2025-06-03_wire_y").article_id == one.article_id
    assert article_of_seed("Title\nBody.", "2025-06-02_gazette_x").article_id != one.article_id
