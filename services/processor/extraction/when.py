"""When an incident happened, and which of an article's numbers are of another time."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from datetime import datetime, timedelta

from schemas import TimePrecision
from services.processor.extraction.drafts import Draft, Statement
from services.processor.extraction.reading import FieldReading
from services.processor.extraction.times import TimeMention, find_times

CURRENT = timedelta(days=14)
"""What happened longer before publication is background: MUC-4 allowed two months, but wires now write daily."""


def date_statements(readings: Sequence[FieldReading], published_at: datetime | None) -> None:
    """Give each statement the times it names, and mark the claims that are of the past as background."""
    for reading in readings:
        if not reading.statements:
            continue
        times = find_times(reading.view, published_at)
        starts = [t.start for t in times]
        for statement in reading.statements:
            sentence = statement.sentence
            inside = times[bisect_left(starts, sentence.start) : bisect_left(starts, sentence.end)]
            statement.times = [t for t in inside if t.role != "dateline"]
            if statement.times:
                for draft in statement.drafts:
                    _mark_past(draft, statement, published_at)


def _mark_past(draft: Draft, statement: Statement, published_at: datetime | None) -> None:
    if draft.background is not None:
        return
    events = [t for t in statement.times if t.role == "event"]
    nearest = _nearest(draft, events)
    since = [t for t in statement.times if t.role == "since"]
    if nearest is not None and nearest.is_past:
        draft.background = f'happened in the past ("{nearest.text}")'
    elif any(t.role == "anniversary" for t in statement.times):
        draft.background = "told on an anniversary"
    elif any(_long(t, published_at) for t in since):
        draft.background = f'a total over a longer time ("since {since[0].text}")'
    if draft.background is not None:
        draft.reasoning.append(f"not counted: {draft.background}")


def _long(since: TimeMention, published_at: datetime | None) -> bool:
    start = since.occurred.start
    if start is None or published_at is None:
        return since.is_past
    return published_at - start > CURRENT


def _nearest(draft: Draft, events: Sequence[TimeMention]) -> TimeMention | None:
    """The time that the words of a claim go with: the nearest, and of two equally near the later in the text."""

    def distance(time: TimeMention) -> int:
        if time.end <= draft.start:
            return draft.start - time.end
        if time.start >= draft.end:
            return time.start - draft.end
        return 0

    return min(events, key=distance, default=None)


def occurred_at(statements: Sequence[Statement]) -> tuple[TimeMention, Statement] | None:
    """When the incident of these statements happened: the first day told, else the first time of any precision."""
    dated = [(t, s) for s in statements for t in s.times if t.role == "event" and not t.is_past]
    close = [(t, s) for t, s in dated if t.occurred.precision in (TimePrecision.DAY, TimePrecision.HOUR)]
    return next(iter(close or dated), None)
