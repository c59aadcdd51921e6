"""What delivering reads from the store and writes to it: claims of lanes, and how attempts ended."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert, AlertStatus, Delivery, DeliveryOutcome
from services.alerter.outbox.tables import alerts, deliveries, lanes

MOST_CANDIDATES = 200
"""Lanes that one claim looks at; the next looks at more."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One alert that this worker alone may send now."""

    alert: Alert
    attempt: int
    """The number of this attempt, from 1."""
    decided_at: datetime
    appended_at: datetime
    traceparent: str
    lease: str
    """What proves that the lane is still this worker's."""
    thread: str | None = None
    """The receipt of the first alert of the lane that the channel took."""


@dataclass(frozen=True, slots=True)
class Settlement:
    """How one attempt ended, and where its alert stands then."""

    claimed: Claimed
    delivery: Delivery
    status: AlertStatus
    receipt: str | None = None
    """What the channel calls the message that it took."""


async def claim_due(
    connection: AsyncConnection,
    room: Mapping[str, int],
    limit: int,
    now: datetime,
    leased_until: datetime,
    under_way: Collection[tuple[str, str]] = (),
) -> list[Claimed]:
    """Lease lanes whose first unsettled alert is due, and give that alert of each, those due longest first.

    `room` is how many more alerts each channel takes now; a channel that is not in it is left alone. At most `limit`
    alerts. `under_way` are lanes (channel and incident) that this worker is busy with: it does not take them from
    itself, be their leases out of date because the store did not answer or the clock leapt. A lane stays leased until
    `settle_all` or `release`, or until `leased_until` has passed: then its worker is taken for dead.
    """
    lane_key = tuple_(lanes.c.channel, lanes.c.incident_id)
    open_channels = [channel for channel, places in room.items() if places > 0]
    if not open_channels or limit < 1:
        return []
    free = or_(lanes.c.leased_until.is_(None), lanes.c.leased_until < now)
    earlier = alerts.alias()
    lane = and_(alerts.c.channel == lanes.c.channel, alerts.c.incident_id == lanes.c.incident_id)
    query = (
        select(alerts.c.alert_id, alerts.c.channel, alerts.c.incident_id)
        .join(lanes, lane)
        .where(
            alerts.c.status == AlertStatus.PENDING,
            alerts.c.next_attempt_at <= now,
            alerts.c.channel.in_(open_channels),
            free,
            lane_key.not_in(list(under_way)),
            ~exists().where(
                earlier.c.channel == alerts.c.channel,
                earlier.c.incident_id == alerts.c.incident_id,
                earlier.c.sequence < alerts.c.sequence,
                earlier.c.status == AlertStatus.PENDING,
            ),
        )
        .order_by(alerts.c.next_attempt_at, alerts.c.position)
        .limit(max(limit, MOST_CANDIDATES))
    )
    places = dict(room)
    chosen: dict[tuple[str, str], str] = {}
    for alert_id, channel, incident_id in await connection.execute(query):
        if places[channel] > 0 and len(chosen) < limit:
            places[channel] -= 1
            chosen[channel, incident_id] = alert_id
    if not chosen:
        return []
    lease = uuid.uuid4().hex
    leasing = (
        update(lanes)
        .where(lane_key.in_(list(chosen)), free)
        .values(lease=lease, leased_until=leased_until)
        .returning(lanes.c.channel, lanes.c.incident_id)
    )
    won = [(channel, incident_id) for channel, incident_id in await connection.execute(leasing)]
    return await _claimed(connection, [chosen[lane] for lane in won], lease, now)


async def _claimed(connection: AsyncConnection, alert_ids: list[str], lease: str, now: datetime) -> list[Claimed]:
    """The alerts of lanes just leased, without those that another worker settled a moment before."""
    first = alerts.alias()
    thread = (
        select(first.c.receipt)
        .where(
            first.c.channel == alerts.c.channel,
            first.c.incident_id == alerts.c.incident_id,
            first.c.receipt.is_not(None),
        )
        .order_by(first.c.sequence)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(
            alerts.c.payload,
            alerts.c.attempts,
            alerts.c.decided_at,
            alerts.c.appended_at,
            alerts.c.traceparent,
            thread.label("thread"),
        )
        .where(
            alerts.c.alert_id.in_(alert_ids),
            alerts.c.status == AlertStatus.PENDING,
            alerts.c.next_attempt_at <= now,
        )
        .order_by(alerts.c.next_attempt_at, alerts.c.position)
    )
    found = [
        Claimed(
            Alert.model_validate_json(row.payload),
            row.attempts + 1,
            row.decided_at,
            row.appended_at,
            row.traceparent,
            lease,
            row.thread,
        )
        for row in await connection.execute(query)
    ]
    if len(found) < len(alert_ids):
        kept = [(claimed.alert.channel, claimed.alert.incident_id) for claimed in found]
        others = update(lanes).where(lanes.c.lease == lease)
        if kept:
            others = others.where(tuple_(lanes.c.channel, lanes.c.incident_id).not_in(kept))
        await connection.execute(others.values(lease=None, leased_until=None))
    return found


