"""How far cues reach, what the reasons say, and that no text stops the reader."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import Article
from services.processor.extraction.currency import mark_not_current, not_current, view_of
from services.processor.extraction.currency.cues import SCOPES, Cue, TextCues
from services.processor.extraction.currency.reasons import CATEGORIES, GENRES
from services.processor.extraction.currency.scope import Span, reaches
from services.processor.extraction.drafts import Draft
from services.processor.extraction.extract import extract
from services.processor.extraction.reading import FieldReading, read_field
from services.processor.extraction.when import date_statements
from services.processor.extraction.wordlists import read_rows
from tests.processor.extraction.reading_table import PUBLISHED

CLAIM = "12 men died"
REACHES = [
    ("sentence", "a court heard that 12 men died", "court heard", True),
    ("clause", "under his rule 12 men died", "under his rule", True),
    ("clause", "12 men died under his rule", "under his rule", True),
    ("clause", "he fled when 12 men died", "he fled", False),
    ("clause", "the band, which rose ten years ago, says 12 men died", "ten years ago", False),
    ("lead", "in an earlier attack 12 men died", "earlier attack", True),
    ("lead", "12 men died after an earlier attack", "earlier attack", False),
    ("phrase", "12 men died, as it could be worse", "could be", False),
    ("head", "he feared 12 men died", "feared", True),
    ("head", "12 men died and more could die", "could die", False),
    ("over", "a memorial to the day 12 men died", "memorial to", True),
    ("over", "a memorial to them was hit, then 12 men died", "memorial to", False),
    ("relative", "the worst since 2015, when 12 men died", "since", True),
    ("relative", "since then 12 men died", "since", False),
    ("touch", "12 men died laughing", "died laughing", True),
    ("touch", "12 men died as she laughed", "laughed", False),
]


@pytest.mark.parametrize(("scope", "sentence", "words", "expected"), REACHES)
def test_a_cue_reaches_as_far_as_its_scope_says(scope: str, sentence: str, words: str, expected: bool) -> None:
    at, start = sentence.index(words), sentence.index(CLAIM)
    span = Span(start, start + len(CLAIM), 0, len(sentence), active=False)

    assert reaches(Cue("history", scope, at, at + len(words)), span, sentence) is expected


def test_a_cue_of_another_sentence_reaches_nothing() -> None:
    text = "a court heard it. 12 men died"
    span = Span(18, 29, 18, 29, active=False)

    assert not reaches(Cue("court", "sentence", 2, 13), span, text)


def test_every_cue_has_a_known_category_and_scope() -> None:
    rows = list(read_rows("currency_cues.tsv"))

    assert {row[0] for row in rows} == set(CATEGORIES)
    assert {row[1] for row in rows} == SCOPES


def test_every_genre_is_named() -> None:
    assert {row[0] for row in read_rows("currency_genres.tsv")} == set(GENRES)


def read(body: str, title: str = "") -> list[FieldReading]:
    readings = [read_field("title", title, 0), read_field("body", body, 1_000)]
    date_statements(readings, PUBLISHED)
    return readings


def drafts(readings: list[FieldReading]) -> list[Draft]:
    return [draft for reading in readings for statement in reading.statements for draft in statement.drafts]


@pytest.mark.parametrize(
    ("sentence", "code", "words"),
    [
        ("A jury found him guilty of shooting dead 11 worshippers.", "court", "jury"),
        ("The ten-year war killed 75,000 people.", "running", "ten-year war"),
        ("More than 3,000 people were killed under the general's regime.", "history", "under the general's regime"),
        ("Thousands of commuters are drowning in paperwork.", "idiom", "drowning in paperwork"),
        ("Wolves killed nine ewes in the valley.", "animal", "ewes"),
    ],
)
def test_the_reason_names_the_kind_and_the_words_that_say_so(sentence: str, code: str, words: str) -> None:
    readings = read(sentence)
    statement = readings[1].statements[0]

    reason = not_current(view_of(readings, PUBLISHED), statement, statement.drafts[0])

    assert reason is not None
    assert (reason.code, reason.words) == (code, words)
    assert f'("{words}")' in str(reason)


def test_a_claim_without_a_cue_has_no_reason() -> None:
    readings = read("A bomb killed 12 people in the market on Sunday.")
    statement = readings[1].statements[0]

    assert not_current(view_of(readings, PUBLISHED), statement, statement.drafts[0]) is None


def test_a_claim_set_aside_says_so_in_its_reasoning() -> None:
    readings = read("The ten-year war killed 75,000 people.")

    mark_not_current(readings, PUBLISHED)

    (draft,) = drafts(readings)
    assert draft.background == 'a total over a longer time ("ten-year war")'
    assert draft.reasoning[-1] == f"not counted: {draft.background}"


def test_a_reason_given_before_is_kept() -> None:
    readings = read("The ten-year war killed 75,000 people.")
    (draft,) = drafts(readings)
    draft.background = "said by somebody else"

    mark_not_current(readings, PUBLISHED)

    assert draft.background == "said by somebody else"


def test_what_began_days_ago_is_current_and_what_began_weeks_ago_is_a_running_total() -> None:
    sentence = "At least 60 people have been killed since {} in fighting in the town."
    killed = {}
    for day in ("Friday", "12 March"):
        readings = read(sentence.format(day))
        mark_not_current(readings, datetime(2025, 6, 2, 12, tzinfo=UTC))
        killed[day] = [draft.best for draft in drafts(readings) if draft.background is None]

    assert killed == {"Friday": [60], "12 March": []}


def test_key_words_are_found_at_the_beginning_of_words_only() -> None:
    cues = TextCues("he was acquitted; disacquitted")

    assert [(cue.start, cue.end) for cue in cues.within(0, 40, (0, 40))] == [(7, 16)]


FRAGMENTS = st.lists(
    st.sampled_from(
        [
            *("12 people", "were killed", "killed", "died", "in the film", "on trial", "anniversary of", "since 2009"),
            *("which", "that", ",", ";", ".", "\n", '"', "years of war", "could", "over the past", "the novel", "jury"),
            *(
                "Sunday",
                "at the age of 80",
                "left",
                "dead",
                "of the",
                "and",
                "said",
                "match",
                "shares",
                "<b>",
                "\u2028",
            ),
        ]
    ),
    max_size=60,
)


@given(FRAGMENTS, st.text(max_size=40))
def test_no_text_stops_the_reader_and_claims_lie_in_the_text(words: list[str], tail: str) -> None:
    article = Article(article_id="a", title=" ".join(words[:8]), body=" ".join(words) + tail, published_at=PUBLISHED)

    for report in extract(article):
        for claim in report.claims:
            for evidence in claim.evidence:
                assert article.text_of(evidence.field)[evidence.start : evidence.end] == evidence.quote


@given(FRAGMENTS)
def test_reading_twice_gives_the_same_reasons(words: list[str]) -> None:
    reasons = []
    for _ in range(2):
        readings = read(" ".join(words))
        mark_not_current(readings, PUBLISHED)
        reasons.append([draft.background for draft in drafts(readings)])

    assert reasons[0] == reasons[1]


def test_cues_are_found_in_a_sentence_without_an_end() -> None:
    body = "in the film which killed 12 people over the past years of war and " * 3_000

    readings = read(body)
    mark_not_current(readings, PUBLISHED)

    # Over-long sentences are read in pieces: a claim at the end of a piece may lose the words after it.
    set_aside = [draft.background is not None for draft in drafts(readings)]
    assert set_aside.count(True) >= 20 * max(1, set_aside.count(False))
