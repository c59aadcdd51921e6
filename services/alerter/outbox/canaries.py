"""Canaries in the store: which were sent, and how far each has come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import AlertStatus
from services.alerter.outbox.tables import alerts, canaries, incidents, told, waiting
from services.alerter.policy.canary import Trace, canary_incident_id

KEPT = timedelta(days=7)
"""How long a canary is remembered, and its incident kept: long enough to look into one that was lost at a weekend."""
FORGOTTEN_AT_ONCE = 50
WATCHED = 20
"""The newest of which are asked whether they have come back."""


@dataclass(frozen=True, slots=True)
class SentCanary:
    """One canary that was sent."""

    article_id: str
    sent_at: datetime
    came_back_at: datetime | None
    late_at: datetime | None
    """When it was first found to be late; None where it was not."""


async def newest_canaries(connection: AsyncConnection) -> list[SentCanary]:
    """The newest WATCHED canaries, the newest first."""
    query = select(canaries).order_by(canaries.c.sent_at.desc(), canaries.c.article_id.desc()).limit(WATCHED)
    return [
        SentCanary(row.article_id, row.sent_at, row.came_back_at, row.late_at)
        for row in await connection.execute(query)
    ]


async def last_back(connection: AsyncConnection) -> SentCanary | None:
    """The newest canary that came back, among those that are remembered."""
    query = select(canaries).where(canaries.c.came_back_at.is_not(None)).order_by(canaries.c.sent_at.desc()).limit(1)
    row = (await connection.execute(query)).one_or_none()
    return None if row is None else SentCanary(row.article_id, row.sent_at, row.came_back_at, row.late_at)


async def trace_of_canary(connection: AsyncConnection, article_id: str) -> Trace:
    """How far a canary has come."""
    incident_id = canary_incident_id(article_id)
    decided = await connection.scalar(select(incidents.c.revision).where(incidents.c.incident_id == incident_id))
    waits = await connection.scalar(
        select(func.count()).select_from(waiting).where(waiting.c.incident_id == incident_id)
    )
    channels: dict[str, list[AlertStatus]] = defaultdict(list)
    settled = None
    query = select(alerts.c.channel, alerts.c.status, alerts.c.settled_at).where(alerts.c.incident_id == incident_id)
    for row in await connection.execute(query):
        channels[row.channel].append(AlertStatus(row.status))
        settled = max(filter(None, (settled, row.settled_at)), default=None)
    return Trace(decided is not None, waits or 0, channels, settled)


async def keep_canary(connection: AsyncConnection, article_id: str, sent_at: datetime) -> bool:
    """Remember that a canary was sent; False where that was known."""
    insert = postgresql.insert(canaries) if connection.dialect.name == "postgresql" else sqlite.insert(canaries)
    row = {"article_id": article_id, "sent_at": sent_at}
    kept = await connection.execute(insert.values(row).on_conflict_do_nothing())
    return bool(kept.rowcount)


async def old_canaries(connection: AsyncConnection, now: datetime) -> list[str]:
    """The articles of canaries that were sent longer than KEPT before `now`, oldest first, FORGOTTEN_AT_ONCE at the
    most."""
    query = select(canaries.c.article_id).where(canaries.c.sent_at < now - KEPT)
    return list(await connection.scalars(query.order_by(canaries.c.sent_at).limit(FORGOTTEN_AT_ONCE)))


async def forget_canaries(connection: AsyncConnection, article_ids: Collection[str]) -> None:
    """Forget these, and what was told of their incidents: nothing is ever taken back of them. Their alerts stay, since
    each has its number and its place in a ledger, and so does the mark that they were decided."""
    gone = [canary_incident_id(one) for one in article_ids]
    await connection.execute(delete(told).where(told.c.incident_id.in_(gone)))
    await connection.execute(delete(canaries).where(canaries.c.article_id.in_(list(article_ids))))


async def mark_back(connection: AsyncConnection, article_id: str, at: datetime) -> bool:
    """Note that a canary came back; False where another alerter has noted it."""
    done = await connection.execute(
        update(canaries)
        .where(canaries.c.article_id == article_id, canaries.c.came_back_at.is_(None))
        .values(came_back_at=at)
    )
    return bool(done.rowcount)


async def mark_late(connection: AsyncConnection, article_id: str, at: datetime) -> bool:
    """Note that a canary is late; False where another alerter has noted it."""
    done = await connection.execute(
        update(canaries).where(canaries.c.article_id == article_id, canaries.c.late_at.is_(None)).values(late_at=at)
    )
    return bool(done.rowcount)
