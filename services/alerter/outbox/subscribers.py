"""Who is subscribed, kept from start to start: whoever was told of something is owed its correction, even after
leaving."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import exists, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Subscription
from services.alerter.outbox.tables import subscribers, subscription_changes, told


async def remember(connection: AsyncConnection, current: Iterable[Subscription], now: datetime) -> int:
    """Keep `current` as the subscriptions that there are; those that are not among them have left. The number of
    subscriptions that are new, changed, back or gone, each of which is kept as a change."""
    known = {row.name: row for row in await connection.execute(select(subscribers))}
    present = {one.name: one.model_dump_json() for one in current}
    changes = [
        {"name": name, "written": written, "at": now}
        for name, written in present.items()
        if name not in known or known[name].written != written or known[name].left_at is not None
    ]
    gone = [name for name, row in known.items() if name not in present and row.left_at is None]
    changes += [{"name": name, "written": None, "at": now} for name in gone]
    if changes:
        await connection.execute(subscription_changes.insert(), changes)
    if gone:
        await connection.execute(update(subscribers).where(subscribers.c.name.in_(gone)).values(left_at=now))
    if present:
        insert = (
            postgresql.insert(subscribers) if connection.dialect.name == "postgresql" else sqlite.insert(subscribers)
        )
        kept = insert.on_conflict_do_update(
            index_elements=["name"], set_={"written": insert.excluded.written, "left_at": None}
        )
        await connection.execute(kept, [{"name": name, "written": text} for name, text in present.items()])
    return len(changes)


async def departed(connection: AsyncConnection) -> list[Subscription]:
    """Subscriptions that have left and were told of something that could still prove wrong, by name."""
    query = (
        select(subscribers.c.written)
        .where(
            subscribers.c.left_at.is_not(None),
            exists().where(told.c.subscription == subscribers.c.name),
        )
        .order_by(subscribers.c.name)
    )
    return [Subscription.model_validate_json(written) for (written,) in await connection.execute(query)]
