"""What deciding reads from the store and writes to it, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert, AlertStatus, Told
from schemas.vocabulary import AlertKind, DecisionReason
from services.alerter.outbox.driver_statements import insert_rows, upsert_rows
from services.alerter.outbox.giving_way import (
    GivenWay,
    HeldBack,
    held_back,
    read_gaps,
    write_gaps_named,
    write_given_way,
)
from services.alerter.outbox.numbering import numbered
from services.alerter.outbox.statements import any_of
from services.alerter.outbox.tables import alerts, consumed_offsets, decisions, incidents, lanes, told
from services.alerter.outbox.waiting import (
    WaitingIncident,
    WaitingRow,
    keep_incidents,
    lock_incidents,
    read_waiting,
    write_lately,
    write_waiting,
)
from services.alerter.policy.pacing import ToldLately

CHUNK = 500
"""Ids in one query: SQLite allows 32,766 parameters and PostgreSQL 65,535, and plans grow with their number."""


@dataclass(frozen=True, slots=True)
class DecisionRow:
    """One decision as it is kept."""

    subscription: str
    incident_id: str
    revision: int
    kind: AlertKind | None
    reason: DecisionReason
    because: str
    alert_id: str | None
    occasion: int = 0
    """0 where the revision was read, then 1, 2, 3 for each time that what waited of it was decided again."""


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One alert that is to be told."""

    alert: Alert
    traceparent: str
    appended_at: datetime
    """When the incident's revision was appended to its topic."""


@dataclass(slots=True)
class IncidentState:
    """What the store knows of one incident; deciding brings it up to date as it goes."""

    decided_revision: int = 0
    """The newest that was decided; 0 for none."""
    told: dict[str, Told] = field(default_factory=dict)
    """Subscription to what it was last told."""
    told_on: dict[str, str] = field(default_factory=dict)
    """Subscription to the channel that it was told on."""
    sequences: dict[str, int] = field(default_factory=dict)
    """Channel to the sequence number of its last alert about this incident."""
    held_back: dict[str, list[HeldBack]] = field(default_factory=dict)
    """Subscription to the alerts that wait for it behind a failing channel, first to last."""
    gaps: dict[str, list[int]] = field(default_factory=dict)
    """Channel to the sequence numbers that it will not see and has not been told of."""
    waiting: dict[str, WaitingRow] = field(default_factory=dict)
    """Subscription to what of the incident it is not told yet."""


@dataclass(slots=True)
class Decided:
    """What one transaction adds."""

    decisions: list[DecisionRow] = field(default_factory=list)
    alerts: list[OutboxRow] = field(default_factory=list)
    given_way: list[GivenWay] = field(default_factory=list)
    put_back: list[tuple[HeldBack, Told | None]] = field(default_factory=list)
    """Alerts that gave way to nothing, with what their subscriber knows then: what it knew before."""
    considered: dict[str, int] = field(default_factory=dict)
    """Incident to the subscriptions that were asked about its newest revision."""
    waiting: dict[tuple[str, str], WaitingRow | None] = field(default_factory=dict)
    """Subscription and incident to what waits now; None where nothing does any more."""
    waiting_incidents: dict[str, WaitingIncident] = field(default_factory=dict)
    """The newest revision of each incident that was decided, for those of which something waits."""
    told_lately: list[tuple[str, ToldLately]] = field(default_factory=list)
    """What was told to subscriptions for which that bears on what they are told next."""
    taken_back: list[tuple[str, str]] = field(default_factory=list)
    """Such subscriptions with an incident of which something they were told was taken back."""


async def next_offset(connection: AsyncConnection, topic: str, partition: int) -> int | None:
    """The first offset that is not decided; None where nothing of the partition was. Locks it for this transaction.

    The lock is the fence between alerters: of two that hold a partition for a moment, one decides first and the other
    then sees that it has.
    """
    if connection.dialect.name == "postgresql":
        key = f"{topic}/{partition}"
        await connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", (key,))
    return await offset_of(connection, topic, partition)


