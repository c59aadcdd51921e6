"""Claims: which alerts a worker may send now, and that nobody else does."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import (
    Row,
    String,
    Text,
    and_,
    bindparam,
    column,
    exists,
    func,
    or_,
    select,
    tuple_,
    update,
    values,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert, AlertStatus
from services.alerter.channels.contract import EarlierMessage
from services.alerter.destinations import Limits, places, turns
from services.alerter.outbox.destinations import end_probe, keep_turns, put_off, state_of
from services.alerter.outbox.driver_statements import RowStatement
from services.alerter.outbox.due import FREE, MOST_CANDIDATES, read_due
from services.alerter.outbox.statements import any_of, written_out
from services.alerter.outbox.tables import UtcMoment, alerts, lanes

MORE_THAN_ROOM = 4
"""Times the places that receivers that fail have: so many of the lanes that are due for them are looked at first."""

Lane = tuple[str, str]
"""A channel and an incident."""


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
    earlier: tuple[EarlierMessage, ...] = ()
    """The alerts of its subscription in the lane that the channel has, or may have, oldest first."""
    digest: str = ""
    """SHA-256 of the alert's JSON as the store has it."""
    tries: int = 1
    """The number of this attempt since the alert was last put back, from 1: what the schedule of retries counts."""
    maybe_seen: bool = False
    """An earlier attempt may have arrived."""
    probe: bool = False
    """It is the one alert that a broken receiver is asked with."""
    suspect: bool = False
    """The last attempt to its receiver failed."""
    payload: str = ""
    """The alert's JSON as the store has it."""

    @property
    def lane(self) -> Lane:
        """The lane that it holds."""
        return self.alert.channel, self.alert.incident_id


@dataclass(slots=True)
class Room:
    """What a worker can take on."""

    concurrency: Mapping[str, int]
    """Every channel that it has, to the attempts that the channel takes at once while its receiver is well."""
    limits: Mapping[str, Limits] = field(default_factory=dict)
    total: int = 256
    """How many more alerts, over all channels."""
    suspects: int = 32
    """How many of them to receivers whose last attempt failed."""
    busy: Mapping[str, int] = field(default_factory=dict)
    """Channel to the attempts that are under way."""
    under_way: Collection[Lane] = ()
    """Lanes that this worker is busy with: it does not take them from itself, be their leases out of date because the
    store did not answer or the clock leapt."""
    strangers: set[str] = field(default_factory=set)
    """Channels that alerts wait for and that this worker does not have; claims add to it."""
    more: bool = False
    """Whether the last claim may have left something that is due, for want of room or since it looked at no more."""

    def closed(self, channels: Collection[str] | None) -> list[str]:
        """Channels to leave out where all are looked at: those that take no more whatever their state, and strangers.
        Among a few `channels` they hide little."""
        if channels is not None:
            return []
        full = [name for name, busy in self.busy.items() if busy >= self.concurrency.get(name, 0)]
        return [*full, *sorted(self.strangers)]


async def claim_due(
    connection: AsyncConnection,
    room: Room,
    now: datetime,
    leased_until: datetime,
    channels: Collection[str] | None = None,
    known: Mapping[str, Alert] = MappingProxyType({}),
) -> list[Claimed]:
    """Lease lanes whose first unsettled alert is due, and give that alert of each: those for receivers that are well
    first, and among them and the others those due longest.

    Only lanes of `channels` where given: what it costs then does not grow with what waits for others. A lane stays
    leased until `settle_all` or `release`, or until `leased_until` has passed: then its worker is taken for dead. From
    here on an alert counts as perhaps seen, since its worker can die at any moment. `known` are alerts by their ids
    that the caller has just written, and that need not be read again.
    """
    if room.total < 1:
        room.more = True
        return []
    if channels is None:
        await put_off(connection, now)
    strangers = len(room.strangers)
    first_look = min(MORE_THAN_ROOM * max(room.suspects, 0), MOST_CANDIDATES)
    due = await read_due(connection, now, channels, room.closed(channels), first_look)
    chosen = _chosen(due.rows, room, now)
    hidden = len(room.strangers) > strangers and (due.cut_off or due.failing_cut_off)
    if hidden or (due.failing_cut_off and not any(row.failures for row in chosen.values())):
        # Alerts that nobody here can send, or that cannot be sent now, must not hide those behind them.
        due = await read_due(connection, now, channels, room.closed(channels), MOST_CANDIDATES if first_look else 0)
        chosen = _chosen(due.rows, room, now)
    room.more = due.cut_off or len(chosen) >= room.total
    if not chosen:
        return []
    limited = {row.channel for row in chosen.values() if _is_limited(row.channel, room)}
    probed = {row.channel for row in chosen.values() if state_of(row).broken}
    if limited or probed:
        chosen = await keep_turns(connection, chosen, room.limits, limited, probed, now, leased_until)
    if not chosen:
        return []
    lease = uuid.uuid4().hex
    # In one order everywhere, so that two alerters never wait for each other.
    wanted = [
        {"of_channel": channel, "of_incident": incident_id, "now": now, "claimed_by": lease, "until": leased_until}
        for channel, incident_id in sorted(chosen)
    ]
    await _LEASE.run(connection, wanted)
    leased = await connection.execute(_LEASED, {"claimed_by": lease})
    won = [chosen[row.channel, row.incident_id].alert_id for row in leased]
    suspects = {row.channel for row in chosen.values() if row.failures}
    return await _claimed(connection, won, lease, probed, suspects, now, leased_until, known)


