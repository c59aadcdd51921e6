"""What a draft of a subscription would have been told of, asked of the incidents in the view."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

from schemas import Subscription
from services.console.answers import DryRun, MatchedIncident
from services.console.desk import WouldTell
from services.console.incident_view import NEVER, IncidentFilter
from services.console.parts import Parts

PAGE = 200
MOST_INCIDENTS = 5_000
"""Incidents that one dry run looks at, the newest: a few seconds of work."""
MOST_SHOWN = 50


async def dry_run(parts: Parts, subscription: Subscription, days: int) -> DryRun:
    """What `subscription` would have been told of in the `days` before the newest incident's clock."""
    newest = await parts.view.newest_clock()
    since = None if newest is None else newest - timedelta(days=days)
    found: list[WouldTell] = []
    looked_at, cursor = 0, None
    while looked_at < MOST_INCIDENTS:
        page = await parts.view.page(IncidentFilter(since=since), cursor, PAGE)
        found += await asyncio.to_thread(parts.desk.would_tell, subscription, page.incidents)
        looked_at += len(page.incidents)
        cursor = page.next_cursor
        if cursor is None:
            break
    told = [one for one in found if one.kind is not None]
    return DryRun(
        looked_at=looked_at,
        whole=cursor is None,
        matched=len(told),
        per_day=dict(sorted(Counter(_clock(one).date() for one in told).items())),
        per_severity=dict(Counter(one.incident.severity.level for one in told)),
        matches=tuple(
            MatchedIncident(
                incident_id=one.incident.incident_id,
                headline=one.headline,
                severity=one.incident.severity.level,
                as_of=one.incident.as_of,
                because=one.because,
            )
            for one in told[:MOST_SHOWN]
        ),
        warnings=parts.desk.warnings(subscription),
    )


def _clock(one: WouldTell) -> datetime:
    return (one.incident.as_of or NEVER).astimezone(UTC)
