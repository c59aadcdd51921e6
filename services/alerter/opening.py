"""Opening channels that were written into the rules file while the alerter runs."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection, MutableMapping
from dataclasses import dataclass

import structlog

from schemas import Channel
from services.alerter.channels.contract import ChannelSender
from services.alerter.subscriptions import LoadedSubscriptions
from services.shared.errors import UserError

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class ChannelOpener:
    """Reads the rules again where subscriptions name channels that are not open. What is open stays as it was opened:
    an attempt may be under way."""

    load: Callable[[], LoadedSubscriptions]
    """Reads the rules and secrets. Raises UserError."""
    make: Callable[[Channel, LoadedSubscriptions], ChannelSender]
    channels: MutableMapping[str, ChannelSender]
    """Those that are open."""
    opened: Callable[[Channel, ChannelSender], None]
    """Told of every channel that was opened, before anything is sent to it."""

    async def __call__(self, wanted: Collection[str]) -> bool:
        """Open what the rules have beside what is open, since `wanted` are not: whether anything was."""
        try:
            loaded = await asyncio.to_thread(self.load)
        except UserError as error:
            log.warning("channels_not_opened", channels=sorted(wanted), error=str(error), mend="mend the rules file")
            return False
        fresh = [channel for name, channel in loaded.channels.items() if name not in self.channels]
        for channel in fresh:
            sender = self.make(channel, loaded)
            self.opened(channel, sender)
            self.channels[channel.name] = sender
        if fresh:
            log.info("channels_opened", channels=[channel.name for channel in fresh])
        return bool(fresh)
