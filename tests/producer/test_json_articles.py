from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Article
from services.producer.bad_input import UnreadableError
from services.producer.json_articles import MAX_ID_LENGTH, article_of, parse_json, published_of

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
fields = st.sampled_from(
    ["id", "title", "text", "body", "published", "source", "publisher", "url", "language", "highlights", "other"]
)


def read(**fields: Any) -> Article:
    """The article of those fields, of which none may be left out."""
    return article_of(fields, lambda reason: pytest.fail(reason))


def test_every_field_is_taken_over() -> None:
    article = read(
        id="a-1",
        title="Ferry sinks",
        text="Nine people died.",
        published="2025-06-02T09:15:00Z",
        source="meghna-mail",
        url="https://example.org/1",
        language="en",
        highlights=["Nine dead.", "Inquiry ordered."],
    )
    assert article == Article(
        article_id="a-1",
        title="Ferry sinks",
        body="Nine people died.",
        published_at=datetime(2025, 6, 2, 9, 15, tzinfo=UTC),
        source="meghna-mail",
        url="https://example.org/1",
        language="en",
        highlights=("Nine dead.", "Inquiry ordered."),
    )


def test_the_other_names_of_a_field_are_known() -> None:
    article = read(article_id="a-1", body="Text.", published_at="2025-06-02", publisher="gazette")
    assert (article.article_id, article.body, article.source) == ("a-1", "Text.", "gazette")
    assert article.published_at == datetime(2025, 6, 2, tzinfo=UTC)


def test_an_article_that_went_over_the_stream_is_read_back_as_it_was() -> None:
    article = read(title="T", text=" B\r\n", published="2025-06-02T09:15:00+05:45", highlights=["H"], source="s")
    assert read(**json.loads(article.to_bytes())) == article


def test_a_blank_field_gives_way_to_its_other_name() -> None:
    assert read(text=" ", body="Text.").body == "Text."


def test_fields_that_are_not_known_are_ignored() -> None:
    assert read(text="Text.", killed=[1, {"a": None}]).body == "Text."


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1).filter(str.strip))
def test_title_and_text_are_kept_character_by_character(text: str) -> None:
    article = article_of(parse_json(json.dumps({"title": text, "text": text})), pytest.fail)
    assert (article.title, article.body) == (text, text)


def test_control_characters_written_raw_into_a_string_are_kept() -> None:
    assert article_of(parse_json('{"text": "a\x00b\x1bc\td"}'), pytest.fail).body == "a\x00b\x1bc\td"


def test_half_a_surrogate_pair_becomes_one_replacement_character() -> None:
    article = article_of(parse_json(r'{"text": "cut \ud83d off", "title": "\ud83d\ude00"}'), pytest.fail)
    assert article.body == "cut \ufffd off"
    assert article.title == "\U0001f600"
    assert Article.from_bytes(article.to_bytes()) == article


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2025-06-02T09:15:00Z", datetime(2025, 6, 2, 9, 15, tzinfo=UTC)),
        ("2025-06-02T09:15:00", datetime(2025, 6, 2, 9, 15, tzinfo=UTC)),
        ("2025-06-02 09:15:00+02:00", datetime(2025, 6, 2, 9, 15, tzinfo=timezone(timedelta(hours=2)))),
        ("2025-06-02", datetime(2025, 6, 2, tzinfo=UTC)),
        ("Mon, 02 Jun 2025 09:15:00 GMT", datetime(2025, 6, 2, 9, 15, tzinfo=UTC)),
        ("Mon, 02 Jun 2025 09:15:00 -0400", datetime(2025, 6, 2, 9, 15, tzinfo=timezone(timedelta(hours=-4)))),
    ],
)
def test_dates_are_read_and_a_missing_zone_is_utc(text: str, moment: datetime) -> None:
    assert published_of(text) == moment
    # The zone stays: weekdays in the text are counted where the article was written.
    assert published_of(text).utcoffset() == moment.utcoffset()


@pytest.mark.parametrize(
    "text", ["2025", "2025-06", "10/11/2017", "yesterday", "0001-01-01T00:00:00+14:00", "1748855700"]
)
def test_a_date_that_names_no_day_is_left_out_and_the_article_goes_on(text: str) -> None:
    told: list[str] = []
    article = article_of({"text": "Text.", "published": text}, told.append)
    assert article.published_at is None
    assert len(told) == 1
    assert text in told[0]
    assert "2025-06-02T09:15:00Z" in told[0]


@pytest.mark.parametrize("field", ["published", "source", "url", "language"])
def test_a_particular_that_is_no_string_is_left_out_and_the_article_goes_on(field: str) -> None:
    told: list[str] = []
    assert article_of({"text": "Text.", field: {"name": "x"}}, told.append).body == "Text."
    assert told == [f"`{field}` is a JSON object, not a string: the article goes on without it"]


@pytest.mark.parametrize(
    "value",
    [
        None,
        5,
        "text",
        [],
        {},
        {"title": " ", "text": "\n"},
        {"title": 5, "text": "Text."},
        {"text": ["Text."]},
        {"text": "Text.", "highlights": [1]},
        {"text": "Text.", "id": ["a"]},
        {"text": "Text.", "id": True},
        {"text": "Text.", "id": "a\x00b"},
        {"text": "Text.", "id": "a" * (MAX_ID_LENGTH + 1)},
    ],
)
def test_what_is_no_article_is_refused(value: Any) -> None:
    with pytest.raises(UnreadableError):
        article_of(value, lambda reason: None)


def test_a_number_will_do_for_an_id() -> None:
    assert read(id=17, text="Text.").article_id == "17"


def test_an_article_without_an_id_gets_one_that_depends_on_its_text() -> None:
    assert read(text="Text.").article_id == read(text=" Text. ").article_id != read(text="Other.").article_id


def test_a_region_of_a_language_is_not_part_of_it() -> None:
    assert read(text="Text.", language="en-GB").language == "en"
    assert read(text="Text.", language="PT_br").language == "pt"


def test_highlights_in_one_string_are_taken_line_by_line() -> None:
    assert read(text="Text.", highlights="One.\n\nTwo.").highlights == ("One.", "Two.")


@given(st.dictionaries(fields, json_values, max_size=6))
def test_any_json_object_is_an_article_that_fits_on_the_stream_or_is_refused(value: dict[str, Any]) -> None:
    try:
        article = article_of(value, lambda reason: None)
    except UnreadableError:
        return
    assert Article.from_bytes(article.to_bytes()) == article


@pytest.mark.parametrize("text", ["{", '{"text": ', "[" * 200_000, "1" * 5000, "{'text': 'x'}", ""])
def test_what_is_not_json_is_refused_with_its_place(text: str) -> None:
    with pytest.raises(UnreadableError, match="JSON"):
        parse_json(text)


def test_the_line_is_named_where_the_text_has_several() -> None:
    with pytest.raises(UnreadableError, match="line 8, column 1;"):
        parse_json("[\n1,\n\n}\n]", first_line=5)


def test_an_article_that_says_it_is_a_test_is_news_like_any_other() -> None:
    told: list[str] = []
    article = article_of({"title": "TEST: 12 killed", "text": "x", "test": True, "status": "test"}, told.append)
    assert (article.test, told) == (False, [])
