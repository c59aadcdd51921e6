"""Who is subscribed, kept from start to start: whoever was told of something is owed its correction, even after
leaving."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, exists, func, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Subscription
from services.alerter.outbox.tables import subscribers, subscription_changes, told


class Origin(StrEnum):
    """Where a subscription is written; each place rules over its own alone."""

    FILE = "file"
    """rules/subscriptions.yaml."""
    API = "api"
    """The console and its HTTP API."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A subscription that is added, changed or taken out."""

    name: str
    before: Subscription | None
    """None where it is added."""
    after: Subscription | None
    """None where it is taken out."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that change, in the order of the model; none where it is added or taken out."""
        if self.before is None or self.after is None:
            return ()
        names = type(self.after).model_fields
        return tuple(name for name in names if getattr(self.before, name) != getattr(self.after, name))


async def differences(
    connection: AsyncConnection, wanted: Iterable[Subscription], origin: Origin = Origin.FILE
) -> list[Difference]:
    """What would change if `wanted` were all the subscriptions of `origin`: those added or changed in the order of
    `wanted`, then those taken out, by name. One of another origin with the same name changes hands."""
    known = {row.name: row for row in await connection.execute(select(subscribers))}
    current = {
        name: Subscription.model_validate_json(row.written) for name, row in known.items() if row.left_at is None
    }
    present = {one.name: one for one in wanted}
    found = [
        Difference(name, current.get(name), one)
        for name, one in present.items()
        if current.get(name) != one or known[name].origin != origin
    ]
    gone = sorted(name for name in current if name not in present and known[name].origin == origin)
    return found + [Difference(name, current[name], None) for name in gone]


async def apply_differences(
    connection: AsyncConnection,
    changes: Sequence[Difference],
    now: datetime,
    author: str | None = None,
    origin: Origin = Origin.FILE,
) -> None:
    """Make `changes`, and keep each with who made it and when."""
    if not changes:
        return
    rows = [
        {"name": one.name, "written": one.after and one.after.model_dump_json(), "at": now, "author": author}
        for one in changes
    ]
    await connection.execute(subscription_changes.insert(), rows)
    gone = [one.name for one in changes if one.after is None]
    if gone:
        await connection.execute(update(subscribers).where(subscribers.c.name.in_(gone)).values(left_at=now))
    kept = [
        {"name": one.name, "written": one.after.model_dump_json(), "origin": origin}
        for one in changes
        if one.after is not None
    ]
    if kept:
        insert = (
            postgresql.insert(subscribers) if connection.dialect.name == "postgresql" else sqlite.insert(subscribers)
        )
        await connection.execute(
            insert.on_conflict_do_update(
                index_elements=["name"],
                set_={"written": insert.excluded.written, "origin": insert.excluded.origin, "left_at": None},
            ),
            kept,
        )


async def remember(
    connection: AsyncConnection, current: Iterable[Subscription], now: datetime, author: str | None = None
) -> int:
    """Keep `current` as the subscriptions of the file; those that are not among them have left. The number of
    subscriptions that are new, changed, back or gone, each of which is kept as a change."""
    changes = await differences(connection, current)
    await apply_differences(connection, changes, now, author)
    return len(changes)


async def put_subscription(
    connection: AsyncConnection,
    subscription: Subscription,
    now: datetime,
    author: str | None,
    version: int | None = None,
) -> Difference | None:
    """Add or change one subscription, which the API then rules over: what changed; None where nothing does.

    `version` is the one that the change was made from, where that matters. Raises FileRulesError where the file has one
    of that name, and StaleVersionError where it has another version by now.
    """
    row = await _current(connection, subscription.name, version)
    before = None if row is None else Subscription.model_validate_json(row.written)
    if before == subscription:
        return None
    change = Difference(subscription.name, before, subscription)
    await apply_differences(connection, [change], now, author, Origin.API)
    return change


async def take_out_subscription(
    connection: AsyncConnection, name: str, now: datetime, author: str | None, version: int | None = None
) -> Difference | None:
    """Take out one subscription of the API: what changed; None where there is none of that name.

    Raises FileRulesError where it stands in the file, and StaleVersionError where it is not of `version` any more.
    """
    row = await _current(connection, name, version)
    if row is None:
        return None
    change = Difference(name, Subscription.model_validate_json(row.written), None)
    await apply_differences(connection, [change], now, author, Origin.API)
    return change


class FileRulesError(ValueError):
    """A subscription that stands in rules/subscriptions.yaml is changed there, or the next start would undo it."""


class StaleVersionError(ValueError):
    """Somebody has changed the subscription since: another change made from the old version would undo theirs."""


async def version_of_subscription(connection: AsyncConnection, name: str) -> int:
    """The position of the newest change of a subscription; 0 where there is none."""
    query = select(func.max(subscription_changes.c.position)).where(subscription_changes.c.name == name)
    return await connection.scalar(query) or 0


async def _current(connection: AsyncConnection, name: str, version: int | None) -> Row[Any] | None:
    if connection.dialect.name == "postgresql":
        # Whoever changes the same one waits here; SQLite's transactions follow each other anyway.
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 2))"), {"name": name})
    if version is not None and version != await version_of_subscription(connection, name):
        raise StaleVersionError(
            f"Somebody has changed the subscription {name} meanwhile: look at it as it is, and change it again."
        )
    query = select(subscribers).where(subscribers.c.name == name, subscribers.c.left_at.is_(None))
    row = (await connection.execute(query)).one_or_none()
    if row is not None and row.origin == Origin.FILE:
        raise FileRulesError(
            f"The subscription {name} stands in rules/subscriptions.yaml: change it there, and call "
            "`tocsin subscriptions apply`."
        )
    return row


async def subscriptions_in_force(connection: AsyncConnection) -> list[Subscription]:
    """Every subscription that has not left, by name."""
    query = select(subscribers.c.written).where(subscribers.c.left_at.is_(None)).order_by(subscribers.c.name)
    return [Subscription.model_validate_json(written) for (written,) in await connection.execute(query)]


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


async def last_change(connection: AsyncConnection) -> int:
    """The position of the newest change of a subscription; 0 where there is none."""
    return await connection.scalar(select(func.max(subscription_changes.c.position))) or 0
