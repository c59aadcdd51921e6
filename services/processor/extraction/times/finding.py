"""Finding times: one pass over the text for the words that can date something, then the pattern around each."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from ahocorasick_rs import AhoCorasick, MatchKind

from schemas.report import Occurred
from schemas.vocabulary import TimePrecision
from services.processor.extraction.ascii_view import ascii_view
from services.processor.extraction.times.intervals import (
    Interval,
    Reference,
    ago,
    days,
    full_year,
    is_history,
    month_before,
    month_days,
    same_day_after,
    same_day_before,
    weekday,
)
from services.processor.extraction.times.mentions import TimeMention, TimeRole
from services.processor.extraction.wordlists import read_rows

_DAY = TimePrecision.DAY
_SOON = 40
"""Days ahead within which a date without a year is more likely one to come than that of last year."""
_WINDOW = 48
"""Characters to either side of an anchor that a time can take up."""

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
_TWO_DIGITS_AFTER = re.compile(r"\.?\s(\d\d)\s*(?=\(|\[|-|–|—|\n|\Z|:)")
_MONTH_LED = re.compile(
    r"(?:\b(?:in|of|since|during|last|this|by|until|early|mid|late|from|between|and|through|next|to|for)\s)\Z"
)
_LED_BY_IN = re.compile(r"\b(?:in|since|during|of)\s\Z")
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
_NUMERIC = re.compile(r"(?<![\w/.$-])(\d{1,4})([/.-])(\d{1,2})\2(\d{2,4})(?![\w%]|[/-]\d|\.\d)")
_YEAR = re.compile(r"(?<![\w$%.,/-])((?:19|20)\d\d)(s)?(?![\w%]|[,.]\d|/\d|-\d)")
_YEAR_LED = re.compile(
    r"\b(in|since|of|during|until|by|from|early|mid|late|year|for|between|and|to|through|back\sin|before|after)\s"
    r"(?:the\s)?(?:(?:early|mid|late)\s)?\Z"
)
_AGO = re.compile(
    r"\b(?:(?:(\d{1,3})|([a-z]+(?:\s(?:five|of))?))\s)?(minutes?|hours?|days?|weeks?|fortnight|months?|years?|decades?)"
    r"\s(?:ago|earlier)\Z"
)
_GMT = re.compile(r"\b(\d{1,2})(?::|\.)?(\d\d)?\s?(?:(a\.?m|p\.?m)\.?\s)?(?:gmt|utc)\b")
_DATELINE = re.compile(r"\A\s*[A-Z][A-Z .,'()/&-]{1,70}\Z")
_DATELINE_REACH = 110
_NAMES = re.compile(
    r"\b(?:bloody|black|ruby|palm|good|ash|cyber|shrove|holy|super)\s\Z|"
    r"\A\s(?:times|mirror|telegraph|express|mail|herald|world|school|people|post|independent|sport)\b"
)
_AUXILIARY_AFTER_MAY = re.compile(r"\s(?:have|be|not|also|still|well|yet|never|only|come|lead|now|even|seem|become)\b")


@lru_cache(maxsize=1)
def _words() -> dict[str, dict[str, str]]:
    table: dict[str, dict[str, str]] = {}
    for word_class, value, spellings in read_rows("times_words.tsv"):
        for word in spellings.split("|"):
            table.setdefault(word_class, {})[word] = value
    return table


_FIXED = {
    "yesterday": "yesterday", "today": "today", "tonight": "today", "tomorrow": "tomorrow", "overnight": "overnight",
    "last night": "last night", "yesterday morning": "yesterday", "yesterday afternoon": "yesterday",
    "yesterday evening": "yesterday", "late yesterday": "yesterday", "early today": "today",
    "this morning": "today", "this afternoon": "today", "this evening": "today", "earlier today": "today",
    "the day before yesterday": "two days", "day before yesterday": "two days",
    "last week": "last week", "this week": "this week", "earlier this week": "this week", "past week": "past week",
    "last month": "last month", "this month": "this month", "earlier this month": "this month",
    "past month": "past month", "last year": "last year", "this year": "this year", "earlier this year": "this year",
    "late last year": "last year", "early last year": "last year", "late last month": "last month",
    "early last month": "last month", "late last week": "last week", "early last week": "last week",
    "last weekend": "weekend", "this weekend": "weekend", "over the weekend": "weekend", "at the weekend": "weekend",
    "on the weekend": "weekend", "during the weekend": "weekend", "years earlier": "long ago",
    "next week": "next week", "next month": "next month", "next year": "next year",
    "years ago": "long ago", "decades ago": "long ago", "centuries ago": "long ago", "decades earlier": "long ago",
    "months ago": "months ago", "weeks ago": "weeks ago", "days ago": "days ago", "hours ago": "hours ago",
    "minutes ago": "hours ago", "recent days": "days ago",
    "day ago": "ago", "week ago": "ago", "fortnight ago": "ago", "month ago": "ago", "year ago": "ago",
    "decade ago": "ago", "hour ago": "ago",
    "anniversary": "anniversary", "anniversaries": "anniversary",
}  # fmt: skip


@lru_cache(maxsize=1)
def _matcher() -> tuple[AhoCorasick, tuple[tuple[str, str], ...]]:
    """The automaton over all anchors, and of each anchor (kind, value)."""
    words = _words()
    anchors: dict[str, tuple[str, str]] = {word: ("month", value) for word, value in words["month"].items()}
    anchors.update((word, ("weekday", value)) for word, value in words["weekday"].items())
    anchors.update((word, ("holiday", value)) for word, value in words["holiday"].items())
    anchors.update((word, ("fixed", value)) for word, value in _FIXED.items())
    matcher = AhoCorasick([f" {word}" for word in anchors], matchkind=MatchKind.LeftmostLongest)
    return matcher, tuple(anchors.values())


class _Finder:
    """One text being read; it lives for one call of `find_times`."""

    __slots__ = ("capitals", "found", "reference", "text", "view", "weekdays")

    def __init__(self, text: str, reference: Reference | None) -> None:
        self.text = text
        self.view = ascii_view(text)
        self.reference = reference
        self.capitals = not any(map(str.islower, text[:2000]))
        self.found: list[TimeMention] = []
        self.weekdays: set[int] = set()

    def run(self) -> list[TimeMention]:
        matcher, anchors = _matcher()
        handlers: dict[str, Callable[[int, int, str], None]] = {
            "month": self._month,
            "weekday": self._weekday,
            "holiday": self._holiday,
            "fixed": self._fixed,
        }
        self._numeric()
        for pattern, start, stop in matcher.find_matches_as_indexes(" " + self.view):
            end = stop - 1
            if end < len(self.view) and (self.view[end].isalnum() or self.view[end] == "_"):
                continue
            kind, value = anchors[pattern]
            handlers[kind](start, end, value)
        self._years()
        return self._with_weekdays(_without_overlaps(self.found))

    def _with_weekdays(self, found: list[TimeMention]) -> list[TimeMention]:
        """Dates with the weekday before them as one mention: in "Sunday, Dec. 31, 2017" the date says which Sunday."""
        joined: list[TimeMention] = []
        for mention in found:
            last = joined[-1] if joined else None
            if last is not None and last.start in self.weekdays and mention.occurred.precision is _DAY:
                gap = self.text[last.end : mention.start].strip(" ,.(").lower()
                if mention.start - last.end <= 6 and gap in ("", "the", "on") and mention.start not in self.weekdays:
                    text = self.text[last.start : mention.end]
                    occurred = mention.occurred.model_copy(update={"text": text})
                    joined[-1] = replace(mention, start=last.start, text=text, occurred=occurred)
                    continue
            joined.append(mention)
        return joined

    # ------------------------------------------------------------------------------------------------------- dates

    def _capitalised(self, at: int) -> bool:
        return self.text[at].isupper()

    def _month(self, start: int, end: int, value: str) -> None:
        if not self._capitalised(start):
            return
        month = int(value)
        before = self.view[max(0, start - _WINDOW) : start]
        if self.view[start:end] == "may" and _AUXILIARY_AFTER_MAY.match(self.view, end):
            return
        led = _DAY_BEFORE.search(before)
        if led is not None:
            self._day_month(start - len(before) + led.start(), end, led, month)
            return
        after = _DAY_AFTER.match(self.view, end)
        if after is not None and not _LED_BY_IN.search(before) and not _YEAR_ONLY_AFTER.match(self.view, end):
            last = after.end(2) if after[2] else after.end(1)
            first_day, last_day = int(after[1]), int(after[2] or after[1])
            if last_day < first_day:
                last, last_day = after.end(1), first_day
            year = _YEAR_AFTER.match(self.view, last)
            stop = year.end() if year is not None else last
            self._date(start, stop, (first_day, last_day), month, int(year[1]) if year is not None else None)
            return
        self._whole_month(start, end, before, month)

    def _day_month(self, start: int, end: int, led: re.Match[str], month: int) -> None:
        first_day, last_day = int(led[1] or led[2]), int(led[2])
        if last_day < first_day:
            first_day = last_day
        year = _YEAR_AFTER.match(self.view, end)
        if year is not None:
            self._date(start, year.end(), (first_day, last_day), month, int(year[1]))
            return
        short = _TWO_DIGITS_AFTER.match(self.text, end)
        if short is not None:
            self._date(start, short.end(1), (first_day, last_day), month, full_year(int(short[1]), self.reference))
            return
        self._date(start, end, (first_day, last_day), month, None)

    def _date(self, start: int, end: int, span: tuple[int, int], month: int, year: int | None) -> None:
        first_day, last_day = span
        try:
            date(2024, month, first_day), date(2024, month, last_day)
        except ValueError:
            return
        precision = _DAY if first_day == last_day else TimePrecision.WEEK
        if year is None:
            if self.reference is None:
                self._add(start, end, None)
                return
            last = self._nearest(start, month, last_day, self.reference)
            if last is None:
                return
            first = _shifted(last, first_day)
        else:
            try:
                first, last = date(year, month, first_day), date(year, month, last_day)
            except ValueError:
                return
        zone = self.reference.zone if self.reference is not None else UTC
        self._add(start, end, days(first, last, precision, zone))

    def _nearest(self, start: int, month: int, day: int, reference: Reference) -> date | None:
        """The day meant by a date without a year; None where it is no day, or may as well be one soon to come."""
        following = same_day_after(reference, month, day)
        if self._future(start):
            return following
        before = same_day_before(reference, month, day)
        if before is None or following is None:
            return None
        unclear = (reference.day - before).days > 300 and (following - reference.day).days <= _SOON
        return None if unclear else before

    def _whole_month(self, start: int, end: int, before: str, month: int) -> None:
        year = _YEAR_ONLY_AFTER.match(self.view, end)
        led = _MONTH_LED.search(before)
        if year is None and led is None:
            return
        stop = year.end() if year is not None else end
        left = start - len(led[0]) if led is not None else start
        role: TimeRole = "since" if led is not None and led[0].strip() in ("since", "from") else "event"
        if year is not None:
            first, last = month_days(int(year[1]), month)
        elif self.reference is None:
            self._add(left, stop, None, role=role)
            return
        else:
            this = self.reference.day
            count = (this.month - month) % 12
            if count == 0 and led is not None and led[0].strip() == "last":
                count = 12
            first, last = month_days(*month_before(this, count))
            if led is not None and led[0].strip() == "next":
                first, last = month_days(first.year + 1, month)
        zone = self.reference.zone if self.reference is not None else UTC
        if self.reference is not None and first <= self.reference.day:
            last = min(last, self.reference.day)
        self._add(left, stop, days(first, last, TimePrecision.MONTH, zone), role=role)

    def _numeric(self) -> None:
        """2016-07-14, 02/28/2016, 14.07.2016."""
        for match in _NUMERIC.finditer(self.text):
            first, middle, last = match[1], match[3], match[4]
            if len(first) == 4:
                choices = [(int(first), int(middle), int(last))] if len(last) <= 2 else []
            elif len(first) <= 2 and len(last) in (2, 4) and (len(last) == 4 or match[2] == "/"):
                year = int(last) if len(last) == 4 else full_year(int(last), self.reference)
                choices = [(year, int(first), int(middle)), (year, int(middle), int(first))]
            else:
                continue
            dates = list(dict.fromkeys(d for d in map(_checked, choices) if d is not None))
            if not dates:
                continue
            zone = self.reference.zone if self.reference is not None else UTC
            if len(dates) == 1:
                self._add(match.start(), match.end(), days(dates[0], dates[0], _DAY, zone))
            elif self.reference is not None:
                latest = self.reference.day + timedelta(days=1)
                told = [d for d in dates if d <= latest]
                best = max(told) if told else min(dates)
                self._add(match.start(), match.end(), days(best, best, _DAY, zone))
            else:
                self._add(match.start(), match.end(), None)

    def _years(self) -> None:
        """ "in 2019", "since the 1990s", "the 2013 attack"."""
        taken = [(mention.start, mention.end) for mention in self.found]
        at = 0
        for match in _YEAR.finditer(self.text):
            start, end = match.span()
            while at < len(taken) and taken[at][1] <= start:
                at += 1
            before = self.view[max(0, start - 24) : start]
            led = _YEAR_LED.search(before)
            article = before.split()[-1:] in (["the"], ["a"])
            if led is None and not article and not match[2]:
                continue
            year = int(match[1])
            following = self.view[end : end + 20].split()
            if (following and following[0] in _PEOPLE) or (article and not following):
                continue
            if self.reference is not None and year > self.reference.day.year and not self._future(start):
                continue
            last_year = year + 9 if match[2] else year
            zone = self.reference.zone if self.reference is not None else UTC
            first, last = date(year, 1, 1), date(last_year, 12, 31)
            if self.reference is not None and first <= self.reference.day:
                last = min(last, self.reference.day)
            since = led is not None and led[1] in ("since", "from")
            left = start - len(led[0]) if led is not None else start
            self._add(left, end, days(first, last, TimePrecision.YEAR, zone), role="since" if since else "event")

    # ---------------------------------------------------------------------------------------------- relative times

    def _weekday(self, start: int, end: int, value: str) -> None:
        if not self._capitalised(start) or _NAMES.search(self.view[max(0, start - 12) : start]):
            return
        if _NAMES.match(self.view[end : end + 14]):
            return
        before = self.view[max(0, start - _WINDOW) : start]
        led = _QUALIFIED.search(before)
        lead = led[0].split() if led is not None else []
        if "every" in lead:
            return
        left = start - len(led[0]) if led is not None else start
        part = _PART_AFTER.match(self.view, end)
        stop = part.end() if part is not None else end
        week_before = _LAST_WEEK_AFTER.match(self.view, stop)
        if week_before is not None:
            stop = week_before.end()
        self.weekdays.add(left)
        if self.reference is None:
            self._add(left, stop, None)
            return
        day = weekday(self.reference, int(value))
        if week_before is not None:
            monday = self.reference.day - timedelta(days=self.reference.day.weekday())
            day = monday - timedelta(days=7 - int(value))
        elif "last" in lead or "past" in lead or "previous" in lead:
            if day == self.reference.day:
                day -= timedelta(days=7)
        elif "next" in lead or "coming" in lead or self._future(left):
            if day < self.reference.day or "next" in lead:
                day += timedelta(days=7)
        at_night = "overnight" in lead or "night" in lead or (part is not None and "night" in part[0])
        last = min(day + timedelta(days=1), max(day, self.reference.day)) if at_night else day
        role: TimeRole = "since" if "since" in lead else "event"
        self._add(left, stop, self._at_clock(left, stop, self.reference.days(day, last, _DAY), day), role=role)

    def _at_clock(self, start: int, end: int, interval: Interval, day: date) -> Interval:
        """Narrowed to an hour where the text gives a clock time with its zone beside the day: "at 0830 GMT on Monday"."""
        match = _GMT.search(self.view, max(0, start - 26), min(len(self.view), end + 26))
        if match is None:
            return interval
        hour, minute = int(match[1]), int(match[2] or 0)
        if match[3] is not None:
            hour = hour % 12 + (12 if match[3].startswith("p") else 0)
        if hour > 23 or minute > 59:
            return interval
        moment = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
        return Interval(moment, moment + timedelta(hours=1), TimePrecision.HOUR)

    def _holiday(self, start: int, end: int, value: str) -> None:
        if self.reference is None:
            self._add(start, end, None)
            return
        month, day = map(int, value.split("-"))
        then = same_day_before(self.reference, month, day)
        if then is not None:
            self._add(start, end, self.reference.days(then, then, _DAY))

    def _fixed(self, start: int, end: int, value: str) -> None:
        if value == "anniversary":
            self._add(start, end, None, past=True, role="anniversary")
            return
        if value == "long ago" or value.endswith("ago"):
            self._ago(start, end, value)
            return
        past = value == "last year"
        if self.reference is None:
            self._add(start, end, None, past=past)
            return
        interval = _RELATIVE[value](self.reference)
        self._add(start, end, interval, past=past and is_history(interval, self.reference))

    def _ago(self, start: int, end: int, value: str) -> None:
        window_start = max(0, end - _WINDOW)
        match = _AGO.search(self.view[window_start:end])
        if match is None:
            return
        left = window_start + match.start()
        count, word, unit_word = match[1], match[2], match[3]
        unit = _words()["unit"][unit_word]
        number = int(count) if count else int(_words()["number"].get((word or "").removesuffix(" of"), 0))
        if unit_word == "fortnight":
            number *= 2
        long_ago = unit in ("year", "decade") or (unit == "month" and number != 0)
        if value == "long ago" and not self.view[start:end].endswith("ago"):
            self._add(start, end, None, past=True)
            return
        if number and self.reference is not None:
            interval = ago(self.reference, number, unit)
            self._add(left, end, interval, past=long_ago and number * (12 if unit == "year" else 1) > 1)
            return
        left = left if number else start
        if self.reference is not None and unit in ("day", "hour", "minute"):
            first = self.reference.day - timedelta(days=7 if unit == "day" else 1)
            self._add(left, end, self.reference.until_now(first, self.reference.day, TimePrecision.WEEK))
            return
        self._add(left, end, None, past=unit in ("year", "decade", "month"))

    def _future(self, start: int) -> bool:
        """Whether the words before say that the date is still to come."""
        words = self.view[max(0, start - 60) : start]
        for mark in (".", ";", "!", "?"):
            words = words.rsplit(mark, 1)[-1]
        padded = f" {' '.join(words.split())} "
        return any(f" {word} " in padded for word in _words()["future"])

    def _add(
        self, start: int, end: int, interval: Interval | None, *, past: bool = False, role: TimeRole = "event"
    ) -> None:
        text = self.text[start:end]
        if interval is None:
            occurred = Occurred(precision=TimePrecision.UNRESOLVED, text=text)
        else:
            occurred = Occurred(start=interval.start, end=interval.end, precision=interval.precision, text=text)
        if role == "event" and start < _DATELINE_REACH and self._is_dateline(start, end):
            role = "dateline"
        history = role != "since" and (past or is_history(interval, self.reference))
        self.found.append(TimeMention(start, end, text, occurred, history, role))

    def _is_dateline(self, start: int, end: int) -> bool:
        if not _DATELINE.match(self.text[:start].rstrip(", ")):
            return False
        following = self.text[end : end + 90].lstrip(" .,")
        return following.startswith(("(", "--", "-", "—", "–", "/")) or " -- " in following or "\n" in following[:3]


_PEOPLE = frozenset(
    ("people", "soldiers", "civilians", "troops", "men", "women", "children", "prisoners", "students", "dead", "wounded",
     "homes", "houses", "families", "refugees", "deaths", "members", "police", "workers", "cases", "others", "residents",
     "metres", "meters", "feet", "miles", "km", "kilometers", "kilometres", "tons", "tonnes", "dollars", "euros",
     "guerrillas", "rebels", "fighters", "patients", "victims", "employees", "persons", "jobs", "units", "votes", "hours",
     "gmt", "local", "hrs")
)  # fmt: skip


def _checked(parts: tuple[int, int, int]) -> date | None:
    year, month, day = parts
    try:
        return date(year, month, day) if 1900 <= year <= 2099 else None
    except ValueError:
        return None


def _shifted(last: date, first_day: int) -> date:
    try:
        return last.replace(day=first_day)
    except ValueError:
        return last


def _weekend(reference: Reference) -> Interval:
    saturday = weekday(reference, 5)
    return reference.until_now(saturday, saturday + timedelta(days=1), TimePrecision.WEEK)


def _day(reference: Reference, offset: int) -> Interval:
    day = reference.day + timedelta(days=offset)
    return reference.days(day, day, _DAY)


def _week(reference: Reference, offset: int) -> Interval:
    monday = reference.day - timedelta(days=reference.day.weekday()) + timedelta(weeks=offset)
    last = monday + timedelta(days=6)
    return reference.days(monday, last if offset else min(last, reference.day), TimePrecision.WEEK)


def _calendar_month(reference: Reference, offset: int) -> Interval:
    first, last = month_days(*month_before(reference.day, -offset))
    return reference.days(first, last if offset else reference.day, TimePrecision.MONTH)


def _calendar_year(reference: Reference, offset: int) -> Interval:
    year = min(9998, max(1, reference.day.year + offset))
    last = date(year, 12, 31) if offset else reference.day
    return reference.days(date(year, 1, 1), last, TimePrecision.YEAR)


def _night(reference: Reference) -> Interval:
    return reference.days(reference.day - timedelta(days=1), reference.day, _DAY)


def _stretch(reference: Reference, length: int, precision: TimePrecision) -> Interval:
    return reference.days(reference.day - timedelta(days=length), reference.day, precision)


_RELATIVE: dict[str, Callable[[Reference], Interval]] = {
    "yesterday": lambda r: _day(r, -1),
    "today": lambda r: _day(r, 0),
    "tomorrow": lambda r: _day(r, 1),
    "two days": lambda r: _day(r, -2),
    "overnight": _night,
    "last night": _night,
    "last week": lambda r: _week(r, -1),
    "this week": lambda r: _week(r, 0),
    "next week": lambda r: _week(r, 1),
    "past week": lambda r: _stretch(r, 7, TimePrecision.WEEK),
    "past month": lambda r: _stretch(r, 31, TimePrecision.MONTH),
    "last month": lambda r: _calendar_month(r, -1),
    "this month": lambda r: _calendar_month(r, 0),
    "next month": lambda r: _calendar_month(r, 1),
    "last year": lambda r: _calendar_year(r, -1),
    "this year": lambda r: _calendar_year(r, 0),
    "next year": lambda r: _calendar_year(r, 1),
    "weekend": _weekend,
}


def _without_overlaps(found: list[TimeMention]) -> list[TimeMention]:
    """In order of the text; of two that share characters the more exact, then the longer stays."""
    exact = [TimePrecision.HOUR, _DAY, TimePrecision.WEEK, TimePrecision.MONTH, TimePrecision.YEAR]

    def worth(mention: TimeMention) -> tuple[int, int]:
        precision = mention.occurred.precision
        return (-exact.index(precision) if precision in exact else -9, mention.end - mention.start)

    kept: list[TimeMention] = []
    for mention in sorted(found, key=lambda m: (m.start, -m.end)):
        if kept and mention.start < kept[-1].end:
            if worth(mention) > worth(kept[-1]):
                kept[-1] = mention
            continue
        kept.append(mention)
    return kept


_FULL_DATE_REACH = 160


def _dateline_moment(text: str) -> datetime | None:
    """The day on which a text says that it was written: the full date of its dateline, or the one it begins with."""
    head = text[:_FULL_DATE_REACH]
    for mention in _Finder(head, None).run():
        occurred = mention.occurred
        if occurred.precision is not _DAY or occurred.start is None:
            continue
        if mention.role == "dateline" or mention.start == len(head) - len(head.lstrip()):
            return occurred.start + timedelta(hours=12)
        return None
    return None


def find_times(text: str, published_at: datetime | None) -> list[TimeMention]:
    """Every mention of a time in `text`, in order, without overlaps, resolved against the publication time.

    Without `published_at` the date of the text's own dateline stands in; without that, only full dates are resolved.
    Offsets count the characters of `text` as given. Takes linear time and never raises.
    """
    if published_at is None:
        published_at = _dateline_moment(text)
    elif published_at.tzinfo is None:
        published_at = published_at.replace(tzinfo=UTC)
    reference = Reference(published_at) if published_at is not None and 1000 < published_at.year < 9000 else None
    return _Finder(text, reference).run()
