"""Dates by the calendar: "2 June", "June 2, 2014", "12 JAN 90", "2016-07-14", "in March", "in 2019"."""

from __future__ import annotations

import re
from datetime import date

from schemas.vocabulary import TimePrecision
from services.processor.extraction.times.intervals import (
    Reference,
    days,
    full_year,
    month_before,
    month_days,
    same_day_after,
    same_day_before,
)
from services.processor.extraction.times.mentions import TimeRole
from services.processor.extraction.times.reading import Reading
from services.processor.extraction.times.words import load_words

_SOON = 40
"""Days ahead within which a date without a year is more likely one to come than that of last year."""
_LONG_BEFORE = 300
"""Days back from which on a date without a year is unlikely to be meant."""

_ORDINAL = r"(?:st|nd|rd|th)?"
_DAY_AFTER = re.compile(
    rf"\.?\s{{1,3}}(\d{{1,2}}){_ORDINAL}(?![\w$%]|,\d|\.\d|:)"
    rf"(?:\s(?:(?:to|and|or)\s)?(\d{{1,2}}){_ORDINAL}(?![\w$%]|,\d|\.\d|:))?"
)
_DAY_BEFORE = re.compile(
    rf"(?<![\w$%.,])(?:(\d{{1,2}}){_ORDINAL}\s(?:(?:to|and|or)\s)?)?(\d{{1,2}}){_ORDINAL}\s(?:of\s)?\Z"
)
_YEAR_AFTER = re.compile(r"\.?,?\s{1,3}((?:19|20)\d\d)(?![\w%]|,\d|\.\d)")
_YEAR_ONLY_AFTER = re.compile(r"\.?,?\s(?:of\s)?((?:19|20)\d\d)(?![\w%]|,\d|\.\d)")
_TWO_DIGITS_AFTER = re.compile(r"\.?\s(\d\d)(?!,\d)\s*(?=[(\[)\],.;:\n–—-]|\Z)")
_MONTH_LED = re.compile(
    r"\b(?:in|(?:(?:the\s)?(?:beginning|start|middle|end)\s)?of|since|during|last|this|by|until|early|mid|late|from|between|and|through"
    r"|next|to|for)\s\Z"
)
_THIRDS = {"early": 0, "beginning": 0, "start": 0, "mid": 1, "middle": 1, "late": 2, "end": 2}
"""Words for a part of a month, and which third of it they mean."""
_LED_BY_IN = re.compile(r"\b(?:in|during)\s\Z")
_LED_BY_SINCE = re.compile(r"\bsince\s\Z")
_AUXILIARY_AFTER_MAY = re.compile(r"\s(?:have|be|not|also|still|well|yet|never|only|come|lead|now|even|seem|become)\b")
_DIGITS = re.compile(r"\d+")
_NUMERIC = re.compile(r"(?<![\w/.$-])(\d{1,4})([/.-])(\d{1,2})\2(\d{2,4})(?![\w%]|[/-]\d|\.\d)")
_YEAR = re.compile(r"(?<![\w$%.,/-])((?:1\d|20)\d\d)(s|-(?:\d\d|(?:1\d|20)\d\d))?(?![\w%]|[,.]\d|/\d|-\d)")
_ARTICLE_LED = re.compile(r"(?:\A|\s)(?:the|a|its|their|his|her)\s(?:[a-z][a-z-]+\s)?\Z")
_OLD_LED = ("in", "since", "of", "during", "until", "early", "mid", "late")
_OLD_ENDS = re.compile(
    r"\Z|[.,;:)]|s\b|\s(?:and|the|when|by|to|but|as|a|until|while|or|with|was|were|is|has|had|in|at)\b"
)
"""What follows a year before 1900: other numbers of four digits may count anything."""
_YEAR_LED = re.compile(
    r"\b(in|since|of|during|until|by|from|early|mid|late|year|for|between|and|to|through|back\sin|before|after)\s"
    r"(?:the\s)?(?:(?:early|mid|late)\s)?\Z"
)


def read_month(reading: Reading, start: int, end: int, value: str) -> None:
    """A date, or a whole month, around the name of a month."""
    if not reading.text[start].isupper():
        return
    month = int(value)
    before = reading.before(start)
    if reading.view[start:end] == "may" and _AUXILIARY_AFTER_MAY.match(reading.view, end):
        return
    led = _DAY_BEFORE.search(before)
    if led is not None:
        _day_first(reading, start - len(before) + led.start(), end, led, month)
        return
    after = _DAY_AFTER.match(reading.view, end)
    if after is not None and not _LED_BY_IN.search(before) and not _YEAR_ONLY_AFTER.match(reading.view, end):
        last = after.end()
        first_day, last_day = int(after[1]), int(after[2] or after[1])
        if last_day < first_day:
            last, last_day = after.end(1), first_day
        year = _YEAR_AFTER.match(reading.view, last)
        stop = year.end() if year is not None else last
        role: TimeRole = "since" if _LED_BY_SINCE.search(before) else "event"
        _date(reading, start, stop, (first_day, last_day), month, int(year[1]) if year is not None else None, role)
        return
    _whole_month(reading, start, end, before, month)


def _day_first(reading: Reading, start: int, end: int, led: re.Match[str], month: int) -> None:
    first_day, last_day = int(led[1] or led[2]), int(led[2])
    if last_day < first_day:
        start += led.start(2) - led.start()
        first_day = last_day
    year = _YEAR_AFTER.match(reading.view, end)
    if year is not None:
        _date(reading, start, year.end(), (first_day, last_day), month, int(year[1]))
        return
    short = _TWO_DIGITS_AFTER.match(reading.text, end)
    if short is not None:
        full = full_year(int(short[1]), reading.reference)
        _date(reading, start, short.end(1), (first_day, last_day), month, full)
        return
    _date(reading, start, end, (first_day, last_day), month, None)


