"""Intervals: what a word such as `Sunday` or `last month` means, counted from the day of publication.

Days are whole days in the UTC offset of the publication time, UTC where that is its offset. A time of day without a
stated zone is not used: where it happened may be twelve hours from where it was published.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import NamedTuple

from schemas.vocabulary import TimePrecision

PAST_AFTER = timedelta(days=14)
"""An event that ended longer than this before publication is history to the article that mentions it."""


class Interval(NamedTuple):
    """From the first moment the words allow to the first moment after the last."""

    start: datetime
    end: datetime
    precision: TimePrecision


@dataclass(frozen=True, slots=True)
class Reference:
    """What relative times count from."""

    moment: datetime

    @property
    def day(self) -> date:
        """The day of publication, in its own UTC offset."""
        return self.moment.date()

    @property
    def zone(self) -> tzinfo:
        """The UTC offset in which days are counted."""
        return self.moment.tzinfo or UTC

    def days(self, first: date, last: date, precision: TimePrecision) -> Interval:
        """Both days and all between, cut at the end of the day of publication where they reach into it."""
        return days(first, last, precision, self.zone)

    def until_now(self, first: date, last: date, precision: TimePrecision) -> Interval:
        """As `days`, cut at the end of the day of publication: what has happened has not happened later."""
        return days(first, max(first, min(last, self.day)), precision, self.zone)


def day_of(value: date, zone: tzinfo) -> datetime:
    """The first moment of a day."""
    return datetime(value.year, value.month, value.day, tzinfo=zone)


def days(first: date, last: date, precision: TimePrecision, zone: tzinfo) -> Interval:
    """Whole days from `first` to `last`, both in it."""
    return Interval(day_of(first, zone), day_of(last, zone) + timedelta(days=1), precision)


def weekday(reference: Reference, number: int) -> date:
    """The last day with that number (0 is Monday) up to the day of publication, that day included."""
    return reference.day - timedelta(days=(reference.day.weekday() - number) % 7)


def month_days(year: int, month: int) -> tuple[date, date]:
    """First and last day of a month."""
    following = date(year + month // 12, month % 12 + 1, 1)
    return date(year, month, 1), following - timedelta(days=1)


def month_before(value: date, count: int) -> tuple[int, int]:
    """Year and month `count` months before that of `value`; the year is at least 1."""
    index = max(12, value.year * 12 + value.month - 1 - count)
    return index // 12, index % 12 + 1


def easter(year: int) -> date:
    """Easter Sunday of the western churches, by the algorithm of Meeus, Astronomical Algorithms (1991), chapter 8."""
    golden, century = year % 19, year // 100
    moon = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (year % 100 // 4) - moon - year % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    months, day = divmod(moon + week - 7 * late + 114, 31)
    return date(year, months, day + 1)


def easter_before(reference: Reference, offset: int) -> date:
    """The last day up to that of publication that is `offset` days from Easter Sunday."""
    this_year = easter(reference.day.year) + timedelta(days=offset)
    return this_year if this_year <= reference.day else easter(reference.day.year - 1) + timedelta(days=offset)


def same_day_before(reference: Reference, month: int, day: int) -> date | None:
    """The last such day of the year up to the day of publication; None where there is no such day."""
    latest = reference.day
    for year in range(latest.year, max(1, latest.year - 9), -1):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if candidate <= latest:
            return candidate
    return None


def same_day_after(reference: Reference, month: int, day: int) -> date | None:
    """The next such day of the year from the day of publication on; None where there is no such day."""
    for year in range(reference.day.year, min(9998, reference.day.year + 9)):
        try:
            candidate = date(year, month, day)
        except ValueError:
            continue
        if candidate >= reference.day:
            return candidate
    return None


def full_year(two_digits: int, reference: Reference | None) -> int:
    """The year that two digits mean: the latest that is not after the year that follows publication.

    Without a publication the pivot is 2035, so that `90` is 1990 and `12` is 2012.
    """
    latest = reference.day.year + 1 if reference is not None else 2035
    year = latest - latest % 100 + two_digits
    return year if year <= latest else year - 100


def ago(reference: Reference, count: int, unit: str) -> Interval | None:
    """`count` units before publication, as precisely as the unit; None where that is before the calendar."""
    day = reference.day
    try:
        if unit in ("minute", "hour"):
            moment = reference.moment - (timedelta(hours=count) if unit == "hour" else timedelta(minutes=count))
            start = moment.replace(minute=0, second=0, microsecond=0)
            return Interval(start, start + timedelta(hours=1), TimePrecision.HOUR)
        if unit == "day":
            then = day - timedelta(days=count)
            return reference.days(then, then, TimePrecision.DAY)
        if unit == "week":
            then = day - timedelta(weeks=count)
            return reference.until_now(then - timedelta(days=3), then + timedelta(days=3), TimePrecision.WEEK)
        if unit == "month":
            first, last = month_days(*month_before(day, count))
            return reference.until_now(first, last, TimePrecision.MONTH)
        years = count * (10 if unit == "decade" else 1)
        first, last = date(day.year - years, 1, 1), date(day.year - years, 12, 31)
        return reference.until_now(first, last, TimePrecision.YEAR)
    except (ValueError, OverflowError):
        return None


def is_history(interval: Interval | None, reference: Reference | None) -> bool:
    """Whether it ended more than two weeks before publication."""
    if interval is None or reference is None:
        return False
    return interval.end + PAST_AFTER < reference.moment
