"""What waits in the store: who is not told of what yet, when it is decided again, and what was told lately."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Incident, IncidentFamily, SeverityLevel
from schemas.vocabulary import DecisionReason, PlacePrecision
from services.alerter.outbox.statements import any_of, upsert
from services.alerter.outbox.tables import told_lately, waiting, waiting_incidents
from services.alerter.policy.inhibition import Area, Standing
from services.alerter.policy.pacing import OUTLOOK, Release, ToldLately, Waiting

CHUNK = 500
"""Ids in one query."""


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """Something that waits, as it is kept."""

    waiting: Waiting
    occasion: int
    """How often its revision has been decided: the number of the next decision on it."""


@dataclass(frozen=True, slots=True)
class WaitingIncident:
    """The newest revision of an incident of which something waits."""

    incident: Incident
    traceparent: str
    """Of the message that brought it; empty where it had none."""
    appended_at: datetime


@dataclass(frozen=True, slots=True)
class Listed:
    """Something that waits, for people to see."""

    subscription: str
    incident: Incident
    waiting: Waiting


async def lock_incidents(connection: AsyncConnection, incident_ids: Collection[str]) -> None:
    """Keep other alerters from deciding on `incident_ids` until this transaction ends.

    A revision and what is due of the same incident are decided in different loops, and both read what was told before
    they write it. SQLite's transactions follow each other anyway.
    """
    if connection.dialect.name == "postgresql" and incident_ids:
        lock = text(
            "SELECT pg_advisory_xact_lock(number) FROM (SELECT DISTINCT hashtextextended(id, 1) AS number "
            "FROM unnest(CAST(:ids AS text[])) AS id ORDER BY number) AS numbers"
        )
        await connection.execute(lock, {"ids": list(incident_ids)})


_OF_INCIDENTS = select(waiting).where(waiting.c.incident_id.in_(any_of("some")))


async def read_waiting(connection: AsyncConnection, incident_ids: Sequence[str]) -> dict[str, dict[str, WaitingRow]]:
    """What waits of each of `incident_ids`, by incident and subscription."""
    found: dict[str, dict[str, WaitingRow]] = {}
    for row in await connection.execute(_OF_INCIDENTS, {"some": list(incident_ids)}):
        found.setdefault(row.incident_id, {})[row.subscription] = WaitingRow(_waiting(row), row.occasion)
    return found


async def write_waiting(
    connection: AsyncConnection,
    changes: Mapping[tuple[str, str], WaitingRow | None],
    taken_back: Collection[tuple[str, str]],
    now: datetime,
) -> None:
    """Keep `changes`, by subscription and incident; None where nothing waits any more.

    `taken_back` are subscriptions with incidents of which something was taken back: what waited under those is due.
    """
    gone = [{"of": name, "about": incident_id} for (name, incident_id), row in changes.items() if row is None]
    if gone:
        await connection.execute(_FORGET, gone)
    kept = [
        {
            "subscription": name,
            "incident_id": incident_id,
            "revision": row.waiting.revision,
            "reason": row.waiting.reason,
            "because": row.waiting.because,
            "since": row.waiting.since,
            "due_at": row.waiting.due,
            "under": row.waiting.under,
            "occasion": row.occasion,
            "released_by": row.waiting.released and row.waiting.released.author,
            "released_because": row.waiting.released and row.waiting.released.because,
        }
        for (name, incident_id), row in changes.items()
        if row is not None
    ]
    if kept:
        replaced = tuple(name for name in kept[0] if name not in ("subscription", "incident_id"))
        await connection.execute(upsert(waiting, connection.dialect.name, replaced), kept)
    if taken_back:
        rows = [{"of": name, "parent": incident_id, "moment": now} for name, incident_id in taken_back]
        await connection.execute(_FREE, rows)
        await connection.execute(_NOT_TOLD, [{"of": name, "about": incident_id} for name, incident_id in taken_back])


_FORGET = delete(waiting).where(waiting.c.subscription == bindparam("of"), waiting.c.incident_id == bindparam("about"))
_FREE = (
    update(waiting)
    .where(waiting.c.subscription == bindparam("of"), waiting.c.under == bindparam("parent"))
    .values(due_at=bindparam("moment"))
)
_NOT_TOLD = delete(told_lately).where(
    told_lately.c.subscription == bindparam("of"), told_lately.c.incident_id == bindparam("about")
)


async def keep_incidents(connection: AsyncConnection, incidents: Mapping[str, WaitingIncident | None]) -> None:
    """Keep the newest revisions of incidents of which something waits; None where nothing does any more."""
    gone = [incident_id for incident_id, one in incidents.items() if one is None]
    if gone:
        await connection.execute(delete(waiting_incidents).where(waiting_incidents.c.incident_id.in_(gone)))
    rows = [
        {
            "incident_id": incident_id,
            "payload": one.incident.model_dump_json(),
            "traceparent": one.traceparent,
            "appended_at": one.appended_at,
        }
        for incident_id, one in incidents.items()
        if one is not None
    ]
    if rows:
        keeping = upsert(waiting_incidents, connection.dialect.name, ("payload", "traceparent", "appended_at"))
        await connection.execute(keeping, rows)


async def due_incidents(connection: AsyncConnection, now: datetime, limit: int) -> list[str]:
    """Ids of incidents of which something is due at `now`, what is due longest first; at most `limit`."""
    query = (
        select(waiting.c.incident_id)
        .where(waiting.c.due_at <= now)
        .group_by(waiting.c.incident_id)
        .order_by(func.min(waiting.c.due_at), waiting.c.incident_id)
        .limit(limit)
    )
    return list((await connection.execute(query)).scalars())


async def read_incidents(connection: AsyncConnection, incident_ids: Collection[str]) -> dict[str, WaitingIncident]:
    """The newest revisions of those of `incident_ids` of which something waits."""
    query = select(waiting_incidents).where(waiting_incidents.c.incident_id.in_(list(incident_ids)))
    return {
        row.incident_id: WaitingIncident(Incident.model_validate_json(row.payload), row.traceparent, row.appended_at)
        for row in await connection.execute(query)
    }


async def waiting_by_reason(connection: AsyncConnection) -> dict[DecisionReason, int]:
    """How much waits, by reason."""
    query = select(waiting.c.reason, func.count()).group_by(waiting.c.reason)
    return {DecisionReason(reason): number for reason, number in await connection.execute(query)}


async def list_waiting(
    connection: AsyncConnection, reasons: Collection[DecisionReason] = (), limit: int = 1000
) -> list[Listed]:
    """What waits, for one of `reasons` (any, where none is named), what is due next first; at most `limit`."""
    query = select(waiting, waiting_incidents.c.payload).join(
        waiting_incidents, waiting_incidents.c.incident_id == waiting.c.incident_id
    )
    if reasons:
        query = query.where(waiting.c.reason.in_(list(reasons)))
    rows = await connection.execute(query.order_by(waiting.c.due_at, waiting.c.subscription).limit(limit))
    return [Listed(row.subscription, Incident.model_validate_json(row.payload), _waiting(row)) for row in rows]


async def make_due(connection: AsyncConnection, reason: DecisionReason, now: datetime) -> int:
    """Have all that waits for `reason` decided again at once: how much that is."""
    done = await connection.execute(
        update(waiting).where(waiting.c.reason == reason, waiting.c.due_at > now).values(due_at=now)
    )
    return done.rowcount


async def release_held(
    connection: AsyncConnection, subscription: str, incident_id: str, revision: int, release: Release, now: datetime
) -> bool:
    """Have what `subscription` is not told of that revision decided again at once, as released from being held. False
    where it is not held, or in another revision: it was told, or there is news that nobody has vouched for."""
    done = await connection.execute(
        update(waiting)
        .where(
            waiting.c.subscription == subscription,
            waiting.c.incident_id == incident_id,
            waiting.c.revision == revision,
            waiting.c.reason == DecisionReason.HELD,
        )
        .values(due_at=now, released_by=release.author, released_because=release.because)
    )
    return bool(done.rowcount)


async def put_off(connection: AsyncConnection, incident_id: str, now: datetime, until: datetime) -> None:
    """Have what is due of an incident at `now` decided at `until`."""
    due = update(waiting).where(waiting.c.incident_id == incident_id, waiting.c.due_at <= now)
    await connection.execute(due.values(due_at=until))


async def read_lately(
    connection: AsyncConnection, subscriptions: Collection[str], now: datetime
) -> dict[str, list[ToldLately]]:
    """What `subscriptions` were told in the last OUTLOOK, oldest first."""
    found: dict[str, list[ToldLately]] = {}
    names = sorted(subscriptions)
    for start in range(0, len(names), CHUNK):
        query = (
            select(told_lately)
            .where(told_lately.c.subscription.in_(names[start : start + CHUNK]), told_lately.c.at > now - OUTLOOK)
            .order_by(told_lately.c.position)
        )
        for row in await connection.execute(query):
            found.setdefault(row.subscription, []).append(ToldLately(row.at, row.group_key, _standing(row)))
    return found


async def write_lately(connection: AsyncConnection, told: Sequence[tuple[str, ToldLately]], now: datetime) -> None:
    """Keep what was told, and forget what was told longer than OUTLOOK ago."""
    if not told:
        return
    await connection.execute(delete(told_lately).where(told_lately.c.at <= now - OUTLOOK))
    rows = [
        {"subscription": name, "at": one.at, "group_key": one.group, **_standing_row(one.standing)}
        for name, one in told
    ]
    await connection.execute(told_lately.insert(), rows)


def _standing_row(standing: Standing) -> dict[str, Any]:
    area = standing.area
    return {
        "incident_id": standing.incident_id,
        "family": standing.family,
        "severity": standing.severity,
        "precision": area and area.precision,
        "country": area and area.country,
        "division_code": area and area.division_code,
        "division": area and area.division,
        "lat": area and area.lat,
        "lon": area and area.lon,
        "as_of": standing.as_of,
        "killed_low": standing.killed_low,
        "killed_high": standing.killed_high,
        "perpetrators": json.dumps(sorted(standing.perpetrators), ensure_ascii=False),
    }


def _standing(row: Any) -> Standing:
    area = None
    if row.precision is not None:
        precision = PlacePrecision(row.precision)
        area = Area(precision, row.country, row.division_code, row.division, row.lat, row.lon)
    return Standing(
        row.incident_id,
        IncidentFamily(row.family),
        SeverityLevel(row.severity),
        area,
        row.as_of,
        row.killed_low or 0,
        row.killed_high,
        frozenset(json.loads(row.perpetrators or "[]")),
    )


def _waiting(row: Any) -> Waiting:
    released = None if row.released_by is None else Release(row.released_by, row.released_because or "")
    return Waiting(DecisionReason(row.reason), row.because, row.since, row.due_at, row.revision, row.under, released)
