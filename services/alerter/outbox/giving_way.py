"""Alerts that wait behind a failing channel, and give way when a newer revision is decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert, AlertStatus, Delivery, DeliveryOutcome, Told
from services.alerter.outbox.tables import alerts, deliveries, lanes


@dataclass(frozen=True, slots=True)
class HeldBack:
    """An alert that its channel has not taken, whose subscriber cannot have seen it, and which nobody is sending."""

    alert_id: str
    subscription: str
    channel: str
    incident_id: str
    revision: int
    sequence: int
    attempts: int
    supersedes: tuple[int, ...]
    """The sequence numbers that it would have named."""
    told_before: Told | None
    """What the subscriber knew before it was decided."""


@dataclass(frozen=True, slots=True)
class GivenWay:
    """An alert that is not sent any more."""

    held: HeldBack
    because: str
    """What is sent instead, or why nothing is, as one sentence."""


async def held_back(
    connection: AsyncConnection, incident_ids: Collection[str], now: datetime
) -> dict[tuple[str, str], list[HeldBack]]:
    """The alerts about `incident_ids` that may give way, by incident and subscription, first to last.

    A lane holds back where the last attempt in it failed and none is under way; in a lane that goes well every alert
    goes out. An alert of which nobody knows whether it arrived never gives way, and neither does
    what the same subscription decided before such a one. Locks the lanes for this transaction.
    """
    lane = and_(lanes.c.channel == alerts.c.channel, lanes.c.incident_id == alerts.c.incident_id)
    maybe_seen = exists().where(
        deliveries.c.alert_id == alerts.c.alert_id, deliveries.c.outcome == DeliveryOutcome.SENT_UNKNOWN
    )
    query = (
        select(alerts.c.payload, alerts.c.attempts, maybe_seen.label("maybe_seen"))
        .join(lanes, lane)
        .where(
            alerts.c.incident_id.in_(list(incident_ids)),
            alerts.c.status == AlertStatus.PENDING,
            or_(lanes.c.leased_until.is_(None), lanes.c.leased_until < now),
            lanes.c.last_failed_at.is_not(None),
        )
        .order_by(alerts.c.sequence)
    )
    if connection.dialect.name == "postgresql":
        query = query.with_for_update(of=lanes)
    found: dict[tuple[str, str], list[HeldBack]] = {}
    for row in await connection.execute(query):
        alert = Alert.model_validate_json(row.payload)
        waiting = found.setdefault((alert.incident_id, alert.subscription), [])
        if row.maybe_seen:
            waiting.clear()
        else:
            waiting.append(_held(alert, row.attempts))
    return found


def _held(alert: Alert, attempts: int) -> HeldBack:
    return HeldBack(
        alert_id=alert.alert_id,
        subscription=alert.subscription,
        channel=alert.channel,
        incident_id=alert.incident_id,
        revision=alert.revision,
        sequence=alert.sequence,
        attempts=attempts,
        supersedes=alert.supersedes,
        told_before=alert.told_before,
    )


async def read_gaps(connection: AsyncConnection, incident_ids: Collection[str]) -> dict[tuple[str, str], list[int]]:
    """Sequence numbers of alerts that gave way and that no later alert has named, by incident and channel."""
    query = (
        select(alerts.c.incident_id, alerts.c.channel, alerts.c.sequence)
        .where(
            alerts.c.incident_id.in_(list(incident_ids)),
            alerts.c.status == AlertStatus.SUPERSEDED,
            alerts.c.superseded_by.is_(None),
        )
        .order_by(alerts.c.sequence)
    )
    found: dict[tuple[str, str], list[int]] = {}
    for incident_id, channel, sequence in await connection.execute(query):
        found.setdefault((incident_id, channel), []).append(sequence)
    return found


async def write_given_way(connection: AsyncConnection, given: Sequence[GivenWay], now: datetime) -> None:
    """Settle the alerts that gave way; each gets a delivery that says why."""
    for one in given:
        # What it would have named, a later one must name.
        unnamed = update(alerts).where(alerts.c.superseded_by == one.held.alert_id).values(superseded_by=None)
        await connection.execute(unnamed)
        await connection.execute(
            update(alerts)
            .where(alerts.c.alert_id == one.held.alert_id)
            .values(
                status=AlertStatus.SUPERSEDED,
                settled_at=now,
                next_attempt_at=None,
                reason=one.because,
            )
        )
        delivery = Delivery(
            delivery_id=f"{one.held.alert_id}/{one.held.attempts + 1}",
            alert_id=one.held.alert_id,
            subscription=one.held.subscription,
            channel=one.held.channel,
            incident_id=one.held.incident_id,
            revision=one.held.revision,
            attempt=one.held.attempts + 1,
            outcome=DeliveryOutcome.SUPERSEDED,
            reason=one.because,
            started_at=now,
            ended_at=now,
        )
        await connection.execute(
            deliveries.insert().values(
                alert_id=delivery.alert_id,
                attempt=delivery.attempt,
                outcome=delivery.outcome,
                payload=delivery.model_dump_json(),
                ended_at=now,
            )
        )


async def write_gaps_named(connection: AsyncConnection, named: Mapping[tuple[str, str, int], str]) -> None:
    """The sequence numbers in `named` (incident, channel, number) are named by the alert given for each."""
    for (incident_id, channel, sequence), alert_id in named.items():
        await connection.execute(
            update(alerts)
            .where(alerts.c.incident_id == incident_id, alerts.c.channel == channel, alerts.c.sequence == sequence)
            .values(superseded_by=alert_id)
        )
