"""What happened days before an article's news and is told after it: another incident's toll, told in passing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from schemas import ClaimKind, TimePrecision
from services.processor.extraction.currency.reasons import EARLIER_INCIDENT, Reason
from services.processor.extraction.currency.verdict import LEAD_SENTENCES
from services.processor.extraction.drafts import Draft, Statement
from services.processor.extraction.when import PAST

_CLOSE = (TimePrecision.DAY, TimePrecision.HOUR, TimePrecision.WEEK)
_LONG_BEFORE = timedelta(days=4)
"""So long before the news nothing is of the same days: a rampage or the search after a disaster may go on for some."""
_BEFORE = timedelta(days=1)
_AGO = re.compile(r"\bdays ago\b|\bearlier this week\b", re.IGNORECASE)
"""Told of no day of its own in the lead, the news is of today: what is said to be of days ago was news then."""
_HARM = (ClaimKind.KILLED, ClaimKind.WOUNDED)
_RECENTLY = re.compile(r"\b(?:was|were|has|have|had|who|and)\s(?:\w+\s)?recently\b|\brecently,", re.IGNORECASE)
"""Beyond the lead it tells of something before the news: "Abu Hafs, a leader of the group, was recently killed"."""
_GOES_ON = re.compile(
    r"\W{0,2}(?:(?:\w+\s){1,2}(?:hours?|days?|weeks?)\s(?:later|after|before|earlier)\b|"
    r"(?:that|the)\s(?:[\w-]+\s){1,2}(?:was|came)\s(?:closely\s)?(?:followed|after)\b|(?:all|everybody|no\s?one)\b)",
    re.IGNORECASE,
)
"""Opens a sentence that goes on from an older incident: "Two days later, a jet crashed", "All 67 were killed"."""


def of_older_events(statements: Sequence[Statement], published_at: datetime | None) -> Iterator[tuple[Draft, Reason]]:
    """The claims of an incident of days before that a text brings in after its news, each with why it is none of them.

    "Ten died when an aircraft came down on Thursday. ... On 28 January a jet collided with a helicopter, killing 67":
    the 67 were news then. Only beyond the lead, where a sentence brings the older incident in anew ("a jet collided",
    not "the jet"), and where the lead counts harm of its own that is no addition to an earlier count.
    """
    lead = [s for s in statements if s.where != "body" or s.sentence.index < LEAD_SENTENCES]
    told = [d for s in lead for d in s.drafts if d.background is None and d.best]
    if not told or published_at is None or any(draft.more and draft.kind is ClaimKind.KILLED for draft in told):
        return
    days = [start for s in lead for start in _days(s)]
    news = min(days) if days else published_at - timedelta(days=1)
    numbers = {(draft.kind, draft.best) for draft in told if (draft.best or 0) > 1}
    last = -1
    for statement in statements:
        if statement in lead:
            continue
        mine = [d for d in statement.drafts if d.background is None and d.kind in _HARM]
        mine = [] if any((draft.kind, draft.best) in numbers for draft in mine) else mine
        starts = _days(statement)
        old = (
            bool(starts)
            and max(starts) <= news - (_BEFORE if not days and _AGO.search(statement.text) else _LONG_BEFORE)
            and any(m.fresh and m.concrete for m in statement.mentions)
        )
        recently = _RECENTLY.search(statement.text) if not starts and mine else None
        if recently is not None:
            yield from ((draft, Reason("earlier", recently[0].lower())) for draft in mine)
            continue
        on = not starts and statement.sentence.index == last + 1 and _GOES_ON.match(statement.text) is not None
        if old or on:
            last = statement.sentence.index
            words = next((time.text for time in statement.times), statement.text[:20])
            yield from ((draft, Reason("earlier", words)) for draft in mine)


def _days(statement: Statement) -> list[datetime]:
    """The beginnings of the days on which a statement says that something happened."""
    return [
        time.occurred.start
        for time in statement.times
        if time.role == "event" and time.occurred.start is not None and time.occurred.precision in _CLOSE
    ]


def of_those_told_of(statements: Sequence[Statement]) -> Iterator[tuple[Draft, Reason]]:
    """The claims of those whom the sentence before told of as harming or harmed in an earlier incident.

    "Earlier this month a gunman shot two officers. The gunman was killed on Monday": he is no toll of the news.
    """
    before: Statement | None = None
    for statement in statements:
        told = statement.drafts
        follows = (
            before is not None
            and before.where == statement.where
            and before.sentence.index == statement.sentence.index - 1
            and statement.sentence.index >= LEAD_SENTENCES
        )
        if (
            follows
            and before is not None
            and before.drafts
            and told
            and all((d.background or "").startswith((PAST, EARLIER_INCIDENT)) for d in before.drafts)
            and all(d.form in ("definite", "pronoun") and d.best == 1 for d in told)
        ):
            yield from ((draft, Reason("earlier", "goes on")) for draft in told if draft.background is None)
        before = statement
