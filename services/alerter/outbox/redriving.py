"""Putting back what was given up: in its lane, in order, with the same id, unless something newer was told since."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Alert, AlertStatus
from services.alerter.outbox import ledger
from services.alerter.outbox.giving_way import GivenWay, HeldBack, write_given_way
from services.alerter.outbox.tables import alerts, destinations, lanes


@dataclass(frozen=True, slots=True)
class Left:
    """An alert that was not put back."""

    alert_id: str
    because: str
    """Why, as one sentence."""


@dataclass(slots=True)
class Redriven:
    """What became of alerts that were to be sent again, by id."""

    put_back: list[str] = field(default_factory=list)
    """Dead ones that wait again."""
    brought_forward: list[str] = field(default_factory=list)
    """Waiting ones whose next attempt is due now instead of later."""
    given_way: list[Left] = field(default_factory=list)
    """Dead ones whose subscriber was told something newer since; they are superseded now."""
    left: list[Left] = field(default_factory=list)
    """Those that stay as they are."""


async def dead_since(connection: AsyncConnection, channel: str, since: datetime) -> list[str]:
    """Ids of the alerts of `channel` that were given up at `since` or later, in the order of the store."""
    query = (
        select(alerts.c.alert_id)
        .where(alerts.c.channel == channel, alerts.c.status == AlertStatus.DEAD, alerts.c.settled_at >= since)
        .order_by(alerts.c.position)
    )
    return list(await connection.scalars(query))


async def redrive(connection: AsyncConnection, alert_ids: Collection[str], now: datetime) -> Redriven:
    """Have `alert_ids` sent again.

    A waiting one is due at once; its automatic attempt is that one. A dead one goes back into its lane, and with it
    whatever else of its subscription is dead about the same incident, first to last: a later one alone would tell of a
    change from something that was never told. Where the subscription was told something newer since, it gives way.
    Where its lane has moved past it, it takes the next number, and names its old one.
    """
    result = Redriven()
    rows = {row.alert_id: row for row in await connection.execute(_asked(connection, alert_ids))}
    result.left += [Left(one, "There is no such alert.") for one in alert_ids if one not in rows]
    groups: dict[tuple[str, str], None] = {}
    for row in rows.values():
        if row.status == AlertStatus.DEAD:
            groups[row.incident_id, row.subscription] = None
        elif row.status != AlertStatus.PENDING:
            result.left.append(Left(row.alert_id, f"It is {row.status}."))
        elif row.leased_until is not None and row.leased_until >= now:
            result.left.append(Left(row.alert_id, "It is being sent at this moment."))
        else:
            await _bring_forward(connection, row.alert_id, now)
            result.brought_forward.append(row.alert_id)
    for incident_id, subscription in groups:
        await _put_back_group(connection, incident_id, subscription, now, result)
    return result


def _asked(connection: AsyncConnection, alert_ids: Collection[str]) -> Any:
    lane = and_(lanes.c.channel == alerts.c.channel, lanes.c.incident_id == alerts.c.incident_id)
    query = (
        select(alerts.c.alert_id, alerts.c.status, alerts.c.incident_id, alerts.c.subscription, lanes.c.leased_until)
        .join(lanes, lane)
        .where(alerts.c.alert_id.in_(list(alert_ids)))
        .order_by(alerts.c.position)
    )
    return query.with_for_update(of=lanes) if connection.dialect.name == "postgresql" else query


async def _bring_forward(connection: AsyncConnection, alert_id: str, now: datetime) -> None:
    await connection.execute(update(alerts).where(alerts.c.alert_id == alert_id).values(next_attempt_at=now))


async def _put_back_group(
    connection: AsyncConnection, incident_id: str, subscription: str, now: datetime, result: Redriven
) -> None:
    query = (
        select(alerts)
        .where(
            alerts.c.incident_id == incident_id,
            alerts.c.subscription == subscription,
            alerts.c.status != AlertStatus.SUPERSEDED,
        )
        .order_by(alerts.c.revision, alerts.c.position)
    )
    decided = (await connection.execute(query)).all()
    newest_seen = max(
        (number for number, row in enumerate(decided) if row.status == AlertStatus.DELIVERED or row.maybe_seen),
        default=-1,
    )
    waiting = max((number for number, row in enumerate(decided) if row.status == AlertStatus.PENDING), default=-1)
    moved = False
    for number, row in enumerate(decided):
        if row.status != AlertStatus.DEAD:
            continue
        if number < newest_seen:
            newer = f"Its subscriber was told revision {decided[newest_seen].revision} since"
            await _give_way(connection, row, f"{newer}, by {decided[newest_seen].alert_id}.", now, result)
            continue
        # Whatever follows one that takes a new number must take one too, or it would come before it.
        moved = moved or await _passed(connection, row)
        if moved and number < waiting:
            newer = f"{decided[waiting].alert_id}, which is newer, waits and cannot be overtaken any more."
            await _give_way(connection, row, f"Its lane has moved past it: {newer}", now, result)
            continue
        await _put_back(connection, row, now, anew=moved)
        result.put_back.append(row.alert_id)


async def _give_way(connection: AsyncConnection, row: Row[Any], because: str, now: datetime, result: Redriven) -> None:
    if row.maybe_seen:
        # It may have arrived, and what may have arrived must not be named as what will not come.
        result.left.append(Left(row.alert_id, because))
        return
    alert = Alert.model_validate_json(row.payload)
    held = HeldBack(
        alert_id=row.alert_id,
        subscription=row.subscription,
        channel=row.channel,
        incident_id=row.incident_id,
        revision=row.revision,
        sequence=row.sequence,
        attempts=row.attempts,
        supersedes=alert.supersedes,
        told_before=alert.told_before,
        digest=ledger.digest_of(row.payload),
    )
    await write_given_way(connection, [GivenWay(held, because)], now)
    result.given_way.append(Left(row.alert_id, because))


async def _passed(connection: AsyncConnection, row: Row[Any]) -> bool:
    """Whether the channel may have heard a later number of the lane."""
    later = select(func.count()).where(
        alerts.c.channel == row.channel,
        alerts.c.incident_id == row.incident_id,
        alerts.c.sequence > row.sequence,
        or_(alerts.c.status == AlertStatus.DELIVERED, alerts.c.maybe_seen),
    )
    return bool(await connection.scalar(later))


async def _put_back(connection: AsyncConnection, row: Row[Any], now: datetime, *, anew: bool) -> None:
    """Have `row` wait again; `anew` with the next number of its lane."""
    values: dict[str, Any] = {
        "status": AlertStatus.PENDING,
        "next_attempt_at": now,
        "settled_at": None,
        "reason": "",
        "redriven_after": row.attempts,
        "dead_published_at": None,
    }
    if anew:
        values |= await _renumbered(connection, row)
    await connection.execute(update(alerts).where(alerts.c.alert_id == row.alert_id).values(values))


async def _renumbered(connection: AsyncConnection, row: Row[Any]) -> dict[str, Any]:
    """The next number of the lane, and the alert with it; it is published anew, with the same id."""
    last = (
        update(lanes)
        .where(lanes.c.channel == row.channel, lanes.c.incident_id == row.incident_id)
        .values(last_sequence=lanes.c.last_sequence + 1)
        .returning(lanes.c.last_sequence)
    )
    sequence = (await connection.execute(last)).scalar_one()
    alert = Alert.model_validate_json(row.payload)
    named = tuple(sorted({*alert.supersedes, row.sequence}))
    moved = alert.model_copy(update={"sequence": sequence, "supersedes": named})
    return {"sequence": sequence, "payload": moved.model_dump_json(), "published_at": None}


@dataclass(frozen=True, slots=True)
class ChannelCounts:
    """What there is for one channel."""

    waiting: int = 0
    dead: int = 0


async def counts_by_channel(connection: AsyncConnection) -> dict[str, ChannelCounts]:
    """What waits and what is dead, for every channel that has either."""
    query = (
        select(alerts.c.channel, alerts.c.status, func.count().label("number"))
        .where(alerts.c.status.in_([AlertStatus.PENDING, AlertStatus.DEAD]))
        .group_by(alerts.c.channel, alerts.c.status)
    )
    found: dict[str, dict[str, int]] = {}
    for row in await connection.execute(query):
        found.setdefault(row.channel, {})[row.status] = row.number
    return {
        name: ChannelCounts(of.get(AlertStatus.PENDING, 0), of.get(AlertStatus.DEAD, 0)) for name, of in found.items()
    }


async def last_reasons(connection: AsyncConnection, channels: Collection[str]) -> dict[str, str]:
    """Why each of `channels` has not taken the newest of what waits for it and what was given up; those of which there
    is neither are left out."""
    found = {}
    for name in channels:
        query = select(alerts.c.reason).where(
            alerts.c.channel == name,
            alerts.c.status.in_([AlertStatus.PENDING, AlertStatus.DEAD]),
            alerts.c.reason != "",
        )
        reason = await connection.scalar(query.order_by(alerts.c.position.desc()).limit(1))
        if reason is not None:
            found[name] = reason
    return found


async def switched_off_among(connection: AsyncConnection, alert_ids: Sequence[str]) -> list[str]:
    """Channels of `alert_ids` that are switched off, by name: what was put back for them waits."""
    query = (
        select(alerts.c.channel)
        .join(destinations, destinations.c.channel == alerts.c.channel)
        .where(alerts.c.alert_id.in_(list(alert_ids)), destinations.c.off_at.is_not(None))
        .distinct()
        .order_by(alerts.c.channel)
    )
    return list(await connection.scalars(query))
