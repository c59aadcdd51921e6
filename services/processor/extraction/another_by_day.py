"""Sentences that open another incident by its own day: "Thursday's collision at Gusau claimed two more lives"."""

from __future__ import annotations

import re
from datetime import date, timedelta

from schemas import ClaimKind, TimePrecision
from services.processor.extraction.cluster import Cluster
from services.processor.extraction.drafts import Statement
from services.processor.extraction.event_time import event_words

_OPENS = re.compile(
    r"\W{0,2}(?:(?:Meanwhile|Also|Separately),?\s)?(?:The\s(?:toll|death toll|number of dead)\s(?:of|from|in)\s)?"
    r"(?:[A-Z][a-z]+day|[Ll]ast\s(?:week|month|weekend|night|[A-Z][a-z]+day)|[Yy]esterday)'s\s"
    r"((?:[\w-]+\s){0,3}?[\w-]+)\b"
)
"""The possessive of a day, or of a week before, at the head of a sentence, and the words that may name an incident."""
_HEAD = 60
"""Characters of a sentence within which the day ends."""
_WEEK = timedelta(days=5)
_APART = timedelta(days=1)
"""Days so near may be those of one night."""


def opens_another_by_day(statement: Statement, focus: Cluster) -> bool:
    """Whether a sentence goes on about an incident of another day than the one told of, and counts its dead.

    "A bus fell on Sunday, killing 18. Thursday's collision at Gusau has claimed two more, bringing that toll to 25":
    the day stands before the word for the incident and is sure to be before those on which the one told of happened.
    """
    opening = _OPENS.match(statement.text) if "'s " in statement.text[:_HEAD] else None
    if opening is None or not focus.days or focus.wide:
        return False
    if event_words().isdisjoint(opening[1].lower().split()):
        return False
    if not any(d.kind is ClaimKind.KILLED and d.background is None and d.best for d in statement.drafts):
        return False
    day = _day_at_head(statement, statement.sentence.start + opening.start(1))
    return day is not None and all(day < other - _APART for other in focus.days)


def _day_at_head(statement: Statement, end: int) -> date | None:
    """The day named before a place in the text."""
    for time in statement.times:
        start = time.occurred.start
        close = time.occurred.precision in (TimePrecision.DAY, TimePrecision.HOUR, TimePrecision.WEEK)
        if time.start < end and start is not None and close:
            # Of a week told as the one before, any day but its last.
            return start.date() + _WEEK if time.occurred.precision is TimePrecision.WEEK else start.date()
    return None
