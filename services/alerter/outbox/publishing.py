"""What publishing reads from the store and writes to it: what is not on the topics yet."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, or_, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert, AlertStatus, Delivery
from services.alerter.outbox.attempts import delivery_id
from services.alerter.outbox.driver_statements import RowStatement
from services.alerter.outbox.engine import Store
from services.alerter.outbox.statements import written_out
from services.alerter.outbox.tables import OWED, alerts, deliveries
from services.shared.envelope import Written, alert_key


@dataclass(frozen=True, slots=True)
class UnpublishedAlert:
    """An alert that is not on its topic."""

    position: int
    written: Written
    traceparent: str
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class PublishedAlert:
    """Where an alert stands on its topic."""

    position: int
    """Its place in the store, as UnpublishedAlert has it."""
    partition: int
    offset: int


@dataclass(frozen=True, slots=True)
class UnpublishedDelivery:
    """An attempt that is not on its topic."""

    position: int
    written: Written
    traceparent: str
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class DeadAlert:
    """An alert that was given up and is not in the dead letters."""

    position: int
    written: Written
    traceparent: str
    decided_at: datetime
    reason: str
    attempts: int
    given_up_at: datetime
    partition: int
    """Where the alert itself stands on its topic."""
    offset: int


@dataclass(frozen=True, slots=True)
class Outstanding:
    """What is not finished."""

    pending: int
    """Alerts that are not delivered and not given up, or not on their topics with all their attempts."""
    stale_claims: int
    """Corrections and cancels that are not delivered and not given up: facts that somebody was told and that are known
    to be wrong."""
    oldest_at: datetime | None
    """When the oldest alert that is not delivered and not given up was decided."""


@asynccontextmanager
async def sole_publisher(store: Store) -> AsyncIterator[bool]:
    """Whether this alerter alone publishes, for as long as the context lasts: two at once would mix up the order."""
    if not store.is_postgres:
        yield True
        return
    async with store.transaction() as connection:
        lock = text("SELECT pg_try_advisory_xact_lock(hashtext('tocsin-publisher'))")
        yield bool(await connection.scalar(lock))


async def unpublished_alerts(connection: AsyncConnection, limit: int) -> list[UnpublishedAlert]:
    """Alerts that are not on their topic, oldest first."""
    query = (
        select(alerts.c.position, *_ENVELOPE, alerts.c.payload, alerts.c.decided_at)
        .where(alerts.c.published_at.is_(None))
        .order_by(alerts.c.position)
        .limit(limit)
    )
    return [
        UnpublishedAlert(row.position, _written(row, Alert, row.alert_id), row.traceparent, row.decided_at)
        for row in await connection.execute(query)
    ]


_ENVELOPE = (alerts.c.alert_id, alerts.c.channel, alerts.c.incident_id, alerts.c.revision, alerts.c.traceparent)
"""What the envelope of an alert and of its attempts says, so that their JSON need not be read."""


def _written(row: Any, of: type[Alert | Delivery], identity: str) -> Written:
    return Written(of, identity, alert_key(row.channel, row.incident_id), row.revision, row.payload.encode())


async def unpublished_deliveries(connection: AsyncConnection, limit: int) -> list[UnpublishedDelivery]:
    """Attempts that are not on their topic, oldest first."""
    query = (
        select(deliveries.c.position, *_ENVELOPE, deliveries.c.attempt, deliveries.c.payload, deliveries.c.ended_at)
        .join(alerts, alerts.c.alert_id == deliveries.c.alert_id)
        .where(deliveries.c.published_at.is_(None))
        .order_by(deliveries.c.position)
        .limit(limit)
    )
    return [
        UnpublishedDelivery(
            row.position,
            _written(row, Delivery, delivery_id(row.alert_id, row.attempt)),
            row.traceparent,
            row.ended_at,
        )
        for row in await connection.execute(query)
    ]


async def unpublished_dead(connection: AsyncConnection, limit: int) -> list[DeadAlert]:
    """Alerts that were given up, are on their topic, and are not in the dead letters."""
    query = (
        select(alerts)
        .where(
            alerts.c.status == AlertStatus.DEAD,
            alerts.c.dead_published_at.is_(None),
            alerts.c.published_at.is_not(None),
        )
        .order_by(alerts.c.position)
        .limit(limit)
    )
    return [
        DeadAlert(
            position=row.position,
            written=_written(row, Alert, row.alert_id),
            traceparent=row.traceparent,
            decided_at=row.decided_at,
            reason=row.reason,
            attempts=row.attempts,
            given_up_at=row.settled_at,
            partition=row.published_partition,
            offset=row.published_offset,
        )
        for row in await connection.execute(query)
    ]


async def alerts_published(connection: AsyncConnection, published: Sequence[PublishedAlert], now: datetime) -> None:
    """The broker has acknowledged these alerts."""
    if not published:
        return
    rows = [
        {"at": one.position, "on_partition": one.partition, "on_offset": one.offset, "published": now}
        for one in published
    ]
    await _PUBLISH.run(connection, rows)


_PUBLISH = RowStatement(
    lambda dialect: (
        update(alerts)
        .where(alerts.c.position == bindparam("at"))
        .values(
            published_at=bindparam("published"),
            published_partition=bindparam("on_partition"),
            published_offset=bindparam("on_offset"),
        )
    )
)


async def deliveries_published(connection: AsyncConnection, positions: Sequence[int], now: datetime) -> None:
    """The broker has acknowledged the attempts at `positions`."""
    if not positions:
        return
    await connection.execute(update(deliveries).where(deliveries.c.position.in_(positions)).values(published_at=now))


async def dead_published(connection: AsyncConnection, positions: Sequence[int], now: datetime) -> None:
    """The broker has acknowledged the dead letters of the alerts at `positions`."""
    if not positions:
        return
    await connection.execute(update(alerts).where(alerts.c.position.in_(positions)).values(dead_published_at=now))


def stale_claims_query() -> Select[int]:
    """How many corrections and cancels wait of what somebody has heard, or may have."""
    told = alerts.alias()
    heard = exists().where(
        told.c.incident_id == alerts.c.incident_id,
        told.c.subscription == alerts.c.subscription,
        told.c.position < alerts.c.position,
        or_(told.c.status == AlertStatus.DELIVERED, told.c.maybe_seen),
    )
    pending = alerts.c.status == written_out(AlertStatus.PENDING)
    return select(func.count()).select_from(alerts).where(pending, text(f"alerts.{OWED}"), heard)


async def outstanding(connection: AsyncConnection) -> Outstanding:
    """How much is not finished, each alert counted once."""
    waiting, settled = alerts.c.status == written_out(AlertStatus.PENDING), alerts.c.status != AlertStatus.PENDING
    on_topic = alerts.c.published_at.is_not(None)
    not_in_dead = and_(alerts.c.status == AlertStatus.DEAD, alerts.c.dead_published_at.is_(None))
    pending, oldest_at = (
        await connection.execute(select(func.count(), func.min(alerts.c.decided_at)).where(waiting))
    ).one()
    others = (
        select(func.count()).where(settled, ~on_topic),
        select(func.count()).where(not_in_dead, on_topic),
        select(func.count(deliveries.c.alert_id.distinct()))
        .join(alerts, alerts.c.alert_id == deliveries.c.alert_id)
        .where(deliveries.c.published_at.is_(None), settled, on_topic, ~not_in_dead),
    )
    stale_claims = await connection.scalar(stale_claims_query()) or 0
    for query in others:
        pending += await connection.scalar(query) or 0
    return Outstanding(pending, stale_claims, oldest_at)
