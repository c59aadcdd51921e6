"""The day of an incident counted back from that of what followed it: "found on Saturday, two days after the crash"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from schemas.report import Occurred
from schemas.vocabulary import TimePrecision
from services.processor.extraction.times.mentions import TimeMention
from services.processor.extraction.times.words import load_words

_LONGEST = timedelta(weeks=6)
"""From longer after an incident its day is not counted in days and weeks."""
_DAY = timedelta(days=1)


def days_after(
    text: str, base: int, times: Sequence[TimeMention], published_at: datetime | None, events: frozenset[str]
) -> TimeMention | None:
    """When the incident was that a sentence says something was so many days or weeks after; None where it says none.

    `text` begins at `base` of its field and names the `times`; `events` are the words for incidents. It is counted
    back from the day named nearest before, else from that of publication; in weeks it is exact to three days.
    """
    match = _pattern(events).search(text)
    if match is None:
        return None
    number = int(match["digits"]) if match["digits"] else int(load_words()["number"].get(match["word"].lower(), 0))
    unit = match["unit"].rstrip("s").lower()
    span = timedelta(days=number * (7 if unit == "week" else 1))
    days = [time.occurred.start for time in times if time.occurred.precision is TimePrecision.DAY and not time.is_past]
    last = next((day for day in reversed(days) if day is not None), published_at)
    if last is None or not _DAY <= span <= _LONGEST:
        return None
    noon = last.replace(hour=0, minute=0, second=0, microsecond=0) - span
    slack = 3 * _DAY if unit == "week" else timedelta(0)
    occurred = Occurred(
        start=noon - slack,
        end=noon + slack + _DAY,
        precision=TimePrecision.WEEK if slack else TimePrecision.DAY,
        text=match[0],
    )
    return TimeMention(base + match.start(), base + match.end(), match[0], occurred, is_past=False)


@cache
def _pattern(events: frozenset[str]) -> re.Pattern[str]:
    """A count of days or weeks after the incident of which a text has told."""
    words = "|".join(sorted(load_words()["number"], key=len, reverse=True)).replace(" ", r"\s")
    return re.compile(
        rf"\b(?:(?P<digits>\d{{1,2}})|(?P<word>{words}))\s(?P<unit>days?|weeks?)\safter\s"
        rf"(?:it\shappened\b|the\s(?:[\w-]+\s){{0,2}}(?:{'|'.join(sorted(events))})\b)",
        re.IGNORECASE,
    )