async def offset_of(connection: AsyncConnection, topic: str, partition: int) -> int | None:
    """As `next_offset`, without the lock."""
    query = select(consumed_offsets.c.next_offset).where(
        consumed_offsets.c.topic == topic, consumed_offsets.c.partition == partition
    )
    found: int | None = await connection.scalar(query)
    return found


async def set_offset(connection: AsyncConnection, topic: str, partition: int, offset: int, now: datetime) -> None:
    """`offset` is the first of the partition that is not decided."""
    row = {"topic": topic, "partition": partition, "next_offset": offset, "updated_at": now}
    await upsert_rows(connection, consumed_offsets, [row])


_KNOWN = select(incidents.c.incident_id, incidents.c.revision).where(incidents.c.incident_id.in_(any_of("some")))
_TOLD = select(told.c.incident_id, told.c.subscription, told.c.channel, told.c.told).where(
    told.c.incident_id.in_(any_of("some"))
)
_NUMBERS = select(lanes.c.incident_id, lanes.c.channel, lanes.c.last_sequence).where(
    lanes.c.incident_id.in_(any_of("some"))
)


async def read_states(
    connection: AsyncConnection, incident_ids: Collection[str], now: datetime
) -> dict[str, IncidentState]:
    """What is known of each of `incident_ids` at `now`; a state of its own for those of which nothing is."""
    states = {incident_id: IncidentState() for incident_id in incident_ids}
    ids = list(states)
    await lock_incidents(connection, ids)
    for start in range(0, len(ids), CHUNK):
        some = ids[start : start + CHUNK]
        for incident_id, revision in await connection.execute(_KNOWN, {"some": some}):
            states[incident_id].decided_revision = revision
        # Of one that was never decided nothing was told, and nothing waits.
        some = [incident_id for incident_id in some if states[incident_id].decided_revision]
        if not some:
            continue
        for incident_id, subscription, channel, value in await connection.execute(_TOLD, {"some": some}):
            states[incident_id].told[subscription] = Told.model_validate_json(value)
            states[incident_id].told_on[subscription] = channel
        for incident_id, channel, sequence in await connection.execute(_NUMBERS, {"some": some}):
            states[incident_id].sequences[channel] = sequence
        for (incident_id, subscription), waiting in (await held_back(connection, some, now)).items():
            states[incident_id].held_back[subscription] = waiting
        for (incident_id, channel), gaps in (await read_gaps(connection, some)).items():
            states[incident_id].gaps[channel] = gaps
        for incident_id, by_subscription in (await read_waiting(connection, some)).items():
            states[incident_id].waiting.update(by_subscription)
    return states


async def write_decided(
    connection: AsyncConnection, decided: Decided, states: Mapping[str, IncidentState], now: datetime
) -> None:
    """Add decisions and alerts, and keep the states that they led to; alerts are due at once, and numbered here."""
    if decided.decisions:
        await insert_rows(connection, decisions, [_decision(row, now) for row in decided.decisions])
    await write_given_way(connection, decided.given_way, now)
    await _put_back(connection, decided.put_back)
    if decided.alerts:
        with_numbers = await numbered(connection, [row.alert for row in decided.alerts])
        decided.alerts = [
            replace(row, alert=alert) for row, alert in zip(decided.alerts, _numbers_carried(with_numbers), strict=True)
        ]
        await insert_rows(connection, alerts, [alert_row(row, now) for row in decided.alerts])
        await upsert_rows(connection, told, _told_rows(decided.alerts, states))
        await upsert_rows(connection, lanes, _lane_rows(decided.alerts, states))
        named = {
            (row.alert.incident_id, row.alert.channel, number): row.alert.alert_id
            for row in decided.alerts
            for number in row.alert.supersedes
        }
        await write_gaps_named(connection, named)
    await write_waiting(connection, decided.waiting, decided.taken_back, now)
    await keep_incidents(connection, _waiting_incidents(decided, states))
    await write_lately(connection, decided.told_lately, now)
    await upsert_rows(
        connection,
        incidents,
        [
            {
                "incident_id": incident_id,
                "revision": states[incident_id].decided_revision,
                "decided_at": now,
                "considered": considered,
            }
            for incident_id, considered in decided.considered.items()
        ],
    )