def _is_limited(channel: str, room: Room) -> bool:
    limits = room.limits.get(channel)
    return limits is not None and limits.per_minute is not None


_NOW = bindparam("now", type_=UtcMoment)
_LEASE = RowStatement(
    lambda dialect: (
        update(lanes)
        .where(lanes.c.channel == bindparam("of_channel"), lanes.c.incident_id == bindparam("of_incident"), FREE)
        .values(lease=bindparam("claimed_by"), leased_until=bindparam("until"))
    )
)
"""One row at a time, found by its key: SQLite looks through the whole table for a list of pairs."""
_LEASED = select(lanes.c.channel, lanes.c.incident_id).where(lanes.c.lease == bindparam("claimed_by"))


def _chosen(rows: Sequence[Row[Any]], room: Room, now: datetime) -> dict[Lane, Row[Any]]:
    """Those of `rows` that there is room for."""
    taken: Counter[str] = Counter(room.busy)
    more: dict[str, int] = {}
    suspects, under_way = room.suspects, set(room.under_way)
    chosen: dict[Lane, Row[Any]] = {}
    for row in rows:
        channel, lane = row.channel, (row.channel, row.incident_id)
        if channel not in room.concurrency:
            room.strangers.add(channel)
            continue
        state = state_of(row)
        if channel not in more:
            limits = room.limits.get(channel, Limits())
            at_once = places(state, room.concurrency[channel], now) - taken[channel]
            turn = turns(state, limits, now)
            more[channel] = at_once if turn is None else min(at_once, turn)
        if more[channel] < 1 or lane in under_way or (state.failures and suspects < 1):
            continue
        more[channel] -= 1
        suspects -= 1 if state.failures else 0
        chosen[lane] = row
        if len(chosen) >= room.total:
            break
    return chosen


_MARK = (
    update(alerts)
    .where(alerts.c.alert_id.in_(any_of("claimed")))
    .values(maybe_seen=True, next_attempt_at=bindparam("lost_at"))
)
"""Until its lease ends, an alert under way is not due."""


def _to_send() -> Any:
    """The alerts `claimed`, with the receipt of the first of each lane that has one."""
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
    return (
        select(alerts, thread.label("thread"))
        .where(
            alerts.c.alert_id.in_(any_of("claimed")),
            alerts.c.status == written_out(AlertStatus.PENDING),
            alerts.c.next_attempt_at <= _NOW,
        )
        .order_by(alerts.c.next_attempt_at, alerts.c.position)
    )


_TO_SEND = _to_send()


