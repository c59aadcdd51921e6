"""Times counted from publication: "on Sunday", "overnight", "last week", "three days ago", "on Christmas Day"."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from schemas.vocabulary import TimePrecision
from services.processor.extraction.times.intervals import (
    Interval,
    Reference,
    ago,
    easter_before,
    is_history,
    month_before,
    month_days,
    same_day_before,
    weekday,
)
from services.processor.extraction.times.mentions import TimeRole
from services.processor.extraction.times.reading import WINDOW, Reading
from services.processor.extraction.times.words import load_words

_DAY = TimePrecision.DAY
_LATE = 10
"""Days before the last of a month that are late in it."""

_QUALIFIED = re.compile(
    r"(?:\b(?:on|late|early|the|in|at|by|around|about|since|before|after|of|hours|night|evening|morning|afternoon|dawn|"
    r"midnight|midday|noon|overnight|earlier|later|shortly|just|last|this|next|past|coming|every|previous|following|"
    r"until|through|mid|dusk|daybreak)\s){1,6}\Z"
)
_PART_AFTER = re.compile(
    r"\s(?:early\s|late\s|in\sthe\s|at\s|around\s)?(?:mid\s?)?"
    r"(?:morning|afternoon|evening|night|midday|noon|midnight|dawn|dusk|overnight|nightfall|daybreak|lunchtime)\b"
)
_LAST_WEEK_AFTER = re.compile(r"\s(?:of\s)?last\sweek\b")
_AGO = re.compile(
    r"\b(?:(?:(\d{1,3})|([a-z]+(?:\s(?:five|of))?))\s)?(minutes?|hours?|days?|weeks?|fortnight|months?|years?|decades?)"
    r"\sago\Z"
)
_GMT = re.compile(r"\b(\d{1,2})(?::|\.)?(\d\d)?\s?(?:(a\.?m|p\.?m)\.?\s)?(?:gmt|utc)\b")
_CLOCK_WITHIN = 26
_LOCAL_TIME = re.compile(r"\blocal time\b|\s\s\d{4} (?:gmt|utc)\b")
"""Brackets are blank in the view: "on Wednesday (1912 GMT Tuesday)"."""
_LOCAL_WITHIN = 40
"""Characters around a weekday in which it is said that it is the day there."""
_DAY_BEGINS = 10
"""Hour of the day before, in UTC, at which a day begins on the Line Islands (UTC+14)."""
_NAMES_BEFORE = re.compile(r"\b(?:bloody|black|ruby|palm|good|ash|cyber|shrove|holy|super|every)\s\Z")
_NAMES_AFTER = re.compile(
    r"\s(?:times|mirror|telegraph|express|mail|herald|world|school|people|post|independent|sport)\b"
)


def read_weekday(reading: Reading, start: int, end: int, value: str) -> None:
    """The day around the name of a weekday: "late on Tuesday", "Sunday night", "Monday of last week"."""
    view = reading.view
    if not reading.text[start].isupper() or _NAMES_BEFORE.search(reading.before(start, 12)):
        return
    if _NAMES_AFTER.match(view, end):
        return
    led = _QUALIFIED.search(reading.before(start))
    lead = led[0].split() if led is not None else []
    if "every" in lead:
        return
    left = start - len(led[0]) if led is not None else start
    part = _PART_AFTER.match(view, end)
    stop = part.end() if part is not None else end
    week_before = _LAST_WEEK_AFTER.match(view, stop)
    if week_before is not None:
        stop = week_before.end()
    reading.weekdays.add(left)
    role: TimeRole = "since" if "since" in lead else "event"
    reference = reading.reference
    if reference is None:
        reading.add(left, stop, None, role=role)
        return
    number = int(value)
    day = weekday(reference, number)
    if week_before is not None:
        day = _monday(reference) - timedelta(days=7 - number)
    elif {"last", "past", "previous"} & set(lead):
        day -= timedelta(days=7 if day == reference.day else 0)
    elif "next" in lead or ((("coming" in lead) or reading.is_future(left)) and day < reference.day):
        day += timedelta(days=7)
    elif _is_ahead_of_us(reading, reference, left, stop, day):
        ahead = day + timedelta(days=7)
        reading.add(left, stop, reference.days(ahead, ahead, _DAY), role=role)
        return
    at_night = "overnight" in lead or "night" in lead or (part is not None and "night" in part[0])
    last = min(day + timedelta(days=1), max(day, reference.day)) if at_night else day
    interval = reference.days(day, last, _DAY)
    reading.add(left, stop, _at_clock(view, left, stop, interval, day), role=role)


def _is_ahead_of_us(reading: Reading, reference: Reference, start: int, end: int, day: date) -> bool:
    """Whether a weekday is tomorrow's, which has begun in the east: "at 6 am on Wednesday, local time", on a Tuesday.

    Nowhere does a day begin earlier than 14 hours before that of UTC, and only what says so is in local time.
    """
    if reference.day - day != timedelta(days=6) or reference.moment.astimezone(UTC).hour < _DAY_BEGINS:
        return False
    near = reading.view[max(0, start - _LOCAL_WITHIN) : end + _LOCAL_WITHIN]
    return _LOCAL_TIME.search(near) is not None


def _monday(reference: Reference) -> date:
    return reference.day - timedelta(days=reference.day.weekday())


def _at_clock(view: str, start: int, end: int, interval: Interval, day: date) -> Interval:
    """Narrowed to an hour where a clock time with its zone stands beside the day: "at 0830 GMT on Monday"."""
    match = _GMT.search(view, max(0, start - _CLOCK_WITHIN), min(len(view), end + _CLOCK_WITHIN))
    if match is None:
        return interval
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3] is not None:
        hour = hour % 12 + (12 if match[3].startswith("p") else 0)
    if hour > 23 or minute > 59:
        return interval
    moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return Interval(moment, moment + timedelta(hours=1), TimePrecision.HOUR)


def read_holiday(reading: Reading, start: int, end: int, value: str) -> None:
    """A feast with a fixed date, or counted from Easter: the last one up to publication."""
    reference = reading.reference
    if reference is None:
        reading.add(start, end, None)
        return
    if value.startswith("easter"):
        then: date | None = easter_before(reference, int(value.removeprefix("easter")))
    else:
        month, day = map(int, value.split("-"))
        then = same_day_before(reference, month, day)
    if then is not None:
        reading.add(start, end, reference.days(then, then, _DAY))


def read_fixed(reading: Reading, start: int, end: int, value: str) -> None:
    """A phrase with one meaning: "yesterday", "last month", "N years ago", "the anniversary"."""
    if value == "anniversary":
        reading.add(start, end, None, past=True, role="anniversary")
    elif value.endswith("ago"):
        _read_ago(reading, start, end)
    elif reading.reference is None:
        reading.add(start, end, None, past=value == "last year")
    else:
        reading.add(start, end, _RELATIVE[value](reading.reference))


def _read_ago(reading: Reading, start: int, end: int) -> None:
    window_start = max(0, end - WINDOW)
    match = _AGO.search(reading.view[window_start:end])
    if match is None:
        # "years earlier": before a time that the text has told; in any case not now.
        reading.add(start, end, None, past=True)
        return
    words = load_words()
    unit = words["unit"][match[3]]
    number = int(match[1]) if match[1] else int(words["number"].get((match[2] or "").removesuffix(" of"), 0))
    number *= 2 if match[3] == "fortnight" else 1
    reference = reading.reference
    if number:
        left = window_start + match.start()
        interval = ago(reference, number, unit) if reference is not None else None
        reading.add(left, end, interval, past=_is_long(number, unit) and not is_history(interval, reference))
    elif reference is not None and unit in ("day", "hour", "minute"):
        first = reference.day - timedelta(days=7 if unit == "day" else 1)
        reading.add(start, end, reference.until_now(first, reference.day, TimePrecision.WEEK))
    else:
        many = unit == "week" and match[2] in ("several", "many")
        reading.add(start, end, None, past=many or unit in ("year", "decade", "month"))


def _is_long(number: int, unit: str) -> bool:
    return unit in ("year", "decade") or (unit == "month" and number > 1) or (unit == "week" and number > 2)


def _days(first: int, last: int, precision: TimePrecision) -> Callable[[Reference], Interval]:
    """Days counted from that of publication, both in it."""
    return lambda reference: reference.days(
        reference.day + timedelta(days=first), reference.day + timedelta(days=last), precision
    )


_SUNDAY = 6


def _week(offset: int) -> Callable[[Reference], Interval]:
    def interval(reference: Reference) -> Interval:
        monday = _monday(reference) + timedelta(weeks=offset)
        last = monday + timedelta(days=6)
        if offset == -1 and reference.day.weekday() == _SUNDAY:
            # On a Sunday "last week" is the one that ends, or the one before it.
            last = reference.day - timedelta(days=1)
        return reference.days(monday, last if offset else reference.day, TimePrecision.WEEK)

    return interval


def _month(offset: int) -> Callable[[Reference], Interval]:
    def interval(reference: Reference) -> Interval:
        first, last = month_days(*month_before(reference.day, -offset))
        return reference.days(first, last if offset else reference.day, TimePrecision.MONTH)

    return interval


def _late_last_month(reference: Reference) -> Interval:
    _, last = month_days(*month_before(reference.day, 1))
    return reference.days(last - timedelta(days=_LATE), last, TimePrecision.WEEK)


def _year(offset: int) -> Callable[[Reference], Interval]:
    def interval(reference: Reference) -> Interval:
        year = reference.day.year + offset
        last = date(year, 12, 31) if offset else reference.day
        return reference.days(date(year, 1, 1), last, TimePrecision.YEAR)

    return interval


def _weekend(reference: Reference) -> Interval:
    saturday = weekday(reference, 5)
    return reference.until_now(saturday, saturday + timedelta(days=1), TimePrecision.WEEK)


_RELATIVE: dict[str, Callable[[Reference], Interval]] = {
    "yesterday": _days(-1, -1, _DAY),
    "today": _days(0, 0, _DAY),
    "tomorrow": _days(1, 1, _DAY),
    "two days": _days(-2, -2, _DAY),
    "overnight": _days(-1, 0, _DAY),
    "last night": _days(-1, 0, _DAY),
    "past day": _days(-1, 0, _DAY),
    "past week": _days(-7, 0, TimePrecision.WEEK),
    "past month": _days(-31, 0, TimePrecision.MONTH),
    "last week": _week(-1),
    "this week": _week(0),
    "next week": _week(1),
    "last month": _month(-1),
    "late last month": _late_last_month,
    "this month": _month(0),
    "next month": _month(1),
    "last year": _year(-1),
    "this year": _year(0),
    "next year": _year(1),
    "weekend": _weekend,
}