def _waiting_incidents(decided: Decided, states: Mapping[str, IncidentState]) -> dict[str, WaitingIncident | None]:
    """What to keep of the incidents that were decided: those of which something waits, as they are now."""
    touched = {incident_id for _, incident_id in decided.waiting}
    waits = {incident_id for incident_id in decided.waiting_incidents if states[incident_id].waiting}
    return {
        incident_id: decided.waiting_incidents[incident_id] if incident_id in waits else None
        for incident_id in touched | waits
    }


def _numbers_carried(alerts: Sequence[Alert]) -> list[Alert]:
    """`alerts`, with the numbers of those that each carries."""
    numbers = {alert.alert_id: alert.number for alert in alerts}
    return [
        alert.model_copy(
            update={"also": tuple(one.model_copy(update={"number": numbers[one.alert_id]}) for one in alert.also)}
        )
        for alert in alerts
    ]


async def _put_back(connection: AsyncConnection, put_back: Sequence[tuple[HeldBack, Told | None]]) -> None:
    for held, known in put_back:
        if known is None:
            gone = told.delete().where(told.c.subscription == held.subscription, told.c.incident_id == held.incident_id)
            await connection.execute(gone)
        else:
            row = {"channel": held.channel, "revision": known.revision, "told": known.model_dump_json()}
            await upsert_rows(
                connection, told, [{"subscription": held.subscription, "incident_id": held.incident_id} | row]
            )


def _decision(row: DecisionRow, now: datetime) -> dict[str, Any]:
    return {
        "subscription": row.subscription,
        "incident_id": row.incident_id,
        "revision": row.revision,
        "kind": row.kind,
        "reason": row.reason,
        "because": row.because,
        "alert_id": row.alert_id,
        "decided_at": now,
        "occasion": row.occasion,
    }


def alert_row(row: OutboxRow, now: datetime) -> dict[str, Any]:
    """`row` as the table `alerts` has it, due at once."""
    alert = row.alert
    return {
        "alert_id": alert.alert_id,
        "subscription": alert.subscription,
        "channel": alert.channel,
        "incident_id": alert.incident_id,
        "revision": alert.revision,
        "sequence": alert.sequence,
        "number": alert.number,
        "carried_by": alert.carried_by,
        # A bundle does not give way: it tells of others too.
        "maybe_seen": bool(alert.also or alert.carried_by),
        "kind": alert.kind,
        "payload": alert.model_dump_json(),
        "traceparent": row.traceparent,
        "appended_at": row.appended_at,
        "decided_at": now,
        "status": AlertStatus.PENDING,
        "attempts": 0,
        "next_attempt_at": now,
        "reason": "",
    }


def _told_rows(new: Iterable[OutboxRow], states: Mapping[str, IncidentState]) -> list[dict[str, Any]]:
    latest = {(row.alert.subscription, row.alert.incident_id): row.alert for row in new}
    return [
        {
            "subscription": subscription,
            "incident_id": incident_id,
            "channel": alert.channel,
            "revision": alert.revision,
            "told": states[incident_id].told[subscription].model_dump_json(),
        }
        for (subscription, incident_id), alert in latest.items()
    ]


def _lane_rows(new: Iterable[OutboxRow], states: Mapping[str, IncidentState]) -> list[dict[str, Any]]:
    keys = {(row.alert.channel, row.alert.incident_id): None for row in new}
    return [
        {
            "channel": channel,
            "incident_id": incident_id,
            "last_sequence": states[incident_id].sequences[channel],
        }
        for channel, incident_id in keys
    ]
