"""Moments in the store that were reckoned by a clock which has since been set: moved with it, so that what is to wait
for five minutes waits for five minutes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Column, Table, and_, bindparam, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import AlertStatus
from schemas.vocabulary import DecisionReason
from services.alerter.outbox.driver_statements import RowStatement
from services.alerter.outbox.statements import written_out
from services.alerter.outbox.tables import (
    alerts,
    consumed_offsets,
    deliveries,
    destinations,
    lanes,
    told_lately,
    waiting,
)

_SPELLS = (DecisionReason.GROUPED, DecisionReason.RATE_CAPPED)
"""Reasons to wait for so many minutes, and not until a time of day."""
_FAILURES = (destinations.c.failing_since, destinations.c.last_failed_at)


async def move_back(connection: AsyncConnection, now: datetime, by: timedelta) -> None:
    """Have what lies ahead of `now`, to which the clock was set back by `by`, come that much earlier, and not before
    `now`.

    Times of day stay: the ends of quiet hours and silences, digests. What is held is decided again at once, since its
    end is counted from the publication of an article. What is being sent stays: whoever sends it records its end.
    """
    leased = exists().where(
        lanes.c.channel == alerts.c.channel, lanes.c.incident_id == alerts.c.incident_id, lanes.c.lease.is_not(None)
    )
    pending = alerts.c.status == written_out(AlertStatus.PENDING)
    due, waits = alerts.c.next_attempt_at, waiting.c.due_at
    await _move(connection, due, and_(pending, ~leased, due > now), -by, now)
    for moment in (destinations.c.closed_until, destinations.c.turn_at):
        await _move(connection, moment, moment > now, -by, now)
    for moment in (*_FAILURES, told_lately.c.at):
        await _move(connection, moment, moment > now, -by)
    await _move(connection, waits, and_(waiting.c.reason.in_(_SPELLS), waits > now), -by, now)
    held = and_(waiting.c.reason == DecisionReason.HELD, waits > now)
    await connection.execute(update(waiting).where(held).values(due_at=now))


async def move_failures(connection: AsyncConnection, before: datetime, by: timedelta) -> None:
    """Have receivers that failed before the clock was set forward by `by`, from `before` on, have failed for no longer
    than they have."""
    for moment in _FAILURES:
        await _move(connection, moment, moment <= before, by)


async def newest_moment(connection: AsyncConnection) -> datetime | None:
    """The newest moment at which the store says that something was done; None where nothing was."""
    attempt = select(deliveries.c.ended_at).order_by(deliveries.c.position.desc()).limit(1)
    decided = select(alerts.c.decided_at).order_by(alerts.c.position.desc()).limit(1)
    read = select(func.max(consumed_offsets.c.updated_at))
    found = [await connection.scalar(query) for query in (attempt, decided, read)]
    return max((moment for moment in found if moment is not None), default=None)


async def _move(
    connection: AsyncConnection, moment: Column[Any], which: Any, by: timedelta, earliest: datetime | None = None
) -> None:
    """Move `moment` by `by` in the rows `which`, but not to before `earliest`."""
    table: Table = moment.table
    keys = list(table.primary_key)
    rows = []
    for row in await connection.execute(select(*keys, moment).where(which)):
        moved = row[-1] + by
        values = {f"of_{key.name}": value for key, value in zip(keys, row[:-1], strict=True)}
        rows.append(values | {"moved": moved if earliest is None else max(moved, earliest)})
    found = [key == bindparam(f"of_{key.name}") for key in keys]
    moving = update(table).where(*found).values({moment: bindparam("moved")})
    await RowStatement(lambda dialect: moving).run(connection, rows)
