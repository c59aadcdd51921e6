"""What the auditor compares: everything that was decided with everything that is settled or waits."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import AlertStatus, DeliveryOutcome
from services.alerter.outbox.tables import alerts, decisions, deliveries, destinations, lanes, ledger, ledger_heads

OVERDUE = timedelta(minutes=10)
"""How long an alert may be due, with its receiver open and its lane free, before nobody can be said to send it."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What one audit found."""

    decided: int
    """Alerts that there are."""
    settled: int
    """Delivered, superseded or given up."""
    waiting: int
    faults: tuple[str, ...]
    """What does not add up, a sentence each."""
    switched_off: int
    """Channels."""
    checked: int
    """The last decision that was looked at; those before need no second look where nothing was found."""


async def audit(connection: AsyncConnection, checked: int, channels: Collection[str], now: datetime) -> Audit:
    """Compare what was decided after the position `checked`, and everything that waits, as it stands now. What waits
    for none of `channels` waits for an operator."""
    by_status = {
        row.status: row.number
        for row in await connection.execute(
            select(alerts.c.status, func.count().label("number")).group_by(alerts.c.status)
        )
    }
    decided = sum(by_status.values())
    waiting = by_status.get(AlertStatus.PENDING, 0)
    settled = sum(by_status.get(status, 0) for status in AlertStatus if status is not AlertStatus.PENDING)
    last = await connection.scalar(select(func.max(decisions.c.position))) or 0
    faults = [f"{number} {what}." for what, number in await _counts(connection, checked, channels, now) if number]
    if decided != settled + waiting:
        faults.append(f"{decided} alerts were decided, and {settled} settled and {waiting} waiting do not make that.")
    off = await connection.scalar(select(func.count()).where(destinations.c.off_at.is_not(None))) or 0
    return Audit(decided, settled, waiting, tuple(faults), off, last)


async def _counts(
    connection: AsyncConnection, checked: int, channels: Collection[str], now: datetime
) -> list[tuple[str, int]]:
    """What must not be, and how often it is."""
    lost = select(func.count()).where(
        decisions.c.position > checked,
        decisions.c.alert_id.is_not(None),
        ~exists().where(alerts.c.alert_id == decisions.c.alert_id),
    )
    accepted = exists().where(
        deliveries.c.alert_id == alerts.c.alert_id, deliveries.c.outcome == DeliveryOutcome.ACCEPTED
    )
    unproven = (
        select(func.count())
        .select_from(decisions)
        .join(alerts, alerts.c.alert_id == decisions.c.alert_id)
        .where(decisions.c.position > checked, alerts.c.status == AlertStatus.DELIVERED, ~accepted)
    )
    lane = and_(lanes.c.channel == alerts.c.channel, lanes.c.incident_id == alerts.c.incident_id)
    pending = alerts.c.status == AlertStatus.PENDING
    astray = select(func.count()).where(pending, or_(alerts.c.next_attempt_at.is_(None), ~exists().where(lane)))
    earlier = alerts.alias()
    overdue = (
        select(alerts.c.channel, func.count().label("number"))
        .select_from(alerts)
        .join(lanes, lane)
        .outerjoin(destinations, destinations.c.channel == alerts.c.channel)
        .where(
            pending,
            alerts.c.next_attempt_at < now - OVERDUE,
            or_(lanes.c.leased_until.is_(None), lanes.c.leased_until < now - OVERDUE),
            # Switched off, resting, or waiting for its turn, it waits as it should.
            destinations.c.off_at.is_(None),
            func.coalesce(destinations.c.failures, 0) == 0,
            destinations.c.turn_at.is_(None),
            ~exists().where(
                earlier.c.channel == alerts.c.channel,
                earlier.c.incident_id == alerts.c.incident_id,
                earlier.c.sequence < alerts.c.sequence,
                earlier.c.status == AlertStatus.PENDING,
            ),
        )
        .group_by(alerts.c.channel)
    )
    unsent = sum(row.number for row in await connection.execute(overdue) if row.channel in channels)
    entries = await connection.scalar(select(func.count()).select_from(ledger)) or 0
    heads = await connection.scalar(select(func.sum(ledger_heads.c.sequence))) or 0
    return [
        ("decisions to tell have no alert", await connection.scalar(lost) or 0),
        ("alerts are called delivered, and no attempt was accepted", await connection.scalar(unproven) or 0),
        ("alerts wait for nothing: they have no lane or no time", await connection.scalar(astray) or 0),
        ("alerts have been due for minutes, and nobody sends them", unsent),
        ("ledger entries are missing or too many", abs(entries - int(heads))),
    ]
