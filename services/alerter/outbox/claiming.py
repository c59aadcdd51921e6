"""Claims: which alerts a worker may send now, and that nobody else does."""

from __future__ import annotations

import hashlib
import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, String, Text, and_, bindparam, column, exists, func, or_, select, tuple_, update, values
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert, AlertStatus
from services.alerter.channels.contract import EarlierMessage
from services.alerter.destinations import Limits, places, turns
from services.alerter.outbox.destinations import DESTINATION, end_probe, keep_turns, put_off, state_of
from services.alerter.outbox.driver_statements import RowStatement
from services.alerter.outbox.statements import any_of, written_out
from services.alerter.outbox.tables import UtcMoment, alerts, destinations, lanes

MOST_CANDIDATES = 500
"""Lanes that one claim looks at; the next looks at more."""

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

    def full(self) -> list[str]:
        """Channels that take no more whatever their state."""
        return [name for name, busy in self.busy.items() if busy >= self.concurrency.get(name, 0)]


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
    rows, cut_off = await _due(connection, room, now, channels)
    chosen = _chosen(rows, room, now)
    if len(room.strangers) > strangers and cut_off:
        # Alerts that nobody here can send must not hide those behind them.
        rows, cut_off = await _due(connection, room, now, channels)
        chosen = _chosen(rows, room, now)
    room.more = cut_off or len(chosen) >= room.total
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
_PENDING = written_out(AlertStatus.PENDING)
_FREE = or_(lanes.c.leased_until.is_(None), lanes.c.leased_until < _NOW)
_LEASE = RowStatement(
    lambda dialect: (
        update(lanes)
        .where(lanes.c.channel == bindparam("of_channel"), lanes.c.incident_id == bindparam("of_incident"), _FREE)
        .values(lease=bindparam("claimed_by"), leased_until=bindparam("until"))
    )
)
"""One row at a time, found by its key: SQLite looks through the whole table for a list of pairs."""
_LEASED = select(lanes.c.channel, lanes.c.incident_id).where(lanes.c.lease == bindparam("claimed_by"))


async def _due(
    connection: AsyncConnection, room: Room, now: datetime, channels: Collection[str] | None
) -> tuple[list[Row[Any]], bool]:
    """The first unsettled alert of each free lane where that is due and its receiver is open, for those that are well
    first, then those due longest; and whether there may be more."""
    # Among a few channels, those that take no more hide little: they are left out when all is looked at.
    closed = [*room.full(), *sorted(room.strangers)] if channels is None else []
    values = {"now": now, "closed": closed, "of_channels": sorted(channels or ())}
    kinds: tuple[bool | None, ...] = (False,)
    if room.suspects >= 1:
        # Where all is looked at they are asked for apart, so that what waits for receivers that fail hides nothing.
        kinds = (False, True) if channels is None else (None,)
    found: list[Row[Any]] = []
    cut_off = False
    for failing in kinds:
        query = _due_query(bool(closed), channels is not None, failing)
        rows = (await connection.execute(query, values)).all()
        cut_off = cut_off or len(rows) == MOST_CANDIDATES
        found += rows
    return sorted(found, key=lambda row: bool(row.failures)), cut_off


@cache
def _due_query(some_closed: bool, of_channels: bool, failing: bool | None) -> Any:
    """Built once: to put this statement together takes longer than to run it."""
    earlier, carried, before = alerts.alias(), alerts.alias(), alerts.alias()
    query = (
        select(alerts.c.alert_id, alerts.c.channel, alerts.c.incident_id, *DESTINATION)
        .join(lanes, and_(alerts.c.channel == lanes.c.channel, alerts.c.incident_id == lanes.c.incident_id))
        .outerjoin(destinations, destinations.c.channel == alerts.c.channel)
        .where(
            alerts.c.status == _PENDING,
            alerts.c.next_attempt_at <= _NOW,
            _FREE,
            destinations.c.off_at.is_(None),
            or_(destinations.c.closed_until.is_(None), destinations.c.closed_until <= _NOW),
            or_(destinations.c.turn_at.is_(None), destinations.c.turn_at <= _NOW),
            ~exists().where(
                earlier.c.channel == alerts.c.channel,
                earlier.c.incident_id == alerts.c.incident_id,
                earlier.c.sequence < alerts.c.sequence,
                earlier.c.status == _PENDING,
            ),
            # A message that carries others goes out when it is the turn of each.
            alerts.c.carried_by.is_(None),
            ~exists().where(
                carried.c.carried_by == alerts.c.alert_id,
                before.c.channel == carried.c.channel,
                before.c.incident_id == carried.c.incident_id,
                before.c.sequence < carried.c.sequence,
                before.c.status == _PENDING,
            ),
        )
        .order_by(alerts.c.next_attempt_at, alerts.c.position)
        .limit(MOST_CANDIDATES)
    )
    if some_closed:
        query = query.where(alerts.c.channel.not_in(any_of("closed")))
    if of_channels:
        query = query.where(alerts.c.channel.in_(any_of("of_channels")))
    failures = func.coalesce(destinations.c.failures, 0)
    if failing is None:
        return query
    return query.where(failures > 0 if failing else failures == 0)


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
            alerts.c.status == _PENDING,
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
