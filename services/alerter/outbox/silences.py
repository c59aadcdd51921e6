"""Silences in the store: who put which, until when, and who ended one early."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Silence
from schemas.vocabulary import DecisionReason
from services.alerter.outbox.tables import silences
from services.alerter.outbox.waiting import make_due


@dataclass(frozen=True, slots=True)
class KeptSilence:
    """A silence as it is kept."""

    silence: Silence
    added_at: datetime
    ended_at: datetime | None
    """When somebody ended it, before its time; None where nobody did."""
    ended_by: str | None

    def in_force(self, at: datetime) -> bool:
        """Whether it silences at the moment `at`."""
        return self.ended_at is None and self.silence.starts <= at < self.silence.until

    def over(self, at: datetime) -> bool:
        """Whether it will never silence again."""
        return self.ended_at is not None or self.silence.until <= at


async def add_silence(connection: AsyncConnection, silence: Silence, now: datetime) -> None:
    """Keep `silence`, whose id must be new."""
    row = {
        "silence_id": silence.silence_id,
        "written": silence.model_dump_json(),
        "until": silence.until,
        "added_at": now,
    }
    await connection.execute(silences.insert(), row)


async def end_silence(connection: AsyncConnection, silence_id: str, author: str, now: datetime) -> bool:
    """End a silence before its time; what waited for it is decided again at once. False where there is none that is
    not over."""
    ended = await connection.execute(
        update(silences)
        .where(silences.c.silence_id == silence_id, silences.c.ended_at.is_(None), silences.c.until > now)
        .values(ended_at=now, ended_by=author)
    )
    if ended.rowcount == 0:
        return False
    await make_due(connection, DecisionReason.SILENCED, now)
    return True


async def known_silences(connection: AsyncConnection, at: datetime | None = None) -> list[KeptSilence]:
    """Every silence, oldest first; with `at`, those that are not over then."""
    query = select(silences).order_by(silences.c.position)
    if at is not None:
        query = query.where(silences.c.ended_at.is_(None), silences.c.until > at)
    return [
        KeptSilence(Silence.model_validate_json(row.written), row.added_at, row.ended_at, row.ended_by)
        for row in await connection.execute(query)
    ]


async def silences_version(connection: AsyncConnection) -> tuple[int, int]:
    """Something that differs whenever a silence was added or ended."""
    added, ended = (await connection.execute(select(func.count(), func.count(silences.c.ended_at)))).one()
    return added, ended
