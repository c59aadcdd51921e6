"""Subscriptions are remembered from start to start, with every change; who was told is not forgotten."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import select

from schemas import Subscription
from services.alerter.outbox.engine import Store
from services.alerter.outbox.subscribers import (
    StaleVersionError,
    departed,
    put_subscription,
    remember,
    take_out_subscription,
    version_of_subscription,
)
from services.alerter.outbox.tables import subscription_changes
from tests.alerter.incidents import NOON, subscription
from tests.alerter.outboxes import decided, on_channel, rising

DESK = on_channel("a").subscription
OTHER = subscription(name="other", killed_at_least=5)


async def start(store: Store, *current: Subscription, days: int = 0) -> tuple[int, list[str]]:
    async with store.transaction() as connection:
        changes = await remember(connection, current, NOON + timedelta(days=days))
        return changes, [one.name for one in await departed(connection)]


async def test_a_subscription_that_was_told_and_has_left_is_still_known(store: Store) -> None:
    assert await start(store, DESK, OTHER) == (2, [])
    await decided(store, rising("i", 1), on_channel("a"))
    assert await start(store, OTHER) == (1, [DESK.name])
    assert await start(store) == (1, [DESK.name])


async def test_one_that_comes_back_is_a_subscriber_again(store: Store) -> None:
    await start(store, DESK)
    await decided(store, rising("i", 1), on_channel("a"))
    await start(store)
    assert await start(store, DESK) == (1, [])


async def test_every_change_is_kept_and_an_unchanged_start_is_none(store: Store) -> None:
    await start(store, OTHER)
    assert await start(store, OTHER, days=1) == (0, [])
    stricter = OTHER.model_copy(update={"killed_at_least": 50})
    await start(store, stricter, days=2)
    await start(store, days=3)
    async with store.transaction() as connection:
        rows = (await connection.execute(select(subscription_changes))).all()
    assert [(row.at - NOON).days for row in rows] == [0, 2, 3]
    assert [row.written and Subscription.model_validate_json(row.written) for row in rows] == [OTHER, stricter, None]


async def test_of_many_who_change_one_from_the_same_version_at_once_only_the_first_does(store: Store) -> None:
    async with store.transaction() as connection:
        await put_subscription(connection, OTHER, NOON, "Awa")
        seen = await version_of_subscription(connection, "other")

    async def change(killed: int) -> int | None:
        changed = OTHER.model_copy(update={"killed_at_least": killed})
        try:
            async with store.transaction() as connection:
                await put_subscription(connection, changed, NOON, "Ben", seen)
        except StaleVersionError:
            return None
        return killed

    done = [one for one in await asyncio.gather(*map(change, range(10, 16))) if one is not None]
    assert len(done) == 1
    async with store.transaction() as connection:
        written = (await connection.execute(select(subscription_changes.c.written))).scalars().all()
        with pytest.raises(StaleVersionError, match="meanwhile"):
            await take_out_subscription(connection, "other", NOON, "Cleo", seen)
    kept = [Subscription.model_validate_json(one).killed_at_least for one in written if one]
    assert kept == [OTHER.killed_at_least, *done]