async def settle_all(connection: AsyncConnection, settlements: Sequence[Settlement]) -> list[bool]:
    """Keep how attempts ended, one of each lane at most, and give their lanes back.

    For each, False where its lease has passed to another worker, which then sends the alert itself: nothing is kept.
    """
    leases = [(one.claimed.alert.channel, one.claimed.alert.incident_id, one.claimed.lease) for one in settlements]
    given = (
        update(lanes)
        .where(tuple_(lanes.c.channel, lanes.c.incident_id, lanes.c.lease).in_(leases))
        .values(lease=None, leased_until=None)
        .returning(lanes.c.channel, lanes.c.incident_id)
    )
    back = {(row.channel, row.incident_id) for row in await connection.execute(given)}
    kept = [(channel, incident_id) in back for channel, incident_id, _ in leases]
    held = [one for one, is_held in zip(settlements, kept, strict=True) if is_held]
    if held:
        await connection.execute(deliveries.insert(), [_delivery_row(one.delivery) for one in held])
        await connection.execute(_SETTLE, [_settled_row(one) for one in held])
        await connection.execute(_JUDGE_LANE, [_judged_lane(one.delivery) for one in held])
    return kept


_SETTLED = ("status", "attempts", "next_attempt_at", "settled_at", "reason", "receipt")
_SETTLE = (
    update(alerts)
    .where(alerts.c.alert_id == bindparam("settled_id"))
    .values(
        {name: bindparam(name) for name in ("status", "attempts", "next_attempt_at", "settled_at", "reason", "receipt")}
    )
)


_JUDGE_LANE = (
    update(lanes)
    .where(lanes.c.channel == bindparam("of_channel"), lanes.c.incident_id == bindparam("of_incident"))
    .values(last_failed_at=bindparam("failing"))
)


def _judged_lane(delivery: Delivery) -> dict[str, Any]:
    failing = None if delivery.outcome is DeliveryOutcome.ACCEPTED else delivery.ended_at
    return {"of_channel": delivery.channel, "of_incident": delivery.incident_id, "failing": failing}


def _delivery_row(delivery: Delivery) -> dict[str, Any]:
    return {
        "alert_id": delivery.alert_id,
        "attempt": delivery.attempt,
        "outcome": delivery.outcome,
        "payload": delivery.model_dump_json(),
        "ended_at": delivery.ended_at,
    }


def _settled_row(settlement: Settlement) -> dict[str, Any]:
    delivery, done = settlement.delivery, settlement.status is not AlertStatus.PENDING
    return {
        "settled_id": delivery.alert_id,
        "status": settlement.status,
        "attempts": delivery.attempt,
        "next_attempt_at": delivery.next_attempt_at,
        "settled_at": delivery.ended_at if done else None,
        "reason": delivery.reason,
        "receipt": settlement.receipt,
    }


async def release(connection: AsyncConnection, claimed: Claimed) -> bool:
    """Give the lane back; False where it is not this worker's any more."""
    alert = claimed.alert
    given = await connection.execute(
        update(lanes)
        .where(
            lanes.c.channel == alert.channel, lanes.c.incident_id == alert.incident_id, lanes.c.lease == claimed.lease
        )
        .values(lease=None, leased_until=None)
    )
    return given.rowcount == 1


async def release_all(connection: AsyncConnection) -> None:
    """Free every lane: for a store that one alerter has alone, when it starts."""
    await connection.execute(update(lanes).where(lanes.c.lease.is_not(None)).values(lease=None, leased_until=None))


async def waiting_without(connection: AsyncConnection, channels: Collection[str]) -> dict[str, int]:
    """Alerts that wait for a channel which is none of `channels`: how many for each."""
    query = (
        select(alerts.c.channel, func.count().label("waiting"))
        .where(alerts.c.status == AlertStatus.PENDING, alerts.c.channel.not_in(list(channels)))
        .group_by(alerts.c.channel)
    )
    return {row.channel: row.waiting for row in await connection.execute(query)}
