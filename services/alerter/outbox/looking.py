"""Looking at what the store keeps: alerts by their numbers, decisions, attempts, subscriptions, and what waits.

Pages go by a number that only grows, so that what comes meanwhile neither shifts a page nor hides from one.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import (
    Alert,
    AlertRecord,
    AlertStatus,
    ChannelBacklog,
    DecisionRecord,
    Delivery,
    DeliveryOutcome,
    DeliveryRecord,
    OutboxState,
    Subscription,
    SubscriptionChange,
    SubscriptionRecord,
)
from services.alerter.outbox.publishing import stale_claims_query
from services.alerter.outbox.tables import (
    alerts,
    decisions,
    deliveries,
    numbering,
    subscribers,
    subscription_changes,
)


async def alerts_after(connection: AsyncConnection, subscription: str, number: int, limit: int) -> list[AlertRecord]:
    """The next alerts of `subscription` after `number`, in ascending order, at most `limit`."""
    asked = (alerts.c.subscription == subscription, alerts.c.number > number)
    return await _alerts(connection, _alert_query(*asked).order_by(alerts.c.number).limit(limit))


async def alerts_before(
    connection: AsyncConnection, subscription: str, number: int | None, limit: int
) -> list[AlertRecord]:
    """The newest alerts of `subscription` before `number` (all where None), in descending order, at most `limit`."""
    asked = [alerts.c.subscription == subscription, alerts.c.number.is_not(None)]
    if number is not None:
        asked.append(alerts.c.number < number)
    return await _alerts(connection, _alert_query(*asked).order_by(alerts.c.number.desc()).limit(limit))


async def alerts_about(connection: AsyncConnection, incident_ids: Collection[str], limit: int) -> list[AlertRecord]:
    """Who was told what about `incident_ids`, the newest first, at most `limit`."""
    query = _alert_query(alerts.c.incident_id.in_(list(incident_ids)))
    return await _alerts(connection, query.order_by(alerts.c.position.desc()).limit(limit))


async def alert_of(connection: AsyncConnection, alert_id: str) -> AlertRecord | None:
    """The alert of that id; None where there is none."""
    found = await _alerts(connection, _alert_query(alerts.c.alert_id == alert_id))
    return found[0] if found else None


async def dead_alerts(connection: AsyncConnection, limit: int) -> list[AlertRecord]:
    """Alerts that were given up, the newest first, at most `limit`."""
    query = _alert_query(alerts.c.status == AlertStatus.DEAD)
    return await _alerts(connection, query.order_by(alerts.c.position.desc()).limit(limit))


async def last_numbers(connection: AsyncConnection, subscriptions: Collection[str]) -> dict[str, int]:
    """The number of the newest alert of each of `subscriptions`; those without one are left out."""
    query = select(numbering.c.subscription, numbering.c.last_number).where(
        numbering.c.subscription.in_(list(subscriptions))
    )
    return {row.subscription: row.last_number for row in await connection.execute(query)}


async def decisions_about(connection: AsyncConnection, incident_id: str, limit: int) -> list[DecisionRecord]:
    """What was decided about the incident for each subscription that asked, the newest first, at most `limit`."""
    query = (
        select(decisions)
        .where(decisions.c.incident_id == incident_id)
        .order_by(decisions.c.position.desc())
        .limit(limit)
    )
    return [
        DecisionRecord(
            subscription=row.subscription,
            incident_id=row.incident_id,
            revision=row.revision,
            kind=row.kind,
            reason=row.reason,
            because=row.because,
            alert_id=row.alert_id,
            decided_at=row.decided_at,
        )
        for row in await connection.execute(query)
    ]


async def attempts_before(
    connection: AsyncConnection,
    position: int | None,
    limit: int,
    *,
    subscription: str | None = None,
    channel: str | None = None,
    alert_id: str | None = None,
    outcome: DeliveryOutcome | None = None,
) -> list[DeliveryRecord]:
    """Attempts before `position` (all where None), the newest first, at most `limit`; those that meet what is given."""
    query = select(deliveries.c.position, deliveries.c.payload)
    if subscription is not None or channel is not None:
        query = query.join(alerts, alerts.c.alert_id == deliveries.c.alert_id)
    if position is not None:
        query = query.where(deliveries.c.position < position)
    wanted = (
        (alerts.c.subscription, subscription),
        (alerts.c.channel, channel),
        (deliveries.c.alert_id, alert_id),
        (deliveries.c.outcome, outcome),
    )
    query = query.where(*(column == value for column, value in wanted if value is not None))
    rows = await connection.execute(query.order_by(deliveries.c.position.desc()).limit(limit))
    return [DeliveryRecord(position=place, delivery=Delivery.model_validate_json(payload)) for place, payload in rows]


async def known_subscriptions(
    connection: AsyncConnection, names: Collection[str] | None = None
) -> list[SubscriptionRecord]:
    """Every subscription that there is or was, by name; of `names` only, where given. Warnings are the caller's."""
    version = (
        select(func.max(subscription_changes.c.position))
        .where(subscription_changes.c.name == subscribers.c.name)
        .scalar_subquery()
    )
    query = (
        select(subscribers.c.written, subscribers.c.left_at, subscribers.c.origin, numbering.c.last_number, version)
        .join(numbering, numbering.c.subscription == subscribers.c.name, isouter=True)
        .order_by(subscribers.c.name)
    )
    if names is not None:
        query = query.where(subscribers.c.name.in_(list(names)))
    return [
        SubscriptionRecord(
            subscription=Subscription.model_validate_json(written),
            left_at=left_at,
            origin=origin,
            last_number=last_number or 0,
            version=changed or 0,
        )
        for written, left_at, origin, last_number, changed in await connection.execute(query)
    ]


