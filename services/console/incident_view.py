"""The console's own view of the topic `incidents`: the newest revision of each, in a file that can be searched.

The topic is compacted and holds every incident for ever, so the view is on disk and not in memory. It is made from the
topic alone: where it is lost, or is not of this version, it is made anew.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    and_,
    event,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from schemas import Certainty, ClaimKind, Incident, IncidentStatus, IncidentType, SeverityLevel

VERSION = 2
"""Counts up when the tables change: a view of another version is made anew."""
MOST_MERGES = 50
"""Merges that are followed from one incident to what it became; a chain is a few long, and a circle never ends."""
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The clock of an incident whose articles have no date."""

_metadata = MetaData()
_incidents = Table(
    "incidents",
    _metadata,
    Column("incident_id", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("status", Text, nullable=False),
    Column("merged_into", Text),
    Column("type", Text, nullable=False),
    Column("country", Text),
    Column("severity", Integer, nullable=False),
    Column("certainty", Text, nullable=False),
    Column("killed", Integer, nullable=False),
    Column("as_of", BigInteger, nullable=False),
    Column("test", Boolean, nullable=False),
    Column("words", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Index("ix_incidents_as_of", "as_of", "incident_id"),
    Index("ix_incidents_merged_into", "merged_into"),
)
_regions = Table(
    "regions",
    _metadata,
    Column("region", Text, primary_key=True),
    Column("incident_id", Text, primary_key=True),
    Index("ix_regions_incident_id", "incident_id"),
)
_positions = Table(
    "positions",
    _metadata,
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("next_offset", BigInteger, nullable=False),
)


class CursorError(ValueError):
    """A cursor that this view did not give."""


@dataclass(frozen=True, slots=True)
class IncidentFilter:
    """Which incidents are asked for; what is left out is met by every one."""

    statuses: Collection[IncidentStatus] = (IncidentStatus.OPEN,)
    types: Collection[IncidentType] = ()
    countries: Collection[str] = ()
    """ISO 3166-1 alpha-2."""
    regions: Collection[str] = ()
    """Ids of regions, one of which must hold the place."""
    severity_at_least: SeverityLevel | None = None
    certainties: Collection[Certainty] = ()
    killed_at_least: int | None = None
    """People, compared with the low figure."""
    since: datetime | None = None
    until: datetime | None = None
    """Compared with the incident's own clock, `until` excluded."""
    text: str = ""
    """Words that must all be in its place, actors or headlines, letter case apart."""


@dataclass(frozen=True, slots=True)
class IncidentPage:
    """Some incidents, the newest first."""

    incidents: tuple[Incident, ...]
    next_cursor: str | None
    """What gives the page after this one; None where this is the last."""


class IncidentView:
    """The view, open. Close it when done."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def close(self) -> None:
        """Close the file."""
        await self._engine.dispose()

    async def positions(self, topic: str) -> dict[int, int]:
        """Partition of `topic` to the first offset that is not in the view."""
        async with self._engine.begin() as connection:
            found = await connection.execute(select(_positions).where(_positions.c.topic == topic))
            return {row.partition: row.next_offset for row in found}

    async def forget(self) -> None:
        """Empty the view, since the topic is not the one that it was made from."""
        async with self._engine.begin() as connection:
            for table in _metadata.sorted_tables:
                await connection.execute(table.delete())

    async def take(
        self,
        revisions: Sequence[Incident],
        topic: str,
        positions: Mapping[int, int],
        removed: Collection[str] = (),
    ) -> None:
        """Keep `revisions` (a later one of an incident in the place of an earlier one), and of the incidents in
        `removed` nothing, read up to `positions`."""
        newest: dict[str, Incident] = {}
        for incident in revisions:
            known = newest.get(incident.incident_id)
            if known is None or incident.revision >= known.revision:
                newest[incident.incident_id] = incident
        async with self._engine.begin() as connection:
            if removed:
                for table in (_incidents, _regions):
                    await connection.execute(table.delete().where(table.c.incident_id.in_(list(removed))))
            held = select(_incidents.c.incident_id, _incidents.c.revision).where(
                _incidents.c.incident_id.in_(list(newest))
            )
            for incident_id, revision in (await connection.execute(held)).all():
                if newest[incident_id].revision < revision:
                    del newest[incident_id]
            if newest:
                for table in (_incidents, _regions):
                    await connection.execute(table.delete().where(table.c.incident_id.in_(list(newest))))
                await connection.execute(_incidents.insert(), [_row(incident) for incident in newest.values()])
                placed = [
                    {"region": region, "incident_id": incident.incident_id}
                    for incident in newest.values()
                    for region in set(incident.regions)
                ]
                if placed:
                    await connection.execute(_regions.insert(), placed)
            insert = sqlite.insert(_positions)
            moved = insert.on_conflict_do_update(
                index_elements=["topic", "partition"], set_={"next_offset": insert.excluded.next_offset}
            )
            rows = [{"topic": topic, "partition": at, "next_offset": offset} for at, offset in positions.items()]
            if rows:
                await connection.execute(moved, rows)

    async def page(self, asked: IncidentFilter, cursor: str | None, limit: int) -> IncidentPage:
        """The newest incidents that meet `asked`, from `cursor` on, at most `limit`.

        Newest by their own clock, the publication of the newest article in them. Raises CursorError where `cursor` is
        none that this method gave.
        """
        query = select(_incidents.c.payload, _incidents.c.as_of, _incidents.c.incident_id).where(*_conditions(asked))
        if cursor is not None:
            as_of, incident_id = _read_cursor(cursor)
            older = or_(
                _incidents.c.as_of < as_of,
                and_(_incidents.c.as_of == as_of, _incidents.c.incident_id > incident_id),
            )
            query = query.where(older)
        query = query.order_by(_incidents.c.as_of.desc(), _incidents.c.incident_id).limit(limit + 1)
        async with self._engine.begin() as connection:
            rows = (await connection.execute(query)).all()
        last = rows[limit - 1] if len(rows) > limit else None
        return IncidentPage(
            tuple(Incident.from_bytes(row.payload) for row in rows[:limit]),
            None if last is None else _write_cursor(last.as_of, last.incident_id),
        )

    async def get(self, incident_id: str) -> Incident | None:
        """The newest revision of that incident, merged or not; None where there is none."""
        async with self._engine.begin() as connection:
            return await _get(connection, incident_id)

    async def resolve(self, incident_id: str) -> tuple[Incident, ...]:
        """That incident and those that it was merged into, one into the next; empty where there is none.

        The last is what it is now.
        """
        path: list[Incident] = []
        async with self._engine.begin() as connection:
            wanted: str | None = incident_id
            while wanted is not None and len(path) < MOST_MERGES:
                found = await _get(connection, wanted)
                if found is None or any(found.incident_id == one.incident_id for one in path):
                    break
                path.append(found)
                wanted = found.merged_into if found.status is IncidentStatus.MERGED else None
        return tuple(path)

    async def merged_into(self, incident_id: str) -> list[str]:
        """Ids of the incidents that were merged into that one, directly."""
        query = select(_incidents.c.incident_id).where(_incidents.c.merged_into == incident_id)
        async with self._engine.begin() as connection:
            return [found for (found,) in await connection.execute(query.order_by(_incidents.c.incident_id))]

    async def count(self, asked: IncidentFilter) -> int:
        """How many incidents meet `asked`."""
        async with self._engine.begin() as connection:
            found = await connection.scalar(select(func.count()).select_from(_incidents).where(*_conditions(asked)))
        return found or 0

    async def newest_clock(self) -> datetime | None:
        """The clock of the newest incident; None where there is none."""
        async with self._engine.begin() as connection:
            found = await connection.scalar(select(func.max(_incidents.c.as_of)).where(_incidents.c.test.is_(False)))
        return datetime.fromtimestamp(found, UTC) if found else None


async def open_view(path: Path) -> IncidentView:
    """The view in the file `path`, made where there is none or where it is of another version. One process at a time
    may have it open."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    engine = _engine(path)
    if await _version_of(engine) not in (0, VERSION):
        await engine.dispose()
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        engine = _engine(path)
    async with engine.begin() as connection:
        await connection.run_sync(_metadata.create_all)
        await connection.exec_driver_sql(f"PRAGMA user_version = {VERSION}")
    return IncidentView(engine)


async def _version_of(engine: AsyncEngine) -> int | None:
    """The version of the tables in the file; 0 for a new one, None where the file cannot be read."""
    try:
        async with engine.begin() as connection:
            return int((await connection.exec_driver_sql("PRAGMA user_version")).scalar_one())
    except DatabaseError:
        return None


def _engine(path: Path) -> AsyncEngine:
    os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}")

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        # What a power cut takes is read again from the topic.
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine


async def _get(connection: AsyncConnection, incident_id: str) -> Incident | None:
    payload = await connection.scalar(select(_incidents.c.payload).where(_incidents.c.incident_id == incident_id))
    return None if payload is None else Incident.from_bytes(payload)


def _row(incident: Incident) -> dict[str, Any]:
    place = incident.place
    words = [
        *([place.name, place.admin1 or ""] if place is not None else ()),
        *(name for actor in incident.perpetrators for name in (actor.name, *actor.aliases)),
        *(source.title for source in incident.sources),
        incident.type.replace("_", " "),
    ]
    return {
        "incident_id": incident.incident_id,
        "revision": incident.revision,
        "status": incident.status,
        "merged_into": incident.merged_into,
        "type": incident.type,
        "country": place.country if place is not None else None,
        "severity": incident.severity.level.rank,
        "certainty": incident.certainty,
        "killed": incident.toll.minimum(ClaimKind.KILLED),
        "as_of": int((incident.as_of or NEVER).timestamp()),
        "test": incident.test,
        "words": "\n".join(words).casefold(),
        "payload": incident.to_bytes(),
    }


def _conditions(asked: IncidentFilter) -> list[Any]:
    # Nobody has a use for a list in which what Tocsin made up stands beside what happened.
    found: list[Any] = [_incidents.c.test.is_(False)]
    if asked.statuses:
        found.append(_incidents.c.status.in_(list(asked.statuses)))
    if asked.types:
        found.append(_incidents.c.type.in_(list(asked.types)))
    if asked.countries:
        found.append(_incidents.c.country.in_(list(asked.countries)))
    if asked.regions:
        inside = exists().where(
            _regions.c.incident_id == _incidents.c.incident_id, _regions.c.region.in_(list(asked.regions))
        )
        found.append(inside)
    if asked.severity_at_least is not None:
        found.append(_incidents.c.severity >= asked.severity_at_least.rank)
    if asked.certainties:
        found.append(_incidents.c.certainty.in_(list(asked.certainties)))
    if asked.killed_at_least is not None:
        found.append(_incidents.c.killed >= asked.killed_at_least)
    if asked.since is not None:
        found.append(_incidents.c.as_of >= int(asked.since.timestamp()))
    if asked.until is not None:
        found.append(_incidents.c.as_of < int(asked.until.timestamp()))
    found += [_incidents.c.words.contains(word, autoescape=True) for word in asked.text.casefold().split()]
    return found


def _write_cursor(as_of: int, incident_id: str) -> str:
    return base64.urlsafe_b64encode(json.dumps([as_of, incident_id]).encode()).decode().rstrip("=")


def _read_cursor(cursor: str) -> tuple[int, str]:
    try:
        as_of, incident_id = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError, TypeError) as error:
        raise CursorError("this is no cursor that a page of incidents gave") from error
    if not isinstance(as_of, int) or not isinstance(incident_id, str):
        raise CursorError("this is no cursor that a page of incidents gave")
    return as_of, incident_id
