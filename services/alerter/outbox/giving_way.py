"""Alerts that their channel has not taken, and that give way when a newer revision is decided."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert, AlertKind, AlertStatus, Delivery, DeliveryOutcome, Told
from schemas.vocabulary import DecisionReason
from services.alerter.outbox import ledger
from services.alerter.outbox.attempts import delivery_id, write_attempts
from services.alerter.outbox.statements import any_of, written_out
from services.alerter.outbox.tables import UtcMoment, alerts, lanes, told


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
    digest: str
    """SHA-256 of the alert's JSON as the store has it."""


@dataclass(frozen=True, slots=True)
class GivenWay:
    """An alert that is not sent any more."""

    held: HeldBack
    because: str
    """What is sent instead, or why nothing is, as one sentence."""


_MAY_GIVE_WAY = (
    select(alerts.c.alert_id, alerts.c.incident_id)
    .join(lanes, and_(lanes.c.channel == alerts.c.channel, lanes.c.incident_id == alerts.c.incident_id))
    .where(
        alerts.c.incident_id.in_(any_of("some")),
        ~alerts.c.maybe_seen,
        or_(
            and_(
                alerts.c.status == written_out(AlertStatus.PENDING),
                or_(lanes.c.leased_until.is_(None), lanes.c.leased_until < bindparam("now", type_=UtcMoment)),
                lanes.c.last_failed_at.is_not(None),
            ),
            alerts.c.status == written_out(AlertStatus.DEAD),
        ),
    )
)


async def held_back(
    connection: AsyncConnection, incident_ids: Collection[str], now: datetime
) -> dict[tuple[str, str], list[HeldBack]]:
    """The alerts about `incident_ids` that may give way, by incident and subscription, first to last.

    Those are the last that were decided for a subscription, as far back as its subscriber cannot have seen them: dead,
    or waiting in a lane where the last attempt failed and none is under way. In a lane that goes well every alert goes
    out. An alert of which nobody knows whether it arrived never gives way, and neither does what was decided before
    it. Locks the lanes for this transaction.
    """
    query = _MAY_GIVE_WAY
    if connection.dialect.name == "postgresql":
        query = query.with_for_update(of=lanes)
    unseen = {
        row.alert_id: row.incident_id
        for row in await connection.execute(query, {"some": list(incident_ids), "now": now})
    }
    if not unseen:
        return {}
    newest_first = (
        select(alerts.c.alert_id, alerts.c.incident_id, alerts.c.subscription, alerts.c.attempts, alerts.c.payload)
        .where(alerts.c.incident_id.in_(set(unseen.values())), alerts.c.status != AlertStatus.SUPERSEDED)
        .order_by(alerts.c.revision.desc(), alerts.c.position.desc())
    )
    found: dict[tuple[str, str], list[HeldBack]] = {}
    ended: set[tuple[str, str]] = set()
    for row in await connection.execute(newest_first):
        key = (row.incident_id, row.subscription)
        if key in ended or row.alert_id not in unseen:
            ended.add(key)
            continue
        found.setdefault(key, []).insert(0, _held(row.payload, row.attempts))
    return found


def _held(payload: str, attempts: int) -> HeldBack:
    alert = Alert.model_validate_json(payload)
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
        digest=ledger.digest_of(payload),
    )


async def withdraw_untold(connection: AsyncConnection, dead: Alert, now: datetime) -> None:
    """Where `dead` was all that its subscriber would have known of the incident, and what waits behind it would only
    take that back, nothing is sent: a cancel of what was never delivered is silent."""
    query = (
        select(alerts.c.payload, alerts.c.attempts, alerts.c.status, alerts.c.maybe_seen)
        .where(
            alerts.c.incident_id == dead.incident_id,
            alerts.c.subscription == dead.subscription,
            alerts.c.status != AlertStatus.SUPERSEDED,
        )
        .order_by(alerts.c.revision, alerts.c.position)
    )
    rows = (await connection.execute(query)).all()
    if any(row.maybe_seen or row.status == AlertStatus.DELIVERED for row in rows):
        return
    held = [_held(row.payload, row.attempts) for row in rows]
    newest = Alert.model_validate_json(rows[-1].payload)
    if len(held) < 2 or not (newest.kind is AlertKind.CANCEL or newest.reason is DecisionReason.BELOW_THRESHOLD):
        return
    because = f"It was never delivered, and by revision {newest.revision} there is nothing to tell any more."
    await write_given_way(connection, [GivenWay(one, because) for one in held], now)
    await connection.execute(
        told.delete().where(told.c.subscription == dead.subscription, told.c.incident_id == dead.incident_id)
    )


_GAPS = (
    select(alerts.c.incident_id, alerts.c.channel, alerts.c.sequence)
    .where(
        alerts.c.incident_id.in_(any_of("some")),
        alerts.c.status == written_out(AlertStatus.SUPERSEDED),
        alerts.c.superseded_by.is_(None),
    )
    .order_by(alerts.c.sequence)
)


async def read_gaps(connection: AsyncConnection, incident_ids: Collection[str]) -> dict[tuple[str, str], list[int]]:
    """Sequence numbers of alerts that gave way and that no later alert has named, by incident and channel."""
    found: dict[tuple[str, str], list[int]] = {}
    for incident_id, channel, sequence in await connection.execute(_GAPS, {"some": list(incident_ids)}):
        found.setdefault((incident_id, channel), []).append(sequence)
    return found


async def write_given_way(connection: AsyncConnection, given: Sequence[GivenWay], now: datetime) -> None:
    """Settle the alerts that gave way; each gets a delivery that says why, and a line in the ledger."""
    entries = []
    for one in given:
        # What it would have named, a later one must name.
        unnamed = update(alerts).where(alerts.c.superseded_by == one.held.alert_id).values(superseded_by=None)
        await connection.execute(unnamed)
        delivery = Delivery(
            delivery_id=delivery_id(one.held.alert_id, one.held.attempts + 1),
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
            update(alerts)
            .where(alerts.c.alert_id == one.held.alert_id)
            .values(
                status=AlertStatus.SUPERSEDED,
                attempts=delivery.attempt,
                settled_at=now,
                next_attempt_at=None,
                reason=one.because,
            )
        )
        entries.append(ledger.Entry(delivery, one.held.sequence, one.held.digest))
    await write_attempts(connection, entries)


async def write_gaps_named(connection: AsyncConnection, named: Mapping[tuple[str, str, int], str]) -> None:
    """The sequence numbers in `named` (incident, channel, number) are named by the alert given for each."""
    for (incident_id, channel, sequence), alert_id in named.items():
        await connection.execute(
            update(alerts)
            .where(alerts.c.incident_id == incident_id, alerts.c.channel == channel, alerts.c.sequence == sequence)
            .values(superseded_by=alert_id)
        )
