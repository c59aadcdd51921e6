"""All statements of an article, with those that are no current incident set aside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.processor.extraction.currency.article_view import view_of
from services.processor.extraction.currency.reasons import Reason
from services.processor.extraction.currency.scope import Span
from services.processor.extraction.currency.subject import MAY_BE_NEWS, in_passing, subject_of
from services.processor.extraction.currency.verdict import drafts_of, event_not_current, has_day, not_current
from services.processor.extraction.drafts import Draft
from services.processor.extraction.reading import FieldReading


def mark_not_current(readings: Sequence[FieldReading], published_at: datetime | None) -> None:
    """Set aside every claim that is no toll of a current incident, with the reason in its `reasoning`.

    First those whose own sentence says so; then, in an article that is about something else, those told in passing.
    Statements that tell of an incident without harm lose their `event` mark in the same way. Linear; never raises.
    """
    statements = [statement for reading in readings for statement in reading.statements]
    events = [statement for statement in statements if statement.event]
    if not events and next(drafts_of(statements), None) is None:
        return
    view = view_of(readings, published_at)
    for statement, draft in drafts_of(statements):
        _set_aside(draft, not_current(view, statement, draft))
    for statement in events:
        statement.event = event_not_current(view, statement) is None
    subject = subject_of(view, readings)
    if subject is None:
        return
    for statement, draft in drafts_of(statements):
        _set_aside(draft, in_passing(view, subject, statement, draft))
    for statement in events if subject.genre not in MAY_BE_NEWS else ():
        sentence = statement.sentence
        span = Span(sentence.start, sentence.end, sentence.start, sentence.end, active=False)
        statement.event = statement.event and has_day(view, statement, span)


def _set_aside(draft: Draft, reason: Reason | None) -> None:
    if reason is not None:
        draft.background = str(reason)
        draft.reasoning.append(f"not counted: {reason}")
