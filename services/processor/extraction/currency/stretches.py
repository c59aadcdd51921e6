"""Stretches of time that claims count over: those of one outbreak, and those that began too long ago to be news."""

from __future__ import annotations

from datetime import timedelta

from schemas import IncidentType
from services.processor.extraction.cases import counts_cases
from services.processor.extraction.currency.article_view import ArticleView
from services.processor.extraction.currency.cues import Cue
from services.processor.extraction.drafts import Statement
from services.processor.extraction.scan import Hit
from services.processor.extraction.when import OUTBREAK_LASTS

CURRENT = timedelta(days=14)
"""What began longer before publication is no current stretch of time: "since Friday" is one, "since 2009" is none."""
_OUTBREAKS = frozenset(
    (IncidentType.EPIDEMIC.value, IncidentType.POISONING.value, IncidentType.EXTREME_TEMPERATURE.value)
)
_SINCE_REACH = 30
"""Characters after "since the monsoon set in" within which the day stands on which it did."""


def began_long_ago(view: ArticleView, cue: Cue, statement: Statement) -> bool:
    """Whether what goes on began weeks before, "since the monsoon set in on June 17": a season, and no one incident."""
    if view.published_at is None or any(is_outbreak(hit) for hit in statement.hits) or counts_cases(statement):
        return False
    return any(
        cue.start <= time.start <= cue.end + _SINCE_REACH
        and time.occurred.start is not None
        and view.published_at - time.occurred.start > CURRENT
        for time in statement.times
    )


def counts_outbreak(view: ArticleView, cue: Cue, folded: str, statement: Statement) -> bool:
    """Whether a stretch of months is that of an epidemic: "cholera has killed 57 since January"; not "since 2017"."""
    if not folded.startswith("since", cue.start) or view.published_at is None:
        return False
    of_epidemic = any(
        hit.entry.value == IncidentType.EPIDEMIC.value for hit in statement.hits if hit.entry.table == "type"
    )
    if not of_epidemic and not counts_cases(statement):
        return False
    return any(
        cue.start <= time.start <= cue.end
        and time.occurred.start is not None
        and view.published_at - time.occurred.start <= OUTBREAK_LASTS
        for time in statement.times
    )


def is_outbreak(hit: Hit) -> bool:
    return hit.entry.table == "type" and hit.entry.value in _OUTBREAKS
