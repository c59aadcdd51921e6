"""Who is told of what, taken from the store: changes of subscriptions and silences take effect without a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas import Silence, Subscription
from services.alerter.deciding import Audience
from services.alerter.outbox.engine import Store, StoreUnavailableError
from services.alerter.outbox.silences import known_silences, silences_version
from services.alerter.outbox.subscribers import departed, last_change, subscriptions_in_force
from services.alerter.policy.matching import CompiledSubscription, compile_subscription
from services.alerter.policy.silencing import CompiledSilence, compile_silence
from services.alerter.waiting import wait_for_any
from services.conditions.conditions import ConditionError

log = structlog.get_logger()

POLL_SECONDS = 1.0
"""How often to look for a change."""
Version: TypeAlias = tuple[int, int, int]


async def version_of(connection: AsyncConnection) -> Version:
    """Something that differs whenever a subscription or a silence was changed."""
    added, ended = await silences_version(connection)
    return await last_change(connection), added, ended


async def load_audience(store: Store, channels: Collection[str], now: datetime) -> tuple[Audience, Version]:
    """Everybody who may have to be told, as the store has it, and the version that this is.

    Raises StoreUnavailableError. A condition that this version cannot read any more is left out and logged: better
    told once too often than not at all.
    """
    async with store.reading() as connection:
        version = await version_of(connection)
        current = await subscriptions_in_force(connection)
        left = await departed(connection)
        silences = [one.silence for one in await known_silences(connection, now)]

    def make() -> Audience:
        return Audience(
            [_compiled(one) for one in current],
            [_compiled(one) for one in left],
            frozenset(channels),
            [found for one in silences if (found := _compiled_silence(one)) is not None],
        )

    # Reading a hundred thousand conditions takes seconds, in which alerts go on.
    return await asyncio.to_thread(make), version


@dataclass(slots=True)
class Reloader:
    """Looks for changes until it is told to stop."""

    store: Store
    channels: Collection[str]
    now: Callable[[], datetime]
    version: Version
    """Of the audience in force."""
    changed: Callable[[Audience], None]
    """Given every new audience."""
    alive: Callable[[], None] = lambda: None
    """Told whenever the loop comes round."""
    open_channels: Callable[[Collection[str]], Awaitable[bool]] | None = None
    """Asked to open channels that subscriptions name and that are not open; gives whether it has opened any."""
    _pause: float = field(default=POLL_SECONDS)

    async def run(self, stop: asyncio.Event) -> None:
        """Look for changes until `stop` is set."""
        while not stop.is_set():
            self.alive()
            try:
                await self.look()
            except StoreUnavailableError as error:
                log.warning("reloading_holds", error=str(error))
            await wait_for_any(stop, seconds=self._pause)

    async def look(self) -> bool:
        """Take over what has changed; whether anything had. Raises StoreUnavailableError."""
        async with self.store.reading() as connection:
            version = await version_of(connection)
        if version == self.version:
            return False
        audience, self.version = await load_audience(self.store, self.channels, self.now())
        strangers = self._strangers(audience)
        if strangers and self.open_channels is not None and await self.open_channels(strangers):
            audience, self.version = await load_audience(self.store, self.channels, self.now())
            strangers = self._strangers(audience)
        self.changed(audience)
        log.info(
            "subscriptions_changed",
            subscriptions=len(audience.subscriptions),
            silences=len(audience.silences),
            channels_at_next_start=strangers,
        )
        return True

    def _strangers(self, audience: Audience) -> list[str]:
        return sorted({one.subscription.channel for one in audience.subscriptions} - set(self.channels))


def _compiled(one: Subscription) -> CompiledSubscription:
    try:
        return compile_subscription(one)
    except ConditionError as error:
        log.error("condition_unreadable", subscription=one.name, error=str(error))
        return compile_subscription(one.model_copy(update={"where": None}))


def _compiled_silence(one: Silence) -> CompiledSilence | None:
    try:
        return compile_silence(one)
    except ConditionError as error:
        log.error("condition_unreadable", silence=one.silence_id, error=str(error))
        return None
