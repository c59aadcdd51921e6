"""What the store keeps of each channel's receiver, read and written in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, case, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import AlertStatus, DeliveryOutcome
from services.alerter.channels.contract import ChannelAnswer
from services.alerter.destinations import HEALTHY, DestinationState, Limits, after_attempt, turn_after, turns
from services.alerter.outbox.driver_statements import RowStatement, upsert_rows
from services.alerter.outbox.statements import any_of, insert_into, written_out
from services.alerter.outbox.tables import UtcMoment, alerts, destinations, lanes

OFF_LOOK = timedelta(hours=1)
"""How often what waits for a channel that is off is come across; switching it on makes all of it due."""
_FIELDS = ("failures", "failing_since", "last_failed_at", "closed_until", "turn_at", "off_at", "off_because")
DESTINATION = tuple(destinations.c[name] for name in _FIELDS)
"""The columns that `state_of` reads; all null where nothing is known of a receiver."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How one attempt ended, for what it says of the receiver."""

    channel: str
    answer: ChannelAnswer
    at: datetime
    probe: bool


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """A channel that has just been switched off."""

    channel: str
    because: str
    at: datetime


def state_of(row: Row[Any]) -> DestinationState:
    """The state in a row with the columns of DESTINATION."""
    if row.failures is None:
        return HEALTHY
    return DestinationState(**{name: getattr(row, name) for name in _FIELDS})


async def read_destinations(
    connection: AsyncConnection, channels: Collection[str] | None = None, *, lock: bool = False
) -> dict[str, DestinationState]:
    """What is known of `channels`, or of all: those of which nothing is are left out."""
    query = _ALL if channels is None else _SOME
    if lock and connection.dialect.name == "postgresql":
        query = query.with_for_update()
    found = await connection.execute(query, {"some": list(channels or ())})
    return {row.channel: state_of(row) for row in found}


_ALL = select(destinations).order_by(destinations.c.channel)
_SOME = _ALL.where(destinations.c.channel.in_(any_of("some")))


async def keep_turns(
    connection: AsyncConnection,
    chosen: Mapping[tuple[str, str], Row[Any]],
    limits: Mapping[str, Limits],
    limited: Collection[str],
    probed: Collection[str],
    now: datetime,
    leased_until: datetime,
) -> dict[tuple[str, str], Row[Any]]:
    """Book the turns of the channels in `limited` and the probes of those in `probed` among the lanes in `chosen`; what
    is left of `chosen` where another alerter has booked a moment before."""
    concerned = {*limited, *probed}
    await _ensure(connection, concerned)
    states = await read_destinations(connection, concerned, lock=True)
    kept: dict[tuple[str, str], Row[Any]] = {}
    sent: dict[str, int] = {}
    for lane, row in chosen.items():
        channel = row.channel
        if channel in concerned:
            state = states[channel]
            if state.off_at is not None or (state.closed_until is not None and state.closed_until > now):
                continue
            turn = turns(state, limits.get(channel, Limits()), now)
            if turn is not None and sent.get(channel, 0) >= turn:
                continue
            sent[channel] = sent.get(channel, 0) + 1
        kept[lane] = row
    for channel, number in sent.items():
        state = states[channel]
        values: dict[str, Any] = {"turn_at": turn_after(state, limits.get(channel, Limits()), number, now)}
        if channel in probed:
            # Nobody else asks while the probe is under way; where its worker dies, somebody asks after the lease.
            values["closed_until"] = leased_until
        await connection.execute(update(destinations).where(destinations.c.channel == channel).values(values))
    return kept


async def judge(connection: AsyncConnection, ended: Iterable[Ended], limits: Mapping[str, Limits]) -> list[SwitchedOff]:
    """Keep what `ended` attempts, first to last, say of their receivers: the channels that are switched off by it.

    What waits for a receiver that has recovered is due at once.
    """
    attempts = list(ended)
    failed = {one.channel for one in attempts if one.answer.outcome is not DeliveryOutcome.ACCEPTED}
    if failed:
        await _ensure(connection, failed)
    # A receiver that has always taken everything has no row, and needs none.
    states = await read_destinations(connection, {one.channel for one in attempts}, lock=True)
    before = dict(states)
    for one in attempts:
        if one.channel in states:
            limit = limits.get(one.channel, Limits())
            states[one.channel] = after_attempt(states[one.channel], limit, one.answer, one.at, probe=one.probe)
    changed = {name: state for name, state in states.items() if before[name] != state}
    if changed:
        await _keep(connection, changed)
    switched, moved = [], []
    for name, state in changed.items():
        was = before[name]
        if was.closed_until is not None and was.closed_until != state.closed_until:
            now = max(one.at for one in attempts if one.channel == name)
            moved.append({"of_channel": name, "was": was.closed_until, "until": state.closed_until or now, "now": now})
        if was.broken and not state.broken and state.off_at is None:
            await due_at_once(connection, name, max(one.at for one in attempts if one.channel == name))
        if state.off_at is not None and was.off_at is None:
            switched.append(SwitchedOff(name, state.off_because, state.off_at))
    await _MOVE.run(connection, moved)
    return switched


