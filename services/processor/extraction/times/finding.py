"""Finding times: one pass over the text for the words that can date something, then the pattern around each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from schemas.vocabulary import TimePrecision
from services.processor.extraction.times.dates import read_month, read_numbers
from services.processor.extraction.times.intervals import Reference
from services.processor.extraction.times.mentions import TimeMention
from services.processor.extraction.times.reading import Reading, without_overlaps
from services.processor.extraction.times.relative import read_fixed, read_holiday, read_weekday
from services.processor.extraction.times.words import anchors

_READERS: dict[str, Callable[[Reading, int, int, str], None]] = {
    "month": read_month,
    "weekday": read_weekday,
    "holiday": read_holiday,
    "fixed": read_fixed,
}
_DATELINE_REACH = 160
"""Characters from the beginning of a text in which its dateline stands."""
_YEARS = (1000, 9000)
"""Publication years outside of these are mistakes of the source, and nothing is counted from them."""


def find_times(text: str, published_at: datetime | None) -> list[TimeMention]:
    """Every mention of a time in `text`, in order, without overlaps, resolved against the publication time.

    Without `published_at` the date of the text's own dateline stands in; without that, only full dates are resolved.
    A `published_at` without a UTC offset is taken for UTC. Offsets count the characters of `text` as given. Takes
    linear time and never raises.
    """
    dated = published_at is not None
    if published_at is None:
        published_at = _written_on(text)
    elif published_at.tzinfo is None:
        published_at = published_at.replace(tzinfo=UTC)
    known = published_at is not None and _YEARS[0] < published_at.year < _YEARS[1]
    return _read(text, Reference(published_at) if known and published_at is not None else None, dated=dated)


def _read(text: str, reference: Reference | None, *, dated: bool = False) -> list[TimeMention]:
    reading = Reading(text, reference, dated=dated)
    view = reading.view
    matcher, values = anchors()
    for pattern, start, stop in matcher.find_matches_as_indexes(" " + view):
        end = stop - 1
        if end < len(view) and (view[end].isalnum() or view[end] == "_"):
            continue
        kind, value = values[pattern]
        _READERS[kind](reading, start, end, value)
    read_numbers(reading)
    return _with_weekdays(reading, without_overlaps(reading.found))


def _with_weekdays(reading: Reading, found: list[TimeMention]) -> list[TimeMention]:
    """Dates with the weekday before them as one mention: in "Sunday, Dec. 31, 2017" the date says which Sunday."""
    joined: list[TimeMention] = []
    for mention in found:
        last = joined[-1] if joined else None
        if last is not None and _says_which(reading, last, mention):
            text = reading.text[last.start : mention.end]
            joined[-1] = last._replace(
                end=mention.end, text=text, occurred=last.occurred.model_copy(update={"text": text})
            )
            continue
        if last is not None and last.start in reading.weekdays and mention.start not in reading.weekdays:
            gap = reading.text[last.end : mention.start]
            dated = mention.occurred.precision in (TimePrecision.DAY, TimePrecision.UNRESOLVED)
            if dated and len(gap) <= 6 and gap.strip(" ,.(").lower() in ("", "the", "on"):
                text = reading.text[last.start : mention.end]
                occurred = mention.occurred.model_copy(update={"text": text})
                joined[-1] = mention._replace(start=last.start, text=text, occurred=occurred)
                continue
            if mention.occurred.precision is TimePrecision.YEAR and gap == " ":
                # "on Maundy Thursday in 1983"
                joined[-1] = mention
                continue
        joined.append(mention)
    return joined


def _says_which(reading: Reading, day: TimeMention, mention: TimeMention) -> bool:
    """Whether "last year" only says which day is meant: "on New Year's Eve last year", "December 29 of last month"."""
    start, first, last = day.occurred.start, mention.occurred.start, mention.occurred.end
    if mention.text.lower() not in ("last year", "last month") or start is None or first is None or last is None:
        return False
    gap = reading.text[day.end : mention.start].strip(" ,").lower()
    precise = day.occurred.precision is TimePrecision.DAY and day.role == "event"
    return precise and gap in ("", "of") and first <= start <= last


def _written_on(text: str) -> datetime | None:
    """The day on which a text says that it was written: the full date of its dateline, or the one it begins with."""
    head = text[:_DATELINE_REACH]
    indent = len(head) - len(head.lstrip())
    for mention in _read(head, None):
        occurred = mention.occurred
        if occurred.precision is TimePrecision.DAY and occurred.start is not None:
            begins = mention.role == "dateline" or mention.start == indent
            return occurred.start + timedelta(hours=12) if begins else None
    return None