async def _claimed(
    connection: AsyncConnection,
    alert_ids: list[str],
    lease: str,
    probed: Collection[str],
    suspects: Collection[str],
    now: datetime,
    leased_until: datetime,
    known: Mapping[str, Alert],
) -> list[Claimed]:
    """The alerts of lanes just leased, without those that another worker settled a moment before."""
    rows = (await connection.execute(_TO_SEND, {"claimed": alert_ids, "now": now})).all()
    earlier = await _earlier(connection, [row for row in rows if row.sequence > 1])
    found = [
        Claimed(
            known.get(row.alert_id) or Alert.model_validate_json(row.payload),
            row.attempts + 1,
            row.decided_at,
            row.appended_at,
            row.traceparent,
            lease,
            row.thread,
            tuple(earlier.get((row.channel, row.incident_id, row.subscription), ())),
            hashlib.sha256(row.payload.encode()).hexdigest(),
            row.attempts + 1 - row.redriven_after,
            row.maybe_seen,
            row.channel in probed,
            row.channel in suspects,
            row.payload,
        )
        for row in rows
    ]
    found.sort(key=lambda one: one.suspect)
    if found:
        sent = [one.alert.alert_id for one in found]
        await connection.execute(_MARK, {"claimed": sent, "lost_at": leased_until})
    if len(found) < len(alert_ids):
        others = update(lanes).where(lanes.c.lease == lease)
        if found:
            kept = [one.lane for one in found]
            others = others.where(tuple_(lanes.c.channel, lanes.c.incident_id).not_in(kept))
        await connection.execute(others.values(lease=None, leased_until=None))
    return found


async def _earlier(
    connection: AsyncConnection, rows: Sequence[Row[Any]]
) -> dict[tuple[str, str, str], list[EarlierMessage]]:
    """By channel, incident and subscription: what the receivers of `rows` have, or may have, from before them."""
    if not rows:
        return {}
    before = {(row.channel, row.incident_id): row.sequence for row in rows}
    # A join, since SQLite looks through the whole table for a list of pairs.
    asked = values(column("channel", String), column("incident_id", Text)).data(list(before)).cte("asked")
    query = (
        select(alerts)
        .join(asked, and_(alerts.c.channel == asked.c.channel, alerts.c.incident_id == asked.c.incident_id))
        .where(or_(alerts.c.status == AlertStatus.DELIVERED, alerts.c.maybe_seen))
        .order_by(alerts.c.sequence)
    )
    found: dict[tuple[str, str, str], list[EarlierMessage]] = {}
    for row in await connection.execute(query):
        if row.sequence < before[row.channel, row.incident_id]:
            told = found.setdefault((row.channel, row.incident_id, row.subscription), [])
            told.append(EarlierMessage(row.alert_id, row.decided_at))
    return found


async def release(connection: AsyncConnection, claimed: Claimed, now: datetime) -> bool:
    """Give the lane back, its alert due at once; False where it is not this worker's any more."""
    alert = claimed.alert
    given = await connection.execute(
        update(lanes)
        .where(
            lanes.c.channel == alert.channel, lanes.c.incident_id == alert.incident_id, lanes.c.lease == claimed.lease
        )
        .values(lease=None, leased_until=None)
    )
    if given.rowcount == 1:
        again = update(alerts).where(alerts.c.alert_id == alert.alert_id, alerts.c.status == AlertStatus.PENDING)
        await connection.execute(again.values(next_attempt_at=now))
        if claimed.probe:
            await end_probe(connection, alert.channel, now)
    return given.rowcount == 1


async def release_all(connection: AsyncConnection, now: datetime) -> None:
    """Free every lane, and have what was under way sent again: for a store that one alerter has alone, when it
    starts."""
    lane = and_(lanes.c.channel == alerts.c.channel, lanes.c.incident_id == alerts.c.incident_id)
    # Of a leased lane, the first alert that is not settled was under way, and no other was tried before it.
    leased = exists().where(lane, lanes.c.lease.is_not(None), alerts.c.next_attempt_at == lanes.c.leased_until)
    await connection.execute(
        update(alerts).where(alerts.c.status == AlertStatus.PENDING, leased).values(next_attempt_at=now)
    )
    await connection.execute(update(lanes).where(lanes.c.lease.is_not(None)).values(lease=None, leased_until=None))


async def waiting_without(connection: AsyncConnection, channels: Collection[str]) -> dict[str, int]:
    """Alerts that wait for a channel which is none of `channels`: how many for each."""
    query = (
        select(alerts.c.channel, func.count().label("waiting"))
        .where(alerts.c.status == AlertStatus.PENDING)
        .group_by(alerts.c.channel)
    )
    return {row.channel: row.waiting for row in await connection.execute(query) if row.channel not in channels}