async def changes_of(connection: AsyncConnection, subscription: str, limit: int) -> list[SubscriptionChange]:
    """The changes of `subscription`, the newest first, at most `limit`."""
    query = (
        select(subscription_changes)
        .where(subscription_changes.c.name == subscription)
        .order_by(subscription_changes.c.position.desc())
        .limit(limit)
    )
    return [
        SubscriptionChange(
            name=row.name,
            subscription=None if row.written is None else Subscription.model_validate_json(row.written),
            author=row.author,
            at=row.at,
        )
        for row in await connection.execute(query)
    ]


async def outbox_state(connection: AsyncConnection) -> OutboxState:
    """What waits, by channel, and how much was given up."""
    waiting = alerts.c.status == AlertStatus.PENDING
    by_channel = (
        select(alerts.c.channel, func.count(), func.min(alerts.c.decided_at))
        .where(waiting)
        .group_by(alerts.c.channel)
        .order_by(alerts.c.channel)
    )
    channels = tuple(
        ChannelBacklog(channel=channel, pending=pending, oldest_at=oldest_at)
        for channel, pending, oldest_at in await connection.execute(by_channel)
    )
    dead = select(func.count()).where(alerts.c.status == AlertStatus.DEAD)
    return OutboxState(
        pending=sum(one.pending for one in channels),
        stale_claims=await connection.scalar(stale_claims_query()) or 0,
        dead=await connection.scalar(dead) or 0,
        channels=channels,
    )


def _alert_query(*asked: ColumnElement[bool]) -> Select[Any]:
    later = alerts.alias()
    next_one = (
        select(later.c.alert_id)
        .where(
            later.c.incident_id == alerts.c.incident_id,
            later.c.subscription == alerts.c.subscription,
            later.c.number > alerts.c.number,
        )
        .order_by(later.c.number)
        .limit(1)
        .scalar_subquery()
    )
    return select(
        alerts.c.number,
        alerts.c.payload,
        alerts.c.status,
        alerts.c.decided_at,
        alerts.c.attempts,
        alerts.c.next_attempt_at,
        alerts.c.settled_at,
        alerts.c.reason,
        next_one.label("replaced_by"),
    ).where(*asked)


async def _alerts(connection: AsyncConnection, query: Select[Any]) -> list[AlertRecord]:
    return [_record(row) for row in await connection.execute(query)]


def _record(row: Row[Any]) -> AlertRecord:
    alert = Alert.model_validate_json(row.payload)
    return AlertRecord(
        number=row.number,
        alert=alert if alert.number == row.number else alert.model_copy(update={"number": row.number}),
        status=row.status,
        decided_at=row.decided_at,
        attempts=row.attempts,
        next_attempt_at=row.next_attempt_at,
        settled_at=row.settled_at,
        reason=row.reason,
        replaces=alert.told_before.alert_id if alert.told_before is not None else None,
        replaced_by=row.replaced_by,
    )