def _date(
    reading: Reading,
    start: int,
    end: int,
    span: tuple[int, int],
    month: int,
    year: int | None,
    role: TimeRole = "event",
) -> None:
    first_day, last_day = span
    # 2024 is a leap year: every day of the calendar is a day of it.
    if _checked(2024, month, first_day) is None or _checked(2024, month, last_day) is None:
        return
    precision = TimePrecision.DAY if first_day == last_day else TimePrecision.WEEK
    if year is not None:
        first, last = _checked(year, month, first_day), _checked(year, month, last_day)
    elif reading.reference is None:
        reading.add(start, end, None, role=role)
        return
    else:
        last = _nearest(reading, start, month, last_day, reading.reference)
        first = _checked(last.year, month, first_day) if last is not None else None
    if first is not None and last is not None:
        reading.add(start, end, days(first, last, precision, reading.zone), role=role)


def _nearest(reading: Reading, start: int, month: int, day: int, reference: Reference) -> date | None:
    """The day meant by a date without a year; None where it is no day, or may as well be one soon to come."""
    following = same_day_after(reference, month, day)
    if reading.is_future(start):
        return following
    before = same_day_before(reference, month, day)
    if before is None or following is None:
        return None
    unclear = (reference.day - before).days > _LONG_BEFORE and (following - reference.day).days <= _SOON
    return None if unclear else before


def _whole_month(reading: Reading, start: int, end: int, before: str, month: int) -> None:
    year = _YEAR_ONLY_AFTER.match(reading.view, end)
    led = _MONTH_LED.search(before)
    if year is None and led is None:
        return
    word = led[0].removeprefix("the ").split()[0] if led is not None else ""
    left = start - len(led[0]) if led is not None else start
    stop = year.end() if year is not None else end
    role: TimeRole = "since" if word in ("since", "from") else "event"
    if year is not None:
        first, last = month_days(int(year[1]), month)
    elif reading.reference is None:
        reading.add(left, stop, None, role=role)
        return
    else:
        this = reading.reference.day
        count = (this.month - month) % 12
        if count == 0 and word == "last":
            count = 12
        first, last = month_days(*month_before(this, count))
        if word == "next" and first.year < 9998:
            first, last = month_days(first.year + 1, month)
    if word in _THIRDS:
        third = _THIRDS[word]
        first, last = first.replace(day=1 + 10 * third), last if third == 2 else last.replace(day=10 + 10 * third)
    if reading.reference is not None and first <= reading.reference.day:
        last = min(last, reading.reference.day)
    reading.add(left, stop, days(first, last, TimePrecision.MONTH, reading.zone), role=role)


def read_numbers(reading: Reading) -> None:
    """Dates in figures, and years: everything that begins with a digit."""
    past = 0
    for digits in _DIGITS.finditer(reading.text):
        start, end = digits.span()
        if start < past or end - start > 4:
            continue
        numeric = _NUMERIC.match(reading.text, start)
        if numeric is not None:
            past = numeric.end()
            _numeric(reading, numeric)
        elif end - start == 4:
            year = _YEAR.match(reading.text, start)
            if year is not None:
                _year(reading, year)


def _numeric(reading: Reading, match: re.Match[str]) -> None:
    """2016-07-14, 02/28/2016, 14.07.2016."""
    first, middle, last = match[1], match[3], match[4]
    if len(first) == 4:
        choices = [(int(first), int(middle), int(last))] if len(last) <= 2 else []
    elif len(first) <= 2 and (len(last) == 4 or (len(last) == 2 and match[2] == "/")):
        year = int(last) if len(last) == 4 else full_year(int(last), reading.reference)
        choices = [(year, int(first), int(middle)), (year, int(middle), int(first))]
    else:
        return
    dates = list(dict.fromkeys(d for d in (_checked(*choice) for choice in choices) if d is not None))
    if not dates:
        return
    if len(dates) == 1:
        reading.add(*match.span(), days(dates[0], dates[0], TimePrecision.DAY, reading.zone))
    elif reading.reference is not None:
        # Month or day first: whichever is the later day that has been.
        told = [d for d in dates if d <= reading.reference.day]
        best = max(told) if told else min(dates)
        reading.add(*match.span(), days(best, best, TimePrecision.DAY, reading.zone))
    else:
        reading.add(*match.span(), None)


def _year(reading: Reading, match: re.Match[str]) -> None:
    """ "in 2019", "since the 1990s", "the 2013 attack"; not "2000 people", "route 2014"."""
    start, end = match.span()
    before = reading.before(start, 24)
    led = _YEAR_LED.search(before)
    article = _ARTICLE_LED.search(before) is not None
    following = reading.next_word(end)
    decade = match[2] == "s"
    if led is None and not decade and not (article and following):
        return
    year = int(match[1])
    if year < 1900 and (led is None or led[1] not in _OLD_LED or not (match[2] or _OLD_ENDS.match(reading.text, end))):
        return
    if following in load_words()["counted"]:
        return
    reference = reading.reference
    if reference is not None and year > reference.day.year and not reading.is_future(start):
        return
    first, last = date(year, 1, 1), date(year + 9 if decade else year, 12, 31)
    if reference is not None and first <= reference.day:
        last = min(last, reference.day)
    role: TimeRole = "since" if led is not None and led[1] in ("since", "from") else "event"
    left = start - len(led[0]) if led is not None else start
    reading.add(left, end, days(first, last, TimePrecision.YEAR, reading.zone), role=role)


def _checked(year: int, month: int, day: int) -> date | None:
    """The day, where there is such a one in years that news can be about."""
    try:
        return date(year, month, day) if 1900 <= year <= 2099 else None
    except ValueError:
        return None