async def put_off(connection: AsyncConnection, now: datetime) -> None:
    """Have what is due for receivers that are left alone be due when that ends, so that whoever looks for what is due
    does not come across it again and again, however much waits for those that are dead."""
    await connection.execute(_PUT_OFF, {"now": now, "off_until": now + OFF_LOOK})


async def end_probe(connection: AsyncConnection, channel: str, now: datetime) -> None:
    """Let `channel` be asked again at once, since the alert that it was asked with was not sent."""
    until = await connection.scalar(select(destinations.c.closed_until).where(destinations.c.channel == channel))
    await connection.execute(update(destinations).where(destinations.c.channel == channel).values(closed_until=now))
    if until is not None:
        await _MOVE.run(connection, [{"of_channel": channel, "was": until, "until": now, "now": now}])


_NOW = bindparam("now", type_=UtcMoment)
_IS_OFF = destinations.c.off_at.is_not(None)
_PUT_OFF = (
    update(alerts)
    .where(
        alerts.c.status == written_out(AlertStatus.PENDING),
        alerts.c.next_attempt_at <= _NOW,
        destinations.c.channel == alerts.c.channel,
        or_(_IS_OFF, destinations.c.closed_until > _NOW),
    )
    .values(next_attempt_at=case((_IS_OFF, bindparam("off_until", type_=UtcMoment)), else_=destinations.c.closed_until))
)
_MOVE = RowStatement(
    lambda dialect: (
        update(alerts)
        .where(
            alerts.c.channel == bindparam("of_channel"),
            alerts.c.status == written_out(AlertStatus.PENDING),
            alerts.c.next_attempt_at == bindparam("was"),
            alerts.c.incident_id.not_in(
                select(lanes.c.incident_id).where(
                    lanes.c.channel == bindparam("of_channel"), lanes.c.leased_until > _NOW
                )
            ),
        )
        .values(next_attempt_at=bindparam("until"))
    )
)
"""What was put off until the end of one rest is put off until the end of the next."""


async def switch_off(connection: AsyncConnection, channel: str, because: str, now: datetime) -> bool:
    """Send nothing to `channel` until it is switched on; False where it is off already."""
    await _ensure(connection, {channel})
    changed = await connection.execute(
        update(destinations)
        .where(destinations.c.channel == channel, destinations.c.off_at.is_(None))
        .values(off_at=now, off_because=because)
    )
    return changed.rowcount == 1


async def switch_on(connection: AsyncConnection, channel: str, now: datetime) -> int:
    """Send to `channel` again, its failures forgotten: how many alerts wait for it, all due at once now."""
    await _ensure(connection, {channel})
    cleared = {"failing_since": None, "last_failed_at": None, "closed_until": None, "off_at": None, "off_because": ""}
    await connection.execute(
        update(destinations).where(destinations.c.channel == channel).values(failures=0, **cleared)
    )
    await due_at_once(connection, channel, now)
    waiting = select(func.count()).where(alerts.c.channel == channel, alerts.c.status == AlertStatus.PENDING)
    return await connection.scalar(waiting) or 0


async def due_at_once(connection: AsyncConnection, channel: str, now: datetime) -> None:
    """Have everything that waits for `channel` sent now, but for what is under way."""
    leased = select(lanes.c.incident_id).where(lanes.c.channel == channel, lanes.c.leased_until > now)
    await connection.execute(
        update(alerts)
        .where(
            alerts.c.channel == channel,
            alerts.c.status == AlertStatus.PENDING,
            alerts.c.next_attempt_at > now,
            alerts.c.incident_id.not_in(leased),
        )
        .values(next_attempt_at=now)
    )


async def _ensure(connection: AsyncConnection, channels: Collection[str]) -> None:
    rows = [{"channel": name, "failures": 0, "off_because": ""} for name in sorted(channels)]
    await _ENSURE.run(connection, rows)


_ENSURE = RowStatement(
    lambda dialect: insert_into(destinations, dialect).on_conflict_do_nothing(index_elements=["channel"])
)


async def _keep(connection: AsyncConnection, states: Mapping[str, DestinationState]) -> None:
    """Write all but the turn, which claims alone write."""
    names = [name for name in _FIELDS if name != "turn_at"]
    rows = [{"channel": key} | {name: getattr(states[key], name) for name in names} for key in sorted(states)]
    await upsert_rows(connection, destinations, rows, names)
