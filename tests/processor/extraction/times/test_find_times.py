"""When it happened, as the text tells it and as it is counted from publication."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from schemas.vocabulary import TimePrecision
from services.processor.extraction.times import TimeMention, find_times
from services.processor.extraction.times.intervals import easter

P = TimePrecision
TUESDAY = datetime(2025, 6, 3, 9, 0, tzinfo=UTC)


def only(text: str, published: datetime | None = TUESDAY) -> TimeMention:
    found = find_times(text, published)
    assert len(found) == 1, found
    return found[0]


def span(mention: TimeMention) -> tuple[str, str] | None:
    """First and last day, as ISO 8601."""
    if mention.occurred.start is None or mention.occurred.end is None:
        return None
    last = mention.occurred.end - timedelta(microseconds=1)
    return mention.occurred.start.date().isoformat(), last.date().isoformat()


@pytest.mark.parametrize(
    ("words", "first", "last", "precision"),
    [
        # Weekdays, up to the day of publication, a Tuesday.
        ("on Sunday", "2025-06-01", "2025-06-01", P.DAY),
        ("on Tuesday", "2025-06-03", "2025-06-03", P.DAY),
        ("on Wednesday", "2025-05-28", "2025-05-28", P.DAY),
        ("late on Monday", "2025-06-02", "2025-06-02", P.DAY),
        ("late last month", "2025-05-21", "2025-05-31", P.WEEK),
        ("on Christmas Eve last year", "2024-12-24", "2024-12-24", P.DAY),
        ("on May 29 of last month", "2025-05-29", "2025-05-29", P.DAY),
        ("early Sunday", "2025-06-01", "2025-06-01", P.DAY),
        ("in the early hours of Monday", "2025-06-02", "2025-06-02", P.DAY),
        ("at dawn on Friday", "2025-05-30", "2025-05-30", P.DAY),
        ("Saturday afternoon", "2025-05-31", "2025-05-31", P.DAY),
        ("on Sunday night", "2025-06-01", "2025-06-02", P.DAY),
        ("overnight on Sunday", "2025-06-01", "2025-06-02", P.DAY),
        ("last Tuesday", "2025-05-27", "2025-05-27", P.DAY),
        ("Monday last week", "2025-05-26", "2025-05-26", P.DAY),
        ("on Thursday of last week", "2025-05-29", "2025-05-29", P.DAY),
        ("next Sunday", "2025-06-08", "2025-06-08", P.DAY),
        ("polls will be held on Sunday", "2025-06-08", "2025-06-08", P.DAY),
        # Counted from the day of publication.
        ("today", "2025-06-03", "2025-06-03", P.DAY),
        ("yesterday", "2025-06-02", "2025-06-02", P.DAY),
        ("this morning", "2025-06-03", "2025-06-03", P.DAY),
        ("tomorrow", "2025-06-04", "2025-06-04", P.DAY),
        ("overnight", "2025-06-02", "2025-06-03", P.DAY),
        ("last night", "2025-06-02", "2025-06-03", P.DAY),
        ("three days ago", "2025-05-31", "2025-05-31", P.DAY),
        ("10 days ago", "2025-05-24", "2025-05-24", P.DAY),
        ("two weeks ago", "2025-05-17", "2025-05-23", P.WEEK),
        ("a month ago", "2025-05-01", "2025-05-31", P.MONTH),
        ("two years ago", "2023-01-01", "2023-12-31", P.YEAR),
        ("two decades ago", "2005-01-01", "2005-12-31", P.YEAR),
        ("last week", "2025-05-26", "2025-06-01", P.WEEK),
        ("earlier this week", "2025-06-02", "2025-06-03", P.WEEK),
        ("over the weekend", "2025-05-31", "2025-06-01", P.WEEK),
        ("last month", "2025-05-01", "2025-05-31", P.MONTH),
        ("this month", "2025-06-01", "2025-06-03", P.MONTH),
        ("last year", "2024-01-01", "2024-12-31", P.YEAR),
        ("this year", "2025-01-01", "2025-06-03", P.YEAR),
        # Dates, in the usual orders.
        ("2 June", "2025-06-02", "2025-06-02", P.DAY),
        ("2nd of June", "2025-06-02", "2025-06-02", P.DAY),
        ("June 2", "2025-06-02", "2025-06-02", P.DAY),
        ("Dec. 31", "2024-12-31", "2024-12-31", P.DAY),
        ("June 2, 2024", "2024-06-02", "2024-06-02", P.DAY),
        ("2 June 2024", "2024-06-02", "2024-06-02", P.DAY),
        ("2 JUN 24", "2024-06-02", "2024-06-02", P.DAY),
        ("12 JAN 90", "1990-01-12", "1990-01-12", P.DAY),
        ("2024-06-02", "2024-06-02", "2024-06-02", P.DAY),
        ("02/28/2016", "2016-02-28", "2016-02-28", P.DAY),
        ("28.02.2016", "2016-02-28", "2016-02-28", P.DAY),
        ("Sunday, Dec. 31, 2017", "2017-12-31", "2017-12-31", P.DAY),
        ("12-15 March 2014", "2014-03-12", "2014-03-15", P.WEEK),
        ("29 February", "2024-02-29", "2024-02-29", P.DAY),
        ("in March", "2025-03-01", "2025-03-31", P.MONTH),
        ("in late November", "2024-11-21", "2024-11-30", P.MONTH),
        ("in mid-May", "2025-05-11", "2025-05-20", P.MONTH),
        ("at the beginning of May", "2025-05-01", "2025-05-10", P.MONTH),
        ("at the end of April", "2025-04-21", "2025-04-30", P.MONTH),
        ("June 1st, 2024", "2024-06-01", "2024-06-01", P.DAY),
        ("on the night of May 31", "2025-05-31", "2025-05-31", P.DAY),
        ("in the past 24 hours", "2025-06-02", "2025-06-03", P.DAY),
        ("on Easter Sunday", "2025-04-20", "2025-04-20", P.DAY),
        ("on Good Friday", "2025-04-18", "2025-04-18", P.DAY),
        ("on Easter Monday", "2025-04-21", "2025-04-21", P.DAY),
        ("before dawn on Monday", "2025-06-02", "2025-06-02", P.DAY),
        ("the day before yesterday", "2025-06-01", "2025-06-01", P.DAY),
        ("on May 30 and 31", "2025-05-30", "2025-05-31", P.WEEK),
        ("a fortnight ago", "2025-05-17", "2025-05-23", P.WEEK),
        ("March 2014", "2014-03-01", "2014-03-31", P.MONTH),
        ("in 2019", "2019-01-01", "2019-12-31", P.YEAR),
        ("the 2013 attack", "2013-01-01", "2013-12-31", P.YEAR),
        ("in the 1980s", "1980-01-01", "1989-12-31", P.YEAR),
        ("on Christmas Day", "2024-12-25", "2024-12-25", P.DAY),
        ("on New Year's Eve", "2024-12-31", "2024-12-31", P.DAY),
        ("on New Year’s Eve", "2024-12-31", "2024-12-31", P.DAY),
    ],
)
def test_a_time_is_resolved_against_the_publication_with_its_precision(
    words: str, first: str, last: str, precision: TimePrecision
) -> None:
    mention = only(f"It burned, {words}, they said.")
    assert span(mention) == (first, last)
    assert mention.occurred.precision is precision


@pytest.mark.parametrize(
    ("words", "start", "precision"),
    [
        ("at 0830 GMT on Monday", datetime(2025, 6, 2, 8, tzinfo=UTC), P.HOUR),
        ("on Monday at 2:15 p.m. GMT", datetime(2025, 6, 2, 14, tzinfo=UTC), P.HOUR),
        ("two hours ago", datetime(2025, 6, 3, 7, tzinfo=UTC), P.HOUR),
        ("at 8:30 a.m. on Monday", datetime(2025, 6, 2, tzinfo=UTC), P.DAY),
    ],
)
def test_a_time_of_day_counts_only_where_its_zone_is_known(
    words: str, start: datetime, precision: TimePrecision
) -> None:
    mention = only(f"It burned {words}.")
    assert (mention.occurred.start, mention.occurred.precision) == (start, precision)


@pytest.mark.parametrize(
    "text",
    [
        "on 30 February", "on February 30, 2020", "on 31 April 2020", "13/13/2013", "99/99/1999", "2016-02-30",
        "At least 7 may have died.", "They may march on the capital.", "A march began.", "12 people died",
        "2000 people marched", "in 2000 homes", "$2015", "$2 million", "Route 2014", "aged 20", "a 2,019-strong crowd",
        "the Sunday Times said", "every Friday", "Bloody Sunday", "Black Friday sales", "1990,5", "phone 2014-555",
        "sunday", "version 12.10.3", "the second half", "an august body", "It will be in 2031",
    ],
)  # fmt: skip
def test_what_is_no_date_is_not_taken_for_one(text: str) -> None:
    if text == "It will be in 2031":
        assert span(only(text)) == ("2031-01-01", "2031-12-31")
    else:
        assert find_times(text, TUESDAY) == []


def test_a_year_to_come_needs_words_that_say_so() -> None:
    assert find_times("It burned in 2031.", TUESDAY) == []
    assert span(only("It is planned for 2031.")) == ("2031-01-01", "2031-12-31")


def test_a_date_without_a_year_that_may_be_soon_to_come_is_left_open() -> None:
    assert find_times("Ahead of the 20 June vote, a bomb went off.", TUESDAY) == []
    assert span(only("The vote is due on 20 June.")) == ("2025-06-20", "2025-06-20")


@pytest.mark.parametrize(
    ("words", "past"),
    [
        ("on Sunday", False), ("last week", False), ("this month", False), ("three days ago", False),
        ("last month", True), ("on 25 May", False), ("on 2 May", True), ("in March", True), ("in 2012", True),
        ("years ago", True), ("several years ago", True), ("decades ago", True), ("three months ago", True),
        ("the tenth anniversary", True), ("two years earlier", True), ("last year", True), ("since 2012", False),
        ("this year", False), ("a week ago", False), ("in early May", True), ("in late May", False),
        ("several weeks ago", True), ("last summer", True), ("last Christmas", True), ("on Easter Sunday", True),
        ("on June 3rd, 2024", True), ("since May 1", False), ("in the past 24 hours", False),
    ],
)  # fmt: skip
def test_what_ended_two_weeks_before_publication_or_in_an_earlier_month_or_is_told_as_history_is_past(
    words: str, past: bool
) -> None:
    assert [mention.is_past for mention in find_times(f"It burned {words}.", TUESDAY)] == [past]


def test_history_is_told_by_its_words_where_the_publication_is_unknown() -> None:
    assert only("It burned decades ago.", None).is_past
    assert only("It burned last year.", None).is_past
    assert not only("It burned on Sunday.", None).is_past


@pytest.mark.parametrize(
    "words", ["on Sunday", "yesterday", "last week", "on 2 June", "three days ago", "03/04/2025", "in March"]
)
def test_what_cannot_be_resolved_says_so(words: str) -> None:
    mention = only(f"It burned {words}.", None)
    assert (mention.occurred.start, mention.occurred.end) == (None, None)
    assert mention.occurred.precision is P.UNRESOLVED
    assert words in mention.text or mention.text in words


def test_a_full_date_needs_no_publication() -> None:
    assert span(only("It burned on June 2, 2014.", None)) == ("2014-06-02", "2014-06-02")


@pytest.mark.parametrize(
    "text",
    [
        "SAN JUAN, 3 JAN 90 (AGENCY) -- [TEXT] It burned yesterday.",
        "SAN JUAN (COASTLAND), 3 JAN 90 -- It burned yesterday.",
        "03 Jan 1990: It burned yesterday.",
    ],
)
def test_the_date_of_the_dateline_stands_in_for_an_unknown_publication(text: str) -> None:
    (burned,) = [mention for mention in find_times(text, None) if mention.text == "yesterday"]
    assert span(burned) == ("1990-01-02", "1990-01-02")


def test_the_date_of_the_dateline_is_not_when_it_happened() -> None:
    roles = [
        (mention.text, mention.role)
        for mention in find_times("SAN JUAN, June 3 (Agency) - On Monday it burned.", TUESDAY)
    ]
    assert roles == [("June 3", "dateline"), ("On Monday", "event")]


def test_the_date_that_opens_a_dateline_is_not_when_it_happened() -> None:
    found = find_times("June 3, 2025 (SAN JUAN) - Two people died on Sunday when it burned.", TUESDAY)

    assert [(mention.text, mention.role) for mention in found] == [("June 3, 2025", "dateline"), ("on Sunday", "event")]


def test_a_stretch_that_reaches_to_the_present_is_told_by_its_beginning() -> None:
    mention = only("Hundreds have died since 2012.")
    assert (mention.role, mention.is_past) == ("since", False)


def test_days_are_days_of_the_publications_own_offset() -> None:
    published = datetime(2025, 6, 3, 1, 0, tzinfo=timezone(timedelta(hours=5)))
    mention = only("It burned today.", published)
    assert mention.occurred.start == datetime(2025, 6, 3, tzinfo=timezone(timedelta(hours=5)))


def test_a_publication_without_an_offset_counts_in_utc() -> None:
    naive = datetime(2025, 6, 3, 9, 0)  # noqa: DTZ001
    assert only("It burned today.", naive).occurred.start == datetime(2025, 6, 3, tzinfo=UTC)


def test_a_publication_year_that_cannot_be_is_not_counted_from() -> None:
    mention = only("It burned today.", datetime(1, 1, 1, tzinfo=UTC))
    assert mention.occurred.precision is P.UNRESOLVED


PUBLISHED = st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
WEEKDAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@given(PUBLISHED, st.sampled_from(WEEKDAYS))
def test_a_weekday_is_that_day_within_the_week_to_publication(published: datetime, name: str) -> None:
    mention = only(f"It burned on {name}.", published)
    assert mention.occurred.start is not None
    day = mention.occurred.start.date()
    assert WEEKDAYS[day.weekday()] == name
    assert timedelta(0) <= published.date() - day <= timedelta(days=6)


@given(PUBLISHED, st.dates(min_value=date(1950, 1, 1), max_value=date(2089, 12, 31)))
def test_a_full_date_is_that_day_in_every_order(published: datetime, day: date) -> None:
    name = f"{day:%B}"
    for text in (f"{day.day} {name} {day.year}", f"{name} {day.day}, {day.year}", day.isoformat()):
        assert span(only(f"It burned on {text}.", published)) == (day.isoformat(), day.isoformat())


@given(PUBLISHED, st.dates(min_value=date(1950, 1, 1), max_value=date(2089, 12, 31)))
def test_a_date_without_a_year_is_never_ahead(published: datetime, day: date) -> None:
    for mention in find_times(f"It burned on {day.day} {day:%B}.", published):
        assert mention.occurred.start is not None
        told = mention.occurred.start.date()
        assert (told.month, told.day) == (day.month, day.day)
        assert told <= published.date()


_VOCABULARY = (
    "Sunday Monday on last next in the of 2 12 30 31 June Feb. February March may May 2019 1990 90 years days weeks "
    "months ago earlier three a yesterday overnight , . - / : 02/28/2016 2016-07-14 GMT 0830 at p.m. anniversary 1980s "
    "since weekend Christmas Day New Year's Eve this week month morning night late early hours every to and"
)
TEXTS = st.one_of(st.text(), st.lists(st.sampled_from(_VOCABULARY.split(" ")), max_size=25).map(" ".join))
ANY_PUBLISHED = st.one_of(st.none(), st.datetimes(), st.datetimes(timezones=st.timezones()))


@given(TEXTS, ANY_PUBLISHED)
def test_times_of_any_text_are_in_order_without_overlap_and_quote_it(text: str, published: datetime | None) -> None:
    end = 0
    for mention in find_times(text, published):
        assert end <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.text == mention.occurred.text
        end = mention.end
        occurred = mention.occurred
        assert (occurred.start is None) == (occurred.end is None) == (occurred.precision is P.UNRESOLVED)
        if occurred.start is not None and occurred.end is not None:
            assert occurred.start < occurred.end


@given(TEXTS, PUBLISHED)
def test_nothing_has_happened_later_than_a_day_after_publication(text: str, published: datetime) -> None:
    for mention in find_times(text, published):
        # A date that is written out with its year may lie anywhere.
        assume(not any(year in mention.text for year in ("2019", "1990", "90", "2016", "1980s")))
        if "next" not in text and mention.occurred.end is not None:
            assert mention.occurred.end <= published + timedelta(days=1)


@pytest.mark.parametrize(
    "piece", ["on the late early ", "12 ", "2019 ", "in the ", "Sunday ", "1/1/", "May ", "a year ago ", "."]
)
def test_long_runs_of_one_phrase_are_read_in_one_go(piece: str) -> None:
    find_times(piece * 20_000, TUESDAY)


NEW_YEAR = datetime(2026, 1, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("on 30 December", "2025-12-30"),
        ("on December 31", "2025-12-31"),
        ("on 1 January", "2026-01-01"),
        ("on Wednesday", "2025-12-31"),
        ("on New Year's Eve", "2025-12-31"),
        ("on Christmas Day", "2025-12-25"),
        ("yesterday", "2026-01-01"),
    ],
)
def test_days_told_after_the_turn_of_the_year_are_in_the_year_they_were(words: str, day: str) -> None:
    (mention,) = find_times(f"It burned {words}.", NEW_YEAR)
    assert span(mention) == (day, day)
    assert not mention.is_past


@pytest.mark.parametrize(("year", "month", "day"), [(1961, 4, 2), (2000, 4, 23), (2019, 4, 21), (2024, 3, 31)])
def test_easter_is_on_the_sunday_of_the_calendar(year: int, month: int, day: int) -> None:
    assert easter(year) == date(year, month, day)


@given(st.integers(1900, 2099))
def test_easter_is_a_sunday_from_22_march_to_25_april(year: int) -> None:
    found = easter(year)
    assert found.weekday() == 6
    assert date(year, 3, 22) <= found <= date(year, 4, 25)


def test_a_day_since_which_something_goes_on_is_no_day_on_which_it_happened() -> None:
    assert only("Nine have died since May 31.").role == "since"


@pytest.mark.parametrize(
    ("words", "hour", "day"),
    [
        ("shortly after 6 am on Wednesday, local time", 20, "2025-06-04"),
        ("at 7.20 on Wednesday local time", 11, "2025-06-04"),
        ("at 6.12 am on Wednesday (1912 GMT", 20, "2025-06-04"),
        ("shortly after 6 am on Wednesday, local time", 9, "2025-05-28"),
        ("shortly after 6 am on Wednesday", 20, "2025-05-28"),
        ("shortly after 6 am on Monday, local time", 20, "2025-06-02"),
    ],
)
def test_a_weekday_in_local_time_may_be_tomorrow_in_the_east(words: str, hour: int, day: str) -> None:
    found = find_times(words, TUESDAY.replace(hour=hour))

    assert span(found[0]) == (day, day)


def test_on_a_sunday_last_week_is_the_one_that_ends_or_the_one_before() -> None:
    found = find_times("The battle last week killed nine.", datetime(2025, 6, 8, 12, tzinfo=UTC))
    assert span(found[0]) == ("2025-05-26", "2025-06-07")
    found = find_times("The battle last week killed nine.", datetime(2025, 6, 9, 12, tzinfo=UTC))
    assert span(found[0]) == ("2025-06-02", "2025-06-08")
